"""Files as offices send them, in tests/fixtures/ingest: each is read as a person would read it, or refused for a reason named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dabiao import i18n
from dabiao.domain.catalogue import Catalogue
from dabiao.errors import ImportRefused
from dabiao.ingest.mapping import load_mapping
from dabiao.ingest.model import Candidate, Defaults, Reading
from dabiao.ingest.read import read_bytes
from dabiao.plans.load import load

ROOT = Path(__file__).parents[3]
FILES = ROOT / "tests/fixtures/ingest"
Open = Callable[..., Reading]


@pytest.fixture(scope="module")
def declared() -> Catalogue:
    return load(ROOT / "data").catalogue


@pytest.fixture
def opened(declared: Catalogue) -> Open:
    """Read a file of the folder with the declared regions and indicators."""

    def read(name: str, **defaults: Any) -> Reading:
        data = (FILES / name).read_bytes()
        return read_bytes(data, name, declared, Defaults(**defaults), today=date(2026, 11, 21))

    return read


def short(c: Candidate) -> tuple[str, str, str, str]:
    value = "–" if c.value is None else format(c.value, "f")
    return c.region, c.indicator, str(c.period), (str(c.qualifier) if c.qualifier else "") + value


def codes(reading: Reading, severity: str = "error") -> list[str]:
    return [i.code for i in reading.issues if i.severity == severity]


def test_an_annex_with_a_heading_of_two_rows(opened: Open) -> None:
    """The period stands in the title, the unit in each heading; ranks, changes and the average are left aside with a note."""
    reading = opened("附表-多行表头.xlsx")
    assert [short(r) for r in reading.rows if r.indicator != "air_composite_index"] == [
        ("350526", "pm25", "2024-01/2024-05", "12"),
        ("350526", "good_day_ratio", "2024-01/2024-05", "100"),
        ("350525", "pm25", "2024-01/2024-05", "13"),
        ("350525", "good_day_ratio", "2024-01/2024-05", "99.3"),
        ("350582", "pm25", "2024-01/2024-05", "–"),
        ("350582", "good_day_ratio", "2024-01/2024-05", ">=98"),
    ]
    assert codes(reading) == []
    noted = codes(reading, "warning")
    assert (noted.count("rank_column"), noted.count("comparison_column"), noted.count("average_row")) == (
        1,
        2,
        1,
    )
    by_heading = {r.indicator: r for r in reading.rows[:3]}
    assert by_heading["pm25"].column == "PM2.5 / 浓度(mg/m3) [D]"
    pm25 = [r.change.printed if r.change else None for r in reading.rows if r.indicator == "pm25"]
    assert pm25 == ["-7.7", "持平", None]


def test_merged_cells(opened: Open) -> None:
    """A region merged over its rows is each row's; a value merged over two rows belongs to neither."""
    reading = opened("合并单元格.xlsx")
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2023", "20.8"),
        ("350500", "pm25", "2024", "20.5"),
        ("350500", "good_day_ratio", "2023", "96.1"),
        ("350500", "good_day_ratio", "2024", "97"),
        ("220200", "pm25", "2024", "29"),
        ("220200", "good_day_ratio", "2024", "93"),
    ]
    assert [(i.row, i.column, i.code) for i in reading.issues] == [
        (4, "2023年 [D]", "value_merged"),
        (5, "2023年 [D]", "value_merged"),
    ]


@pytest.mark.parametrize("name", ["城市-1900.xls", "城市-1904.xls"])
def test_old_excel(opened: Open, name: str) -> None:
    """Dates of either epoch are the same months; 0.952 printed 95.2% is 95.2, and 95.2 with a quoted sign is 95.2 too."""
    reading = opened(name)
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024-01", "19.6"),
        ("350500", "good_day_ratio", "2024-01", "95.2"),
        ("220200", "pm25", "2024-02", "35"),
        ("220200", "good_day_ratio", "2024-02", "95.2"),
        ("220300", "good_day_ratio", "2024-04", "97"),
    ]
    assert [(i.code, i.row, i.column) for i in reading.issues] == [
        ("formula_no_value", 4, "PM2.5(μg/m3) [C]"),
        ("formula_no_value", 4, "优良天数比例(%) [D]"),
        ("value_unreadable", 5, "PM2.5(μg/m3) [C]"),
    ]


@pytest.mark.parametrize(("name", "holes"), [("公式-1904.xlsx", 2), ("公式-1904.ods", 1)])
def test_formulas_and_dates_from_1904(opened: Open, name: str, holes: int) -> None:
    """A formula that was never calculated or gave an error is refused, a truth value too; LibreOffice had calculated one."""
    reading = opened(name)
    assert codes(reading).count("formula_no_value") == holes
    assert ("value_unreadable" in codes(reading)) is name.endswith(".xlsx"), (
        "LibreOffice writes a truth value as the number 1"
    )
    assert {str(r.period) for r in reading.rows} == {"2024-03"}
    assert short(reading.rows[-1]) == ("220500", "good_day_ratio", "2024-03", "98.5")


def test_a_sheet_a_month(opened: Open) -> None:
    """The sheet's name says the month and the file's name the year; the cover is no table and stops nothing."""
    reading = opened("2024年月报.xlsx")
    assert {short(r)[2:] for r in reading.rows} == {
        ("2024-01", "31"),
        ("2024-02", "28"),
        ("2024-01/2024-02", "29.5"),
    }
    assert codes(reading, "warning").count("sheet_not_read") == 1


def test_blocks_side_by_side_and_under_each_other(opened: Open) -> None:
    """Two blocks beside each other, again below with a title of their own that takes its year from the first."""
    reading = opened("两块并列又上下.csv")
    assert reading.description["encoding"] == "gb18030"
    assert [short(r)[0::2] for r in reading.rows] == [
        ("150100", "2024-03"), ("220200", "2024-03"), ("220100", "2024-03"), ("220300", "2024-03"),
        ("150100", "2024-Q1"), ("220200", "2024-Q1"), ("220100", "2024-Q1"), ("220300", "2024-Q1"),
    ]  # fmt: skip
    assert [short(r)[3] for r in reading.rows] == ["24", "29", "31", "22", "33", "39", "41", "32"]
    assert (reading.refused, reading.ignored) == (0, 8)


def test_regions_as_columns(opened: Open) -> None:
    """A column a place; full width, "about" and a missing mark are what they are."""
    reading = opened("地区为列.csv")
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024-01", "31"), ("350000", "pm25", "2024-01", "28"), ("150100", "pm25", "2024-01", "52"),
        ("350500", "pm25", "2024-02", "25"), ("350000", "pm25", "2024-02", "24"), ("150100", "pm25", "2024-02", "–"),
        ("350500", "good_day_ratio", "2024-01/2024-02", "98.3"), ("350000", "good_day_ratio", "2024-01/2024-02", "99.1"),
        ("150100", "good_day_ratio", "2024-01/2024-02", "~80"),
    ]  # fmt: skip


def test_a_web_table_copied_one_cell_a_line(opened: Open) -> None:
    """It is folded back where every row comes out whole, with or without a bar at each line's end."""
    reading = opened("2024年3月-一行一格.csv")
    assert [short(r)[0::3] for r in reading.rows] == [
        ("350526", "12"), ("350526", "100"), ("350525", "13"), ("350525", "99.3"), ("350582", "20"), ("350582", "97.1"),
    ]  # fmt: skip
    assert reading.rows[2].row == 7, "the line on which the row begins"
    assert [short(r)[0::3] for r in opened("2024年3月-一行一格竖线.csv").rows] == [
        ("350526", "12"), ("350526", "100"), ("350525", "13"), ("350525", "99.3"),
    ]  # fmt: skip


def test_lines_that_end_in_bars(opened: Open) -> None:
    """A table drawn with bars; the row of dashes is no data, the average without a place is left aside."""
    reading = opened("2024年-竖线.csv")
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024", "19.6"), ("350500", "good_day_ratio", "2024", "97.0"),
        ("220200", "pm25", "2024", "29"), ("220200", "good_day_ratio", "2024", "89.5"),
    ]  # fmt: skip
    assert codes(reading) == []
    assert "average_row" in codes(reading, "warning")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("2024年3月-一行一格缺格.csv", "cells_on_lines"),
        ("2024年3月-只有排名.csv", "ranks_no_values"),
        ("没有表头.csv", "heading_missing"),
        ("big5.csv", "layout_unknown_gb18030"),
        ("latin1.csv", "layout_unknown_gb18030"),
    ],
)
def test_files_that_are_refused_whole(opened: Open, name: str, code: str) -> None:
    """Cells that do not come out even, ranks, data without a heading, another encoding: each refusal says what would mend it."""
    with pytest.raises(ImportRefused) as refused:
        opened(name)
    assert refused.value.code == code
    for lang in i18n.LANGS:
        assert i18n.text(f"error.{code}", lang, **refused.value.params)


def test_a_heading_shifted_by_one_column(opened: Open) -> None:
    """A third party's rows that are all longer than their heading are refused together, and every row is held."""
    reading = opened("错位一列-μg.csv")
    assert (codes(reading), reading.refused, len(reading.held)) == (["columns_shifted"], 3, 3)


def test_days(opened: Open) -> None:
    """Daily values with a byte order mark; a repeated day is one value, a missing one is missing, a lost one is not filled."""
    reading = opened("逐日-BOM.csv")
    assert [short(r)[2:] for r in reading.rows] == [
        ("2019-01-01", "31"),
        ("2019-01-02", "28"),
        ("2019-01-04", "–"),
    ]
    assert reading.repeated == 1


def test_units_in_the_cells(opened: Open) -> None:
    """Tabs, Roman numerals of any kind, full width, a unit only in the cell, a bound, a word for missing."""
    reading = opened("单位写在数值里.tsv")
    assert [short(r) for r in reading.rows] == [
        ("350500", "surface_water_good_ratio", "2024-Q1", "97.4"),
        ("220200", "surface_water_inferior_v_ratio", "2024-01/2024-06", "–"),
        ("150100", reading.rows[2].indicator, "2020", ">=98"),
    ]
    assert reading.rows[1].printed == "断流未监测"


def test_basis_travels(opened: Open) -> None:
    """Brackets of a heading, of a name and declared words of a title become basis: other basis, other series."""
    reading = opened("口径.csv")
    said = {
        (r.region, r.indicator, r.basis.dust, r.basis.condition, r.basis.scope): str(r.value)
        for r in reading.rows
    }
    assert said == {
        ("150100", "surface_water_good_ratio", "unknown", "unknown", "市区"): "60",
        ("150100", "pm25", "deducted", "actual", "市区"): "22",
        ("150100", "pm25", "included", "actual", "市区"): "24.5",
        ("220000", "surface_water_good_ratio", "unknown", "unknown", "国考断面"): "86.2",
        ("220000", "pm25", "deducted", "actual", ""): "26.5",
        ("220000", "pm25", "included", "actual", ""): "27",
    }


def test_what_is_not_guessed(opened: Open) -> None:
    """Each trap of the collected bulletins is refused by a code of its own."""
    reading = opened("不能猜.csv")
    assert reading.rows == ()
    assert [(i.row, i.code) for i in reading.issues] == [
        (2, "unit_suspect"), (3, "period_damaged"), (4, "period_year_short"), (5, "period_is_serial"), (6, "value_damaged"),
        (7, "value_is_change"), (8, "region_list"), (9, "region_ambiguous"), (10, "region_unknown"), (11, "value_with_name"),
    ]  # fmt: skip


def test_a_heading_of_two_rows_in_text(opened: Open, tmp_path: Path) -> None:
    """What merging has left of two rows is put together, as a mapping that names them would have it."""
    path = tmp_path / "m.yaml"
    path.write_text("heading_rows: [2, 3]\n", "utf-8")
    for reading in (opened("两行表头.csv"), opened("两行表头.csv", mapping=load_mapping(path))):
        assert codes(reading) == []
        assert [short(r)[0::3] for r in reading.rows] == [
            ("350500", "20.5"), ("350500", "97.0"), ("220200", "29"), ("220200", "93.0"),
        ]  # fmt: skip


def test_a_mapping_settles_what_the_file_leaves_open(opened: Open) -> None:
    """No heading, a name of its own, "this month", an average: all said once in the mapping of the source."""
    mapping = load_mapping(FILES / "泉州月报.yaml")
    reading = opened("泉州月报-2024-03.csv", mapping=mapping)
    assert [short(r) for r in reading.rows] == [
        ("350500", "pm25", "2024-03", "31"), ("350500", "good_day_ratio", "2024-03", "99.1"),
        ("222400", "pm25", "2024-03", "29"), ("222400", "good_day_ratio", "2024-03", "98.2"),
    ]  # fmt: skip
    row = reading.rows[1]
    assert (row.basis.scope, row.basis.dust, row.source, str(row.published)) == (
        "市区",
        "deducted",
        "泉州市空气质量月报",
        "2024-04-10",
    )
    assert (reading.refused, reading.ignored) == (0, 2)
    assert reading.description["mapping"]["name"] == "泉州月报.yaml"


@pytest.mark.parametrize(
    ("name", "unit", "period", "indicator"),
    [
        ("CO", "mg/m3", "2024-03-05", "co"),
        ("CO", "mg/m3", "2024", None),
        ("CO", "mg/m3", "2024-03", None),
        ("CO平均浓度", "mg/m3", "2024", "co"),
        ("CO日均值第95百分位数", "mg/m3", "2024", "co_p95"),
        ("O3", "µg/m3", "2024-01/2024-05", None),
        ("臭氧日最大8小时", "µg/m3", "2024-03-05", "o3_8h"),
        ("臭氧日最大8小时", "µg/m3", "2024", None),
        ("O3日最大8小时平均第90百分位数", "µg/m3", "2024", "o3_p90"),
    ],
)
def test_a_bare_name_of_a_longer_period_is_not_guessed(
    declared: Catalogue, name: str, unit: str, period: str, indicator: str | None
) -> None:
    """A bulletin heads the year's percentile with CO or O3: of a day it is the day's value, of a year it must be said."""
    text = f"地区,指标,时间,数值,单位\n泉州市,{name},{period},1.2,{unit}\n"
    reading = read_bytes(text.encode(), "表.csv", declared, Defaults(), today=date(2026, 11, 21))
    assert [r.indicator for r in reading.rows] == ([indicator] if indicator else [])
    assert codes(reading) == ([] if indicator else ["statistic_unnamed"])
