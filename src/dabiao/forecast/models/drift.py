"""Random walk with drift: the next value is the last one plus the mean change.

Fitted by weighted least squares on the changes, so that a gap of k periods counts as one change with k times the
variance. Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), section 5.2.
"""

from __future__ import annotations

import math

import numpy as np

from dabiao.forecast.interface import Fitted, History
from dabiao.forecast.models.common import FLOOR, transformed
from dabiao.forecast.predictive import StudentT


class Drift:
    """t distribution with (changes − 1) degrees of freedom; its spread grows as sqrt(h + h²/span)."""

    name = "drift"
    version = "2"
    minimum = 4

    def fit(self, history: History, horizon: int) -> Fitted:
        transform, z = transformed(history, self.name, self.minimum)
        at = np.flatnonzero(~np.isnan(z))
        gaps = np.diff(at).astype(float)
        changes = np.diff(z[at])
        span = float(gaps.sum())
        drift = float(changes.sum()) / span
        variance = float((gaps * (changes / gaps - drift) ** 2).sum()) / (len(gaps) - 1)
        spread = max(math.sqrt(variance), FLOOR[history.scale])
        last = float(z[at[-1]])
        steps = [
            StudentT(transform, last + h * drift, spread * math.sqrt(h + h * h / span), float(len(gaps) - 1))
            for h in range(1, horizon + 1)
        ]
        params = {"level": last, "drift": drift, "spread": spread, "changes": len(gaps), "span": span}
        return Fitted(steps, params)
