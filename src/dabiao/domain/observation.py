"""Observed values, what makes two of them comparable, and which of several values of one period a series uses."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter, lt
from typing import NamedTuple

from dabiao.domain.period import Period, PeriodKind


class Tier(StrEnum):
    """How far a source speaks for the authority that owns the figure. Listed from most to least.

    ``derived`` was computed here from official values, ``derived_third_party`` from a third party's (docs/adr/0011).
    """

    OFFICIAL = "official"
    PRESS = "press"
    DERIVED = "derived"
    THIRD_PARTY = "third_party"
    DERIVED_THIRD_PARTY = "derived_third_party"


PUBLISHED_TIERS = (Tier.OFFICIAL, Tier.PRESS, Tier.THIRD_PARTY)
"""The tiers that a file can have: nobody hands in what is computed here."""


def with_derived(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """Tiers that are let in, and with official and third-party values what is computed here from them."""
    of = {Tier.OFFICIAL: Tier.DERIVED, Tier.THIRD_PARTY: Tier.DERIVED_THIRD_PARTY}
    given = tuple(tiers)
    return tuple(dict.fromkeys((*given, *(of[t] for t in given if t in of))))


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


_PLAIN = (None, Qualifier.ABOUT)
_TIER_RANK = {tier: rank for rank, tier in enumerate(Tier)}
_STATE_RANK = {state: rank for rank, state in enumerate(State)}


def precedence(tier: Tier, state: State, published: date | None, known_on: date) -> tuple[int, int, int, int]:
    """Sorts the value to use first: official > press > computed here > third-party; final > flash > to date; later publication.

    An undated value ranks behind every dated one; what then still ties is settled by the later record.
    """
    dated = published.toordinal() if published else 0
    return (_TIER_RANK[tier], _STATE_RANK[state], -dated, -known_on.toordinal())


@dataclass(frozen=True, slots=True, order=True)
class Basis:
    """What makes two values comparable (口径). Values of different basis are never joined into one series.

    Flash and final are not part of it: they are two statements of the same figure, and precedence chooses between them.

    Attributes:
        authority: ``official`` (also when a newspaper quotes it) or ``third_party``; ``derived`` or ``derived_third_party`` of
            what was computed here from values of that authority.
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

    AUTHORITIES = ("official", "derived", "third_party", "derived_third_party")
    DUSTS = ("deducted", "included", "unknown")
    CONDITIONS = ("standard", "actual", "unknown")

    def __str__(self) -> str:
        return "|".join((self.authority, self.dust, self.condition, self.scope, self.standard))

    @classmethod
    def parse(cls, text: str) -> Basis:
        return cls(*text.split("|"))


class Observation(NamedTuple):
    """One value of one indicator in one region for one period, from one source, recorded at one moment.

    Attributes:
        value: ``None`` where the source marks the value as missing (``printed`` keeps its word).
        printed: the value as the source prints it.
        published: the day the source says; ``None`` where it does not.
        known_on: the first day on which it may enter an as-of view (:attr:`known_rule` says how that was settled:
            ``published``, ``period_end`` (assumed: undated, taken as public after the period), ``imported``, or ``derived``:
            the day on which the last of the values that it rests on was known).
        recorded_at: when this store took it in, UTC ISO.

    A named tuple, as :class:`Point` is: a year's judgement makes millions of them, and each is made in a quarter of the time.
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
        """Sorts the value to use first; see :func:`precedence`."""
        return (*precedence(self.tier, self.state, self.published, self.known_on), -self.id)


class Point(NamedTuple):
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
        said = "".join([f"{p.period}={p.value.normalize()};" for p in self.points])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.points)

    def of(self, tiers: Collection[Tier]) -> bool:
        """Whether every value comes from one of some tiers."""
        return {p.chosen.tier for p in self.points}.issubset(tiers)

    def at(self, period: Period) -> Point | None:
        """The value for a period, ``None`` where there is none."""
        # Mostly settled by the month alone: to compare whole periods takes longer.
        return next((p for p in self.points if p.period.first == period.first and p.period == period), None)

    @property
    def last(self) -> Point:
        return self.points[-1]


def preferred(observations: Iterable[Observation]) -> Point | None:
    """Of several values of *one* period, the one to use and the rest in order of precedence; ``None`` if none is a number.

    A bound ("98%以上") is never used as the value; it stays among the others.
    """
    ranked = sorted(observations, key=attrgetter("precedence"))
    usable = [o for o in ranked if _usable(o)]
    if not usable:
        return None
    chosen = usable[0]
    assert chosen.value is not None
    return Point(chosen.period, chosen.value, chosen, tuple(o for o in ranked if o is not chosen))


def series_of(
    observations: Iterable[Observation], kind: PeriodKind, as_of: date
) -> dict[tuple[str, str, Basis], Series]:
    """Group the known observations of one kind of period into series, one a (region, indicator, basis).

    A period that had not ended on ``as_of`` stays out: an incomplete period is no point of a series.
    """
    groups: dict[tuple[str, str, Basis], list[Observation]] = {}
    before: Observation | None = None
    group: list[Observation] = []
    # By identity, which holds while the period is kept: most are shared, and to hash one takes longer.
    seen: dict[int, tuple[Period, bool]] = {}
    for o in observations:
        period = o.period
        fits = seen.get(id(period))
        if fits is None:
            fits = seen[id(period)] = (period, period.kind is kind and period.end < as_of)
        if not fits[1] or o.known_on > as_of:
            continue
        # Rows of one series mostly follow one another and share its basis: most need no look at the groups.
        if before is None or not (
            o.basis is before.basis and o.region == before.region and o.indicator == before.indicator
        ):
            group = groups.setdefault((o.region, o.indicator, o.basis), [])
        group.append(o)
        before = o
    found = {}
    for (region, indicator, basis), rows in groups.items():
        points = _points(rows)
        if points:
            found[region, indicator, basis] = Series(region, indicator, kind, basis, points)
    return found


def _points(rows: list[Observation]) -> tuple[Point, ...]:
    """The values to use of one series, in time order, one a period that has any."""
    months = [o.period.first for o in rows]
    if all(map(lt, months, months[1:])):  # in order already, and no two of one period
        return tuple([tuple.__new__(Point, (o.period, o.value, o, ())) for o in rows if _usable(o)])
    rows.sort(key=attrgetter("period.first", "period.last", "period.day", "period.hour"))
    found = []
    start = 0
    for stop in range(1, len(rows) + 1):
        if stop < len(rows) and rows[stop].period == rows[start].period:
            continue
        point = preferred(rows[start:stop])
        if point is not None:
            found.append(point)
        start = stop
    return tuple(found)


def _usable(o: Observation) -> bool:
    """Whether a value may stand for its period: a number, and no bound."""
    return o.value is not None and o.qualifier in _PLAIN


def choose(candidates: Sequence[Series], tiers: Sequence[Tier], minimum: int) -> Series | None:
    """The series that stands for a target's indicator, among those of different basis.

    Only series whose every point comes from an allowed tier count. An official series that is long enough to be
    forecast comes first; else the longest; a tie goes to the one that reaches further, then to the official one.
    """
    allowed = [s for s in candidates if s.of(tiers)]
    if len(allowed) < 2:
        return allowed[0] if allowed else None

    def rank(s: Series) -> tuple[bool, int, Period, bool, str]:
        official = s.basis.authority == "official"
        enough = official and len(s) >= minimum
        return (enough, len(s), s.last.period, official, str(s.basis))

    return max(allowed, key=rank)
