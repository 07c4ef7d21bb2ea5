"""What the pages of the quarantine show: the files with refused rows, and the rows of one with their cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from dabiao import i18n
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.intake.quarantine import said
from dabiao.services.intake.quarantine_files import headings_of
from dabiao.services.pages.data_views import PAGE, Paged, page_at
from dabiao.store import holdings
from dabiao.store.database import Row

ROWS = 20
"""Refused rows that are mended on one page."""


@dataclass(frozen=True, slots=True)
class HeldImport:
    """An import with rows in quarantine; ``reasons`` are what is wrong with one of them, and how many have the like."""

    row: Row
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A refused row with its cells and everything that is wrong with it."""

    id: int
    row: int
    cells: Sequence[str]
    says: str
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """Refused rows of one sheet under its headings, as many of them as any row has cells."""

    sheet: str | None
    headings: Sequence[str]
    rows: Sequence[HeldRow]


@dataclass(frozen=True, slots=True)
class HeldView:
    """What of one import is to be mended, and what has been closed."""

    imported: Row
    sheets: Sequence[HeldSheet]
    page: Paged[Row]
    closed: Sequence[Row]


def held_count(app: App) -> int:
    """How many rows wait in quarantine."""
    return sum(r["open"] for r in _held(app))


def _held(app: App) -> list[Row]:
    own = visible.own_imports(app)
    return [r for r in holdings.held_by_import(app.store) if own is None or r["id"] in own]


def held_imports(app: App, lang: str) -> list[HeldImport]:
    """Imports with rows in quarantine, open or closed: those with open rows first, then the newest."""
    reasons: dict[int, list[tuple[str, int]]] = {}
    for r in holdings.held_codes(app.store):
        what = i18n.text(f"issue.{r['code']}", lang, **json.loads(r["params"])).partition("\n")[0]
        reasons.setdefault(r["import_id"], []).append((what, r["n"]))
    found = [HeldImport(r, reasons.get(r["id"], [])) for r in _held(app)]
    return sorted(found, key=lambda h: h.row["open"] == 0)


def held_view(app: App, import_id: int, page: int, lang: str) -> HeldView | None:
    """The refused rows of one import, a page of them; ``None`` if there is no such import."""
    row = holdings.import_by_id(app.store, import_id)
    if row is None or not visible.imported(app, import_id):
        return None
    page, before = page_at(page, row["held"], ROWS)
    rows = holdings.held_rows(app.store, import_id, ROWS, before)
    by_sheet: dict[str | None, list[Row]] = {}
    for r in rows:
        by_sheet.setdefault(r["sheet"], []).append(r)
    sheets = [_held_sheet(row, sheet, found, lang) for sheet, found in by_sheet.items()]
    closed = holdings.closed_rows(app.store, import_id, PAGE)
    return HeldView(row, sheets, Paged(rows, row["held"], page, ROWS), closed)


def _held_sheet(imported: Row, sheet: str | None, rows: Sequence[Row], lang: str) -> HeldSheet:
    width = max(len(json.loads(r["raw"])) for r in rows)
    _, headings = headings_of(imported, sheet, width)
    return HeldSheet(sheet, headings, [_held_row(r, len(headings), lang) for r in rows])


def _held_row(row: Row, width: int, lang: str) -> HeldRow:
    reasons = json.loads(row["reasons"])
    cells = json.loads(row["raw"])
    cells += [""] * (width - len(cells))
    columns = frozenset(r["column"] for r in reasons if r["column"])
    return HeldRow(row["id"], row["row"], cells, said(reasons, lang), columns)
