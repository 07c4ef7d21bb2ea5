"""The panel of the year in progress: everything that one target's part-year can be asked, from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dabiao.assess.part_year import season
from dabiao.assess.part_year.arithmetic import Interval, Outlook, Progress, Required, progress, required_mean
from dabiao.assess.part_year.counted import (
    NO_DAYS,
    Allowance,
    Days,
    allowance,
    days_of,
    sections_in,
)
from dabiao.assess.part_year.makeup import Makeup
from dabiao.assess.part_year.observed import Known, Line, Tile, known_of, mean_over, month_tiles
from dabiao.domain.observation import Basis
from dabiao.domain.period import Period
from dabiao.domain.target import Bounds, Indicator, Together, unrounded


class Held(StrEnum):
    """What the year in progress is held against."""

    TARGET = "target"
    MILESTONE = "milestone"
    LATER = "later"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Goal:
    """The values that meet a target, at its precision, and in which role they stand against this year."""

    bounds: Bounds
    decimals: int
    held: Held

    @property
    def border(self) -> Decimal | None:
        """The one value to reach; ``None`` for a target that binds on both sides."""
        if self.bounds.low is not None and self.bounds.high is not None:
            return self.bounds.low if self.bounds.low == self.bounds.high else None
        return self.bounds.low if self.bounds.high is None else self.bounds.high


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year: its value, how it was got, and the same month of the year before."""

    period: Period
    tile: Tile | None
    covered: bool
    before: Tile | None


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """同比, recomputed: the same months of the year before, the difference, and the change in percent of them.

    Attributes:
        percent: ``None`` for shares, whose change is in percentage points, and where the base is nought.
        other_basis: the basis of the year before's value where it is another one that nothing sets apart.
    """

    before: Tile
    difference: Fraction
    percent: Fraction | None
    other_basis: Basis | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The mean of the same remaining months in an earlier year, and whether it would do."""

    year: int
    mean: Tile
    enough: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The year in progress of one target.

    Attributes:
        line: the values it is made of; all of one basis.
        rises: whether higher is better.
        reached: remaining months of earlier years, the latest first.
        days: days behind a day-count ratio so far; ``allowance``: what may still go wrong, of days or of sections.
        sections: number of sections, ``None`` where no source names it (or the target counts none).
    """

    year: int
    makeup: Makeup
    goal: Goal
    line: Line
    known: Known
    rises: bool
    months: tuple[Month, ...]
    year_on_year: YearOnYear | None
    required: Required | None
    reached: tuple[Reached, ...]
    path: season.Path | None
    days: Days | None = None
    allowance: Allowance | None = None
    sections: int | None = None
    progress: Progress | None = None

    @property
    def days_total(self) -> int:
        return Period.year_of(self.year).days

    @property
    def to_date(self) -> Fraction:
        """The figure to date: the mean of the known days, or for totals their sum."""
        if self.makeup is Makeup.TOTAL:
            return sum((t.value for t in self.known.tiles), Fraction(0))
        return self.known.tiles[-1].value if self.makeup is Makeup.SECTIONS else self.known.mean

    @property
    def complete(self) -> bool:
        return not self.known.rest

    @property
    def outlook(self) -> Outlook | None:
        """What is already settled; ``None`` where nothing can be said of it."""
        if self.makeup in (Makeup.DAYS, Makeup.SECTIONS) and self.allowance is not None:
            return self.allowance.outlook if self.makeup is Makeup.DAYS else None
        return self.required.outlook if self.required is not None else None

    @property
    def year_value(self) -> Fraction | None:
        """The year's value where every month is known."""
        return self.known.mean if self.complete and self.makeup in (Makeup.MEAN, Makeup.DAYS) else None

    def meets(self, value: Fraction) -> bool:
        """Whether a year's figure meets the goal, rounded to its precision."""
        return Interval.of(unrounded(self.goal.bounds, self.goal.decimals)).contains(value)


def panel(lines: Sequence[Line], year: int, goal: Goal, indicator: Indicator, makeup: Makeup) -> Panel | None:
    """The panel of a year; ``None`` where nothing of it is known.

    Args:
        lines: of bases that nothing sets apart, the one to prefer first. The year is told by the one that reaches furthest.
    """
    found = [(known, line) for line in lines if (known := known_of(line, year)) is not None]
    if not found:
        return None
    known, line = max(found, key=lambda pair: (pair[0].last.last, pair[0].days))
    ordered = [line, *(other for other in lines if other is not line)]
    accepted = Interval.of(unrounded(goal.bounds, goal.decimals))
    border = None if goal.border is None else Fraction(goal.border)
    total = Period.year_of(year).days
    averaged = makeup in (Makeup.MEAN, Makeup.DAYS)
    required = None
    if averaged:
        # A total of several places has no bounds of its own that anyone has stated.
        bounds = (None, None) if line.together is Together.TOTAL else indicator.bounds
        low, high = (None if b is None else Fraction(b) for b in bounds)
        possible = Interval(low, high)
        required = required_mean(accepted, border, total, known.days, known.sum, possible, indicator.decimals)
    # The mean of several places' shares is no number of whole days.
    days = _days(known, line) if makeup is Makeup.DAYS and line.together is None else None
    allowed, sections = None, None
    if days is not None:
        valid = days.valid + total - known.days
        allowed = allowance(
            accepted, Interval.of(goal.bounds), indicator.direction, valid, days, total - known.days
        )
    elif makeup is Makeup.SECTIONS:
        sections = sections_in(line.basis.scope)
        if sections:
            now = round(known.tiles[-1].value * sections / 100)
            allowed = allowance(
                accepted,
                Interval.of(goal.bounds),
                indicator.direction,
                sections,
                Days(sections, sections, now, now, now),
                0,
            )
    gone = None
    if makeup is Makeup.TOTAL and border is not None:
        actual = sum((t.value for t in known.tiles), Fraction(0))
        gone = progress(border, actual, (known.last.end - Period.year_of(year).start).days + 1, total)
    return Panel(
        year,
        makeup,
        goal,
        line,
        known,
        indicator.direction == "higher",
        _months(ordered, known, year),
        _year_on_year(ordered, known, makeup),
        required,
        _reached(ordered, known, required) if required is not None else (),
        None
        if border is None or makeup is Makeup.SECTIONS
        else season.path(
            ordered,
            year,
            known.months,
            border,
            makeup,
            {"known": known.days, "total": total},
            indicator.direction == "higher",
        ),
        days,
        allowed,
        sections,
        gone,
    )


def _days(known: Known, line: Line) -> Days:
    counted = NO_DAYS
    for tile in known.tiles:
        counted += days_of(line.values[tile.period], tile.period.days)
    return counted


def _months(lines: Sequence[Line], known: Known, year: int) -> tuple[Month, ...]:
    tiles = month_tiles(lines[0], year)
    before: dict[int, Tile] = {}
    for line in reversed(lines):
        before |= month_tiles(line, year - 1)
    return tuple(
        Month(Period.month_of(year, m + 1), tiles.get(m), m in known.months, before.get(m)) for m in range(12)
    )


def _year_on_year(lines: Sequence[Line], known: Known, makeup: Makeup) -> YearOnYear | None:
    if makeup is Makeup.TOTAL:
        return None
    months = known.months
    now = known.mean
    if makeup is Makeup.SECTIONS:
        months = frozenset(m % 12 for m in range(known.last.first, known.last.last + 1))
        now = known.tiles[-1].value
    for line in lines:
        before = mean_over(line, known.year - 1, months)
        if before is None:
            continue
        change = now - before.value
        relative = makeup is Makeup.MEAN and before.value != 0
        return YearOnYear(
            before,
            change,
            100 * change / before.value if relative else None,
            None if line is lines[0] else line.basis,
        )
    return None


def _reached(lines: Sequence[Line], known: Known, required: Required) -> tuple[Reached, ...]:
    months = frozenset(p.first % 12 for p in known.rest)
    first = min((line.first_year for line in lines if line.values), default=known.year)
    found = []
    for year in range(known.year - 1, first - 1, -1):
        mean = next((t for line in lines if (t := mean_over(line, year, months)) is not None), None)
        if mean is not None:
            found.append(Reached(year, mean, required.rest.contains(mean.value)))
    return tuple(found)
