"""The series of a day as one table, and which of them each may learn from.

A series' companions are the series of the same indicator and authority. They are taken as they were known on the series'
*panel day*: the day on which it last changed itself, or on which its family was last renewed, whichever is later. A family
is renewed on the first day by which one in twenty of its series has values that its panel does not know. So one changed city
does not make the forecasts of three hundred others anew, and what is known of a day is never later than that day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.observation import Series
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Indicator
from dabiao.forecast.batch.batch import Batch, limits_of
from dabiao.store import Store, columns
from dabiao.store.columns import Columns
from dabiao.store.forecasts import Panel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RENEWED_AT = 0.05
"""Share of a family's series with news at which the panel of all is made anew."""
LARGEST = 4096
"""Most series of one panel: a larger family is dealt into parts by region, which then learn apart."""
_SEASONS = {PeriodKind.YEAR: 1, PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12}


@dataclass(frozen=True, slots=True)
class Grid:
    """The values that some series use, each on its day.

    Attributes:
        rows: the series.
        values: (rows, periods), NaN where there is none; ``first`` the code of the first column.
        vintages: as :attr:`dabiao.domain.observation.Series.vintage`, empty of a series without a value.
    """

    rows: Ints
    values: Floats
    first: int
    vintages: list[str]


class Table:
    """The series of one kind of period as known on a day.

    Args:
        as_of: a period that had not ended by then is no point of a series.
        only: series of these indicators alone; of all by default. No family has series of two.
    """

    def __init__(
        self,
        store: Store,
        indicators: Mapping[str, Indicator],
        kind: PeriodKind,
        as_of: date,
        only: Collection[str] | None = None,
    ) -> None:
        self.kind, self.as_of = kind, as_of
        self.indicators = indicators
        self.columns: Columns = columns.known_columns(store, as_of, kind, only)
        c = self.columns
        codes, code = np.unique(c.period, return_inverse=True)
        ends = np.array([Period.from_code(int(p)).end.toordinal() for p in codes], dtype=np.int64)
        self._text = {int(p): str(Period.from_code(int(p))) for p in codes}
        # The first day on which a row is a point of its series.
        self._since: Ints = np.maximum(c.known, ends[code.ravel()] + 1) if len(codes) else c.known
        number = {text: float(text) for text in set(c.values) if text}
        self._number = np.array([number.get(text, np.nan) for text in c.values], dtype=np.float64)
        self._plain = {text: _normal(text) for text in number}
        self._vintages: dict[int, tuple[bytes, str]] = {}
        order = np.lexsort((-c.id, -c.known, -c.published, c.state, c.tier, c.period, c.series))
        self._order: Ints = order[c.usable[order]]
        self._starts = np.searchsorted(c.series[self._order], np.arange(len(c.regions) + 1))

    def __len__(self) -> int:
        return len(self.columns.regions)

    @cached_property
    def place(self) -> dict[tuple[str, str, str], int]:
        """Number of the series of a region, indicator and basis."""
        c = self.columns
        keys = zip(c.regions, c.indicators, self.basis_texts, strict=True)
        return {key: row for row, key in enumerate(keys)}

    @cached_property
    def basis_texts(self) -> list[str]:
        """Each series' basis as it is stored."""
        texts = {basis: str(basis) for basis in {id(b): b for b in self.columns.bases}.values()}
        return [texts[b] for b in self.columns.bases]

    @cached_property
    def today(self) -> Grid:
        """All series as known on the day."""
        rows = np.arange(len(self), dtype=np.int64)
        return self.grid(rows, self.as_of.toordinal())

    def used(self, rows: Ints, day: int) -> Ints:
        """The observations that some series use as known on a day: of each period the first by their precedence."""
        c = self.columns
        parts = [self._order[self._starts[r] : self._starts[r + 1]] for r in rows]
        told = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        told = told[(self._since[told] <= day) & (c.superseded[told] > day)]
        series, period = c.series[told], c.period[told]
        used = np.ones(len(told), dtype=bool)
        used[1:] = (series[1:] != series[:-1]) | (period[1:] != period[:-1])
        return told[used]

    def grid(self, rows: Ints, day: int) -> Grid:
        """Some series as known on a day."""
        told = self.used(rows, day)
        series, period = self.columns.series[told], self.columns.period[told]
        first = int(period.min()) if len(period) else 0
        last = int(period.max()) if len(period) else 0
        values = np.full((len(rows), last - first + 1), np.nan)
        starts = np.searchsorted(series, rows)
        stops = np.searchsorted(series, rows, side="right")
        row = np.repeat(np.arange(len(rows)), stops - starts)
        values[row, period - first] = self._number[told]
        vintages = [
            self._vintage(r, told[a:b])
            for r, a, b in zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True)
        ]
        return Grid(rows, values, first, vintages)

    def _vintage(self, row: int, told: Ints) -> str:
        """The vintage of a series by the observations that it uses. Most panels know a series as the day before them did."""
        before, vintage = self._vintages.get(row, (b"", ""))
        if told.tobytes() != before:
            c = self.columns
            said = [
                f"{self._text[p]}={self._plain[c.values[i]]};"
                for p, i in zip(c.period[told].tolist(), told.tolist(), strict=True)
            ]
            vintage = hashlib.sha256("".join(said).encode()).hexdigest()[:16] if said else ""
            self._vintages[row] = (told.tobytes(), vintage)
        return vintage

    @cached_property
    def ids(self) -> list[list[int]]:
        """Ids of the observations that each series uses as known on the day."""
        told = self.used(np.arange(len(self), dtype=np.int64), self.as_of.toordinal())
        borders = np.searchsorted(self.columns.series[told], np.arange(len(self) + 1)).tolist()
        ids = self.columns.id[told].tolist()
        return [ids[a:b] for a, b in pairwise(borders)]

    def batch(self, grid: Grid, rows: Ints | None = None) -> Batch:
        """The series of a grid as the batch models take them; ``rows`` are places in the grid."""
        picked = np.arange(len(grid.rows)) if rows is None else rows
        names = [self.columns.indicators[i] for i in grid.rows[picked].tolist()]
        facts = {name: limits_of(self.indicators[name]) for name in set(names)}
        low, high, upper, sign = np.array([facts[name] for name in names]).reshape(-1, 4).T
        return Batch(grid.values[picked], _SEASONS[self.kind], low, high, upper, sign)

    @cached_property
    def family(self) -> Ints:
        """Which series are each other's companions: one indicator, one authority, at most about :data:`LARGEST`."""
        c = self.columns
        names = [f"{i}|{b.authority}" for i, b in zip(c.indicators, c.bases, strict=True)]
        found = {name: number for number, name in enumerate(sorted(set(names)))}
        family = np.array([found[name] for name in names], dtype=np.int64)
        size = np.bincount(family, minlength=len(found))
        parts = 2 ** np.ceil(np.log2(np.maximum(size / LARGEST, 1.0))).astype(np.int64)
        hand = np.zeros(len(self), dtype=np.int64)
        for row in np.flatnonzero(parts[family] > 1).tolist():
            digest = hashlib.sha256(c.regions[row].encode()).digest()
            hand[row] = int.from_bytes(digest[:4], "big") % parts[family[row]]
        base = np.concatenate([[0], np.cumsum(parts)])[:-1]
        return np.asarray(base[family] + hand, dtype=np.int64)

    @cached_property
    def panel_day(self) -> Ints:
        """The day as of which each series' companions are taken, as ordinal; 0 of a series without a value."""
        c, family = self.columns, self.family
        changed = np.zeros(len(self), dtype=np.int64)
        now = self._since <= self.as_of.toordinal()
        np.maximum.at(changed, c.series[now], self._since[now])
        news = self._news(now)
        renewed = np.zeros(int(family.max(initial=-1)) + 1, dtype=np.int64)
        borders = np.flatnonzero(np.diff(news[:, 0])) + 1
        for part in np.split(news, borders):
            if len(part):
                renewed[part[0, 0]] = last_renewal(part[:, 1], part[:, 2])
        return np.where(changed > 0, np.maximum(changed, renewed[family]), 0)

    def _news(self, which: NDArray[np.bool_]) -> Ints:
        """Family, day and series of each piece of news, sorted, each once; shape (news, 3)."""
        series, since = self.columns.series[which], self._since[which]
        if not len(since):
            return np.zeros((0, 3), dtype=np.int64)
        first, days = int(since.min()), int(since.max() - since.min()) + 1
        # One number each, sorted: a hundredth of the time that three columns, or np.unique by its hashes, would take.
        number = np.sort((self.family[series] * days + since - first) * len(self) + series)
        number = number[np.flatnonzero(np.diff(number, prepend=-1))]
        family_day, series = np.divmod(number, len(self))
        family, day = np.divmod(family_day, days)
        return np.stack([family, day + first, series], axis=1)


def last_renewal(days: Ints, series: Ints) -> int:
    """The last day on which a family's panel was made anew.

    Args:
        days: in order; one entry for each day and series with something new on it.
        series: which one, in step.
    """
    number = np.unique(series, return_inverse=True)[1].ravel()
    known, fresh = np.zeros(number.max() + 1, dtype=bool), np.zeros(number.max() + 1, dtype=bool)
    renewed = 0
    borders = np.flatnonzero(np.diff(days)) + 1
    for part in np.split(np.arange(len(days)), borders):
        known[number[part]] = fresh[number[part]] = True
        if fresh.sum() >= RENEWED_AT * known.sum():
            renewed = int(days[part[0]])
            fresh[:] = False
    return renewed


@dataclass(frozen=True, slots=True)
class Companions:
    """A family as known on one day, and its digest."""

    panel: Panel
    grid: Grid
    batch: Batch


class Panels:
    """The panels that the series of a table learn from, each made when it is first asked for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._made: dict[tuple[int, int], Companions] = {}

    @cached_property
    def _members(self) -> list[Ints]:
        """The series of each family."""
        family = self.table.family
        order = np.argsort(family, kind="stable")
        return np.split(order, np.searchsorted(family[order], np.arange(1, family.max(initial=0) + 1)))

    @cached_property
    def names(self) -> list[tuple[int, int]]:
        """Family and day of each series' panel."""
        return list(zip(self.table.family.tolist(), self.table.panel_day.tolist(), strict=True))

    def of(self, name: tuple[int, int]) -> Companions:
        """The companions of that name."""
        if name not in self._made:
            self._made[name] = self._make(*name)
        return self._made[name]

    def _make(self, family: int, day: int) -> Companions:
        c = self.table.columns
        members = self._members[family]
        whole = self.table.grid(members, day)
        there = np.array([i for i, vintage in enumerate(whole.vintages) if vintage], dtype=np.int64)
        bases = self.table.basis_texts
        names = [f"{c.regions[i]}|{bases[i]}" for i in members[there].tolist()]
        there = there[np.argsort(np.array(names))]  # by name: ids hang on the order in which files came in
        members = members[there]
        grid = Grid(members, whole.values[there], whole.first, [whole.vintages[i] for i in there.tolist()])
        said = "".join(
            f"{c.regions[i]}|{c.indicators[i]}|{bases[i]}={v};"
            for i, v in zip(members.tolist(), grid.vintages, strict=True)
        )
        panel = Panel(
            digest=hashlib.sha256(said.encode()).hexdigest()[:16],
            indicator=c.indicators[int(members[0])],
            kind=str(self.table.kind),
            day=date.fromordinal(day).isoformat(),
            series=len(members),
        )
        return Companions(panel, grid, self.table.batch(grid))


def row_of(table: Table, series: Series) -> int | None:
    """A series' number in a table; ``None`` where it is not the table's own, as one put together in passing."""
    row = table.place.get((series.region, series.indicator, str(series.basis)))
    if row is None or table.ids[row] != [p.chosen.id for p in series.points]:
        return None
    return row if all(p.value == p.chosen.value for p in series.points) else None


def _normal(text: str) -> str:
    return str(Decimal(text).normalize())
