"""API tokens by the digest of their secret."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from dabiao.store.database import Row, Store


def insert(db: Database, row: dict[str, Any]) -> int:
    """Keep a token; its number is given here."""
    db.table("tokens").insert(row)
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def find(store: Store, digest: str) -> Row | None:
    """The token of a secret, with its account's columns beside its own."""
    return store.row(
        """SELECT t.rights, t.ends_at, t.revoked_at, a.* FROM tokens t JOIN accounts a ON a.id = t.account_id
           WHERE t.digest = ?""",
        [digest],
    )


def revoke(db: Database, number: int, at: str) -> Row | None:
    """Revoke a token; ``None`` if there is none of that number that still stands."""
    found: Row | None = db.execute(
        "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING *", [at, number]
    ).fetchone()
    return found


def listed(store: Store) -> list[Row]:
    """Every token with its account's name, the newest first; never the secret, which is not kept."""
    return store.rows(
        """SELECT t.id, t.label, a.name AS account, t.rights, t.created_at, t.ends_at, t.revoked_at
           FROM tokens t JOIN accounts a ON a.id = t.account_id ORDER BY t.id DESC"""
    )
