"""One run of one job: claimed, done, recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from dabiao import __version__
from dabiao.errors import UnknownName
from dabiao.services.app import App, stamp
from dabiao.store import Store, runs
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.due import imports_seen
from jobs.tasks import Task, Work

MESSAGE = 2000  # characters kept of an error

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    id: int
    job: str
    state: str
    counts: Mapping[str, int]


def claim(
    store: Store, job: str, at: datetime, trigger: str, started: datetime, *, movable: bool = False
) -> int | None:
    """Claim the run of a job for a time; ``None`` if that time has its run already.

    A ``movable`` time is no schedule's: the next free second will do.
    """
    for second in range(60 if movable else 1):
        wanted = stamp(at + timedelta(seconds=second))
        run_id = runs.start_run(store, job, wanted, trigger, stamp(started), __version__)
        if run_id is not None:
            return run_id
    return None


def run_job(
    app: App,
    name: str,
    scheduled_for: datetime,
    trigger: str,
    now: Callable[[], datetime],
    *,
    stop: Stop | None = None,
    record: Store | None = None,
    catalog: Mapping[str, Task] = CATALOG,
    movable: bool = False,
    began: Callable[[int], None] = lambda _: None,
) -> Outcome | None:
    """Run a job once for a time and record how it went. An error of the job is recorded, not raised.

    Args:
        app: what the job works with; its store may be one that refuses to write once a lease is lost.
        name: of the job.
        scheduled_for: the time that is run; no time is run twice.
        trigger: ``schedule``, ``catch_up``, ``chain`` or ``manual``.
        now: the clock.
        stop: asked for when the process is to end.
        record: the store of the run's own row, which is written also when the job may write no more.
        catalog: the jobs by name.
        movable: see :func:`claim`.
        began: told the row's id before the job starts.

    Returns:
        ``None`` if that time has its run already.

    Raises:
        UnknownName: there is no such job.
        Stopped: the job was asked to end; the run is recorded as interrupted.
        StoreError: the run itself could not be recorded.
    """
    if name not in catalog:
        raise UnknownName("job_unknown", name=name, known=", ".join(catalog))
    stop = stop or Stop()
    record = record or app.store
    started = now()
    run_id = claim(record, name, scheduled_for, trigger, started, movable=movable)
    if run_id is None:
        log.info("already_run", job=name, scheduled_for=stamp(scheduled_for))
        return None
    began(run_id)
    seen = imports_seen(app)
    with structlog.contextvars.bound_contextvars(run_id=run_id, job=name):
        log.info("run_started", scheduled_for=stamp(scheduled_for), trigger=trigger)
        try:
            stop.check()
            counts = {**catalog[name](Work(app, started, stop)), "imports_seen": seen}
        except Stopped as stopped:
            log.warning("run_interrupted", reason=stopped.reason)
            _finish(record, run_id, "interrupted", now(), {}, stopped.reason)
            raise
        except Exception as error:  # a failing job stops no other: it is recorded, with its text
            counts = {"imports_seen": seen}
            log.exception("run_failed")
            _finish(record, run_id, "failed", now(), counts, "error", _said(error))
            return Outcome(run_id, name, "failed", counts)
        _finish(record, run_id, "done", now(), counts)
        log.info("run_done", **counts)
    return Outcome(run_id, name, "done", counts)


def _finish(
    store: Store,
    run_id: int,
    state: str,
    at: datetime,
    counts: Mapping[str, int],
    reason: str = "",
    message: str = "",
) -> None:
    runs.finish_run(store, run_id, state, stamp(at), counts, reason, message)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MESSAGE]
