"""A job that fails is tried again, a job that is paused is left alone, and every attempt is on record."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dabiao.errors import UnknownName
from dabiao.services.app import App, Paths, stamp
from dabiao.services.jobs import history_rows, job_rows, pause, resume
from dabiao.services.schedule import JOBS
from dabiao.store import Store
from jobs.catalog import CATALOG
from jobs.control import Stop, Stopped
from jobs.runner import Runner
from jobs.scheduler import Scheduler
from jobs.tasks import Work
from tests.unit.jobs.conftest import planned

DUE = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class Failing:
    """Jobs of which some fail so many times."""

    def __init__(self, **times: int) -> None:
        self.left = Counter(times)
        self.calls: list[str] = []

    def task(self, name: str, _: Work) -> dict[str, int]:
        self.calls.append(name)
        if self.left[name]:
            self.left[name] -= 1
            raise RuntimeError(f"{name} cannot")
        return {}

    @property
    def catalog(self) -> dict[str, Any]:
        return {name: functools.partial(self.task, name) for name in CATALOG}


def scheduler(app: App, jobs: Failing, clock: Any) -> Scheduler:
    """As after a start: nothing is kept but what the store has."""

    def opens() -> App:
        return App(app.settings, Paths(app.paths.home, app.paths.home), Store(app.store.path), app.catalogue)

    stop = Stop()
    return Scheduler(app, Runner(opens, "me", clock, stop, catalog=jobs.catalog), clock, stop)


def scheduled(made: Scheduler, clock: Any, job: str, at: datetime) -> None:
    clock.now = at
    made._runner.scheduled(job, at)


def rows(app: App, job: str) -> list[tuple[str, str | None, int]]:
    return [(r["state"], r["reason"], r["attempt"]) for r in history_rows(app, job)]


def test_a_failed_job_is_tried_again_after_its_wait(app: App, clock: Any) -> None:
    """Not before the wait is over, then at once; the run keeps its time and says what each attempt came to."""
    jobs = Failing(backup=2)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    assert rows(app, "backup") == [("retrying", "error", 1)]
    clock.pass_by(seconds=59)
    made.look()
    assert jobs.calls == ["backup"]
    clock.pass_by(seconds=1)
    made.look()
    assert rows(app, "backup") == [("retrying", "error", 2)]
    clock.pass_by(seconds=240)
    made.look()
    (row,) = history_rows(app, "backup")
    assert (row["state"], row["scheduled_for"], row["trigger"]) == ("done", stamp(DUE), "schedule")
    assert [(a["attempt"], a["state"]) for a in row["attempts"]] == [
        (1, "failed"),
        (2, "failed"),
        (3, "done"),
    ]
    assert row["attempts"][0]["message"] == "RuntimeError: backup cannot"
    assert row["seconds"] == 0, "the waits are no work"
    made.look()
    assert jobs.calls == ["backup"] * 3


def test_after_the_last_attempt_it_stays_failed(app: App, clock: Any) -> None:
    """Four attempts by default, and no fifth; the next time of the schedule begins anew."""
    jobs = Failing(backup=99)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    for _ in range(10):
        clock.pass_by(hours=1)
        made.look()
    assert rows(app, "backup") == [("failed", "error", 4)]
    scheduled(made, clock, "backup", DUE + timedelta(days=1))
    assert rows(app, "backup")[0] == ("retrying", "error", 1)


def test_a_restart_takes_the_retry_up(app: App, clock: Any) -> None:
    """What waits, waits in the store: a process that starts later makes the attempt, and catches nothing up beside it."""
    jobs = Failing(backup=1)
    scheduled(scheduler(app, jobs, clock), clock, "backup", DUE)
    clock.pass_by(days=3)
    made = scheduler(app, jobs, clock)
    made._runner.catch_up("backup")
    assert jobs.calls == ["backup"]
    made.look()
    assert rows(app, "backup") == [("done", None, 2)]


def test_its_times_are_left_to_the_retry(app: App, clock: Any) -> None:
    """A time that comes while the job waits to be tried again leaves a row that says so, and no second wait."""
    jobs = Failing(**{"import": 3})
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "import", DUE)
    clock.pass_by(seconds=60)
    made.look()
    scheduled(made, clock, "import", DUE + timedelta(minutes=2))
    assert rows(app, "import") == [("skipped", "retrying", 1), ("retrying", "error", 2)]


def test_a_run_by_hand_overtakes(app: App, clock: Any) -> None:
    """A later run that succeeds has done the work: what waited is closed. One by hand that fails is not tried again."""
    jobs = Failing(backup=2)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    assert made._runner.by_hand("backup").state == "failed"  # type: ignore[union-attr]
    clock.pass_by(seconds=5)
    made._runner.by_hand("backup")
    assert rows(app, "backup") == [("done", None, 1), ("failed", "error", 1), ("failed", "overtaken", 1)]
    clock.pass_by(hours=2)
    made.look()
    assert len(jobs.calls) == 3


def test_what_builds_on_it_follows_a_retry(app: App, clock: Any) -> None:
    """The assessment of six o'clock used the old forecasts: when the forecast succeeds later, it is made again."""
    jobs = Failing(forecast=1)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "forecast", DUE)
    scheduled(made, clock, "assess", DUE + timedelta(seconds=10))
    clock.pass_by(minutes=1)
    made.look()
    assert jobs.calls == ["forecast", "assess", "forecast", "assess", "alerts"]


def test_an_attempt_that_is_stopped_is_caught_up(app: App, clock: Any) -> None:
    """A stop in the middle of an attempt is no failure: it counts for none, and the next start repeats the run."""
    jobs = Failing(backup=1)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    clock.pass_by(minutes=1)

    def stopped(_: Work) -> dict[str, int]:
        raise Stopped("stopped")

    made._runner._catalog = {**jobs.catalog, "backup": stopped}
    with pytest.raises(Stopped):
        made.look()
    assert rows(app, "backup") == [("interrupted", "stopped", 2)]
    again = scheduler(app, jobs, clock)
    again._runner.catch_up("backup")
    assert rows(app, "backup")[0] == ("done", None, 1)


# -- pauses ----------------------------------------------------------------------------------------------------


def test_a_paused_job_does_not_run(app: App, clock: Any) -> None:
    """Not at its time, not caught up, not after an import, not again; by hand it does. The others go on."""
    assert pause(app, "forecast", clock(), "王某", "换模型")
    assert not pause(app, "forecast", clock(), "李某")
    jobs = Failing()
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "forecast", DUE)
    assert rows(app, "forecast") == [("skipped", "paused", 1)]
    clock.pass_by(days=2)
    scheduler(app, jobs, clock)._runner.catch_up_all()
    assert jobs.calls == [j for j in JOBS if j != "forecast"]
    assert [state for state, *_ in rows(app, "forecast")] == ["skipped", "skipped"]
    made._runner.by_hand("forecast")
    assert jobs.calls[-1] == "forecast"


def test_a_pause_is_shown_and_ends(app: App, clock: Any) -> None:
    """Who paused it, when and why stand in the list, without a next time; resumed, it runs at its next time."""
    pause(app, "forecast", clock(), "王某", "换模型")
    row = {r["name"]: r for r in job_rows(app, clock())}["forecast"]
    assert (row["paused_by"], row["paused_note"], row["paused_at"]) == (
        "王某",
        "换模型",
        "2026-11-21T04:00:00Z",
    )
    assert row["next_run"] is None
    assert resume(app, "forecast")
    assert not resume(app, "forecast")
    row = {r["name"]: r for r in job_rows(app, clock())}["forecast"]
    assert (row["paused_by"], row["next_run"]) == (None, "2026-11-21T22:00:00Z")
    jobs = Failing()
    scheduled(scheduler(app, jobs, clock), clock, "forecast", DUE)
    assert jobs.calls == ["forecast"]


def test_a_paused_job_waits_with_its_retry(app: App, clock: Any) -> None:
    """A pause holds a retry back; when it ends, the attempt is made."""
    jobs = Failing(backup=1)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    pause(app, "backup", clock(), "王某")
    clock.pass_by(hours=1)
    made.look()
    assert rows(app, "backup") == [("retrying", "error", 1)]
    resume(app, "backup")
    made.look()
    assert rows(app, "backup") == [("done", None, 2)]


@pytest.mark.parametrize(
    "call", [lambda app, now: pause(app, "imports", now, "x"), lambda app, _: resume(app, "imports")]
)
def test_a_pause_of_no_job_is_refused(app: App, clock: Any, call: Any) -> None:
    """A name that is no job's pauses nothing."""
    with pytest.raises(UnknownName):
        call(app, clock())


# -- the clock -------------------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_holds_no_job_up(app: App, clock: Any) -> None:
    """Planned for a year that the clock had by mistake, every job is planned anew, and no time is run twice."""
    jobs = Failing()
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    with planned(made):
        for job in made.clockwork.get_jobs():
            made.clockwork.modify_job(job.id, next_run_time=datetime(2099, 1, 1, tzinfo=UTC))
        clock.pass_by(seconds=-59)
        made.look()
        assert all(j.next_run_time.year == 2099 for j in made.clockwork.get_jobs()), (
            "a clock that is kept right"
        )
        clock.pass_by(days=-1)
        made.look()
        assert all(j.next_run_time.year < 2099 for j in made.clockwork.get_jobs())
    made._runner.scheduled("backup", DUE)
    assert jobs.calls == ["backup"]


def test_settings_of_retries(app: App, clock: Any) -> None:
    """One try means none again."""
    once = dataclasses.replace(app, settings=app.settings.model_copy(update={"retry_tries": 1}))
    scheduled(scheduler(once, Failing(backup=1), clock), clock, "backup", DUE)
    # the runner's own app decides: it reads the same settings
    assert rows(app, "backup") == [("failed", "error", 1)]


def test_a_job_that_stays_failed_is_an_alert(app: App, clock: Any) -> None:
    """Not while it is tried again; one alert once it stays failed, gone with the next good run."""

    def standing() -> list[tuple[str, str]]:
        found = app.store.rows("SELECT cause, key FROM alerts WHERE state = 'open'")
        return [(r["cause"], r["key"]) for r in found]

    jobs = Failing(backup=5)
    made = scheduler(app, jobs, clock)
    scheduled(made, clock, "backup", DUE)
    for _ in range(2):
        clock.pass_by(hours=1)
        made.look()
        assert standing() == []
    clock.pass_by(hours=1)
    made.look()
    assert standing() == [("job_failed", "backup")]
    assert made._runner.by_hand("backup").state == "failed"  # type: ignore[union-attr]
    assert standing() == [("job_failed", "backup")]
    clock.pass_by(seconds=1)
    made._runner.by_hand("backup")
    assert standing() == []
