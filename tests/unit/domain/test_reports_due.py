"""The days by which a unit has to report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.reports_due import ReportsDue

YEARLY = ReportsDue(((3, 31),), date(2024, 9, 1))
QUARTERLY = ReportsDue(((1, 15), (4, 15), (7, 15), (10, 15)), date(2024, 9, 1))
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))
MONTH_DAYS = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda d: (d.month, d.day))
DUE = st.builds(
    ReportsDue,
    st.lists(MONTH_DAYS, min_size=1, max_size=12, unique=True).map(lambda days: tuple(sorted(days))),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
)


@pytest.mark.parametrize(
    ("due", "as_of", "reported_on", "missed"),
    [
        (YEARLY, date(2025, 3, 31), None, None),  # the due day itself
        (YEARLY, date(2025, 4, 1), None, date(2025, 3, 31)),
        (YEARLY, date(2025, 4, 1), date(2025, 3, 31), None),
        (YEARLY, date(2025, 6, 2), date(2025, 6, 1), None),  # late, but in
        (YEARLY, date(2026, 4, 1), date(2025, 3, 31), date(2026, 3, 31)),
        (YEARLY, date(2026, 4, 1), date(2025, 4, 1), None),
        (QUARTERLY, date(2024, 10, 15), None, None),
        (QUARTERLY, date(2024, 10, 16), None, date(2024, 10, 15)),
        (QUARTERLY, date(2025, 1, 16), date(2024, 10, 15), date(2025, 1, 15)),
        (QUARTERLY, date(2025, 1, 16), date(2024, 10, 16), None),
        (QUARTERLY, date(2026, 1, 10), date(2025, 7, 20), None),
        (QUARTERLY, date(2026, 1, 16), date(2025, 10, 15), date(2026, 1, 15)),
    ],
)
def test_a_report_is_missed_the_day_after_it_was_due(
    due: ReportsDue, as_of: date, reported_on: date | None, missed: date | None
) -> None:
    assert due.missed(as_of, reported_on) == missed


@pytest.mark.parametrize("since", [date(2025, 3, 31), date(2025, 12, 31)])
def test_nothing_was_due_before_it_was_declared(since: date) -> None:
    """A due day on or before the day of the plan binds nobody."""
    due = ReportsDue(((3, 31),), since)
    assert due.missed(date(2026, 3, 31), None) is None
    assert due.missed(date(2026, 4, 1), None) == date(2026, 3, 31)
    assert due.following(since) == date(2026, 3, 31)


@given(DUE, DAYS)
def test_the_next_due_day_is_not_over_and_the_last_is(due: ReportsDue, day: date) -> None:
    following, last = due.following(day), due.last(day)
    assert following >= day
    assert following > due.since
    assert (following.month, following.day) in due.by
    assert due.last(following + timedelta(1)) == following
    assert last is None or due.since < last < day


@given(DUE, DAYS)
def test_a_report_of_today_leaves_nothing_missed(due: ReportsDue, day: date) -> None:
    """Whoever reports is not overdue on that day, nor on the next due day."""
    assert due.missed(day, day) is None
    assert due.missed(due.following(day), day) is None
