"""The files that were imported, and every issue of their rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from dabiao.store import audit
from dabiao.store.database import Row, Store


def import_by_sha256(store: Store, sha256: str) -> Row | None:
    """The first import of a file with these bytes."""
    return store.row("SELECT * FROM imports WHERE sha256 = ? ORDER BY id LIMIT 1", [sha256])


def import_by_reading(store: Store, sha256: str, key: str) -> Row | None:
    """The last import of a file with these bytes that was read by this key."""
    return store.row(
        "SELECT * FROM imports WHERE sha256 = ? AND reading_key = ? ORDER BY id DESC LIMIT 1", [sha256, key]
    )


def issue_codes(store: Store, import_id: int) -> set[str]:
    """The codes of an import's issues."""
    return {
        r["code"] for r in store.rows("SELECT DISTINCT code FROM issues WHERE import_id = ?", [import_id])
    }


def issue_count(store: Store, import_id: int) -> int:
    """How many issues an import has."""
    row = store.row("SELECT count(*) AS n FROM issues WHERE import_id = ?", [import_id])
    return int(row["n"]) if row else 0


def issues_of(store: Store, import_id: int, limit: int) -> list[Row]:
    """The first issues of an import, by row."""
    return store.rows("SELECT * FROM issues WHERE import_id = ? ORDER BY row, id LIMIT ?", [import_id, limit])


def record_import(db: Database, row: dict[str, Any]) -> int:
    """Append an import's row and give its id. Inside a write."""
    db.table("imports").insert(row)
    number = int(db.execute("SELECT last_insert_rowid()").fetchone()[0])
    told = ("file", "sha256", "accepted", "revised", "unchanged", "refused")
    entry = audit.Entry(
        audit.SYSTEM, "import.recorded", f"import:{number}", {name: row[name] for name in told}
    )
    audit.append(db, row["imported_at"], [entry])
    return number


def record_issues(db: Database, import_id: int, issues: Iterable[dict[str, Any]]) -> None:
    """Keep every refused or warned row with its cells, however many there are. Inside a write."""
    db.conn.executemany(
        """INSERT INTO issues (import_id, sheet, row, column, code, params, severity, raw)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (
                import_id,
                *(i[name] for name in ("sheet", "row", "column", "code")),
                json.dumps(i["params"], ensure_ascii=False),
                i["severity"],
                json.dumps(i["raw"], ensure_ascii=False),
            )
            for i in issues
        ),
    )
