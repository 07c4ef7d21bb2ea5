"""Sections of surface water from the table of ``dabiao derive``."""

from __future__ import annotations

from decimal import Decimal

from dabiao.errors import DabiaoError
from dabiao.services.derive.tables import Column, Table, cell_number, wrong_cell
from dabiao.services.derive.tables import period as period_of
from dabiao.standards.bodies import Sample
from dabiao.standards.water import ITEMS, NOT_EVALUATED, WaterClass

_CLASSES = {
    spelling: found
    for found, spellings in zip(
        WaterClass,
        ("i 1 一 ⅰ", "ii 2 二 ⅱ", "iii 3 三 ⅲ", "iv 4 四 ⅳ", "v 5 五 ⅴ", "劣v 劣ⅴ 劣五 劣5 >v 6 worse"),
        strict=True,
    )
    for spelling in spellings.split()
}


def samples(table: Table) -> list[Sample]:
    """One sample a row.

    Raises:
        DabiaoError: no period; neither class nor concentrations; a cell that is none; a class given twice.
    """
    period = table.columns.get("period") or table.columns.get("date")
    if period is None:
        raise DabiaoError("derive_no_time", path=str(table.path), columns=", ".join(table.headings))
    items = {n: c for n, c in table.columns.items() if n in ITEMS}
    given = table.columns.get("class")
    if given is None and not items:
        raise DabiaoError("derive_nothing", path=str(table.path), columns=", ".join(table.headings))
    found: list[Sample] = []
    seen: dict[tuple[str, str], int] = {}
    for i, name in enumerate(table.columns["section"].cells):
        row = i + table.first_row
        values: dict[str, Decimal] = {}
        for item, column in items.items():
            try:
                number = cell_number(column.cells[i])
            except ValueError:
                raise wrong_cell("derive_value", table, column, i) from None
            if number is not None:
                values[item] = number
        water_class = _class(table, given, i) if given is not None else None
        if water_class is None and not values.keys() - set(NOT_EVALUATED):
            continue  # not sampled: dry, frozen
        when = period_of(table, period, i)
        key = (name.strip(), when)
        if water_class is not None and key in seen:
            raise DabiaoError("derive_twice", path=str(table.path), row=row, earlier=seen[key])
        seen[key] = row
        found.append(
            Sample(
                key[0],
                when,
                _cell(table, "river", i) or None,
                water_class,
                values,
                (_cell(table, "kind", i) or "").lower().startswith(("湖", "库", "水库", "lake", "reservoir")),
                i,
            )
        )
    return found


def _cell(table: Table, name: str, row: int) -> str | None:
    column = table.columns.get(name)
    return None if column is None else column.cells[row].strip()


def _class(table: Table, column: Column, i: int) -> WaterClass | None:
    plain = column.cells[i].strip().lower().removesuffix("类").removeprefix("class ").replace(" ", "")
    if plain in ("", "-", "—", "/", "na"):
        return None
    try:
        return _CLASSES[plain]
    except KeyError:
        raise wrong_cell("derive_class", table, column, i) from None
