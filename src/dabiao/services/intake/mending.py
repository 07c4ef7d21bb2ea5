"""Mended rows back to where they came from.

A mended row is put in its place in the kept original file, and that file is read again: its title, headings, merged cells and
neighbours mean for the row what they meant at first. What goes in then bears the original file's name, source and row; the
import that brings it names both files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from dabiao.domain.observation import Tier
from dabiao.errors import ImportRefused
from dabiao.ingest.mapping import Mapping as MappingFile
from dabiao.ingest.model import Defaults, Reading
from dabiao.ingest.read import read_book
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import Book, Cell, Hole, Sheet, shown
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.services.intake.importing import ImportResult, store_reading
from dabiao.services.intake.quarantine import refused_rows
from dabiao.services.intake.quarantine_files import MendedRow, headings_of, mended_rows
from dabiao.store import quarantine as table
from dabiao.store.database import Row
from dabiao.store.quarantine import Place, Refused

_HEAD = 1 << 20
"""Of a text file larger than this, only the first part is read again: title and headings stand there."""


@dataclass(frozen=True, slots=True)
class _Patch:
    """Mended rows of one import, by place: the refused row's id and its cells; and the headings, where those were mended."""

    rows: Mapping[Place, tuple[int, Sequence[str], Sequence[str]]]
    headings: Mapping[str, tuple[int, Sequence[str]]]
    blank: frozenset[Place]


def import_mended(app: App, name: str, data: bytes, *, now: datetime, dry_run: bool = False) -> ImportResult:
    """Import mended rows; see the module.

    Each row that is taken closes its refused row as mended; one that is wrong again stays open, with the reason of now. A
    row that is closed already is unchanged. A refused row that the file leaves out stays as it is.

    Raises:
        ImportRefused: the file is damaged, an id is unknown or stands twice, or an original file is gone.
    """
    rows = mended_rows(data, name, app.settings.limits)
    held = table.by_ids(app.store, [r.id for r in rows])
    stored = {r["id"]: r for r in held if visible.imported(app, r["import_id"])}
    if unknown := [r for r in rows if r.id not in stored]:
        raise ImportRefused("quarantine_id_wrong", file=name, row=unknown[0].line, text=str(unknown[0].id))
    mends: dict[int, list[MendedRow]] = {}
    closed = 0
    for r in rows:
        if stored[r.id]["state"] == table.OPEN:
            mends.setdefault(stored[r.id]["import_id"], []).append(r)
        else:
            closed += 1
    sha256 = hashlib.sha256(data).hexdigest()
    results = []
    for import_id, mended in mends.items():
        original = table.import_of(app.store, import_id)
        patch = _patch(app, original, mended, stored, name)
        defaults = _defaults(original)
        reading = _read(app, original, patch, defaults, app.today(now), sha256, len(data))
        ids = sorted(number for number, _, _ in patch.rows.values())
        mended_from = {"import_id": import_id, "file": name, "quarantine": ids}
        reading = replace(reading, description={**reading.description, "mends": mended_from})
        results.append(_store(app, reading, patch, name, data, defaults, now, dry_run))
    return _together(name, sha256, results, closed, dry_run)


def _patch(
    app: App, original: Row, mended: Sequence[MendedRow], stored: Mapping[int, Row], name: str
) -> _Patch:
    rows: dict[Place, tuple[int, Sequence[str], Sequence[str]]] = {}
    headings: dict[str, tuple[int, Sequence[str]]] = {}
    for m in mended:
        held = stored[m.id]
        raw = json.loads(held["raw"])
        at, known = headings_of(original, held["sheet"], len(raw))
        cells, changed = m.under(known, name)
        rows[held["sheet"] or "", held["row"]] = (m.id, raw, cells)
        if changed and at is not None:
            headings[held["sheet"] or ""] = (at, changed)
    still_out = {(r["sheet"] or "", r["row"]) for r in table.refused_by(app.store, original["id"])}
    return _Patch(rows, headings, frozenset(still_out - rows.keys()))


def _defaults(original: Row) -> Defaults:
    """What stood for the original file's values that do not say otherwise."""
    reading = json.loads(original["reading"])
    assumed = reading["assumed"]
    return Defaults(
        assumed["source"],
        date.fromisoformat(assumed["published"]) if assumed["published"] else None,
        Tier(assumed["tier"]) if assumed["tier_from"] == "option" else None,
        MappingFile.from_json(reading.get("mapping")),
    )


def _read(
    app: App, original: Row, patch: _Patch, defaults: Defaults, today: date, sha256: str, size: int
) -> Reading:
    """What the original file says in the mended rows, once they are in their place."""
    book = _original(app, original)
    sheets = tuple(_patched(sheet, patch) for sheet in book.sheets)
    whole = read_book(
        Book(sheets, book.description),
        original["file"],
        app.catalogue,
        defaults,
        today=today,
        sha256=sha256,
        size=size,
    )
    issues = tuple(i for i in (*whole.issues, *whole.held) if (i.sheet or "", i.row) in patch.rows)
    return replace(
        whole,
        rows=tuple(c for c in whole.rows if (c.sheet or "", c.row) in patch.rows),
        issues=issues,
        refused=len({(i.sheet, i.row, i.column) for i in issues if i.severity == "error"}),
        repeated=0,
        ignored=0,
        held=(),
    )


def _original(app: App, original: Row) -> Book:
    """The kept original file; of a long text only its head."""
    path = app.paths.home / (original["raw_path"] or "")
    try:
        with path.open("rb") as file:
            sound = hashlib.file_digest(file, "sha256").hexdigest() == original["sha256"]
            file.seek(0)
            data = file.read()
    except OSError:
        sound, data = False, b""
    if not sound:
        raise ImportRefused("quarantine_raw_missing", file=original["file"], path=str(path))
    reader = reader_for(original["file"])
    text = json.loads(original["reading"]).get("format") == "text"
    if text and len(data) > _HEAD and b"\0" not in data[:_HEAD]:
        try:
            return reader.read(data[: data.rfind(b"\n", 0, _HEAD) + 1], original["file"], app.settings.limits)
        except ImportRefused:
            pass  # cut within a quoted cell: read it whole
    return reader.read(data, original["file"], app.settings.limits)


def _patched(sheet: Sheet, patch: _Patch) -> Sheet:
    name = sheet.name or ""
    rows = list(sheet.rows)
    last = max((row for where, row in patch.rows if where == name), default=0)
    rows += [[]] * (last - len(rows))
    for where, row in patch.blank:
        if where == name and row <= len(rows):
            rows[row - 1] = []
    for (where, row), (_, raw, cells) in patch.rows.items():
        if where == name:
            rows[row - 1] = _cells(rows[row - 1], raw, cells)
    if name in patch.headings:
        at, texts = patch.headings[name]
        rows[at - 1] = [text or None for text in texts]
    return replace(sheet, rows=rows)


def _cells(old: Sequence[Cell | Hole], raw: Sequence[str], new: Sequence[str]) -> list[Cell | Hole]:
    """A row with its mended cells. A cell that nobody touched stays what it was: a date stays a date."""
    found: list[Cell | Hole] = []
    for i, text in enumerate(new):
        same = text == (raw[i] if i < len(raw) else "")
        kept = i < len(old) and shown(old[i]) == text
        found.append(old[i] if same and kept else text or None)
    return found


def _store(
    app: App,
    reading: Reading,
    patch: _Patch,
    name: str,
    data: bytes,
    defaults: Defaults,
    now: datetime,
    dry_run: bool,
) -> ImportResult:
    tried = store_reading(app, reading, name, data, defaults, now=now, dry_run=True)
    again = {_place(r): r for r in refused_rows(tried.issues)}
    if dry_run or all(_as_before(app, patch, place, again) for place in patch.rows):
        return tried

    def close(db: Database, import_id: int, result: ImportResult) -> None:
        wrong = {_place(r): r for r in refused_rows(result.issues)}
        good = [number for place, (number, _, _) in patch.rows.items() if place not in wrong]
        table.close(db, good, table.MENDED, stamp(now), import_id)
        for place, refused in wrong.items():
            table.refuse_again(db, patch.rows[place][0], refused.reasons, stamp(now), import_id)

    return store_reading(app, reading, name, data, defaults, now=now, then=close)


def _as_before(app: App, patch: _Patch, place: Place, again: Mapping[Place, Refused]) -> bool:
    """Whether a row is refused for the very reasons for which it is quarantined."""
    if place not in again:
        return False
    held = table.by_ids(app.store, [patch.rows[place][0]])[0]
    now: list[dict[str, Any]] = json.loads(json.dumps(list(again[place].reasons), default=str))
    return bool(now == json.loads(held["reasons"]))


def _place(r: Refused) -> Place:
    return (r.sheet or "", r.row)


def _together(
    name: str, sha256: str, results: Sequence[ImportResult], closed: int, dry_run: bool
) -> ImportResult:
    return ImportResult(
        file=name,
        sha256=sha256,
        accepted=sum(r.accepted for r in results),
        revised=sum(r.revised for r in results),
        unchanged=closed + sum(r.unchanged for r in results),
        refused=sum(r.refused for r in results),
        issues=tuple(i for r in results for i in r.issues),
        reading={"mended": [dict(r.reading) for r in results]},
        dry_run=dry_run,
    )
