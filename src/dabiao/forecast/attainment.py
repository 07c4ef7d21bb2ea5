"""The probability that a target holds: the mass of the predictive distribution on the values that meet it."""

from __future__ import annotations

from dabiao.domain.target import Bounds
from dabiao.forecast.interface import Predictive


def attainment(predictive: Predictive, bounds: Bounds) -> float:
    """P(low ≤ value ≤ high).

    Args:
        bounds: *unrounded* values that meet the target (:func:`dabiao.domain.target.unrounded`). The distribution is
            continuous inside its own bounds, so an included border counts the same as an excluded one there.
    """
    below = 1.0 if bounds.high is None else predictive.cdf(float(bounds.high))
    above = 0.0 if bounds.low is None else predictive.cdf(float(bounds.low))
    return min(max(below - above, 0.0), 1.0)
