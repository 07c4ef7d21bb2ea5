"""statsmodels' results for the components that the engine shares with it: writes tests/vectors/forecast/statsmodels.json.

    python benchmarks/make_references.py

Every filter is run by statsmodels with fixed parameters and the engine's own start (level at the first value, no trend), so
that what is compared is the recursion and not an optimiser.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.tools import add_constant
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

OUT = Path(__file__).parents[1] / "tests" / "vectors" / "forecast" / "statsmodels.json"
HORIZON = 6
ALPHAS = (0.05, 0.35, 0.7, 1.0)
DAMPED = ((0.2, 0.1, 0.8), (0.5, 0.3, 0.9), (0.95, 0.1, 0.9))


def series() -> dict[str, list[float]]:
    rng = np.random.default_rng(7)
    return {
        "falling": [41.0, 38.5, 36.2, 35.1, 33.9, 31.0, 30.2, 28.8, 28.1, 27.4, 26.9, 26.0],
        "walk": np.round(50 + np.cumsum(rng.normal(0.2, 1.0, 30)), 2).tolist(),
        "noise": np.round(20 + rng.normal(0.0, 2.0, 60), 2).tolist(),
    }


def ses(y: np.ndarray, alpha: float) -> dict:
    fit = SimpleExpSmoothing(y, initialization_method="known", initial_level=y[0]).fit(
        smoothing_level=alpha, optimized=False
    )
    # The first error is that of the start itself, which is no forecast.
    return {"alpha": alpha, "level": float(fit.level[-1]), "squares": float((fit.resid[1:] ** 2).sum())}


def theta(y: np.ndarray) -> dict:
    fit = ThetaModel(pd.Series(y), period=1, deseasonalize=False).fit()
    alpha, slope = float(fit.params["alpha"]), float(fit.params["b0"])
    return {
        "alpha": alpha,
        "slope": slope,
        "trend": (fit.forecast(HORIZON) - fit.forecast_components(HORIZON)["ses"]).tolist(),
    }


def damped(y: np.ndarray, alpha: float, beta: float, phi: float) -> dict:
    model = ETSModel(
        pd.Series(y), error="add", trend="add", damped_trend=True, initialization_method="known",
        initial_level=y[0], initial_trend=0.0,
    )  # fmt: skip
    # β* = β / α is ours; ETSModel's own parameter is β. The start is the first value's own level.
    fit = model.smooth([alpha, alpha * beta, phi])
    return {
        "alpha": alpha, "beta": beta, "phi": phi,
        "forecast": fit.forecast(HORIZON).tolist(), "squares": float((fit.resid[1:] ** 2).sum()),
    }  # fmt: skip


def main() -> None:
    found = {}
    for name, values in series().items():
        y = np.array(values)
        line = OLS(y, add_constant(np.arange(len(y), dtype=float))).fit()
        found[name] = {
            "values": values,
            "slope": float(line.params[1]),
            "ses": [ses(y, a) for a in ALPHAS],
            "theta": theta(y),
            "damped": [damped(y, *p) for p in DAMPED],
        }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(
        json.dumps({"statsmodels": statsmodels.__version__, "series": found}, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
