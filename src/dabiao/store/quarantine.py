"""Refused rows: each is open until it is mended or dismissed, and every step of it is an event. None is ever deleted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from dabiao.store.database import Row, Store

Place = tuple[str, int]
"""Sheet (empty where a file has none) and row."""

OPEN, MENDED, DISMISSED = "open", "mended", "dismissed"
STATES = (OPEN, MENDED, DISMISSED)


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused row of a file.

    Attributes:
        raw: its cells as text.
        reasons: what is wrong: ``{"code", "column", "params"}`` each.
    """

    sheet: str | None
    row: int
    raw: Sequence[str]
    reasons: Sequence[dict[str, Any]]


def add(db: Database, import_id: int, rows: Iterable[Refused]) -> None:
    """Quarantine the rows that an import refused. Inside a write."""
    db.conn.executemany(
        "INSERT INTO quarantine (import_id, sheet, row, raw, reasons, state) VALUES (?, ?, ?, ?, ?, 'open')",
        ((import_id, r.sheet, r.row, _json(list(r.raw)), _json(list(r.reasons))) for r in rows),
    )


def open_of_file(db: Database, sha256: str) -> dict[Place, int]:
    """The open rows of a file, by the sha256 of the bytes that brought them."""
    rows = db.execute(
        """SELECT q.id, q.sheet, q.row FROM quarantine q JOIN imports i ON i.id = q.import_id
           WHERE q.state = 'open' AND i.sha256 = ?""",
        [sha256],
    )
    return {(r["sheet"] or "", r["row"]): r["id"] for r in rows}


def close(
    db: Database, ids: Iterable[int], state: str, at: str, import_id: int | None, note: str = ""
) -> None:
    """Close open rows as ``mended`` (by an import) or ``dismissed`` (with a note). Inside a write."""
    for number in ids:
        db.execute("UPDATE quarantine SET state = ? WHERE id = ? AND state = 'open'", [state, number])
        _event(db, number, state, at, import_id, note, None)


def refuse_again(
    db: Database, number: int, reasons: Sequence[dict[str, Any]], at: str, import_id: int | None
) -> None:
    """Keep a row open, for the reasons of now. One that is refused as before gets no event. Inside a write."""
    now = _json(list(reasons))
    if db.execute("SELECT 1 FROM quarantine WHERE id = ? AND reasons = ?", [number, now]).fetchone():
        return
    db.execute("UPDATE quarantine SET reasons = ? WHERE id = ?", [now, number])
    _event(db, number, "refused_again", at, import_id, "", now)


def listed(
    store: Store, file: str | None = None, code: str | None = None, state: str | None = None
) -> list[Row]:
    """Refused rows with their import, the oldest import first. ``file`` is a part of the file's name."""
    return store.rows(
        f"""{_SELECT} WHERE (:state IS NULL OR q.state = :state) AND (:file IS NULL OR instr(i.file, :file))
            AND (:code IS NULL OR EXISTS (SELECT 1 FROM json_each(q.reasons) WHERE value ->> 'code' = :code))
            ORDER BY q.import_id, ifnull(q.sheet, ''), q.row""",
        {"file": file, "code": code, "state": state},
    )


def by_ids(store: Store, ids: Sequence[int]) -> list[Row]:
    """Those refused rows of some ids that there are."""
    return store.rows(
        f"{_SELECT} WHERE q.id IN (SELECT value FROM json_each(?)) ORDER BY q.import_id, q.row",
        [json.dumps(ids)],
    )


def refused_by(store: Store, import_id: int) -> list[Row]:
    """Every open row of an import."""
    return store.rows(f"{_SELECT} WHERE q.import_id = ? AND q.state = 'open'", [import_id])


def events(store: Store, number: int) -> list[Row]:
    """What has become of a refused row, the oldest step first."""
    return store.rows("SELECT * FROM quarantine_events WHERE quarantine_id = ? ORDER BY id", [number])


def import_of(store: Store, import_id: int) -> Row:
    """An import's record."""
    row = store.row("SELECT * FROM imports WHERE id = ?", [import_id])
    assert row is not None
    return row


_SELECT = """
    SELECT q.*, i.file, i.sha256, i.imported_at, e.event, e.at AS closed_at, e.note, e.import_id AS closed_by,
        b.raw_path AS closed_by_file
    FROM quarantine q JOIN imports i ON i.id = q.import_id
    LEFT JOIN quarantine_events e ON e.quarantine_id = q.id AND e.event IN ('mended', 'dismissed')
    LEFT JOIN imports b ON b.id = e.import_id
"""


def _event(
    db: Database, number: int, event: str, at: str, import_id: int | None, note: str, reasons: str | None
) -> None:
    db.execute(
        """INSERT INTO quarantine_events (quarantine_id, event, at, import_id, note, reasons) VALUES (?, ?, ?, ?, ?, ?)""",
        [number, event, at, import_id, note, reasons],
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
