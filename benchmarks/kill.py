"""Kills the scheduler at random moments, and counts what is lost and what is done twice: both are to be 0.

``python benchmarks/kill.py [--kills 200] [--seed N]`` prints JSON. A scheduler is forked with everything imported, has
new files in its inbox and every job to catch up, and is killed with SIGKILL after a random time; so again, a day later by its
clock, as often as asked, in two homes side by side. The last one is left alone. Then the store is held against one into which
the same files went without a kill. Exit status 1 if anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import functools
import json
import logging
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dabiao import bootstrap
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.intake import inbox
from dabiao.services.intake.reasons import ISSUES
from dabiao.services.judge import forecasting, judging
from dabiao.services.keep.verifying import verify
from dabiao.services.schedule import JOBS
from dabiao.settings import Settings
from dabiao.store import runs
from jobs import logs
from jobs.control import Stop
from jobs.lease import holder_name
from jobs.runner import Runner
from jobs.scheduler import serve

BEGIN = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DATA = bootstrap.data_folder()
PLAN = "quanzhou-2022"
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


def settings_of(home: Path) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings(home=home, keep_processed_days=0)  # every file is counted at the end


def small(folder: Path) -> Path:
    """The declared data with one plan: runs are short, so that many kills are."""
    if not folder.exists():
        shutil.copytree(DATA, folder)
        for path in (folder / "plans").glob("*.yaml"):
            if path.stem != PLAN:
                path.unlink()
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


def scheduler(home: Path, number: int) -> int:
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
        serve(functools.partial(bootstrap.open_app, settings_of(home)), holder_name(), clock, Stop())
    finally:
        os._exit(1)


def runs_begun(home: Path) -> int:
    """How many runs have been begun in a home."""
    with closing(sqlite3.connect(home / "dabiao.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM job_runs").fetchone()[0])


def kill(home: Path, number: int, seconds: float, *, in_a_run: bool) -> bool:
    """Start a scheduler and kill it some seconds after its start, or after it began a run; whether a run was in hand."""
    before = runs_begun(home)
    pid = scheduler(home, number)
    patience = time.monotonic() + 60
    while in_a_run and runs_begun(home) == before and time.monotonic() < patience:
        time.sleep(0.002)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself; {home.parent / 'log'} says why"
    with closing(sqlite3.connect(home / "dabiao.sqlite")) as db:
        return db.execute("SELECT 1 FROM job_runs WHERE state = 'running'").fetchone() is not None


def finish(home: Path, number: int) -> None:
    """A scheduler that is left alone does everything that is left over; the file of the last kill may take a second look."""
    moment = BEGIN + timedelta(days=number)
    runner = Runner(functools.partial(bootstrap.open_app, settings_of(home)), "last", lambda: moment, Stop())
    with opened(home) as app:
        for job in JOBS:  # a kill can leave a run behind that waits to be tried again
            if (row := runs.waiting_retry(app.store, job)) is not None:
                runner.retry(row)
    runner.catch_up_all()


def unkilled(home: Path, kills: int) -> None:
    """The same files, each imported on its day."""
    for number in range(kills):
        drop(home, number)
        with opened(home) as app:
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
    inbox.LOOK_AGAIN = 0.01  # seconds: how long to look at a file is no part of this
    began = time.monotonic()
    dice = random.Random(seed)
    home, clean = work / "home", work / "clean"
    bootstrap.data_folder = functools.partial(small, work / "data")
    app, _ = bootstrap.initialise(settings_of(clean), BEGIN)
    app.store.close()
    shutil.copytree(clean, home)
    whole = _whole(Path(shutil.copytree(home, work / "warm")))
    met = 0
    for number in range(kills):
        drop(home, number)
        # how soon a scheduler comes to its first run hangs on the machine, so every other kill is timed from there;
        # the cube puts most of these into the first jobs, which are short
        share = dice.uniform(0, 1)
        met += kill(home, number, whole * (share**3 if number % 2 else share), in_a_run=bool(number % 2))
    finish(home, kills)
    unkilled(clean, kills)
    found = compared(home, clean, kills)
    return {
        "kills": kills,
        "seed": seed,
        "met_a_run": met,
        "seconds": round(time.monotonic() - began, 1),
        "lost_in_all": sum(found["lost"].values()) + len(found["harmed"]),
        "doubled_in_all": sum(found["doubled"].values()),
        **found,
    }


def _whole(home: Path) -> float:
    """Seconds that a scheduler takes to catch up."""
    drop(home, 0)
    began = time.monotonic()
    finish(home, 0)
    return time.monotonic() - began


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
        with tempfile.TemporaryDirectory() as folder:
            done = [main(given.kills, given.seed, Path(folder))]
    else:
        done = chains(given.kills, given.seed, given.chains)
    print(json.dumps(done, indent=1))
    raise SystemExit(any(d["lost_in_all"] or d["doubled_in_all"] for d in done))
