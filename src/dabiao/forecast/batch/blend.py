"""Monthly, quarterly or annual series by themselves: season, then the middle of four smoothing forecasts.

The Theta and the damped bank (:mod:`smoothing`) filter each series twice: as it is published, and on the scale on which
its changes are comparable. The point is the mean of the middle two of the four forecasts; the spread is the banks' own
one-step error, grown by what their filters say lasts of a surprise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch import seasonal, smoothing
from dabiao.forecast.batch.groups import Floats, Ints
from dabiao.forecast.batch.scales import LOG, Scales, choose

LONGEST_YEARS, _LONGEST = 20, 100
"""Years used of monthly and quarterly series, and of annual ones: older values would only cost time."""
FREEDOM = 8.0
"""Degrees of freedom of the errors' t distribution."""
EXTREME = 0.003
"""Nearest a probability comes to 0 and 1."""
_LEAST_VALUES = 3.0


@dataclass(frozen=True, slots=True)
class Blend:
    """One row a series.

    Attributes:
        location, spread: (rows, horizon), on the rows' scales.
        scales: the rows' scales.
        level: last level without season, in the indicator's unit; ``drift`` the change of the first period ahead.
        swing: how far apart the highest and the lowest place in the year are, on the rows' scale; 0 without a season.
        kept: share of a surprise's variance that is taken for lasting.
        error: one-step error, on the row's scale.
    """

    location: Floats
    spread: Floats
    scales: Scales
    level: Floats
    drift: Floats
    swing: Floats
    kept: Floats
    error: Floats

    def take(self, rows: Ints) -> Blend:
        """These rows alone."""
        return Blend(
            self.location[rows],
            self.spread[rows],
            self.scales.take(rows),
            self.level[rows],
            self.drift[rows],
            self.swing[rows],
            self.kept[rows],
            self.error[rows],
        )


def fit(values: Floats, upper: Floats, season: int, horizon: int) -> Blend:
    """Forecast the ``horizon`` periods after the last column.

    A row's digits depend on that row alone.

    Args:
        values: (rows, periods), NaN where missing; the last column is observed in every row.
        upper: (rows,), upper bound of a share, infinite where open.
        season: periods in a year.
    """
    if len(values) == 1:
        # NumPy adds up a single column in pairs and several one row after the other: two rows have the digits of many.
        return fit(np.repeat(values, 2, axis=0), np.repeat(upper, 2), season, horizon).take(
            np.zeros(1, dtype=np.int64)
        )
    values = values[:, -LONGEST_YEARS * season :] if season > 1 else values[:, -_LONGEST:]
    scales = choose(values, upper)
    on_scale = np.ascontiguousarray(scales.forward(values).T)
    seen = np.isfinite(on_scale)
    pattern = seasonal.pattern(on_scale, season)
    periods = len(on_scale)
    place = (np.arange(periods) - periods) % season
    adjusted = on_scale - pattern[place]
    ahead = pattern[np.arange(horizon) % season]
    # A share or a level may be additive in its own unit: the same series without season, back in that unit.
    unit = np.ascontiguousarray(np.where(seen, scales.back(adjusted.T).T, np.nan))

    line, curve = smoothing.theta(adjusted, seen), smoothing.damped(adjusted, seen)
    plain, bent = smoothing.theta(unit, seen), smoothing.damped(unit, seen)
    four = np.stack(
        [
            line.ahead(horizon),
            curve.ahead(horizon),
            _forward(scales, plain.ahead(horizon)),
            _forward(scales, bent.ahead(horizon)),
        ]
    )
    four.sort(axis=0)
    centre = 0.5 * (four[1] + four[2])
    count = np.maximum(seen.sum(axis=0).astype(np.float64), _LEAST_VALUES)
    one_step = 0.5 * (line.variance + curve.variance) * count / (count - 2.0)
    one_step = np.maximum(one_step, _least(values, scales) ** 2)
    lead = np.arange(1.0, horizon + 1.0)[:, None]
    growth = 0.5 * (line.growth(horizon) + curve.growth(horizon)) + line.kept * lead**2 / count
    start = scales.back(0.5 * (line.level + curve.level))
    return Blend(
        location=np.ascontiguousarray((centre + ahead).T),
        spread=np.ascontiguousarray(np.sqrt(one_step * growth).T),
        scales=scales,
        level=start,
        drift=scales.back(centre[0]) - start,
        swing=pattern.max(axis=0) - pattern.min(axis=0),
        kept=line.kept,
        error=np.sqrt(one_step),
    )


def _forward(scales: Scales, values: Floats) -> Floats:
    """Values (horizon, rows) in the unit to the scale; a logarithm is taken of no less than a hundredth of the level."""
    rows = np.ascontiguousarray(values.T)
    least = 0.01 * np.abs(rows[:, :1])
    return scales.forward(np.where((scales.kind == LOG)[:, None], np.maximum(rows, least), rows)).T


def _least(values: Floats, scales: Scales) -> Floats:
    """Least error: what rounding hides, a quarter of the step in which the values are published, on the scale."""
    step = np.where(scales.quantum > 0, scales.quantum, 1e-6 * np.abs(values[:, -1]))
    slope = scales.slope(scales.back(scales.forward(values[:, -1])))
    return np.clip(0.25 * step * slope, 1e-6, 1.0)
