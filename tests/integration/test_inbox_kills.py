"""No file of the inbox is lost or counted twice, whenever a process dies and however many read it at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dabiao.services.app import App

ROOT = Path(__file__).parents[2]
HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"


@pytest.fixture(scope="module")
def tried(_initialised: Path) -> Iterator[dict[str, Any]]:
    """What became of the inbox in every trial of :mod:`tests.integration.inbox_driver`."""
    shared = Path(
        "/dev/shm"
    )  # hundreds of runs that ask the disk to sync wait for it, and SIGKILL spares what is in memory
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield _tried(Path(folder), _initialised)


def _tried(work: Path, initialised: Path) -> dict[str, Any]:
    template = work / "template"
    subprocess.run(["cp", "-r", str(initialised), str(template)], check=True)
    inbox = template / "inbox"
    (inbox / "mixed.csv").write_text(
        HEAD + "泉州市,PM2.5平均浓度,2024,20,µg/m3,,\n火星,PM2.5平均浓度,2024,20,µg/m3,,\n", "utf-8"
    )
    (inbox / "wrong.csv").write_text("没有表头", "utf-8")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.inbox_driver", str(template), str(work)],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_a_run_that_is_left_alone_does(tried: dict[str, Any]) -> None:
    """The state that every other trial is held against."""
    wanted = tried["wanted"]
    assert wanted["rows"]["observations"] == 1
    assert wanted["rows"]["imports"] == 1
    assert (wanted["sound"], wanted["inbox"]) == ("ok", [])
    names = {name for name in wanted["files"] if not name.startswith("raw/")}
    assert names == {
        "processed/mixed.csv", "processed/mixed.csv.issues.csv",
        "failed/wrong.csv", "failed/wrong.csv.issues.csv", "failed/wrong.csv.reasons.txt",
    }  # fmt: skip
    assert tried["steps"] > 50


def test_killed_before_every_single_step(tried: dict[str, Any]) -> None:
    """SIGKILL before each file that is opened for writing, renamed, linked or removed and before each SQL statement: the
    next run leaves what a run that was left alone leaves, file for file and row for row.
    """
    for step, trial in enumerate(tried["each"], 1):
        assert trial["killed"] == [True], f"step {step}"
        assert trial["state"] == tried["wanted"], f"step {step}"


def test_killed_twice(tried: dict[str, Any]) -> None:
    """A run that dies while it takes up what a dead one left, too."""
    assert sum(sum(trial["killed"]) for trial in tried["twice"]) > len(tried["twice"])
    for trial in tried["twice"]:
        assert trial["state"] == tried["wanted"]


def test_killed_at_any_moment(tried: dict[str, Any]) -> None:
    """At random moments, in the middle of whatever was going on, too."""
    assert any(trial["killed"] == [True] for trial in tried["random"]), "no kill came before the end"
    for trial in tried["random"]:
        assert trial["state"] == tried["wanted"]


@pytest.mark.parametrize("kind", ["both", "both_killed"])
def test_two_importers_at_once(kind: str, tried: dict[str, Any]) -> None:
    """Two processes at one inbox, one of them perhaps killed: each file is done by one of them, and all of them are done."""
    for trial in tried[kind]:
        names = [name for said in trial["said"] for name in said.get("done", ())]
        assert len(names) == len(set(names))
        if kind == "both":
            assert sorted(names) == ["mixed.csv", "wrong.csv"]
        assert trial["state"] == tried["wanted"]
    said = [s for trial in tried[kind] for s in trial["said"] if s]
    assert any("inbox_busy" in s["stopped_by"] for s in said), "the two never met"


def test_the_lock_is_not_left_behind(app: App) -> None:
    """The lock goes with its process: its file may stay, and stops nobody."""
    from dabiao.services.intake.inbox import import_inbox
    from tests.conftest import NOW

    for _ in range(2):
        assert import_inbox(app, now=NOW, sleep=lambda _: None).stopped_by is None
