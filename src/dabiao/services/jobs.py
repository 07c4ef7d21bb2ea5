"""The jobs as a person asks for them: what there is, when it runs next, how it went, and one run now."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dabiao.errors import ServiceError, UnknownName
from dabiao.services.app import App, stamp
from dabiao.services.schedule import JOBS, next_due
from dabiao.store import runs
from dabiao.store.database import Row


def job_rows(app: App, now: datetime) -> list[dict[str, Any]]:
    """One row a job: ``name, cron, timezone, next_run, scheduler, last_state`` (``never`` without a run), ``last_*``.

    ``next_run`` is the time by the settings; it will be kept only while ``scheduler`` is true.
    """
    lease = runs.lease(app.store, "scheduler")
    alive = lease is not None and lease["expires_at"] > stamp(now)
    due = {d.job: stamp(d.at) for d in next_due(app.settings, now)}
    found = []
    for job in JOBS:
        rows = runs.runs(app.store, job, limit=1)
        last = history_row(rows[0]) if rows else None
        found.append(
            {
                "name": job,
                "cron": getattr(app.settings, f"job_{job}"),
                "timezone": app.settings.timezone,
                "next_run": due.get(job),
                "scheduler": alive,
                "last_state": last["state"] if last else "never",
                "last_trigger": last["trigger"] if last else None,
                "last_scheduled_for": last["scheduled_for"] if last else None,
                "last_started": last["started_at"] if last else None,
                "last_finished": last["finished_at"] if last else None,
                "last_reason": last["reason"] if last else None,
                "last_message": last["message"] if last else None,
            }
        )
    return found


def history_rows(app: App, job: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Runs, the newest first: ``id, job, scheduled_for, trigger, state, reason, started_at, finished_at, seconds,
    counts, message, program``.

    Raises:
        UnknownName: there is no such job.
    """
    if job is not None:
        known(job)
    return [history_row(r) for r in runs.runs(app.store, job, limit)]


def history_row(row: Row) -> dict[str, Any]:
    """A run as a row of the history; what is empty is ``None``."""
    seconds = None
    if row["finished_at"]:
        started, finished = (datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at"))
        seconds = round((finished - started).total_seconds())
    return {
        "id": row["id"],
        "job": row["job"],
        "scheduled_for": row["scheduled_for"],
        "trigger": row["trigger"],
        "state": row["state"],
        "reason": row["reason"] or None,
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "seconds": seconds,
        "counts": json.loads(row["counts"]),
        "message": row["message"] or None,
        "program": row["program"],
    }


def known(job: str) -> None:
    """Refuse a name that is no job's.

    Raises:
        UnknownName: there is no such job.
    """
    if job not in JOBS:
        raise UnknownName("job_unknown", name=job, known=", ".join(JOBS))


def run_now(job: str, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run a job now, in a process of the scheduler's package, and give its run as in :func:`history_rows`.

    The job runs under the same lease as the scheduler's own, so never beside another. Its log goes to this process's
    standard error. The settings are those of ``environ``, this process's environment by default.

    Raises:
        UnknownName: there is no such job.
        ServiceError: the process ended without a run.
    """
    known(job)
    done = subprocess.run(  # noqa: S603 - our own module, a name from the list
        [sys.executable, "-m", "jobs", "run", job],
        stdout=subprocess.PIPE,
        env=None if environ is None else dict(environ),
        check=False,
    )
    row = json.loads(done.stdout) if done.stdout.strip() else None
    if row is None:
        raise ServiceError("job_run_died", name=job, status=done.returncode)
    found: dict[str, Any] = row
    return found
