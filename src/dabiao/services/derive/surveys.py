"""Surveys of noise and farmland from the table of ``dabiao derive``: their ratios, each place and period by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dabiao.errors import DabiaoError
from dabiao.services.derive.tables import Table, cell_number, period, places, wrong_cell
from dabiao.standards import surveys
from dabiao.standards.outcome import Derived

_AREAS = ("protected", "safe", "controlled", "polluted")


def is_survey(table: Table) -> bool:
    """Whether a table counts nights or areas: its columns are those of nothing else."""
    return bool(table.columns.keys() & {"monitored", "leq", "polluted"})


def rows(table: Table) -> Iterator[tuple[str | None, Derived]]:
    """The ratio of each place and period.

    Noise: a row a zone or period with the counts ``compliant`` and ``monitored``, or a row a night of a point with ``zone`` and ``leq``.
    Rows of one place and period are added up. Farmland: ``protected``, ``safe``, ``controlled`` and ``polluted`` area.

    Raises:
        DabiaoError: a column is missing, or a cell is wrong; the sentence names the row.
    """
    when = table.columns.get("period") or table.columns.get("date") or table.columns.get("datetime")
    if when is None:
        raise DabiaoError("derive_no_time", path=str(table.path), columns=", ".join(table.headings))
    ways = (_AREAS, ("zone", "leq"), ("compliant", "monitored"))
    needed = next((names for names in ways if table.columns.keys() >= set(names)), None)
    if needed is None:
        raise DabiaoError("derive_nothing", path=str(table.path), columns=", ".join(table.headings))
    for place, chosen in places(table):
        found: dict[str, list[int]] = {}
        for index in chosen.tolist():
            found.setdefault(period(table, when, index), []).append(index)
        for name in sorted(found):
            if needed is _AREAS:
                yield place, _areas(table, name, found[name])
            else:
                yield place, surveys.night_ratio(name, _nights(table, needed, found[name]))


def _nights(table: Table, needed: tuple[str, ...], chosen: list[int]) -> surveys.Nights:
    if needed == ("compliant", "monitored"):
        counts = [[_count(table, name, i) for name in needed] for i in chosen]
        for (part, whole), i in zip(counts, chosen, strict=True):
            if part > whole:
                raise wrong_cell("derive_counts", table, table.columns["compliant"], i)
        return surveys.Nights(sum(c[0] for c in counts), sum(c[1] for c in counts))
    said = [s for i in chosen for s in _complies(table, i)]
    return surveys.Nights(said.count(True), len(said), said.count(None), by_level=True)


def _complies(table: Table, index: int) -> Iterator[bool | None]:
    """Whether one night complied; nothing where it was not monitored."""
    level = _number(table, "leq", index)
    column = table.columns["zone"]
    zone = column.cells[index].strip().lower().removesuffix("区").removesuffix("类")
    if zone not in surveys.NIGHT_LIMITS:
        raise wrong_cell("derive_zone", table, column, index)
    if level is not None:
        yield surveys.night_complies(zone, level)


def _areas(table: Table, name: str, chosen: list[int]) -> Derived:
    areas = [sum((_number(table, n, i) or Decimal(0) for i in chosen), Decimal(0)) for n in _AREAS]
    try:
        return surveys.safe_use(name, *areas)
    except ValueError:
        raise wrong_cell("derive_counts", table, table.columns["polluted"], chosen[0]) from None


def _number(table: Table, name: str, index: int) -> Decimal | None:
    column = table.columns[name]
    try:
        return cell_number(column.cells[index])
    except ValueError:
        raise wrong_cell("derive_value", table, column, index) from None


def _count(table: Table, name: str, index: int) -> int:
    number = _number(table, name, index) or Decimal(0)
    if number != int(number):
        raise wrong_cell("derive_value", table, table.columns[name], index)
    return int(number)
