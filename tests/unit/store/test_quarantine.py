"""Rows that were refused before there was a quarantine."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from dabiao.services.intake.quarantine import quarantine_json
from dabiao.store import Store
from dabiao.store import quarantine as table
from dabiao.store.migrations import migrations


def test_rows_refused_earlier_are_taken_over_as_open(tmp_path: Path) -> None:
    """A store of before is brought forward with each refused row once, all its reasons, and no warning among them."""
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    old = Database(connection)
    migrations.apply(old, stop_before="m007_quarantine")
    old.execute("PRAGMA user_version = 6")
    old.execute(
        """INSERT INTO imports (id, file, sha256, size, imported_at, reading, accepted, revised, unchanged, refused, warned)
           VALUES (1, 'a.csv', 'x', 1, '2026-01-01T00:00:00Z', '{}', 0, 0, 0, 2, 1)"""
    )
    for row, column, code, params, severity in (
        (3, "地区", "region_missing", {}, "error"),
        (3, "数值", "value_damaged", {"text": "61.%"}, "error"),
        (4, None, "row_too_long", {}, "error"),
        (5, "数值", "row_repeated", {"row": 2}, "warning"),
        (None, None, "sheet_not_read", {}, "error"),
    ):
        old.execute(
            'INSERT INTO issues (import_id, sheet, row, "column", code, params, severity, raw) VALUES (1, NULL, ?, ?, ?, ?, ?, ?)',
            [row, column, code, json.dumps(params), severity, '["吉林", "61.%"]'],
        )
    old.close()
    store = Store.create(path)
    rows = [quarantine_json(r, "en") for r in table.listed(store)]
    assert [(r["row"], r["state"], r["codes"]) for r in rows] == [
        (3, "open", ["region_missing", "value_damaged"]),
        (4, "open", ["row_too_long"]),
    ]
    assert rows[0]["raw"] == ["吉林", "61.%"]
    assert "61.%" in rows[0]["message"]
    store.close()
