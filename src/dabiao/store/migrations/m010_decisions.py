"""Final statuses: a row a version, never changed; and what has happened to them since."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m010_decisions(db: Database) -> None:
    """Final statuses, and what has happened to them since."""
    run(
        db,
        """
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY, target_id TEXT NOT NULL, version INTEGER NOT NULL, target_version INTEGER NOT NULL,
            as_of TEXT NOT NULL, status TEXT CHECK (status IN ('met', 'missed')),
            provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)), period TEXT, value TEXT, digest TEXT NOT NULL,
            evidence TEXT NOT NULL CHECK (json_valid(evidence)), by TEXT NOT NULL, note TEXT NOT NULL,
            recorded_at TEXT NOT NULL, program TEXT NOT NULL, UNIQUE (target_id, version),
            FOREIGN KEY (target_id, target_version) REFERENCES target_versions (target_id, version)
        ) STRICT;
        CREATE TABLE decision_events (
            id INTEGER PRIMARY KEY, target_id TEXT NOT NULL, version INTEGER NOT NULL,
            event TEXT NOT NULL CHECK (event IN ('decided', 'changed', 'settled', 'lapsed', 'reopened', 'restored',
                'withdrawn', 'confirmed')),
            why TEXT, as_of TEXT NOT NULL, period TEXT, from_status TEXT, to_status TEXT, from_value TEXT, to_value TEXT,
            digest TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, recorded_at TEXT NOT NULL,
            FOREIGN KEY (target_id, version) REFERENCES decisions (target_id, version)
        ) STRICT;
        CREATE INDEX decision_events_target ON decision_events (target_id, id);
        """,
    )
