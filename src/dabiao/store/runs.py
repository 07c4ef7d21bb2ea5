"""Runs of jobs and their attempts, the pauses, and the lease that lets one scheduler work at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dabiao.store.database import Row, Store
from dabiao.store.migrations import SCHEMA_VERSION


def start_run(
    store: Store,
    job: str,
    scheduled_for: str,
    trigger: str,
    started_at: str,
    program: str,
    *,
    models: str = "",
    coalesced: int = 0,
) -> int | None:
    """Claim a run; ``None`` if that (job, scheduled time) has its run already, whoever made it.

    Args:
        models: names and versions of the models in force.
        coalesced: earlier times that this run stands in for.
    """
    with store.write() as db:
        cursor = db.execute(
            """INSERT OR IGNORE INTO job_runs (job, scheduled_for, trigger, state, started_at, counts, message, program,
                   models, schema, coalesced, attempt, log)
               VALUES (?, ?, ?, 'running', ?, '{}', '', ?, ?, ?, ?, 1, '')""",
            [job, scheduled_for, trigger, started_at, program, models, SCHEMA_VERSION, coalesced],
        )
        if cursor.rowcount != 1:
            return None
        run_id = cursor.lastrowid
        db.execute("INSERT INTO job_attempts VALUES (?, 1, ?, NULL, 'running', '')", [run_id, started_at])
        return run_id


def finish_run(
    store: Store,
    run_id: int,
    state: str,
    finished_at: str,
    counts: Mapping[str, Any],
    reason: str,
    message: str,
    *,
    log: str = "",
    retry_at: str | None = None,
) -> None:
    """Close a run as ``done``, ``failed``, ``interrupted`` or ``skipped``, or as ``retrying`` at a time.

    A run that is done does the work of any that still waits to be tried again: those are closed.
    """
    with store.write() as db:
        db.execute(
            """UPDATE job_attempts SET finished_at = ?, state = ?, message = ?
               WHERE run_id = ? AND state = 'running'""",
            [finished_at, "failed" if state == "retrying" else state, message, run_id],
        )
        cursor = db.execute(
            """UPDATE job_runs SET state = ?, finished_at = ?, counts = ?, reason = ?, message = ?, log = ?, retry_at = ?
               WHERE id = ? AND state = 'running'""",
            [state, finished_at, json.dumps(counts), reason, message, log, retry_at, run_id],
        )
        if state == "done" and cursor.rowcount:
            db.execute(
                """UPDATE job_runs SET state = 'failed', reason = 'overtaken', retry_at = NULL
                   WHERE state = 'retrying' AND job = (SELECT job FROM job_runs WHERE id = ?)""",
                [run_id],
            )


def record_skipped(
    store: Store,
    job: str,
    scheduled_for: str,
    at: str,
    program: str,
    *,
    state: str,
    reason: str,
    message: str = "",
) -> bool:
    """A row for a time at which a job did not run; false if that time has its row already."""
    run_id = start_run(store, job, scheduled_for, "schedule", at, program)
    if run_id is None:
        return False
    finish_run(store, run_id, state, at, {}, reason, message)
    return True


def retry_run(store: Store, run_id: int, started_at: str, program: str, models: str) -> bool:
    """Begin the next attempt of a run that waits for it; false if it does not wait any more."""
    with store.write() as db:
        cursor = db.execute(
            """UPDATE job_runs SET state = 'running', reason = NULL, finished_at = NULL, retry_at = NULL,
                   attempt = attempt + 1, program = ?, models = ?, schema = ?
               WHERE id = ? AND state = 'retrying'""",
            [program, models, SCHEMA_VERSION, run_id],
        )
        if cursor.rowcount != 1:
            return False
        db.execute(
            """INSERT INTO job_attempts SELECT id, attempt, ?, NULL, 'running', '' FROM job_runs WHERE id = ?""",
            [started_at, run_id],
        )
        return True


def close_interrupted(store: Store, finished_at: str) -> int:
    """Mark runs that a killed scheduler left running. Only the holder of the lease may call it. Returns how many."""
    with store.write() as db:
        db.execute(
            "UPDATE job_attempts SET state = 'interrupted', finished_at = ? WHERE state = 'running'",
            [finished_at],
        )
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


def last_before(store: Store, job: str, scheduled_for: str) -> str | None:
    """The last time before another that has a row."""
    found = store.row(
        "SELECT max(scheduled_for) AS at FROM job_runs WHERE job = ? AND scheduled_for < ?",
        [job, scheduled_for],
    )
    return found["at"] if found else None


def has_run(store: Store, job: str, scheduled_for: str) -> bool:
    """Whether a time has its row."""
    found = store.row("SELECT 1 FROM job_runs WHERE job = ? AND scheduled_for = ?", [job, scheduled_for])
    return found is not None


def waiting_retry(store: Store, job: str) -> Row | None:
    """The run of a job that waits to be tried again."""
    return store.row("SELECT * FROM job_runs WHERE job = ? AND state = 'retrying' ORDER BY id DESC", [job])


def due_retry(store: Store, now: str) -> Row | None:
    """The run whose next attempt has been due for longest; none of a job that is paused."""
    return store.row(
        """SELECT * FROM job_runs WHERE retry_at <= ? AND job NOT IN (SELECT job FROM job_pauses)
           ORDER BY retry_at LIMIT 1""",
        [now],
    )


def runs(store: Store, job: str | None = None, limit: int = 100, offset: int = 0) -> list[Row]:
    """Runs, the newest first."""
    where, params = ("WHERE job = ?", [job]) if job else ("", [])
    return store.rows(
        f"SELECT * FROM job_runs {where} ORDER BY id DESC LIMIT ? OFFSET ?", [*params, limit, offset]
    )


def run_count(store: Store, job: str | None = None) -> int:
    """How many runs there are."""
    row = store.row("SELECT count(*) AS n FROM job_runs WHERE :job IS NULL OR job = :job", {"job": job})
    return int(row["n"]) if row else 0


def run(store: Store, run_id: int) -> Row | None:
    """One run."""
    return store.row("SELECT * FROM job_runs WHERE id = ?", [run_id])


def attempts(store: Store, run_ids: list[int]) -> dict[int, list[Row]]:
    """The attempts of runs, the first one first."""
    found: dict[int, list[Row]] = {run_id: [] for run_id in run_ids}
    for row in store.rows(
        "SELECT * FROM job_attempts WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, attempt",
        [json.dumps(run_ids)],
    ):
        found[row["run_id"]].append(row)
    return found


def last_import(store: Store) -> int:
    """The last import that brought anything."""
    found = store.row("SELECT ifnull(max(id), 0) AS id FROM imports WHERE accepted + revised > 0")
    assert found is not None
    return int(found["id"])


def imports_seen(store: Store, job: str) -> int:
    """The last import that a finished run of a job has seen."""
    found = store.row(
        """SELECT ifnull(json_extract(counts, '$.imports_seen'), 0) AS seen FROM job_runs
           WHERE job = ? AND state IN ('done', 'failed', 'retrying') ORDER BY id DESC LIMIT 1""",
        [job],
    )
    return int(found["seen"]) if found is not None else 0


def old_runs(store: Store, before: str, *, remove: bool = False) -> int:
    """How many runs ended before a moment, without the last of each job and state; removed if asked."""
    old = """state NOT IN ('running', 'retrying') AND finished_at < ?
             AND id NOT IN (SELECT max(id) FROM job_runs GROUP BY job, state)"""
    if not remove:
        found = store.row(f"SELECT count(*) AS n FROM job_runs WHERE {old}", [before])
        assert found is not None
        return int(found["n"])
    with store.write() as db:
        return int(db.execute(f"DELETE FROM job_runs WHERE {old}", [before]).rowcount)


# -- pauses ----------------------------------------------------------------------------------------------------


def pause(store: Store, job: str, at: str, by: str, note: str) -> bool:
    """Pause a job; false if it was paused already."""
    with store.write() as db:
        return bool(
            db.execute("INSERT OR IGNORE INTO job_pauses VALUES (?, ?, ?, ?)", [job, at, by, note]).rowcount
        )


def resume(store: Store, job: str) -> bool:
    """End a job's pause; false if it was not paused."""
    with store.write() as db:
        return bool(db.execute("DELETE FROM job_pauses WHERE job = ?", [job]).rowcount)


def pauses(store: Store) -> dict[str, Row]:
    """The pauses, by job."""
    return {r["job"]: r for r in store.rows("SELECT * FROM job_pauses")}


# -- leases ----------------------------------------------------------------------------------------------------


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


def latest_stamp(store: Store) -> str | None:
    """The newest moment that anything was recorded at, UTC ISO; ``None`` in an empty store."""
    found = store.row(
        """SELECT max(at) AS at FROM (
            SELECT max(imported_at) AS at FROM imports UNION ALL SELECT max(made_at) FROM assessments
            UNION ALL SELECT max(started_at) FROM job_runs UNION ALL SELECT max(finished_at) FROM job_runs)"""
    )
    return found["at"] if found else None
