"""Periods: a year, a quarter, a month, the months of a year so far (1—N月), a day or an hour."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache, total_ordering


class PeriodKind(StrEnum):
    """What stretch of time a value is for.

    ``cumulative`` is 1—N月. Where the months so far are also January, the first quarter or the whole year, that is
    the kind: one stretch of time has one kind and one spelling.
    """

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    CUMULATIVE = "cumulative"
    DAY = "day"
    HOUR = "hour"


LONG_KINDS = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.CUMULATIVE)
"""The kinds of whole months: what targets are set for, and what is forecast."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}))?")

_CUMULATIVE_FROM = 100_000
_CODES = {
    PeriodKind.YEAR: (EARLIEST_YEAR, LATEST_YEAR + 1),
    PeriodKind.QUARTER: (EARLIEST_YEAR * 4, (LATEST_YEAR + 1) * 4),
    PeriodKind.MONTH: (EARLIEST_YEAR * 12, (LATEST_YEAR + 1) * 12),
    PeriodKind.CUMULATIVE: (
        _CUMULATIVE_FROM + EARLIEST_YEAR * 12,
        _CUMULATIVE_FROM + (LATEST_YEAR + 1) * 12,
    ),
    PeriodKind.DAY: (date(EARLIEST_YEAR, 1, 1).toordinal(), date(LATEST_YEAR + 1, 1, 1).toordinal()),
    PeriodKind.HOUR: (
        date(EARLIEST_YEAR, 1, 1).toordinal() * 24,
        date(LATEST_YEAR + 1, 1, 1).toordinal() * 24,
    ),
}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months, one day or one hour. Ordered by its begin, then its end.

    Written ``2024``, ``2024-Q1``, ``2024-03``, ``2024-01/2024-05``, ``2024-03-05`` or ``2024-03-05T14`` (:meth:`parse` and
    ``str`` are inverse).

    An hour is named by its end, as the hourly values of HJ 633 are and as :mod:`dabiao.standards.grid` has them:
    ``2024-03-05T01`` is 0:00–1:00, ``T24`` the day's last. There is no ``T00``: midnight ends the day before.

    Attributes:
        first, last: months since year 0 (year * 12 + month - 1). Of a day or an hour, its month.
        day: day of the month, 0 for whole months.
        hour: 1–24, the hour that ends then; 0 for what is no hour.
    """

    first: int
    last: int
    day: int = 0
    hour: int = 0

    @classmethod
    def year_of(cls, year: int) -> Period:
        return cls(year * 12, year * 12 + 11)

    @classmethod
    def month_of(cls, year: int, month: int) -> Period:
        return cls(year * 12 + month - 1, year * 12 + month - 1)

    @classmethod
    def day_of(cls, day: date) -> Period:
        month = day.year * 12 + day.month - 1
        return cls(month, month, day.day)

    @classmethod
    def hour_of(cls, day: date, hour: int) -> Period:
        """The hour of a day that ends at ``hour`` o'clock, 1–24.

        Raises:
            ValueError: another hour.
        """
        if not 1 <= hour <= 24:
            raise ValueError(f"hour outside 1–24: {hour}")
        month = day.year * 12 + day.month - 1
        return cls(month, month, day.day, hour)

    @classmethod
    @lru_cache(maxsize=65_536)
    def parse(cls, text: str) -> Period:
        """Read the canonical spelling.

        Raises:
            ValueError: not a period, a month outside 1–12, a day that its month has not, an hour outside 1–24, or a range
                over more than one year or not from January.
        """
        if m := _DAY.fullmatch(text):
            day = date(_sane(int(m[1])), int(m[2]), int(m[3]))
            return cls.day_of(day) if m[4] is None else cls.hour_of(day, int(m[4]))
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
        raise ValueError(f"not a period (YYYY, YYYY-Qn, YYYY-MM, YYYY-01/YYYY-MM, YYYY-MM-DD[Thh]): {text!r}")

    @classmethod
    @lru_cache(maxsize=65_536)
    def from_code(cls, code: int) -> Period:
        """The period of a :attr:`code`.

        Raises:
            ValueError: no period has this code.
        """
        kind = next((kind for kind, (low, high) in _CODES.items() if low <= code < high), None)
        if kind is None:
            raise ValueError(f"not the code of a period: {code}")
        if kind is PeriodKind.YEAR:
            return cls.year_of(code)
        if kind is PeriodKind.QUARTER:
            return cls(code * 3, code * 3 + 2)
        if kind is PeriodKind.MONTH:
            return cls(code, code)
        if kind is PeriodKind.CUMULATIVE:
            last = code - _CUMULATIVE_FROM
            return cls(last - last % 12, last)
        if kind is PeriodKind.DAY:
            return cls.day_of(date.fromordinal(code))
        return cls.hour_of(date.fromordinal(code // 24), code % 24 + 1)

    @property
    def code(self) -> int:
        """One integer that says the period and its kind; in the order of time within a kind (:func:`codes_of`).

        Stores hold it: a period keeps its code for ever.
        """
        kind = self.kind
        if kind is PeriodKind.YEAR:
            return self.year
        if kind is PeriodKind.QUARTER:
            return self.first // 3
        if kind is PeriodKind.MONTH:
            return self.first
        if kind is PeriodKind.CUMULATIVE:
            return _CUMULATIVE_FROM + self.last
        ordinal = self.start.toordinal()
        return ordinal if kind is PeriodKind.DAY else ordinal * 24 + self.hour - 1

    @property
    def year(self) -> int:
        return self.first // 12

    @property
    def months(self) -> int:
        """How many whole months; 0 for a day or an hour."""
        return 0 if self.day else self.last - self.first + 1

    @property
    def kind(self) -> PeriodKind:
        if self.day:
            return PeriodKind.HOUR if self.hour else PeriodKind.DAY
        months = self.last - self.first + 1
        if months == 12:
            return PeriodKind.YEAR
        if months == 1:
            return PeriodKind.MONTH
        if months == 3 and self.first % 3 == 0:
            return PeriodKind.QUARTER
        return PeriodKind.CUMULATIVE

    @property
    def year_to_date(self) -> bool:
        """Whether it is 1—N月, January itself, the first quarter or the whole year."""
        return self.first % 12 == 0 and not self.day

    @property
    def start(self) -> date:
        """The day on which it begins."""
        return date(self.first // 12, self.first % 12 + 1, self.day or 1)

    @property
    def end(self) -> date:
        """The last day of the period."""
        return _last_day(self.last) if not self.day else self.start

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __lt__(self, other: Period) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, int, int, int, bool, bool]:
        """Begin (month, day, hour), then end: of those that begin together an hour, the day, the month, longer ones."""
        return (self.first, self.day or 1, self.hour or 1, self.last, not self.day, not self.hour)

    def __str__(self) -> str:
        kind = self.kind
        if kind is PeriodKind.YEAR:
            return f"{self.first // 12:04d}"
        month = f"{self.year:04d}-{self.first % 12 + 1:02d}"
        if kind is PeriodKind.MONTH:
            return month
        if kind is PeriodKind.QUARTER:
            return f"{self.year:04d}-Q{self.first % 12 // 3 + 1}"
        if kind is PeriodKind.CUMULATIVE:
            return f"{month}/{self.last // 12:04d}-{self.last % 12 + 1:02d}"
        return f"{month}-{self.day:02d}T{self.hour:02d}" if self.hour else f"{month}-{self.day:02d}"


@lru_cache(maxsize=65_536)
def _last_day(month: int) -> date:
    """The last day of a month that is counted since year 0."""
    year, number = divmod(month, 12)
    return date(year, number + 1, calendar.monthrange(year, number + 1)[1])


def codes_of(kind: PeriodKind) -> tuple[int, int]:
    """The :attr:`Period.code` of a kind's first period and one past its last. No two kinds overlap."""
    return _CODES[kind]


def _sane(year: int) -> int:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"year outside {EARLIEST_YEAR}–{LATEST_YEAR}: {year}")
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
        ValueError: another spelling, or an hour.
    """
    period = Period.parse(deadline)
    if period.hour:
        raise ValueError(f"a deadline is no hour: {deadline!r}")
    return period.end
