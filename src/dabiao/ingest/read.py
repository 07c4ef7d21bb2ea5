"""A file → a :class:`~dabiao.ingest.model.Reading`. One wrong row never stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.domain.observation import Tier
from dabiao.errors import ImportRefused
from dabiao.ingest.checks import check
from dabiao.ingest.layouts.interface import Table, as_text
from dabiao.ingest.mapping import EMPTY, Mapping
from dabiao.ingest.model import Candidate, Defaults, Reading, Record
from dabiao.ingest.periods import Grain, grain_of
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import LIMITS, Book, Limits, Sheet, blank
from dabiao.ingest.records import Counted, Reader, data_rows
from dabiao.ingest.resolve import Context, resolve
from dabiao.ingest.tables import Finder
from dabiao.ingest.unfolding import unfolded
from dabiao.ingest.unread import refusal

_FEW = 3  # rows; of fewer, each is refused for itself


def read_file(
    path: Path,
    catalogue: Catalogue,
    *,
    today: date,
    source: str | None = None,
    published: date | None = None,
    tier: Tier | None = None,
    mapping: Mapping = EMPTY,
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
        mapping: what a mapping file settles.
        max_mb: a larger file is refused before it is read.

    Raises:
        ImportRefused: the whole file cannot be read; its code says why.
        OSError: the file cannot be opened.
    """
    data = load(path, max_mb)
    return read_bytes(data, path.name, catalogue, Defaults(source, published, tier, mapping), today=today)


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


def read_bytes(
    data: bytes,
    name: str,
    catalogue: Catalogue,
    defaults: Defaults,
    *,
    today: date,
    limits: Limits = LIMITS,
) -> Reading:
    """Read a file's bytes; arguments and errors as :func:`read_file`, and ``limits`` to what reading may cost."""
    book = reader_for(name).read(data, name, limits)
    digest = hashlib.sha256(data).hexdigest()
    return read_book(book, name, catalogue, defaults, today=today, sha256=digest, size=len(data))


def read_book(
    book: Book, name: str, catalogue: Catalogue, defaults: Defaults, *, today: date, sha256: str, size: int
) -> Reading:
    """Read the sheets of a file; ``sha256`` and ``size`` are of the bytes that they came from."""
    found = _Tables()
    for sheet in book.sheets:
        if any(not blank(c) for row in sheet.rows for c in row):
            _read_sheet(sheet, name, catalogue, defaults, found)
    if not found.sheets and not found.issues:
        raise refusal([sheet for sheet, _ in found.unread], name, catalogue, book.description.get("encoding"))
    for sheet, wanted in found.unread:
        if wanted:
            found.issues.append(Issue(name, "sheet_not_read", sheet.name, severity="warning"))
    for hidden in book.description.get("hidden_sheets", ()):
        found.issues.append(Issue(name, "sheet_hidden", hidden, severity="warning"))
    context = Context(name, catalogue, defaults, today, grain_of_all(found.records))
    candidates: list[Candidate] = []
    refused = found.refused
    for record in found.records:
        candidate, issues = resolve(record, context)
        found.issues.extend(issues)
        if candidate is None:
            refused += 1
        else:
            candidates.append(candidate)
    kept, issues, out, repeated = check(candidates, catalogue, name)
    found.issues.extend(issues)
    return Reading(
        file=name,
        sha256=sha256,
        size=size,
        rows=tuple(kept),
        issues=tuple(sorted(_once(found.issues), key=lambda i: (i.sheet or "", i.row or 0))),
        refused=refused + out,
        repeated=repeated,
        description={
            **book.description,
            "sheets": found.sheets,
            "headings": found.headings,
            "mapping": defaults.mapping.to_json(),
            "assumed": assumed(sum(c.known_rule == "imported" for c in kept), defaults, name, today),
            "ignored": found.ignored,
        },
        ignored=found.ignored,
        held=tuple(found.held),
    )


@dataclass(slots=True)
class _Tables:
    """What the sheets of a file gave. ``unread``: sheets without a table, and whether one was looked for."""

    sheets: list[dict[str, Any]] = field(default_factory=list)
    headings: dict[str, dict[str, Any]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    held: list[Issue] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    unread: list[tuple[Sheet, bool]] = field(default_factory=list)
    refused: int = 0
    ignored: int = 0


def _read_sheet(sheet: Sheet, name: str, catalogue: Catalogue, defaults: Defaults, found: _Tables) -> None:
    mapping = defaults.mapping
    if not mapping.reads(sheet.name):
        found.unread.append((sheet, False))
        return
    sheet = unfolded(sheet, name, catalogue)
    here = Finder(sheet, catalogue, name, mapping).find()
    found.issues.extend(here.issues)
    for table, issue in here.clashes:
        below = _each_row(sheet, table, issue)
        found.held.extend(below)
        found.headings.setdefault(sheet.name or "", {"row": issue.row, "cells": list(issue.raw)})
        found.refused += len(below)
    if not here.tables and not here.issues:
        found.unread.append((sheet, True))
    for table in here.tables:
        counted = Counted()
        records = list(Reader(sheet, table, name, mapping).records(counted))
        if shifted := _shifted(records, table, name):
            found.issues.append(shifted)
            found.held.extend(_each_row(sheet, table, shifted))
            found.refused += len({r.row for r in records})
            continue
        found.sheets.append({"sheet": sheet.name, **table.described()})
        found.ignored += counted.ignored
        found.issues.extend(counted.issues)
        if table.heading_row:
            cells = list(as_text(sheet.rows[table.heading_row - 1]))
            found.headings.setdefault(sheet.name or "", {"row": table.heading_row, "cells": cells})
        found.records.extend(records)


def _each_row(sheet: Sheet, table: Table, issue: Issue) -> list[Issue]:
    """The issue of a whole table, once for each of its rows: refused with it, each kept with its cells."""
    return [
        replace(issue, row=number, column=None, raw=as_text(row)) for number, row in data_rows(sheet, table)
    ]


def _shifted(records: Sequence[Record], table: Table, file: str) -> Issue | None:
    """The issue of a table whose every row is longer than its heading: what stands under which heading is not known."""
    rows = {r.row: r for r in records}
    if len(rows) < _FEW or not all("overflow" in r.fields for r in rows.values()):
        return None
    first = next(iter(rows.values()))
    extra = len(first.raw) - table.edge
    return Issue(
        file,
        "columns_shifted",
        first.sheet,
        table.heading_row or None,
        params={"extra": extra},
        raw=first.raw,
    )


def _once(issues: Sequence[Issue]) -> list[Issue]:
    """Issues without repetition: an unknown region is one fault of a wide row, however many of its values it refuses."""
    found = {(i.sheet, i.row, i.column, i.code, i.severity, repr(i.params)): i for i in issues}
    return list(found.values())


def grain_of_all(records: Sequence[Record]) -> Grain:
    """The finest stretch of time among a file's records: with one day among them, the first of a month is a day too."""
    grains = {grain_of(r.fields.get("period")) for r in records}
    if "hour" in grains or any(not blank(r.fields.get("hour")) for r in records):
        return "hour"
    return "day" if "day" in grains else "month"


def assumed(imported: int, defaults: Defaults, name: str, today: date) -> dict[str, Any]:
    """What was taken for values that do not say it themselves: the import's options, or the house's defaults.

    ``imported``: how many values are known from the day of import only.
    """
    return {
        "tier": str(defaults.tier or Tier.OFFICIAL),
        "tier_from": "option" if defaults.tier else "default",
        "source": defaults.source or name,
        "published": defaults.published.isoformat() if defaults.published else None,
        "known_on_import": imported,
        "today": today.isoformat(),
    }
