"""The in-year forecast as the service makes it, scored on cases with known outcome.

    python benchmarks/in_year.py inyear_panel.csv.gz inyear_cases.csv.gz [--companions 80]

The files are those of ``dabiao backtest``: a monthly panel, and cases that ask at a month for the calendar year. Each case is fitted by
itself, beside the companions that the service would take, so that this is the score of what stands in the store.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import norm

from dabiao.domain.period import Period
from dabiao.forecast.in_year import YearInProgress, enough, fit, panel_of
from dabiao.services.judge.in_year import COMPANIONS

MONTHS = 12


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
        before = as_last_year(values[name], year, last)
        found += [
            (step.cdf(float(c.target)), float(c.met), origin[5:], before, float(c.target), year, name)
            for c in asked.itertuples()
        ]
    return pd.DataFrame(
        found, columns=["probability", "met", "month", "as_last_year", "target", "year", "series"]
    )


def as_last_year(values: Mapping[int, float], year: int, last: int) -> float:
    """The year's day-weighted mean with the months so far as observed and the others as a year before."""
    months = [Period.month_of(year, m) for m in range(1, 13)]
    parts = [
        (values.get(m.first if m.first <= last else m.first - 12, np.nan), float(m.days)) for m in months
    ]
    return sum(v * d for v, d in parts) / sum(d for _, d in parts)


def peer(found: pd.DataFrame, panel: pd.DataFrame) -> pd.Series:
    """Attainment by "the remaining months as last year", its error a normal one in logarithms, by origin month.

    How wide is taken from the outcomes of these very cases, which no forecast could know: the peer is as good as it can be.
    """
    months = panel.assign(year=panel["period"].str[:4].astype(int), month=panel["period"].str[5:].astype(int))
    months["days"] = [float(Period.parse(p).days) for p in months["period"]]
    whole = months.assign(weighted=months["value"] * months["days"]).groupby(["series_id", "year"])
    actual = (whole["weighted"].sum() / whole["days"].sum()).where(whole.size() == MONTHS)
    outcome = actual.reindex(pd.MultiIndex.from_frame(found[["series", "year"]])).to_numpy()
    error = np.log(outcome / found["as_last_year"])
    wide = np.sqrt((error**2).groupby(found["month"]).transform("mean"))
    return pd.Series(norm.cdf(np.log(found["target"] / found["as_last_year"]) / wide), index=found.index)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel")
    parser.add_argument("cases")
    parser.add_argument("--companions", type=int, default=COMPANIONS)
    given = parser.parse_args()
    cases = pd.read_csv(given.cases, dtype=str)
    start = time.perf_counter()
    panel = pd.read_csv(given.panel, dtype={"period": str})
    found = score(panel, cases, given.companions)
    seconds = time.perf_counter() - start
    wrong = (found.probability - found.met) ** 2
    print(
        f"cases {len(found)} of {len(cases)}, Brier {wrong.mean():.4f}, {1000 * seconds / len(found):.1f} ms a case"
    )
    simple = (peer(found, panel) - found.met) ** 2
    print(f"remaining months as last year: Brier {simple.mean():.4f}")
    for month, part in wrong.groupby(found.month):
        print(
            f"  origin {month}: {part.mean():.4f}, as last year {simple[part.index].mean():.4f} ({len(part)})"
        )


if __name__ == "__main__":
    main()
