"""Time ``dabiao derive`` on a city's ten years of hourly data for six pollutants, made here: from a file, and in the store.

    python benchmarks/derive.py [YEARS]

Prints the seconds of each part. The file: reading the CSV, deriving everything from it, the arithmetic alone. The store: from stored hours to
stored derived values, a second run, and one day of one pollutant revised. Beside them, for the scale of the machine, a bare ``SELECT``
of the same hours.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from dabiao import bootstrap
from dabiao.domain.observation import Basis
from dabiao.domain.period import Period
from dabiao.services.app import App
from dabiao.services.derive import derived, deriving
from dabiao.services.derive import tables as derive_table
from dabiao.settings import load
from dabiao.standards import grid, year
from dabiao.store import observations

ITEMS = {"SO2": 8, "NO2": 30, "PM10": 70, "PM2.5": 35, "CO": 0.8, "O3": 90}
IDS = {"SO2": "so2", "NO2": "no2", "PM10": "pm10", "PM2.5": "pm25", "CO": "co", "O3": "o3"}
FIRST = 2014
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)


def made(years: int) -> dict[str, list[str]]:
    """Hours of 2014 onward, seasonal, skewed, two in a hundred missing."""
    rng = np.random.default_rng(20261121)
    hours = (date(FIRST + years, 1, 1) - date(FIRST, 1, 1)).days * 24
    season = 1 + 0.4 * np.cos(np.arange(hours) / 8766 * 2 * np.pi)
    columns = {}
    for name, level in ITEMS.items():
        values = level * season * rng.gamma(4, 0.25, hours)
        texts = [f"{v:.1f}" if name == "CO" else f"{v:.0f}" for v in values]
        for i in np.flatnonzero(rng.random(hours) < 0.02):
            texts[i] = ""
        columns[name] = texts
    return columns


def of_file(folder: Path, columns: dict[str, list[str]]) -> None:
    path = folder / "hours.csv"
    hours = len(columns["O3"])
    start = datetime(FIRST, 1, 1, 1)  # noqa: DTZ001
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["datetime", *ITEMS])
        stamps = [f"{start + timedelta(hours=i):%Y-%m-%d %H:00}" for i in range(hours)]
        writer.writerows(zip(stamps, *columns.values(), strict=True))
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
    year.derive(date(FIRST, 1, 1), days)
    end = time.perf_counter()
    print(
        f"file to print     {whole - read:.2f} s, {len(result.rows)} indicators; reading {read - began:.2f} s"
    )
    print(f"arithmetic alone  {end - bare:.2f} s")


def store_hours(app: App, columns: dict[str, list[str]], known_on: str, chosen: slice) -> int:
    """Put hours into the store as one source's, without a file; how many."""
    first, count = Period.hour_of(date(FIRST, 1, 1), 1).code, 0
    with app.store.write() as db:
        for name, texts in columns.items():
            shared = {
                "source_id": observations.source_id(db, "benchmark", ""), "tier": "official", "state": "final",
                "unit": "", "known_on": known_on, "known_rule": "imported", "recorded_at": "2026-11-21T02:00:00Z",
            }  # fmt: skip
            (provenance,) = observations.record_provenances(db, [shared])
            series = observations.series_id(db, "220200", IDS[name], Basis("official"))
            free = observations.next_id(db)
            wanted = range(*chosen.indices(len(texts)))
            rows = [
                (series, first + i, free + n, texts[i], None, provenance, None, None)
                for n, i in enumerate(i for i in wanted if texts[i])
            ]
            observations.append_told(db, rows)
            count += len(rows)
    return count


def of_store(folder: Path, columns: dict[str, list[str]]) -> None:
    app, _ = bootstrap.initialise(load({"DABIAO_HOME": str(folder / "home")}, folder), NOW)
    hours = store_hours(app, columns, "2026-11-01", slice(None))
    began = time.perf_counter()
    app.store.rows("SELECT period, id, value, provenance_id, supersedes FROM observations")
    selected = time.perf_counter()
    counts = derived.derive(app, NOW)
    whole = time.perf_counter()
    derived.derive(app, NOW)
    again = time.perf_counter()
    store_hours(app, {"PM2.5": ["300"] * 24}, "2026-11-20", slice(0, 24))
    before = time.perf_counter()
    revised = derived.derive(app, NOW)
    end = time.perf_counter()
    print(f"store to store    {whole - selected:.2f} s, {hours} hours to {counts.derived} values")
    print(
        f"bare SELECT       {selected - began:.2f} s ({(whole - selected) / (selected - began):.1f} times in derive)"
    )
    print(f"nothing changed   {again - whole:.4f} s")
    print(f"one day revised   {end - before:.2f} s, {revised.revised} values")


def main(years: int) -> None:
    columns = made(years)
    print(f"{years} years, {len(columns['O3'])} hours, {len(ITEMS)} pollutants")
    with tempfile.TemporaryDirectory() as folder:
        of_file(Path(folder), columns)
        of_store(Path(folder), columns)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
