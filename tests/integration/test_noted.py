"""What people do at the command line or with an upload leaves a row in the audit, with their name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dabiao import cli
from dabiao.errors import ImportRefused
from dabiao.services.app import App
from dabiao.services.intake import uploads
from dabiao.services.intake.uploads import Options
from dabiao.store import audit
from jobs.control import Stop
from jobs.tasks import Work
from jobs.tasks import alerts as alerts_task
from jobs.tasks import check as check_task

HEAD = "region,indicator,period,value,unit,tier,state,source,published\n"
GOOD = HEAD + "泉州市,pm25,2025,18.1,µg/m3,official,final,公报,2026-06-05\n"
Command = Callable[..., int]


@pytest.fixture
def command(app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command on the home of :func:`app` as the user ``zhang``; gives its exit status."""
    for name in [n for n in os.environ if n.startswith("DABIAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DABIAO_HOME", str(app.paths.home))
    monkeypatch.setenv("LOGNAME", "zhang")

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["dabiao", *words])
        try:
            cli.main()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        return 0

    return run


def noted(app: App, family: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, action and details of the rows of a family."""
    return [(r["actor"], r["action"], json.loads(r["details"])) for r in audit.rows(app.store, action=family)]


def test_an_import_is_noted_with_its_counts(app: App, command: Command, tmp_path: Path) -> None:
    """Who imported a file stands in the audit; a dry run imports nothing and leaves no row."""
    file = tmp_path / "good.csv"
    file.write_text(GOOD, "utf-8")
    assert command("import", str(file), "--dry-run") == 0
    assert noted(app, "data.") == []
    assert command("import", str(file)) == 0
    counts = {"file": "good.csv", "accepted": 1, "revised": 0, "refused": 0}
    assert noted(app, "data.") == [("zhang", "data.imported", counts)]


def test_a_file_refused_whole_is_noted(app: App, command: Command, tmp_path: Path) -> None:
    """A file of which nothing can be read is stored nowhere; the audit says that it came, and why it was refused."""
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert command("import", str(file)) == 1
    [(actor, action, details)] = noted(app, "data.")
    assert (actor, action, details["file"]) == ("zhang", "data.refused", "picture.xlsx")
    assert details["reason"]


def test_an_upload_refused_whole_is_noted(app: App, now: datetime) -> None:
    """So is an upload, in the name of whoever sent it; the upload stays, to be looked at."""
    token = uploads.stage(app, "picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), now)
    with pytest.raises(ImportRefused):
        uploads.take(app, token, Options(), now, "王芳")
    [(actor, action, details)] = noted(app, "data.")
    assert (actor, action, details["file"]) == ("王芳", "data.refused", "picture.xlsx")
    assert uploads.staged(app, token) is not None


def test_a_dismissal_is_noted(app: App, command: Command, tmp_path: Path) -> None:
    """Refused rows that are closed for good leave their ids and the reason; closing them again leaves nothing."""
    file = tmp_path / "bad.csv"
    file.write_text(GOOD + GOOD.splitlines()[1].replace("18.1", "x") + "\n", "utf-8")
    assert command("import", str(file)) == 1
    [row] = app.store.rows("SELECT id FROM quarantine")
    for _ in range(2):
        assert command("quarantine", "dismiss", str(row["id"]), "--note", "印错") == 0
    assert noted(app, "data.dismissed") == [
        ("zhang", "data.dismissed", {"rows": [row["id"]], "note": "印错"})
    ]


def test_a_pause_and_its_end_are_noted(app: App, command: Command) -> None:
    """Pausing and resuming leave a row each, in the name that was given; repeating them leaves none."""
    for words in (["pause", "backup", "--by", "李雷", "--note", "换盘"], ["resume", "backup"]):
        assert command("jobs", *words) == 0
        assert command("jobs", *words) == 0
    assert noted(app, "job.") == [("李雷", "job.paused", {"note": "换盘"}), ("zhang", "job.resumed", {})]


def test_a_run_by_hand_is_noted(app: App, command: Command) -> None:
    """The row names the run."""
    assert command("jobs", "run", "retention") == 0
    [run] = app.store.rows("SELECT id FROM job_runs")
    assert noted(app, "job.") == [("zhang", "job.started", {"run": run["id"]})]


@pytest.mark.parametrize(("task", "unit"), [(alerts_task, "steps"), (check_task, "files")])
def test_a_running_job_says_how_far_it_is(
    app: App, command: Command, tmp_path: Path, now: datetime, task: Any, unit: str
) -> None:
    """The alerts and the check say so, in units that have words."""
    file = tmp_path / "good.csv"
    file.write_text(GOOD, "utf-8")
    assert command("import", str(file)) == 0
    told: list[tuple[float, int | None, str]] = []
    task.run(Work(app, now, Stop(), lambda *said: told.append(said)))
    assert told
    assert {u for _, _, u in told} == {unit}
    assert all(0 <= done < (total or 0) for done, total, _ in told)
