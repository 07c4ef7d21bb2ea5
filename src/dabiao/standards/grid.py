"""The same rules over whole arrays of days: exact, in integers over one common denominator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import lcm

import numpy as np
import numpy.typing as npt

from dabiao.standards.aqi import BREAKPOINTS, DAILY, INSTEAD, LEVELS, SIX, Standard, decimals, iaqi
from dabiao.standards.means import OZONE_LIMIT
from dabiao.standards.validity import HOURS_A_DAY, HOURS_A_WINDOW, WINDOWS_A_DAY

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_OF_DAY = lcm(*range(HOURS_A_DAY, 25))
_OF_WINDOW = lcm(*range(HOURS_A_WINDOW, 9))
LARGEST = 2**62 // (24 * _OF_DAY)
"""The largest scaled value (a concentration times its scale) whose arithmetic fits into 64 bits."""


@dataclass(frozen=True, slots=True)
class Days:
    """Daily values: ``numerators / denominator``. ``partial`` days have data, but not enough to be valid.

    Where 64 bits would not do (means over many sites) the numerators are Python integers.
    """

    numerators: Ints
    valid: Bools
    partial: Bools
    denominator: int


def as_given(values: Ints, present: Bools, scale: int) -> Days:
    """Daily values of a file, valid as they stand."""
    return Days(np.where(present, values, 0), present, np.zeros_like(present), scale)


def daily_means(hours: Ints, present: Bools, scale: int) -> Days:
    """Daily means of hours, shape ``(days, 24)``: 20 hours make one valid."""
    sums = np.where(present, hours, 0).sum(axis=1)
    counts = present.sum(axis=1)
    valid = counts >= HOURS_A_DAY
    numerators = np.where(valid, sums * (_OF_DAY // np.maximum(counts, 1)), 0)
    return Days(numerators, valid, (counts > 0) & ~valid, scale * _OF_DAY)


def mda8(hours: Ints, present: Bools, scale: int) -> Days:
    """The highest 8 hours of each day; see :func:`dabiao.standards.means.mda8`."""
    sums = _windows(np.where(present, hours, 0))
    counts = _windows(present.astype(np.int64))
    enough = counts >= HOURS_A_WINDOW
    means = np.where(enough, sums * (_OF_WINDOW // np.maximum(counts, 1)), -1)
    highest = means.max(axis=1)
    top = Days(np.maximum(highest, 0), highest >= 0, np.zeros(len(highest), np.bool_), scale * _OF_WINDOW)
    exceeds = top.valid & (rounded(top, 0) > int(OZONE_LIMIT))
    valid = (enough.sum(axis=1) >= WINDOWS_A_DAY) | exceeds
    return Days(np.where(valid, top.numerators, 0), valid, present.any(axis=1) & ~valid, top.denominator)


def highest_hour(hours: Ints, present: Bools, scale: int) -> Days:
    """The highest hour of each day of at least 20 hours."""
    valid = present.sum(axis=1) >= HOURS_A_DAY
    top = np.where(present, hours, 0).max(axis=1)
    return Days(np.where(valid, top, 0), valid, present.any(axis=1) & ~valid, scale)


def _windows(hours: Ints) -> Ints:
    """Sums of the 17 windows of 8 hours that end at 8:00 … 24:00."""
    ends = np.cumsum(hours, axis=1)
    return np.concatenate([ends[:, 7:8], ends[:, 8:] - ends[:, :-8]], axis=1)


def rounded(days: Days, places: int) -> Ints:
    """The values by GB/T 8170 in units of the last place kept (places 1: tenths)."""
    shifted = days.numerators * 10**places
    # not divmod, which takes no Python integers
    whole, rest = shifted // days.denominator, shifted % days.denominator
    up = (2 * rest > days.denominator) | ((2 * rest == days.denominator) & (whole % 2 == 1))
    return np.asarray(whole + up, np.int64)


@cache
def sub_indices(standard: Standard, item: str) -> Ints:
    """The sub-index of every rounded concentration up to the end of the item's row, and of anything above it.
    ``-1`` is none.
    """
    unit = 10 ** decimals(item)
    points = BREAKPOINTS[standard][item]
    found = np.zeros(points[-1] * unit + 2, np.int64)
    for low, high, first, last in zip(points, points[1:], LEVELS, LEVELS[1:], strict=False):
        above = np.arange(1, (high - low) * unit + 1)
        found[low * unit + 1 : high * unit + 1] = first - (-(last - first) * above // ((high - low) * unit))
    beyond = iaqi(standard, item, Decimal(points[-1] * unit + 1) / unit)
    found[-1] = -1 if beyond is None else beyond
    return found


@dataclass(frozen=True, slots=True)
class Indices:
    """The index of each day, ``-1`` for NA; ``started`` are the days on which anything was measured."""

    aqi: Ints
    primary: dict[str, Bools]
    started: Bools


def index_days(standard: Standard, days: Mapping[str, Days], exempt: Collection[str] = ()) -> Indices:
    """The index of each day; see :func:`dabiao.standards.aqi.index`.

    Args:
        days: by item (``PM2.5_24h`` …), all of one length.
        exempt: items whose absence does not hold the index back.
    """
    size = len(next(iter(days.values())).valid)
    parts: dict[str, Ints] = {}
    held = np.zeros(size, np.bool_)
    started = np.zeros(size, np.bool_)
    for item in DAILY[standard]:
        given = days.get(item)
        if given is None:
            held |= item in SIX and item not in exempt
            continue
        table = sub_indices(standard, item)
        values = table[np.minimum(rounded(given, decimals(item)), len(table) - 1)]
        parts[item] = np.where(given.valid, values, -1)
        started |= given.valid | given.partial
        if item not in SIX:
            continue
        if item not in exempt:
            held |= ~given.valid
        above = given.valid & (values < 0)
        other = days.get(INSTEAD.get(item, ""))
        held |= above if other is None else above & ~other.valid
    highest = np.max(np.stack([*parts.values(), np.full(size, -1, np.int64)]), axis=0)
    aqi = np.where(held & (highest <= 100), -1, highest)
    primary = {i: (p == aqi) & (aqi > 50) for i, p in parts.items()}
    return Indices(aqi, primary, started)
