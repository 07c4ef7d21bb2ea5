"""What can be seen of a run: its progress while it goes on, and its log and versions afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from dabiao import __version__
from dabiao.services.app import App
from dabiao.services.jobs import PROGRESS, history_rows, job_rows, progress_of
from dabiao.store import SCHEMA_VERSION
from jobs import logs
from jobs.control import Stop, Stopped
from jobs.progress import Report
from jobs.run import Asked, run_job
from jobs.tasks import Work


def run(app: App, clock: Any, task: Any, **more: Any) -> None:
    run_job(
        app, Asked("forecast", clock(), "manual", movable=True), clock, catalog={"forecast": task}, **more
    )


@pytest.fixture
def logged() -> Iterator[None]:
    """Logging as the process has it."""
    logs.configure()
    yield
    structlog.reset_defaults()


def test_a_running_job_shows_how_far_it_is(app: App, clock: Any) -> None:
    """While it runs its row in the list has its progress; when it has ended there is none, and no file is left."""
    seen: list[dict[str, Any]] = []

    def task(work: Work) -> dict[str, int]:
        work.told(30, 120, "series")
        seen.extend(r for r in job_rows(app, clock()) if r["running"])
        return {}

    run(app, clock, task)
    (row,) = seen
    assert row["name"] == "forecast"
    assert row["progress"] == {"done": 30, "total": 120, "unit": "series", "share": 0.25}
    assert all(r["progress"] is None for r in job_rows(app, clock()))
    assert not (app.paths.home / PROGRESS).exists()


def test_progress_is_seen_while_the_store_is_locked(app: App, clock: Any) -> None:
    """A long import holds the store's write lock: how far it is can be seen all the same."""
    with app.store.write() as db:
        Report(app, 7)(0.5, 2, "files")
        db.execute("DELETE FROM leases")
        found = progress_of(app.paths)
    assert found is not None
    assert (found.run_id, found.done, found.share) == (7, 0.5, 0.25)


def test_progress_is_written_once_a_second(app: App) -> None:
    """However often it is told, the file changes once a second."""
    now = [0.0]
    report = Report(app, 1, lambda: now[0])
    written = []
    for tenth in range(31):
        now[0] = tenth / 10
        report(tenth, 31, "pages")
        found = progress_of(app.paths)
        assert found is not None
        written.append(found.done)
    assert sorted(set(written)) == [0, 10, 20, 30]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run_id": 1}', "\x00"])
def test_a_torn_progress_file_is_none(app: App, text: str) -> None:
    """What cannot be read is no progress."""
    (app.paths.home / PROGRESS).write_text(text, "utf-8")
    assert progress_of(app.paths) is None


def test_progress_of_a_run_that_was_killed_is_not_shown(app: App, clock: Any) -> None:
    """A file that a killed process left belongs to no run that is running."""
    Report(app, 99)(1, 2, "files")
    assert all(r["progress"] is None for r in job_rows(app, clock()))


def test_a_disk_without_room_stops_no_run(app: App, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress that cannot be written is not said; the job goes on."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    run(app, clock, lambda work: {"told": work.told(1, 2, "files") is None})
    assert history_rows(app)[0]["state"] == "done"


def test_told_stops_the_work(app: App, clock: Any) -> None:
    """Between two units of work a stop is heeded."""
    stop = Stop()

    def task(work: Work) -> dict[str, int]:
        stop.ask("stopped")
        work.told(1, 2, "files")
        raise AssertionError("went on")

    with pytest.raises(Stopped):
        run(app, clock, task, stop=stop)
    assert history_rows(app)[0]["state"] == "interrupted"


@pytest.mark.usefixtures("logged")
def test_a_run_keeps_its_log(app: App, clock: Any) -> None:
    """The last lines logged by the run itself, each a JSON object with its run; an error's trace is in it."""

    def task(_: Work) -> dict[str, int]:
        log = structlog.get_logger()
        for number in range(100):
            log.info("step", number=number)
        raise ValueError("不行")

    structlog.get_logger().info("before")
    run(app, clock, task)
    (row,) = history_rows(app)
    lines = [json.loads(line) for line in row["log"]]
    assert len(lines) == logs.LINES
    assert [line["number"] for line in lines[:-1]] == list(range(100 - logs.LINES + 1, 100))
    assert {line["run_id"] for line in lines} == {row["id"]}
    assert "ValueError: 不行" in lines[-1]["exception"]
    run(app, clock, lambda _: {})
    assert [json.loads(line)["event"] for line in history_rows(app)[0]["log"]] == ["run_started", "run_done"]


def test_a_run_says_by_what_it_was_made(app: App, clock: Any) -> None:
    """The versions of the program, of the models in force and of the schema."""
    run(app, clock, lambda _: {})
    (row,) = history_rows(app)
    assert (row["program"], row["schema"]) == (__version__, SCHEMA_VERSION)
    assert app.settings.model in row["models"]
    assert app.settings.model_monthly in row["models"]


def test_a_run_and_its_next_attempt_stand_in_the_store_together(app: App) -> None:
    """A run without a time for its next attempt cannot wait for one."""
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), app.store.write() as db:
        db.execute(
            """INSERT INTO job_runs (job, scheduled_for, trigger, state, started_at, counts, message, program, models,
                   coalesced, attempt, log) VALUES ('backup', 'x', 'manual', 'retrying', 'x', '{}', '', '', '', 0, 1, '')"""
        )
