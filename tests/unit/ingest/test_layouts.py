"""Headings and layouts: which cell is which."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import ImportRefused
from dabiao.ingest.headings import FIELDS, read_heading
from dabiao.ingest.model import Candidate, Reading

Read = Callable[..., Reading]
Xlsx = Callable[..., bytes]


def short(c: Candidate) -> tuple[str, str, str, Any]:
    return c.region, c.indicator, str(c.period), c.value


def codes(reading: Reading) -> list[str]:
    return [i.code for i in reading.issues]


def test_every_spelling_of_a_field_leads_to_it(catalogue: Catalogue) -> None:
    """No spelling is declared for two fields, and width, case and spaces do not matter."""
    for field, names in FIELDS.items():
        for name in (field, *names, f" {names[0]} "):
            assert read_heading(0, name.upper(), catalogue).name == field, name


@pytest.mark.parametrize(
    ("text", "kind", "name", "unit"),
    [
        ("PM₂.₅浓度(μg/m³)", "indicator", "pm25", "µg/m3"), ("细颗粒物（PM2.5）浓度", "indicator", "pm25", None),
        ("地表水优良水体比例(I~III类)", "indicator", "surface_water_good_ratio", None), ("优良天数比率（％）", "indicator", "good_day_ratio", "%"),
        ("数值(mg/m3)", "field", "value", "mg/m3"), ("３月", "period", "", None), ("1—6月", "period", "", None), (2024, "period", "", None),
        ("达标率", "ambiguous", "", None), ("同比", "comparison", "", None), ("位次", "rank", "", None), ("首要污染物", "unknown", "", None), ("", "blank", "", None),
    ],
)  # fmt: skip
def test_headings(catalogue: Catalogue, text: Any, kind: str, name: str, unit: str | None) -> None:
    """A heading is a field, a period, an indicator with the unit in its brackets, ambiguous or unknown."""
    found = read_heading(0, text, catalogue)
    assert (found.kind, found.name, found.unit) == (kind, name, unit)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_tidy(read: Read, encoding: str) -> None:
    """A value a row, headings in any order, in Chinese or English, in any encoding of the ladder."""
    text = "单位,数值,时间,指标,地区,发布日期\nμg/m3,19.6,2025年,PM2.5,泉州市,2026-06-05\n"
    reading = read(text.encode(encoding), "a.csv")
    (row,) = reading.rows
    assert short(row) == ("350500", "pm25", "2025", Decimal("19.6"))
    assert (row.row, row.known_rule, str(row.known_on)) == (2, "published", "2026-06-05")
    assert reading.description["encoding"] == encoding
    assert read("region,indicator,period,value,unit\n350500,pm25,2025,19.6,ug/m3\n").rows[0].value == Decimal(
        "19.6"
    )


def test_tidy_with_year_and_month_columns(read: Read) -> None:
    """Year and month may stand in columns of their own, the month as a bare number."""
    rows = read(
        "地区,指标,年份,月份,数值,单位\n泉州市,PM2.5,2024,3,20,µg/m3\n泉州市,PM2.5,2024,1-7月,21,µg/m3\n泉州市,PM2.5,2024,,22,µg/m3\n"
    ).rows
    assert [str(r.period) for r in rows] == ["2024-03", "2024-01/2024-07", "2024"]


def test_wide_by_month_takes_the_year_from_the_title(read: Read, xlsx: Xlsx) -> None:
    """Title, unit line, heading, twelve months and the year; cells of months to come are no values."""
    rows = [
        ["2026年各市PM2.5月均浓度"],
        ["单位：μg/m³"],
        ["城市", "指标", *[f"{m}月" for m in range(1, 13)]],
        ["泉州市", "PM2.5", *range(20, 30), None, None],
        ["吉林市", "PM2.5", *range(30, 40), "", ""],
        ["注：数据未经审核"],
    ]
    reading = read(xlsx(rows), "月报.xlsx")
    assert len(reading.rows) == 20
    assert short(reading.rows[0]) == ("350500", "pm25", "2026-01", Decimal(20))
    assert short(reading.rows[-1]) == ("220200", "pm25", "2026-10", Decimal(39))
    assert (reading.rows[-1].row, reading.rows[-1].column) == (5, "10月 [L]")
    assert not reading.issues


@pytest.mark.parametrize(
    ("name", "title", "wanted"),
    [
        ("a.csv", "", None),
        ("2024年.csv", "", "2024-01"),
        ("2024年.csv", "2023年月均值,,,,\n", "2023-01"),
        ("2024年.csv", "2023年与2022年比较,,,,\n", None),
    ],
)
def test_wide_by_month_needs_one_year(read: Read, name: str, title: str, wanted: str | None) -> None:
    """The title's year goes before the file name's; without one, or with two, every cell is refused, not guessed."""
    reading = read(f"{title}地区,指标,单位,1月,2月\n泉州市,PM2.5,µg/m3,20,21\n", name)
    if wanted is None:
        assert reading.refused == 2
        assert codes(reading) == ["period_needs_year"] * 2
    else:
        assert str(reading.rows[0].period) == wanted


def test_wide_by_month_with_a_year_column(read: Read) -> None:
    """A year a row; 一季度, 1-6月 and 全年 stand beside the months as what they are."""
    text = "地区,指标,年份,单位,1月,一季度,1-6月,全年\n泉州市,PM2.5,2024,µg/m3,20,21,22,23\n泉州市,PM2.5,2025,µg/m3,24,25,26,27\n"
    rows = read(text).rows
    assert [str(r.period) for r in rows] == [
        "2024-01",
        "2024-Q1",
        "2024-01/2024-06",
        "2024",
        "2025-01",
        "2025-Q1",
        "2025-01/2025-06",
        "2025",
    ]


def test_wide_by_year(read: Read, xlsx: Xlsx) -> None:
    """A column a year, as number or text; a percentage format is read as the percentage."""
    rows = [["地区", "指标", "单位", 2023, "2024年"], ["泉州市", "优良天数比例", "%", 0.959, 97.5]]
    reading = read(xlsx(rows, formats={"D2": "0.0%"}), "a.xlsx")
    assert [short(r) for r in reading.rows] == [
        ("350500", "good_day_ratio", "2023", Decimal("95.9")),
        ("350500", "good_day_ratio", "2024", Decimal("97.5")),
    ]


def test_wide_by_indicator(read: Read) -> None:
    """A column an indicator with its unit in the heading; an unknown column is named and left out."""
    reading = read(
        "地区,时间,PM2.5(mg/m3),优良天数比例(%),综合指数,同比\n泉州市,2024年3月,0.012,98.5,2.9,-3\n"
    )
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024-03", Decimal(12)), ("350500", "good_day_ratio", "2024-03", Decimal("98.5")), ("350500", "index", "2024-03", Decimal("2.9")),
    ]  # fmt: skip
    assert reading.rows[0].printed == "0.012 mg/m3"
    assert codes(reading) == ["comparison_column"]


def test_wide_by_indicator_with_a_row_of_units_and_the_period_in_the_title(read: Read, xlsx: Xlsx) -> None:
    """The bulletin's annex: period in the title, units in a row of their own, a formula that was never calculated."""
    rows = [
        ["2024年1—5月空气质量"],
        ["县(市、区)", "PM2.5", "优良天数比例"],
        [None, "mg/m³", "（%）"],
        ["泉州市", 0.02, "98%以上"],
        ["吉林市", "=1+1", "——"],
    ]
    reading = read(xlsx(rows), "附表.xlsx")
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024-01/2024-05", Decimal(20)),
        ("350500", "good_day_ratio", "2024-01/2024-05", Decimal(98)),
        ("220200", "good_day_ratio", "2024-01/2024-05", None),
    ]
    assert str(reading.rows[1].qualifier) == ">="
    assert reading.rows[2].printed == "——"
    assert codes(reading) == ["formula_no_value"]
    assert reading.refused == 1


def test_a_fault_of_a_wide_row_is_named_once(read: Read) -> None:
    """An unknown region refuses each value of its row, and is one issue."""
    reading = read("地区,指标,单位,2022,2023,2024\n火星,PM2.5,µg/m3,1,2,3\n")
    assert reading.refused == 3
    assert codes(reading) == ["region_unknown"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "地区,指标,时间,数值,值,单位\n泉州市,PM2.5,2024,1,2,µg/m3\n吉林市,PM2.5,2024,1,2,µg/m3\n",
            "heading_twice",
        ),
        ("地区,时间,PM2.5(µg/m3),PM2.5浓度(µg/m3)\n泉州市,2024,1,2\n吉林市,2024,1,2\n", "heading_twice"),
        ("地区,时间,PM2.5(µg/m3),达标率(%)\n泉州市,2024,1,2\n吉林市,2024,1,2\n", "heading_ambiguous"),
    ],
)
def test_an_ambiguous_heading_refuses_the_table(read: Read, text: str, code: str) -> None:
    """Two columns that mean one thing, or one that could mean two: nothing is taken, every row counts as refused."""
    reading = read(text)
    assert codes(reading) == [code]
    assert reading.rows == ()
    assert reading.refused == 2


def test_a_sheet_without_a_table_does_not_stop_the_others(read: Read, xlsx: Xlsx) -> None:
    """A cover sheet is warned of; the data sheet goes in."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(
            xlsx(
                [["地区", "指标", "时间", "数值", "单位"], ["泉州市", "PM2.5", 2024, 20, "µg/m3"]],
                title="数据",
            )
        )
    )
    book.create_sheet("说明", 0).append(["本表由监测站填报"])
    buffer = io.BytesIO()
    book.save(buffer)
    reading = read(buffer.getvalue(), "a.xlsx")
    assert len(reading.rows) == 1
    assert [(i.code, i.sheet, i.severity) for i in reading.issues] == [("sheet_not_read", "说明", "warning")]


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "地区,备注\n泉州市,x\n", "just text\n"])
def test_a_file_without_any_table_is_refused(read: Read, text: str) -> None:
    """The whole file is refused and the refusal names the headings that were seen."""
    with pytest.raises(ImportRefused) as refused:
        read(text)
    assert refused.value.code == "layout_unknown"


def test_a_unit_over_the_table_is_not_an_indexs(read: Read) -> None:
    """单位：μg/m3 above a table holds for its concentrations; an index beside them has none."""
    text = "2024年3月空气质量\n单位：μg/m3（CO为mg/m3）\n城市,PM2.5,综合指数\n泉州市,21,2.31\n"
    reading = read(text, "表.csv")
    assert not reading.issues
    assert {(r.indicator, str(r.value), r.unit) for r in reading.rows} == {
        ("pm25", "21", "µg/m3"), ("index", "2.31", ""),
    }  # fmt: skip
