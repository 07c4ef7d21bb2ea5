"""Notices that the calendar asked for, and their way to each recipient."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m014_deliveries(db: Database) -> None:
    """Notices made by the calendar: a row a period, scope and language; and deliveries: a row a notice and recipient."""
    run(
        db,
        """
        CREATE TABLE notices (
            id INTEGER PRIMARY KEY, period TEXT NOT NULL, scope TEXT NOT NULL CHECK (json_valid(scope)), lang TEXT NOT NULL,
            as_of TEXT NOT NULL, checksum TEXT NOT NULL, title TEXT NOT NULL, files TEXT NOT NULL CHECK (json_valid(files)),
            made_at TEXT NOT NULL, UNIQUE (period, scope, lang)
        ) STRICT;
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, notice_id INTEGER NOT NULL REFERENCES notices (id),
            recipient TEXT NOT NULL, address TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
            attempts INTEGER NOT NULL, next_at TEXT NOT NULL, created_at TEXT NOT NULL, sent_at TEXT, error TEXT NOT NULL,
            CHECK ((state = 'sent') = (sent_at IS NOT NULL))
        ) STRICT;
        CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state IN ('waiting', 'sending');
        """,
    )
