"""No cell of any shape goes missing, and no text makes a reader fail otherwise than by a refusal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import ImportRefused
from dabiao.ingest.headings import read_heading, read_path, split_unit
from dabiao.ingest.model import Reading
from dabiao.ingest.readers.biff import scan_xls
from dabiao.ingest.readers.formats import is_percentage
from dabiao.ingest.titles import search_parts, search_periods, search_years
from dabiao.ingest.words import apart, areas_in, basis_words, is_average, title_words

Read = Callable[..., Reading]
FILES = Path(__file__).parents[2] / "fixtures/ingest"
PLACES = st.sampled_from(["泉州市", "吉林市", "吉林", "火星", "", "平均", "延边州*"])
CELLS = st.sampled_from(
    ["", "", "20", "20.", "—", "98%以上", "0.5万", "第3名", "并列第三", "x", "持平", "1e99", "101"]
)
HEADS = {
    "城市,PM2.5(μg/m3),排名,,优良天数比例(%),同比": "2024年3月\n",
    "城市,1月,2月,3月,同比,排名": "2024年PM2.5\n单位：μg/m3\n",
    "地区,2023年/PM2.5,2022,2023,2024,同比": "PM2.5\n单位：μg/m3\n",
}


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(sorted(HEADS)),
    st.lists(st.tuples(PLACES, CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=9),
)
def test_every_cell_is_accounted_for(read: Read, head: str, rows: list[tuple[str, ...]]) -> None:
    """Taken, repeated, refused or left aside with a note: together they are the cells beside the places."""
    text = HEADS[head] + head + "\n" + "\n".join(",".join(row) for row in rows) + "\n"
    reading = read(text, "表.csv")
    cells = sum(bool(c) for row in rows for c in row[1:])
    assert len(reading.rows) + reading.repeated + reading.refused + reading.ignored == cells
    assert bool(reading.refused) == any(i.severity == "error" for i in reading.issues)


@given(st.text(max_size=40))
def test_any_text_around_a_table(catalogue: Catalogue, text: str) -> None:
    """Titles and headings of any text are understood or not; nothing is raised."""
    for found in (
        search_years(text),
        search_periods(text),
        search_parts(text),
        areas_in(text),
        title_words(text),
    ):
        assert found is not None
    assert apart(text) in (None, "rank", "comparison", "numbering")
    assert is_average(text) in (True, False)
    assert basis_words(text) is not None
    assert split_unit(text)[0] is not None
    assert read_path(0, [text, text[::-1]], catalogue).column == 0


@pytest.mark.parametrize(
    ("parts", "kind", "says", "unit"),
    [
        (["PM2.5", "浓度(mg/m3)"], "indicator", {"indicator": "pm25"}, "mg/m3"),
        (["优良天数比例", "排名"], "rank", {}, None),
        (["PM2.5", "同比(%)"], "comparison", {}, None),
        (["2024年", "PM2.5", "μg/m3"], "crossed", {"indicator": "pm25", "period": "2024年"}, None),
        (["空气质量", "优良天数比例(%)"], "indicator", {"indicator": "good_day_ratio"}, "%"),
        (["市区", "PM2.5"], "indicator", {"indicator": "pm25", "scope": "市区"}, None),
        (["剔沙后", "PM2.5"], "unknown", {}, None),
        (["剔除沙尘", "PM2.5"], "indicator", {"indicator": "pm25", "dust": "deducted"}, None),
        (["基本情况", "城市"], "field", {}, None),
        (["PM2.5", "优良天数比例"], "unknown", {}, None),
        (["泉州市", "PM2.5"], "crossed", {"indicator": "pm25", "region": "350500"}, None),
    ],
)
def test_headings_of_several_rows(
    catalogue: Catalogue, parts: list[str], kind: str, says: dict[str, str], unit: str | None
) -> None:
    """Rows of a heading are joined where each is understood; one that is not leaves the column unread."""
    found = read_path(0, parts, catalogue)
    assert (found.kind, dict(found.says)) == (kind, says)
    if unit:
        assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "says", "unit"),
    [
        ("PM2.5(剔除沙尘)(μg/m³)", {"indicator": "pm25", "dust": "deducted"}, "µg/m3"),
        ("PM2.5(μg/m3)(实况)", {"indicator": "pm25", "condition": "actual"}, "µg/m3"),
        ("优良天数比率（未扣除沙尘）", {"indicator": "good_day_ratio", "dust": "included"}, None),
        ("细颗粒物浓度，微克/立方米", {"indicator": "pm25"}, "µg/m3"),
        (
            "地表水优良水体比例(I~III类)(国考)",
            {"indicator": "surface_water_good_ratio", "scope": "国考断面"},
            None,
        ),
    ],
)
def test_brackets_of_a_heading(
    catalogue: Catalogue, text: str, says: dict[str, str], unit: str | None
) -> None:
    """Unit and basis stand in brackets in either order; an alias may have brackets of its own."""
    found = read_heading(0, text, catalogue)
    assert (found.kind, dict(found.says), found.unit) == ("indicator", says, unit)


def test_a_period_before_the_indicator(read: Read) -> None:
    """A heading that says period and indicator in one cell is read as both; what stands for neither stays unread."""
    text = "城市,2024年1—3月PM2.5(μg/m3),2023年1-3月PM2.5(μg/m3),2024年优良天数比例(%),2024年经费\n泉州市,20,21,98,3\n"
    reading = read(text)
    assert [(r.indicator, str(r.period)) for r in reading.rows] == [
        ("pm25", "2024-Q1"), ("pm25", "2023-Q1"), ("good_day_ratio", "2024"),
    ]  # fmt: skip
    assert [i.code for i in reading.issues] == ["column_ignored"]


def test_unit_and_basis_in_the_name_of_the_indicator(read: Read) -> None:
    """Where the indicators stand in a column, their brackets say the same as in a heading; a column of its own goes before."""
    rows = "PM2.5(μg/m3),,20,30\n优良天数比例(扣除沙尘)(%),,98,90\nPM2.5浓度(实况),mg/m3,0.021,0.03\n"
    reading = read("指标,单位,泉州市,呼和浩特市\n" + rows, "2024年.csv")
    assert [(r.indicator, str(r.value), r.basis.dust, r.basis.condition) for r in reading.rows[::2]] == [
        ("pm25", "20", "unknown", "unknown"), ("good_day_ratio", "98", "deducted", "unknown"), ("pm25", "21", "unknown", "actual"),
    ]  # fmt: skip
    assert reading.refused == 0


def test_the_place_in_the_title(read: Read) -> None:
    """A table of months under a title that names one place in full is that place's; with a column not understood it is none."""
    title, head = "泉州市2024年环境空气质量\n", "月份,PM2.5(μg/m3),排名\n"
    reading = read(title + head + "1月,31,2\n2,25,1\n")
    assert [(r.region, str(r.period)) for r in reading.rows] == [("350500", "2024-01"), ("350500", "2024-02")]
    with pytest.raises(ImportRefused):
        read(title + head.replace("排名", "点位") + "1月,31,万安\n")


def test_titles_of_a_table_under_a_title(read: Read) -> None:
    """A section list of the title is said of water, dust of air; an area in it is only warned of."""
    text = "2024年3月市区国考断面与空气（扣除沙尘）\n城市,达标率(%),PM2.5(μg/m3)\n"
    reading = read(text.replace("达标率", "地表水优良水体比例(Ⅰ-Ⅲ类)") + "泉州市,90,20\n")
    assert [(r.basis.scope, r.basis.dust) for r in reading.rows] == [
        ("国考断面", "unknown"),
        ("", "deducted"),
    ]
    assert [i.code for i in reading.issues] == ["title_scope_word"]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("2024年前三季度", "2024-01/2024-09"), ("2024年上半年", "2024-01/2024-06"), ("2024年一季度", "2024-Q1"),
        ("2024 年 1 － 7 月", "2024-01/2024-07"), ("表2 2024年3月", "2024-03"), ("20243月", None), ("2024年13月", None),
        ("2024年3月和4月", None), ("2024年3月与2024年4月", None),
    ],
)  # fmt: skip
def test_the_period_of_a_title(title: str, wanted: str | None) -> None:
    """A title that says one period gives it; a lost digit, a month that does not exist or two periods give none."""
    found = {str(p) for p in search_periods(title)}
    assert found == {wanted} if wanted else len(found) != 1 or found == {"2024-03"}


@pytest.mark.parametrize(
    ("code", "percent"),
    [
        ("0%", True),
        ("0.0%;[Red]-0.0%", True),
        ('0.0"%"', False),
        (r"0.0\%", False),
        ("[$%]0", False),
        ("General", False),
        ("0_%", False),
    ],
)
def test_number_formats(code: str, percent: bool) -> None:
    """Only a percent sign that is no literal multiplies by a hundred."""
    assert is_percentage(code) is percent


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5631), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, 5632),
)
def test_a_damaged_old_workbook(changes: list[tuple[int, int]], end: int) -> None:
    """Whatever bytes are changed or cut off, the scan ends soon, with marks or a refusal."""
    data = bytearray((FILES / "城市-1900.xls").read_bytes())
    for place, byte in changes:
        data[place] = byte
    with contextlib.suppress(ImportRefused):
        assert isinstance(scan_xls(bytes(data[: max(end, 600)]), "a.xls"), list)
