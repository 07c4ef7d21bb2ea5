"""The schema, as steps forward. Each runs once, in order, inside the transaction of :meth:`Store.migrate`.

A released step is never edited; a change is a new step. ``SCHEMA_VERSION`` is the number of steps and stands in
``PRAGMA user_version``, so that a process can tell an older or newer store before it reads a row.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("dabiao")


def _run(db: Database, script: str) -> None:
    """Run statements one by one: ``executescript`` would commit the migration's transaction before it is whole."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m001_declared(db: Database) -> None:
    """What is declared. A target is a row a version: corrected or replaced targets supersede."""
    _run(
        db,
        """
        CREATE TABLE regions (
            id TEXT PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL, short_zh TEXT NOT NULL, parent TEXT,
            level TEXT NOT NULL, members TEXT NOT NULL, aliases TEXT NOT NULL
        ) STRICT;
        CREATE TABLE indicators (
            id TEXT PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL, unit TEXT, type TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('lower', 'higher')), low TEXT, high TEXT,
            decimals INTEGER NOT NULL, frequency TEXT NOT NULL, aliases TEXT NOT NULL
        ) STRICT;
        CREATE TABLE units (
            id TEXT PRIMARY KEY, region TEXT NOT NULL REFERENCES regions (id), zh TEXT NOT NULL, en TEXT NOT NULL,
            aliases TEXT NOT NULL
        ) STRICT;
        CREATE TABLE plans (
            id TEXT PRIMARY KEY, title TEXT NOT NULL, title_en TEXT NOT NULL, short_zh TEXT NOT NULL,
            short_en TEXT NOT NULL, issuer TEXT, document_number TEXT, issued TEXT NOT NULL, issued_note TEXT,
            region TEXT NOT NULL REFERENCES regions (id), period_start INTEGER NOT NULL, period_end INTEGER NOT NULL,
            note TEXT, text_sha256 TEXT NOT NULL, text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE target_versions (
            target_id TEXT NOT NULL, version INTEGER NOT NULL, plan TEXT NOT NULL REFERENCES plans (id),
            position INTEGER NOT NULL, known_on TEXT NOT NULL, recorded_at TEXT NOT NULL,
            withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)), content TEXT NOT NULL,
            sha256 TEXT NOT NULL, PRIMARY KEY (target_id, version)
        ) STRICT;
        CREATE TABLE declared_files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, loaded_at TEXT NOT NULL) STRICT;
        """,
    )


@migrations()
def m002_observations(db: Database) -> None:
    """Observations are appended; a revised value names the row it supersedes. Refused rows stand in quarantine."""
    _run(
        db,
        """
        CREATE TABLE sources (
            id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL DEFAULT '', UNIQUE (title, url)
        ) STRICT;
        CREATE TABLE imports (
            id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
            raw_path TEXT, imported_at TEXT NOT NULL, published TEXT, reading TEXT NOT NULL,
            accepted INTEGER NOT NULL, revised INTEGER NOT NULL, unchanged INTEGER NOT NULL,
            refused INTEGER NOT NULL, warned INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX imports_sha256 ON imports (sha256);
        CREATE TABLE series (
            id INTEGER PRIMARY KEY, region TEXT NOT NULL REFERENCES regions (id),
            indicator TEXT NOT NULL REFERENCES indicators (id), basis TEXT NOT NULL,
            UNIQUE (region, indicator, basis)
        ) STRICT;
        CREATE TABLE observations (
            id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL REFERENCES series (id), period TEXT NOT NULL,
            value TEXT, printed TEXT NOT NULL, qualifier TEXT, unit TEXT NOT NULL,
            tier TEXT NOT NULL CHECK (tier IN ('official', 'press', 'third_party')),
            state TEXT NOT NULL CHECK (state IN ('final', 'flash', 'to_date')),
            source_id INTEGER NOT NULL REFERENCES sources (id), published TEXT, known_on TEXT NOT NULL,
            known_rule TEXT NOT NULL CHECK (known_rule IN ('published', 'period_end', 'imported')),
            recorded_at TEXT NOT NULL, import_id INTEGER NOT NULL REFERENCES imports (id),
            sheet TEXT, row INTEGER, note TEXT, supersedes INTEGER REFERENCES observations (id)
        ) STRICT;
        CREATE INDEX observations_series ON observations (series_id, period, source_id);
        CREATE UNIQUE INDEX observations_supersedes ON observations (supersedes) WHERE supersedes IS NOT NULL;
        CREATE TABLE issues (
            id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports (id), sheet TEXT, row INTEGER,
            column TEXT, code TEXT NOT NULL, params TEXT NOT NULL, severity TEXT NOT NULL, raw TEXT NOT NULL
        ) STRICT;
        CREATE INDEX issues_import ON issues (import_id);
        """,
    )


@migrations()
def m003_judged(db: Database) -> None:
    """Forecasts are kept by what made them: the same vintage, model and version give the same row."""
    _run(
        db,
        """
        CREATE TABLE forecasts (
            id INTEGER PRIMARY KEY, region TEXT NOT NULL, indicator TEXT NOT NULL, kind TEXT NOT NULL,
            basis TEXT NOT NULL, vintage TEXT NOT NULL, model TEXT NOT NULL, model_version TEXT NOT NULL,
            first_period TEXT NOT NULL, last_period TEXT NOT NULL, observed INTEGER NOT NULL,
            horizon INTEGER NOT NULL, params TEXT NOT NULL, warnings TEXT NOT NULL, made_at TEXT NOT NULL,
            UNIQUE (region, indicator, kind, basis, vintage, model, model_version, horizon)
        ) STRICT;
        CREATE TABLE forecast_steps (
            forecast_id INTEGER NOT NULL REFERENCES forecasts (id), period TEXT NOT NULL, point REAL NOT NULL,
            lower80 REAL NOT NULL, upper80 REAL NOT NULL, lower95 REAL NOT NULL, upper95 REAL NOT NULL,
            distribution TEXT NOT NULL, PRIMARY KEY (forecast_id, period)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE forecast_failures (
            id INTEGER PRIMARY KEY, region TEXT NOT NULL, indicator TEXT NOT NULL, kind TEXT NOT NULL,
            basis TEXT NOT NULL, vintage TEXT NOT NULL, model TEXT NOT NULL, model_version TEXT NOT NULL,
            message TEXT NOT NULL, failed_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE assessments (
            id INTEGER PRIMARY KEY, target_id TEXT NOT NULL, target_version INTEGER NOT NULL, as_of TEXT NOT NULL,
            status TEXT NOT NULL, provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)), reason TEXT NOT NULL,
            attainment REAL, point REAL, lower80 REAL, upper80 REAL, latest_period TEXT, latest_value TEXT,
            basis TEXT, proxy INTEGER NOT NULL CHECK (proxy IN (0, 1)), content TEXT NOT NULL, digest TEXT NOT NULL,
            made_at TEXT NOT NULL, program TEXT NOT NULL,
            FOREIGN KEY (target_id, target_version) REFERENCES target_versions (target_id, version)
        ) STRICT;
        CREATE INDEX assessments_target ON assessments (target_id, as_of);
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY, target_id TEXT NOT NULL, raised_at TEXT NOT NULL, as_of TEXT NOT NULL,
            from_status TEXT, to_status TEXT NOT NULL, severity TEXT NOT NULL, attainment REAL,
            assessment_id INTEGER NOT NULL REFERENCES assessments (id), lead_units TEXT NOT NULL,
            cleared_at TEXT
        ) STRICT;
        CREATE UNIQUE INDEX alerts_open ON alerts (target_id) WHERE cleared_at IS NULL;
        CREATE TABLE alert_acknowledgements (
            id INTEGER PRIMARY KEY, alert_id INTEGER NOT NULL REFERENCES alerts (id), by TEXT NOT NULL,
            at TEXT NOT NULL, note TEXT NOT NULL
        ) STRICT;
        CREATE TABLE reports (
            id INTEGER PRIMARY KEY, target_id TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL
                CHECK (state IN ('done', 'under_way', 'not_done')), reported_on TEXT NOT NULL, by TEXT NOT NULL,
            evidence TEXT NOT NULL, note TEXT NOT NULL, recorded_at TEXT NOT NULL, UNIQUE (target_id, version)
        ) STRICT;
        """,
    )


@migrations()
def m004_jobs(db: Database) -> None:
    """A run is a row keyed by job and scheduled time; the lease lets one scheduler work at a time."""
    _run(
        db,
        """
        CREATE TABLE job_runs (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, scheduled_for TEXT NOT NULL, trigger TEXT NOT NULL
                CHECK (trigger IN ('schedule', 'catch_up', 'chain', 'manual')),
            state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted', 'skipped')),
            reason TEXT, started_at TEXT NOT NULL, finished_at TEXT, counts TEXT NOT NULL, message TEXT NOT NULL,
            program TEXT NOT NULL, UNIQUE (job, scheduled_for)
        ) STRICT;
        CREATE TABLE leases (
            name TEXT PRIMARY KEY, holder TEXT NOT NULL, taken_at TEXT NOT NULL, renewed_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        ) STRICT;
        """,
    )


@migrations()
def m005_reviews(db: Database) -> None:
    """Plans under review: what was proposed and what was decided on each. No part of the register."""
    _run(
        db,
        """
        CREATE TABLE plan_reviews (
            id TEXT PRIMARY KEY, created_at TEXT NOT NULL, head TEXT NOT NULL CHECK (json_valid(head)),
            text TEXT NOT NULL, sha256 TEXT NOT NULL, proposals TEXT NOT NULL CHECK (json_valid(proposals)),
            updated_at TEXT NOT NULL
        ) STRICT;
        """,
    )


SCHEMA_VERSION = 5
"""The number of steps above; a test holds the two together."""
