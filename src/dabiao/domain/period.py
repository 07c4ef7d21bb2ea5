"""Periods: a year, a quarter, a month, or the months of a year so far (1—N月)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PeriodKind(StrEnum):
    """What stretch of time a value is for.

    ``cumulative`` is 1—N月. Where the months so far are also January, the first quarter or the whole year, that is
    the kind: one stretch of time has one kind and one spelling.
    """

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    CUMULATIVE = "cumulative"


_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole months. Ordered by first month, then last.

    Written ``2024``, ``2024-Q1``, ``2024-03`` or ``2024-01/2024-05`` (:meth:`parse` and ``str`` are inverse).
    """

    first: int  # months since year 0: year * 12 + month - 1
    last: int

    @classmethod
    def year_of(cls, year: int) -> Period:
        return cls(year * 12, year * 12 + 11)

    @classmethod
    def month_of(cls, year: int, month: int) -> Period:
        return cls(year * 12 + month - 1, year * 12 + month - 1)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read the canonical spelling.

        Raises:
            ValueError: not a period, a month outside 1–12, or a range over more than one year or not from January.
        """
        if m := _YEAR.fullmatch(text):
            return cls.year_of(_sane(int(m[1])))
        if m := _QUARTER.fullmatch(text):
            first = _sane(int(m[1])) * 12 + 3 * (int(m[2]) - 1)
            return cls(first, first + 2)
        if m := _MONTH.fullmatch(text):
            return cls.month_of(_sane(int(m[1])), _month(m[2]))
        if m := _RANGE.fullmatch(text):
            first = _sane(int(m[1])) * 12 + _month(m[2]) - 1
            last = _sane(int(m[3])) * 12 + _month(m[4]) - 1
            if first // 12 != last // 12 or first % 12 or last < first:
                raise ValueError(f"not a cumulative period from January of one year: {text!r}")
            return cls.year_of(first // 12) if last % 12 == 11 else cls(first, last)
        raise ValueError(f"not a period (YYYY, YYYY-Qn, YYYY-MM or YYYY-01/YYYY-MM): {text!r}")

    @property
    def year(self) -> int:
        return self.first // 12

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def kind(self) -> PeriodKind:
        if self.months == 12:
            return PeriodKind.YEAR
        if self.months == 1:
            return PeriodKind.MONTH
        if self.months == 3 and self.first % 3 == 0:
            return PeriodKind.QUARTER
        return PeriodKind.CUMULATIVE

    @property
    def year_to_date(self) -> bool:
        """Whether it starts in January: 1—N月, and also January itself, the first quarter and the whole year."""
        return self.first % 12 == 0

    @property
    def start(self) -> date:
        return date(self.first // 12, self.first % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day of the period."""
        year, month = divmod(self.last, 12)
        return date(year, month + 1, calendar.monthrange(year, month + 1)[1])

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return f"{self.year:04d}"
        if self.kind is PeriodKind.MONTH:
            return f"{self.year:04d}-{self.first % 12 + 1:02d}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year:04d}-Q{self.first % 12 // 3 + 1}"
        return f"{self.year:04d}-{self.first % 12 + 1:02d}/{self.last // 12:04d}-{self.last % 12 + 1:02d}"


def _sane(year: int) -> int:
    if not 1900 <= year <= 2200:
        raise ValueError(f"year outside 1900–2200: {year}")
    return year


def _month(text: str) -> int:
    month = int(text)
    if not 1 <= month <= 12:
        raise ValueError(f"month outside 1–12: {text}")
    return month


def deadline_end(deadline: str) -> date:
    """The last day on which a target may still be met.

    Args:
        deadline: ``YYYY`` (its last day), ``YYYY-MM`` (its last day) or ``YYYY-MM-DD``.

    Raises:
        ValueError: another spelling.
    """
    if len(deadline) == 10:
        return date.fromisoformat(deadline)
    return Period.parse(deadline).end
