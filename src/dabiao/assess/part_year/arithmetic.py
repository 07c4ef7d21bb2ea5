"""What the rest of a year must average, count or add, exactly (RULES: 时序进度, inside the year)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dabiao.domain.target import Bounds


class Outlook(StrEnum):
    """What the known part alone already settles."""

    SECURED = "secured"
    OPEN = "open"
    NOT_ATTAINABLE = "not_attainable"


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from ``low`` to ``high``, ``None`` where open; ``*_in`` says whether the border belongs to it."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = True

    @classmethod
    def of(cls, bounds: Bounds) -> Interval:
        low = None if bounds.low is None else Fraction(bounds.low)
        high = None if bounds.high is None else Fraction(bounds.high)
        return cls(low, high, bounds.low_in, bounds.high_in)

    def contains(self, x: Fraction) -> bool:
        if self.low is not None and (x < self.low or (x == self.low and not self.low_in)):
            return False
        return not (self.high is not None and (x > self.high or (x == self.high and not self.high_in)))

    def map(self, scale: Fraction, less: Fraction) -> Interval:
        """Each border ``b`` becomes ``(b - less) * scale``; ``scale`` is positive."""
        low = None if self.low is None else (self.low - less) * scale
        high = None if self.high is None else (self.high - less) * scale
        return Interval(low, high, self.low_in, self.high_in)

    def most(self, step: Fraction = Fraction(1)) -> Fraction | None:
        """The largest multiple of ``step`` below the high border."""
        if self.high is None:
            return None
        whole = math.floor(self.high / step)
        return step * (whole - 1 if step * whole == self.high and not self.high_in else whole)

    def least(self, step: Fraction = Fraction(1)) -> Fraction | None:
        """The smallest multiple of ``step`` above the low border."""
        if self.low is None:
            return None
        whole = math.ceil(self.low / step)
        return step * (whole + 1 if step * whole == self.low and not self.low_in else whole)


@dataclass(frozen=True, slots=True)
class Required:
    """What the rest of the year must average (后期控制值).

    Attributes:
        rest: means of the rest with which the year's value, rounded to the target's precision, meets the target.
        at_most, at_least: the last such mean in the step in which the indicator is published, on either side.
        strict: the same border without the leave of rounding.
        days: days of the rest.
    """

    rest: Interval
    at_most: Decimal | None
    at_least: Decimal | None
    strict: Fraction | None
    days: int
    outlook: Outlook


def required_mean(
    accepted: Interval,
    border: Fraction | None,
    days_total: int,
    days_known: int,
    known_sum: Fraction,
    possible: Interval,
    decimals: int,
) -> Required | None:
    """What the days that are left must average; ``None`` where none is left.

    Args:
        accepted: unrounded year values that meet the target (:func:`dabiao.domain.target.unrounded`).
        border: the target's own value, for the same without rounding.
        known_sum: sum of mean times days over the known part.
        possible: values that a mean can have at all (the indicator's bounds).
        decimals: places with which the indicator is published.
    """
    left = days_total - days_known
    if left == 0:
        return None
    scale, done = Fraction(days_total, left), known_sum / days_total
    rest = accepted.map(scale, done)
    step = Fraction(1, 10**decimals)
    return Required(
        rest,
        _decimal(rest.most(step), decimals),
        _decimal(rest.least(step), decimals),
        None if border is None else (border - done) * scale,
        left,
        _settled(rest, possible),
    )


def _decimal(x: Fraction | None, decimals: int) -> Decimal | None:
    return None if x is None else Decimal(int(x * 10**decimals)).scaleb(-decimals)


def _settled(rest: Interval, possible: Interval) -> Outlook:
    """Whether every possible rest meets, or none."""
    if rest.low is None and rest.high is None:
        return Outlook.SECURED
    worst = [possible.low] * (rest.low is not None) + [possible.high] * (rest.high is not None)
    if all(end is not None and rest.contains(end) for end in worst):
        return Outlook.SECURED
    too_low = (
        rest.high is not None
        and possible.low is not None
        and (rest.high < possible.low or (rest.high == possible.low and not rest.high_in))
    )
    too_high = (
        rest.low is not None
        and possible.high is not None
        and (rest.low > possible.high or (rest.low == possible.high and not rest.low_in))
    )
    return Outlook.NOT_ATTAINABLE if too_low or too_high else Outlook.OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """A running total against the time gone (时间进度达成率), for totals only: a level is not additive.

    Attributes:
        elapsed: share of the year's days gone by the last day with data.
        attainment: total to date over what a total in step with time would be; ``None`` without a plan.
    """

    elapsed: Fraction
    attainment: Fraction | None


def progress(plan: Fraction, actual: Fraction, days_elapsed: int, days_total: int) -> Progress:
    """Actual to date over plan times the share of time gone."""
    elapsed = Fraction(days_elapsed, days_total)
    due = plan * elapsed
    return Progress(elapsed, None if due == 0 else actual / due)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """A figure rounded once by GB/T 8170, from the exact one."""
    scaled = value * 10**decimals
    whole = scaled.numerator // scaled.denominator
    part = scaled - whole
    up = part > Fraction(1, 2) or (part == Fraction(1, 2) and whole % 2 == 1)
    return Decimal(whole + up).scaleb(-decimals)
