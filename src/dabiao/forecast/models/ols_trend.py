"""A straight line through the last years by ordinary least squares, with its t prediction interval (statsmodels)."""

from __future__ import annotations

import numpy as np
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.tools import add_constant

from dabiao.forecast.interface import Fitted, History
from dabiao.forecast.models.common import FLOOR, transformed
from dabiao.forecast.predictive import StudentT

WINDOW = 8
"""Periods that the line is drawn through: a longer window ties the forecast to years that no longer say anything."""


class OlsTrend:
    """Line over the last :data:`WINDOW` periods; missing periods are left out."""

    name = "ols_trend"
    version = "1"
    minimum = 4

    def fit(self, history: History, horizon: int) -> Fitted:
        transform, z = transformed(history, self.name, self.minimum)
        time = np.arange(len(z), dtype=float)
        kept = ~np.isnan(z)
        if kept[-WINDOW:].sum() >= self.minimum:
            kept[:-WINDOW] = False
        result = OLS(z[kept], add_constant(time[kept])).fit()
        ahead = np.arange(len(z), len(z) + horizon, dtype=float)
        prediction = result.get_prediction(add_constant(ahead, has_constant="add"))
        df = float(result.df_resid)
        steps = [
            StudentT(transform, float(mean), max(float(se), FLOOR[history.scale]), df)
            for mean, se in zip(prediction.predicted_mean, prediction.se_obs, strict=True)
        ]
        params = {
            "level": float(result.predict([1.0, time[-1]])[0]),
            "drift": float(result.params[1]),
            "spread": float(np.sqrt(result.scale)),
            "observed": int(kept.sum()),
        }
        return Fitted(steps, params)
