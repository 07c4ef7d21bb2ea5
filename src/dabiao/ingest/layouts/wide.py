"""Several values a row. The heading of a value column says what sets it apart: its month, year, indicator or place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dabiao.ingest.headings import Heading
from dabiao.ingest.layouts.interface import (
    Surroundings,
    Table,
    fields_of,
    has_indicator,
    has_period,
    has_region,
    of_kind,
    table_of,
)
from dabiao.ingest.periods import PeriodError, parse_period


class WideByPeriod:
    """A place, an indicator (a column or the title) and a column a period.

    By month (1月 … 12月, 1-6月, 一季度, 全年): the year stands in a column, or once in the sheet's name, title or file name.
    By year (2020, 2021年 …) or by full month (2024-01 …): the heading says it all.
    """

    def __init__(self, part: Literal["month", "year"]) -> None:
        self.name = f"wide_by_{part}"
        self.needs_year = part == "month"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        values = of_kind(headings, "period")
        fields = fields_of(headings)
        if len(values) < (1 if "indicator" in fields else 2) or "value" in fields:
            return None
        if not has_region(headings, around) or not has_indicator(headings, around):
            return None
        if any(_needs_year(h) for h in values) is not self.needs_year:
            return None
        return table_of(self.name, row, headings, around, values)


class WideByIndicator:
    """A place, a time (a column, or once in the title) and a column an indicator: also the annex table of a bulletin.

    The unit stands in each heading's brackets, in a row below the heading, or once above the table. Columns of ranks and changes
    beside the indicators are kept out.
    """

    name = "wide_by_indicator"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        fields = fields_of(headings)
        values = of_kind(headings, "indicator")
        if not values or "value" in fields or "indicator" in fields:
            return None
        if not has_region(headings, around) or not has_period(headings, around):
            return None
        return table_of(self.name, row, headings, around, values)


class WideByRegion:
    """A column a place; the time stands in a column or the title, the indicator in another."""

    name = "wide_by_region"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        fields = fields_of(headings)
        values = of_kind(headings, "region")
        if len(values) < 2 or {"region", "adcode", "value"} & fields.keys():
            return None
        if not has_period(headings, around) or not has_indicator(headings, around):
            return None
        return table_of(self.name, row, headings, around, values)


class Crossed:
    """A heading of several rows, or one that a mapping explains, that says two or three things of each column.

    Such as the indicator over the year: 2024年 | 2023年 above PM2.5 | 优良天数比例.
    """

    name = "crossed"

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        values = of_kind(headings, "crossed", "indicator", "period", "region")
        if not of_kind(values, "crossed") or {"value"} & fields_of(headings).keys():
            return None
        said = {
            "region": has_region(headings, around),
            "period": has_period(headings, around),
            "indicator": has_indicator(headings, around),
        }
        complete = tuple(h for h in values if all(known or name in h.says for name, known in said.items()))
        if not complete:
            return None
        return table_of(self.name, row, headings, around, complete)


def _needs_year(heading: Heading) -> bool:
    try:
        parse_period(heading.says["period"])
    except PeriodError:
        return True
    return False
