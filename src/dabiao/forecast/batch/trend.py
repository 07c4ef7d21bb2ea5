"""Where an annual series will be some years ahead, and how far off that may be.

On the indicator's scale, in units of the series' own mean absolute change, improvement positive:

* the *family* (one indicator at one origin) has common changes. Their weighted mean is the common drift, held towards
  that of indicators in general; it fades with the lead. Part of the last common surprise is taken back.
* what is left of each series is filtered (:mod:`recursions`); filters that have erred less in the series, in its
  family and in its source weigh more. So a noisy survey is smoothed and a smooth index is trusted.
* regions far from their family's level close in on it as fast as they have done in the window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch import recursions
from dabiao.forecast.batch.groups import Flags, Floats, Ints
from dabiao.forecast.batch.priors import FAMILY_NAMES, TrendPriors
from dabiao.forecast.batch.windows import WIDTH, Windows

_AGE: Floats = np.arange(WIDTH - 1, dtype=np.float64)[::-1]
_SCALE_MEMORY = 0.97
_SCALE_FAMILIES = 5.0
_LARGEST_CHANGE = 5.0
_CONVERGENCE_MEMORY = 0.9
_FASTEST_CONVERGENCE = 0.3
_CONVERGENCE_SERIES = 8
_WEIGHT_SOURCE = 10.0


@dataclass(frozen=True, slots=True)
class Trend:
    """One row each: the numbers behind a forecast.

    Attributes:
        anchor: last value, on the row's scale.
        unit: mean absolute yearly change after shrinkage, times the direction that is better.
        drift: improvement a year before damping, in units; ``family_drift`` is the common part.
        jump: what of the last values is expected to be taken back, in units.
        momentum: trend of the row's own filters, in units.
        damping, momentum_damping: share of drift and momentum left a year later.
        spread: error scale one year ahead, on the row's scale; ``growth`` the exponent of the lead in it.
        freedom: degrees of freedom of the errors.
        kept: share of a surprise that the row's filters take for lasting.
        seen_drift: mean improvement a year as the family's values show it, in units, before it is held towards the usual one;
            ``drift_weight`` is the weight with which it is believed.
        scale_weight: weight of the row's own changes in ``unit`` and ``spread``, the rest being the family's and the priors'.
    """

    anchor: Floats
    unit: Floats
    drift: Floats
    family_drift: Floats
    jump: Floats
    momentum: Floats
    damping: Floats
    momentum_damping: float
    spread: Floats
    growth: Floats
    freedom: Floats
    kept: Floats
    seen_drift: Floats
    drift_weight: Floats
    scale_weight: Floats

    def location(self, rows: Ints, lead: Floats) -> Floats:
        """Expected value ``lead`` years after the origin of each of ``rows``, on the row's scale."""
        phi = self.damping[rows]
        fading = np.where(phi < 1, phi * (1 - phi**lead) / np.where(phi < 1, 1 - phi, 1.0), lead)
        psi = self.momentum_damping
        own = (1 - psi**lead) / (1 - psi) if psi < 1 else lead
        moved = self.drift[rows] * fading + self.jump[rows] + self.momentum[rows] * own
        return np.asarray(self.anchor[rows] + self.unit[rows] * moved)

    def scale(self, rows: Ints, lead: Floats) -> Floats:
        """Error scale, on the row's scale."""
        return np.asarray(self.spread[rows] * lead ** self.growth[rows])


def fit(windows: Windows, priors: TrendPriors) -> Trend:
    """Fit all rows of ``windows`` at once."""
    change = np.diff(windows.values, axis=1)
    seen = np.isfinite(change)
    change = np.where(seen, change, 0.0)
    size = np.clip(np.log(windows.family.size / 5) / np.log(80 / 5), 0.0, 1.0)
    small, large = priors.small, priors.large
    own = {n: getattr(small, n) + (getattr(large, n) - getattr(small, n)) * size for n in FAMILY_NAMES}

    scale, scale_weight = _scale(windows, change, seen, own["scale_pull"], priors)
    unit = scale * windows.sign
    moved = np.clip(change / unit[:, None], -_LARGEST_CHANGE, _LARGEST_CHANGE)
    number = windows.family.sums(seen.astype(np.float64))
    whole = np.where(seen, windows.family.sums(moved) / np.maximum(number, 1.0), 0.0)
    # In a small family the mean of one year is mostly its members' own noise; the mean of many years is not.
    common = whole * (number / np.maximum(number + priors.common_pull, 1.0))
    held = _drift(windows, whole, common, seen, own["memory"], own["drift_pull"], priors)
    drift, left_over = held.drift, held.left_over
    shared = np.where(seen, common + left_over[:, None], 0.0)
    rest = moved - shared
    left = (1.0 - priors.common_kept) ** (_age(seen) + 1)
    taken_back = (left * np.where(seen, shared - drift[:, None], 0.0)).sum(axis=1)

    filtered = recursions.run(rest, seen, priors.trend_damping)
    weight = _weights(windows, filtered, own["momentum"], priors)
    kept = (weight * recursions.ALPHA).sum(axis=1)
    closing = _convergence(windows, rest, seen, unit, priors.convergence_pull)
    error = (weight * np.log(filtered.error)).sum(axis=1)
    return Trend(
        anchor=windows.values[:, -1],
        unit=unit,
        drift=drift + closing,
        family_drift=drift,
        jump=(weight * filtered.jump).sum(axis=1) - taken_back,
        momentum=(weight * filtered.trend).sum(axis=1),
        damping=own["damping"],
        momentum_damping=priors.trend_damping,
        spread=own["spread"] * scale * np.exp(priors.error_weight * (error - np.log(0.8))),
        growth=own["growth"] + priors.noise_growth * kept,
        freedom=own["freedom"],
        kept=kept,
        seen_drift=held.seen,
        drift_weight=held.weight,
        scale_weight=scale_weight,
    )


def _age(seen: Flags) -> Floats:
    """Years from each change of a window to its last one."""
    return _AGE[-seen.shape[1] :]


def _scale(
    windows: Windows, change: Floats, seen: Flags, pull: Floats, priors: TrendPriors
) -> tuple[Floats, Floats]:
    """Mean absolute yearly change around the row's own mean, its logarithm held towards the family's, and the weight of the
    row's own in it; each of shape (rows,).
    """
    weight = _SCALE_MEMORY ** _age(seen) * seen
    count = weight.sum(axis=1)
    mean = (weight * change).sum(axis=1) / np.maximum(count, 1e-9)
    size = (weight * np.abs(change - mean[:, None])).sum(axis=1) / np.maximum(count - 0.7, 0.3)
    # What is published in steps cannot be seen to move by less than a part of one.
    anchor = windows.scales.back(windows.values[:, -1])
    step = windows.scales.quantum * windows.scales.slope(anchor)
    log = np.log(np.maximum(size, np.maximum(1e-4, 0.1 * step)))
    told = (count > 1).astype(np.float64)
    n_family, n_source = windows.family.sums(told), windows.origins.sums(told)
    source = (windows.origins.sums(told * log) + priors.scale_series * priors.scale) / (
        n_source + priors.scale_series
    )
    family = (windows.family.sums(told * log) + _SCALE_FAMILIES * source) / (n_family + _SCALE_FAMILIES)
    count = count * told
    return np.asarray(np.exp((count * log + pull * family) / (count + pull))), count / (count + pull)


@dataclass(frozen=True, slots=True)
class _Held:
    """Drift of each row's family, shape (rows,).

    Attributes:
        drift: what is expected, ``seen`` having been held towards the usual with ``weight`` of its own.
        left_over: what of it is missing in the common changes.
    """

    drift: Floats
    left_over: Floats
    seen: Floats
    weight: Floats


def _drift(
    windows: Windows,
    whole: Floats,
    common: Floats,
    seen: Flags,
    memory: Floats,
    pull: Floats,
    priors: TrendPriors,
) -> _Held:
    """Mean improvement a year of the family, held towards the mean of the source's families, that towards indicators in
    general.
    """
    weight = memory[:, None] ** _age(seen) * seen
    count = weight.sum(axis=1)
    own = (weight * whole).sum(axis=1) / np.maximum(count, 1e-9)
    left_over = (own - (weight * common).sum(axis=1) / np.maximum(count, 1e-9)) * count / (count + pull)
    general = np.where(np.isfinite(windows.scales.upper), priors.drift_share, priors.drift)
    part = 1.0 / windows.family.size * (count > 0)
    families = windows.origins.sums(part)
    source = (windows.origins.sums(part * own) + priors.drift_families * general) / (
        families + priors.drift_families
    )
    drift = np.asarray((count * own + pull * source) / (count + pull))
    return _Held(drift, left_over, own, count / (count + pull))


def _weights(
    windows: Windows, filtered: recursions.Filtered, momentum: Floats, priors: TrendPriors
) -> Floats:
    """Weights of the filters, shape (rows, filters), each row's sum 1: a posterior under Laplace errors."""
    gain = -filtered.evidence[:, None] * np.log(filtered.error)
    gain = gain - gain[:, :1]
    n_family, n_source = windows.family.sums(filtered.evidence), windows.origins.sums(filtered.evidence)
    source = windows.origins.sums(gain) / np.maximum(n_source, 1.0)[:, None]
    family = (windows.family.sums(gain) + _WEIGHT_SOURCE * source) / (n_family + _WEIGHT_SOURCE)[:, None]
    log = (
        priors.own_weight * gain
        + priors.family_weight * family
        + priors.smoothing * (1.0 - recursions.ALPHA)
        + momentum[:, None] * (recursions.BETA > 0)
    )
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _convergence(windows: Windows, rest: Floats, seen: Flags, unit: Floats, pull: float) -> Floats:
    """Improvement a year from closing in on the family's level, in units (β-convergence, pooled over the family)."""
    there = np.isfinite(windows.values)
    number = windows.family.sums(there.astype(np.float64))
    level = windows.family.sums(np.where(there, windows.values, 0.0)) / np.maximum(number, 1.0)
    far = np.where(there & (number >= _CONVERGENCE_SERIES), windows.values - level, 0.0) / unit[:, None]
    before = np.where(seen & (far[:, 1:] != 0), far[:, :-1], 0.0)
    weight = _CONVERGENCE_MEMORY ** _age(seen)
    product = windows.family.sums((weight * before * rest).sum(axis=1))
    square = windows.family.sums((weight * before * before).sum(axis=1))
    speed = np.clip(product / (square + pull), -_FASTEST_CONVERGENCE, 0.0)
    return np.asarray(speed * far[:, -1])
