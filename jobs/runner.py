"""Runs jobs under the work lease: one at a time over all processes, with what follows an import."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import structlog

from dabiao.errors import ServiceError
from dabiao.services.app import App, stamp
from dabiao.services.schedule import JOBS
from dabiao.store import Store, runs
from dabiao.store.database import Row
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.due import FOLLOWING, behind, missed
from jobs.lease import TTL, WORK, Clock, Lease, LeasedStore, kept
from jobs.run import Outcome, run_job
from jobs.tasks import Task

log = structlog.get_logger()


class Runner:
    """Runs one job after the other. Keeps no state: each run opens the store anew and sees its present catalogue.

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
        self.run_id: int | None = None

    # -- what to run -------------------------------------------------------------------------------------------

    def scheduled(self, job: str, at: datetime) -> Outcome | None:
        """A run at its time, and what follows it."""
        return self._run(job, at, "schedule")

    def by_hand(self, job: str) -> Outcome | None:
        """A run now, and what follows it."""
        return self._run(job, self._clock(), "manual", movable=True)

    def catch_up(self, job: str) -> Outcome | None:
        """A run for the last time that the job missed, if it did: once, however many there were."""
        with self._app() as app:
            due = missed(app, job, self._clock())
            if due is None:
                return None
            taken = app.store.row(
                "SELECT 1 FROM job_runs WHERE job = ? AND scheduled_for = ?", [job, stamp(due)]
            )
        log.info("catching_up", job=job, missed=stamp(due))
        # Where that time has a row already, of a run that was interrupted or skipped, the repeat is a run of its own.
        return self._run(job, self._clock() if taken else due, "catch_up", movable=bool(taken))

    def catch_up_all(self) -> None:
        """Everything that was left over while no scheduler ran."""
        self._guarded(self._close_left_over)
        for job in JOBS:
            self._guarded(self.catch_up, job)
        self._guarded(self._follow)

    # -- running -----------------------------------------------------------------------------------------------

    def _run(self, job: str, at: datetime, trigger: str, *, movable: bool = False) -> Outcome | None:
        outcome = self._one(job, at, trigger, movable)
        if job == "import" and outcome is not None:
            self._follow()
        return outcome

    def _follow(self) -> None:
        """Forecast, assess and alert at once when observations came in that they have not seen.

        What decides is the record of what each has seen, not what the import said: an import that was killed after it
        had taken a file, or one made by hand, is followed too.
        """
        for job in FOLLOWING:
            with self._app() as app:
                due = behind(app, job)
            if due:
                self._guarded(self._one, job, self._clock(), "chain", True)

    def _guarded(self, step: Callable[..., object], *args: object) -> None:
        """One step that cannot be done stops no other."""
        self._stop.check()
        try:
            step(*args)
        except Exception:
            log.exception("step_failed", step=step.__name__, arguments=[str(a) for a in args])

    def _one(self, job: str, at: datetime, trigger: str, movable: bool) -> Outcome | None:
        with self._app() as app, self._working(app.store) as (lease, stop):
            store = LeasedStore(app.store.path, app.store.busy_timeout_ms, lease, stop)
            try:
                return run_job(
                    dataclasses.replace(app, store=store),
                    job,
                    at,
                    trigger,
                    self._clock,
                    stop=stop,
                    record=app.store,
                    catalog=self._catalog,
                    movable=movable,
                    began=self._began,
                )
            finally:
                self.run_id = None
                store.close()

    def _began(self, run_id: int) -> None:
        self.run_id = run_id

    def _close_left_over(self) -> None:
        """Runs of a process that was killed must be closed before they can count as missed."""
        with self._app() as app, self._working(app.store):
            pass

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
