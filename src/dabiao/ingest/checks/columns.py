"""Values side by side: what every check of a series reads, whether they came row by row or ten million at once.

A check is a pure function of :class:`Columns` and :class:`Facts` and gives :class:`Found`. It never loops over rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.period import PeriodKind, codes_of

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
_Any = TypeVar("_Any", bound=np.generic)

_PERIOD_BITS = 25  # every Period.code is below 2 ** 25
_MOST_DECIMALS = 6
_LONG = 100  # values a group has on average, from which its median is found by itself
_KIND_STARTS = np.array(sorted(codes_of(kind)[0] for kind in PeriodKind), np.int64)


@dataclass(frozen=True, slots=True)
class Columns:
    """Values, sorted by series, then period; where both are equal, in the order of the rows.

    Attributes:
        series: which series, an index into :class:`Facts`.
        period: :attr:`dabiao.domain.period.Period.code`.
        value: in the indicator's unit; NaN where the file marks it as missing.
        half: half a unit of the last place printed: 27 → 0.5, 27.0 → 0.05.
        row: index of the file's value; -1 for a value that the store has.
    """

    series: NDArray[np.int32]
    period: Ints
    value: Numbers
    half: Numbers
    row: Ints

    def __len__(self) -> int:
        return len(self.series)

    def take(self, chosen: Ints | Flags) -> Columns:
        """The values at some places."""
        return Columns(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def part(self, first: int, last: int) -> Columns:
        """The values from a place to before another, without copying them."""
        return Columns(*(getattr(self, f.name)[first:last] for f in fields(self)))

    @property
    def key(self) -> Ints:
        """Series and period as one number, in the order of both."""
        return series_period(self.series, self.period)

    def where(self, series: NDArray[np.int32], period: Ints) -> Ints:
        """Place of each series and period, -1 where there is none. For columns of one value a period."""
        if not len(self):
            return np.full(len(series), -1, np.int64)
        asked, there = series_period(series, period), self.key
        at = np.minimum(np.searchsorted(there, asked), len(there) - 1).astype(np.int64)
        return np.where(there[at] == asked, at, -1)

    @property
    def groups(self) -> Ints:
        """A number from 0 for each series and kind of period, in the order of the columns."""
        kind = np.searchsorted(_KIND_STARTS, self.period, side="right")
        key = self.series.astype(np.int64) * (len(_KIND_STARTS) + 1) + kind
        return np.cumsum(np.concatenate([[False], key[1:] != key[:-1]])[: len(key)]).astype(np.int64)

    def of_kind(self, *kinds: PeriodKind) -> Flags:
        """Which values are for a period of these kinds."""
        chosen = np.zeros(len(self), np.bool_)
        for kind in kinds:
            low, high = codes_of(kind)
            chosen |= (self.period >= low) & (self.period < high)
        return chosen


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks must know of each series; one entry a series.

    Attributes:
        low, high: the indicator's bounds; infinite where open.
        ratio: its changes are compared as ratios (levels above zero), else as differences.
        smooth: it is measured anew for each period, so that two equal values in a row are chance. A count is not.
        over: how the months of a longer period make its value, one of :mod:`dabiao.ingest.checks.parts`.
        whole: the series of which it is a part and may not exceed (PM2.5 is part of PM10); -1 where there is none.
        heap: the threshold under which its daily values may heap (AQI 100); NaN where there is none.
    """

    low: Numbers
    high: Numbers
    ratio: Flags
    smooth: Flags
    over: NDArray[np.int8]
    whole: NDArray[np.int32]
    heap: Numbers


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found at some values.

    Attributes:
        code: key under ``issue.`` of the catalogue.
        at: places in the columns.
        params: figures for the sentence, one a place; a name that ends in ``period`` holds period codes.
        severity: ``error`` or ``warning``.
    """

    code: str
    at: Ints
    params: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    severity: str = "warning"

    def __len__(self) -> int:
        return len(self.at)

    def moved(self, by: int) -> Found:
        """The same, of columns that begin so many places earlier."""
        return Found(self.code, self.at + by, self.params, self.severity)

    def only(self, chosen: Flags) -> Found:
        """Those of a mask over ``at``."""
        kept = {name: column[chosen] for name, column in self.params.items()}
        return Found(self.code, self.at[chosen], kept, self.severity)


def series_period(series: NDArray[np.int32], period: Ints) -> Ints:
    """Series and period as one sortable number."""
    return (series.astype(np.int64) << _PERIOD_BITS) | period


def ordered(columns: Columns) -> Columns:
    """The same values in the order of the checks; as they are where they stand so already."""
    key = columns.key
    if bool(np.all(key[1:] >= key[:-1])):
        return columns
    return columns.take(np.argsort(key, kind="stable").astype(np.int64))


def one_a_period(file: Columns, rank: Ints | None = None, stored: Columns | None = None) -> Columns:
    """One number for each series and period: the file's before the store's, then the one of the lowest rank.

    Args:
        file: in any order.
        rank: of the file's values by precedence; the first in the file where ``None``.
        stored: one number a series and period, of the same numbering of series.
    """
    rank = np.zeros(len(file), np.int64) if rank is None else rank
    both, first = file, rank
    if stored is not None and len(stored):
        both = Columns(
            *(np.concatenate([getattr(file, f.name), getattr(stored, f.name)]) for f in fields(Columns))
        )
        first = np.concatenate([rank, np.full(len(stored), np.iinfo(np.int64).max)])
    numbers = ~np.isnan(both.value)
    if not bool(numbers.all()):
        both, first = both.take(numbers), first[numbers]
    key = both.key
    if not bool(np.all(key[1:] > key[:-1])):
        order = np.lexsort((first, key)).astype(np.int64)
        key = key[order]
        order = order[np.concatenate([[True], key[1:] != key[:-1]])] if len(key) else order
        both = both.take(order)
    return both


def halves(values: Numbers) -> Numbers:
    """Half a unit of the last place of each number, where its text is not at hand: 27.0 counts as 27."""
    half = np.full(len(values), 0.5 * 10.0**-_MOST_DECIMALS)
    open_ = ~np.isnan(values)
    for places in range(_MOST_DECIMALS):
        scaled = values * 10.0**places
        done = open_ & (np.abs(scaled - np.round(scaled)) < 1e-6)
        half[done] = 0.5 * 10.0**-places
        open_ &= ~done
    return half


def group_starts(group: NDArray[_Any]) -> Ints:
    """Where each group of a sorted array begins."""
    if not len(group):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]])).astype(np.int64)


def medians(group: Ints, value: Numbers, size: int) -> tuple[Numbers, Ints]:
    """Median and number of the values of each group 0 … ``size - 1``; NaN where a group has none."""
    if len(group) > _LONG * size and bool(np.all(group[1:] >= group[:-1])):
        return _medians_of_long(group, value, size)
    order = np.lexsort((value, group))
    inside, held = group[order], value[order]
    count = np.bincount(inside, minlength=size).astype(np.int64)
    begin = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    found = np.full(size, np.nan)
    full = count > 0
    low = begin[full] + (count[full] - 1) // 2
    high = begin[full] + count[full] // 2
    found[full] = (held[low] + held[high]) / 2
    return found, count


def _medians_of_long(group: Ints, value: Numbers, size: int) -> tuple[Numbers, Ints]:
    """The same of few long groups that stand together: no group needs to be sorted for its middle."""
    edges = np.searchsorted(group, np.arange(size + 1))
    found = np.full(size, np.nan)
    for number, (begin, end) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        if end > begin:
            low, high = (end - begin - 1) // 2, (end - begin) // 2
            held = np.partition(value[begin:end], (low, high))
            found[number] = (held[low] + held[high]) / 2
    return found, np.diff(edges).astype(np.int64)


def facts_of(rows: Sequence[tuple[float, float, bool, bool, int, int, float]]) -> Facts:
    """Facts from one tuple a series, in the order of the attributes."""
    low, high, ratio, smooth, over, whole, heap = zip(*rows, strict=True) if rows else ((),) * 7
    return Facts(
        np.array(low, np.float64),
        np.array(high, np.float64),
        np.array(ratio, np.bool_),
        np.array(smooth, np.bool_),
        np.array(over, np.int8),
        np.array(whole, np.int32),
        np.array(heap, np.float64),
    )
