"""How much data a mean needs before it may be evaluated (GB 3095-2026 table 4), and why one does not have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dabiao.standards.rules import Why

MINUTES_AN_HOUR = 45
HOURS_A_DAY = 20
HOURS_A_WINDOW = 6
WINDOWS_A_DAY = 14
DAYS_A_YEAR = 324
DAYS_A_MONTH = 27
DAYS_IN_FEBRUARY = 25


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a mean may be evaluated; if not, every reason."""

    why: tuple[Why, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.why


def _at_least(count: int, needed: int, code: str) -> Validity:
    return Validity() if count >= needed else Validity((Why(code, {"count": count, "needed": needed}),))


def hour(minutes: int) -> Validity:
    """An hour's mean needs 45 minutes."""
    return _at_least(minutes, MINUTES_AN_HOUR, "minutes")


def day(hours: int) -> Validity:
    """A day's mean needs 20 hours (all but ozone)."""
    return _at_least(hours, HOURS_A_DAY, "hours")


def window(hours: int) -> Validity:
    """A mean of 8 hours needs 6 of them."""
    return _at_least(hours, HOURS_A_WINDOW, "window")


def ozone_day(windows: int, *, exceeds: bool) -> Validity:
    """The day's highest 8 hours needs 14 valid means of 8 hours; with fewer it counts if it exceeds the limit."""
    return Validity() if exceeds else _at_least(windows, WINDOWS_A_DAY, "windows")


def year(days: Sequence[int]) -> Validity:
    """A year's mean needs 324 days in all and 27 in each month, 25 in February.

    Args:
        days: how many days of each of the twelve months have a valid mean.
    """
    whole = _at_least(sum(days), DAYS_A_YEAR, "year")
    return Validity((*whole.why, *months(dict(enumerate(days, start=1))).why))


def months(days: Mapping[int, int]) -> Validity:
    """A month's mean, and what is made of several months: 27 days in each, 25 in February (certainty C but for the year).

    Args:
        days: by number of the month, how many of its days have a valid value.
    """
    why = []
    for month, count in days.items():
        needed = DAYS_IN_FEBRUARY if month == 2 else DAYS_A_MONTH
        if count < needed:
            why.append(Why("month", {"month": month, "count": count, "needed": needed}))
    return Validity(tuple(why))
