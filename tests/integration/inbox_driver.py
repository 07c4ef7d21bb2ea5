"""Inbox runs in processes that die: forked from one that is small and has a single thread, so that hundreds are cheap.

``python -m tests.integration.inbox_driver HOME WORK`` takes a prepared home with files in its inbox and prints, as JSON,
what each kind of death did to a copy of it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dabiao import bootstrap
from dabiao.plans.load import load
from dabiao.services.app import App
from dabiao.services.intake.inbox import import_inbox
from dabiao.store import Store
from tests.conftest import NOW
from tests.factories import settings_of

STEPS = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.truncate",
    "tempfile.mkstemp",
    "fcntl.flock",
}
CHANCE = random.Random(20261121)
CATALOGUE = load(bootstrap.data_folder()).catalogue


class Steps:
    """Counts what a process asks of the file system and of SQLite, and has it killed before one of those steps."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def watch(self, app: App) -> None:
        sys.addaudithook(self._asked)
        app.store.db.conn.set_trace_callback(lambda _: self._step())

    def _asked(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        if event in STEPS or writes:
            self._step()

    def _step(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def fork(home: Path, last: int = 0) -> int:
    """Start an inbox run in a process of its own; it leaves what it did in ``done-<pid>``, and how many steps it took."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        settings = settings_of(home)
        where = bootstrap.paths(settings)
        app = App(settings, where, Store.open(where.store), CATALOGUE)
        steps = Steps(last)
        steps.watch(app)
        found = import_inbox(app, now=NOW, sleep=lambda _: None)
        names = [r.file for r in found.done]
        told = {"done": names, "steps": steps.count, "stopped_by": repr(found.stopped_by or "")}
        (home / f"done-{os.getpid()}").write_text(json.dumps(told), "utf-8")
        status = 0
    finally:
        os._exit(status)


def told(home: Path, pid: int) -> dict[str, Any]:
    """Wait for a run's end; what it said, and nothing where it was killed."""
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    path = home / f"done-{pid}"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def state(home: Path) -> dict[str, Any]:
    """All that a person finds in a home: files with their contents, rows, and whether the store is sound."""
    shown = {}
    for folder in ("inbox", "processed", "failed", "raw"):
        for path in sorted((home / folder).rglob("*")):
            hidden = folder == "raw" and path.name.startswith(
                "."
            )  # a raw file half-written by a process that died
            if path.is_file() and not hidden:
                shown[path.relative_to(home).as_posix()] = path.read_text("utf-8")
    db = sqlite3.connect(home / "dabiao.sqlite")
    rows = {
        t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
        for t in ("observations", "imports", "issues")
    }
    sound = db.execute("PRAGMA integrity_check").fetchone()[0]
    db.close()
    folders = [p.name for p in (home / "inbox").iterdir()]
    return {"files": shown, "rows": rows, "sound": sound, "inbox": folders}


def main(template: Path, work: Path) -> dict[str, Any]:
    counter = iter(range(1_000_000))

    def copy() -> Path:
        return Path(shutil.copytree(template, work / str(next(counter))))

    def tried(deaths: Callable[[Path], list[bool]]) -> dict[str, Any]:
        """Runs that die, then one that is left alone."""
        home = copy()
        killed = deaths(home)
        told(home, fork(home))
        found = state(home)
        shutil.rmtree(home)
        return {"killed": killed, "state": found}

    def at(*steps: int) -> Callable[[Path], list[bool]]:
        return lambda home: [not told(home, fork(home, step)) for step in steps]

    def later(whole: float) -> Callable[[Path], list[bool]]:
        def deaths(home: Path) -> list[bool]:
            pid = fork(home)
            time.sleep(CHANCE.uniform(0, whole))
            os.kill(pid, signal.SIGKILL)
            return [not told(home, pid)]

        return deaths

    home = copy()
    began = time.monotonic()
    steps = told(home, fork(home))["steps"]
    whole = time.monotonic() - began
    return {
        "wanted": state(home),
        "steps": steps,
        "each": [tried(at(step)) for step in range(1, steps + 1)],
        "twice": [tried(at(CHANCE.randint(1, steps), CHANCE.randint(1, steps))) for _ in range(8)],
        "random": [tried(later(whole)) for _ in range(15)],
        "both": [both(copy(), kill=False, whole=whole) for _ in range(4)],
        "both_killed": [both(copy(), kill=True, whole=whole) for _ in range(6)],
    }


def both(home: Path, *, kill: bool, whole: float) -> dict[str, Any]:
    """Two importers at one inbox, the first of them perhaps killed; a run afterwards takes what they left."""
    first, second = fork(home), fork(home)
    if kill:
        time.sleep(CHANCE.uniform(0, whole))
        os.kill(first, signal.SIGKILL)
    said = [told(home, first), told(home, second)]
    said.append(told(home, fork(home)))
    return {"said": said, "state": state(home)}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
