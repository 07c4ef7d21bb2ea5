"""Kills the scheduler at random moments, and counts what is lost and what is done twice: both are to be 0.

``python benchmarks/kill.py [--kills 200] [--seed N]`` prints JSON. A scheduler is forked with everything imported, has
new files in its inbox and every job to catch up, and is killed with SIGKILL: at a random moment of each job by turns, and of
the whole; so again, a day later by its clock, as often as asked, in two homes side by side. The last one is left alone. Then
the store is held against one into which the same files went without a kill. Exit status 1 if anything was lost or doubled.

The homes lie in memory where the machine has such a folder: a killed process leaves there what it leaves on a disk. Notices
are made without pictures, so that no time goes into a browser's start.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import logging
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from dabiao import bootstrap
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.intake import inbox
from dabiao.services.intake.reasons import ISSUES
from dabiao.services.judge import forecasting, judging
from dabiao.services.keep.verifying import verify
from dabiao.services.publish import notice_charts
from dabiao.services.schedule import JOBS
from dabiao.settings import Settings
from dabiao.store import runs
from jobs import logs
from jobs.catalog import CATALOG
from jobs.control import Stop
from jobs.lease import holder_name
from jobs.runner import Runner
from jobs.scheduler import serve
from jobs.tasks import Task, Work

BEGIN = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DATA = bootstrap.data_folder()
PLAN = "quanzhou-2022"
TARGETS = 12
POINTS = (*JOBS, "anywhere")
"""Where the kills fall, by turns: within a job, or at any moment from the start to the end of them all."""
MEMORY, ROOM = Path("/dev/shm"), 512 << 20  # bytes
PATIENCE = 60.0  # seconds for a job to begin
HEAD = "region,indicator,period,value,unit,tier,state,source,published\n"
VALUES = (
    """SELECT region, indicator, basis, period, value, tier, known_on, supersedes IS NULL FROM observed"""
)
DOUBLED = {
    "imports": "SELECT count(*) - count(DISTINCT sha256) FROM imports",
    "runs": "SELECT count(*) - count(DISTINCT job || ' ' || scheduled_for) FROM job_runs",
    "alerts": """SELECT count(*) - count(DISTINCT cause || ' ' || key || ' ' || assessment_id) FROM alerts
                 WHERE assessment_id IS NOT NULL""",
    "assessments": """SELECT count(*) FROM (SELECT digest, lag(digest) OVER (PARTITION BY target_id ORDER BY id) AS before
                      FROM assessments) WHERE digest = before""",
    "forecasts": """SELECT count(*) - count(DISTINCT region || indicator || kind || basis || vintage || panel || model
                    || model_version || horizon) FROM forecasts""",
}


def in_memory() -> Path | None:
    """A folder in memory with room enough; ``None`` for the usual place."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if roomy else None


def settings_of(home: Path) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings(home=home, keep_processed_days=0)  # every file is counted at the end


def small(folder: Path) -> Path:
    """The declared data with the first targets of one plan: runs are short, so that many kills are."""
    if not folder.exists():
        shutil.copytree(DATA, folder)
        for path in (folder / "plans").glob("*.yaml"):
            if path.stem != PLAN:
                path.unlink()
        plan = folder / "plans" / f"{PLAN}.yaml"
        declared = yaml.safe_load(plan.read_text("utf-8"))
        declared["targets"] = declared["targets"][:TARGETS]
        plan.write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def drop(home: Path, number: int) -> None:
    """A file of the day in the inbox: the value that decides a target, good and bad by turns, and one of another year."""
    day = (BEGIN + timedelta(days=number)).date().isoformat()
    value = "18.1" if number % 2 else f"25.{number % 10}"
    rows = [("2025", value), (str(2005 + number % 19), str(10 + number))]
    partial = home / "inbox" / f"{number:03d}.tmp"
    partial.write_text(
        HEAD
        + "".join(
            f"泉州市,pm25,{year},{v},µg/m3,official,final,泉州市生态环境状况公报,{day}\n" for year, v in rows
        ),
        "utf-8",
    )
    partial.rename(partial.with_suffix(".csv"))


@contextmanager
def opened(home: Path) -> Iterator[App]:
    """The app of a home."""
    app = bootstrap.open_app(settings_of(home))
    try:
        yield app
    finally:
        app.store.close()


def telling(job: str, began: int) -> Mapping[str, Task]:
    """The jobs, of which one writes a byte to a pipe when it begins."""

    def told(work: Work) -> dict[str, int]:
        os.write(began, b".")
        return CATALOG[job](work)

    return {**CATALOG, job: told} if job in CATALOG else CATALOG


def scheduler(home: Path, number: int, catalog: Mapping[str, Task]) -> int:
    """Fork a scheduler whose clock is some days ahead; it catches up, and then waits to be killed."""
    pid = os.fork()
    if pid:
        return pid
    began = time.monotonic()

    def clock() -> datetime:
        return BEGIN + timedelta(days=number, seconds=time.monotonic() - began)

    try:
        with (home.parent / "log").open("ab") as log:
            os.dup2(log.fileno(), sys.stderr.fileno())
        logs.configure()
        opens = functools.partial(bootstrap.open_app, settings_of(home))
        serve(opens, holder_name(), clock, Stop(), catalog=catalog)
    finally:
        os._exit(1)


def kill(home: Path, number: int, point: str, seconds: float) -> str | None:
    """Start a scheduler and kill it some seconds after its start or after a job began; the job that was in hand."""
    reads, writes = os.pipe()
    pid = scheduler(home, number, telling(point, writes))
    os.close(writes)
    if point in JOBS:
        select.select([reads], [], [], PATIENCE)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(reads)
    assert os.WIFSIGNALED(status), f"it ended by itself; {home.parent / 'log'} says why"
    with closing(sqlite3.connect(home / "dabiao.sqlite")) as db:
        found = db.execute("SELECT job FROM job_runs WHERE state = 'running'").fetchone()
    return None if found is None else str(found[0])


def finish(home: Path, number: int, catalog: Mapping[str, Task] = CATALOG) -> None:
    """A scheduler that is left alone does everything that is left over; the file of the last kill may take a second look."""
    moment = BEGIN + timedelta(days=number)
    opens = functools.partial(bootstrap.open_app, settings_of(home))
    runner = Runner(opens, "last", lambda: moment, Stop(), catalog=catalog)
    with opened(home) as app:
        for job in JOBS:  # a kill can leave a run behind that waits to be tried again
            if (row := runs.waiting_retry(app.store, job)) is not None:
                runner.retry(row)
    runner.catch_up_all()


def usual(home: Path) -> dict[str, float]:
    """Seconds that each job takes on a day like any other, and that all take together."""
    taken: dict[str, float] = {}

    def timed(job: str) -> Task:
        def run(work: Work) -> dict[str, int]:
            began = time.monotonic()
            try:
                return CATALOG[job](work)
            finally:
                taken[job] = time.monotonic() - began

        return run

    for number in range(2):  # the first day has everything to load and to make
        drop(home, number)
        began = time.monotonic()
        finish(home, number, {job: timed(job) for job in CATALOG})
        taken["anywhere"] = time.monotonic() - began
    return taken


def unkilled(home: Path, kills: int) -> None:
    """The same files, each imported on its day."""
    with opened(home) as app:
        for number in range(kills):
            drop(home, number)
            inbox.import_inbox(app, now=BEGIN + timedelta(days=number), sleep=lambda _: None)


def values(app: App) -> Counter[tuple[Any, ...]]:
    """Every version of every value, with how often it stands there."""
    return Counter(tuple(row) for row in app.store.rows(VALUES))


def statuses(app: App, now: datetime) -> list[tuple[Any, ...]]:
    """Every target as it stands by its values alone; what was decided on a day hangs on which days were assessed."""
    forecasting.run_forecasts(app, app.today(now), now)
    found = (v.assessment for v in judging.judge(app, app.today(now), now, live=True))
    return [(a.target_id, a.status, a.attainment, a.latest and a.latest.value) for a in found]


def compared(killed: Path, clean: Path, kills: int) -> dict[str, Any]:
    """What the killed home has lost, and what it has twice."""
    now = BEGIN + timedelta(days=kills)
    with opened(killed) as one, opened(clean) as two:
        got, wanted = values(one), values(two)
        lost = {"values": (wanted - got).total()}
        doubled = {"values": (got - wanted).total()}
        names = {f"{n:03d}.csv" for n in range(kills)}
        processed = {p.name for p in (killed / "processed").iterdir() if not p.name.endswith(ISSUES)}
        lost["files"] = len(names - processed) + len(list((killed / "inbox").iterdir()))
        doubled["files"] = len(processed - names)
        doubled |= {name: one.store.rows(sql)[0][0] for name, sql in DOUBLED.items()}
        lost["statuses"] = sum(a != b for a, b in zip(statuses(one, now), statuses(two, now), strict=True))
        again = alerting.run_alerts(one, now)  # what one more run would still have to do
        lost["alerts"] = again["raised"] + again["cleared"]
        harmed = [f.code for f in verify(one, now).findings if f.severity == "error"]
        states = Counter(
            f"{r['state']} {r['reason'] or ''}".strip() for r in one.store.rows("SELECT * FROM job_runs")
        )
    return {"lost": lost, "doubled": doubled, "harmed": harmed, "runs": dict(states)}


def main(kills: int, seed: int, work: Path) -> dict[str, Any]:
    """All of it."""
    logs.configure(logging.ERROR)
    inbox.LOOK_AGAIN = 0.001  # seconds: how long to look at a file is no part of this
    notice_charts.png_of = lambda *_: None
    began = time.monotonic()
    dice = random.Random(seed)
    home, clean = work / "home", work / "clean"
    bootstrap.data_folder = functools.partial(small, work / "data")
    app, _ = bootstrap.initialise(settings_of(clean), BEGIN)
    app.store.close()
    shutil.copytree(clean, home)
    seconds = usual(Path(shutil.copytree(home, work / "warm")))
    gc.freeze()  # else each child would copy what it only counts
    met: Counter[str] = Counter()
    for number in range(kills):
        drop(home, number)
        point = POINTS[number % len(POINTS)]
        job = kill(home, number, point, dice.uniform(0, seconds[point]))
        met[job or "no run"] += 1
    finish(home, kills)
    unkilled(clean, kills)
    found = compared(home, clean, kills)
    return {
        "kills": kills,
        "seed": seed,
        "met": {name: met[name] for name in (*JOBS, "no run")},
        "seconds": round(time.monotonic() - began, 1),
        "lost_in_all": sum(found["lost"].values()) + len(found["harmed"]),
        "doubled_in_all": sum(found["doubled"].values()),
        **found,
    }


def chains(kills: int, seed: int, count: int) -> list[dict[str, Any]]:
    """Several of them side by side, each with its share of the kills and a home of its own."""
    share = [kills // count + (n < kills % count) for n in range(count)]
    started = [
        subprocess.Popen(
            [sys.executable, __file__, "--kills", str(k), "--seed", str(seed + n), "--chains", "1"],
            stdout=subprocess.PIPE,
        )
        for n, k in enumerate(share)
    ]
    return [json.loads(child.communicate()[0])[0] for child in started]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--chains", type=int, default=2)
    given = parser.parse_args()
    if given.chains == 1:
        with tempfile.TemporaryDirectory(prefix="dabiao-kill-", dir=in_memory()) as folder:
            done = [main(given.kills, given.seed, Path(folder))]
    else:
        done = chains(given.kills, given.seed, given.chains)
    print(json.dumps(done, indent=1))
    raise SystemExit(any(d["lost_in_all"] or d["doubled_in_all"] for d in done))
