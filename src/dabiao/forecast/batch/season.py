"""Months and quarters: what the rest of a year will add, given the part that is known.

On the indicator's scale every series is a path common to its indicator plus a path of its own. Each path is a Gaussian
process in time: a level that walks at random, a pattern that every year repeats, and noise that fades within months.
Given the values up to the origin, the future ones have a joint normal distribution (the best linear prediction), and a
mean over periods follows from it by its first-order expansion. Observed periods are fixed, missing ones filled in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch.groups import Flags, Floats, Groups, Ints
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.priors import PathPriors, SeasonPriors
from dabiao.forecast.batch.scales import Scales, choose

YEARS = 3
"""Years of values used: the pattern of earlier ones has changed."""
_LEVEL_VARIANCE = 4.0
_JITTER = 1e-8
_SWEEPS = 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """Mean over periods for each series of ``series``.

    Attributes:
        series: indices into the panel.
        mean: expected mean of the raw values, weighted, in the indicator's unit.
        location, spread: the same on the series' scale.
        scales: scales of the series.
        settled: whether every period is known, so that nothing is left to forecast.
    """

    series: Ints
    mean: Floats
    location: Floats
    spread: Floats
    scales: Scales
    settled: Flags


def outlook(panel: Panel, origin: int, periods: Ints, weights: Floats, priors: SeasonPriors) -> Outlook:
    """Mean of ``periods`` seen from ``origin``.

    Args:
        panel: series of one frequency; only columns up to ``origin`` are read.
        origin: period index of the last known period.
        periods: period indices that are averaged, known or not.
        weights: their weights (days), same length.
        priors: of the in-year model.
    """
    first = max(0, origin - YEARS * panel.season + 1)
    raw = panel.values[:, first : origin + 1]
    series = np.flatnonzero(np.isfinite(raw).any(axis=1))
    raw = raw[series]
    scales = choose(raw, panel.upper[series])
    values = scales.forward(raw)
    seen = np.isfinite(values)
    times = np.arange(first, origin + 1)

    family = Groups(panel.indicator[series])
    common = _common(values, seen, family, priors.common_pull)
    shared = np.where(family.totals(seen.astype(np.float64)) > 0, common, np.nan)
    sign = panel.sign[series]
    drift = priors.drift * sign[family.first]
    rest = np.where(seen, values - common[family.codes], np.nan)
    unrest = _unrest(rest, panel.season, panel.first + first)
    when = _Times(times, periods, panel.season, unrest, panel.first)
    path, path_cov = _predict(shared, when, priors.common, drift)
    own, own_cov = _predict(rest, when, priors.own, np.zeros(len(series)))
    expected = path[family.codes] + own
    known = np.full(expected.shape, np.nan)
    inside = (periods >= 0) & (periods <= origin)
    known[:, inside] = panel.values[series][:, periods[inside]]
    fixed = np.isfinite(known)
    parts = np.where(fixed, np.where(fixed, known, 0.0), scales.back(expected))
    share = weights / weights.sum()
    mean = (parts * share).sum(axis=1)
    # d mean / d x of each forecast period, then onto the mean's own scale.
    slope = scales.slope(parts)
    rate = np.where(fixed, 0.0, share / np.where(slope > 0, slope, 1.0)) * scales.slope(mean)[:, None]
    variance = np.zeros(len(series))
    for a in range(len(periods)):
        for b in range(len(periods)):
            variance += rate[:, a] * rate[:, b] * (path_cov.of(family.codes, a, b) + own_cov.of(None, a, b))
    spread = priors.spread * np.sqrt(np.maximum(variance, 1e-10))
    return Outlook(series, mean, scales.forward(mean), spread, scales, fixed.all(axis=1))


@dataclass(frozen=True, slots=True)
class _Covariances:
    """One covariance matrix (periods, periods) for each pattern of missing values, and each row's pattern."""

    matrices: Floats
    pattern: Ints

    def of(self, rows: Ints | None, a: int, b: int) -> Floats:
        pattern = self.pattern if rows is None else self.pattern[rows]
        return np.asarray(self.matrices[pattern, a, b])


def _common(values: Floats, seen: Flags, family: Groups, pull: float) -> Floats:
    """The families' common path, (families, periods), around zero: alternating row and column means."""
    filled = np.where(seen, values, 0.0)
    count = np.maximum(seen.sum(axis=1), 1)
    number = family.totals(seen.astype(np.float64))
    common = np.zeros(number.shape)
    for _ in range(_SWEEPS):
        level = np.where(seen, filled - common[family.codes], 0.0).sum(axis=1) / count
        common = family.totals(np.where(seen, filled - level[:, None], 0.0)) / np.maximum(number + pull, 1e-9)
    return common


@dataclass(frozen=True, slots=True)
class _Times:
    """Known and asked periods, as indices into the panel, and how restless each place in the year is."""

    known: Ints
    ahead: Ints
    season: int
    unrest: Floats
    first: int

    def kernel(self, a: Ints, b: Ints, priors: PathPriors) -> Floats:
        """Prior covariance between periods ``a`` and ``b``, numbers of months turned into those of longer periods."""
        months = 12 // self.season
        early = np.maximum(np.minimum(a[:, None], b[None, :]) - int(self.known[0]) + 1, 0)
        apart = np.abs(a[:, None] - b[None, :])
        restless = (
            self.unrest[(a + self.first) % self.season][:, None] * self.unrest[(b + self.first) % self.season]
        )
        walk = priors.step**2 * months * early
        pattern = priors.season**2 * (apart % self.season == 0)
        sign = np.sign(priors.persistence) ** (apart * months)
        noise = priors.noise**2 / months * sign * abs(priors.persistence) ** (apart * months) * restless
        return np.asarray(walk + pattern + noise + _LEVEL_VARIANCE)


def _unrest(rest: Floats, season: int, first: int) -> Floats:
    """How much each place in the year varies against the whole year, shape (season,): winters more than summers."""
    seen = np.isfinite(rest)
    count = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    filled = np.where(seen, rest, 0.0)
    size = np.where(seen, np.abs(filled - filled.sum(axis=1, keepdims=True) / count), 0.0)
    typical = size.sum(axis=1, keepdims=True) / count
    ratio = (size / np.where(typical > 0, typical, 1.0)).sum(axis=0)
    number = seen.sum(axis=0).astype(np.float64)
    place = (first + np.arange(rest.shape[1])) % season
    weight = number / (number + 10.0)
    total = np.bincount(place, weights=weight * ratio / np.maximum(number, 1.0), minlength=season)
    years = np.bincount(place, weights=weight, minlength=season)
    # One year's worth of "every place varies alike".
    return np.asarray((1.0 + total) / (1.0 + years))


def _predict(values: Floats, when: _Times, priors: PathPriors, drift: Floats) -> tuple[Floats, _Covariances]:
    """Best linear prediction of ``when.ahead`` from ``values`` with gaps; rows of one pattern share a solve."""
    times, ahead, season = when.known, when.ahead, when.season
    seen = np.isfinite(values)
    patterns, pattern = np.unique(seen, axis=0, return_inverse=True)
    pattern = pattern.ravel()
    reference = int(times[-1])
    prior = when.kernel(ahead, ahead, priors)
    mean = np.zeros((len(values), len(ahead)))
    matrices = np.empty((len(patterns), len(ahead), len(ahead)))
    for number, mask in enumerate(patterns):
        here = np.flatnonzero(mask)
        rows = np.flatnonzero(pattern == number)
        if len(here) == 0:
            matrices[number] = prior
            continue
        at = times[here]
        cross = when.kernel(at, ahead, priors)
        gain = np.linalg.solve(
            when.kernel(at, at, priors) + _JITTER * np.eye(len(at)), cross
        )  # the same whatever other rows there are
        matrices[number] = prior - cross.T @ gain
        slope = drift[rows, None] / season
        flat = values[rows][:, here] - slope * (at - reference)
        level = flat.mean(axis=1, keepdims=True)
        moved = np.zeros((len(rows), len(ahead)))
        for i in range(len(here)):  # not a matrix product, whose digits depend on the number of rows
            moved += (flat[:, i] - level[:, 0])[:, None] * gain[i]
        mean[rows] = level + moved + slope * (ahead - reference)
    return mean, _Covariances(matrices, pattern.astype(np.int64))
