"""Several values a row. The heading of a value column says what sets it apart: its month, its year or its indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from dabiao.ingest.headings import Heading
from dabiao.ingest.layouts.interface import (
    Row,
    Surroundings,
    Table,
    as_text,
    data_rows,
    overflow,
    picked,
    width,
)
from dabiao.ingest.model import Record
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown
from dabiao.ingest.values import known_unit, unit_of


class WideByPeriod:
    """A place, an indicator (a column or the title) and a column a period.

    By month (1月 … 12月, 1-6月, 一季度, 全年): the year stands in a column, or once in the sheet's name, title or file name.
    By year (2020, 2021年 …) or by full month (2024-01 …): the heading says it all.
    """

    def __init__(self, part: Literal["month", "year"]) -> None:
        self.name = f"wide_by_{part}"
        self.needs_year = part == "month"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        fields = {h.name: h for h in headings if h.kind == "field"}
        values = tuple(h for h in headings if h.kind == "period")
        place = "region" in fields or "adcode" in fields
        if len(values) < 2 or not place or "value" in fields:
            return None
        if "indicator" not in fields and around.indicator is None:
            return None
        if any(_needs_year(h) for h in values) is not self.needs_year:
            return None
        rest = tuple(h for h in headings if h.kind not in ("blank", "field", "period"))
        return Table(self.name, row, fields, values, rest, around)

    def records(self, sheet: Sheet, table: Table) -> Iterator[Record]:
        around = table.surroundings
        for number, row, fields, columns in _rows(sheet, table):
            if around.indicator:
                fields.setdefault("indicator", around.indicator.id)
            if around.year is not None:
                fields.setdefault("year", around.year)
            for heading, cell in _values(row, table):
                yield Record(
                    sheet.name,
                    number,
                    heading.printed,
                    {**fields, "period": heading.printed, "value": cell},
                    {**columns, "value": heading.printed, "period": heading.printed},
                    as_text(row),
                )


class WideByIndicator:
    """A place, a time (a column, or once in the title) and a column an indicator, its unit in brackets or a row below."""

    name = "wide_by_indicator"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        fields = {h.name: h for h in headings if h.kind == "field"}
        values = tuple(h for h in headings if h.kind == "indicator")
        place = "region" in fields or "adcode" in fields
        time = "period" in fields or "year" in fields or around.period is not None
        if not values or not place or not time or "value" in fields or "indicator" in fields:
            return None
        rest = tuple(h for h in headings if h.kind not in ("blank", "field", "indicator"))
        return Table(self.name, row, fields, values, rest, around)

    def records(self, sheet: Sheet, table: Table) -> Iterator[Record]:
        around = table.surroundings
        below = _unit_row(sheet, table)
        for number, row, fields, columns in _rows(sheet, table):
            if number == table.heading_row + 1 and below:
                continue
            if "period" not in fields and "year" not in fields and around.period:
                fields["period"] = str(around.period)
            for heading, cell in _values(row, table):
                assert heading.indicator is not None
                unit = heading.unit or below.get(heading.column)
                if unit is None and blank(fields.get("unit")):
                    unit = around.unit
                yield Record(
                    sheet.name,
                    number,
                    heading.printed,
                    {
                        **fields,
                        "indicator": heading.indicator.id,
                        "value": cell,
                        **({"unit": unit} if unit else {}),
                    },
                    {**columns, "value": heading.printed, "indicator": heading.printed},
                    as_text(row),
                )


def _needs_year(heading: Heading) -> bool:
    try:
        parse_period(heading.printed)
    except PeriodError:
        return True
    return False


def _rows(sheet: Sheet, table: Table) -> Iterator[tuple[int, Row, dict[str, Cell | Hole], dict[str, str]]]:
    columns = {name: h.printed for name, h in table.fields.items()}
    edge = width(table)
    for number, row in data_rows(sheet, table):
        fields = picked(row, table)
        if table.surroundings.unit and table.layout != WideByIndicator.name:
            fields.setdefault("unit", table.surroundings.unit)
        if overflow(row, edge):
            fields["overflow"] = "1"
        yield number, row, fields, columns


def _values(row: Row, table: Table) -> Iterator[tuple[Heading, Cell | Hole]]:
    """The value cells of a row that hold something: an empty one under a month says only that nothing is in yet."""
    for heading in table.values:
        cell = row[heading.column] if heading.column < len(row) else None
        if not blank(cell):
            yield heading, cell


def _unit_row(sheet: Sheet, table: Table) -> dict[int, str]:
    """Units by column, where the row below the heading holds nothing else."""
    if table.heading_row >= len(sheet.rows):
        return {}
    row = sheet.rows[table.heading_row]
    full = {i: shown(c).strip("()（） ") for i, c in enumerate(row) if not blank(c)}
    keys = {h.column for h in table.fields.values()}
    if not full or keys & full.keys() or not all(known_unit(text) for text in full.values()):
        return {}
    return {i: unit_of(text) for i, text in full.items()}
