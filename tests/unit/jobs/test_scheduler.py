"""The runner and the scheduler around it, with clocks and jobs of the test's own."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.events import (
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
    JobSubmissionEvent,
)

from dabiao.errors import ServiceError
from dabiao.services.app import App, Paths
from dabiao.services.schedule import JOBS
from dabiao.store import Store, runs
from jobs.catalog import CATALOG
from jobs.control import Stop
from jobs.lease import Lease
from jobs.runner import Runner
from jobs.scheduler import JOB_DEFAULTS, Scheduler, serve
from jobs.tasks import Work
from tests.unit.jobs.conftest import planned


class Rooms:
    """Jobs that note their calls; `import` brings new observations where told to, others fail where told to."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.brings = 0
        self.failing: set[str] = set()
        self.done = threading.Event()

    def task(self, name: str, work: Work) -> dict[str, int]:
        self.calls.append(name)
        if name == self.last:
            self.done.set()
        if name in self.failing:
            raise RuntimeError(f"{name} cannot")
        if name == "import" and self.brings:
            self.brings -= 1
            with work.app.store.write() as db:
                db.execute(
                    """INSERT INTO imports (file, sha256, size, imported_at, reading, accepted, revised, unchanged,
                       refused, warned) VALUES ('a', 'b', 1, '2026', '{}', 1, 0, 0, 0, 0)"""
                )
        return {}

    last = JOBS[-1]

    @property
    def catalog(self) -> dict[str, Any]:
        return {name: functools.partial(self.task, name) for name in CATALOG}


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def reopened(app: App) -> App:
    return App(app.settings, Paths(app.paths.home, app.paths.home), Store(app.store.path), app.catalogue)


def runner(app: App, rooms: Rooms, clock: Any, **more: Any) -> Runner:
    opens = functools.partial(reopened, app)
    return Runner(opens, more.pop("holder", "me"), clock, Stop(), catalog=rooms.catalog, **more)


def states(app: App) -> Counter[tuple[str, str, str]]:
    return Counter((r["job"], r["trigger"], r["state"]) for r in runs.runs(app.store))


def test_missed_jobs_are_caught_up_once(app: App, rooms: Rooms, clock: Any) -> None:
    """At a start every job that missed its time runs once, in the order of the chain; a second start runs none."""
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == list(JOBS)
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == list(JOBS)
    clock.pass_by(days=30)
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == [*JOBS, *JOBS]
    assert {r["trigger"] for r in runs.runs(app.store)} == {"catch_up"}


def test_what_an_import_brought_is_followed_at_once(app: App, rooms: Rooms, clock: Any) -> None:
    """An import that brought observations is followed by the other jobs at once, and one that did not is not."""
    runner(app, rooms, clock).scheduled("import", clock())
    assert rooms.calls == ["import"]
    rooms.brings = 1
    clock.pass_by(minutes=10)
    runner(app, rooms, clock).scheduled("import", clock())
    assert rooms.calls[1:] == ["import", "derive", "forecast", "assess", "alerts"]
    clock.pass_by(minutes=10)
    runner(app, rooms, clock).scheduled("import", clock())
    assert rooms.calls[6:] == ["import"]
    assert states(app)["assess", "chain", "done"] == 1


def test_the_chain_stands_in_for_what_was_missed(app: App, rooms: Rooms, clock: Any) -> None:
    """Where the import that is caught up sets the chain going, nothing is run a second time."""
    rooms.brings = 1
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == list(JOBS)


def test_an_import_that_died_is_followed_too(app: App, rooms: Rooms, clock: Any) -> None:
    """Observations that came in before a kill are followed at the next start: the record decides, not the import's word."""
    runner(app, rooms, clock).catch_up_all()
    rooms.calls.clear()
    with app.store.write() as db:
        db.execute(
            """INSERT INTO imports (file, sha256, size, imported_at, reading, accepted, revised, unchanged, refused,
               warned) VALUES ('a', 'b', 1, '2026', '{}', 1, 0, 0, 0, 0)"""
        )
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == ["derive", "forecast", "assess", "alerts"]


def test_a_failing_job_stops_no_other(app: App, rooms: Rooms, clock: Any) -> None:
    """When a job of the chain fails it is recorded with its text, the rest still run, and it is not tried for ever."""
    rooms.failing = {"forecast"}
    rooms.brings = 1
    runner(app, rooms, clock).catch_up_all()
    assert rooms.calls == list(JOBS)
    (failed,) = (r for r in runs.runs(app.store) if r["state"] == "retrying")
    assert (failed["job"], failed["message"]) == ("forecast", "RuntimeError: forecast cannot")
    clock.pass_by(minutes=10)
    runner(app, rooms, clock).scheduled("import", clock())
    assert rooms.calls[len(JOBS) :] == ["import"]


def test_an_interrupted_run_is_closed_and_repeated(app: App, rooms: Rooms, clock: Any) -> None:
    """A run that a killed process left open is marked interrupted by the next worker, and its job caught up once."""
    clock.now = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
    left = runs.start_run(
        app.store, "forecast", "2026-11-21T22:00:00Z", "schedule", "2026-11-21T22:00:00Z", "0"
    )
    runner(app, rooms, clock).catch_up_all()
    rows = runs.runs(app.store, "forecast")
    assert [(r["state"], r["trigger"]) for r in rows] == [("done", "catch_up"), ("interrupted", "schedule")]
    assert rows[-1]["id"] == left
    assert rows[-1]["reason"] == "killed"


def test_a_run_by_hand_waits_its_turn(app: App, rooms: Rooms, clock: Any) -> None:
    """While another process runs a job, a run by hand waits, and says who it waited for when it gives up."""
    Lease(app.store, "work", "other", clock).take()
    with pytest.raises(ServiceError) as busy:
        runner(app, rooms, clock, patience=0.1).by_hand("assess")
    assert busy.value.params["holder"] == "other"
    assert rooms.calls == []
    runs.drop_lease(app.store, "work", "other")
    outcome = runner(app, rooms, clock).by_hand("assess")
    assert outcome is not None
    assert outcome.state == "done"
    assert runs.lease(app.store, "work") is None


def scheduler(app: App, rooms: Rooms, clock: Any) -> Scheduler:
    return Scheduler(app, runner(app, rooms, clock), clock, Stop())


def test_jobs_are_forgiving_and_never_doubled(app: App, rooms: Rooms, clock: Any) -> None:
    """Each job may start six hours late, is coalesced, has one instance, and stands in the settings' timezone."""
    made = scheduler(app, rooms, clock)
    with planned(made):
        jobs = made.clockwork.get_jobs()
        assert [j.name for j in sorted(jobs, key=lambda j: j.id)] == list(CATALOG)
        for job in jobs:
            assert {name: getattr(job, name) for name in JOB_DEFAULTS} == JOB_DEFAULTS
            assert job.misfire_grace_time == 21600
            assert job.next_run_time.tzinfo.key == "Asia/Shanghai"


def test_what_did_not_run_has_a_row(app: App, rooms: Rooms, clock: Any) -> None:
    """A time that came too late or while the job still ran leaves a row that says so."""
    made = scheduler(app, rooms, clock)
    late, busy = clock() - timedelta(hours=7), clock()
    made.not_run(JobExecutionEvent(EVENT_JOB_MISSED, "1-forecast", "default", late))
    made.not_run(JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "0-import", "default", [busy]))
    made.not_run(JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "0-import", "default", [busy]))
    assert [(r["job"], r["state"], r["reason"]) for r in runs.runs(app.store)] == [
        ("import", "skipped", "overlap"),
        ("forecast", "skipped", "missed"),
    ]


def test_serving_catches_up_and_gives_the_lease_back(app: App, rooms: Rooms, clock: Any) -> None:
    """A served scheduler catches up, and when asked to stop ends its work and drops both leases."""
    stop = Stop()
    ended: list[bool] = []
    thread = threading.Thread(
        target=lambda: ended.append(
            serve(functools.partial(reopened, app), "me", clock, stop, catalog=rooms.catalog)
        )
    )
    thread.start()
    assert rooms.done.wait(20)
    assert runs.lease(app.store, "scheduler") is not None
    stop.ask("stopped")
    thread.join(10)
    assert ended == [True]
    assert app.store.rows("SELECT * FROM leases") == []


def test_work_that_does_not_end_is_left(app: App, clock: Any, tmp_path: Path) -> None:
    """Work that does not end in its time is marked as interrupted and the leases are dropped, so that the process can go."""
    begun, go_on = threading.Event(), threading.Event()

    def stuck(_: Work) -> dict[str, int]:
        begun.set()
        go_on.wait(30)
        return {}

    stop = Stop()
    ended: list[bool] = []
    opens = functools.partial(reopened, app)
    catalog = dict.fromkeys(CATALOG, stuck)
    thread = threading.Thread(
        target=lambda: ended.append(serve(opens, "me", clock, stop, grace=0.2, catalog=catalog))
    )
    thread.start()
    assert begun.wait(20)
    stop.ask("stopped")
    thread.join(10)
    assert ended == [False]
    assert app.store.rows("SELECT * FROM leases") == []
    assert [(r["state"], r["reason"]) for r in runs.runs(app.store)] == [("interrupted", "stopped")]
    go_on.set()
