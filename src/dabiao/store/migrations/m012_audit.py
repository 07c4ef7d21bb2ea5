"""The chained audit table; alerts as what their events make of them."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from dabiao.domain.chain import BEGINNING, canonical, link
from dabiao.store.migrations.steps import migrations, run


@migrations()
def m012_audit(db: Database) -> None:
    """The audit table with its first row; alerts and acknowledgements are carried over as events of it."""
    at = db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')").fetchone()[0]
    old = [_named(r) for r in db.execute("SELECT * FROM alerts ORDER BY id").fetchall()]
    said = [_named(r) for r in db.execute("SELECT * FROM alert_acknowledgements ORDER BY id").fetchall()]
    counts = {
        name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in ("imports", "assessments", "decisions", "reports", "alerts", "alert_acknowledgements")
    }
    run(
        db,
        """
        DROP TABLE alert_acknowledgements;
        DROP TABLE alerts;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
            details TEXT NOT NULL CHECK (json_valid(details)), previous TEXT NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_subject ON audit (subject, id);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
        CREATE TRIGGER audit_one_chain BEFORE INSERT ON audit
            WHEN NEW.id IS NOT (SELECT ifnull(max(id), 0) + 1 FROM audit)
                OR NEW.previous IS NOT ifnull((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), printf('%064d', 0))
            BEGIN SELECT RAISE(ABORT, 'an audit row follows the last one'); END;
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('target', 'data')), cause TEXT NOT NULL,
            key TEXT NOT NULL, state TEXT NOT NULL
                CHECK (state IN ('pending', 'open', 'dropped', 'cleared', 'expired', 'withdrawn')),
            severity TEXT NOT NULL CHECK (severity IN ('high', 'medium', 'low')), as_of TEXT NOT NULL, target_id TEXT,
            target_version INTEGER, from_status TEXT, to_status TEXT, attainment REAL, assessment_id INTEGER,
            lead_units TEXT NOT NULL CHECK (json_valid(lead_units)), level INTEGER NOT NULL, counter INTEGER NOT NULL,
            counted TEXT, evidence TEXT NOT NULL CHECK (json_valid(evidence)),
            quiet INTEGER NOT NULL CHECK (quiet IN (0, 1)), reason TEXT, raised_at TEXT, acknowledged_by TEXT,
            acknowledged_at TEXT, note TEXT, due TEXT, snoozed_until TEXT, cleared_at TEXT, final_status TEXT,
            params TEXT NOT NULL CHECK (json_valid(params)), audit_id INTEGER NOT NULL REFERENCES audit (id),
            CHECK ((kind = 'target') = (target_id IS NOT NULL)),
            CHECK ((state IN ('pending', 'open')) = (cleared_at IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX alerts_standing ON alerts (cause, key) WHERE state IN ('pending', 'open');
        CREATE INDEX alerts_key ON alerts (key, cause);
        DROP INDEX assessments_target;
        CREATE INDEX assessments_target ON assessments (target_id, as_of, status);
        CREATE INDEX assessments_reopened ON assessments (id) WHERE instr(content, '"reopened": [');
        """,
    )
    chain = _Chain(db, at)
    chain.add("store.chained", "store:1", {"rows": counts})
    for row in old:
        _carry(chain, row, [s for s in said if s["alert_id"] == row["id"]])


def _named(row: Any) -> dict[str, Any]:
    return dict(zip(row.keys(), tuple(row), strict=True))


class _Chain:
    """Appends rows as this step's table wants them."""

    def __init__(self, db: Database, at: str) -> None:
        self.db, self.at, self.number, self.digest = db, at, 0, BEGINNING

    def add(self, action: str, subject: str, details: dict[str, Any]) -> int:
        self.number += 1
        previous = self.digest
        text = canonical(details)
        self.digest = link(previous, self.number, self.at, "system", action, subject, text)
        self.db.execute(
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [self.number, self.at, "system", action, subject, text, previous, self.digest],
        )
        return self.number


def _carry(chain: _Chain, row: dict[str, Any], said: list[dict[str, Any]]) -> None:
    """An alert of before as an event, each acknowledgement as another, and the row that they make."""
    made: dict[str, Any] = {
        "kind": "target",
        "cause": row["to_status"],
        "key": row["target_id"],
        "state": "open" if row["cleared_at"] is None else "cleared",
        "severity": row["severity"],
        "as_of": row["as_of"],
        "target_id": row["target_id"],
        "target_version": _version(chain.db, row["assessment_id"]),
        "from_status": row["from_status"],
        "to_status": row["to_status"],
        "attainment": row["attainment"],
        "assessment_id": row["assessment_id"],
        "lead_units": json.loads(row["lead_units"]),
        "level": 1,
        "counter": 0,
        "counted": row["as_of"][:7],
        "raised_at": row["raised_at"],
        "cleared_at": row["cleared_at"],
    }
    subject = f"alert:{row['id']}"
    last = chain.add("alert.carried", subject, made)
    for word in said:
        changes = {"acknowledged_by": word["by"], "acknowledged_at": word["at"], "note": word["note"] or None}
        last = chain.add("alert.acknowledged", subject, changes)
        made |= changes
    empty = {"evidence": "[]", "quiet": 0, "params": "{}"}
    stored = {**made, **empty, "id": row["id"], "audit_id": last, "lead_units": canonical(made["lead_units"])}
    chain.db.table("alerts").insert(stored)


def _version(db: Database, assessment_id: int) -> int | None:
    found = db.execute("SELECT target_version FROM assessments WHERE id = ?", [assessment_id]).fetchone()
    return None if found is None else int(found[0])
