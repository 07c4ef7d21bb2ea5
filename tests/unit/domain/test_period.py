"""Periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.period import Period, PeriodKind, deadline_end

FIRSTS = st.integers(1900 * 12, 2200 * 12 + 11)


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
        "2024-01-01",
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


def test_order_is_by_begin_then_end() -> None:
    """January sorts before 1—2月, that before the year, the year before February."""
    texts = ["2024-02", "2024", "2024-01", "2024-01/2024-02"]
    assert sorted(map(Period.parse, texts)) == [
        Period.parse(t) for t in ("2024-01", "2024-01/2024-02", "2024", "2024-02")
    ]
