"""Sessions by the digest of their secret, and how often a sign-in failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from dabiao.store.database import Row, Store


def insert(db: Database, row: dict[str, Any]) -> int:
    """Keep a session; its number is given here."""
    db.table("sessions").insert(row)
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def find(store: Store, digest: str) -> Row | None:
    """The session of a secret, with its account's columns beside its own."""
    return store.row(
        """SELECT s.id AS session_id, s.seen_at, s.ends_at, a.* FROM sessions s JOIN accounts a ON a.id = s.account_id
           WHERE s.digest = ?""",
        [digest],
    )


def seen(store: Store, number: int, at: str) -> None:
    """Note when a session was last used."""
    with store.write() as db:
        db.execute("UPDATE sessions SET seen_at = max(seen_at, ?) WHERE id = ?", [at, number])


def of_account(store: Store, account: int) -> list[Row]:
    """The sessions of an account, the one used last first."""
    return store.rows("SELECT * FROM sessions WHERE account_id = ? ORDER BY seen_at DESC, id DESC", [account])


def end(db: Database, account: int, number: int) -> bool:
    """End one session of an account; false if it has none of that number."""
    return bool(
        db.execute("DELETE FROM sessions WHERE id = ? AND account_id = ?", [number, account]).rowcount
    )


def end_all(db: Database, account: int, but: int | None = None) -> int:
    """End the sessions of an account, all or all but one; returns how many there were."""
    return int(
        db.execute("DELETE FROM sessions WHERE account_id = ? AND id IS NOT ?", [account, but]).rowcount
    )


def forget(db: Database, idle_since: str, now: str) -> None:
    """Delete sessions that are over."""
    db.execute("DELETE FROM sessions WHERE seen_at < ? OR ends_at <= ?", [idle_since, now])


def failures(store: Store, key: str) -> Row | None:
    """How often in a row something failed to sign in, and until when it must wait."""
    return store.row("SELECT * FROM failed_sign_ins WHERE key = ?", [key])


def set_failures(db: Database, key: str, count: int, at: str, until: str) -> None:
    """Note failures in a row."""
    db.execute("INSERT OR REPLACE INTO failed_sign_ins VALUES (?, ?, ?, ?)", [key, count, at, until])


def clear_failures(db: Database, keys: Iterable[str], before: str) -> None:
    """Forget the failures of these keys, and those whose last lies before a moment."""
    db.conn.executemany("DELETE FROM failed_sign_ins WHERE key = ?", [[key] for key in keys])
    db.execute("DELETE FROM failed_sign_ins WHERE at < ? AND until < ?", [before, before])
