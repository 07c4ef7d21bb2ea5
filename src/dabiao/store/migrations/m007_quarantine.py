"""Refused rows with their state, what is flagged of a series, and the corrections that were applied."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m007_quarantine(db: Database) -> None:
    """A refused row is closed, never deleted; every step of it is an event. Rows refused earlier are taken over as open."""
    run(
        db,
        """
        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports (id), sheet TEXT,
            row INTEGER NOT NULL, raw TEXT NOT NULL CHECK (json_valid(raw)),
            reasons TEXT NOT NULL CHECK (json_valid(reasons)),
            state TEXT NOT NULL CHECK (state IN ('open', 'mended', 'dismissed'))
        ) STRICT;
        CREATE UNIQUE INDEX quarantine_place ON quarantine (import_id, ifnull(sheet, ''), row);
        CREATE INDEX quarantine_open ON quarantine (import_id) WHERE state = 'open';
        CREATE TABLE quarantine_events (
            id INTEGER PRIMARY KEY, quarantine_id INTEGER NOT NULL REFERENCES quarantine (id),
            event TEXT NOT NULL CHECK (event IN ('refused_again', 'mended', 'dismissed')), at TEXT NOT NULL,
            import_id INTEGER REFERENCES imports (id), note TEXT NOT NULL DEFAULT '',
            reasons TEXT CHECK (reasons IS NULL OR json_valid(reasons))
        ) STRICT;
        CREATE INDEX quarantine_events_row ON quarantine_events (quarantine_id);
        INSERT INTO quarantine (import_id, sheet, row, raw, reasons, state)
        SELECT import_id, sheet, row, max(raw),
            json_group_array(json_object('code', code, 'column', "column", 'params', json(params))), 'open'
        FROM issues WHERE severity = 'error' AND row IS NOT NULL GROUP BY import_id, sheet, row;
        CREATE TABLE series_flags (
            series_id INTEGER NOT NULL REFERENCES series (id), code TEXT NOT NULL,
            params TEXT NOT NULL CHECK (json_valid(params)), raised_at TEXT NOT NULL,
            import_id INTEGER REFERENCES imports (id), PRIMARY KEY (series_id, code)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE corrections (
            id TEXT NOT NULL, observation_id INTEGER NOT NULL, corrected_id INTEGER NOT NULL, digest TEXT NOT NULL,
            content TEXT NOT NULL CHECK (json_valid(content)), applied_at TEXT NOT NULL,
            PRIMARY KEY (id, observation_id)
        ) STRICT, WITHOUT ROWID;
        """,
    )
