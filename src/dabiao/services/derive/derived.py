"""What the store's hours, days and sections give, kept as observations: derived once, and again when an input is revised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from dabiao.domain.period import Period, PeriodKind, codes_of
from dabiao.services.app import App
from dabiao.services.derive import air as derive_air
from dabiao.services.derive import sections as derive_sections
from dabiao.services.derive.air import Place
from dabiao.services.derive.events import Provenances
from dabiao.services.derive.keep import KEPT, TIERS, Counts, Made, Version, append, basis_of
from dabiao.standards import rules
from dabiao.store import Store
from dabiao.store import derivations as table
from dabiao.store.derivations import Input, Mark, Moment


def derive(
    app: App, now: datetime, region: str | None = None, between: Callable[[], None] = lambda: None
) -> Counts:
    """Derive what has changed: every year of which an input came in or was revised, or of which a span has ended.

    Each year of a place is one transaction; a run that is cut off is taken up where it was. A second run writes nothing.

    Args:
        app: the process's settings, paths, store and catalogue.
        now: the moment; its day where the office is bounds what is known and which spans have ended.
        region: only this one; all by default.
        between: called between two units of work; it may raise to stop.
    """
    total = Counts()
    for place, sources in _places(app.store, region, derive_air.INDICATORS, derive_air.place_of):
        total += _air(app, place, sources, now, between)
    for place, sources in _places(app.store, region, [derive_sections.INDICATOR], derive_sections.place_of):
        total += _water(app, place, sources, now, between)
    return total


def _places(
    store: Store,
    region: str | None,
    indicators: Iterable[str],
    place_of: Callable[[Input], tuple[Place, str] | None],
) -> Iterator[tuple[Place, list[tuple[Input, str]]]]:
    found: dict[Place, list[tuple[Input, str]]] = defaultdict(list)
    for source in table.inputs(store, list(indicators), TIERS):
        where = place_of(source) if region in (None, source.region) else None
        if where is not None:
            found[where[0]].append((source, where[1]))
    yield from found.items()


def _air(
    app: App, place: Place, sources: Sequence[tuple[Input, str]], now: datetime, between: Callable[[], None]
) -> Counts:
    today, seen = app.today(now), table.last_told(app.store)
    kinds = (PeriodKind.DAY, PeriodKind.HOUR)
    years = {y for source, _ in sources for y in _pending(app.store, source.series_id, kinds, today, seen)}
    shared = Provenances(app.store)
    total = Counts(places=int(bool(years)))
    for year in sorted(years):
        between()
        known = table.digests(app.store.db, place.region)
        place_year = derive_air.PlaceYear(app.store, shared, sources, year)
        total += _keep(app, place, place_year.versions(today), known, now)
    _note(app.store, sources, Mark(seen, today, rules.VERSION))
    return total


def _water(
    app: App, place: Place, sources: Sequence[tuple[Input, str]], now: datetime, between: Callable[[], None]
) -> Counts:
    today, seen = app.today(now), table.last_told(app.store)
    marks = [table.mark(app.store, source.series_id) for source, _ in sources]
    if all(m == Mark(seen, today, rules.VERSION) for m in marks):
        return Counts()
    between()
    known = table.digests(app.store.db, place.region)
    found = _keep(app, place, derive_sections.versions(app.store, sources, today), known, now)
    _note(app.store, sources, Mark(seen, today, rules.VERSION))
    return found + Counts(places=1)


def _pending(store: Store, series: int, kinds: Sequence[PeriodKind], today: date, seen: int) -> Iterator[int]:
    """The years of a series of which something has to be derived, perhaps again."""
    mark = table.mark(store, series)
    if mark == Mark(seen, today, rules.VERSION):
        return
    for kind in kinds:
        whole = _years(table.reach(store, series, *codes_of(kind)))
        if mark is None or mark.program != rules.VERSION or table.became_known(store, mark, today):
            yield from whole
            continue
        if mark.seen < seen:
            yield from _years(table.reach(store, series, *codes_of(kind), mark.seen))
        month = today.replace(day=1)
        if mark.derived_on < month:  # a month has ended since
            yield from set(whole) & set(range(mark.derived_on.year, (month - timedelta(days=1)).year + 1))


def _years(reach: tuple[int, int] | None) -> range:
    """The years from the first to the last period code."""
    if reach is None:
        return range(0)
    return range(Period.from_code(reach[0]).year, Period.from_code(reach[1]).year + 1)


def _note(store: Store, sources: Sequence[tuple[Input, str]], mark: Mark) -> None:
    behind = [source.series_id for source, _ in sources if table.mark(store, source.series_id) != mark]
    if behind:
        with store.write() as db:
            for series in behind:
                table.set_mark(db, series, mark)


def _keep(
    app: App,
    place: Place,
    versions: Iterable[Version],
    known: Mapping[Moment, set[str]],
    now: datetime,
) -> Counts:
    """Evaluate the versions that rest on other inputs than what is kept, and keep them in one transaction."""
    made: list[Made] = []
    unchanged = 0
    for version in versions:
        if version.digest in known.get(version.moment, ()):
            unchanged += 1
            continue
        for row in version.rows():
            indicator = KEPT.get((row.indicator, row.subject))
            if indicator is not None and indicator in app.catalogue.indicators:
                made.append(Made(indicator, basis_of(place, row), version.known_on, version, row))
    counts = Counts(unchanged=unchanged)
    if made:
        with app.store.write() as db:
            there = table.digests(db, place.region)  # another run may have been faster
            made = [m for m in made if m.version.digest not in there.get(m.version.moment, ())]
            counts += append(db, app, place, made, now)
    return counts
