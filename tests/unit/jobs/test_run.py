"""One run of one job, and what is recorded of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dabiao.errors import UnknownName
from dabiao.services.app import App
from dabiao.services.jobs import history_rows, job_rows
from dabiao.services.schedule import JOBS
from dabiao.store import runs
from jobs.control import Stop, Stopped
from jobs.run import Asked, run_job
from jobs.tasks import Work

AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def good(_: Work) -> dict[str, int]:
    return {"things": 3}


def bad(_: Work) -> dict[str, int]:
    raise ValueError("no such thing")


CATALOG = {"import": good, "forecast": bad, "assess": good}


def run(app: App, name: str, at: datetime, clock: Any, **more: Any) -> Any:
    asked = Asked(name, at, more.pop("trigger", "schedule"), movable=more.pop("movable", False))
    return run_job(app, asked, clock, catalog=more.pop("catalog", CATALOG), **more)


def test_a_run_is_recorded(app: App, clock: Any) -> None:
    """A run leaves a row with its times, its counts and how it ended."""
    outcome = run(app, "import", AT, clock)
    (row,) = history_rows(app)
    assert outcome.state == row["state"] == "done"
    assert row["scheduled_for"] == "2026-11-21T22:00:00Z"
    assert row["counts"] == {"things": 3, "imports_seen": 0}


def test_a_time_is_run_once(app: App, clock: Any) -> None:
    """The same job and time are never run twice, whoever asks and however often."""
    assert run(app, "import", AT, clock) is not None
    assert run(app, "import", AT, clock) is None
    assert run(app, "import", AT, clock, trigger="catch_up") is None
    assert run(app, "assess", AT, clock) is not None
    assert len(runs.runs(app.store)) == 2


def test_a_run_by_hand_finds_a_free_second(app: App, clock: Any) -> None:
    """A run that is no schedule's takes the next free second, so that two within one second both run."""
    for _ in range(3):
        assert run(app, "import", AT, clock, trigger="manual", movable=True) is not None
    assert [r["scheduled_for"][-3:] for r in runs.runs(app.store)] == ["02Z", "01Z", "00Z"]


def test_a_failing_job_is_recorded_with_its_error(app: App, clock: Any) -> None:
    """A job that raises is recorded as failed with the error's text, and does not reach its caller."""
    assert run(app, "forecast", AT, clock, trigger="manual").state == "failed"
    (row,) = history_rows(app, "forecast")
    assert (row["state"], row["reason"]) == ("failed", "error")
    assert row["message"] == "ValueError: no such thing"
    assert run(app, "assess", AT, clock).state == "done"


def test_a_stopped_job_is_interrupted(app: App, clock: Any) -> None:
    """A job that is asked to end is recorded as interrupted, and the stop goes on to whoever runs it."""
    stop = Stop()
    stop.ask("stopped")
    with pytest.raises(Stopped):
        run(app, "import", AT, clock, stop=stop)
    (row,) = history_rows(app)
    assert (row["state"], row["reason"]) == ("interrupted", "stopped")


def test_unknown_job_is_refused(app: App, clock: Any) -> None:
    """A name that is no job's is an error that lists the jobs, and leaves no row."""
    with pytest.raises(UnknownName) as refused:
        run(app, "imports", AT, clock)
    assert "assess" in str(refused.value)
    assert runs.runs(app.store) == []
    with pytest.raises(UnknownName):
        history_rows(app, "imports")


def test_listings(app: App, clock: Any) -> None:
    """The list names each job with its next time and last result; the history gives seconds and counts, as JSON types."""

    def slow(work: Work) -> dict[str, int]:
        clock.pass_by(seconds=90)
        return {}

    run(app, "assess", clock(), clock, trigger="manual", catalog={"assess": slow})
    jobs = {r["name"]: r for r in job_rows(app, clock())}
    assert list(jobs) == list(JOBS)
    assert (jobs["assess"]["last_state"], jobs["alerts"]["last_state"]) == ("done", "never")
    assert jobs["assess"]["next_run"] == "2026-11-21T22:10:00Z"
    assert not jobs["assess"]["scheduler"]
    runs.take_lease(app.store, "scheduler", "me", "2026-11-21T04:00:00Z", "2026-11-21T04:30:00Z")
    assert job_rows(app, clock())[0]["scheduler"]
    (row,) = history_rows(app)
    assert row["seconds"] == 90
    assert json.loads(json.dumps([*jobs.values(), row]))
    assert clock() - datetime(2026, 11, 21, 4, 0, tzinfo=UTC) == timedelta(seconds=90)
