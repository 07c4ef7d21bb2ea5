"""Assessments as stored: a row a target and change."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dabiao.store.database import Row, Store


def latest_assessments(store: Store) -> dict[str, Row]:
    """The last stored assessment of each target."""
    return {
        r["target_id"]: r
        for r in store.rows(
            "SELECT * FROM assessments WHERE id IN (SELECT max(id) FROM assessments GROUP BY target_id)"
        )
    }


def last_digests(store: Store, names: Collection[str]) -> dict[str, str]:
    """The digest of the last stored assessment of some targets."""
    found = store.rows(
        """SELECT j.value AS target_id, (SELECT a.digest FROM assessments a WHERE a.target_id = j.value
               ORDER BY a.id DESC LIMIT 1) AS digest FROM json_each(?) j""",
        [json.dumps(list(names))],
    )
    return {r["target_id"]: r["digest"] for r in found if r["digest"] is not None}


def assessment_history(store: Store, target_id: str) -> list[Row]:
    """Stored assessments of one target, the oldest first: a row a change."""
    return store.rows("SELECT * FROM assessments WHERE target_id = ? ORDER BY id", [target_id])


def record_assessments(store: Store, rows: Sequence[Mapping[str, Any]]) -> int:
    """Append assessments, one transaction; all with the same columns in the same order. Returns how many."""
    if rows:
        names = list(rows[0])
        marks = ", ".join("?" * len(names))
        with store.write() as db:
            db.conn.executemany(
                f"INSERT INTO assessments ({', '.join(names)}) VALUES ({marks})",
                [tuple(row.values()) for row in rows],
            )
    return len(rows)


def inputs(store: Store) -> str:
    """What a judgement hangs on in the store, as a word that changes whenever it does; equal for all who see one state."""
    row = store.row(
        """SELECT (SELECT last FROM id_counters WHERE name = 'observations') AS o,
               (SELECT ifnull(max(id), 0) FROM reports) AS r, (SELECT count(*) FROM report_withdrawals) AS w,
               (SELECT count(*) FROM target_versions) AS t, (SELECT ifnull(max(loaded_at), '') FROM declared_files) AS d,
               (SELECT count(*) FROM declared_files) AS f, (SELECT ifnull(max(id), 0) FROM decision_events) AS v"""
    )
    assert row is not None
    return "-".join(str(v) for v in tuple(row))
