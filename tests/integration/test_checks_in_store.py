"""A file's values against what the store knows of their series, and what is flagged of a series."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dabiao.domain.issue import Issue
from dabiao.ingest.checks.components import WHOLES
from dabiao.ingest.checks.heaping import THRESHOLDS
from dabiao.ingest.checks.parts import OVER_MONTHS
from dabiao.services.app import App
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.store.history import flags, flags_by_series

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEAD = "地区,指标,时间,数值,单位,发布日期\n"


@pytest.fixture
def drop(app: App, tmp_path: Path) -> Callable[..., ImportResult]:
    """Hand over a text file."""

    def hand_over(content: str, name: str) -> ImportResult:
        (tmp_path / name).write_text(content, "utf-8")
        return take_file(app, tmp_path / name, now=NOW, source="公报")

    return hand_over


def line(period: str, value: object, indicator: str = "PM2.5", unit: str = "µg/m3") -> str:
    return f"吉林省,{indicator},{period},{value},{unit},2026-10-01\n"


def found_in(result: ImportResult) -> list[Issue]:
    """What was found at rows; what is said of a whole column is about the reading."""
    return [i for i in result.issues if i.code != "comparison_column"]


def codes(result: ImportResult) -> list[tuple[str, int | None, str]]:
    return [(i.code, i.row, i.severity) for i in found_in(result)]


def test_a_jump_from_what_the_store_knows(drop: Callable[..., ImportResult]) -> None:
    """Twelve years in the store, one new value in a file: the value is taken and warned of."""
    drop(HEAD + "".join(line(f"{2010 + i}", 30 + i % 2) for i in range(12)), "一.csv")
    result = drop(HEAD + line("2022", 300), "二.csv")
    assert (result.accepted, result.refused) == (1, 0)
    assert codes(result) == [("jump", 2, "warning")]
    assert result.issues[0].params["before"] == "31"
    assert result.issues[0].params["before_period"] == "2021"


def test_a_year_against_months_of_an_earlier_file(drop: Callable[..., ImportResult]) -> None:
    """The months came in January, the year's value in June: they are held against each other."""
    drop(HEAD + "".join(line(f"2023-{m:02d}", 40) for m in range(1, 13)), "月.csv")
    assert codes(drop(HEAD + line("2023", 40), "年.csv")) == []
    result = drop(HEAD + line("2023", 47), "年2.csv")
    assert codes(result) == [("not_from_months", 2, "warning")]
    assert (result.issues[0].params["low"], result.issues[0].params["high"]) == ("39.5", "40.5")


def test_a_printed_change_against_the_year_before_in_the_store(drop: Callable[..., ImportResult]) -> None:
    """70, then 38 with 下降84.21% beside it: taken, and warned of with the figure that the values give."""
    drop(HEAD + line("2020年1-4月", 70), "前.csv")
    result = drop("地区,时间,PM2.5(µg/m3),同比\n吉林省,2021年1-4月,38,下降84.21%\n", "后.csv")
    assert codes(result) == [("change_contradicted", 2, "warning")]
    assert result.accepted == 1
    assert found_in(result)[0].params["percent"] == "-45.71"
    assert found_in(result)[0].params["printed"] == "下降84.21%"


def test_changes_in_wide_and_tidy_tables(drop: Callable[..., ImportResult]) -> None:
    """Each 同比 belongs to the value column before it, or to the indicator that its heading names."""
    wide = "地区,时间,PM2.5(µg/m3),同比(%),优良天数比例(%),同比(百分点)\n"
    found = drop(wide + "吉林省,2019,40,,80.0,\n吉林省,2020,36,-10.0,84.0,3.0\n", "宽.csv")
    assert [(i.code, i.params["printed"]) for i in found_in(found)] == [("change_contradicted", "3.0")]
    tidy = "地区,指标,时间,数值,单位,同比\n"
    found = drop(
        tidy + "吉林省,优良天数比例,2015,80.4,%,\n吉林省,优良天数比例,2016,90.1,%,上升9.7%\n", "窄.csv"
    )
    assert [i.code for i in found_in(found)] == ["points_as_percent"]


def test_the_bundled_pm25_without_pm10_says_nothing(drop: Callable[..., ImportResult]) -> None:
    """Where the other fraction is unknown there is nothing to hold it against."""
    assert codes(drop(HEAD + line("2023", 40), "年.csv")) == []


def test_another_series_is_never_mixed_in(drop: Callable[..., ImportResult]) -> None:
    """Values with dust deducted have a history of their own: the first of them is no jump."""
    drop(HEAD + "".join(line(f"{2010 + i}", 30 + i % 2) for i in range(12)), "一.csv")
    other = "地区,指标,时间,数值,单位,发布日期,沙尘\n吉林省,PM2.5,2022,300,µg/m3,2026-10-01,扣除\n"
    assert codes(drop(other, "二.csv")) == []


def daily_aqi(moved: float, days: int = 2500) -> str:
    chooser = random.Random(3)
    start = datetime(2015, 1, 1, tzinfo=UTC)
    rows = []
    for i in range(days):
        value = max(1, int(chooser.gauss(80, 25)))
        if 101 <= value <= 105 and chooser.random() < moved:
            value -= 5
        rows.append(line(f"{start + timedelta(days=i):%Y-%m-%d}", value, "AQI", ""))
    return HEAD + "".join(rows)


def test_heaping_is_a_flag_of_the_series_and_no_issue_of_a_row(
    app: App, drop: Callable[..., ImportResult]
) -> None:
    """Daily AQI that heaps under 100 raises a flag that is lowered when a later file takes the heap away."""
    result = drop(daily_aqi(0.9), "日.csv")
    assert result.accepted == 2500
    assert [i for i in result.issues if i.code == "heaping"] == []
    (flag,) = flags(app.store)
    assert (flag["region"], flag["indicator"], flag["code"]) == ("220000", "aqi", "heaping")
    assert list(flags_by_series(app.store).values()) == [["heaping"]]
    drop(daily_aqi(0.0), "日改.csv")
    assert flags(app.store) == []


def test_every_indicator_that_a_check_names_is_declared(app: App) -> None:
    """The tables of the checks name declared indicators: a misspelt one would never be checked."""
    named = {*OVER_MONTHS, *WHOLES, *WHOLES.values(), *THRESHOLDS}
    assert named <= set(app.catalogue.indicators)
