"""A value for 1—N月 or a year that its own months cannot give.

How months make a longer period is declared for each indicator in :data:`OVER_MONTHS`; indicators that are not named there
are not checked. (Shares of water sections are not: a year's class comes from the year's mean concentrations, so that the
year may well be better than every one of its months.)

``MEAN``: a mean over days, or a share of days. The state computes it from all valid days of the stretch, not from the
monthly values, and does not say how many days of a month were valid. A month counts with at least 27 valid days, February
with 25 (GB 3095), so each month's weight is between that and its length; with those weights, and every month anywhere
within its rounding, the value lies in an interval that :func:`_mean_limits` computes exactly. Outside of it no count of valid
days gives the value.

``QUANTILE``: a percentile of days lies between the lowest and the highest of the months'. ``SUM``: days, the sum of the months.
"""

from __future__ import annotations

import numpy as np

from dabiao.domain.period import PeriodKind, codes_of
from dabiao.ingest.checks.columns import Columns, Facts, Found, Ints, Numbers

NONE, MEAN, QUANTILE, SUM = range(4)
OVER_MONTHS = {
    **dict.fromkeys(("pm25", "pm10", "so2", "no2", "co"), MEAN),
    **dict.fromkeys(("good_day_ratio", "heavy_pollution_day_ratio"), MEAN),
    **dict.fromkeys(("good_day_ratio_third_party", "heavy_pollution_day_ratio_third_party"), MEAN),
    **dict.fromkeys(("so2_p98", "no2_p98", "pm10_p95", "pm25_p95", "co_p95", "o3_p90"), QUANTILE),
    **dict.fromkeys(("good_days", "heavy_pollution_days"), SUM),
}
"""Indicator → how its months make a longer period."""

_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.float64)
_FEWEST_DAYS = np.array([27, 25, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27], np.float64)
_ROUNDS = 6


def beyond_months(columns: Columns, facts: Facts) -> Found:
    """Values for 1—N月, a quarter or a year outside what their months allow. ``columns``: one number a series and period.

    Only where every one of the months is known; half a unit of the last place of each value is taken in.
    """
    at, first, last = _longer(columns, facts)
    month = first[:, None] + np.arange(12)
    wanted = month <= last[:, None]
    series = np.broadcast_to(columns.series[at][:, None], month.shape)
    place = columns.where(series[wanted], month[wanted])
    complete = np.ones(len(at), np.bool_)
    complete[np.nonzero(wanted)[0][place < 0]] = False
    where = np.full(month.shape, -1, np.int64)
    where[wanted] = place
    at, where, first, wanted = at[complete], where[complete], first[complete], wanted[complete]
    low = np.where(wanted, columns.value[where] - columns.half[where], np.nan)
    high = np.where(wanted, columns.value[where] + columns.half[where], np.nan)
    lowest, highest = _limits(facts.over[columns.series[at]], low, high, first % 12)
    value, slack = columns.value[at], columns.half[at] * (1 + 1e-9)
    out = (value < lowest - slack) | (value > highest + slack)
    found = {"value": value[out], "low": lowest[out], "high": highest[out], "months": wanted.sum(axis=1)[out]}
    return Found("not_from_months", at[out], found)


def _longer(columns: Columns, facts: Facts) -> tuple[Ints, Ints, Ints]:
    """Places of the values for more than one month, with their first and last month (as codes)."""
    kinds = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.CUMULATIVE)
    longer = columns.of_kind(*kinds) & (facts.over[columns.series] != NONE)
    at = np.flatnonzero(longer).astype(np.int64)
    code = columns.period[at]
    months_from = codes_of(PeriodKind.CUMULATIVE)[0] - codes_of(PeriodKind.MONTH)[0]
    year, quarter = (code < codes_of(PeriodKind.YEAR)[1], code < codes_of(PeriodKind.QUARTER)[1])
    last = np.select([year, quarter], [code * 12 + 11, code * 3 + 2], code - months_from)
    first = np.where(quarter & ~year, code * 3, last - last % 12)
    return at, first, last


def _limits(over: np.ndarray, low: Numbers, high: Numbers, begin: Ints) -> tuple[Numbers, Numbers]:
    """Lowest and highest possible value of each stretch; rows of months, NaN where a stretch has no such month."""
    lowest, highest = np.full(len(over), -np.inf), np.full(len(over), np.inf)
    mean, between, total = over == MEAN, over == QUANTILE, over == SUM
    lowest[between], highest[between] = np.nanmin(low[between], axis=1), np.nanmax(high[between], axis=1)
    lowest[total], highest[total] = np.nansum(low[total], axis=1), np.nansum(high[total], axis=1)
    calendar = (begin[mean, None] + np.arange(12)) % 12
    most, fewest = _DAYS[calendar], _FEWEST_DAYS[calendar]
    highest[mean] = _mean_limit(high[mean], most, fewest)
    lowest[mean] = -_mean_limit(-low[mean], most, fewest)
    return lowest, highest


def _mean_limit(value: Numbers, most: Numbers, fewest: Numbers) -> Numbers:
    """The highest mean of each row over all weights between ``fewest`` and ``most``.

    At the highest mean every value above it has its most days and every value below it its fewest; starting from the plain
    mean, each round of that choice raises the mean until it stands.
    """
    there = ~np.isnan(value)
    held = np.where(there, value, 0.0)
    mean = held.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    for _ in range(_ROUNDS):
        weight = np.where(held > mean[:, None], most, fewest) * there
        mean = (weight * held).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
    found: Numbers = mean
    return found
