"""The jobs as a person asks for them: what there is, when it runs next, how it went; one run now, a pause, a bar."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from dabiao.errors import ServiceError, UnknownName
from dabiao.services.app import App, Paths, stamp
from dabiao.services.schedule import JOBS, next_due
from dabiao.store import runs
from dabiao.store.database import Row

PROGRESS = ".progress.json"
"""In the home folder: how far the run in hand is. A file, because a long write holds the store's lock."""
_LOOK = 0.5  # seconds between two looks at a run's progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: units done; a fraction where the unit in hand is partly done.
        total: ``None`` where it is not known before the end.
        unit: ``files``, ``series``, ``years``, ``targets``, ``steps`` or ``pages`` (``jobs.unit``).
    """

    run_id: int
    done: float
    total: int | None
    unit: str

    @property
    def share(self) -> float | None:
        """0 … 1; ``None`` where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None

    def to_json(self) -> dict[str, Any]:
        """As in the rows of :func:`job_rows`."""
        return {"done": self.done, "total": self.total, "unit": self.unit, "share": self.share}


def progress_of(paths: Paths) -> Progress | None:
    """How far the run that last said so is; whether it still runs is for its row to say."""
    try:
        found = json.loads((paths.home / PROGRESS).read_text("utf-8"))
        return Progress(int(found["run_id"]), float(found["done"]), found["total"], str(found["unit"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def job_rows(app: App, now: datetime) -> list[dict[str, Any]]:
    """One row a job: ``name, cron, timezone, next_run, scheduler, running, progress, retry_at, paused_*, last_*``.

    ``last_state`` is ``never`` without a run. ``next_run`` is the time by the settings, ``None`` while the job is paused; it
    will be kept only while ``scheduler`` is true.
    """
    alive = scheduler_alive(app, now)
    pauses = runs.pauses(app.store)
    due = {d.job: stamp(d.at) for d in next_due(app.settings, now)}
    told = progress_of(app.paths)
    found = []
    for job in JOBS:
        last = next(iter(history_rows(app, job, limit=1)), None)
        waiting = runs.waiting_retry(app.store, job)
        pause = pauses.get(job)
        running = last is not None and last["state"] == "running"
        known_progress = running and told is not None and last is not None and told.run_id == last["id"]
        found.append(
            {
                "name": job,
                "cron": getattr(app.settings, f"job_{job}"),
                "timezone": app.settings.timezone,
                "next_run": None if pause is not None else due.get(job),
                "scheduler": alive,
                "running": running,
                "progress": told.to_json() if known_progress and told is not None else None,
                "retry_at": waiting["retry_at"] if waiting is not None else None,
                "paused_at": pause["paused_at"] if pause is not None else None,
                "paused_by": pause["by"] if pause is not None else None,
                "paused_note": (pause["note"] or None) if pause is not None else None,
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


def scheduler_alive(app: App, now: datetime) -> bool:
    """Whether a scheduler holds the lease."""
    lease = runs.lease(app.store, "scheduler")
    return lease is not None and lease["expires_at"] > stamp(now)


def history_rows(app: App, job: str | None = None, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
    """Runs, the newest first: ``id, job, scheduled_for, trigger, state, reason, started_at, finished_at, seconds,
    counts, message, coalesced, attempt, retry_at, attempts, program, models, schema, log``.

    Raises:
        UnknownName: there is no such job.
    """
    if job is not None:
        known(job)
    rows = runs.runs(app.store, job, limit, offset)
    tried = runs.attempts(app.store, [r["id"] for r in rows])
    return [_seen(app, _history_row(r, tried[r["id"]])) for r in rows]


def run_row(app: App, run_id: int) -> dict[str, Any] | None:
    """One run as a row of the history."""
    row = runs.run(app.store, run_id)
    return None if row is None else _seen(app, _history_row(row, runs.attempts(app.store, [run_id])[run_id]))


def _seen(app: App, row: dict[str, Any]) -> dict[str, Any]:
    """What of a run the reader sees. Its log and messages name files and places of everyone: a limited reader sees when it ran,
    how it ended and what it counted.
    """
    if app.scope.everything:
        return row
    attempts = [{**a, "message": None} for a in row["attempts"]]
    return {**row, "message": None, "attempts": attempts, "log": []}


def _history_row(row: Row, tried: Sequence[Row]) -> dict[str, Any]:
    """A run as a row of the history; what is empty is ``None``. ``seconds`` are those of its attempts, not of the waits."""
    seconds = [s for a in tried if (s := _seconds(a["started_at"], a["finished_at"])) is not None]
    return {
        "id": row["id"],
        "job": row["job"],
        "scheduled_for": row["scheduled_for"],
        "trigger": row["trigger"],
        "state": row["state"],
        "reason": row["reason"] or None,
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "seconds": sum(seconds) if row["finished_at"] else None,
        "counts": json.loads(row["counts"]),
        "message": row["message"] or None,
        "coalesced": row["coalesced"],
        "attempt": row["attempt"],
        "retry_at": row["retry_at"],
        "attempts": [
            {name: a[name] for name in ("attempt", "started_at", "finished_at", "state", "message")}
            for a in tried
        ],
        "program": row["program"],
        "models": row["models"] or None,
        "schema": row["schema"],
        "log": row["log"].splitlines(),
    }


def _seconds(started: str, finished: str | None) -> int | None:
    if finished is None:
        return None
    return round((datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds())


def known(job: str) -> None:
    """Refuse a name that is no job's.

    Raises:
        UnknownName: there is no such job.
    """
    if job not in JOBS:
        raise UnknownName("job_unknown", name=job, known=", ".join(JOBS))


def pause(app: App, job: str, now: datetime, by: str, note: str = "") -> bool:
    """Pause a job until it is resumed, over every restart; a run in hand goes on. False if it was paused already.

    Raises:
        UnknownName: there is no such job.
    """
    known(job)
    return runs.pause(app.store, job, stamp(now), by, note)


def resume(app: App, job: str) -> bool:
    """Let a paused job run again from its next time on; false if it was not paused.

    Raises:
        UnknownName: there is no such job.
    """
    known(job)
    return runs.resume(app.store, job)


def run_now(
    job: str,
    environ: Mapping[str, str] | None = None,
    *,
    logged: Callable[[str], None] | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Run a job now, in a process of the scheduler's package, and give its run as in :func:`history_rows`.

    The job runs under the same lease as the scheduler's own, so never beside another. The settings are those of
    ``environ``, this process's environment by default.

    Args:
        logged: told each line of the run's log; by default the log goes to this process's standard error.
        waiting: called twice a second while the job runs.

    Raises:
        UnknownName: there is no such job.
        ServiceError: the process ended without a run.
    """
    known(job)
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own module, a name from the list
        [sys.executable, "-m", "jobs", "run", job],
        stdout=subprocess.PIPE,
        stderr=None if logged is None else subprocess.PIPE,
        env=None if environ is None else dict(environ),
        text=True,
        encoding="utf-8",
    ) as child:
        readers = [_reader(child.stdout, said.append), _reader(child.stderr, logged or said.append)]
        while child.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK)
            waiting()
        for reader in readers:
            reader.join()
    row = json.loads("".join(said)) if said else None
    if row is None:
        raise ServiceError("job_run_died", name=job, status=child.returncode)
    found: dict[str, Any] = row
    return found


def _reader(lines: IO[str] | None, told: Callable[[str], object]) -> threading.Thread:
    """Reads a child's output as it comes: a pipe that is full would stop the child."""

    def read() -> None:
        for line in lines or ():
            told(line)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
