"""The in-year forecast as the service makes it, scored on cases with known outcome.

    python benchmarks/in_year.py inyear_panel.csv.gz inyear_cases.csv.gz [--companions 80]

The files are those of ``dabiao backtest``: a monthly panel, and cases that ask at a month for the calendar year. Each case is fitted by
itself, beside the companions that the service would take, so that this is the score of what stands in the store.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from dabiao.domain.period import Period
from dabiao.forecast.in_year import YearInProgress, enough, fit, panel_of
from dabiao.services.judge.in_year import COMPANIONS


def score(panel: pd.DataFrame, cases: pd.DataFrame, companions: int) -> pd.DataFrame:
    """Probability, outcome and origin month of every case that may be asked."""
    panel = panel.assign(number=[Period.parse(p).first for p in panel["period"]])
    values = {name: dict(zip(g.number, g.value, strict=True)) for name, g in panel.groupby("series_id")}
    names = sorted(values)
    found = []
    for (origin, deadline, name), asked in cases.groupby(["origin", "deadline", "series_id"]):
        last, year = Period.parse(origin).last, int(deadline)
        at = max(0, names.index(name) - companions // 2)
        beside = [n for n in names[at : at + companions + 1] if n != name][:companions]
        rows = [(name, values[name]), *((n, values[n]) for n in beside)]
        given = YearInProgress(
            panel_of(rows, 12, last, "lower", None),
            0,
            year,
            np.array([float(Period.month_of(year, m).days) for m in range(1, 13)]),
            low=0.0,
        )
        if not enough(given.panel, 0, year):
            continue
        step = fit(given).steps[0]
        found += [(step.cdf(float(c.target)), float(c.met), origin[5:]) for c in asked.itertuples()]
    return pd.DataFrame(found, columns=["probability", "met", "month"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel")
    parser.add_argument("cases")
    parser.add_argument("--companions", type=int, default=COMPANIONS)
    given = parser.parse_args()
    cases = pd.read_csv(given.cases, dtype=str)
    start = time.perf_counter()
    found = score(pd.read_csv(given.panel, dtype={"period": str}), cases, given.companions)
    seconds = time.perf_counter() - start
    wrong = (found.probability - found.met) ** 2
    print(
        f"cases {len(found)} of {len(cases)}, Brier {wrong.mean():.4f}, {1000 * seconds / len(found):.1f} ms a case"
    )
    for month, part in wrong.groupby(found.month):
        print(f"  origin {month}: {part.mean():.4f} ({len(part)})")


if __name__ == "__main__":
    main()
