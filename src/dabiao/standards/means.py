"""A day's mean and a day's highest 8 hours of ozone, from hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dabiao.standards import validity
from dabiao.standards.exact import Number, fraction, rounded
from dabiao.standards.validity import HOURS_A_WINDOW, Validity

OZONE_LIMIT = Decimal(160)
"""The class II limit for 8 hours, the same in every stage."""


@dataclass(frozen=True, slots=True)
class DayValue:
    """A day's unrounded value; ``count`` is the hours it rests on, for ozone the valid windows."""

    value: Fraction | None
    count: int
    validity: Validity


def daily_mean(hours: Sequence[Number | None]) -> DayValue:
    """The mean of the hours of a day that there are."""
    known = [fraction(h) for h in hours if h is not None]
    return DayValue(
        sum(known, Fraction()) / len(known) if known else None, len(known), validity.day(len(known))
    )


def mda8(hours: Sequence[Number | None], limit: Decimal = OZONE_LIMIT) -> DayValue:
    """The highest of the 17 means of 8 hours that end at 8:00 … 24:00.

    Args:
        hours: the 24 values of the day, the hour that ends at 1:00 first.
        limit: what a value must exceed, once rounded, to count with fewer than 14 windows.
    """
    if len(hours) != 24:
        raise ValueError(f"a day has 24 hours, not {len(hours)}")
    means = []
    for end in range(8, 25):
        known = [fraction(h) for h in hours[end - 8 : end] if h is not None]
        if len(known) >= HOURS_A_WINDOW:
            means.append(sum(known, Fraction()) / len(known))
    top = max(means, default=None)
    exceeds = top is not None and rounded(top, 0) > limit
    return DayValue(top, len(means), validity.ozone_day(len(means), exceeds=exceeds))
