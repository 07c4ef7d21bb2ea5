"""When a responsible unit has to report on a target without a number, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class ReportsDue:
    """Some days of every year by which a report must be in.

    Attributes:
        by: month and day, in the order of the year; never 29 February.
        since: the day on which that was declared: a report is due only after it.
    """

    by: tuple[tuple[int, int], ...]
    since: date

    def last(self, as_of: date) -> date | None:
        """The last due day that is over; ``None`` before the first."""
        return max((d for d in self._days(as_of.year) if self.since < d < as_of), default=None)

    def following(self, day: date) -> date:
        """The first due day that is not before a day."""
        first = max(day, self.since + timedelta(1))
        return min(d for d in self._days(first.year) if d >= first)

    def missed(self, as_of: date, reported_on: date | None) -> date | None:
        """The due day that is over without a report, ``None`` where none is.

        A report made after the due day before it serves a due day; one that comes late serves the day that it missed as well.
        """
        due = self.last(as_of)
        if due is None:
            return None
        before = max(d for d in self._days(due.year) if d < due)
        return due if reported_on is None or reported_on <= before else None

    def _days(self, year: int) -> list[date]:
        """The due days of a year and of those beside it, in order."""
        return [date(y, month, day) for y in range(year - 1, year + 2) for month, day in self.by]
