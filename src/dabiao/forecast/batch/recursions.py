"""Damped-trend exponential smoothing of many rows by several filters at once.

Each filter is ETS(A,Ad,N) in error-correction form (Hyndman et al. 2008, ch. 2) on a series' changes less its family's:
level += trend + α·error, trend = φ·trend + α·β·error, starting from the first value and no trend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch.groups import Flags, Floats

ALPHA: Floats = np.array([1.0, 0.75, 0.5, 0.3, 0.15, 1.0, 0.75, 0.5, 1.0, 0.7])
"""How much of a surprise each filter takes for lasting."""
BETA: Floats = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.15, 0.1, 0.4, 0.35])
"""How much of that each filter takes for a new trend."""

_ERROR_MEMORY = 0.95
_LARGEST_ERROR = 6.0
_TYPICAL_ERROR = 0.8
_TYPICAL_COUNT = 3.0


@dataclass(frozen=True, slots=True)
class Filtered:
    """State at the origin, shape (rows, filters) unless said otherwise, in the unit of the changes.

    Attributes:
        jump: level less the last value: the part of the last values that will not last.
        trend: the filter's own trend for the next period, undamped.
        error: mean absolute one-step error, held towards its typical size.
        evidence: shape (rows,), number of errors behind it, older ones counting less.
    """

    jump: Floats
    trend: Floats
    error: Floats
    evidence: Floats


def run(changes: Floats, seen: Flags, damping: float) -> Filtered:
    """Filter the running sum of ``changes`` (rows, periods).

    Args:
        changes: change from the period before, in mean absolute changes; 0 where not seen.
        seen: whether both ends of a change were observed. Over a gap nothing is learned.
        damping: φ.
    """
    rows, periods = changes.shape
    shape = (len(ALPHA), rows)  # filters first: the long axis is then contiguous
    alpha, gain = ALPHA[:, None], (ALPHA * BETA)[:, None]
    level, trend, error = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    value, evidence, started = np.zeros(rows), np.zeros(rows), np.zeros(rows, dtype=bool)
    for t in range(periods):
        here = seen[:, t]
        if not here.any():
            continue  # nothing is learned: short series stand in a window that is mostly empty
        value = value + changes[:, t]
        ahead = level + trend
        miss = np.where(here, value - ahead, 0.0)
        level = np.where(here, ahead + alpha * miss, level)
        trend = np.where(here, damping * trend + gain * miss, trend)
        weight = _ERROR_MEMORY ** (periods - 1 - t) * (here & started)
        error += weight * np.minimum(np.abs(miss), _LARGEST_ERROR)
        evidence += weight
        started |= here
    error = (error + _TYPICAL_ERROR * _TYPICAL_COUNT) / (evidence + _TYPICAL_COUNT)
    # Rows last to first: sums over filters then add up in one order, however many rows there are.
    jump, trend, error = (np.ascontiguousarray(a.T) for a in (level - value, trend, error))
    return Filtered(jump, trend, error, evidence)
