"""Tables as offices keep them, made cell by cell: each is read right, or refused where it stands and with what mends it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest

from dabiao import i18n
from dabiao.ingest.model import Reading
from dabiao.services.intake.imported import issue_json
from tests.unit.ingest.conftest import Read

Change = Callable[[Any, Any], None]


def book(
    rows: Sequence[Sequence[Any]], *merges: str, sheet: str = "数据", change: Change | None = None
) -> bytes:
    """A workbook of one sheet with merged cells, then changed by ``change(book, sheet)``."""
    made = openpyxl.Workbook()
    table = made.active
    assert table is not None
    table.title = sheet
    for row in rows:
        table.append(list(row))
    for cells in merges:
        table.merge_cells(cells)
    if change:
        change(made, table)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def told(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Region, indicator, period and print of each value."""
    return [(c.region, c.indicator, str(c.period), c.printed) for c in reading.rows]


def found(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """Code, row and column letter of each issue, each of which can be said."""
    for issue in reading.issues:
        for lang in i18n.LANGS:
            said = issue_json(issue, lang)
            assert said["mend"]
            assert "\n" not in said["message"]
    return [(i.code, i.row, i.column and i.column[-2:-1]) for i in reading.issues]


def test_a_row_of_units_under_merged_headings(read: Read) -> None:
    """Indicator over year over unit: the third row of the heading is the unit of its column."""
    rows = [
        ["附表 2024年空气质量状况"],
        ["城市", "PM2.5浓度", None, None, "优良天数比例"],
        [None, "2024年", "2023年", "变化", "2024年"],
        [None, "μg/m3", "(µg/m³)", "%", "%"],
        ["泉州市", 20, 21, -4.8, 98.1],
    ]
    reading = read(book(rows, "A1:E1", "A2:A4", "B2:D2"), "附表.xlsx")
    assert told(reading) == [
        ("350500", "pm25", "2024", "20"), ("350500", "pm25", "2023", "21"), ("350500", "good_day_ratio", "2024", "98.1"),
    ]  # fmt: skip
    assert found(reading) == [("comparison_column", 4, "D")]


def test_two_numbered_tables_under_each_other(read: Read) -> None:
    """The number before a title (表1, 附表2-1) is no part of the indicator's name."""
    rows = [
        ["表1 2024年各市PM2.5浓度（μg/m3）"], ["城市", "1月", "2月"], ["泉州市", 20, 21], [],
        ["附表2-1：2024年各市优良天数比例（%）"], ["城市", "1月", "2月"], ["泉州市", 98, 97],
    ]  # fmt: skip
    reading = read(book(rows), "表.xlsx")
    assert told(reading) == [
        ("350500", "pm25", "2024-01", "20"), ("350500", "pm25", "2024-02", "21"),
        ("350500", "good_day_ratio", "2024-01", "98"), ("350500", "good_day_ratio", "2024-02", "97"),
    ]  # fmt: skip
    assert found(reading) == []


def test_a_county_that_is_part_of_the_list_above(read: Read) -> None:
    """其中：吉林市 is 吉林市; 小计 is left aside; 全省 is no name of a place."""
    rows = [["地区", "2024年PM2.5(μg/m3)"], ["全省", 25], ["小计", 24], ["其中：吉林市", 31], ["其中", 1]]
    reading = read(book(rows), "表.xlsx")
    assert told(reading) == [("220200", "pm25", "2024", "31")]
    assert found(reading) == [
        ("region_unknown", 2, "A"),
        ("average_row", 3, None),
        ("region_unknown", 5, "A"),
    ]


def test_values_below_a_detection_limit(read: Read) -> None:
    """＜0.5 and 0.5L (HJ/T 91-2002) say the limit; 未检出 does not, and is neither 0 nor missing."""
    cells = ["＜0.5", "0.5L", "未检出", "ND", "<LOD", "低于检出限", "0.5 L"]
    rows = [["城市", "年", "PM2.5(μg/m3)"], *(["泉州市", 2010 + n, cell] for n, cell in enumerate(cells))]
    reading = read(book(rows), "表.xlsx")
    assert [(str(c.value), str(c.qualifier), c.printed) for c in reading.rows] == [
        ("0.5", "<=", "＜0.5"), ("0.5", "<=", "0.5L"), ("0.5", "<=", "0.5 L"),
    ]  # fmt: skip
    assert found(reading) == [("value_not_detected", n, "C") for n in (4, 5, 6, 7)]


def test_characters_without_width(read: Read) -> None:
    """What a copied web page brings along and nobody sees changes nothing, wherever it stands."""
    rows = [
        ["\ufeff城市", "年度\u200b", "PM2.5(μg/m3)"],
        ["泉\u200d州市", "2024\u2060", "\u200b28\u200b"],
        ["\u200b", "\u200b", "\u200b"],
    ]
    reading = read(book(rows), "表.xlsx")
    assert told(reading) == [("350500", "pm25", "2024", "28")]
    assert found(reading) == []


def test_a_span_under_months(read: Read) -> None:
    """1-5 under 月 is 1—5月, cumulative; a month that there is not is named where it stands."""
    rows = [
        ["城市", "年", "月", "PM2.5(μg/m3)"],
        ["泉州市", 2024, "1-5", 20], ["泉州市", 2024, "1—4月", 21], ["泉州市", 2024, 3, 22], ["泉州市", 2024, 13, 23], ["泉州市", 24, 3, 24],
    ]  # fmt: skip
    reading = read(book(rows), "表.xlsx")
    assert [str(c.period) for c in reading.rows] == ["2024-01/2024-05", "2024-01/2024-04", "2024-03"]
    assert found(reading) == [("period_unreadable", 5, "C"), ("period_unreadable", 6, "B")]


def test_a_hidden_sheet_is_named(read: Read) -> None:
    """It is not read, since nobody who looked at the file has seen it; and the import says so."""

    def hide(made: Any, _: Any) -> None:
        other = made.create_sheet("旧数据")
        other.append(["城市", "年", "PM2.5(μg/m3)"])
        other.append(["泉州市", 2020, 99])
        other.sheet_state = "hidden"

    reading = read(book([["城市", "年", "PM2.5(μg/m3)"], ["泉州市", 2024, 20]], change=hide), "表.xlsx")
    assert told(reading) == [("350500", "pm25", "2024", "20")]
    assert [(i.code, i.sheet, i.severity) for i in reading.issues] == [("sheet_hidden", "旧数据", "warning")]


def test_a_known_column_that_does_not_say_all(read: Read) -> None:
    """A column whose indicator is known and whose period nobody says is left aside, and the note does not call it unknown."""
    rows = [["城市", "2024年3月PM2.5(μg/m3)", "达标天数", "优良天数比例(%)"], ["泉州市", 20, 30, 98]]
    reading = read(book(rows), "表.xlsx")
    assert told(reading) == [("350500", "pm25", "2024-03", "20")]
    assert found(reading) == [("column_ignored", 1, "C"), ("column_incomplete", 1, "D")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("31(初步)", "value_unreadable"), ("31\n30", "value_damaged"), ("20～30", "value_unreadable"), ("28±2", "value_unreadable")],
)  # fmt: skip
def test_a_cell_of_more_than_a_number(read: Read, cell: str, code: str) -> None:
    """It is refused for what it is, and its text stands in the sentence on one line."""
    reading = read(book([["城市", "年", "PM2.5(μg/m3)"], ["泉州市", 2024, cell]]), "表.xlsx")
    assert found(reading) == [(code, 2, "C")]
    assert " ".join(cell.split()) in issue_json(reading.issues[0], "zh-CN")["message"]


@pytest.mark.parametrize(
    "rows",
    [
        [[], [], [None, None, "城市", "年度", "PM2.5(μg/m3)"], [None, None, "泉州市", 2024, 20]],  # nothing above and before
        [["地 区", "年 度", "PM2.5 (μg/m3)"], ["泉　州　市", 2024, 20]],  # spread over the width of the cell
        [["城\n市", "年度", "PM₂.₅\n（µg/m³）"], ["泉州市", 2024, 20]],  # headings of two lines
        [["城市", "年度", "ＰＭ２．５（μｇ／ｍ３）"], ["泉州市", "２０２４年", "２０"]],  # full width
        [["城市", "2024年PM2.5(μg/m3)"], ["泉州市", 20], ["城市", "2024年PM2.5(μg/m3)"]],  # the heading of the next page
        [["城市", "时间", "PM2.5"], [None, None, "微克/立方米"], ["泉州市", "2024", "20 "]],  # units in a row of their own
        [["指标", "泉州市", "吉林市"], ["PM2.5(μg/m3)", 20, None]],  # the other way round, the year is the sheet's name
    ],
)  # fmt: skip
def test_one_value_however_it_is_laid_out(read: Read, rows: list[list[Any]]) -> None:
    """Empty rows and columns, spaces, line ends, full width and repeated headings change nothing."""
    assert [t[:3] for t in told(read(book(rows, sheet="2024年"), "表.xlsx"))] == [("350500", "pm25", "2024")]
