"""A workbook as data, and its bytes: numbers are numbers, dates dates, and no text is run as a formula or taken for a link."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dabiao.domain.rounding import decimals_of

Kind = Literal["text", "long", "number", "percent", "date"]
"""How a column is set: ``long`` text wraps, ``percent`` takes a share of 0 … 1."""

FONTS = {"zh-CN": "宋体", "en": "Calibri"}
_LONGEST = 32_767  # characters of one cell in a spreadsheet program
_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK, _BAND, _LINE = "#1F2933", "#E8EEF3", "#B8C4CE"
_LINE_HEIGHT, _HIGHEST = 14.5, 409  # points; no row can be higher
_A4_WIDTH = 150  # characters over which a table becomes too small to read on A4
_NOTES_ABOVE = 2  # rows between the sheet's title and its headings that the notes and a gap take


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, how its cells are set, its width in characters."""

    heading: str
    kind: Kind = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; ``tints`` colours a text cell by what stands in it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    tints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BarChart:
    """A native chart of bars over columns of the sheet's table.

    Attributes:
        categories: column whose cells name the bars.
        values: columns drawn; each is a series under its heading.
        first, last: rows of the table, from 0, ``last`` included.
        colours: one a series; or one a bar where there is one series.
        stacked: series on top of each other.
        across: bars run from left to right.
    """

    title: str
    categories: int
    values: Sequence[int]
    first: int
    last: int
    colours: Sequence[str]
    axis: str
    stacked: bool = False
    across: bool = False
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title, a line under it, one table, charts below it.

    Attributes:
        printed: the first columns, that go to paper; all by default. A sheet of many columns is laid out for A3.
    """

    name: str
    title: str
    note: str
    table: Table
    charts: Sequence[BarChart] = ()
    filtered: bool = True
    printed: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook; ``created`` stands in its properties, so that the same content gives the same bytes."""

    title: str
    subject: str
    created: datetime
    lang: str
    page_words: tuple[str, str]
    sheets: Sequence[Sheet]


def book_bytes(book: Book) -> bytes:
    """The bytes of an ``.xlsx`` file. The same book gives the same bytes.

    Raises:
        ValueError: a row has another number of cells than there are columns.
    """
    out = io.BytesIO()
    made = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {
                "font_name": FONTS[book.lang],
                "font_size": 10.5,
                "font_color": _INK,
            },
        },
    )
    made.set_properties({"title": book.title, "subject": book.subject, "created": book.created})
    writer = _Writer(made, book)
    for sheet in book.sheets:
        writer.sheet(sheet)
    made.close()
    return out.getvalue()


class _Writer:
    def __init__(self, made: xlsxwriter.Workbook, book: Book) -> None:
        self.made, self.book = made, book
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.made.add_format(
                {"font_name": FONTS[self.book.lang], "font_size": 10.5, "font_color": _INK, "valign": "top"}
                | properties
            )
        return self.formats[key]

    def sheet(self, sheet: Sheet) -> None:
        made = self.made.add_worksheet(sheet.name)
        head = 1 + _NOTES_ABOVE
        made.write_string(0, 0, _text(sheet.title), self.format(bold=True, font_size=15, valign="vcenter"))
        made.write_string(1, 0, _text(sheet.note), self.format(font_color="#52606D"))
        made.set_row(0, 26)
        self._table(made, sheet.table, head)
        last_row, last_column = head + len(sheet.table.rows), len(sheet.table.columns) - 1
        made.freeze_panes(head + 1, 1)
        if sheet.filtered and sheet.table.rows:
            made.autofilter(head, 0, last_row, last_column)
        self._charts(made, sheet, head)
        self._page(made, sheet, head, last_row, last_column)

    def _table(self, made: Worksheet, table: Table, head: int) -> None:
        heading = self.format(
            bold=True, bg_color=_BAND, border=1, border_color=_LINE, text_wrap=True, valign="vcenter"
        )
        made.set_row(head, 32)
        for i, column in enumerate(table.columns):
            made.set_column(i, i, column.width)
            made.write_string(head, i, _text(column.heading), heading)
        for number, row in enumerate(table.rows, 1):
            if len(row) != len(table.columns):
                raise ValueError(f"row {number} has {len(row)} cells under {len(table.columns)} headings")
            made.set_row(head + number, min(_LINE_HEIGHT * _lines(row, table.columns) + 4, _HIGHEST))
            for i, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(made, head + number, i, value, column, table.tints)

    def _cell(
        self, made: Worksheet, row: int, i: int, value: object, column: Column, tints: Mapping[str, str]
    ) -> None:
        box: dict[str, Any] = {"border": 1, "border_color": _LINE}
        if isinstance(value, bool):
            value = str(value).lower()
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            made.write_blank(row, i, None, self.format(**box))
        elif isinstance(value, int | float | Decimal):
            made.write_number(
                row, i, float(value), self.format(num_format=_digits(value, column.kind), **box)
            )
        elif isinstance(value, date):
            made.write_datetime(row, i, value, self.format(num_format="yyyy-mm-dd", align="left", **box))
        else:
            text = _text(str(value))
            tint = {"bold": True, "font_color": tints[text]} if text in tints else {}
            wrap = {"text_wrap": True} if column.kind == "long" else {}
            made.write_string(row, i, text, self.format(**box, **wrap, **tint))

    def _charts(self, made: Worksheet, sheet: Sheet, head: int) -> None:
        below = head + len(sheet.table.rows) + 2
        for chart in sheet.charts:
            drawn = self.made.add_chart(
                {
                    "type": "bar" if chart.across else "column",
                    **({"subtype": "stacked"} if chart.stacked else {}),
                }
            )
            for i, column in enumerate(chart.values):
                drawn.add_series(self._series(sheet, chart, head, i, column))
            font = {"name": FONTS[self.book.lang], "size": 10, "color": _INK}
            drawn.set_title({"name": chart.title, "name_font": {**font, "size": 12}, "overlay": False})
            names = {"num_font": font, "name_font": font}
            figures: dict[str, Any] = {
                **names,
                "name": chart.axis,
                "major_gridlines": {"visible": True, "line": {"color": _LINE, "width": 0.5}},
                "min": 0,
                **({"num_format": "0%", "max": 1} if chart.percent else {}),
            }
            if chart.across:  # from above, as the table has them
                drawn.set_x_axis(figures)
                drawn.set_y_axis({**names, "reverse": True, "crossing": "max"})
            else:
                drawn.set_x_axis(names)
                drawn.set_y_axis(figures)
            drawn.set_legend(
                {"position": "bottom", "font": font} if len(chart.values) > 1 else {"none": True}
            )
            bars = chart.last - chart.first + 1
            size = {"width": 620, "height": max(300, 90 + 26 * bars) if chart.across else 320}
            drawn.set_size(size)
            made.insert_chart(below, 0, drawn, {"y_offset": 4, "x_offset": 4, "object_position": 1})
            below += math.ceil(size["height"] / 20) + 2

    def _series(self, sheet: Sheet, chart: BarChart, head: int, i: int, column: int) -> dict[str, Any]:
        first, last = head + 1 + chart.first, head + 1 + chart.last
        one = len(chart.values) == 1
        return {
            "name": [sheet.name, head, column],
            "categories": [sheet.name, first, chart.categories, last, chart.categories],
            "values": [sheet.name, first, column, last, column],
            "fill": {"color": chart.colours[0 if one else i]},
            "points": [{"fill": {"color": c}} for c in chart.colours]
            if one and len(chart.colours) > 1
            else None,
            "gap": 60,
            "data_labels": {"value": True, "font": {"name": FONTS[self.book.lang], "size": 9}} if one else {},
        }

    def _page(self, made: Worksheet, sheet: Sheet, head: int, last_row: int, last_column: int) -> None:
        wide = sum(c.width for c in sheet.table.columns[: sheet.printed]) > _A4_WIDTH
        made.set_landscape()
        made.set_paper(8 if wide else 9)  # A3, A4
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        made.fit_to_pages(1, 0)
        made.repeat_rows(head)
        made.hide_gridlines(2)
        page, of = self.book.page_words
        font = f'&"{FONTS[self.book.lang]}"&9'
        said = f"{page.replace('#', '&P')}{of.replace('#', '&N')}"
        made.set_footer(f"&L{font}{_code(self.book.title)}&R{font}{said}")
        if sheet.printed is not None and not sheet.charts:
            made.print_area(0, 0, last_row, min(sheet.printed - 1, last_column))


def _lines(row: Sequence[object], columns: Sequence[Column]) -> int:
    """Lines that the fullest wrapped cell of a row takes, about."""
    return max(
        (
            math.ceil(_width(str(v)) * 1.1 / c.width)
            for v, c in zip(row, columns, strict=True)
            if v and c.kind == "long"
        ),
        default=1,
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _digits(value: float | Decimal, kind: Kind) -> str:
    if kind == "percent":
        return "0%"
    places = decimals_of(value) if isinstance(value, Decimal) else 0
    return "0." + "0" * places if places else "0" if isinstance(value, int | Decimal) else "General"


def _text(text: str) -> str:
    """A text without what XML cannot hold, as long as a cell can be."""
    return _UNWRITABLE.sub("\ufffd", text)[:_LONGEST]


def _code(text: str) -> str:
    """A text inside a footer, where an ampersand starts a code."""
    return text.replace("&", "&&")
