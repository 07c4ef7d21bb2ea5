"""What is known of a year: the state's own figure to date where there is one, else its months, quarters and differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dabiao.domain.observation import Basis, Observation, Tier, series_of
from dabiao.domain.period import LONG_KINDS, Period, PeriodKind
from dabiao.domain.rounding import decimals_of
from dabiao.domain.target import Together

MONTHS = range(12)
SURE = Fraction(1, 10)
"""Largest rounding error, as a share of it, with which a mean got as a difference may stand for a month (ours)."""


class Made(StrEnum):
    """Where a figure to date comes from."""

    PUBLISHED = "published"
    MONTHS = "months"
    QUARTERS = "quarters"
    MIXED = "mixed"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Line:
    """Every value of one place, indicator and basis, whatever its period, as printed.

    Attributes:
        typed: periods whose value is a scenario's and was never observed.
        together: how the values of several places were taken together; ``None`` for a place's own.
        halves: of values that were not printed as they are, the most that the rounding of what was can have moved them.
    """

    basis: Basis
    values: Mapping[Period, Decimal]
    typed: frozenset[Period] = frozenset()
    together: Together | None = None
    halves: Mapping[Period, Fraction] = field(default_factory=dict)

    @property
    def first_year(self) -> int:
        return min(self.values).year

    def with_typed(self, values: Mapping[Period, Decimal]) -> Line:
        """The same line with a scenario's values; a figure to date that reaches over one of them gives way."""
        kept = {p: v for p, v in self.values.items() if not any(p.first <= t.first <= p.last for t in values)}
        return replace(self, values=kept | dict(values), typed=frozenset(values))

    def half(self, period: Period) -> Fraction:
        """The most that rounding can have moved a value."""
        printed = self.halves.get(period)
        return Fraction(1, 2 * 10 ** decimals_of(self.values[period])) if printed is None else printed


def lines_of(observations: Iterable[Observation], tiers: Sequence[Tier], as_of: date) -> list[Line]:
    """One line a basis, of the tiers that a target lets in, as known on a day."""
    allowed = [o for o in observations if o.tier in tiers]
    found: dict[Basis, dict[Period, Decimal]] = {}
    for kind in LONG_KINDS:
        for (_, _, basis), series in series_of(allowed, kind, as_of).items():
            found.setdefault(basis, {}).update({p.period: p.value for p in series.points})
    return [Line(basis, values) for basis, values in sorted(found.items())]


def agree(one: Basis, other: Basis) -> bool:
    """Whether nothing stated sets two bases apart: same authority and scope, and dust, gas state and standard equal
    wherever both state them.
    """

    def same(a: str, b: str, unstated: str) -> bool:
        return a == b or unstated in (a, b)

    return (
        one.authority == other.authority
        and one.scope == other.scope
        and same(one.dust, other.dust, "unknown")
        and same(one.condition, other.condition, "unknown")
        and same(one.standard, other.standard, "")
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of months with its mean; ``error``: the most that rounding can have moved a mean got by difference."""

    period: Period
    value: Fraction
    made: Made = Made.PUBLISHED
    error: Fraction = Fraction(0)

    @property
    def sum(self) -> Fraction:
        return self.value * self.period.days

    @property
    def sure(self) -> bool:
        """Whether rounding leaves it near enough to stand for a published value."""
        return self.error <= SURE * self.value


@dataclass(frozen=True, slots=True)
class Known:
    """The known part of a year.

    Attributes:
        tiles: stretches that do not overlap, in order.
        made: where the figure to date comes from.
    """

    year: int
    tiles: tuple[Tile, ...]
    made: Made

    @property
    def months(self) -> frozenset[int]:
        """Months of the year that are covered, January being 0."""
        return frozenset(m % 12 for t in self.tiles for m in range(t.period.first, t.period.last + 1))

    @property
    def days(self) -> int:
        return sum(t.period.days for t in self.tiles)

    @property
    def sum(self) -> Fraction:
        return sum((t.sum for t in self.tiles), Fraction(0))

    @property
    def mean(self) -> Fraction:
        return self.sum / self.days

    @property
    def last(self) -> Period:
        return self.tiles[-1].period

    @property
    def rest(self) -> tuple[Period, ...]:
        """The months that are not covered, missing ones in the middle included."""
        return tuple(Period.month_of(self.year, m + 1) for m in MONTHS if m not in self.months)

    @property
    def gaps(self) -> tuple[Period, ...]:
        """Uncovered months before the last covered one."""
        return tuple(p for p in self.rest if p < self.last)


def known_of(line: Line, year: int) -> Known | None:
    """The known part of a year: its longest stretch from January, the state's own figure first, then single months and
    quarters behind it. ``None`` where nothing of the year is known.
    """
    values = {p: v for p, v in line.values.items() if p.year == year}
    tiles: list[Tile] = []
    at = year * 12
    end = at + 12
    while at < end:
        stretch = max((p for p in values if p.first == at and _may_tile(p, at)), default=None, key=_reach)
        if stretch is None:
            at += 1
            continue
        tiles.append(_tile(line, stretch))
        at = stretch.last + 1
    return Known(year, tuple(tiles), _how(tiles)) if tiles else None


def _reach(period: Period) -> int:
    return period.last


def _may_tile(period: Period, at: int) -> bool:
    return at % 12 == 0 or period.kind in (PeriodKind.MONTH, PeriodKind.QUARTER)


def _tile(line: Line, period: Period) -> Tile:
    made = Made.TYPED if period in line.typed else _made(period)
    return Tile(period, Fraction(line.values[period]), made)


def _made(period: Period) -> Made:
    if period.kind is PeriodKind.MONTH:
        return Made.MONTHS
    return Made.QUARTERS if period.kind is PeriodKind.QUARTER else Made.PUBLISHED


def _how(tiles: Sequence[Tile]) -> Made:
    if len(tiles) == 1 and tiles[0].period.first % 12 == 0:
        return Made.PUBLISHED
    made = {t.made for t in tiles}
    return made.pop() if len(made) == 1 else Made.MIXED


def mean_over(line: Line, year: int, months: frozenset[int]) -> Tile | None:
    """The mean of some months of a year from whatever covers exactly them; ``None`` where nothing does.

    Where no tiles cover them, but the year (or the months so far) and all others are known, it is what is left of that.
    """
    values = {p: v for p, v in line.values.items() if p.year == year}
    wanted = sorted(months)
    if not wanted:
        return None
    period = Period(year * 12 + wanted[0], year * 12 + wanted[-1])
    days = sum(Period.month_of(year, m + 1).days for m in wanted)
    covered = _cover(line, year, months)
    if covered is not None:
        made = _how(covered)
        return Tile(period, sum((t.sum for t in covered), Fraction(0)) / days, made)
    for whole in sorted((p for p in values if p.year_to_date), key=_reach):
        others = frozenset(range(whole.months)) - months
        if whole.months <= wanted[-1] or not others:
            continue
        rest = _cover(line, year, others)
        if rest is not None:
            left = Fraction(values[whole]) * whole.days - sum((t.sum for t in rest), Fraction(0))
            unsure = [line.half(p) * p.days for p in (whole, *(t.period for t in rest))]
            return Tile(period, left / days, Made.MIXED, sum(unsure, Fraction(0)) / days)
    return None


def _cover(line: Line, year: int, months: frozenset[int]) -> list[Tile] | None:
    """Tiles that cover exactly ``months``, the longest first; ``None`` where there are none."""
    tiles: list[Tile] = []
    at = 0
    while at < 12:
        if at not in months:
            at += 1
            continue
        first = year * 12 + at
        fitting = [
            p
            for p in line.values
            if p.first == first
            and _may_tile(p, first)
            and {m % 12 for m in range(p.first, p.last + 1)} <= months
        ]
        if not fitting:
            return None
        longest = max(fitting, key=_reach)
        tiles.append(_tile(line, longest))
        at = longest.last % 12 + 1
    return tiles


def month_tiles(line: Line, year: int) -> dict[int, Tile]:
    """Each month's mean: as published, else as the difference of two figures to date, with its rounding error."""
    found = {}
    for m in MONTHS:
        tile = mean_over(line, year, frozenset({m}))
        if tile is not None:
            found[m] = tile
    return found
