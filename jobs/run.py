"""One attempt at one run of one job: claimed, done, recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from dabiao import __version__
from dabiao.domain.period import PeriodKind
from dabiao.errors import UnknownName
from dabiao.services.app import App, stamp
from dabiao.services.judge.forecast_day import model_for
from dabiao.store import Store, runs
from dabiao.store.database import Row
from jobs import logs
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.due import coalesced, wait_before
from jobs.progress import Report
from jobs.tasks import Incomplete, Task, Work

MESSAGE = 2000  # characters kept of an error

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that is asked for.

    Attributes:
        job: its name.
        at: the time that is run; no time is run twice.
        trigger: ``schedule``, ``catch_up``, ``chain`` or ``manual``.
        movable: that time is no schedule's: the next free second will do.
        retry: the run that waits for its next attempt, in place of a new one.
    """

    job: str
    at: datetime
    trigger: str
    movable: bool = False
    retry: int | None = None

    @classmethod
    def again(cls, row: Row) -> Asked:
        """The next attempt of a run that waits for it."""
        return cls(row["job"], datetime.fromisoformat(row["scheduled_for"]), row["trigger"], retry=row["id"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: ``done``, ``retrying`` or ``failed``."""

    id: int
    job: str
    state: str
    counts: Mapping[str, int]


def models_in_force(app: App) -> str:
    """Names and versions of the forecast models."""
    chosen = (model_for(app, kind) for kind in (PeriodKind.YEAR, PeriodKind.MONTH))
    return ", ".join(f"{model.name} {model.version}" for model in chosen)


def claim(app: App, store: Store, asked: Asked, started: datetime) -> int | None:
    """Claim a run, or its next attempt; ``None`` if that time has its run already."""
    models = models_in_force(app)
    if asked.retry is not None:
        return (
            asked.retry if runs.retry_run(store, asked.retry, stamp(started), __version__, models) else None
        )
    lost = (
        coalesced(store, app.settings, asked.job, asked.at)
        if asked.trigger in ("schedule", "catch_up")
        else 0
    )
    for second in range(60 if asked.movable else 1):
        wanted = stamp(asked.at + timedelta(seconds=second))
        run_id = runs.start_run(
            store,
            asked.job,
            wanted,
            asked.trigger,
            stamp(started),
            __version__,
            models=models,
            coalesced=lost,
        )
        if run_id is not None:
            return run_id
    return None


def run_job(
    app: App,
    asked: Asked,
    now: Callable[[], datetime],
    *,
    stop: Stop | None = None,
    record: Store | None = None,
    catalog: Mapping[str, Task] = CATALOG,
    began: Callable[[int], None] = lambda _: None,
) -> Outcome | None:
    """Make one attempt at a run and record how it went. An error of the job is recorded, not raised.

    Args:
        app: what the job works with; its store may be one that refuses to write once a lease is lost.
        now: the clock.
        stop: asked for when the process is to end.
        record: the store of the run's own row, which is written also when the job may write no more.
        catalog: the jobs by name.
        began: told the row's id before the job starts.

    Returns:
        ``None`` if that time has its run already.

    Raises:
        UnknownName: there is no such job.
        Stopped: the job was asked to end; the run is recorded as interrupted.
        StoreError: the run itself could not be recorded.
    """
    name = asked.job
    if name not in catalog:
        raise UnknownName("job_unknown", name=name, known=", ".join(catalog))
    stop = stop or Stop()
    record = record or app.store
    started = now()
    run_id = claim(app, record, asked, started)
    if run_id is None:
        log.info("already_run", job=name, scheduled_for=stamp(asked.at))
        return None
    began(run_id)
    report = Report(app, run_id)
    with structlog.contextvars.bound_contextvars(run_id=run_id, job=name), logs.excerpt() as lines:
        try:
            attempt = _Attempt(record, asked, run_id, lines, now)
            return attempt.make(catalog[name], Work(app, started, stop, report))
        finally:
            report.end()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that has been claimed."""

    record: Store
    asked: Asked
    run_id: int
    lines: deque[str]
    now: Callable[[], datetime]

    def make(self, task: Task, work: Work) -> Outcome:
        seen = runs.last_import(self.record)
        log.info("run_started", scheduled_for=stamp(self.asked.at), trigger=self.asked.trigger)
        try:
            work.stop.check()
            counts = {**task(work), "imports_seen": seen}
        except Stopped as stopped:
            log.warning("run_interrupted", reason=stopped.reason)
            self._finish("interrupted", {}, stopped.reason)
            raise
        except Exception as error:  # a failing job stops no other: it is recorded, with its text
            return self._failed(work, error, seen)
        log.info("run_done", **counts)
        self._finish("done", counts)
        return Outcome(self.run_id, self.asked.job, "done", counts)

    def _failed(self, work: Work, error: Exception, seen: int) -> Outcome:
        done = error.counts if isinstance(error, Incomplete) else {}
        counts = {**done, "imports_seen": seen}
        row = runs.run(self.record, self.run_id)
        wait = None
        if row is not None and self.asked.trigger != "manual":  # who ran it by hand sees that it failed
            wait = wait_before(work.app.settings, row["attempt"])
        retry_at = None if wait is None else stamp(self.now() + wait)
        state = "failed" if retry_at is None else "retrying"
        log.exception("run_failed", retry_at=retry_at, **done)
        said = _said(error.__cause__ if done else error)
        self._finish(state, counts, "error", said, retry_at)
        return Outcome(self.run_id, self.asked.job, state, counts)

    def _finish(
        self,
        state: str,
        counts: Mapping[str, int],
        reason: str = "",
        message: str = "",
        retry_at: str | None = None,
    ) -> None:
        at = stamp(self.now())
        text = "\n".join(line.rstrip() for line in self.lines)
        runs.finish_run(
            self.record, self.run_id, state, at, counts, reason, message, log=text, retry_at=retry_at
        )


def _said(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}"[:MESSAGE]
