"""Time the import of a tidy CSV against a bare ``executemany`` of the same rows, each in a process of its own.

    python benchmarks/import_speed.py [--order day|series] [ROWS …]

The file, made here: six pollutants of 337 cities, day by day, as a province's bulletin has them (``--order day``: all of a
day, then the next; ``series``: sorted as the key is). Steps, one process each, on one disk, one after the other:

- *bare*: ``executemany`` of the rows as text into a table whose primary key is (region, indicator, period), one transaction,
  SQLite as it comes. Cutting the CSV into rows is not counted.
- *import*: :func:`dabiao.services.intake.importing.import_file` into a store that knows the regions and indicators: the file kept,
  decoded, read, checked, compared and stored.
- *again*: the same call with the same file.

Prints seconds, microseconds a row, the ratio to *bare*, the same ratio of the seconds of processor time (which says more on a
machine that has other work), and the highest memory of each process; then how the seconds grow: the slope of their logarithm
over that of the rows (1 is linear).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Indicator, IndicatorType, Region

CITIES = 337
ITEMS = {"pm25": 35, "pm10": 70, "so2": 8, "no2": 30, "co": 8, "o3": 90}
HEADING = ("地区", "指标", "时间", "数值", "单位", "发布日期", "来源")
FIRST = date(2000, 1, 1)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def catalogue() -> Catalogue:
    """337 cities and six pollutants."""
    regions = [
        Region(f"{100000 + i}", f"第{i}市", f"City {i}", f"第{i}市", None, "prefecture")
        for i in range(CITIES)
    ]
    bounds = (Decimal(0), Decimal(10000))
    indicators = [
        Indicator(name, name, name, "µg/m3", IndicatorType.LEVEL, "lower", bounds, 1, "daily")
        for name in ITEMS
    ]
    return Catalogue({r.id: r for r in regions}, {i.id: i for i in indicators})


def make(path: Path, rows: int, order: str) -> None:
    """Seasonal, skewed values with one decimal; the same for the same number of rows."""
    rng = np.random.default_rng(20261121)
    days = math.ceil(rows / CITIES / len(ITEMS))
    names = [(f"第{c}市", item) for c in range(CITIES) for item in ITEMS]
    level = np.array([float(ITEMS[item]) for _, item in names])
    season = 1 + 0.4 * np.cos(np.arange(days) / 365.25 * 2 * np.pi)
    values = np.round(level * season[:, None] * rng.gamma(4, 0.25, (days, len(names))) + 1, 1)
    values[:, 1::6] = np.round(values[:, 0::6] * 1.6 + values[:, 1::6] / 10, 1)  # PM2.5 is a part of PM10
    texts = [(FIRST + timedelta(days=d)).isoformat() for d in range(days)]
    told = [(FIRST + timedelta(days=d + 1)).isoformat() for d in range(days)]

    def lines() -> Iterator[str]:
        if order == "day":
            for d, row in enumerate(values.tolist()):
                for (city, item), value in zip(names, row, strict=True):
                    yield f"{city},{item},{texts[d]},{value},µg/m3,{told[d]},空气质量日报\n"
        else:
            for (city, item), column in sorted(zip(names, values.T.tolist(), strict=True)):
                for d, value in enumerate(column):
                    yield f"{city},{item},{texts[d]},{value},µg/m3,{told[d]},空气质量日报\n"

    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(HEADING) + "\n")
        out.writelines(islice(lines(), rows))


class Taken:
    """Seconds, and seconds of processor time, of what is done inside it."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._began[0]
        self.processor += time.process_time() - self._began[1]


def bare(path: Path, folder: Path) -> Taken:
    """The bare insert, without what the csv module needs for the rows."""
    columns = ("region", "indicator", "period", "value", "unit", "published", "source")
    db = sqlite3.connect(folder / "bare.sqlite")
    db.execute(
        f"CREATE TABLE t ({', '.join(f'{c} TEXT' for c in columns)}, PRIMARY KEY (region, indicator, period))"
    )
    taken = Taken()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        while batch := list(islice(reader, 500_000)):
            with taken:
                db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
    with taken:
        db.commit()
    db.close()
    return taken


def ours(path: Path, folder: Path) -> Taken:
    """The import. The first time the store is made before."""
    from dabiao.services.app import App, Paths
    from dabiao.services.intake.importing import import_file
    from dabiao.settings import Settings
    from dabiao.store import Store, declared

    home = folder / "home"
    store = Store.create(home / "dabiao.sqlite")
    known = catalogue()
    blank = {"parent": None, "members": "[]", "aliases": "[]"}
    declared.replace_catalogue(
        store, units=[], plans=[], targets=[], digests={}, now="2026-11-21T00:00:00Z", today=NOW.date(),
        regions=[
            {"id": r.id, "zh": r.zh, "en": r.en, "short_zh": r.short_zh, "level": r.level, **blank}
            for r in known.regions.values()
        ],
        indicators=[
            {
                "id": i.id, "zh": i.zh, "en": i.en, "unit": i.unit, "type": str(i.type), "direction": i.direction,
                "low": "0", "high": "10000", "decimals": i.decimals, "frequency": i.frequency, "aliases": "[]",
            }
            for i in known.indicators.values()
        ],
    )  # fmt: skip
    app = App(Settings(home=home), Paths(home, folder), store, known)
    taken = Taken()
    with taken:
        result = import_file(app, path, now=NOW)
    if result.refused or result.revised:
        sys.exit("some rows were not taken as they are")
    store.close()
    return taken


def peak() -> float:
    """The highest memory of this process so far, MiB. Not ``ru_maxrss``, which a new process has from the one that made it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def step(name: str, path: Path, folder: Path) -> dict[str, float]:
    """Run one step in a fresh process."""
    command = [sys.executable, __file__, "--step", name, str(path), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=lambda text: int(float(text)))
    parser.add_argument("--order", choices=("day", "series"), default="day")
    parser.add_argument("--step", nargs=3)
    given = parser.parse_args()
    if given.step:
        name, path, folder = given.step
        taken = (bare if name == "bare" else ours)(Path(path), Path(folder))
        print(json.dumps({"seconds": taken.seconds, "processor": taken.processor, "peak": peak()}))
        return
    table: dict[int, dict[str, dict[str, float]]] = {}
    for rows in given.rows or (100_000, 1_000_000, 10_000_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "daily.csv"
            make(path, rows, given.order)
            size = path.stat().st_size / 1e6
            table[rows] = {part: step(part, path, folder) for part in ("bare", "import", "again")}
            line = [f"{rows:>10,} rows {size:6.0f} MB"]
            for part, found in table[rows].items():
                ratio, processor = (found[k] / table[rows]["bare"][k] for k in ("seconds", "processor"))
                line.append(
                    f"{part} {found['seconds']:7.2f} s {found['seconds'] / rows * 1e6:5.2f} µs/row ×{ratio:5.3f} "
                    f"(processor ×{processor:5.3f}) {found['peak']:4.0f} MiB"
                )
            print(" | ".join(line), flush=True)
    sizes = sorted(table)
    for part in ("bare", "import", "again"):
        slopes = [
            math.log(table[b][part]["seconds"] / table[a][part]["seconds"]) / math.log(b / a)
            for a, b in pairwise(sizes)
        ]
        print(f"{part}: slopes {', '.join(f'{s:.2f}' for s in slopes)}")


if __name__ == "__main__":
    main()
