"""A run is a row keyed by job and scheduled time; the lease lets one scheduler work at a time."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m004_jobs(db: Database) -> None:
    """A run is a row keyed by job and scheduled time; the lease lets one scheduler work at a time."""
    run(
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
