"""Notices that were made, and the outbox: which of them is on its way to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from dabiao.store.database import Row, Store


def made(store: Store, period: str, scope: str, lang: str) -> Row | None:
    """The notice of a period, scope and language, if it was made."""
    return store.row(
        "SELECT * FROM notices WHERE period = ? AND scope = ? AND lang = ?", [period, scope, lang]
    )


def record(store: Store, notice: Mapping[str, object], files: Sequence[Mapping[str, str]]) -> None:
    """Keep a notice; one of its period, scope and language that is there already stays as it is."""
    row = {**notice, "files": json.dumps(files, ensure_ascii=False)}
    with store.write() as db:
        db.table("notices").insert(row, ignore=True)


def enqueue(store: Store, rows: Sequence[dict[str, object]]) -> int:
    """Put deliveries in the outbox; one whose key is there is not put there again. Returns how many were new."""
    with store.write() as db:
        before = db.execute("SELECT count(*) FROM deliveries").fetchone()[0]
        db.table("deliveries").insert_all(rows, ignore=True)
        return int(db.execute("SELECT count(*) FROM deliveries").fetchone()[0] - before)


def due(store: Store, now: str) -> list[Row]:
    """Deliveries whose time has come, the oldest first; one that was cut off while it was sent is among them at once."""
    return store.rows(
        """SELECT d.*, n.title, n.period, n.lang, n.as_of, n.checksum, n.files FROM deliveries d
           JOIN notices n ON n.id = d.notice_id
           WHERE d.state = 'sending' OR (d.state = 'waiting' AND d.next_at <= ?) ORDER BY d.id""",
        [now],
    )


def begin(store: Store, delivery: int) -> None:
    """Mark a delivery as being sent: after a crash it shows that it may have arrived."""
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?", [delivery]
        )


def end(store: Store, delivery: int, state: str, *, at: str = "", error: str = "") -> None:
    """How an attempt ended: ``sent`` at ``at``, ``waiting`` until ``at``, or ``failed``."""
    with store.write() as db:
        db.execute(
            """UPDATE deliveries SET state = :state, error = :error,
                   sent_at = CASE WHEN :state = 'sent' THEN :at END,
                   next_at = CASE WHEN :state = 'waiting' THEN :at ELSE next_at END
               WHERE id = :id AND state = 'sending'""",
            {"state": state, "error": error, "at": at, "id": delivery},
        )


def again(store: Store, delivery: int, now: str) -> bool:
    """Let a failed delivery be tried anew; false if there is no failed one of that id."""
    with store.write() as db:
        found = db.execute(
            "UPDATE deliveries SET state = 'waiting', attempts = 0, next_at = ? WHERE id = ? AND state = 'failed'",
            [now, delivery],
        )
        return bool(found.rowcount)


def listed(store: Store, limit: int) -> list[Row]:
    """Deliveries, the newest first."""
    return store.rows(
        """SELECT d.*, n.title, n.period, n.lang FROM deliveries d JOIN notices n ON n.id = d.notice_id
           ORDER BY d.id DESC LIMIT ?""",
        [limit],
    )
