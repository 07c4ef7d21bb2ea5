"""Spearman's rank correlation of a series with time, as the evaluations of air and water name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction, rounded

FEWEST = 5
_ROWS = """
5 .900 1.000|6 .829 .943|7 .714 .893|8 .643 .833|9 .600 .783|10 .564 .746|12 .506 .712|14 .456 .645|16 .425 .601
18 .399 .564|20 .377 .534|22 .359 .508|24 .343 .485|26 .329 .465|28 .317 .448|30 .306 .432
"""
CRITICAL = MappingProxyType(
    {
        int(n): (
            Decimal("0" + five if five.startswith(".") else five),
            Decimal("0" + one if one[0] == "." else one),
        )
        for n, five, one in (row.split() for row in _ROWS.replace("\n", "|").split("|") if row)
    }
)
"""The customary one-sided critical values at 0.05 and 0.01 by number of periods."""


class Verdict(StrEnum):
    """What a trend test can say; in words they are messages ``standards.trend.*``."""

    RISING = "rising"
    FALLING = "falling"
    NOT_SIGNIFICANT = "not_significant"
    AT_THE_BORDER = "at_the_border"
    """The coefficient, to the table's three decimals, equals the critical value: whether that is significant was read nowhere."""
    TOO_SHORT = "too_short"
    NO_CRITICAL_VALUE = "no_critical_value"
    """The customary table has no row for this number of periods."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The test of one series; ``coefficient`` is ``None`` where there are fewer than five periods."""

    periods: int
    coefficient: Fraction | None
    critical: Decimal | None
    verdict: Verdict
    ties: bool

    @property
    def direction(self) -> int:
        """1 up, -1 down, 0 neither, whether significant or not."""
        rs = self.coefficient or Fraction()
        return (rs > 0) - (rs < 0)


def ranks(values: Sequence[Number]) -> list[Fraction]:
    """Ascending ranks from 1; equal values share the mean of their ranks."""
    numbers = [fraction(v) for v in values]
    ordered = sorted(numbers)
    return [ordered.index(n) + Fraction(ordered.count(n) + 1, 2) for n in numbers]


def squared_differences(values: Sequence[Number]) -> Fraction:
    """The sum of squared differences between a value's rank and its place in time."""
    return sum(((r - place) ** 2 for place, r in enumerate(ranks(values), 1)), Fraction())


def trend(values: Sequence[Number], level: Decimal = Decimal("0.05")) -> Trend:
    """Test the values of successive periods, the oldest first.

    Args:
        level: 0.05 or 0.01, one-sided.
    """
    n = len(values)
    ties = len({fraction(v) for v in values}) < n
    if n < FEWEST:
        return Trend(n, None, None, Verdict.TOO_SHORT, ties)
    rs = 1 - 6 * squared_differences(values) / (n**3 - n)
    row = CRITICAL.get(n)
    if row is None:
        return Trend(n, rs, None, Verdict.NO_CRITICAL_VALUE, ties)
    critical = row[0] if level == Decimal("0.05") else row[1]
    size, border = abs(rounded(rs, 3)), critical  # as exact as the table
    if size == border:
        verdict = Verdict.AT_THE_BORDER
    elif size < border:
        verdict = Verdict.NOT_SIGNIFICANT
    else:
        verdict = Verdict.RISING if rs > 0 else Verdict.FALLING
    return Trend(n, rs, critical, verdict, ties)
