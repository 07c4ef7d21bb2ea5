"""Days heaping just under a threshold: too many at AQI 96–100 for the number at 101–105.

Four windows of five whole numbers lie around the threshold *T*: ``a`` (T-9 … T-5), ``b`` (T-4 … T), ``c`` (T+1 … T+5), ``d``
(T+6 … T+10). Where nothing happens at the threshold, the logarithm of the frequency is a smooth line over these twenty
numbers; be it straight or bent like that of a bell curve, ``ln(b/c)`` is then a third of ``ln(a/d)``. The statistic is their difference in standard errors,

    z = (ln(b/c) - ln(a/d)/3) / sqrt(1/b + 1/c + (1/a + 1/d)/9)

with 0.5 added to every count. A series is flagged when z exceeds :data:`BORDER` and each window but ``c`` has at least
:data:`FEWEST` days. It is one-sided: of fair series no more than about one in two hundred is flagged.

The flag is information on a series, no finding on any of its days: a threshold that moves what is done on a day (halting
traffic at a forecast of 100) moves the days too, and honestly. The idea of comparing the days on both sides of 100 is that of
Ghanem and Zhang (2014); the statistic here is a plain one of our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.period import PeriodKind
from dabiao.ingest.checks.columns import Columns, Facts, Numbers, group_starts

BORDER = 2.576
FEWEST = 8
THRESHOLDS = {"aqi": 100.0}
"""Indicator with daily values → the threshold that counts."""
_OFFSETS = np.array([-10, -5, 0, 5, 10])


@dataclass(frozen=True, slots=True)
class Heap:
    """What stands around the threshold of one series.

    Attributes:
        under, over: days in the five numbers up to the threshold, and in the five above it.
        z: the statistic; see the module.
        days: all days of the series.
    """

    series: int
    threshold: float
    under: int
    over: int
    z: float
    days: int

    @property
    def flagged(self) -> bool:
        return self.z > BORDER


def statistic(windows: NDArray[np.int64]) -> Numbers:
    """Z of counts in the four windows, ``(…, 4)``; NaN where they are too few."""
    counts = windows + 0.5
    a, b, c, d = np.moveaxis(counts, -1, 0)
    z = (np.log(b / c) - np.log(a / d) / 3) / np.sqrt(1 / b + 1 / c + (1 / a + 1 / d) / 9)
    return np.where(np.delete(windows, 2, axis=-1).min(axis=-1) >= FEWEST, z, np.nan)


def heaps(columns: Columns, facts: Facts) -> list[Heap]:
    """Each series that has a threshold and enough daily values around it, flagged or not."""
    chosen = (
        columns.of_kind(PeriodKind.DAY) & ~np.isnan(facts.heap[columns.series]) & ~np.isnan(columns.value)
    )
    days = columns.take(chosen)
    edges = np.append(group_starts(days.series), len(days))
    found = []
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        series = int(days.series[begin])
        threshold = float(facts.heap[series])
        windows = np.diff(np.searchsorted(np.sort(days.value[begin:end]), threshold + _OFFSETS, side="right"))
        z = float(statistic(windows))
        if not np.isnan(z):
            found.append(Heap(series, threshold, int(windows[1]), int(windows[2]), round(z, 2), end - begin))
    return found
