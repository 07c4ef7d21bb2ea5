"""A place's hours and days of one year to what is derived of it, as of every day on which that changed."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from dabiao.domain.observation import Basis, State
from dabiao.domain.period import Period, PeriodKind
from dabiao.services.derive.events import ABSENT, MOST_DECIMALS, STATES, Events, Provenances, Replayed, events
from dabiao.standards import cities, grid, spans
from dabiao.standards.outcome import Derived, Variant
from dabiao.standards.rules import VERSION
from dabiao.store import Store
from dabiao.store.derivations import Input, Moment

INDICATORS = {
    "so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm25": "PM2.5", "co": "CO", "o3": "O3", "o3_8h": "O3_8h", "o3_1h": "O3_1h",
}  # fmt: skip
"""What is read: indicator → pollutant, or for ozone what of it."""
_KINDS = {"o3": (PeriodKind.HOUR,), "o3_8h": (PeriodKind.DAY,), "o3_1h": (PeriodKind.DAY,)}
_BOTH = (PeriodKind.HOUR, PeriodKind.DAY)
_HOURS = 24
SITE = re.compile(r"(?P<set>.*?)(?:点位|站点|监测点)[:：](?P<site>.+)")


class Place(NamedTuple):
    """What is evaluated together: a region on one basis. Its sites are in ``scope`` no longer."""

    region: str
    basis: Basis


class Version(NamedTuple):
    """One part of one span as known from a day on, not evaluated yet.

    Attributes:
        digest: of every input that it rests on.
        state: the least settled of them.
        inputs: per input series: what it is, first and last period that has a value, and how many have one.
    """

    part: str
    span: Variant
    known_on: date
    digest: str
    state: State
    inputs: tuple[Mapping[str, Any], ...]
    year: spans.Year

    @property
    def moment(self) -> Moment:
        return Moment(self.span.period, self.span.id, self.known_on.isoformat())

    def rows(self) -> list[Derived]:
        """What is derived."""
        return spans.evaluate(self.part, self.span, self.year)


def place_of(found: Input) -> tuple[Place, str]:
    """The place that a series belongs to, and its site; empty where it is the place's own."""
    match = SITE.fullmatch(found.basis.scope)
    basis = found.basis
    if match is None:
        return Place(found.region, basis), ""
    city = Basis(basis.authority, basis.dust, basis.condition, match["set"], basis.standard)
    return Place(found.region, city), match["site"]


@dataclass(slots=True)
class _Member:
    """A series of a place in one year."""

    source: Input
    site: str
    kind: PeriodKind
    replayed: Replayed

    @property
    def pollutant(self) -> str:
        return INDICATORS[self.source.indicator]

    @property
    def items(self) -> tuple[str, ...]:
        """The items of the index that it gives."""
        if self.pollutant == "O3":
            return ("O3_8h", "O3_1h")
        return (self.pollutant,) if self.pollutant.startswith("O3") else (f"{self.pollutant}_24h",)

    def days(self, item: str) -> grid.Days:
        values, scale = self.replayed.values, self.replayed.events.scale
        there = values != ABSENT
        if self.kind is PeriodKind.DAY:
            return grid.as_given(values, there, scale)
        hours, present = np.where(there, values, 0).reshape(-1, _HOURS), there.reshape(-1, _HOURS)
        if item == "O3_8h":
            return grid.mda8(hours, present, scale)
        return (grid.highest_hour if item == "O3_1h" else grid.daily_means)(hours, present, scale)

    def part(self, span: slice) -> slice:
        """The slots of some days."""
        per_day = _HOURS if self.kind is PeriodKind.HOUR else 1
        return slice(span.start * per_day, span.stop * per_day)


class PlaceYear:
    """One year of a place, replayed day by day.

    Attributes:
        year: the calendar year.
        empty: whether there is no value of it.
    """

    def __init__(
        self, store: Store, shared: Provenances, sources: Sequence[tuple[Input, str]], year: int
    ) -> None:
        self.year = year
        self._first = date(year, 1, 1)
        size = (date(year + 1, 1, 1) - self._first).days
        self._members = [
            _Member(
                source, site, kind, Replayed.empty(found, size * (_HOURS if kind is PeriodKind.HOUR else 1))
            )
            for source, site in sources
            for kind in _KINDS.get(source.indicator, _BOTH)
            if (found := _events(store, shared, source.series_id, kind, year)) is not None
        ]
        self._months = [
            slice((date(year, m, 1) - self._first).days, (_after(year, m) - self._first).days)
            for m in range(1, 13)
        ]
        self._days: dict[str, tuple[grid.Days, tuple[str, ...]]] = {}
        self._hashes: dict[tuple[int, int], bytes] = {}

    @property
    def empty(self) -> bool:
        return not self._members

    def versions(self, today: date) -> Iterator[Version]:
        """Every part of every span that had ended before ``today``, as known from each day on which its inputs changed.

        A span is first derived on the day after its end, or as soon as there is anything of it. To be used up one by one:
        a version rests on arrays that the next one changes.
        """
        ended = [s for s in spans.spans(self.year) if s.last < today]
        days = {d for m in self._members for d in np.unique(m.replayed.events.since).tolist()}
        days |= {(s.last + timedelta(days=1)).toordinal() for s in ended}
        for day in sorted(d for d in days if d <= today.toordinal()):
            changed = self._forward(day)
            known_on = date.fromordinal(day)
            year: spans.Year | None = None
            for span in ended:
                if span.last >= known_on:
                    continue
                opening = span.last + timedelta(days=1) == known_on
                for part, items in spans.PARTS.items():
                    months = range(span.first.month, span.last.month + 1)
                    if not opening and not any((i, m) in changed for i in items for m in months):
                        continue
                    inputs, state = self._inputs(items, span)
                    if not inputs:
                        continue
                    year = year or self._year()
                    yield Version(part, span, known_on, self._digest(items, months), state, inputs, year)

    def _forward(self, day: int) -> set[tuple[str, int]]:
        """Take in what became known up to a day; the items and months that changed."""
        changed = set()
        for number, member in enumerate(self._members):
            slots = member.replayed.forward(day)
            if not len(slots):
                continue
            per_day = _HOURS if member.kind is PeriodKind.HOUR else 1
            starts = [m.start * per_day for m in self._months]
            for month in np.unique(np.searchsorted(starts, slots, side="right")).tolist():
                self._hashes.pop((number, month), None)
                changed |= {(item, month) for item in member.items}
            for item in member.items:
                self._days.pop(item, None)
        return changed

    def _year(self) -> spans.Year:
        """All items as they stand."""
        by_item: dict[str, list[_Member]] = defaultdict(list)
        for member in self._members:
            for item in member.items:
                by_item[item].append(member)
        for item, members in by_item.items():
            if item not in self._days:
                self._days[item] = _days(item, members, spans.months(self.year))
        return spans.Year(
            self.year,
            {i: days for i, (days, _) in self._days.items()},
            {i: rules for i, (_, rules) in self._days.items()},
        )

    def _inputs(self, items: Sequence[str], span: Variant) -> tuple[tuple[dict[str, Any], ...], State]:
        part = slice((span.first - self._first).days, (span.last - self._first).days + 1)
        found, worst = [], 0
        for member in self._members:
            if not set(member.items) & set(items):
                continue
            slots = member.part(part)
            there = np.flatnonzero(member.replayed.values[slots] != ABSENT)
            if not len(there):
                continue
            worst = max(worst, int(member.replayed.states[slots][there].max()))
            first, last = (
                _period(self._first, member.kind, slots.start + int(n)) for n in (there[0], there[-1])
            )
            found.append(
                {
                    "series_id": member.source.series_id,
                    "kind": str(member.kind),
                    "first": first,
                    "last": last,
                    "count": len(there),
                }
            )
        return tuple(found), STATES[worst]

    def _digest(self, items: Sequence[str], months: Sequence[int]) -> str:
        whole = hashlib.sha256(f"rules {VERSION}:".encode())
        for number, member in enumerate(self._members):
            if set(member.items) & set(items):
                for month in months:
                    whole.update(self._hash(number, month))
        return whole.hexdigest()

    def _hash(self, number: int, month: int) -> bytes:
        """The digest of one series' month: which series, and its values to the last of the places that count."""
        if (number, month) not in self._hashes:
            member = self._members[number]
            values = member.replayed.values[member.part(self._months[month - 1])]
            factor = 10**MOST_DECIMALS // member.replayed.events.scale
            content = np.where(values == ABSENT, ABSENT, values * factor).astype("<i8").tobytes()
            name = f"{member.source.series_id} {member.kind} {month}:".encode()
            self._hashes[number, month] = hashlib.sha256(name + content).digest()
        return self._hashes[number, month]


def _events(store: Store, shared: Provenances, series: int, kind: PeriodKind, year: int) -> Events | None:
    low, high = codes(kind, year)
    return events(store, shared, series, low, high)


def codes(kind: PeriodKind, year: int) -> tuple[int, int]:
    """The code of the first day or hour of a year, and of the first of the next."""
    firsts = (date(y, 1, 1) for y in (year, year + 1))
    low, high = ((Period.day_of(d) if kind is PeriodKind.DAY else Period.hour_of(d, 1)).code for d in firsts)
    return low, high


def _after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _period(first: date, kind: PeriodKind, slot: int) -> str:
    if kind is PeriodKind.DAY:
        return str(Period.day_of(first + timedelta(days=slot)))
    return str(Period.hour_of(first + timedelta(days=slot // _HOURS), slot % _HOURS + 1))


def _days(item: str, members: Sequence[_Member], months: grid.Ints) -> tuple[grid.Days, tuple[str, ...]]:
    """The place's days of one item, and the rules by which they were made: its own before the mean of its sites'."""
    rules: dict[str, None] = {}
    own = (
        [_of_site(item, [m for m in members if not m.site], rules)]
        if any(not m.site for m in members)
        else []
    )
    sites = {m.site for m in members if m.site and (m.replayed.values != ABSENT).any()}
    found = [_of_site(item, [m for m in members if m.site == s], rules) for s in sorted(sites)]
    if found:
        rules["city_sites"] = None
        own.append(cities.mean_of_sites(found, months))
    return reduce(cities.first_of, own), tuple(rules)


def _of_site(item: str, members: Sequence[_Member], rules: dict[str, None]) -> grid.Days:
    """One site's days: given ones before those computed from hours."""
    given = [m for m in members if m.kind is PeriodKind.DAY]
    hourly = [m for m in members if m.kind is PeriodKind.HOUR]
    if hourly:
        rules["hour_of_day"] = None
        if item == "O3_8h":
            rules.update(dict.fromkeys(("mda8_days", "mda8_windows", "mda8_exceeds")))
    if given and hourly:
        rules["given_day"] = None
    return reduce(cities.first_of, [m.days(item) for m in (*given, *hourly)])
