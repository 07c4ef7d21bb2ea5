"""A run's attempts, versions and log; jobs that wait to be tried again, and jobs that are paused."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m011_job_attempts(db: Database) -> None:
    """A run's attempts, versions and log; jobs that wait to be tried again, and jobs that are paused."""
    run(
        db,
        """
        CREATE TABLE job_runs_with_attempts (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, scheduled_for TEXT NOT NULL, trigger TEXT NOT NULL
                CHECK (trigger IN ('schedule', 'catch_up', 'chain', 'manual')),
            state TEXT NOT NULL
                CHECK (state IN ('running', 'retrying', 'done', 'failed', 'interrupted', 'skipped')),
            reason TEXT, started_at TEXT NOT NULL, finished_at TEXT, counts TEXT NOT NULL, message TEXT NOT NULL,
            program TEXT NOT NULL, models TEXT NOT NULL, schema INTEGER, coalesced INTEGER NOT NULL,
            attempt INTEGER NOT NULL, retry_at TEXT, log TEXT NOT NULL, UNIQUE (job, scheduled_for),
            CHECK ((state = 'retrying') = (retry_at IS NOT NULL))
        ) STRICT;
        INSERT INTO job_runs_with_attempts
            SELECT id, job, scheduled_for, trigger, state, reason, started_at, finished_at, counts, message, program,
                   '', NULL, 0, 1, NULL, '' FROM job_runs;
        DROP TABLE job_runs;
        ALTER TABLE job_runs_with_attempts RENAME TO job_runs;
        CREATE INDEX job_runs_waiting ON job_runs (retry_at) WHERE retry_at IS NOT NULL;
        CREATE TABLE job_attempts (
            run_id INTEGER NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE, attempt INTEGER NOT NULL,
            started_at TEXT NOT NULL, finished_at TEXT, state TEXT NOT NULL
                CHECK (state IN ('running', 'done', 'failed', 'interrupted', 'skipped')),
            message TEXT NOT NULL, PRIMARY KEY (run_id, attempt)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO job_attempts SELECT id, 1, started_at, finished_at, state, message FROM job_runs;
        CREATE TABLE job_pauses (
            job TEXT PRIMARY KEY, paused_at TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL
        ) STRICT;
        """,
    )
