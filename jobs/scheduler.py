"""The scheduler: APScheduler's clock, one worker, a lease, and a row for whatever did not run."""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_SCHEDULER_STARTED,
    JobExecutionEvent,
    JobSubmissionEvent,
    SchedulerEvent,
)
from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler

from dabiao import __version__
from dabiao.errors import StoreError
from dabiao.services.app import App, stamp
from dabiao.services.schedule import JOBS, WallTrigger, next_due
from dabiao.store import Store, runs
from dabiao.store.database import Row
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.lease import SCHEDULER, TTL, WORK, Clock, Lease, kept
from jobs.runner import Runner
from jobs.tasks import Task

JOB_DEFAULTS = {"misfire_grace_time": 6 * 3600, "coalesce": True, "max_instances": 1}
GRACE = 5.0  # seconds for the write in hand at a stop; with the leases to drop, all is over within ten

IDLE = 1.0  # seconds between two looks at what waits to be tried again, and at the clock
SET_BACK = timedelta(minutes=1)  # less is a clock being kept right

log = structlog.get_logger()


class OneWorker(BaseExecutor):  # type: ignore[misc]
    """One thread that takes jobs in the order in which they fell due, and tells each the time it was due.

    The thread does not hold up the end of the process: what it has not committed is undone by SQLite.

    Args:
        work: runs a job for a time.
        idle: called every :data:`IDLE` seconds in which there was no work.
    """

    def __init__(
        self,
        work: Callable[[str, datetime], object],
        clock: Clock,
        stop: Stop,
        idle: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__()
        self._work = work
        self._idle = idle
        self._clock = clock
        self._stop = stop
        self._queue: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="worker", daemon=True)

    def start(self, scheduler: Any, alias: str) -> None:
        """Begin to take work."""
        super().start(scheduler, alias)
        self._thread.start()

    def submit(self, step: Callable[[], object]) -> None:
        """Queue something that is no scheduled job."""
        self._queue.put(step)

    def shutdown(self, wait: bool = True) -> None:
        """Take no more work."""
        self._queue.put(None)
        if wait:
            self._thread.join()

    def ended(self, seconds: float | None) -> bool:
        """Wait for the work in hand, at most so long; whether it ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        self._queue.put(functools.partial(self._scheduled, job, run_times[-1]))

    def _scheduled(self, job: Job, at: datetime) -> None:
        name, store = job.kwargs["job"], job._jobstore_alias
        code, error = EVENT_JOB_EXECUTED, None
        if self._clock() - at > timedelta(seconds=job.misfire_grace_time):
            code = EVENT_JOB_MISSED
        else:
            try:
                self._work(name, at)
            except Exception as raised:  # the run could not even be recorded; the listener says so
                code, error = EVENT_JOB_ERROR, raised
        self._run_job_success(job.id, [JobExecutionEvent(code, job.id, store, at, exception=error)])

    def _loop(self) -> None:
        while not self._stop.asked:
            try:
                step = self._queue.get(timeout=IDLE)
            except queue.Empty:
                step = self._idle
            if step is None:
                return
            try:
                step()
            except Stopped:
                return
            except Exception:
                log.exception("step_failed")


class Scheduler:
    """One term of the scheduler: from the taking of the lease to its end."""

    def __init__(self, app: App, runner: Runner, clock: Clock, stop: Stop) -> None:
        self._app = app
        self._clock = clock
        self._stop = stop
        self._runner = runner
        self._latest = clock()
        self.worker = OneWorker(runner.scheduled, clock, stop, self.look)
        self.clockwork = BlockingScheduler(
            timezone=UTC,  # two moments of one other zone are compared by their clock faces: wrong in a doubled hour
            job_defaults=JOB_DEFAULTS,
            jobstores={"default": MemoryJobStore()},
            executors={"default": self.worker},
        )
        for number, job in enumerate(JOBS):
            # Jobs of one moment are started in the order of their ids.
            self.clockwork.add_job(
                runner.scheduled,
                WallTrigger(app.settings, job),
                id=f"{number}-{job}",
                name=job,
                kwargs={"job": job, "at": None},
            )
        self.clockwork.add_listener(self._started, EVENT_SCHEDULER_STARTED)
        self.clockwork.add_listener(
            self.not_run, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
        )

    def serve(self) -> None:
        """Catch up, then run jobs at their times until asked to stop."""
        self.worker.submit(self._runner.catch_up_all)
        self.clockwork.start()

    def look(self) -> None:
        """Between two runs: plan anew after the clock was set back, and try again what waits for it."""
        now = self._clock()
        if now < self._latest - SET_BACK:
            # Else every job would wait for the time that it had been planned for. Times that have their row stay run.
            log.warning("clock_set_back", before=stamp(self._latest), now=stamp(now))
            for job in self.clockwork.get_jobs():
                self.clockwork.reschedule_job(job.id, trigger=job.trigger)
            self._latest = now
        self._latest = max(self._latest, now)
        row = runs.due_retry(self._app.store, stamp(now))
        self._app.store.close()  # this thread's connection
        if row is not None:
            self._runner.retry(row)

    def _started(self, _: SchedulerEvent) -> None:
        def end() -> None:
            self._stop.wait()
            self.clockwork.shutdown(wait=False)

        threading.Thread(target=end, name="end", daemon=True).start()

    def not_run(self, event: JobExecutionEvent | JobSubmissionEvent) -> None:
        """Write a row for a time at which a job did not run, and catch up one that came too late."""
        job = event.job_id.partition("-")[2]
        if event.code == EVENT_JOB_MISSED:
            times, state, reason, message = [event.scheduled_run_time], "skipped", "missed", ""
        elif event.code == EVENT_JOB_MAX_INSTANCES:
            times, state, reason, message = event.scheduled_run_times, "skipped", "overlap", ""
        else:
            message = f"{type(event.exception).__name__}: {event.exception}"
            times, state, reason = [event.scheduled_run_time], "failed", "error"
        log.warning(
            "not_run", job=job, state=state, reason=reason, exc_info=event.exception if message else None
        )
        now = stamp(self._clock())
        for at in times:
            runs.record_skipped(
                self._app.store, job, stamp(at), now, __version__, state=state, reason=reason, message=message
            )
        if event.code == EVENT_JOB_MISSED:
            self.worker.submit(functools.partial(self._runner.catch_up, job))


def serve(
    opens: Callable[[], App],
    holder: str,
    clock: Clock,
    stop: Stop,
    *,
    ttl: float = TTL,
    grace: float = GRACE,
    catalog: Mapping[str, Task] = CATALOG,
) -> bool:
    """Be the scheduler whenever no other process is, until asked to stop.

    Returns:
        whether the work in hand ended. If not, the process must end without waiting for it; the store undoes what was
        not committed.
    """
    app = opens()
    lease = Lease(app.store, SCHEDULER, holder, clock, ttl)
    while not stop.asked:
        if not lease.wait(stop, _waiting):
            break
        term = Stop(stop)
        runner = Runner(opens, holder, clock, term, ttl=ttl, catalog=catalog)
        scheduler = Scheduler(app, runner, clock, term)
        log.info(
            "scheduler_started",
            holder=holder,
            timezone=app.settings.timezone,
            next={d.job: stamp(d.at) for d in next_due(app.settings, clock())},
        )
        with kept(lease, functools.partial(term.ask, "lease_lost")):
            scheduler.serve()
            ended = scheduler.worker.ended(grace if stop.wait(0) else None)
        log.info("scheduler_stopped", reason=term.reason, work_ended=ended)
        stop.release(term)
        if not ended:
            _leave(app, holder, runner.run_id, clock)
            return False
        with contextlib.suppress(StoreError):
            lease.drop()
    app.store.close()
    return True


def _waiting(standing: Row) -> None:
    log.warning(
        "scheduler_waiting",
        holder=standing["holder"],
        until=standing["expires_at"],
        message="another scheduler holds the lease; waiting to take over",
    )


def _leave(app: App, holder: str, run_id: int | None, clock: Clock) -> None:
    """Say what can be said of work that did not end in time; it may hold the write lock itself, so do not wait long."""
    store = Store(app.store.path, busy_timeout_ms=500)
    with contextlib.suppress(StoreError):
        if run_id is not None:
            runs.finish_run(store, run_id, "interrupted", stamp(clock()), {}, "stopped", "")
        for name in (WORK, SCHEDULER):
            runs.drop_lease(store, name, holder)
    store.close()
