"""One value a row: 地区, 指标, 时间, 数值, 单位 and what else is said of it, in any order."""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.ingest.headings import Heading
from dabiao.ingest.layouts.interface import (
    Surroundings,
    Table,
    fields_of,
    has_indicator,
    has_period,
    has_region,
    table_of,
)


class Tidy:
    """Needs a place (region or code), an indicator, a time (period or year) and a value."""

    name = "tidy"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        value = fields_of(headings).get("value")
        if value is None or not (
            has_region(headings, around) and has_period(headings, around) and has_indicator(headings, around)
        ):
            return None
        return table_of(self.name, row, headings, around, (value,))
