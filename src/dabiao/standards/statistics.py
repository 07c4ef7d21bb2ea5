"""Annual statistics, ratios and indices (HJ 663, 环办[2014]64号)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction, rounded
from dabiao.standards.limits import POLLUTANTS, Limits

PERCENTILES = MappingProxyType({"SO2": 98, "NO2": 98, "PM10": 95, "PM2.5": 95, "CO": 95, "O3": 90})
"""The percentile of a year's days that is evaluated."""
MEANS = ("SO2", "NO2", "PM10", "PM2.5")
"""The pollutants whose annual mean is evaluated; CO and ozone have a percentile alone."""
PUBLISHED_DECIMALS = MappingProxyType({"SO2": 0, "NO2": 0, "PM10": 0, "PM2.5": 1, "CO": 1, "O3": 0})
"""Places of the national bulletins (PM2.5 one from the annual figure of 2024 on; none before)."""


def percentile(values: Sequence[Number], p: int) -> Fraction:
    """The p-th percentile: linear between the neighbours of position ``1 + (n-1)·p/100`` in ascending order."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no value")
    position = Fraction((len(ordered) - 1) * p, 100)
    below = floor(position)
    low = fraction(ordered[below])
    if below + 1 == len(ordered):
        return low
    return low + (fraction(ordered[below + 1]) - low) * (position - below)


def mean(values: Sequence[Number]) -> Fraction:
    """The arithmetic mean."""
    return sum((fraction(v) for v in values), Fraction()) / len(values)


def ratio_percent(part: int, whole: int, decimals: int = 1) -> Decimal | None:
    """A share in percent as published: one decimal by GB/T 8170. ``None`` of nothing."""
    return rounded(Fraction(100 * part, whole), decimals) if whole else None


def change_percent(current: Number, previous: Number) -> Decimal:
    """A change in percent, from the published values, one decimal."""
    before = fraction(previous)
    return rounded((fraction(current) - before) / before * 100, 1)


def exceedance(concentration: Number, limit: Number) -> Decimal | None:
    """By how many times its limit a concentration exceeds it, two decimals; ``None`` if it does not."""
    value, allowed = fraction(concentration), fraction(limit)
    return rounded((value - allowed) / allowed, 2) if value > allowed else None


def single_index(
    limits: Limits, pollutant: str, annual: Number | None, percentile_value: Number | None
) -> Fraction | None:
    """HJ 663-2013: the worse of annual mean to annual limit and percentile to daily limit."""
    parts = []
    yearly = limits.limit(pollutant, "year")
    if annual is not None and yearly is not None:
        parts.append(fraction(annual) / fraction(yearly))
    if percentile_value is not None:
        parts.append(fraction(percentile_value) / fraction(limits.daily(pollutant)))
    return max(parts, default=None)


def ranking_parts(limits: Limits, values: Mapping[str, Number]) -> dict[str, Decimal]:
    """环办[2014]64号: each pollutant's value to its limit, two decimals: annual means, for CO and ozone the percentiles."""
    found = {}
    for name in POLLUTANTS:
        if name in values:
            limit = limits.limit(name, "year") or limits.daily(name)
            found[name] = rounded(fraction(values[name]) / fraction(limit), 2)
    return found


def ranking_index(limits: Limits, values: Mapping[str, Number]) -> Decimal | None:
    """The composite index of the rankings: the sum of the rounded parts; ``None`` unless all six are there."""
    parts = ranking_parts(limits, values)
    return sum(parts.values(), Decimal()) if len(parts) == len(POLLUTANTS) else None


def polluted_days_allowed(good_ratio: Number, days: int) -> int:
    """How many days may be polluted under a target for the ratio of good days."""
    return floor(days * (100 - fraction(good_ratio)) / 100)
