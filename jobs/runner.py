"""Runs jobs under the work lease: one at a time over all processes, with what follows an import."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import structlog

from dabiao import __version__
from dabiao.domain.alert import Cause
from dabiao.errors import ServiceError
from dabiao.services.alerts import data_alerts
from dabiao.services.app import App, stamp
from dabiao.services.schedule import JOBS
from dabiao.store import Store, runs
from dabiao.store.database import Row
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.due import FOLLOWING, behind, missed
from jobs.lease import TTL, WORK, Clock, Lease, LeasedStore, kept
from jobs.run import Asked, Outcome, run_job
from jobs.tasks import Task

log = structlog.get_logger()


class Runner:
    """Runs one job after the other. Each run opens the store anew and sees its present catalogue.

    Args:
        opens: opens the app.
        patience: seconds to wait for another process's run; for ever by default.
    """

    def __init__(
        self,
        opens: Callable[[], App],
        holder: str,
        clock: Clock,
        stop: Stop,
        *,
        ttl: float = TTL,
        patience: float | None = None,
        catalog: Mapping[str, Task] = CATALOG,
    ) -> None:
        self._opens = opens
        self._holder = holder
        self._clock = clock
        self._stop = stop
        self._ttl = ttl
        self._patience = patience
        self._catalog = catalog
        with self._app() as app:
            self._settings, self._path = app.settings, app.store.path
        self.run_id: int | None = None

    # -- what to run -------------------------------------------------------------------------------------------

    def scheduled(self, job: str, at: datetime) -> Outcome | None:
        """A run at its time, and what follows it. A job that is paused or waits to be tried again leaves a row that says so."""
        with self._store() as store:
            paused = job in runs.pauses(store)
            if paused or runs.waiting_retry(store, job) is not None:
                self._skip(store, job, at, "paused" if paused else "retrying")
                return None
        return self._run(Asked(job, at, "schedule"))

    def by_hand(self, job: str) -> Outcome | None:
        """A run now, also of a paused job, and what follows it."""
        return self._run(Asked(job, self._clock(), "manual", movable=True))

    def retry(self, row: Row) -> Outcome | None:
        """The next attempt of a run that waits for it, and what follows it."""
        outcome = self._run(Asked.again(row))
        if outcome is not None and outcome.state == "done" and outcome.job in FOLLOWING:
            self._follow(FOLLOWING[FOLLOWING.index(outcome.job) + 1 :], always=True)
        return outcome

    def catch_up(self, job: str) -> Outcome | None:
        """A run for the last time that the job missed, if it did: once, however many there were."""
        with self._store() as store:
            due = missed(store, self._settings, job, self._clock())
            if due is None:
                return None
            if job in runs.pauses(store):
                self._skip(store, job, due, "paused")
                return None
            taken = runs.has_run(store, job, stamp(due))
        log.info("catching_up", job=job, missed=stamp(due))
        # Where that time has a row already, of a run that was interrupted or skipped, the repeat is a run of its own.
        return self._run(Asked(job, self._clock() if taken else due, "catch_up", movable=taken))

    def catch_up_all(self) -> None:
        """Everything that was left over while no scheduler ran."""
        self._guarded(self._close_left_over)
        for job in JOBS:
            self._guarded(self.catch_up, job)
        self._guarded(self._follow)

    # -- running -----------------------------------------------------------------------------------------------

    def _run(self, asked: Asked) -> Outcome | None:
        outcome = self._one(asked)
        if asked.job == "import" and outcome is not None:
            self._follow()
        return outcome

    def _skip(self, store: Store, job: str, at: datetime, reason: str) -> None:
        now = stamp(self._clock())
        runs.record_skipped(store, job, stamp(at), now, __version__, state="skipped", reason=reason)
        log.info("not_run", job=job, scheduled_for=stamp(at), reason=reason)

    def _follow(self, following: Sequence[str] = FOLLOWING, *, always: bool = False) -> None:
        """Derive, forecast, assess and alert at once when observations came in that they have not seen.

        What decides is the record of what each has seen, not what the import said: an import that was killed after it
        had taken a file, or one made by hand, is followed too.

        Args:
            always: also where they have seen all: what they build on was made anew.
        """
        for job in following:
            with self._store() as store:
                waits = job in runs.pauses(store) or runs.waiting_retry(store, job) is not None
                due = not waits and (always or behind(store, job))
            if due:
                self._guarded(self._one, Asked(job, self._clock(), "chain", movable=True))

    def _guarded(self, step: Callable[..., object], *args: object) -> None:
        """One step that cannot be done stops no other."""
        self._stop.check()
        try:
            step(*args)
        except Exception:
            told = [str(a) for a in args if isinstance(a, str | Asked)]
            log.exception("step_failed", step=step.__name__, arguments=told)

    def _one(self, asked: Asked) -> Outcome | None:
        with self._app() as app, self._working(app.store) as (lease, stop):
            store = LeasedStore(app.store.path, app.store.busy_timeout_ms, lease, stop)
            leased = dataclasses.replace(app, store=store)
            try:
                outcome = run_job(
                    leased,
                    asked,
                    self._clock,
                    stop=stop,
                    record=app.store,
                    catalog=self._catalog,
                    began=self._began,
                )
                if outcome is not None and outcome.state != "retrying":
                    # An alert while a job stays failed; its next good run takes it away.
                    self._guarded(data_alerts.refresh, leased, self._clock(), (Cause.JOB_FAILED,))
                return outcome
            finally:
                self.run_id = None
                store.close()

    def _began(self, run_id: int) -> None:
        self.run_id = run_id

    def _close_left_over(self) -> None:
        """Runs of a process that was killed must be closed before they can count as missed."""
        with self._store() as store, self._working(store):
            pass

    @contextlib.contextmanager
    def _store(self) -> Iterator[Store]:
        """The store alone, for what needs no catalogue."""
        store = Store.open(self._path, self._settings.busy_timeout_ms)
        try:
            yield store
        finally:
            store.close()

    @contextlib.contextmanager
    def _app(self) -> Iterator[App]:
        app = self._opens()
        try:
            yield app
        finally:
            app.store.close()

    @contextlib.contextmanager
    def _working(self, store: Store) -> Iterator[tuple[Lease, Stop]]:
        """Hold the work lease. Every run that is still marked as running then belongs to a process that is gone."""
        lease = Lease(store, WORK, self._holder, self._clock, self._ttl)

        def told(standing: Row) -> None:
            log.info("waiting_for_run", holder=standing["holder"], until=standing["expires_at"])

        if not lease.wait(self._stop, told, self._patience):
            self._stop.check()
            standing = runs.lease(store, WORK)
            raise ServiceError(
                "job_busy", holder=standing["holder"] if standing else "?", seconds=self._patience or 0
            )
        stop = Stop(self._stop)
        try:
            with kept(lease, lambda: stop.ask("lease_lost")):
                closed = runs.close_interrupted(store, stamp(self._clock()))
                if closed:
                    log.warning("runs_interrupted", count=closed)
                yield lease, stop
        except Stopped as stopped:
            if stopped.reason == "lease_lost" and not self._stop.asked:
                self._stop.ask("lease_lost")
            raise
        finally:
            self._stop.release(stop)
            lease.drop()
