"""Observations are appended; a revised value names the row it supersedes. Refused rows stand in quarantine."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m002_observations(db: Database) -> None:
    """Observations are appended; a revised value names the row it supersedes."""
    run(
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
