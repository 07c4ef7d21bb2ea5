"""Periods."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.period import Period, PeriodKind, codes_of, deadline_end

FIRSTS = st.integers(1900 * 12, 2200 * 12 + 11)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
PERIODS = st.one_of(
    st.builds(Period.year_of, st.integers(1900, 2200)),
    st.builds(lambda n: Period(3 * n, 3 * n + 2), st.integers(1900 * 4, 2200 * 4 + 3)),
    st.builds(lambda n: Period(n, n), FIRSTS),
    st.builds(lambda y, m: Period(12 * y, 12 * y + m), st.integers(1900, 2200), st.integers(0, 11)),
    st.builds(Period.day_of, DAYS),
    st.builds(Period.hour_of, DAYS, st.integers(1, 24)),
)


@given(PERIODS)
def test_every_period_prints_and_parses_and_has_a_code(period: Period) -> None:
    """Spelling and parsing are inverse, and so are a period and its code, which lies in its kind's range."""
    assert Period.parse(str(period)) == period
    assert Period.from_code(period.code) == period
    low, high = codes_of(period.kind)
    assert low <= period.code < high


@given(PERIODS, PERIODS)
def test_order_is_of_time(one: Period, other: Period) -> None:
    """What begins on an earlier day comes first; what begins with another and ends on an earlier day too."""
    if (one.start, one.end) < (other.start, other.end):
        assert one < other
    if one.kind is other.kind:
        assert (one < other) is (one.code < other.code)
    assert (one == other) is (not one < other and not other < one)


def test_the_codes_of_two_kinds_never_meet() -> None:
    """One integer says the kind too; outside the ranges there is no period."""
    ranges = sorted(codes_of(kind) for kind in PeriodKind)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(ranges))
    for code in (0, 1899, 2201, ranges[-1][1]):
        with pytest.raises(ValueError, match="code of a period"):
            Period.from_code(code)


def test_an_hour_is_named_by_its_end() -> None:
    """The hours of a day are T01 to T24, midnight the last of them; a day holds its hours and is no whole month."""
    day = Period.parse("2024-02-29")
    assert (day.kind, day.months, day.days, day.start, day.end) == (
        PeriodKind.DAY, 0, 1, date(2024, 2, 29), date(2024, 2, 29),
    )  # fmt: skip
    hours = [Period.hour_of(date(2024, 2, 29), hour) for hour in range(1, 25)]
    assert [str(h) for h in (hours[0], hours[-1])] == ["2024-02-29T01", "2024-02-29T24"]
    assert {h.start for h in hours} == {day.start}
    assert hours[0] < day < hours[1] < Period.parse("2024-03-01T01")
    assert not Period.parse("2024-01-01").year_to_date
    with pytest.raises(ValueError, match="hour"):
        Period.hour_of(date(2024, 2, 29), 0)


@given(FIRSTS)
def test_months_print_and_parse(first: int) -> None:
    """A month's spelling and its parsing are inverse."""
    assert Period.parse(str(Period(first, first))) == Period(first, first)


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_months_so_far_have_one_kind_and_one_spelling(year: int, last: int) -> None:
    """1—N月 is January for N = 1, the first quarter for 3, the year for 12, else cumulative; it prints and parses back."""
    period = Period(year * 12, year * 12 + last - 1)
    wanted = {1: PeriodKind.MONTH, 3: PeriodKind.QUARTER, 12: PeriodKind.YEAR}.get(
        last, PeriodKind.CUMULATIVE
    )
    assert period.kind is wanted
    assert period.year_to_date
    assert Period.parse(str(period)) == period


@given(FIRSTS)
def test_the_day_after_a_month_begins_the_next(first: int) -> None:
    """Months join without gap or overlap, leap years included, and count their days."""
    month, following = Period(first, first), Period(first + 1, first + 1)
    assert month.end + timedelta(days=1) == following.start
    assert month.days == (following.start - month.start).days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-13",
        "2024-00",
        "2024-Q5",
        "1899",
        "2201",
        "2024-02/2024-05",
        "2023-01/2024-05",
        "2024-05/2024-01",
        "2024-02-30",
        "2023-02-29",
        "1899-12-31",
        "2024-1-01",
        "2024-01-01T00",
        "2024-01-01T25",
        "2024-01-01 08",
        "２０２４年",
    ],
)
def test_refused(text: str) -> None:
    """Only the canonical spellings are read: no thirteenth month, no span from February, none over two years."""
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is the contract, the words are not
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025", date(2025, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2025-06-30", date(2025, 6, 30))],
)
def test_a_deadline_lasts_to_its_last_day(text: str, day: date) -> None:
    """A year's deadline is its last day, a month's its last day, a day itself."""
    assert deadline_end(text) == day


def test_a_deadline_is_no_hour() -> None:
    """An hour is read as a period and refused as a deadline."""
    with pytest.raises(ValueError, match="no hour"):
        deadline_end("2025-06-30T12")


def test_order_is_by_begin_then_end() -> None:
    """New Year's first hour sorts before its day, that before January, 1—2月 and the year; then 2 January, then February."""
    wanted = ["2024-01-01T01", "2024-01-01", "2024-01", "2024-01/2024-02", "2024", "2024-01-01T02", "2024-01-02", "2024-02"]  # fmt: skip
    assert [str(p) for p in sorted(map(Period.parse, reversed(wanted)))] == wanted
