"""What the pages of data show: imports, what of them is in quarantine, series with everything that was said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from dabiao import i18n
from dabiao.domain.observation import Basis
from dabiao.services.app import App, stamp
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


def _until(app: App, day: date) -> str:
    """The last second of a day where the office is, as the store stamps moments."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(app.settings.timezone))
    return stamp(end.astimezone(UTC) - timedelta(seconds=1))


def page_at(page: int, total: int, size: int = PAGE) -> tuple[int, int]:
    """A page that there is, and the rows before it."""
    page = min(max(page, 1), max(1, -(-total // size)))
    return page, (page - 1) * size


def imports(app: App, as_of: date, page: int) -> Paged[Row]:
    """Imports up to the end of a day, the newest first."""
    until = _until(app, as_of)
    total = holdings.import_count(app.store, until)
    page, before = page_at(page, total)
    return Paged(holdings.imports(app.store, until, PAGE, before), total, page)


def import_view(app: App, import_id: int, page: int, lang: str) -> ImportView | None:
    """One import with a page of its issues; ``None`` if there is none of that id."""
    row = holdings.import_by_id(app.store, import_id)
    if row is None:
        return None
    total = stored_imports.issue_count(app.store, import_id)
    page, before = page_at(page, total)
    issues = [_said(r, lang) for r in holdings.issues(app.store, import_id, PAGE, before)]
    return ImportView(row, json.loads(row["reading"]), Paged(issues, total, page))


def has_import(app: App, import_id: int) -> bool:
    """Whether there is an import of this id."""
    return holdings.import_by_id(app.store, import_id) is not None


def has_series(app: App, series_id: int) -> bool:
    """Whether there is a series of this id."""
    return holdings.series_by_id(app.store, series_id) is not None


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
    if row is None or not row["raw_path"]:
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
    words = wanted.casefold().split()
    rows = [r for r in holdings.series(app.store, as_of.isoformat()) if _fits(app, r, words)]
    order = {name: i for i, name in enumerate(app.catalogue.regions)}
    rows.sort(key=lambda r: (order.get(r["region"], len(order)), r["indicator"], r["basis"]))
    page, before = page_at(page, len(rows))
    flags = _flags(app)
    return Paged(
        [_series_row(r, flags.get(r["id"], [])) for r in rows[before : before + PAGE]], len(rows), page
    )


def _fits(app: App, row: Row, words: Sequence[str]) -> bool:
    region, indicator = app.catalogue.regions[row["region"]], app.catalogue.indicators[row["indicator"]]
    names = (
        region.id, region.zh, region.short_zh, region.en, indicator.id, indicator.zh, indicator.en, row["basis"],
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
    if row is None:
        return None
    day = as_of.isoformat()
    total = holdings.statement_count(app.store, series_id, day)
    page, before = page_at(page, total)
    found = holdings.statements(app.store, series_id, day, PAGE, before)
    flags = _flags(app).get(series_id, [])
    basis = Basis.parse(row["basis"])
    return SeriesView(row["region"], row["indicator"], basis, flags, Paged(found, total, page))
