"""What is declared. A target is a row a version: corrected or replaced targets supersede."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m001_declared(db: Database) -> None:
    """What is declared."""
    run(
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
