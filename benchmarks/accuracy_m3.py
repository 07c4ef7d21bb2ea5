"""sMAPE of the engine's ``blend`` on all yearly (645) and monthly (1,428) series of the M3 competition, peers in the same run.

    python benchmarks/accuracy_m3.py

statsforecast's AutoTheta and AutoETS run in an environment of their own (benchmarks/peers). sMAPE is the competition's:
200 |f − y| / (|f| + |y|), the mean over a series' horizon, then over the series.

How the blend was made: its structure (two banks, on the raw and on the transformed values, the middle two averaged) and its
grids were chosen on the known parts alone, the last 6, 8 or 18 values of which were held back; no number is fitted to M3.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))

import numpy as np
from run import peers

from dabiao.forecast.batch import blend

SEASONS = {"yearly": 1, "monthly": 12}


def smape(forecast: np.ndarray, came: np.ndarray) -> float:
    return float(np.mean(200.0 * np.abs(forecast - came) / (np.abs(forecast) + np.abs(came))))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "m3.npz"
        peers("m3", out)
        with np.load(out) as given:
            data = dict(given)
    for kind, season in SEASONS.items():
        known, came = data[f"{kind}_known"], data[f"{kind}_came"]
        horizon = came.shape[1]
        started = time.perf_counter()
        found = blend.fit(known, np.full(len(known), np.inf), season, horizon)
        seconds = (time.perf_counter() - started) / len(known)
        print(f"{kind}, {len(known)} series, {horizon} ahead")
        print(
            f"  blend      sMAPE {smape(found.scales.back(found.location), came):.3f}   {seconds * 1e3:.3f} ms a series"
        )
        for name in ("AutoTheta", "AutoETS"):
            seconds = float(data[f"{kind}_{name}_seconds"])
            print(
                f"  {name:10} sMAPE {smape(data[f'{kind}_{name}'], came):.3f}   {seconds * 1e3:.3f} ms a series"
            )


if __name__ == "__main__":
    main()
