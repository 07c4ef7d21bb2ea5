"""Workbooks that leave: what kind each cell is, what stands on paper, and that the same book gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.reports.book import BarChart, Book, Column, Sheet, Table, book_bytes

COLUMNS = (
    Column("名称", "long", 20),
    Column("数值", "number"),
    Column("概率", "percent"),
    Column("日期", "date"),
)


def a_book(rows: list[list[Any]], charts: tuple[BarChart, ...] = (), lang: str = "zh-CN") -> bytes:
    sheet = Sheet("表", "标题", "说明", Table(COLUMNS, rows, {"偏离目标": "#C2410C"}), charts)
    return book_bytes(Book("标题", "范围", datetime(2026, 11, 21), lang, ("第 # 页", "，共 # 页"), [sheet]))  # noqa: DTZ001


def cells(data: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=5)]


def test_each_cell_is_of_its_kind() -> None:
    """A number is a number with its own decimals, a negative one too; a share is a percentage; a date is a date."""
    [[name, value, share, day]] = cells(a_book([["甲", Decimal("-3.50"), 0.331, date(2026, 10, 1)]]))
    assert (name.value, name.data_type) == ("甲", "s")
    assert (value.value, value.data_type, value.number_format) == (-3.5, "n", "0.00")
    assert (share.value, share.number_format) == (0.331, "0%")
    assert day.value == datetime(2026, 10, 1)  # noqa: DTZ001
    assert day.is_date


@given(st.text(min_size=1, max_size=40))
def test_no_text_is_run_or_linked(text: str) -> None:
    """Whatever a text starts with, it stands as text: no formula, no link, no number."""
    [[cell, *_]] = cells(a_book([[text, None, None, None]]))
    assert cell.data_type in ("s", "n")
    assert cell.data_type == "s" or cell.value is None
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "https://example.cn/", "00123", "1e5"])
def test_a_text_stays_as_written(text: str) -> None:
    """What looks like a formula, an address or a number in a text column is kept as written."""
    [[cell, *_]] = cells(a_book([[text, None, None, None]]))
    assert (cell.value, cell.data_type) == (text, "s")


def test_nothing_is_written_for_what_is_no_number() -> None:
    """``None``, NaN and infinity are empty cells."""
    [[_, value, share, day]] = cells(a_book([["甲", float("nan"), float("inf"), None]]))
    assert (value.value, share.value, day.value) == (None, None, None)


def test_the_sheet_can_be_read_and_printed() -> None:
    """Headings are frozen, filtered and repeated on each page; the page is landscape, one page wide, with page numbers."""
    sheet = openpyxl.load_workbook(io.BytesIO(a_book([["甲", 1, 0.5, None]] * 3))).worksheets[0]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:D7"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert "&P" in str(sheet.oddFooter.right.text)
    assert [c.font.name for c in sheet[5]] == ["宋体"] * 4


def test_a_chart_draws_the_cells_of_its_sheet() -> None:
    """A chart is the spreadsheet's own, on the cells of the table."""
    chart = BarChart("图", 0, [1], 0, 1, ["#111111"], "项", across=True)
    with zipfile.ZipFile(
        io.BytesIO(a_book([["甲", 1, None, None], ["乙", 2, None, None]], (chart,)))
    ) as book:
        drawn = book.read("xl/charts/chart1.xml").decode()
    assert "表!$B$5:$B$6" in drawn
    assert "表!$A$5:$A$6" in drawn


def test_the_same_book_gives_the_same_bytes() -> None:
    """Neither the clock nor the process stands in the file."""
    assert a_book([["甲", 1, 0.5, None]]) == a_book([["甲", 1, 0.5, None]])
    assert a_book([["甲", 1, 0.5, None]]) != a_book([["甲", 2, 0.5, None]])


def test_a_row_of_another_length_is_a_wrong_program() -> None:
    """A row has a cell a column."""
    with pytest.raises(ValueError, match="row 2 has 1 cells under 4 headings"):
        a_book([["甲", 1, 0.5, None], ["乙"]])
