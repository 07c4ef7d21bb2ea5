"""What the pages of a region, a unit and an indicator show: read models, which write nothing and keep nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dabiao.domain.assessment import Status
from dabiao.domain.observation import Basis, Series, Tier, choose, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Indicator, Region, Unit
from dabiao.errors import DabiaoError
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views
from dabiao.services.pages.day import Day, Filters
from dabiao.services.pages.views import Overview
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notices import Entry, Notice, notice_of
from dabiao.store import observations

Counts = Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Stands:
    """Something that targets are counted by, with the counts by status."""

    id: str
    counts: Counts

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region as of a day.

    Attributes:
        above: the regions that contain it, the outermost first.
        members: of a named group; ``groups``: the named groups that it is a member of.
        seen: its targets and those of the places within it that pass the filters.
        offered: all of them, whatever the filters.
        bound: targets of groups that it is a member of, the most urgent first: it must meet them too.
        within, beside: places within it, and the others of the same parent, with all targets of each.
        latest: one annual series an indicator, in the order of the catalogue.
    """

    region: Region
    above: tuple[Region, ...]
    members: tuple[Region, ...]
    groups: tuple[Region, ...]
    seen: Overview
    offered: tuple[Verdict, ...]
    bound: tuple[Verdict, ...]
    within: tuple[Stands, ...]
    beside: tuple[Stands, ...]
    latest: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as of a day.

    Attributes:
        seen: its targets that pass the filters.
        offered: all of them.
        entries: those that pass, the worst first, with the required value of the year in progress.
        leads: ids of the targets that it leads; of the others it is one of those responsible.
    """

    unit: Unit
    seen: Overview
    offered: tuple[Verdict, ...]
    entries: tuple[Entry, ...]
    leads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One region of an indicator.

    Attributes:
        series: what its target is judged by; without a target, its longest annual series.
        verdicts: its targets that pass the filters, the most urgent first.
    """

    region: str
    series: Series | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator as of a day.

    Attributes:
        rows: the regions that have a target or values, those that need a person first.
        bases: how many annual series there are of each basis.
    """

    indicator: Indicator
    seen: Overview
    offered: tuple[Verdict, ...]
    rows: tuple[Compared, ...]
    bases: Mapping[Basis, int]


# -- regions ----------------------------------------------------------------------------------------------------------


def region_view(
    app: App, region_id: str, as_of: date, now: datetime, filters: Filters | None = None
) -> RegionView | None:
    """One region, ``None`` if there is none of that id."""
    catalogue = app.catalogue
    if region_id not in visible.regions(app):
        return None
    region = catalogue.regions[region_id]
    asked = {**(filters or {}), "region": [region_id]}
    day = views.day_of(app, as_of, now)
    groups = tuple(r for r in catalogue.regions.values() if region_id in r.members)
    bound = (
        v for g in groups for v in day.among("region", g.id).verdicts if v.declared.target.region == g.id
    )
    siblings = [r for r in catalogue.regions.values() if r.parent == region.parent and r.parent is not None]
    return RegionView(
        region,
        tuple(catalogue.regions[r] for r in reversed(views.parents(region_id, catalogue))),
        tuple(catalogue.regions[r] for r in region.members if r in catalogue.regions),
        groups,
        views.overview(app, as_of, now, asked),
        day.among("region", region_id).verdicts,
        tuple(sorted(bound, key=views.urgency)),
        _seen(app, _stand((r for r in catalogue.regions.values() if r.parent == region_id), day)),
        _seen(app, _stand((r for r in siblings if r.id != region_id), day)),
        _latest(app, region_id, as_of),
    )


def regions(app: App, as_of: date, now: datetime) -> tuple[Stands, ...]:
    """Every region, with the counts of its targets and of those within it."""
    return _seen(app, _stand(app.catalogue.regions.values(), views.day_of(app, as_of, now)))


def _seen(app: App, found: tuple[Stands, ...]) -> tuple[Stands, ...]:
    """Of whatever targets are counted by, what has some that the reader sees."""
    return found if app.scope.everything else tuple(s for s in found if s.total)


def _stand(regions: Iterable[Region], day: Day) -> tuple[Stands, ...]:
    return tuple(Stands(r.id, day.among("region", r.id).counts) for r in regions)


def _latest(app: App, region_id: str, as_of: date) -> tuple[Series, ...]:
    known = observations.known_observations(app.store, as_of, region_id, kinds=(PeriodKind.YEAR,))
    by_indicator: dict[str, list[Series]] = defaultdict(list)
    for series in visible.SeriesSeen(app).among(series_of(known, PeriodKind.YEAR, as_of).values()):
        by_indicator[series.indicator].append(series)
    return tuple(
        chosen
        for i in app.catalogue.indicators
        if i in by_indicator and (chosen := choose(by_indicator[i], tuple(Tier), app.thresholds.minimum))
    )


# -- units ------------------------------------------------------------------------------------------------------------


def unit_view(
    app: App, unit_id: str, as_of: date, now: datetime, lang: str, filters: Filters | None = None
) -> UnitView | None:
    """One unit, ``None`` if there is none of that id."""
    if unit_id not in visible.units(app):
        return None
    unit = app.catalogue.units[unit_id]
    mine = {"unit": [unit_id]}
    offered = views.day_of(app, as_of, now).among("unit", unit_id).verdicts
    asked = {**(filters or {}), **mine}
    return UnitView(
        unit,
        views.overview(app, as_of, now, asked),
        offered,
        _entries(app, Asked(as_of, lang, asked), now),
        frozenset(v.declared.target.id for v in offered if unit in v.declared.lead),
    )


def _entries(app: App, asked: Asked, now: datetime) -> tuple[Entry, ...]:
    found = _notice(app, asked, now)
    return () if found is None else found.entries


def unit_notice(app: App, unit_id: str, as_of: date, now: datetime, lang: str) -> Notice | None:
    """All that a unit answers for as a notice; ``None`` if there is no such unit or nothing that it answers for."""
    if unit_id not in app.catalogue.units:
        return None
    return _notice(app, Asked(as_of, lang, {"unit": [unit_id]}), now)


def target_notice(app: App, target_id: str, as_of: date, now: datetime, lang: str) -> Notice | None:
    """A target's notice; ``None`` if there is no such target on that day."""
    return _notice(app, Asked(as_of, lang, {"target": [target_id]}), now)


def _notice(app: App, asked: Asked, now: datetime) -> Notice | None:
    try:
        return notice_of(app, asked, now)
    except DabiaoError as error:
        if error.code != "notice_empty":
            raise
        return None


def units(app: App, as_of: date, now: datetime) -> tuple[Stands, ...]:
    """Every unit with the counts of the targets that it leads or answers for, in the order of the catalogue."""
    day = views.day_of(app, as_of, now)
    return _seen(app, tuple(Stands(u, day.among("unit", u).counts) for u in app.catalogue.units))


# -- indicators -------------------------------------------------------------------------------------------------------


def indicator_view(
    app: App, indicator_id: str, as_of: date, now: datetime, filters: Filters | None = None
) -> IndicatorView | None:
    """One indicator, ``None`` if there is none of that id."""
    if indicator_id not in visible.indicators(app):
        return None
    indicator = app.catalogue.indicators[indicator_id]
    mine = {"indicator": [indicator_id]}
    seen = views.overview(app, as_of, now, {**(filters or {}), **mine})
    offered = views.day_of(app, as_of, now).among("indicator", indicator_id).verdicts
    known = observations.known_observations(
        app.store, as_of, indicator=indicator_id, kinds=(PeriodKind.YEAR,)
    )
    found = visible.SeriesSeen(app).among(series_of(known, PeriodKind.YEAR, as_of).values())
    rows = _compared(app, seen.verdicts, found if not filters else ())
    return IndicatorView(indicator, seen, offered, rows, Counter(s.basis for s in found))


def _compared(app: App, verdicts: Sequence[Verdict], found: Sequence[Series]) -> tuple[Compared, ...]:
    """Regions with targets in the order of the verdicts, then those that have values alone in the catalogue's order."""
    targets: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        targets[v.declared.target.region].append(v)
    rows = [Compared(r, _judged(vs), tuple(vs)) for r, vs in targets.items()]
    by_region: dict[str, list[Series]] = defaultdict(list)
    for series in found:
        by_region[series.region].append(series)
    alone = [
        Compared(r, choose(by_region[r], tuple(Tier), app.thresholds.minimum), ())
        for r in app.catalogue.regions
        if r in by_region and r not in targets
    ]
    return (*rows, *(row for row in alone if row.series is not None))


def _judged(verdicts: Sequence[Verdict]) -> Series | None:
    """The series of a region's targets with its deciding value in place, the first that has one."""
    for v in verdicts:
        a = v.assessment
        if a.series is None:
            continue
        points = {p.period: p for p in a.series.points}
        if a.decided_by is not None:
            points[a.decided_by.period] = a.decided_by
        return replace(a.series, points=tuple(points[p] for p in sorted(points)))
    return None


def indicators(app: App, as_of: date, now: datetime) -> tuple[Stands, ...]:
    """Every indicator that some target names, with the counts of those targets, the most often named first."""
    named = views.day_of(app, as_of, now).by["indicator"]
    order = {name: position for position, name in enumerate(app.catalogue.indicators)}
    ordered = sorted(named, key=lambda i: (-len(named[i].verdicts), order[i]))
    return tuple(Stands(i, named[i].counts) for i in ordered)


__all__ = [
    "Compared", "IndicatorView", "RegionView", "Stands", "UnitView", "indicator_view", "indicators", "region_view",
    "regions", "target_notice", "unit_notice", "unit_view", "units",
]  # fmt: skip
