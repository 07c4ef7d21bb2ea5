"""A file → a :class:`~dabiao.ingest.model.Reading`. One wrong row never stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.issue import Issue
from dabiao.domain.observation import Tier
from dabiao.errors import ImportRefused
from dabiao.ingest.checks import check
from dabiao.ingest.headings import Heading, read_heading, split_unit
from dabiao.ingest.layouts import LAYOUTS
from dabiao.ingest.layouts.interface import Layout, Surroundings, Table, as_text, data_rows
from dabiao.ingest.model import Candidate, Defaults, Reading, Record
from dabiao.ingest.periods import is_day, search_periods, search_years
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import Sheet, blank, shown
from dabiao.ingest.resolve import NONE, Context, resolve
from dabiao.ingest.values import known_unit, unit_of

HEADING_ROWS = 30  # a heading further down is not looked for


def read_file(
    path: Path,
    catalogue: Catalogue,
    *,
    today: date,
    source: str | None = None,
    published: date | None = None,
    tier: Tier | None = None,
    max_mb: int = 256,
) -> Reading:
    """Read a file.

    Args:
        path: a file with one of the suffixes of :data:`dabiao.ingest.readers.READERS`.
        catalogue: the regions and indicators that names are looked up in.
        today: the day of the import; it is when an undated value becomes known.
        source: title of the source of every value that does not name its own.
        published: day of publication of every value that does not say its own.
        tier: tier of every value that does not say its own; see :class:`~dabiao.ingest.model.Defaults`.
        max_mb: a larger file is refused before it is read.

    Raises:
        ImportRefused: the whole file cannot be read; its code says why.
        OSError: the file cannot be opened.
    """
    data = load(path, max_mb)
    return read_bytes(data, path.name, catalogue, Defaults(source, published, tier), today=today)


def load(path: Path, max_mb: int) -> bytes:
    """The bytes of a file that is not too large.

    Raises:
        ImportRefused: ``file_too_large`` or ``file_empty``.
        OSError: the file cannot be opened.
    """
    limit = max_mb << 20
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ImportRefused("file_too_large", file=path.name, limit_mb=max_mb)
    if not data.strip():
        raise ImportRefused("file_empty", file=path.name)
    return data


def read_bytes(data: bytes, name: str, catalogue: Catalogue, defaults: Defaults, *, today: date) -> Reading:
    """Read a file's bytes; arguments and errors as :func:`read_file`."""
    book = reader_for(name).read(data, name)
    issues: list[Issue] = []
    sheets: list[dict[str, Any]] = []
    records: list[Record] = []
    refused = 0
    unread: list[tuple[Sheet, list[str]]] = []
    for sheet in book.sheets:
        if not any(not blank(c) for row in sheet.rows for c in row):
            continue
        table, layout, clash = _recognise(sheet, catalogue, name)
        if clash:
            issues.extend(clash)
            refused += sum(1 for _ in _below(sheet, clash[0].row or 1))
            continue
        if table is None or layout is None:
            unread.append((sheet, _headings_seen(sheet)))
            continue
        sheets.append({"sheet": sheet.name, **table.described()})
        issues.extend(_ignored(table, sheet, name))
        records.extend(layout.records(sheet, table))
    if not sheets and not issues:
        seen = unread[0][1] if unread else []
        raise ImportRefused("layout_unknown", file=name, seen=" | ".join(seen)[:200] or NONE)
    for sheet, _ in unread:
        issues.append(Issue(name, "sheet_not_read", sheet.name, severity="warning"))
    days = any(is_day(r.fields.get("period")) for r in records)
    context = Context(name, catalogue, defaults, today, days)
    candidates: list[Candidate] = []
    for record in records:
        candidate, found = resolve(record, context)
        issues.extend(found)
        if candidate is None:
            refused += 1
        else:
            candidates.append(candidate)
    kept, found, out, repeated = check(candidates, catalogue, name)
    issues.extend(found)
    issues = sorted(_once(issues), key=lambda i: (i.sheet or "", i.row or 0))
    description = {**book.description, "sheets": sheets, "assumed": _assumed(kept, defaults, name, today)}
    return Reading(
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        rows=tuple(kept),
        issues=tuple(issues),
        refused=refused + out,
        repeated=repeated,
        description=description,
    )


def _once(issues: Sequence[Issue]) -> list[Issue]:
    """Issues without repetition: an unknown region is one fault of a wide row, however many of its values it refuses."""
    found = {(i.sheet, i.row, i.column, i.code, i.severity, repr(i.params)): i for i in issues}
    return list(found.values())


def _recognise(
    sheet: Sheet, catalogue: Catalogue, name: str
) -> tuple[Table | None, Layout | None, list[Issue]]:
    """The first row that a layout takes for its heading; issues where that heading could be read in two ways."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS], 1):
        if sum(not blank(c) for c in row) < 2:
            continue
        headings = [read_heading(i, cell, catalogue) for i, cell in enumerate(row)]
        around = _surroundings(sheet, number, catalogue, name)
        single = _first_of_each(headings)
        for layout in LAYOUTS:
            table = layout.recognise(number, single, around)
            if table is not None:
                clash = _ambiguous(headings, number, sheet, name)
                return (None, None, clash) if clash else (table, layout, [])
    return None, None, []


def _first_of_each(headings: Sequence[Heading]) -> list[Heading]:
    seen: set[str] = set()
    found = []
    for h in headings:
        if h.kind == "field" and h.name in seen:
            continue
        seen.add(h.name)
        found.append(h)
    return found


def _ambiguous(headings: Sequence[Heading], row: int, sheet: Sheet, file: str) -> list[Issue]:
    """Headings that mean several things, and things that several headings mean."""
    raw = as_text(sheet.rows[row - 1])
    found = [
        Issue(
            file,
            "heading_ambiguous",
            sheet.name,
            row,
            h.printed,
            {"heading": h.printed, "among": " / ".join(h.among)},
            raw=raw,
        )
        for h in headings
        if h.kind == "ambiguous"
    ]
    by_meaning: dict[tuple[str, str], list[str]] = {}
    for h in headings:
        if h.kind in ("field", "indicator"):
            by_meaning.setdefault((h.kind, h.name), []).append(h.printed)
        elif h.kind == "period":
            by_meaning.setdefault((h.kind, normalise_name(h.printed)), []).append(h.printed)
    for (_, meaning), printed in by_meaning.items():
        if len(printed) > 1:
            params = {"headings": " / ".join(printed), "meaning": meaning}
            found.append(Issue(file, "heading_twice", sheet.name, row, printed[1], params, raw=raw))
    return found


def _below(sheet: Sheet, heading_row: int) -> list[int]:
    table = Table("", heading_row, {}, (), ())
    return [number for number, _ in data_rows(sheet, table)]


def _ignored(table: Table, sheet: Sheet, file: str) -> list[Issue]:
    return [
        Issue(
            file,
            "column_ignored",
            sheet.name,
            table.heading_row,
            h.printed,
            {"heading": h.printed},
            "warning",
        )
        for h in table.ignored
    ]


def _headings_seen(sheet: Sheet) -> list[str]:
    """The row among the first ones that looks most like a heading: the one with most cells of text."""
    rows = sheet.rows[:HEADING_ROWS]
    best = max(rows, key=lambda row: sum(isinstance(c, str) for c in row), default=[])
    return [shown(c) for c in best if not blank(c)]


def _surroundings(sheet: Sheet, heading_row: int, catalogue: Catalogue, file: str) -> Surroundings:
    """What the title says; where it is silent the sheet's name, then the file's."""
    above = [shown(c) for row in sheet.rows[: heading_row - 1] for c in row if not blank(c)]
    found = Surroundings()
    for text in ("\n".join(above), sheet.name or "", Path(file).stem):
        years, periods = search_years(text), search_periods(text)
        if found.year is None and len(years) == 1:
            found = replace(found, year=next(iter(years)))
        if found.period is None and len(periods) == 1:
            found = replace(found, period=next(iter(periods)))
        if years:
            break  # two years in a title are a comparison: a name further out does not settle it
    for text in (*above, sheet.name or ""):
        body, unit = split_unit(text)
        if text.startswith("单位") and known_unit(text.removeprefix("单位").lstrip(":： ")):
            unit = unit_of(text.removeprefix("单位").lstrip(":： "))
        elif found.indicator is None and (looked := catalogue.find_indicator(body).found):
            found = replace(found, indicator=looked)
        if unit and found.unit is None:
            found = replace(found, unit=unit)
    return found


def _assumed(rows: Sequence[Candidate], defaults: Defaults, name: str, today: date) -> dict[str, Any]:
    """What was taken for values that do not say it themselves: the import's options, or the house's defaults."""
    return {
        "tier": str(defaults.tier or Tier.OFFICIAL),
        "tier_from": "option" if defaults.tier else "default",
        "source": defaults.source or name,
        "published": defaults.published.isoformat() if defaults.published else None,
        "known_on_import": sum(r.known_rule == "imported" for r in rows),
        "today": today.isoformat(),
    }
