"""A value far from where its series has ever gone within a year.

A month is compared with the same month of earlier years, 1—5月 with 1—5月, so that the seasons are no jump; days and hours
with the day and hour before. Changes are ratios for levels above zero, differences for shares and counts.

A value is warned of when it is further than :data:`BORDER` times the series' median absolute change (of the changes that
are any: a series at 100 % for years says nothing of what it does when it moves) both from the value
before and from the one before that. The first makes it unusual; the second keeps the return from an outlier, which is a
large change too, from being taken for another. Of a lasting shift only its first value is warned of.

The border is a convention: on normal changes 8 medians are 5.4 standard deviations. Fewer than :data:`FEWEST` changes give no
border, and no border is below :data:`BORDER` units of the last printed place.
"""

from __future__ import annotations

import numpy as np

from dabiao.domain.period import PeriodKind
from dabiao.ingest.checks.columns import Columns, Facts, Flags, Found, Ints, Numbers, medians

BORDER = 8.0
FEWEST = 8
_CYCLE = {PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12, PeriodKind.CUMULATIVE: 12}


def jumps(columns: Columns, facts: Facts) -> Found:
    """Values beyond their series' own changes. ``columns``: one number a series and period."""
    group, place = columns.groups, _place_in_year(columns)
    order = np.argsort(group * 16 + place, kind="stable").astype(np.int64)
    c, group, place = columns.take(order), group[order], place[order]
    size = int(group[-1]) + 1 if len(group) else 0
    scaled, unit = _scaled(c, facts, group, size)
    before, earlier = _back(group, place, 1), _back(group, place, 2)
    change = np.abs(scaled - scaled[before])
    change[before < 0] = np.nan
    known = (before >= 0) & (change > 0)
    usual, count = medians(group[known], change[known], size)
    border = BORDER * np.maximum(usual[group], unit)
    far = known & (earlier >= 0) & (count[group] >= FEWEST)
    far &= (change > border) & (np.abs(scaled - scaled[earlier]) > border)
    at = np.flatnonzero(far)
    return Found(
        "jump",
        order[at],
        {"value": c.value[at], "before": c.value[before[at]], "before_period": c.period[before[at]]},
    )


def _place_in_year(columns: Columns) -> Ints:
    """What sets a period apart from the others of its year: values are compared with those of the same place."""
    place = np.zeros(len(columns), np.int64)
    for kind, cycle in _CYCLE.items():
        inside = columns.of_kind(kind)
        place[inside] = columns.period[inside] % cycle
    return place


def _scaled(c: Columns, facts: Facts, group: Ints, size: int) -> tuple[Numbers, Numbers]:
    """The values on their series' scale, and one unit of the last printed place there."""
    lowest = np.full(size, np.inf)
    np.minimum.at(lowest, group, c.value)
    logs = facts.ratio[c.series] & (lowest[group] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(logs, np.log(c.value), c.value)
        unit = np.where(logs, 2 * c.half / np.abs(c.value), 2 * c.half)
    return scaled, unit


def _back(group: Ints, place: Ints, steps: int) -> Ints:
    """The value so many before, of the same group and place in the year; -1 where there is none."""
    found = np.full(len(group), -1, np.int64)
    same: Flags = (group[steps:] == group[:-steps]) & (place[steps:] == place[:-steps])
    found[steps:] = np.where(same, np.arange(len(group) - steps), -1)
    return found
