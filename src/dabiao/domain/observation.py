"""Observed values, what makes two of them comparable, and which of several values of one period a series uses."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dabiao.domain.period import Period, PeriodKind


class Tier(StrEnum):
    """How far a source speaks for the authority that owns the figure. Listed from most to least."""

    OFFICIAL = "official"
    PRESS = "press"
    THIRD_PARTY = "third_party"


class State(StrEnum):
    """How settled a value is. Listed from most to least.

    ``flash`` is a first figure that a bulletin will replace; ``to_date`` was published as the year's figure before the
    year had ended.
    """

    FINAL = "final"
    FLASH = "flash"
    TO_DATE = "to_date"


class Qualifier(StrEnum):
    """Words beside a number: "98%以上" is a lower bound, "45%左右" is approximate."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOUT = "~"


_TIER_RANK = {tier: rank for rank, tier in enumerate(Tier)}
_STATE_RANK = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True, order=True)
class Basis:
    """What makes two values comparable (口径). Values of different basis are never joined into one series.

    Flash and final are not part of it: they are two statements of the same figure, and precedence chooses between them.

    Attributes:
        authority: ``official`` (also when a newspaper quotes it) or ``third_party``.
        dust: 剔沙: ``deducted``, ``included`` or ``unknown`` (the source does not say).
        condition: gas state of concentrations: ``standard`` (标况), ``actual`` (实况), ``unknown``.
        scope: section list, district or definition where the source names one; empty otherwise.
        standard: version of the standard where the source names one; empty otherwise.
    """

    authority: str
    dust: str = "unknown"
    condition: str = "unknown"
    scope: str = ""
    standard: str = ""

    AUTHORITIES = ("official", "third_party")
    DUSTS = ("deducted", "included", "unknown")
    CONDITIONS = ("standard", "actual", "unknown")

    def __str__(self) -> str:
        return "|".join((self.authority, self.dust, self.condition, self.scope, self.standard))

    @classmethod
    def parse(cls, text: str) -> Basis:
        return cls(*text.split("|"))


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one indicator in one region for one period, from one source, recorded at one moment.

    Attributes:
        value: ``None`` where the source marks the value as missing (``printed`` keeps its word).
        printed: the value as the source prints it.
        published: the day the source says; ``None`` where it does not.
        known_on: the first day on which it may enter an as-of view (:attr:`known_rule` says how that was settled:
            ``published``, ``period_end`` (assumed: undated, taken as public after the period) or ``imported``).
        recorded_at: when this store took it in, UTC ISO.
    """

    id: int
    region: str
    indicator: str
    period: Period
    value: Decimal | None
    printed: str
    unit: str
    basis: Basis
    tier: Tier
    state: State
    source: str
    known_on: date
    known_rule: str = "published"
    qualifier: Qualifier | None = None
    published: date | None = None
    source_url: str | None = None
    recorded_at: str = ""
    note: str | None = None

    @property
    def precedence(self) -> tuple[int, int, int, int, int]:
        """Sorts the value to use first: official > press > third-party; final > flash > to date; later publication.

        An undated value ranks behind every dated one; what then still ties is settled by the later record.
        """
        published = self.published.toordinal() if self.published else 0
        return (
            _TIER_RANK[self.tier],
            _STATE_RANK[self.state],
            -published,
            -self.known_on.toordinal(),
            -self.id,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """The value that a series uses for one period, and those it does not."""

    period: Period
    value: Decimal
    chosen: Observation
    others: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """The observations of one indicator, region and basis in time order, as known at a moment.

    ``vintage`` is a digest of the periods and values: two series with one vintage give the same forecast.
    """

    region: str
    indicator: str
    kind: PeriodKind
    basis: Basis
    points: tuple[Point, ...]

    @property
    def id(self) -> str:
        return f"{self.region}|{self.indicator}|{self.kind}|{self.basis}"

    @property
    def vintage(self) -> str:
        digest = hashlib.sha256()
        for point in self.points:
            digest.update(f"{point.period}={point.value.normalize()};".encode())
        return digest.hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.points)

    @property
    def last(self) -> Point:
        return self.points[-1]


def preferred(observations: Iterable[Observation]) -> Point | None:
    """Of several values of *one* period, the one to use and the rest in order of precedence; ``None`` if none is a number.

    A bound ("98%以上") is never used as the value; it stays among the others.
    """
    ranked = sorted(observations, key=lambda o: o.precedence)
    usable = [o for o in ranked if o.value is not None and o.qualifier in (None, Qualifier.ABOUT)]
    if not usable:
        return None
    chosen = usable[0]
    assert chosen.value is not None
    return Point(chosen.period, chosen.value, chosen, tuple(o for o in ranked if o is not chosen))


def known(observations: Iterable[Observation], as_of: date) -> list[Observation]:
    """Only what was known on a day: the value's ``known_on`` is that day or earlier, and its period had begun."""
    return [o for o in observations if o.known_on <= as_of and o.period.start <= as_of]


def series_of(
    observations: Iterable[Observation], kind: PeriodKind, as_of: date
) -> dict[tuple[str, str, Basis], Series]:
    """Group the known observations of one kind of period into series, one a (region, indicator, basis).

    A period that had not ended on ``as_of`` stays out: an incomplete period is no point of a series.
    """
    groups: dict[tuple[str, str, Basis], dict[Period, list[Observation]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for o in known(observations, as_of):
        if o.period.kind is kind and o.period.end < as_of:
            groups[o.region, o.indicator, o.basis][o.period].append(o)
    found = {}
    for (region, indicator, basis), periods in groups.items():
        points = [p for p in (preferred(periods[period]) for period in sorted(periods)) if p]
        if points:
            found[region, indicator, basis] = Series(region, indicator, kind, basis, tuple(points))
    return found


def choose(candidates: Sequence[Series], tiers: Sequence[Tier], minimum: int) -> Series | None:
    """The series that stands for a target's indicator, among those of different basis.

    Only series whose every point comes from an allowed tier count. An official series that is long enough to be
    forecast comes first; else the longest; a tie goes to the one that reaches further, then to the official one.
    """
    allowed = [s for s in candidates if all(p.chosen.tier in tiers for p in s.points)]
    if not allowed:
        return None

    def rank(s: Series) -> tuple[bool, int, Period, bool, str]:
        official = s.basis.authority == "official"
        enough = official and len(s) >= minimum
        return (enough, len(s), s.last.period, official, str(s.basis))

    return max(allowed, key=rank)
