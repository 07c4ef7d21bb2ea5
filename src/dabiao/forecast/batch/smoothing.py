"""Two banks of exponential smoothing filters over many series at once, each series' filters weighed by their errors.

*Theta*: simple exponential smoothing plus part of the straight line's slope. With half the slope it is the Theta method
(Hyndman & Billah 2003); the errors choose among no, a quarter, half, three quarters and all of it.
*Damped*: ETS(A,Ad,N) in error-correction form (Hyndman et al. 2008, ch. 2), starting from the first value and no trend.

The weights are the likelihoods under normal errors, which for filters of equal size are Akaike's. Arrays are
(periods, rows) or (filters, rows); all sums run down the first axis, so that other rows change no digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch.groups import Flags, Floats

ALPHA: Floats = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0])
"""How much of a surprise lasts."""
SLOPES: Floats = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
"""Parts of the straight line's slope."""
BETA: Floats = np.array([0.1, 0.3])
"""How much of a lasting surprise is taken for a new trend."""
PHI: Floats = np.array([0.8, 0.9])
"""How much of a trend is left a period later."""

DAMPED: Floats = np.array([(a, b, p) for p in PHI for a in ALPHA for b in BETA])
"""α, β and φ of each filter of the damped bank."""
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Line:
    """What the theta bank says, each of shape (rows,): ``level + lead * drift``, one-step error variance, mean α²."""

    level: Floats
    drift: Floats
    variance: Floats
    kept: Floats

    def ahead(self, horizon: int) -> Floats:
        """Expected values, shape (horizon, rows)."""
        return self.level + np.arange(1.0, horizon + 1.0)[:, None] * self.drift

    def growth(self, horizon: int) -> Floats:
        """Error variance ``1 … horizon`` periods ahead, in one-step variances, shape (horizon, rows)."""
        return np.asarray(1.0 + np.arange(horizon)[:, None] * self.kept)


@dataclass(frozen=True, slots=True)
class Curve:
    """What the damped bank says: ``level`` (rows,) ``trend`` (rows,) by its φ; ``weight`` (filters, rows)."""

    level: Floats
    trend: Mapping[float, Floats]
    variance: Floats
    weight: Floats
    filters: Floats

    def ahead(self, horizon: int) -> Floats:
        """Expected values, shape (horizon, rows)."""
        out = np.empty((horizon, len(self.level)))
        for lead in range(horizon):
            out[lead] = self.level
            for phi, trend in self.trend.items():
                out[lead] += sum(phi**i for i in range(1, lead + 2)) * trend
        return out

    def growth(self, horizon: int) -> Floats:
        """Error variance ``1 … horizon`` periods ahead, in one-step variances, shape (horizon, rows)."""
        out = np.ones((horizon, len(self.level)))
        for (alpha, beta, phi), weight in zip(self.filters, self.weight, strict=True):
            lasting = alpha * (1.0 + beta * np.cumsum(phi ** np.arange(1.0, horizon)))
            out[1:] += np.cumsum(lasting**2)[:, None] * weight
        return out


def slope(values: Floats, seen: Flags) -> Floats:
    """Slope of the least-squares line, shape (rows,)."""
    count = np.maximum(seen.sum(axis=0), 1)
    filled = np.where(seen, values, 0.0)
    # Counted back from the last period: padding in front then changes nothing.
    time = np.where(seen, np.arange(1.0 - len(values), 1.0)[:, None], 0.0)
    off = np.where(seen, time - time.sum(axis=0) / count, 0.0)
    square = (off**2).sum(axis=0)
    return np.asarray((off * filled).sum(axis=0) / np.where(square > 0, square, 1.0))


def theta(values: Floats, seen: Flags, alphas: Floats = ALPHA, slopes: Floats = SLOPES) -> Line:
    """Filter ``values`` (periods, rows), NaN where not ``seen``."""
    rows = values.shape[1]
    alpha = alphas[:, None]
    level, ramp = np.zeros((len(alphas), rows)), np.zeros((len(alphas), rows))
    # The error with slope d is ``error - d * lag``: three sums serve every slope.
    square, cross, lagged = (np.zeros((len(alphas), rows)) for _ in range(3))
    started = np.zeros(rows, dtype=bool)
    for x, here in zip(values, seen, strict=True):
        known = here & started
        miss = np.where(known, x - level, 0.0)
        lag = np.where(known, ramp + 1.0, 0.0)
        level += alpha * miss
        ramp = np.where(started, ramp + 1.0 - alpha * lag, 0.0)
        square += miss * miss
        cross += miss * lag
        lagged += lag * lag
        if not started.all():
            level = np.where(here & ~started, x, level)
            started |= here
    count = np.maximum(seen.sum(axis=0) - 1.0, 1.0)
    drift = slopes[:, None, None] * slope(values, seen)
    variance = (square - 2.0 * drift * cross + drift**2 * lagged).reshape(-1, rows) / count
    weight = _weights(variance, count).reshape(len(slopes), len(alphas), rows)
    return Line(
        level=_total(weight * (level + drift * ramp)),
        drift=_total(weight * drift),
        variance=_total(weight.reshape(-1, rows) * variance),
        kept=_total(weight * alpha**2),
    )


def damped(values: Floats, seen: Flags, filters: Floats = DAMPED) -> Curve:
    """Filter ``values`` (periods, rows), NaN where not ``seen``."""
    rows = values.shape[1]
    alpha, beta, phi = (column[:, None].copy() for column in filters.T)
    gain = alpha * beta
    level, trend, square, miss, work = (np.zeros((len(filters), rows)) for _ in range(5))
    started = np.zeros(rows, dtype=bool)
    for x, here in zip(values, seen, strict=True):
        known = here & started
        trend *= phi
        level += trend
        np.subtract(x, level, out=miss)
        if not known.all():
            miss[:, ~known] = 0.0
        np.multiply(miss, alpha, out=work)
        level += work
        np.multiply(miss, gain, out=work)
        trend += work
        miss *= miss
        square += miss
        if not started.all():
            level = np.where(here & ~started, x, level)
            started |= here
    count = np.maximum(seen.sum(axis=0) - 1.0, 1.0)
    variance = square / count
    weight = _weights(variance, count)
    moved = weight * trend
    return Curve(
        level=_total(weight * level),
        trend={float(p): _total(moved[filters[:, 2] == p]) for p in np.unique(filters[:, 2])},
        variance=_total(weight * variance),
        weight=weight,
        filters=filters,
    )


def _weights(variance: Floats, count: Floats) -> Floats:
    """Likelihoods of filters (filters, rows) with these error variances, each row's sum 1."""
    log = -0.5 * count * np.log(np.maximum(variance, _TINY))
    log -= log.max(axis=0)
    weight = np.exp(log)
    return np.asarray(weight / weight.sum(axis=0))


def _total(x: Floats) -> Floats:
    """Sum over all axes but the last."""
    return np.asarray(x.reshape(-1, x.shape[-1]).sum(axis=0))
