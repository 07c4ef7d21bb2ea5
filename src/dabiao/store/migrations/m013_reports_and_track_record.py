"""Reports with their evidence and who entered them; and what the service has said beside what came."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m013_reports_and_track_record(db: Database) -> None:
    """Reports with their evidence and who entered them; and what the service has said beside what came."""
    run(
        db,
        """
        ALTER TABLE reports RENAME COLUMN by TO unit;
        ALTER TABLE reports ADD COLUMN entered_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE reports ADD COLUMN evidence_kind TEXT NOT NULL DEFAULT 'text'
            CHECK (evidence_kind IN ('text', 'url', 'file'));
        ALTER TABLE reports ADD COLUMN evidence_sha256 TEXT;
        ALTER TABLE reports ADD COLUMN supersedes INTEGER;
        CREATE TABLE report_withdrawals (
            report_id INTEGER PRIMARY KEY REFERENCES reports (id), withdrawn_on TEXT NOT NULL, by TEXT NOT NULL,
            note TEXT NOT NULL, recorded_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE track_record (
            id INTEGER PRIMARY KEY, mode TEXT NOT NULL CHECK (mode IN ('live', 'replay')), asked TEXT NOT NULL
                CHECK (asked IN ('declared', 'limit', 'declared_value', 'no_worse')),
            target_id TEXT, region TEXT NOT NULL, indicator TEXT NOT NULL, basis TEXT NOT NULL,
            comparator TEXT NOT NULL, value TEXT NOT NULL, deadline TEXT NOT NULL, origin TEXT NOT NULL,
            lead INTEGER NOT NULL, attainment REAL NOT NULL, climatology REAL, drift REAL, point REAL, lower80 REAL,
            upper80 REAL, lower95 REAL, upper95 REAL, met INTEGER NOT NULL CHECK (met IN (0, 1)),
            observed TEXT NOT NULL, decimals INTEGER NOT NULL, known_on TEXT NOT NULL, provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)), model TEXT NOT NULL,
            model_version TEXT NOT NULL, vintage TEXT NOT NULL, rules TEXT NOT NULL CHECK (json_valid(rules))
        ) STRICT;
        CREATE INDEX track_record_filter ON track_record (indicator, region, lead);
        CREATE TABLE track_record_state (
            part TEXT PRIMARY KEY CHECK (part IN ('targets', 'series')), digest TEXT NOT NULL, made_at TEXT NOT NULL, as_of TEXT NOT NULL,
            program TEXT NOT NULL
        ) STRICT;
        """,
    )
