"""What a row means, what is refused with which words, and that nothing goes missing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao import i18n
from dabiao.domain.observation import State, Tier
from dabiao.errors import ImportRefused
from dabiao.ingest.model import Reading
from dabiao.ingest.read import read_file
from dabiao.services.intake.importing import issue_json

Read = Callable[..., Reading]
HEAD = "地区,指标,时间,数值,单位,来源级别,数据状态,发布日期,可知日期,网址,沙尘,口径\n"


def one(
    read: Read,
    region: str = "泉州市",
    indicator: str = "PM2.5",
    period: str = "2024",
    value: str = "20",
    unit: str = "µg/m3",
    rest: str = ",,,,,,,",
) -> Reading:
    return read(f"{HEAD}{region},{indicator},{period},{value},{unit}{rest}\n")


def test_a_good_row(read: Read) -> None:
    """What a row does not say is taken by declared rules, and the reading says what was taken."""
    reading = one(read)
    (row,) = reading.rows
    assert (row.tier, row.state, row.basis.authority, row.basis.dust) == (
        Tier.OFFICIAL,
        State.FINAL,
        "official",
        "unknown",
    )
    assert (row.source, row.known_rule, row.known_on) == ("表.csv", "imported", date(2026, 11, 21))
    assert reading.description["assumed"]["tier_from"] == "default"
    assert (reading.refused, reading.issues) == (0, ())


@pytest.mark.parametrize(
    ("tier", "authority"), [("第三方", "third_party"), ("press", "official"), ("official", "official")]
)
def test_authority_follows_the_tier(read: Read, tier: str, authority: str) -> None:
    """A newspaper quotes the authority's figure; only a third party's figure is another one."""
    assert one(read, rest=f",{tier},,,,,,").rows[0].basis.authority == authority


def test_known_on(read: Read) -> None:
    """Published settles when a value was known; without it a stated day is an assumed one; else the day of import."""
    dated = one(read, rest=",,,2025-06-05,,,,").rows[0]
    assumed = one(read, rest=",,,,2025-06-30,,,").rows[0]
    option = read("地区,指标,时间,数值,单位\n泉州市,PM2.5,2024,20,µg/m3\n", published=date(2025, 6, 1)).rows[
        0
    ]
    assert [(r.known_rule, str(r.known_on)) for r in (dated, assumed, option)] == [
        ("published", "2025-06-05"),
        ("period_end", "2025-06-30"),
        ("published", "2025-06-01"),
    ]


def test_a_period_that_has_not_ended_gives_a_value_to_date(read: Read) -> None:
    """A year's figure that is out before its end is taken as a figure to date, with a warning; called final it is refused."""
    reading = one(read, period="2026")
    assert reading.rows[0].state is State.TO_DATE
    assert [(i.code, i.severity) for i in reading.issues] == [("period_not_ended", "warning")]
    assert [i.code for i in one(read, period="2026", rest=",,final,,,,,").issues] == ["final_before_end"]
    assert one(read, period="2025", rest=",,年内累计,2025-12-24,,,,").issues == ()


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ({"region": "泉洲市"}, "region_unknown", "地区"), ({"region": "吉林"}, "region_ambiguous", "地区"), ({"region": ""}, "region_missing", "地区"),
        ({"indicator": "PM3"}, "indicator_unknown", "指标"), ({"indicator": "达标率"}, "indicator_ambiguous", "指标"), ({"indicator": ""}, "indicator_missing", "指标"),
        ({"period": "去年"}, "period_unreadable", "时间"), ({"period": ""}, "period_missing", "时间"), ({"period": "2027"}, "period_not_begun", "时间"),
        ({"period": "45292"}, "period_is_serial", "时间"), ({"value": "61.%"}, "value_damaged", "数值"), ({"value": "全部达标"}, "value_in_words", "数值"),
        ({"unit": ""}, "unit_missing", "单位"), ({"unit": "%"}, "unit_wrong", "单位"), ({"value": "20mg/m3"}, "unit_conflict", "数值"),
        ({"value": "1001"}, "out_of_bounds", "数值"), ({"value": "-1"}, "out_of_bounds", "数值"),
        ({"indicator": "优良天数比例", "value": "100.1", "unit": "%"}, "share_over_100", "数值"),
        ({"rest": ",听说,,,,,,"}, "word_unknown", "来源级别"), ({"rest": ",,,昨天,,,,"}, "date_unreadable", "发布日期"),
        ({"rest": ",,,2027-01-01,,,,"}, "date_in_future", "发布日期"), ({"rest": ",,,2023-06-05,,,,"}, "known_before_period", "发布日期"),
        ({"rest": ",,,2025-06-05,2025-06-06,,,"}, "known_on_conflict", "可知日期"), ({"rest": ",,,,,javascript:x,,"}, "url_not_http", "网址"),
        ({"rest": ",,,,,,,,extra"}, "row_too_long", None),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_place(
    read: Read, row: dict[str, str], code: str, column: str | None
) -> None:
    """Each fault has its own code, names file, row and column, keeps the row's cells and reads well in both languages."""
    reading = one(read, **row)
    assert reading.rows == ()
    assert reading.refused == 1
    (issue,) = reading.issues
    where = issue.column and issue.column.partition(" [")[0]
    assert (issue.code, issue.file, issue.row, where, issue.severity) == (
        code,
        "表.csv",
        2,
        column,
        "error",
    )
    assert len(issue.raw) >= 12
    for lang in i18n.LANGS:
        said = issue_json(issue, lang)
        assert said["mend"]
        assert said["message"].endswith(said["mend"])
        assert not re.search(r"\{\w*\}", said["message"]), "an unfilled field"


def test_the_border_of_bounds_is_within(read: Read) -> None:
    """100 % is a share, 0 a concentration; a hair above is not."""
    assert one(read, indicator="优良天数比例", value="100", unit="%").refused == 0
    assert one(read, value="0").refused == 0
    assert one(read, indicator="优良天数比例", value="100.0001", unit="%").refused == 1


def test_all_faults_of_a_row_are_named_at_once(read: Read) -> None:
    """A row with three faults is one refused row with three issues."""
    reading = one(read, region="火星", period="去年", value="很多")
    assert reading.refused == 1
    assert {i.code for i in reading.issues} == {"region_unknown", "period_unreadable", "value_in_words"}


def test_one_wrong_row_never_stops_the_others(read: Read) -> None:
    """Good rows before and after a wrong one go in."""
    reading = read(
        "地区,指标,时间,数值,单位\n泉州市,PM2.5,2022,20,µg/m3\n火星,PM2.5,2023,20,µg/m3\n泉州市,PM2.5,2024,20,µg/m3\n"
    )
    assert [str(r.period) for r in reading.rows] == ["2022", "2024"]
    assert reading.refused == 1


def test_a_name_near_a_declared_one_is_suggested(read: Read) -> None:
    """A misspelt region's issue names the region that it is nearest to."""
    assert "泉州" in str(one(read, region="泉洲市").issues[0].params["near"])


def test_region_and_code_must_agree(read: Read) -> None:
    """A name and a code that lead to different regions are refused."""
    text = "地区,行政区划代码,指标,时间,数值,单位\n泉州市,150100,PM2.5,2024,20,µg/m3\n泉州市,350500,PM2.5,2024,20,µg/m3\n"
    reading = read(text)
    assert [i.code for i in reading.issues] == ["region_conflict"]
    assert len(reading.rows) == 1


def test_rows_that_repeat_and_rows_that_contradict(read: Read) -> None:
    """The same value twice is one value and a warning; different values are both refused, each naming the other."""
    head = "地区,指标,时间,数值,单位,口径,发布日期\n"
    same = read(head + "泉州市,PM2.5,2024,20,µg/m3,,\n泉州,PM2.5,2024年,20.0,µg/m3,,\n")
    assert (len(same.rows), same.repeated, same.refused) == (1, 1, 0)
    assert [(i.code, i.row, i.severity) for i in same.issues] == [("row_repeated", 3, "warning")]
    other = read(
        head + "泉州市,PM2.5,2024,20,µg/m3,,\n泉州,PM2.5,2024年,21,µg/m3,,\n吉林市,PM2.5,2024,30,µg/m3,,\n"
    )
    assert (len(other.rows), other.refused) == (1, 2)
    assert [(i.code, i.row, i.params["row"]) for i in other.issues] == [
        ("rows_contradict", 2, 3),
        ("rows_contradict", 3, 2),
    ]
    apart = read(
        head
        + "泉州市,PM2.5,2024,20,µg/m3,市区,2025-01-05\n泉州市,PM2.5,2024,21,µg/m3,,2025-01-05\n泉州市,PM2.5,2024,22,µg/m3,,2025-06-05\n"
    )
    assert len(apart.rows) == 3


def test_days_are_told_from_months_by_the_whole_column(read: Read) -> None:
    """First-of-month dates are months; one other day in the column makes them all days."""
    head = "地区,指标,日期,数值,单位\n"
    assert [
        str(r.period)
        for r in read(head + "泉州市,PM2.5,2024/1/1,20,µg/m3\n泉州市,PM2.5,2024/2/1,20,µg/m3\n").rows
    ] == ["2024-01", "2024-02"]
    days = read(head + "泉州市,PM2.5,2024/1/1,20,µg/m3\n泉州市,PM2.5,2024/1/2,20,µg/m3\n")
    assert [str(r.period) for r in days.rows] == ["2024-01-01", "2024-01-02"]


def test_hours(read: Read) -> None:
    """An hour in the date's own cell or in a column beside it; hour 0 is the last of the day before."""
    own = read(
        "地区,指标,时间,数值,单位\n泉州市,PM2.5,2024-03-05 14:00,20,µg/m3\n泉州市,PM2.5,2024-03-06 00:00,21,µg/m3\n"
    )
    beside = read(
        "地区,指标,日期,小时,数值,单位\n泉州市,PM2.5,2024/3/1,1,20,µg/m3\n泉州市,PM2.5,20240301,0时,21,µg/m3\n"
    )
    assert [str(r.period) for r in own.rows] == ["2024-03-05T14", "2024-03-05T24"]
    assert [str(r.period) for r in beside.rows] == ["2024-03-01T01", "2024-02-29T24"]
    assert read("地区,指标,日期,小时,数值,单位\n泉州市,PM2.5,2024/3/1,25,20,µg/m3\n").refused == 1


def test_size_and_emptiness(tmp_path: Path, catalogue: object) -> None:
    """A file over the limit and an empty one are refused whole."""
    large, empty = tmp_path / "a.csv", tmp_path / "b.csv"
    large.write_bytes(b"x" * ((1 << 20) + 1))
    empty.write_bytes(b" \n")
    for path, code in ((large, "file_too_large"), (empty, "file_empty")):
        with pytest.raises(ImportRefused) as refused:
            read_file(path, catalogue, today=date(2026, 1, 1), max_mb=1)  # type: ignore[arg-type]
        assert refused.value.code == code


CELLS = st.sampled_from(
    [
        "泉州市",
        "吉林",
        "火星",
        "",
        "PM2.5",
        "2024",
        "2024-03",
        "20",
        "20.",
        "—",
        "98%以上",
        "µg/m3",
        "%",
        "=1+1",
        "x,y",
        '"',
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=12))
def test_every_row_is_accounted_for(read: Read, rows: list[tuple[str, ...]]) -> None:
    """Taken, repeated or refused: the three add up to the rows that hold something, whatever stands in them."""
    quoted = [",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    reading = read("地区,指标,时间,数值,单位\n" + "\n".join(quoted) + "\n")
    assert len(reading.rows) + reading.repeated + reading.refused == sum(any(row) for row in rows)
    assert all(i.row for i in reading.issues)


def test_every_issue_message_is_whole() -> None:
    """Each issue says what is wrong, then the mend, on two lines, in both languages with the same fields."""
    folder = Path(i18n.__file__).parent
    every = (
        tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))["issue"] for name in ("ingest", "reading")
    )
    for code, texts in (item for issues in every for item in issues.items()):
        assert i18n.placeholders(texts["zh"]) == i18n.placeholders(texts["en"]), code
        assert all(t.count("\n") == 1 for t in texts.values()), code
