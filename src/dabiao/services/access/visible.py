"""What of the targets, series and files a reader sees: the one place where a scope becomes yes or no.

An :class:`App` carries the scope of whoever reads with it. What lies outside is left out by the read models, so that a page of
it is the page of something that there is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dabiao.domain.access import Scope
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Series
from dabiao.services.app import App
from dabiao.services.declare.targets import DeclaredTarget, targets_as_of
from dabiao.services.pages.catalogues import Digests, digests
from dabiao.services.pages.once import Once
from dabiao.store import audit, declared

IMPORTED = "data.imported"
"""The audit's word for an import by somebody; its subject names the import."""

LAST = date.max
"""The day on which all that was ever declared and not withdrawn is known."""


def target(app: App, d: DeclaredTarget) -> bool:
    """Whether the reader sees a target: it is in each set that the scope names."""
    scope, t = app.scope, d.target
    return (
        (not scope.plans or t.plan in scope.plans)
        and (not scope.regions or within(app.catalogue, t.region, scope.regions))
        and (not scope.units or any(u.id in scope.units for u in d.units))
    )


def within(catalogue: Catalogue, region: str, wanted: Collection[str]) -> bool:
    """Whether a region is one of these or lies in one."""
    return any(place in wanted for place in _upwards(catalogue, region))


def _upwards(catalogue: Catalogue, region: str) -> Iterator[str]:
    """A region, the one that it lies in, and so on."""
    place: str | None = region
    while place is not None:
        yield place
        found = catalogue.regions.get(place)
        place = found.parent if found is not None else None


@dataclass(frozen=True, slots=True)
class Part:
    """What a scope leaves of the declared targets.

    Attributes:
        targets: ids of the targets that are seen; of withdrawn ones none.
        plans, units, indicators: of these targets.
        regions: theirs, and those in which they lie.
        judged: region and indicator of the series by which they are judged, and of themselves.
    """

    targets: frozenset[str]
    plans: frozenset[str]
    regions: frozenset[str]
    units: frozenset[str]
    indicators: frozenset[str]
    judged: frozenset[tuple[str, str]]


_PARTS: Once[tuple[Path, Digests, Scope], Part] = Once(64)
"""Ten thousand targets take a third of a second to read: that is done once for all accounts of a scope, until a plan is loaded."""


def part(app: App) -> Part:
    """What the reader's scope leaves of what is declared."""
    with app.store.snapshot():
        return _PARTS.get((app.store.path, digests(app.store), app.scope), lambda: _part(app))


def _part(app: App) -> Part:
    declared_now = [d for d in targets_as_of(app, LAST) if target(app, d)]
    targets = [d.target for d in declared_now]
    regions = {t.region for t in targets}
    return Part(
        frozenset(t.id for t in targets),
        frozenset(t.plan for t in targets),
        frozenset(r for region in regions for r in _upwards(app.catalogue, region)),
        frozenset(u.id for d in declared_now for u in d.units),
        frozenset(t.indicator for t in targets),
        frozenset(
            pair for t in targets for pair in ((t.series.region, t.series.indicator), (t.region, t.indicator))
        ),
    )


def target_ids(app: App, names: Collection[str]) -> frozenset[str]:
    """Those of these targets that the reader sees; of withdrawn ones none, if the scope limits."""
    return frozenset(names) if app.scope.everything else part(app).targets.intersection(names)


def plans(app: App) -> Collection[str]:
    """Plans with a target that the reader sees."""
    every = [row["id"] for row in declared.plan_rows(app.store)]
    return every if app.scope.everything else part(app).plans


def regions(app: App) -> Collection[str]:
    """Regions with a target that the reader sees in them or in a place within."""
    return app.catalogue.regions.keys() if app.scope.everything else part(app).regions


def units(app: App) -> Collection[str]:
    """Units that answer for a target that the reader sees."""
    return app.catalogue.units.keys() if app.scope.everything else part(app).units


def indicators(app: App) -> Collection[str]:
    """Indicators of the targets that the reader sees."""
    return app.catalogue.indicators.keys() if app.scope.everything else part(app).indicators


class SeriesSeen:
    """Which series a reader sees: those of the regions that the scope names, if it names nothing else; else those by which a
    target is judged that the reader sees.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        scope = app.scope
        self._everything = scope.everything
        self._by_region = not (scope.plans or scope.units)
        self._judged: frozenset[tuple[str, str]] = frozenset() if self._everything else part(app).judged

    def __call__(self, region: str, indicator: str) -> bool:
        if self._everything or (region, indicator) in self._judged:
            return True
        return self._by_region and within(self._app.catalogue, region, self._app.scope.regions)

    def among(self, series: Iterable[Series]) -> tuple[Series, ...]:
        """Those of these that the reader sees."""
        return tuple(s for s in series if self(s.region, s.indicator))


def own_imports(app: App) -> frozenset[int] | None:
    """The imports that a limited reader sees: those that the reader brought; ``None`` where nothing is limited."""
    if app.scope.everything:
        return None
    brought = audit.subjects(app.store, "import", IMPORTED, app.reader)
    return frozenset(int(number) for s in brought if (number := s.removeprefix("import:")).isdigit())


def imported(app: App, import_id: int) -> bool:
    """Whether the reader sees an import."""
    own = own_imports(app)
    return own is None or import_id in own
