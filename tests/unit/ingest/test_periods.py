"""Spellings of periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.period import Period
from dabiao.ingest.periods import Grain, PeriodError, parse_period
from dabiao.ingest.titles import search_periods, search_years

YEARS = st.integers(1950, 2100)
MONTHS = st.integers(1, 12)


@given(YEARS, MONTHS)
def test_spellings_of_a_month(year: int, month: int) -> None:
    """A month is one period in every spelling, with the year beside it or elsewhere."""
    wanted = Period.month_of(year, month)
    for text in (
        f"{year}-{month:02d}", f"{year}-{month}", f"{year}/{month}", f"{year}.{month}", f"{year}年{month}月", f"{year}年{month:02d}月份",
        f"{year}{month:02d}", f" {year} 年 {month} 月", f"{year}－{month:02d}", f"{year}-{month:02d}-01", f"{year}/{month}/1", f"{year}年{month}月1日",
    ):  # fmt: skip
        assert parse_period(text) == wanted, text
    assert parse_period(f"{month}月", year=year) == wanted
    assert parse_period(date(year, month, 1)) == wanted
    assert parse_period(datetime(year, month, 1)) == wanted  # noqa: DTZ001 - a cell has no timezone


@given(YEARS, st.integers(2, 12), st.sampled_from("-‐–—―－~～至到"))
def test_spellings_of_months_so_far(year: int, last: int, dash: str) -> None:
    """1—N月 with any dash, wave or 至 is one period; 1—3月 is the first quarter and 1—12月 the year."""
    wanted = {3: Period.parse(f"{year}-Q1"), 12: Period.year_of(year)}.get(
        last, Period(year * 12, year * 12 + last - 1)
    )
    for text in (
        f"{year}年1{dash}{last}月",
        f"{year}年1月{dash}{last}月",
        f"{year}年1月{dash}{year}年{last}月",
        f"{year}-01/{year}-{last:02d}",
    ):
        assert parse_period(text) == wanted, text
    assert parse_period(f"1{dash}{last}月", year=year) == wanted


@given(YEARS, st.integers(1, 4))
def test_spellings_of_a_quarter(year: int, number: int) -> None:
    """A quarter in figures, in Chinese and as three months is one period."""
    wanted = Period.parse(f"{year}-Q{number}")
    word = "一二三四"[number - 1]
    first = number * 3 - 2
    for text in (
        f"{year}Q{number}",
        f"{year}-Q{number}",
        f"{year}年{word}季度",
        f"{year}年第{word}季度",
        f"{year}年{first}-{first + 2}月",
    ):
        assert parse_period(text) == wanted, text
    assert parse_period(f"{word}季度", year=year) == wanted


@given(st.integers(1900 * 12, 2200 * 12), st.integers(0, 11))
def test_the_canonical_spelling_reads_back(first: int, more: int) -> None:
    """What the program prints for a period, it reads as that period."""
    year = first // 12
    for period in (Period(first, first), Period.year_of(year), Period(year * 12, year * 12 + more)):
        assert parse_period(str(period)) == period


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (2024, "2024"), (2024.0, "2024"), ("2024年", "2024"), ("２０２４年度", "2024"), ("2024年全年", "2024"), (202403, "2024-03"),
        ("2024年1-3月累计", "2024-Q1"), ("2024年1—7月累计", "2024-01/2024-07"), ("2024年1至12月", "2024"), ("2024年1―4月", "2024-01/2024-04"),
        ("2024年上半年", "2024-01/2024-06"), ("2024年前三季度", "2024-01/2024-09"), ("Mar 2024", "2024-03"), ("September 2024", "2024-09"),
    ],
)  # fmt: skip
def test_others(cell: Any, wanted: str) -> None:
    """Years as numbers, half-years, full width and English months are read."""
    assert str(parse_period(cell)) == wanted


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("20238月份", "period_damaged"), ("24年3月", "period_year_short"), ("2024-13", "period_unreadable"), (2024.1, "period_unreadable"),
        ("去年", "period_unreadable"), ("0999", "period_unreadable"), (True, "period_unreadable"), ("2024年2月30日", "period_unreadable"),
        ("3月", "period_needs_year"), ("1-7月", "period_needs_year"), ("一季度", "period_needs_year"), ("全年", "period_needs_year"),
        ("2024年3-8月", "period_not_from_january"), ("2023年1月-2024年3月", "period_not_from_january"),
        ("45292", "period_is_serial"), (45292, "period_is_serial"), ("24-1", "period_year_short"), ("20228月,全省", "period_damaged"),
        ("2024年下半年", "period_unreadable"), ("2024-03-05T25", "period_unreadable"), (datetime(2024, 3, 5, 14, 30), "period_unreadable"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_not_guessed(cell: Any, code: str) -> None:
    """Lost digits, two-digit years, days, spans from the middle of a year, a month without its year: each its own refusal."""
    with pytest.raises(PeriodError) as refused:
        parse_period(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "grain", "wanted"),
    [
        (date(2024, 3, 5), "month", "2024-03-05"), ("2024/3/5", "day", "2024-03-05"), ("20240305", "day", "2024-03-05"),
        (date(2024, 3, 1), "month", "2024-03"), (date(2024, 3, 1), "day", "2024-03-01"), ("2024年3月1日", "day", "2024-03-01"),
        (datetime(2024, 3, 5, 14), "hour", "2024-03-05T14"),  # noqa: DTZ001
        ("2024-03-05 14:00", "hour", "2024-03-05T14"), ("2024年3月5日14时", "hour", "2024-03-05T14"),
        (datetime(2024, 3, 5), "hour", "2024-03-04T24"),  # noqa: DTZ001
        ("2024-03-05 00:00:00", "hour", "2024-03-04T24"), ("2024-03-05T14", "hour", "2024-03-05T14"),
        ("2024-03-05 00:00:00", "day", "2024-03-05"),
    ],
)  # fmt: skip
def test_days_and_hours(cell: Any, grain: Grain, wanted: str) -> None:
    """A first of the month is a day among days; an hour is named by its end, midnight is the day before's last."""
    assert str(parse_period(cell, grain=grain)) == wanted


@given(st.text(max_size=20))
def test_any_text(text: str) -> None:
    """Whatever stands in a cell is a period or a PeriodError."""
    try:
        parse_period(text, year=2024)
    except PeriodError:
        return


def test_titles() -> None:
    """A title gives the months it names, else its years; a span is not also its last month."""
    assert search_periods("2024年1—5月各市空气质量") == {Period.parse("2024-01/2024-05")}
    assert search_periods("2024年3月月报") == {Period.parse("2024-03")}
    assert search_periods("2024年度公报") == {Period.year_of(2024)}
    assert search_years("2023年与2024年比较") == {2023, 2024}
    assert search_years("20243") == set()
