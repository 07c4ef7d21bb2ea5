"""Exponential smoothing with damped additive trend (statsmodels ETSModel). Needs ten values and no gap."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from dabiao.errors import SeriesTooShort
from dabiao.forecast.interface import Fitted, History
from dabiao.forecast.models.common import FLOOR, caught, transformed
from dabiao.forecast.predictive import StudentT


class DampedTrend:
    """ETS(A,Ad,N) on the transformed scale, normal intervals. Below ten values its estimates mean nothing."""

    name = "ets"
    version = "1"
    minimum = 10

    def fit(self, history: History, horizon: int) -> Fitted:
        transform, z = transformed(history, self.name, self.minimum)
        if np.isnan(z).any():
            raise SeriesTooShort(
                "series_has_gaps", model=self.name, observed=history.observed, periods=len(z)
            )
        with caught() as warned:
            # A pandas series, not an array: statsmodels 0.15 asks its predictions for an index.
            result = ETSModel(pd.Series(z), error="add", trend="add", damped_trend=True).fit(disp=False)
            prediction = result.get_prediction(start=len(z), end=len(z) + horizon - 1)
            frame = prediction.summary_frame(alpha=0.05)
        mean = np.asarray(frame["mean"], dtype=float)
        spread = (np.asarray(frame["pi_upper"], dtype=float) - mean) / 1.959963984540054
        steps = [
            StudentT(transform, float(m), max(float(s), FLOOR[history.scale]), math.inf)
            for m, s in zip(mean, spread, strict=True)
        ]
        names = ("smoothing_level", "smoothing_trend", "damping_trend")
        params = {n: float(v) for n, v in zip(result.param_names, result.params, strict=True) if n in names}
        return Fitted(steps, params, tuple(warned))
