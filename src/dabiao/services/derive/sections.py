"""The classes of a region's sections to their shares, as of every day on which a class became known or changed."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from dabiao.domain.observation import Basis, State
from dabiao.domain.period import LONG_KINDS, Period, codes_of
from dabiao.services.derive.air import Place
from dabiao.services.derive.events import ABSENT, STATES, Provenances, replaced, scaled
from dabiao.standards import bodies
from dabiao.standards.bodies import Sample
from dabiao.standards.outcome import Derived
from dabiao.standards.rules import VERSION
from dabiao.standards.water import WaterClass
from dabiao.store import Store
from dabiao.store import derivations as table
from dabiao.store.derivations import Input, Moment

INDICATOR = "water_section_class"
"""What is read: 1 to 5, and 6 for worse than class V; the section stands in the basis' scope."""
SECTION = re.compile(r"(?P<set>.*?)断面[:：](?P<section>.+)")


class Version(NamedTuple):
    """The shares of one period as known from a day on; see :class:`dabiao.services.derive.air.Version`."""

    period: Period
    known_on: date
    digest: str
    state: State
    inputs: tuple[Mapping[str, Any], ...]
    classes: Mapping[str, WaterClass]

    @property
    def moment(self) -> Moment:
        return Moment(str(self.period), "in_force", self.known_on.isoformat())

    def rows(self) -> list[Derived]:
        """What is derived of all sections together."""
        samples = [Sample(name, str(self.period), None, found) for name, found in self.classes.items()]
        return [row for place, row in bodies.derive(samples) if place is None]


def place_of(found: Input) -> tuple[Place, str] | None:
    """The set of sections that a series belongs to, and its section; ``None`` where the basis names no section."""
    match = SECTION.fullmatch(found.basis.scope)
    if match is None:
        return None
    basis = Basis(
        found.basis.authority, found.basis.dust, found.basis.condition, match["set"], found.basis.standard
    )
    return Place(found.region, basis), match["section"]


class _Said(NamedTuple):
    """What one section's class is from a day on."""

    since: int
    section: str
    series: int
    value: int
    state: int


def versions(store: Store, sources: Sequence[tuple[Input, str]], today: date) -> Iterator[Version]:
    """Every period that had ended before ``today``, as known from each day on which a section of it came in or changed."""
    for period, said in sorted(_said(store, sources).items()):
        after = period.end.toordinal() + 1
        for day in sorted({max(s.since, after) for s in said}):
            if day > today.toordinal():
                break
            now = {s.section: s for s in said if s.since <= day}
            standing = {name: s for name, s in sorted(now.items()) if s.value != ABSENT}
            if not standing:
                continue
            content = f"rules {VERSION}: {sorted((s.series, s.value) for s in standing.values())}"
            yield Version(
                period,
                date.fromordinal(day),
                hashlib.sha256(content.encode()).hexdigest(),
                STATES[max(s.state for s in standing.values())],
                tuple(
                    {
                        "series_id": s.series,
                        "kind": str(period.kind),
                        "first": str(period),
                        "last": str(period),
                        "count": 1,
                    }
                    for s in standing.values()
                ),
                {name: WaterClass(s.value) for name, s in standing.items()},
            )


def _said(store: Store, sources: Sequence[tuple[Input, str]]) -> dict[Period, list[_Said]]:
    """By period, what became known of its sections, the earliest first."""
    shared = Provenances(store)
    found: dict[Period, list[_Said]] = defaultdict(list)
    for source, section in sources:
        rows = [r for kind in LONG_KINDS for r in table.told(store, source.series_id, *codes_of(kind))]
        known = shared.of([r[3] for r in rows])
        numbers, scale = scaled({r[2] for r in rows})
        classes = {
            t: n // scale if n % scale == 0 and 1 <= n // scale <= WaterClass.WORSE else ABSENT
            for t, n in numbers.items()
        }
        for code, day, value, state in replaced(rows, known, classes, 0):
            found[Period.from_code(code)].append(_Said(day, section, source.series_id, value, state))
    for said in found.values():
        said.sort()
    return found
