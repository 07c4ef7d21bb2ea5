"""Power cuts: SIGKILL of the importer, of jobs and of the web at random moments, and ``dabiao verify`` after each.

``python benchmarks/power_cuts.py [--cuts 1000] [--seed N] [--chains 2]`` prints JSON. A process is forked with everything
imported, works on a home with a file to import, every job to run or requests to answer that write, and is killed with
SIGKILL after a random part of the time that it takes when it is left alone. After each cut the check of
:mod:`dabiao.services.keep.verifying` reads everything: SQLite's integrity check, references, the audit chain, every raw file.
In the end one more import and one run of each job must succeed, and every value that was imported whole must stand once.
Exit status 1 if anything was harmed or lost.

A killed process leaves in the page cache what it has written; whether the disk has it too is for SQLite's syncs, not for this.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kill as declared
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.services.app import App
from dabiao.services.intake import inbox
from dabiao.services.keep.verifying import verify
from dabiao.settings import Settings
from dashboard.app import create_app
from jobs import logs
from jobs.control import Stop
from jobs.runner import Runner

ROWS = 12
JOBS = ("import", "derive", "forecast", "assess", "alerts", "backup", "retention")
"""The jobs by turns; a check writes no more than they do, and notices wait for the calendar."""
KINDS = ("importer", "jobs", "web")
LATER = 1.1  # of its usual time: how late a cut may come
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def settings_of(home: Path) -> Settings:
    """Settings of a home, whatever the environment says; one backup is enough."""
    return Settings(
        home=home, keep_processed_days=0, backup_daily=1, backup_weekly=0, backup_monthly=0, log_level="error"
    )


def now() -> datetime:
    """The clock of all of them."""
    return datetime.now(UTC)


def content(number: int) -> str:
    """A file of values of its own source: no two files say the same."""
    return declared.HEAD + "".join(
        f"泉州市,pm25,{2006 + n},{10 + (number * ROWS + n) % 7919 / 100:.2f},µg/m3,official,final,公报{number},2026-01-05\n"
        for n in range(ROWS)
    )


def drop(home: Path, number: int) -> None:
    """A file in the inbox, whole at once."""
    partial = home / "inbox" / f"{number:05d}.tmp"
    partial.write_text(content(number), "utf-8")
    partial.rename(partial.with_suffix(".csv"))


def opened(home: Path) -> App:
    """The app of a home."""
    return bootstrap.open_app(settings_of(home))


def importer(home: Path, _number: int) -> None:
    """Import what lies in the inbox."""
    app = opened(home)
    inbox.import_inbox(app, now=now(), sleep=lambda _: None)
    app.store.close()


def job(home: Path, number: int) -> None:
    """Run one job as the scheduler runs it."""
    opens = functools.partial(opened, home)
    Runner(opens, f"cut-{number}", now, Stop()).by_hand(JOBS[number // len(KINDS) % len(JOBS)])


def web(client: FlaskClient, number: int) -> None:
    """Answer requests that read and that write: an upload and its import, a pause and its end, a file."""
    data = {"file": (io.BytesIO(content(number).encode()), f"{number:05d}.csv")}
    brought = client.post("/do/data/bring", data=data, headers=SAME_ORIGIN)
    token = re.search(r"[\w-]{16,}", str(brought.json))
    if token is not None:
        client.post("/do/data/import", data={"token": token[0], "by": "甲"}, headers=SAME_ORIGIN)
    for what in ("pause", "resume"):
        client.post(
            f"/do/jobs/{what}", data={"job": "notices", "by": "甲", "note": "试"}, headers=SAME_ORIGIN
        )
    client.get("/export/targets.csv")


def works(home: Path) -> dict[str, Callable[[int], None]]:
    """What each kind of process does; the web's application is made once, before any fork."""
    client = create_app(settings_of(home)).server.test_client()
    return {
        "importer": functools.partial(importer, home),
        "jobs": functools.partial(job, home),
        "web": functools.partial(web, client),
    }


def begun(work: Callable[[int], None], home: Path, number: int) -> int:
    """Fork a process that does it."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with (home.parent / "log").open("ab") as log:
            os.dup2(log.fileno(), sys.stderr.fileno())
            os.dup2(log.fileno(), sys.stdout.fileno())
        work(number)
        status = 0
    finally:
        os._exit(status)


def usual(do: dict[str, Callable[[int], None]], home: Path) -> dict[str, float]:
    """Seconds that each kind takes when it is left alone, each job for itself."""
    taken: dict[str, float] = {}
    for number in range(len(KINDS) * len(JOBS)):
        kind = KINDS[number % len(KINDS)]
        drop(home, number)
        if name(number) in taken:
            continue
        start = time.monotonic()
        _, status = os.waitpid(begun(do[kind], home, number), 0)
        assert status == 0, f"{kind} failed by itself; {home.parent / 'log'} says why"
        taken[name(number)] = time.monotonic() - start
    return taken


def name(number: int) -> str:
    """The kind of a cut, and the job where it is one."""
    kind = KINDS[number % len(KINDS)]
    return f"jobs {JOBS[number // len(KINDS) % len(JOBS)]}" if kind == "jobs" else kind


def cut(work: Callable[[int], None], home: Path, number: int, seconds: float) -> bool:
    """Begin the work and kill it some seconds later; whether it was still at work."""
    pid = begun(work, home, number)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def harmed(home: Path) -> list[str]:
    """What the whole check finds harmed."""
    app = opened(home)
    try:
        return [f.code for f in verify(app, now()).findings if f.severity == "error"]
    finally:
        app.store.close()


def kept(home: Path, numbers: int) -> tuple[int, int]:
    """Values that are missing, and values that stand more than once, of all files that were dropped."""
    app = opened(home)
    try:
        found = Counter(
            (row["source"], row["period"])
            for row in app.store.rows("SELECT source, period FROM observed WHERE source LIKE '公报%'")
        )
    finally:
        app.store.close()
    wanted = {(f"公报{n}", str(2006 + year)) for n in range(numbers) for year in range(ROWS)}
    return len(wanted - found.keys()), sum(count - 1 for count in found.values())


def main(cuts: int, seed: int, work: Path) -> dict[str, Any]:
    """All of it."""
    logs.configure(logging.ERROR)
    inbox.LOOK_AGAIN = 0.01  # seconds: how long to look at a file is no part of this
    os.environ["CHROMIUM"] = ""  # no time for a browser's start
    dice = random.Random(seed)
    home = work / "home"
    bootstrap.data_folder = functools.partial(declared.small, work / "data")
    app, _ = bootstrap.initialise(settings_of(home), now())
    app.store.close()
    do = works(home)
    took = usual(do, home)
    first = len(KINDS) * len(JOBS)
    start = time.monotonic()
    met: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(first, first + cuts):
        drop(home, number)
        at_work = cut(
            do[KINDS[number % len(KINDS)]], home, number, dice.uniform(0, LATER * took[name(number)])
        )
        met[name(number)] += at_work
        wrong += [f"{number}: {code}" for code in harmed(home)]
    seconds = time.monotonic() - start
    importer(home, first + cuts)
    for step in range(len(JOBS)):
        job(home, step * len(KINDS))
    lost, doubled = kept(home, first + cuts)
    return {
        "cuts": cuts,
        "seed": seed,
        "met_at_work": met.total(),
        "met": dict(met),
        "harmed": wrong + harmed(home),
        "values_lost": lost,
        "values_doubled": doubled,
        "seconds_per_cut": round(seconds / max(cuts, 1), 2),
        "usual_seconds": {kind: round(s, 2) for kind, s in took.items()},
    }


def chains(cuts: int, seed: int, count: int) -> list[dict[str, Any]]:
    """Several of them side by side, each with its share of the cuts and a home of its own."""
    share = [cuts // count + (n < cuts % count) for n in range(count)]
    started = [
        subprocess.Popen(
            [sys.executable, __file__, "--cuts", str(c), "--seed", str(seed + n), "--chains", "1"],
            stdout=subprocess.PIPE,
        )
        for n, c in enumerate(share)
    ]
    return [json.loads(child.communicate()[0])[0] for child in started]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--chains", type=int, default=2)
    given = parser.parse_args()
    if given.chains == 1:
        memory = Path("/dev/shm")
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            done = [main(given.cuts, given.seed, Path(folder))]
    else:
        done = chains(given.cuts, given.seed, given.chains)
    print(json.dumps(done, indent=1, ensure_ascii=False))
    raise SystemExit(any(d["harmed"] or d["values_lost"] or d["values_doubled"] for d in done))
