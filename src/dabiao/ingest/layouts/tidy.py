"""One value a row: 地区, 指标, 时间, 数值, 单位 and what else is said of it, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dabiao.ingest.headings import Heading
from dabiao.ingest.layouts.interface import Surroundings, Table, as_text, data_rows, overflow, picked, width
from dabiao.ingest.model import Record
from dabiao.ingest.readers.interface import Sheet


class Tidy:
    """Needs a place (region or code), an indicator (a column or the title), a time (period or year) and a value."""

    name = "tidy"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        fields = {h.name: h for h in headings if h.kind == "field"}
        place = "region" in fields or "adcode" in fields
        time = "period" in fields or "year" in fields or around.period is not None
        if not (place and time and "value" in fields and ("indicator" in fields or around.indicator)):
            return None
        rest = tuple(h for h in headings if h.kind not in ("blank", "field"))
        return Table(self.name, row, fields, (fields["value"],), rest, around)

    def records(self, sheet: Sheet, table: Table) -> Iterator[Record]:
        around = table.surroundings
        value = table.fields["value"]
        columns = {name: h.printed for name, h in table.fields.items()}
        edge = width(table)
        for number, row in data_rows(sheet, table):
            fields = picked(row, table)
            if value.unit:
                fields.setdefault("unit", value.unit)
            if around.unit:
                fields.setdefault("unit", around.unit)
            if around.indicator:
                fields.setdefault("indicator", around.indicator.id)
            if "period" not in fields and "year" not in fields and around.period:
                fields["period"] = str(around.period)
            if overflow(row, edge):
                fields["overflow"] = "1"
            yield Record(sheet.name, number, value.printed, fields, columns, as_text(row))
