"""One value printed again and again where the series' own decimals make that implausible: a copied cell, a dead monitor.

Two neighbouring values of a series that typically changes by *m* print alike by chance with a probability of about *u/2m*,
where *u* is one unit of the last place. A run of *n* equal values is warned of when ``(u/2m) ** (n - 1)`` is below
:data:`CHANCE`, and it has at least :data:`SHORTEST` values. A series that changes by less than its last place is never
warned of; nor is a value that stands on a bound of its indicator (100 % for years is good news), nor a count.
"""

from __future__ import annotations

import numpy as np

from dabiao.domain.period import PeriodKind
from dabiao.ingest.checks.columns import Columns, Facts, Flags, Found, Ints, group_starts, medians

CHANCE = 1e-4
SHORTEST = 4
FEWEST = 6
_KINDS = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.DAY, PeriodKind.HOUR)


def stuck(columns: Columns, facts: Facts) -> Found:
    """The last value of each implausible run of equal ones. ``columns``: one number a series and period."""
    c, places = _measured(columns, facts)
    if len(c) < SHORTEST:
        return Found("stuck", np.empty(0, np.int64))
    follows: Flags = (c.series[1:] == c.series[:-1]) & (c.period[1:] == c.period[:-1] + 1)
    equal = follows & (c.value[1:] == c.value[:-1])
    starts = group_starts(np.cumsum(np.concatenate([[True], ~equal])))
    length = np.diff(np.append(starts, len(c)))
    change = np.abs(np.diff(c.value))
    moved = follows & ~equal
    group = c.groups
    usual, count = medians(group[1:][moved], change[moved], int(group[-1]) + 1)
    series, own = c.series[starts], group[starts]
    chance = np.full(len(starts), np.inf)
    known = (length >= SHORTEST) & (count[own] >= FEWEST)
    steps = (c.half[starts[known]] / usual[own[known]]).clip(max=1.0)  # half = u/2
    chance[known] = steps ** (length[known] - 1)
    bound = (c.value[starts] == facts.low[series]) | (c.value[starts] == facts.high[series])
    run = np.flatnonzero((chance < CHANCE) & ~bound)
    last = starts[run] + length[run] - 1
    return Found(
        "stuck",
        places[last],
        {"value": c.value[last], "count": length[run], "first_period": c.period[starts[run]]},
    )


def _measured(columns: Columns, facts: Facts) -> tuple[Columns, Ints]:
    """The values of single periods that are measured anew each time, and their places."""
    places = np.flatnonzero(facts.smooth[columns.series] & columns.of_kind(*_KINDS)).astype(np.int64)
    return columns.take(places), places
