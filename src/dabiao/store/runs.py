"""Runs of jobs, and the lease that lets one scheduler work at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dabiao.store.database import Row, Store


def start_run(
    store: Store, job: str, scheduled_for: str, trigger: str, started_at: str, program: str
) -> int | None:
    """Claim a run; ``None`` if that (job, scheduled time) has its run already, whoever made it."""
    with store.write() as db:
        cursor = db.execute(
            """INSERT OR IGNORE INTO job_runs (job, scheduled_for, trigger, state, started_at, counts, message, program)
               VALUES (?, ?, ?, 'running', ?, '{}', '', ?)""",
            [job, scheduled_for, trigger, started_at, program],
        )
        return cursor.lastrowid if cursor.rowcount == 1 else None


def finish_run(
    store: Store,
    run_id: int,
    state: str,
    finished_at: str,
    counts: Mapping[str, Any],
    reason: str,
    message: str,
) -> None:
    """Close a run as ``done``, ``failed`` or ``skipped``."""
    with store.write() as db:
        db.execute(
            """UPDATE job_runs SET state = ?, finished_at = ?, counts = ?, reason = ?, message = ?
               WHERE id = ? AND state = 'running'""",
            [state, finished_at, json.dumps(counts), reason, message, run_id],
        )


def close_interrupted(store: Store, finished_at: str) -> int:
    """Mark runs that a killed scheduler left running. Only the holder of the lease may call it. Returns how many."""
    with store.write() as db:
        return int(
            db.execute(
                """UPDATE job_runs SET state = 'interrupted', finished_at = ?, reason = 'killed'
                   WHERE state = 'running'""",
                [finished_at],
            ).rowcount
        )


def last_run(store: Store, job: str, state: str | None = None) -> Row | None:
    """The latest run of a job, of one state if given."""
    where = "AND state = ?" if state else ""
    return store.row(
        f"SELECT * FROM job_runs WHERE job = ? {where} ORDER BY scheduled_for DESC, id DESC LIMIT 1",
        [job, *([state] if state else [])],
    )


def runs(store: Store, job: str | None = None, limit: int = 100) -> list[Row]:
    """Runs, the newest first."""
    where, params = ("WHERE job = ?", [job]) if job else ("", [])
    return store.rows(f"SELECT * FROM job_runs {where} ORDER BY id DESC LIMIT ?", [*params, limit])


def take_lease(store: Store, name: str, holder: str, now: str, expires_at: str) -> Row | None:
    """Take or renew a lease. ``None`` when it is ours now, else the row of the one who holds it."""
    with store.write() as db:
        standing: Row | None = db.execute("SELECT * FROM leases WHERE name = ?", [name]).fetchone()
        if standing is not None and standing["holder"] != holder and standing["expires_at"] > now:
            return standing
        taken_at = standing["taken_at"] if standing is not None and standing["holder"] == holder else now
        db.table("leases").upsert(
            {
                "name": name,
                "holder": holder,
                "taken_at": taken_at,
                "renewed_at": now,
                "expires_at": expires_at,
            },
            pk="name",
        )
    return None


def drop_lease(store: Store, name: str, holder: str) -> None:
    """Give a lease back at a clean stop."""
    with store.write() as db:
        db.execute("DELETE FROM leases WHERE name = ? AND holder = ?", [name, holder])


def lease(store: Store, name: str) -> Row | None:
    """The row of a lease, expired or not; ``None`` if nobody holds it."""
    return store.row("SELECT * FROM leases WHERE name = ?", [name])
