"""``dabiao forecast`` and ``dabiao assess`` on a large store: seconds and peak memory of each, and of a second run.

    python benchmarks/scale_store.py [--series 100000] [--processes 2] [--home FOLDER] [--skip-assess]

Makes a store of its own: annual series of twelve values in equal parts of forty indicators, and one target a series, brought
in through the loader of plan files and the importer. Then runs the commands as processes, changes one series in a hundred
and runs them again. With ``--home`` the store is kept, and used again if it is there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

INDICATORS = 40
YEARS = range(2014, 2026)
TARGETS_OF_A_PLAN = 1000
REGIONS_OF_A_FILE = 500


def values(series: int) -> np.ndarray:
    """Concentrations with a common and an own part, one decimal; shape (series, years)."""
    rng = np.random.default_rng(20261121)
    common = rng.normal(-0.03, 0.05, (INDICATORS, len(YEARS)))
    steps = common[np.arange(series) % INDICATORS] + rng.normal(0.0, 0.05, (series, len(YEARS)))
    return np.round(rng.uniform(20.0, 80.0, (series, 1)) * np.exp(np.cumsum(steps, axis=1)), 1)


def place(number: int) -> tuple[str, str]:
    """Region and indicator of a series."""
    return f"9{number // INDICATORS:05d}", f"substance{number % INDICATORS:02d}"


def declare(folder: Path, found: np.ndarray) -> None:
    """Regions, indicators and plans as files."""
    (folder / "plans" / "texts").mkdir(parents=True)
    regions = sorted({place(n)[0] for n in range(len(found))})
    lines = ["id,zh,en,short_zh,parent,level,members,aliases"]
    lines += [f"{r},第{r}市,City {r},{r},,prefecture,," for r in regions]
    (folder / "regions.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "units.csv").write_text("id,region,zh,en,aliases\n", "utf-8")
    (folder / "indicators.yaml").write_text(
        "".join(
            f"- {{id: substance{i:02d}, zh: 物质{i:02d}浓度, en: Substance {i:02d}, unit: µg/m3, type: level, direction: lower,"
            " bounds: [0, 100000], decimals: 1, frequency: annual, aliases: []}\n"
            for i in range(INDICATORS)
        ),
        "utf-8",
    )
    for start in range(0, len(found), TARGETS_OF_A_PLAN):
        plan(folder / "plans", start, found[start : start + TARGETS_OF_A_PLAN])


def plan(folder: Path, start: int, found: np.ndarray) -> None:
    name = f"plan-{start:07d}"
    said, targets = [], []
    for number, series in enumerate(found, start):
        region, indicator = place(number)
        goal = round(float(series[-1]) * 0.9, 1)
        quote = f"第{region}市物质{indicator[-2:]}浓度不超过{goal}微克/立方米"
        said.append(quote)
        targets.append(
            f"  - {{id: {name}-{number:07d}, indicator: {indicator}, region: '{region}', measure: numeric, kind: level,"
            f" comparator: '<=', value: {goal}, unit: µg/m3, deadline: '2027', clause: 一, quote: {quote}}}"
        )
    text = "\n".join(said) + "\n"
    (folder / "texts" / f"{name}.txt").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    head = (
        f"schema: 1\nplan:\n  id: {name}\n  title: 计划{start}\n  title_en: Plan {start}\n  short_zh: 计划{start}\n"
        f"  short_en: Plan {start}\n  issued: '2024-01-01'\n  region: '{place(start)[0]}'\n"
        f"  period: {{start: 2024, end: 2027}}\n  text_sha256: {digest}\ntargets:\n"
    )
    (folder / f"{name}.yaml").write_text(head + "\n".join(targets) + "\n", "utf-8")


def tables(found: np.ndarray, which: np.ndarray, years: list[int]) -> Iterator[str]:
    """CSV files with the values of some series and years."""
    size = REGIONS_OF_A_FILE * INDICATORS
    for start in range(0, len(which), size):
        lines = ["region,indicator,period,value,unit,source,published"]
        for number in which[start : start + size].tolist():
            region, indicator = place(number)
            lines += [
                f"{region},{indicator},{year},{found[number, year - YEARS[0]]},µg/m3,bulletin,{year + 1}-03-01"
                for year in years
            ]
        yield "\n".join(lines) + "\n"


def bring(home: Path, texts: Iterator[str], now: datetime) -> None:
    from dabiao import bootstrap
    from dabiao.services.intake.importing import import_file
    from dabiao.settings import Settings

    app = bootstrap.open_app(Settings(home=home))
    for number, text in enumerate(texts):
        path = home / f"{now:%Y%m%d}-{number}.csv"
        path.write_text(text, "utf-8")
        result = import_file(app, path, now=now)
        assert result.refused == 0, result.issues[:3]
    app.store.close()


def build(home: Path, series: int, now: datetime) -> np.ndarray:
    from dabiao.domain.catalogue import Catalogue
    from dabiao.services.app import App, Paths
    from dabiao.services.declare import setup
    from dabiao.settings import Settings
    from dabiao.store import Store

    found = values(series)
    if (home / "dabiao.sqlite").is_file():
        return found
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        declare(Path(folder), found)
        where = Paths(home, Path(folder))
        setup.make_folders(where)
        app = App(Settings(home=home), where, Store.create(where.store), Catalogue({}, {}))
        declared = setup.read_declared(Path(folder))
        assert not declared.errors, declared.errors[:3]
        setup.load_declared(app, declared, now)
        app.store.close()
        print(f"declared {series} targets in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    bring(home, tables(found, np.arange(series), list(YEARS)[:-1]), now)
    print(f"imported {found[:, :-1].size} values in {time.perf_counter() - started:.0f} s")
    return found


def measure(home: Path, command: str, processes: int) -> float:
    """Seconds of a command, printed with the peak memory of its largest process."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    environment = {
        **known,
        "DABIAO_HOME": str(home),
        "DABIAO_FIT_PROCESSES": str(processes),
        "DABIAO_LANG": "en",
    }
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "dabiao.cli", *command.split()], env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    worked = usage.ru_utime + usage.ru_stime
    print(
        f"dabiao {command}: {seconds:.1f} s ({worked:.1f} s of processor), at most {usage.ru_maxrss / 2**20:.2f} GiB, exit {status >> 8}",
        flush=True,
    )
    return seconds


def again(home: Path, processes: int, now: datetime) -> None:
    """A second run in this process, with the seconds that were waited for fits alone."""
    from dabiao import bootstrap
    from dabiao.forecast.executors import executor
    from dabiao.services.judge import forecasting
    from dabiao.settings import Settings

    waited = 0.0

    class Timed:
        def __init__(self, *given: object) -> None:
            self.fits = executor(*given)

        def run(self, tasks: Iterator) -> Iterator[list]:
            nonlocal waited
            found = self.fits.run(tasks)
            while True:
                started = time.perf_counter()
                outcomes = next(found, None)
                waited += time.perf_counter() - started
                if outcomes is None:
                    return
                yield outcomes

    forecasting.executor = Timed
    app = bootstrap.open_app(Settings(home=home, fit_processes=processes))
    started = time.perf_counter()
    counts = forecasting.run_forecasts(app, now.date(), now)
    app.store.close()
    seconds = time.perf_counter() - started
    print(f"second run: {counts}, {seconds:.1f} s, of which {waited:.1f} s fitting", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--skip-assess", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        found = build(home, given.series, datetime(2025, 6, 1, tzinfo=UTC))
        total = measure(home, "forecast", given.processes)
        if not given.skip_assess:
            total += measure(home, "assess", given.processes)
        print(f"first run, both: {total:.1f} s", flush=True)
        # One series in a hundred has news; the rest of the country reports later.
        changed = np.sort(np.random.default_rng(1).permutation(given.series)[: given.series // 100])
        later = datetime(2026, 4, 1, tzinfo=UTC)
        bring(home, tables(found, changed, [YEARS[-1]]), later)
        again(home, given.processes, later)
        if not given.skip_assess:
            measure(home, "assess", given.processes)


if __name__ == "__main__":
    main()
