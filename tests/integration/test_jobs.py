"""The scheduler as a process: two of them, stopped, killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dabiao import bootstrap
from dabiao.services.app import App, Paths
from dabiao.services.jobs import history_rows, progress_of, run_now
from dabiao.settings import Settings
from dabiao.store import runs

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TTL = 1.5
KILLS = 4
HEAD = "region,indicator,period,value,unit,tier,state,source,published"

# The scheduler with a clock that is some days ahead, a short lease, and, if asked, a job that never ends.
DRIVER = """
import datetime, sys, time
from jobs.__main__ import main, CATALOG
ahead = datetime.timedelta(days=float(sys.argv[1]))
stuck = {name: lambda work: time.sleep(60) or {} for name in CATALOG} if "stuck" in sys.argv else CATALOG
if "slow" in sys.argv:
    from dabiao.forecast.executors import Processes
    from tests.integration.slow_fits import Slow
    stuck = {**stuck, "forecast": lambda work: [work.stop.check() for _ in Processes(2).run(Slow() for _ in range(99))] and {}}
raise SystemExit(main([], clock=lambda: datetime.datetime.now(datetime.UTC) + ahead, ttl=float(sys.argv[2]), grace=2.0,
                      catalog=stuck))
"""


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("initialised") / "home"
    app, _ = bootstrap.initialise(Settings(home=home), NOW)
    app.store.close()
    return home


@pytest.fixture
def home(initialised: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(initialised, tmp_path / "home"))


class Process:
    """A scheduler process and what it says."""

    def __init__(
        self, home: Path, *, ahead: float = 0, ttl: float = TTL, stuck: bool = False, slow: bool = False
    ) -> None:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
        self.log = home.parent / f"log-{time.monotonic_ns()}"
        with self.log.open("wb") as out:
            self.child = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    DRIVER,
                    str(ahead),
                    str(ttl),
                    *(["stuck"] if stuck else []),
                    *(["slow"] if slow else []),
                ],
                env={**environ, "DABIAO_HOME": str(home)},
                stderr=out,
                cwd=Path(__file__).parents[2],
            )

    def lines(self) -> list[dict[str, Any]]:
        text = self.log.read_text("utf-8")
        whole = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
        assert all(line.startswith("{") for line in whole), f"a line is no JSON:\n{text}"
        return [json.loads(line) for line in whole]

    def says(self, event: str, seconds: float = 40) -> dict[str, Any]:
        """Wait for an event."""
        return wait_for(
            lambda: next((line for line in self.lines() if line["event"] == event), None), seconds, self.log
        )

    def runs(self, job: str, seconds: float = 40) -> None:
        """Wait until it has run a job."""
        wait_for(
            lambda: any(e["event"] == "run_done" and e["job"] == job for e in self.lines()), seconds, self.log
        )

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; the seconds until it ended."""
        began = time.monotonic()
        self.child.send_signal(number)
        self.child.wait(15)
        return time.monotonic() - began


def wait_for(found: Callable[[], Any], seconds: float, log: Path) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s; the log:\n{log.read_text('utf-8')}")


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def begin(**more: Any) -> Process:
        started.append(Process(home, **more))
        return started[-1]

    yield begin
    for process in started:
        process.child.kill()
        process.child.wait()


def opened(home: Path) -> App:
    return bootstrap.open_app(Settings(home=home))


def drop(home: Path, number: int) -> Path:
    """A file in the inbox: the value of 泉州市 that decides its target, good and bad by turns, and some of other years."""
    value = "18.1" if number % 2 else f"25.{number % 10}"
    rows = [f"泉州市,pm25,2025,{value},µg/m3,official,final,泉州市生态环境状况公报,2026-06-{number + 1:02d}"]
    rows += [
        f"泉州市,pm25,{2005 + number},{30 - number},µg/m3,official,final,泉州市生态环境状况公报,2026-01-05"
    ]
    path = home / "inbox" / f"{number:02d}.csv"
    partial = path.with_suffix(".tmp")
    partial.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    return partial.rename(path)


def test_first_start_brings_everything_up(home: Path, start: Callable[..., Process]) -> None:
    """A first start imports the inbox and follows it up to the exported list; SIGTERM ends it cleanly with nothing held."""
    drop(home, 2)
    process = start()
    process.runs("alerts")
    assert process.stop() < 10
    assert process.child.returncode == 0
    app = opened(home)
    rows = {r["job"]: r for r in history_rows(app)}
    # What else is due at a first start may be in hand when the end is asked for.
    assert {rows[job]["state"] for job in ("import", "forecast", "assess", "alerts")} == {"done"}
    assert (rows["import"]["trigger"], rows["alerts"]["trigger"]) == ("catch_up", "chain")
    assert app.store.rows("SELECT * FROM leases") == []
    assert "quanzhou-2022-pm25" in (home / "exports" / "alerts-latest.csv").read_text("utf-8-sig")
    app.store.close()
    assert {e["run_id"] for e in process.lines() if e["event"] == "run_done"} >= {
        r["id"] for r in rows.values() if r["state"] == "done"
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_with_work_in_hand(home: Path, start: Callable[..., Process], number: int) -> None:
    """With a job in hand that does not end, both signals end the process with 0 within ten seconds, its run interrupted."""
    process = start(stuck=True)
    process.says("run_started")
    assert process.stop(number) < 10
    assert process.child.returncode == 0
    app = opened(home)
    (run,) = history_rows(app)
    assert (run["state"], run["reason"]) == ("interrupted", "stopped")
    assert app.store.rows("SELECT * FROM leases") == []
    app.store.close()


def test_second_scheduler_waits_and_takes_over(home: Path, start: Callable[..., Process]) -> None:
    """A second scheduler says that it waits, runs nothing, and when the first is killed takes over and repeats its run."""
    first = start(stuck=True)
    first.says("run_started")
    second = start()
    assert second.says("scheduler_waiting")["holder"] == first.says("scheduler_started")["holder"]
    time.sleep(TTL * 2)
    assert {e["event"] for e in second.lines()} == {"scheduler_waiting"}
    first.stop(signal.SIGKILL)
    second.says("scheduler_started", seconds=TTL * 3 + 5)
    second.runs("alerts")
    assert second.stop() < 10
    app = opened(home)
    imports = [(r["trigger"], r["state"], r["reason"]) for r in history_rows(app, "import")]
    # a run at its own time may have come on top
    assert imports[-2:] == [("catch_up", "done", None), ("catch_up", "interrupted", "killed")]
    app.store.close()


def test_second_scheduler_takes_over_a_dropped_lease(home: Path, start: Callable[..., Process]) -> None:
    """When the first stops cleanly the second need not wait for the lease to run out."""
    first = start(ttl=60)
    first.says("scheduler_started")
    second = start(ttl=60)
    second.says("scheduler_waiting")
    assert first.stop() < 10
    second.says("scheduler_started", seconds=10)
    assert second.stop() < 10


def test_waiting_scheduler_stops_too(home: Path, start: Callable[..., Process]) -> None:
    """A scheduler that waits for the lease ends with 0 when asked, and leaves the lease to its holder."""
    first = start()
    first.says("scheduler_started")
    second = start()
    second.says("scheduler_waiting")
    assert second.stop() < 5
    assert second.child.returncode == 0
    app = opened(home)
    assert runs.lease(app.store, "scheduler") is not None
    app.store.close()


def test_a_frozen_scheduler_that_wakes_stops_working(home: Path, start: Callable[..., Process]) -> None:
    """A scheduler that was paused for longer than its lease finds it taken, stops, and waits in its turn."""
    first = start()
    first.runs("alerts")  # frozen inside a write it would hold the store's lock
    first.child.send_signal(signal.SIGSTOP)
    second = start()
    second.says("scheduler_started")
    first.child.send_signal(signal.SIGCONT)
    first.says("scheduler_waiting")
    assert first.stop() < 10
    assert second.stop() < 10


def test_run_by_hand(home: Path) -> None:
    """A job run by hand gives its run's row, and one that is not there is refused."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    row = run_now("assess", {**environ, "DABIAO_HOME": str(home)})
    assert (row["job"], row["trigger"], row["state"]) == ("assess", "manual", "done")
    assert row["counts"]["targets"] > 300


def test_no_store_is_a_clear_message(tmp_path: Path) -> None:
    """Without a store the process ends with 1 and says the command that makes one."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    done = subprocess.run(
        [sys.executable, "-m", "jobs"],
        env={**environ, "DABIAO_HOME": str(tmp_path), "DABIAO_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "dabiao init" in done.stderr


def test_a_killed_process_is_taken_up(home: Path, start: Callable[..., Process]) -> None:
    """Whole processes, killed at random moments: each next one closes what the last left open, and every file is taken once."""
    dice = random.Random(int(os.environ.get("KILL_SEED", "20261121")))
    for number in range(KILLS):
        drop(home, number)
        process = start(ahead=number)
        process.says("run_started")
        time.sleep(dice.uniform(0, 2))
        process.stop(signal.SIGKILL)
    last = start(ahead=KILLS)
    last.runs("alerts")
    assert last.stop() < 10
    app = opened(home)
    assert list((home / "inbox").iterdir()) == []
    taken = {
        p.name.removesuffix(".issues.csv") for p in (home / "processed").iterdir()
    }  # a jump is warned of beside it
    assert sorted(taken) == [f"{n:02d}.csv" for n in range(KILLS)]
    rows = app.store.rows
    assert rows("PRAGMA integrity_check")[0][0] == "ok"
    assert rows("SELECT 1 FROM job_runs WHERE state = 'running'") == []
    assert rows("SELECT 1 FROM imports GROUP BY sha256 HAVING count(*) > 1") == []
    assert rows("SELECT 1 FROM job_attempts WHERE state = 'running'") == []
    app.store.close()


def test_a_stop_in_a_large_import(home: Path, start: Callable[..., Process]) -> None:
    """A file of some hundred thousand rows, stopped half way: nothing of it is stored, and it is still there."""
    hours = (datetime(2010, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(24 * 365 * 14))
    rows = (
        f"{region},pm25,{hour:%Y-%m-%dT%H},{hour.hour + 1},µg/m3,station,final,公报,2026-01-05"
        for hour in hours
        for region in ("泉州市", "吉林市")
    )
    partial = home / "inbox" / "large.tmp"
    partial.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    partial.rename(home / "inbox" / "large.csv")
    process = start()
    process.says("run_started")
    wait_for(
        lambda: (((found := progress_of(Paths(home, home))) and found.share) or 0) > 0.3, 60, process.log
    )
    assert process.stop() < 10
    assert process.child.returncode == 0
    app = opened(home)
    (run,) = history_rows(app, "import")
    assert (run["state"], run["reason"]) == ("interrupted", "stopped")
    assert app.store.rows("SELECT 1 FROM imports") == []
    assert app.store.rows("SELECT * FROM leases") == []
    app.store.close()
    left = list((home / "inbox").rglob("large.csv"))
    assert len(left) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stop_in_a_long_forecast(home: Path, start: Callable[..., Process], number: int) -> None:
    """Fits that take minutes in processes of their own: a stop ends them all in time, and so does a kill."""
    process = start(slow=True)
    log = process.log
    pool = wait_for(lambda: len(found := children(process.child.pid)) >= 2 and found, 40, log)
    assert process.stop(number) < 10
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pool), 10, log)
    app = opened(home)
    states = {r["state"] for r in history_rows(app, "forecast")}
    assert states == ({"running"} if number == signal.SIGKILL else {"interrupted"})
    app.store.close()


def children(pid: int) -> list[int]:
    """The processes of a pool that a process has started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return [c for c in found if "spawn_main" in Path(f"/proc/{c}/cmdline").read_text()]
