"""A file of concentrations, section classes or survey counts to the official indicators. Nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np

from dabiao.errors import DabiaoError
from dabiao.services.derive import surveys as derive_surveys
from dabiao.services.derive import tables as derive_table
from dabiao.services.derive import water as derive_water
from dabiao.services.derive.spellings import AIR
from dabiao.services.derive.tables import Table
from dabiao.standards import bodies, grid, year
from dabiao.standards.aqi import SIX
from dabiao.standards.outcome import Derived


class HourLabel(StrEnum):
    """Whether 08:00 in the file is the hour that ends or that begins at 8."""

    END = "end"
    START = "start"


_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Result:
    """What a file gives: each indicator with its place, and the columns that were not used."""

    kind: Literal["hourly", "daily", "water", "survey"]
    rows: tuple[tuple[str | None, Derived], ...]
    unused: tuple[str, ...]


def derive_file(path: Path, label: HourLabel = HourLabel.END, exempt: Collection[str] = ()) -> Result:
    """Read a CSV or workbook and derive every indicator it allows.

    Args:
        label: which hour a time of an hourly file stands for.
        exempt: pollutants never monitored, whose absence does not hold the index back.

    Raises:
        DabiaoError: the file cannot be read, or a column, time or value is wrong; the sentence names the row.
    """
    table = derive_table.read(path)
    if "section" in table.columns:
        return Result("water", tuple(bodies.derive(derive_water.samples(table))), table.unused)
    if derive_surveys.is_survey(table):
        return Result("survey", tuple(derive_surveys.rows(table)), table.unused)
    items = {n: c for n, c in table.columns.items() if n in AIR}
    if not items:
        raise DabiaoError("derive_nothing", path=str(path), columns=", ".join(table.headings))
    times, hourly = derive_table.times(table)
    away = frozenset(i for i in SIX if i.partition("_")[0] in exempt)
    rows: list[tuple[str | None, Derived]] = []
    places = derive_table.places(table)
    refuse_ozone(table, hourly=hourly)
    if hourly and label is HourLabel.END:
        times = times - np.timedelta64(1, "h")
    numbers = {n: derive_table.numbers(table, c) for n, c in items.items()}
    for place, chosen in places:
        when = times[chosen]
        first = when.min().astype("datetime64[Y]").astype("datetime64[D]")
        after = (when.max().astype("datetime64[Y]") + 1).astype("datetime64[D]")
        size = int((after - first) / _DAY)
        slots = ((when - first) / np.timedelta64(1, "h" if hourly else "D")).astype(np.int64)
        _refuse_twice(table, chosen, slots)
        days: dict[str, grid.Days] = {}
        for name, (values, present, scale) in numbers.items():
            length = size * 24 if hourly else size
            spread, there = np.zeros(length, np.int64), np.zeros(length, np.bool_)
            spread[slots], there[slots] = values[chosen], present[chosen]
            days |= _days(name, spread, there, scale, hourly=hourly)
        rows += [(place, row) for row in year.derive(first.astype(object), days, away)]
    if hourly:
        rows = [(place, year.from_hours(row)) for place, row in rows]
    return Result("hourly" if hourly else "daily", tuple(rows), table.unused)


def refuse_ozone(table: Table, *, hourly: bool) -> None:
    """Refuse a daily column of ozone that does not say of what, and a daily one among hours.

    Raises:
        DabiaoError: with what to write instead.
    """
    if hourly and table.columns.keys() & {"O3_8h", "O3_1h"}:
        raise DabiaoError("derive_ozone_hourly", path=str(table.path))
    if not hourly and "O3" in table.columns:
        raise DabiaoError("derive_ozone_daily", path=str(table.path))


def _days(
    name: str, values: grid.Ints, present: grid.Bools, scale: int, *, hourly: bool
) -> dict[str, grid.Days]:
    if not hourly:
        return {name if name.startswith("O3") else f"{name}_24h": grid.as_given(values, present, scale)}
    hours, there = values.reshape(-1, 24), present.reshape(-1, 24)
    if name == "O3":
        return {"O3_8h": grid.mda8(hours, there, scale), "O3_1h": grid.highest_hour(hours, there, scale)}
    return {f"{name}_24h": grid.daily_means(hours, there, scale)}


def _refuse_twice(table: Table, chosen: grid.Ints, slots: grid.Ints) -> None:
    order = np.argsort(slots, kind="stable")
    again = np.flatnonzero(np.diff(slots[order]) == 0)
    if again.size:
        row = int(chosen[order[again[0] + 1]])
        raise DabiaoError(
            "derive_twice",
            path=str(table.path),
            row=row + table.first_row,
            earlier=int(chosen[order[again[0]]]) + table.first_row,
        )
