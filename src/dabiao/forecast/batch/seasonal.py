"""What repeats every year: classical decomposition of many series at once, held towards "no season".

Arrays are (periods, rows), the last period last, missing ones NaN. Sums run down the periods one after the other, so that
neither the other rows nor the padding in front of a shorter series changes a digit.
"""

from __future__ import annotations

import numpy as np

from dabiao.forecast.batch.groups import Flags, Floats, Ints
from dabiao.forecast.batch.smoothing import slope

_CRITICAL = 1.645
"""Of the normal at 90 %, as in the test of the Theta method (Assimakopoulos & Nikolopoulos 2000)."""
_FLAT = 1e-20


def pattern(values: Floats, season: int) -> Floats:
    """What each place in the year adds to the level, shape (season, rows); zeros where there is no season.

    Place 0 is that of the first period after the last. A series with at least two years of values has a season where a
    year correlates with the year before.

    Args:
        values: (periods, rows) on a scale on which the season adds.
        season: periods in a year; with 1 there is none.
    """
    periods, rows = values.shape
    if season == 1 or periods < 2 * season:
        return np.zeros((season, rows))
    seen = np.isfinite(values)
    length = seen.sum(axis=0)
    filled, whole = _filled(values, seen)
    rest, known = _detrended(filled, whole, seen, season)
    place = (np.arange(periods) - periods) % season
    mean, count = np.zeros((season, rows)), np.zeros((season, rows))
    square = np.zeros((season, rows))
    for t in range(periods):
        mean[place[t]] += rest[t]
        square[place[t]] += rest[t] ** 2
        count[place[t]] += known[t]
    complete = (count > 0).all(axis=0) & (length >= 2 * season)
    count = np.maximum(count, 1.0)
    mean /= count
    noise = np.maximum(square - count * mean**2, 0.0).sum(axis=0) / np.maximum((count - 1.0).sum(axis=0), 1.0)
    mean -= mean.sum(axis=0) / season
    # Miller & Williams 2003: the part of the pattern's variance that is its own error is taken out of it.
    error = (noise / count).sum(axis=0) / season
    spread = (mean**2).sum(axis=0) / max(season - 3, 1)
    kept = np.where(spread > 0, np.clip(1.0 - error / np.where(spread > 0, spread, 1.0), 0.0, 1.0), 0.0)
    use = complete & _repeats(filled, whole, season)
    return np.where(use, mean * kept, 0.0)


def _filled(values: Floats, seen: Flags) -> tuple[Floats, Flags]:
    """Gaps between two values filled by a straight line; zero before the first. And which are known or so filled."""
    periods, rows = values.shape
    at = np.arange(periods)[:, None]
    before: Ints = np.maximum.accumulate(np.where(seen, at, -1), axis=0)
    after: Ints = np.minimum.accumulate(np.where(seen, at, periods)[::-1], axis=0)[::-1]
    whole = (before >= 0) & (after < periods)
    column = np.arange(rows)
    low = np.where(seen, values, 0.0)[np.maximum(before, 0), column]
    high = np.where(seen, values, 0.0)[np.minimum(after, periods - 1), column]
    share = (at - before) / np.maximum(after - before, 1)
    return np.where(whole, low + (high - low) * share, 0.0), whole


def _detrended(filled: Floats, whole: Flags, seen: Flags, season: int) -> tuple[Floats, Flags]:
    """Values less their centred moving average over one year, 0 where either is missing; and where both are there."""
    periods = len(filled)
    half = season // 2
    even = season % 2 == 0
    total, number = np.zeros_like(filled), np.zeros(filled.shape)
    inner = slice(half, periods - half)
    for shift in range(-half, half + 1):
        weight = 0.5 if even and abs(shift) == half else 1.0
        part = slice(half + shift, periods - half + shift)
        total[inner] += weight * filled[part]
        number[inner] += weight * whole[part]
    known = seen & (number == season)
    return np.where(known, filled - total / season, 0.0), known


def _repeats(filled: Floats, whole: Flags, season: int) -> Flags:
    """Whether a series without its straight line correlates with itself a year before, significantly at 90 %.

    The Theta method's own test holds that autocorrelation against Bartlett's limit, which the other lags of a strong
    season raise so far that three years of it do not pass.
    """
    count = np.maximum(whole.sum(axis=0), 1)
    level = filled.sum(axis=0) / count
    rise = slope(filled, whole)
    time = np.arange(1.0 - len(filled), 1.0)[:, None]
    middle = np.where(whole, time, 0.0).sum(axis=0) / count
    off = filled - level - rise * (time - middle)
    both = whole[season:] & whole[:-season]
    late, early = np.where(both, off[season:], 0.0), np.where(both, off[:-season], 0.0)
    scale = np.sqrt((late**2).sum(axis=0) * (early**2).sum(axis=0))
    pairs = np.maximum(both.sum(axis=0), 1)
    return np.asarray((late * early).sum(axis=0) > np.maximum(_CRITICAL / np.sqrt(pairs) * scale, _FLAT))
