"""``dabiao forecast`` as a person runs it: counts, progress, an interruption, a cluster that is not there."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dabiao.cli import fitting
from dabiao.cli.commands import app
from dabiao.errors import SchedulerUnreachable


@pytest.fixture(autouse=True)
def _home(walked_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DABIAO_HOME", str(walked_home))
    monkeypatch.setenv("DABIAO_LANG", "en")


def test_what_is_done_is_not_done_again() -> None:
    """Everything is unchanged, standard output is empty, and the exit status is 0."""
    found = CliRunner().invoke(app, ["forecast"])
    assert (found.exit_code, found.stdout) == (0, "")
    assert "0 fitted" in found.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_run_says_what_is_stored(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a signal it ends with 130 and how many are stored; the signal's handler is as it was before."""

    def stopped(*_: object, progress: Any, **__: object) -> dict[str, int]:
        progress(2000, 5000)
        os.kill(os.getpid(), number)
        raise AssertionError("the signal was lost")

    monkeypatch.setattr("dabiao.services.judge.forecasting.run_forecasts", stopped)
    before = signal.getsignal(signal.SIGTERM)
    found = CliRunner().invoke(app, ["forecast"])
    assert found.exit_code == 130
    assert "2000 forecasts fitted so far are stored" in found.stderr
    assert signal.getsignal(signal.SIGTERM) == before


def test_progress_in_a_log_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a line a transaction: one when five seconds have gone."""
    moment = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    progress = fitting.Progress("en")
    for second in range(1, 13):
        moment[0] = float(second)
        progress(second, 12)
    assert capsys.readouterr().err.splitlines() == ["5 of 12 fitted", "10 of 12 fitted"]


def test_a_cluster_that_does_not_answer_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler's address reaches the executor, and its refusal is an error that names it."""
    asked = []

    def refused(*_: object, scheduler: str, **__: object) -> dict[str, int]:
        asked.append(scheduler)
        raise SchedulerUnreachable("scheduler_unreachable", address=scheduler, detail="x")

    monkeypatch.setattr("dabiao.services.judge.forecasting.run_forecasts", refused)
    found = CliRunner().invoke(app, ["forecast", "--scheduler", "tcp://127.0.0.1:1"])
    assert asked == ["tcp://127.0.0.1:1"]
    assert isinstance(found.exception, SchedulerUnreachable)
