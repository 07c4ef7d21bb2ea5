"""Time ``dabiao derive`` on a city's ten years of hourly data for six pollutants, made here.

    python benchmarks/derive.py [YEARS]

Prints the seconds of each part: reading the CSV, deriving everything from it, and the arithmetic alone.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from dabiao.services import derive_table, deriving
from dabiao.standards import grid, year

ITEMS = {"SO2": 8, "NO2": 30, "PM10": 70, "PM2.5": 35, "CO": 0.8, "O3": 90}


def make(path: Path, years: int) -> int:
    """Hours of 2014 onward, seasonal, skewed, two in a hundred missing; a number of rows."""
    rng = np.random.default_rng(20261121)
    start = datetime(2014, 1, 1, 1)  # noqa: DTZ001
    hours = (date(2014 + years, 1, 1) - date(2014, 1, 1)).days * 24
    season = 1 + 0.4 * np.cos(np.arange(hours) / 8766 * 2 * np.pi)
    columns = []
    for name, level in ITEMS.items():
        values = level * season * rng.gamma(4, 0.25, hours)
        texts = [f"{v:.1f}" if name == "CO" else f"{v:.0f}" for v in values]
        for i in np.flatnonzero(rng.random(hours) < 0.02):
            texts[i] = ""
        columns.append(texts)
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["datetime", *ITEMS])
        stamps = [f"{start + timedelta(hours=i):%Y-%m-%d %H:00}" for i in range(hours)]
        writer.writerows(zip(stamps, *columns, strict=True))
    return hours


def main(years: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hours.csv"
        hours = make(path, years)
        began = time.perf_counter()
        table = derive_table.read(path)
        derive_table.times(table)
        for name in ITEMS:
            derive_table.numbers(table, table.columns[name])
        read = time.perf_counter()
        result = deriving.derive_file(path)
        whole = time.perf_counter()
    there = np.ones((hours // 24, 24), bool)
    values = np.full((hours // 24, 24), 35, np.int64)
    bare = time.perf_counter()
    days = {f"{n}_24h": grid.daily_means(values, there, 1) for n in ITEMS if n != "O3"}
    days["O3_8h"] = grid.mda8(values, there, 1)
    year.derive(date(2014, 1, 1), days)
    end = time.perf_counter()
    print(f"{years} years, {hours} hours, {len(ITEMS)} pollutants, {len(result.rows)} indicators")
    print(f"reading alone     {read - began:.2f} s")
    print(f"whole derivation  {whole - read:.2f} s")
    print(f"arithmetic alone  {end - bare:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
