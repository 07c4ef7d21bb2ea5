"""Forecasts are kept by what made them: the same vintage, model and version give the same row."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m003_judged(db: Database) -> None:
    """Forecasts are kept by what made them: the same vintage, model and version give the same row."""
    run(
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
