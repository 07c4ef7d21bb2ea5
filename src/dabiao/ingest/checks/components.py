"""A part that is larger than its whole: PM2.5 over the PM10 of the same place, period and basis.

PM2.5 is the fine fraction of PM10, so that one of the two is wrong; nothing says which. Both are kept, with a warning:
measured apart, by instruments of their own, the two do cross on clean and humid days.
"""

from __future__ import annotations

import numpy as np

from dabiao.ingest.checks.columns import Columns, Facts, Found

WHOLES = {"pm25": "pm10", "pm25_p95": "pm10_p95"}
"""Indicator → the indicator of which it is a part."""


def larger_than_whole(columns: Columns, facts: Facts) -> Found:
    """Parts that exceed their whole by more than the rounding of both. ``columns``: one number a series and period."""
    part = np.flatnonzero(facts.whole[columns.series] >= 0).astype(np.int64)
    whole = columns.where(facts.whole[columns.series[part]], columns.period[part])
    part, whole = part[whole >= 0], whole[whole >= 0]
    slack = columns.half[part] + columns.half[whole]
    over = columns.value[part] - columns.value[whole] > slack * (1 + 1e-9)
    part, whole = part[over], whole[over]
    at = np.where(columns.row[part] >= 0, part, whole)  # the one that the file brings is the one to look at
    return Found("part_over_whole", at, {"value": columns.value[part], "whole": columns.value[whole]})
