"""Headings of several rows in text, where the merged cells are lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao import i18n
from dabiao.ingest.mapping import Mapping
from dabiao.ingest.model import Reading

Read = Callable[..., Reading]
INDICATORS = {"PM2.5": "pm25", "优良天数比例": "good_day_ratio", "综合指数": "index"}
YEARS = ("2021", "2022年", "2023年", "2024")


def values(reading: Reading) -> set[tuple[str, str, str, str]]:
    return {(r.region, r.indicator, str(r.period), str(r.value)) for r in reading.rows}


@pytest.mark.parametrize(
    "head",
    [
        "城市,2023年,,2024年,\n,PM2.5(μg/m3),优良天数比例(%),PM2.5(μg/m3),优良天数比例(%)",
        "城市,2023年,,2024年,\n城市,PM2.5(μg/m3),优良天数比例(%),PM2.5(μg/m3),优良天数比例(%)",
        "城市,2023年,2023年,2024年,2024年\n,PM2.5(μg/m3),优良天数比例(%),PM2.5(μg/m3),优良天数比例(%)",
        ",2023年,,2024年,\n城市,PM2.5(μg/m3),优良天数比例(%),PM2.5(μg/m3),优良天数比例(%)",
        "城市,2023年,,2024年,\n,PM2.5,优良天数比例,PM2.5,优良天数比例\n,μg/m3,%,μg/m3,%",
        "序号,城市,2023年,,,2024年,,\n,,PM2.5,,优良天数比例,PM2.5,,优良天数比例\n,,数值,排名,数值,数值,排名,数值\n,,μg/m3,,%,μg/m3,,%",
        "城市,空气质量,,,\n,2023年,,2024年,\n,PM2.5(μg/m3),优良天数比例(%),PM2.5(μg/m3),优良天数比例(%)",
    ],
    ids=[
        "once over its columns",
        "field twice",
        "written out",
        "corner empty",
        "units below",
        "numbers and ranks",
        "three rows",
    ],
)
def test_what_merging_leaves_is_put_together(read: Read, head: str) -> None:
    """An upper cell holds for the empty ones on its right, as a spreadsheet saves a merged one."""
    rows = "泉州市,20,97,21,98\n吉林市,30,90,31,91"
    if head.startswith("序号"):
        rows = "1,泉州市,20,1,97,21,1,98\n2,吉林市,30,2,90,31,2,91"
    reading = read(f"某市空气质量情况\n{head}\n{rows}\n", "表.csv")
    assert not [i for i in reading.issues if i.severity == "error"]
    assert values(reading) == {
        ("350500", "pm25", "2023", "20"), ("350500", "good_day_ratio", "2023", "97"),
        ("350500", "pm25", "2024", "21"), ("350500", "good_day_ratio", "2024", "98"),
        ("220200", "pm25", "2023", "30"), ("220200", "good_day_ratio", "2023", "90"),
        ("220200", "pm25", "2024", "31"), ("220200", "good_day_ratio", "2024", "91"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("城市,,PM2.5,\n,2023年,2024年,2022年", "[1, 2]"),
        ("城市,PM2.5,,\n,,2023年,2024年", "[1, 2]"),
        ("城市,PM2.5,,\n,2023年,2024年,优良天数比例", "[1, 2]"),
    ],
    ids=["moved to the right", "first column empty", "two indicators"],
)
def test_two_ways_to_put_together_are_refused(read: Read, head: str, rows: str) -> None:
    """Where an upper cell may belong to other columns too, the table is refused with the line for a mapping file."""
    reading = read(f"{head}\n泉州市,20,21,22\n", "表.csv")
    assert not reading.rows
    assert [i.code for i in reading.issues] == ["heading_rows_unclear"]
    assert rows in i18n.text("issue.heading_rows_unclear", "zh-CN", **reading.issues[0].params)


def test_a_doubled_meaning_is_refused(read: Read) -> None:
    """A block that would hold the same year twice was not merged that way."""
    reading = read("城市,PM2.5,,,\n,2023年,2024年,2023年,2024年\n泉州市,20,21,97,98\n", "表.csv")
    assert {i.code for i in reading.issues} == {"heading_twice"}


def test_a_row_of_data_is_no_heading(read: Read) -> None:
    """A first row without its place is a faulty row, even if its numbers look like years."""
    reading = read("城市,PM2.5(μg/m3),优良天数比例(%)\n,20,97\n泉州市,21,98\n", "2024年.csv")
    assert values(reading) == {("350500", "pm25", "2024", "21"), ("350500", "good_day_ratio", "2024", "98")}
    assert {i.code for i in reading.issues} == {"region_missing"}


def test_a_title_of_two_cells_is_no_heading(read: Read) -> None:
    """What stands over the column of places and is no part of the heading stays the title."""
    reading = read("2024年,,PM2.5\n城市,PM2.5(μg/m3),优良天数比例(%)\n泉州市,21,98\n", "表.csv")
    assert values(reading) == {("350500", "pm25", "2024", "21"), ("350500", "good_day_ratio", "2024", "98")}


def test_a_mapping_goes_first(read: Read) -> None:
    """Rows that a mapping names are the heading, whatever they look like."""
    mapping = Mapping.model_validate(
        {"heading_rows": [1, 2], "columns": {"$B": {"indicator": "pm25", "period": "2022", "unit": "μg/m3"}}}
    )
    reading = read("城市,,PM2.5(μg/m3),\n,2022年,2023年,2024年\n泉州市,20,21,22\n", "表.csv", mapping=mapping)
    assert values(reading) == {
        ("350500", "pm25", "2022", "20"), ("350500", "pm25", "2023", "21"), ("350500", "pm25", "2024", "22"),
    }  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from(YEARS), min_size=1, max_size=3, unique=True),
    st.lists(st.lists(st.sampled_from(sorted(INDICATORS)), min_size=1, max_size=3, unique=True), min_size=3),
    st.booleans(),
)
def test_any_merged_heading(read: Read, years: list[str], under: list[list[str]], repeated: bool) -> None:
    """Whatever the widths of the blocks, each column is read under its own."""
    upper, lower, expected = ["城市"], ["城市" if repeated else ""], set()
    for year, names in zip(years, under, strict=False):
        for number, name in enumerate(names):
            upper.append("" if number else year)
            lower.append(name)
            expected.add(("350500", INDICATORS[name], year.removesuffix("年"), str(len(upper) + 10)))
    row = ["泉州市", *(str(11 + n) for n in range(1, len(upper)))]
    text = "\n".join(",".join(cells) for cells in (upper, lower, row))
    units = {"PM2.5": "PM2.5(μg/m3)", "优良天数比例": "优良天数比例(%)"}
    for name, full in units.items():
        text = text.replace(name, full)
    assert values(read(text + "\n", "表.csv")) == expected
