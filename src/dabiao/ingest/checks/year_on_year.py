"""A printed 同比 that the figures beside it contradict: 70 → 38 printed as "下降84.21%" is a fall of 45.7 %.

A change is printed in per cent of the value before, in percentage points (or the unit itself), or in words (持平). Bulletins
compute it from unrounded values, so it is held against everything that the rounding of both values and of the change
itself allows. A change in points that is printed with "%" is a fault of its own, and a common one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.period import PeriodKind
from dabiao.ingest.changes import DIFFERENCE, PERCENT
from dabiao.ingest.checks.columns import Columns, Flags, Found, Ints, Numbers

_BACK = {PeriodKind.YEAR: 1, PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12, PeriodKind.CUMULATIVE: 12}


def contradicted(
    columns: Columns, at: Ints, printed: Numbers, half: Numbers, kind: NDArray[np.int8]
) -> list[Found]:
    """Printed changes that the value and the one a year before cannot give.

    Args:
        columns: one number a series and period; values a year before that are not there are not checked.
        at: places of the values beside which a change is printed.
        printed: the changes, in per cent or in the unit.
        half: half a unit of their last place.
        kind: what each may be.
    """
    back = np.zeros(len(columns), np.int64)
    for name, steps in _BACK.items():
        back[columns.of_kind(name)] = steps
    before = columns.where(columns.series[at], columns.period[at] - back[at])
    known = (before >= 0) & (back[at] > 0)
    at, before, printed, half, kind = at[known], before[known], printed[known], half[known], kind[known]
    value, old = columns.value[at], columns.value[before]
    slack, old_slack = columns.half[at], columns.half[before]
    points = _within(printed, half, value - old - slack - old_slack, value - old + slack + old_slack)
    percent = _percent_fits(printed, half, (value, slack), (old, old_slack))
    fits = np.select([kind == PERCENT, kind == DIFFERENCE], [percent, points], percent | points)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(old != 0, (value / np.where(old != 0, old, 1) - 1) * 100, np.nan)
    found = {"value": value, "before": old, "percent": ratio, "points": value - old, "printed": printed}
    mixed = ~fits & (kind == PERCENT) & points
    wrong = Found("change_contradicted", at, found).only(~fits & ~mixed)
    return [wrong, Found("points_as_percent", at, found).only(mixed)]


def _within(printed: Numbers, half: Numbers, low: Numbers, high: Numbers) -> Flags:
    slack = half * (1 + 1e-9) + 1e-9
    inside: Flags = (printed >= low - slack) & (printed <= high + slack)
    return inside


def _percent_fits(
    printed: Numbers, half: Numbers, new: tuple[Numbers, Numbers], old: tuple[Numbers, Numbers]
) -> Flags:
    """Whether a relative change is possible; one from a value that may be zero or less cannot be told."""
    (value, slack), (before, old_slack) = new, old
    low_old = before - old_slack
    safe = np.where(low_old > 0, low_old, 1.0)
    top, bottom = value + slack, value - slack
    high = (top / np.where(top >= 0, safe, before + old_slack) - 1) * 100
    low = (bottom / np.where(bottom >= 0, before + old_slack, safe) - 1) * 100
    fits: Flags = (low_old <= 0) | _within(printed, half, low, high)
    return fits
