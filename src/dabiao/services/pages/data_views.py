"""What the pages of data show: imports, what of them is in quarantine, series with everything that was said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from dabiao import i18n
from dabiao.domain.access import Scope
from dabiao.domain.observation import Basis
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.services.pages.once import Once
from dabiao.services.pages.state import State, state_of
from dabiao.store import history, holdings
from dabiao.store import imports as stored_imports
from dabiao.store.database import Row

T = TypeVar("T")

PAGE = 25
"""Rows of a listing on one page."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One page of a listing; ``page`` counts from 1."""

    rows: Sequence[T]
    total: int
    page: int
    size: int = PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @classmethod
    def of(cls, rows: Sequence[T], page: int, size: int = PAGE) -> Paged[T]:
        """A page of a list that is at hand; the last one where it has not so many."""
        page, before = page_at(page, len(rows), size)
        return cls(rows[before : before + size], len(rows), page, size)


@dataclass(frozen=True, slots=True)
class Said:
    """An issue in words.

    Attributes:
        place: sheet, row and column, as far as it has them.
        what, mend: what is wrong, and how to mend it.
    """

    place: tuple[str, ...]
    severity: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import."""

    row: Row
    reading: Mapping[str, Any]
    issues: Paged[Said]


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series as the list has it; ``flags`` are codes with their figures."""

    id: int
    region: str
    indicator: str
    basis: Basis
    statements: int
    sources: int
    years: tuple[int, int]
    flags: Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series with everything that was said of it by a day."""

    region: str
    indicator: str
    basis: Basis
    flags: Sequence[tuple[str, Mapping[str, Any]]]
    statements: Paged[Row]


def end_of(app: App, day: date) -> str:
    """The last second of a day where the office is, as the store stamps moments."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(app.settings.timezone))
    return stamp(end.astimezone(UTC) - timedelta(seconds=1))


def page_at(page: int, total: int, size: int = PAGE) -> tuple[int, int]:
    """A page that there is, and the rows before it."""
    page = min(max(page, 1), max(1, -(-total // size)))
    return page, (page - 1) * size


def imports(app: App, as_of: date, page: int) -> Paged[Row]:
    """Imports up to the end of a day, the newest first."""
    total = import_count(app, as_of)
    page, before = page_at(page, total)
    return Paged(import_rows(app, as_of, PAGE, before), total, page)


def import_count(app: App, as_of: date) -> int:
    """How many imports there were up to the end of a day."""
    own = _own_imports(app, as_of)
    return holdings.import_count(app.store, end_of(app, as_of)) if own is None else len(own)


def import_rows(app: App, as_of: date, limit: int, offset: int) -> Sequence[Row]:
    """Some of the imports up to the end of a day, the newest first."""
    own = _own_imports(app, as_of)
    if own is not None:
        return own[offset : offset + limit]
    return holdings.imports(app.store, end_of(app, as_of), limit, offset)


def _own_imports(app: App, as_of: date) -> list[Row] | None:
    """Those that a limited reader sees, the newest first; ``None`` where nothing is limited."""
    own = visible.own_imports(app)
    if own is None:
        return None
    until = end_of(app, as_of)
    found = (holdings.import_by_id(app.store, number) for number in sorted(own, reverse=True))
    return [r for r in found if r is not None and r["imported_at"] <= until]


def import_view(app: App, import_id: int, page: int, lang: str) -> ImportView | None:
    """One import with a page of its issues; ``None`` if there is none of that id."""
    row = holdings.import_by_id(app.store, import_id)
    if row is None or not visible.imported(app, import_id):
        return None
    total = stored_imports.issue_count(app.store, import_id)
    page, before = page_at(page, total)
    issues = [_said(r, lang) for r in holdings.issues(app.store, import_id, PAGE, before)]
    return ImportView(row, json.loads(row["reading"]), Paged(issues, total, page))


def has_import(app: App, import_id: int) -> bool:
    """Whether there is an import of this id."""
    return holdings.import_by_id(app.store, import_id) is not None and visible.imported(app, import_id)


def has_series(app: App, series_id: int) -> bool:
    """Whether there is a series of this id."""
    row = holdings.series_by_id(app.store, series_id)
    return row is not None and visible.SeriesSeen(app)(row["region"], row["indicator"])


def _said(row: Row, lang: str) -> Said:
    what, _, mend = i18n.text(f"issue.{row['code']}", lang, **json.loads(row["params"])).partition("\n")
    return Said(place(row["sheet"], row["row"], row["column"], lang), row["severity"], what, mend)


def place(sheet: str | None, row: int | None, column: str | None, lang: str) -> tuple[str, ...]:
    """Where in its file an issue stands, in words."""
    found = [sheet] if sheet else []
    found += [i18n.text("dashboard.data.row", lang, row=row)] if row else []
    return (*found, *([column] if column else []))


def raw_file(app: App, import_id: int) -> tuple[Path, str] | None:
    """The file that an import read, as it came, and its name; ``None`` where it is not kept."""
    row = holdings.import_by_id(app.store, import_id)
    if row is None or not row["raw_path"] or not visible.imported(app, import_id):
        return None
    path = (app.paths.home / row["raw_path"]).resolve()
    return (path, path.name) if path.is_relative_to(app.paths.raw.resolve()) and path.is_file() else None


def series(app: App, as_of: date, wanted: str, page: int) -> Paged[SeriesRow]:
    """Series of which something was known by a day.

    Args:
        app: the process's settings, paths, store and catalogue.
        as_of: the day.
        wanted: words that the names, ids or basis must have, each somewhere; all series for none.
        page: which page.
    """
    found = series_rows(app, as_of, wanted)
    page, before = page_at(page, len(found))
    return Paged(found[before : before + PAGE], len(found), page)


def series_rows(app: App, as_of: date, wanted: str = "") -> list[SeriesRow]:
    """All the series of :func:`series`, in the order of the regions."""
    words = wanted.casefold().split()
    with app.store.snapshot():
        key = (state_of(app), app.scope, as_of)
        every = _SERIES.get(key, lambda: _every_series(app, as_of))
        flags = _flags(app)
    found = (r for r in every if _fits(app, r, words)) if words else every
    return [replace(r, flags=flags[r.id]) if r.id in flags else r for r in found]


_SERIES: Once[tuple[State, Scope, date], tuple[SeriesRow, ...]] = Once(2)
"""The list without its flags, which checks write at any time."""


def _every_series(app: App, as_of: date) -> tuple[SeriesRow, ...]:
    """All that the reader sees, in the order of the regions."""
    seen = visible.SeriesSeen(app)
    rows = [r for r in holdings.series(app.store, as_of.isoformat()) if seen(r["region"], r["indicator"])]
    order = {name: i for i, name in enumerate(app.catalogue.regions)}
    rows.sort(key=lambda r: (order.get(r["region"], len(order)), r["indicator"], r["basis"]))
    return tuple(_series_row(r, ()) for r in rows)


def series_row(app: App, series_id: int, as_of: date) -> SeriesRow | None:
    """One series as the list has it; ``None`` if nothing was known of it by a day."""
    rows = holdings.series(app.store, as_of.isoformat(), series_id)
    if not rows or not visible.SeriesSeen(app)(rows[0]["region"], rows[0]["indicator"]):
        return None
    return _series_row(rows[0], _flags(app).get(series_id, []))


def _fits(app: App, row: SeriesRow, words: Sequence[str]) -> bool:
    region, indicator = app.catalogue.regions[row.region], app.catalogue.indicators[row.indicator]
    names = (
        region.id, region.zh, region.short_zh, region.en, indicator.id, indicator.zh, indicator.en, str(row.basis),
    )  # fmt: skip
    said_of_it = " ".join(names).casefold()
    return all(word in said_of_it for word in words)


def _flags(app: App) -> dict[int, list[tuple[str, Mapping[str, Any]]]]:
    found: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
    for r in history.flags(app.store):
        found.setdefault(r["series_id"], []).append((r["code"], json.loads(r["params"])))
    return found


def _series_row(r: Row, flags: Sequence[tuple[str, Mapping[str, Any]]]) -> SeriesRow:
    return SeriesRow(
        r["id"],
        r["region"],
        r["indicator"],
        Basis.parse(r["basis"]),
        r["statements"],
        r["sources"],
        (r["first"], r["last"]),
        flags,
    )


def series_view(app: App, series_id: int, as_of: date, page: int) -> SeriesView | None:
    """One series with a page of what was said of it by a day; ``None`` if there is none of that id."""
    row = holdings.series_by_id(app.store, series_id)
    if row is None or not visible.SeriesSeen(app)(row["region"], row["indicator"]):
        return None
    day = as_of.isoformat()
    total = holdings.statement_count(app.store, series_id, day)
    page, before = page_at(page, total)
    found = holdings.statements(app.store, series_id, day, PAGE, before)
    flags = _flags(app).get(series_id, [])
    basis = Basis.parse(row["basis"])
    return SeriesView(row["region"], row["indicator"], basis, flags, Paged(found, total, page))
