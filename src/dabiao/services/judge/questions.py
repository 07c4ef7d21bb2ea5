"""Which series each target asks for: its own, each member's of a region group, or the members' mean or total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dabiao.assess.evidence import NOTHING, Evidence, gather
from dabiao.assess.group import Unpooled, pool
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Observation, Series, series_of
from dabiao.domain.period import LONG_KINDS, PeriodKind
from dabiao.domain.target import Measure, Target, Together, members
from dabiao.services.app import App
from dabiao.services.declare.targets import DeclaredTarget
from dabiao.store.observations import known_observations


@dataclass(frozen=True, slots=True)
class Question:
    """One series to judge a target by.

    Attributes:
        target: the target as it is; of a group's member, with the member's own series and an id of its own.
        member: the member's region; ``None`` for a target of one series.
        evidence: ``None`` for a target without a number.
        unpooled: why the members make no common series, where they should.
    """

    declared: DeclaredTarget
    target: Target
    member: str | None = None
    evidence: Evidence | None = None
    unpooled: Unpooled | None = None


def known_places(app: App, declared: Iterable[DeclaredTarget], as_of: date) -> list[Observation]:
    """What was known on a day of the places that decide some targets: years, and parts of years where a deadline asks for one."""
    parts: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for d in declared:
        t = d.target
        if t.measure is Measure.NUMERIC:
            regions = members(t, app.catalogue.regions[t.region]) or (t.series.region,)
            whole = t.deadline is None or len(t.deadline) == len("2030")
            parts[whole].update((region, t.series.indicator) for region in regions)
    years, months = parts[True] - parts[False], parts[False]
    return [
        *known_observations(app.store, as_of, kinds={PeriodKind.YEAR}, places=years),
        *known_observations(app.store, as_of, kinds=LONG_KINDS, places=months),
    ]


class Places:
    """What was known on a day, by region and indicator, with the annual series of each place."""

    def __init__(self, known: Collection[Observation], as_of: date, minimum: int) -> None:
        self._as_of, self._minimum = as_of, minimum
        self._observations: dict[tuple[str, str], list[Observation]] = defaultdict(list)
        for o in known:
            self._observations[o.region, o.indicator].append(o)
        self._series: dict[tuple[str, str], list[Series]] = defaultdict(list)
        for (region, indicator, _), series in series_of(known, PeriodKind.YEAR, as_of).items():
            self._series[region, indicator].append(series)

    def evidence(self, target: Target) -> Evidence:
        """What bears on a target of one series."""
        place = (target.series.region, target.series.indicator)
        observations = self._observations.get(place)
        if observations is None:
            return NOTHING
        return gather(target, observations, self._series.get(place, ()), self._as_of, self._minimum)


def questions(catalogue: Catalogue, declared: Iterable[DeclaredTarget], places: Places) -> list[Question]:
    """The questions of all targets, those of one target side by side."""
    return [
        q for d in declared for q in _of(d, members(d.target, catalogue.regions[d.target.region]), places)
    ]


def _of(d: DeclaredTarget, together: Sequence[str], places: Places) -> list[Question]:
    t = d.target
    if t.measure is not Measure.NUMERIC:
        return [Question(d, t)]
    if not together:
        return [Question(d, t, None, places.evidence(t))]
    own = [(m, replace(t, id=f"{t.id}/{m}", series=replace(t.series, region=m))) for m in together]
    each = [Question(d, target, m, places.evidence(target)) for m, target in own]
    if t.together is Together.EACH:
        return each
    pooled = pool(t, [(q.member or "", q.evidence or NOTHING) for q in each])
    if isinstance(pooled, Unpooled):
        return [Question(d, t, None, NOTHING, pooled)]
    return [Question(d, t, None, pooled)]
