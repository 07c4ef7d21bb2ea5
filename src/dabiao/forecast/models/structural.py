"""Random walk with drift plus a seasonal pattern, as a state space model (statsmodels UnobservedComponents).

For quarterly and monthly series; the Kalman filter takes missing periods as missing.
"""

from __future__ import annotations

import math

import numpy as np
from statsmodels.tsa.statespace.structural import UnobservedComponents

from dabiao.forecast.interface import Fitted, History
from dabiao.forecast.models.common import FLOOR, caught, transformed
from dabiao.forecast.predictive import StudentT


class Structural:
    """Level ``rwdrift``, stochastic seasonal of the history's season, irregular."""

    name = "structural"
    version = "1"
    minimum = 24

    def fit(self, history: History, horizon: int) -> Fitted:
        transform, z = transformed(history, self.name, self.minimum)
        seasonal = {"seasonal": history.season} if history.season > 1 else {}
        with caught() as warned:
            model = UnobservedComponents(z, level="rwdrift", irregular=True, **seasonal)
            result = model.fit(disp=False, maxiter=200)
            forecast = result.get_forecast(horizon)
        mean = np.asarray(forecast.predicted_mean, dtype=float)
        spread = np.asarray(forecast.se_mean, dtype=float)
        steps = [
            StudentT(transform, float(m), max(float(s), FLOOR[history.scale]), math.inf)
            for m, s in zip(mean, spread, strict=True)
        ]
        params = {str(n): float(v) for n, v in zip(model.param_names, result.params, strict=True)}
        return Fitted(steps, params, tuple(warned))
