"""Score the attainment probabilities on cases whose outcome is known: the batch model, series by series, and a peer.

    python benchmarks/attainment.py PANEL.csv.gz CASES.csv.gz

Prints Brier, expected calibration error (ten equal-count bins) and interval coverage by lead for
  batch    every series with its companions
  alone    each series by itself (the model ``shrunk``)
  drift    random walk with drift on the same scale, t interval (annual panels only)
All three see the same rows up to each case's origin, in one run.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from dabiao.domain.target import Comparator, accepted
from dabiao.errors import SeriesTooShort
from dabiao.forecast.attainment import attainment
from dabiao.forecast.backtest import backtest
from dabiao.forecast.interface import History
from dabiao.forecast.models import model


def main(panel_path: str, cases_path: str) -> int:
    text = {"period": str, "origin": str, "deadline": str}
    panel = pd.read_csv(panel_path, dtype=text)
    cases = pd.read_csv(cases_path, dtype=text)
    report("batch", cases, backtest(panel, cases), panel)
    report("alone", cases, backtest(alone(panel, panel.series_id), alone(cases, panel.series_id)), panel)
    if panel.period.str.fullmatch(r"\d{4}").all():
        report("drift", cases, drift(panel, cases), panel)
    return 0


def alone(table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """The same table with every series in a family and source of its own."""
    number = {name: i for i, name in enumerate(ids.unique())}
    changed = table.copy()
    if "indicator" in changed:
        changed["indicator"] = [f"s{number[s]}:x" for s in changed.series_id]
    return changed


def drift(panel: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The peer: one fit a (series, origin), read through the same attainment."""
    series = {
        name: (
            part.set_index(part.period.astype(int)).value.sort_index(),
            part.direction.iloc[0],
            part.upper.iloc[0],
        )
        for name, part in panel.groupby("series_id")
    }
    fits: dict[tuple[str, int], object] = {}
    rows = []
    for case in cases.itertuples():
        values, direction, upper = series[case.series_id]
        origin, lead = int(case.origin), int(case.deadline) - int(case.origin)
        key = (case.series_id, origin)
        if key not in fits:
            known = values[values.index <= origin]
            grid = tuple(known.get(year) for year in range(known.index[0], known.index[-1] + 1))
            share = upper == 100 and known.min() >= 0 and known.max() <= 100
            scale = "logit" if share else "log" if known.min() > 0 else "identity"
            better = "higher" if direction > 0 else "lower"
            high = 100.0 if share else None
            history = History(grid, 1, scale, 0.0 if scale != "identity" else None, high, direction=better)
            try:
                fits[key] = model("drift").fit(history, 6)
            except SeriesTooShort:
                fits[key] = None
        fitted = fits[key]
        if fitted is None:
            rows.append((case.case_id, 0.5, np.nan, np.nan, np.nan))
            continue
        step = fitted.steps[lead - 1]
        bounds = accepted(Comparator(case.comparator), case.target, None, "lower")
        rows.append(
            (
                case.case_id,
                attainment(step, bounds),
                step.quantile(0.5),
                step.quantile(0.1),
                step.quantile(0.9),
            )
        )
    return pd.DataFrame(rows, columns=["case_id", "probability", "point", "lower80", "upper80"])


def report(name: str, cases: pd.DataFrame, result: pd.DataFrame, panel: pd.DataFrame) -> None:
    p, y = result.probability.to_numpy(), cases.met.to_numpy(float)
    bins = pd.qcut(pd.Series(p).rank(method="first"), 10, labels=False)
    calibration = pd.DataFrame({"bin": bins, "p": p, "y": y}).groupby("bin").mean()
    ece = (calibration.p - calibration.y).abs().mean()
    parts = []
    for source in cases.series_id.str.partition("|")[0].unique():
        mine = cases.series_id.str.startswith(f"{source}|").to_numpy()
        parts.append(f"{source} {np.mean((p - y)[mine] ** 2):.4f}")
    print(f"{name:6} n {len(y)} brier {np.mean((p - y) ** 2):.4f} ece {ece:.4f}  {'  '.join(parts)}")
    if not cases.deadline.str.fullmatch(r"\d{4}").all() or not cases.origin.str.fullmatch(r"\d{4}").all():
        return
    actual = panel.set_index(["series_id", "period"]).value
    one = cases.assign(**{c: result[c].to_numpy() for c in result if c != "case_id"})
    one = one.drop_duplicates(["series_id", "origin", "deadline"])
    one["actual"] = [actual.get((s, d), np.nan) for s, d in zip(one.series_id, one.deadline, strict=True)]
    one["lead"] = one.deadline.astype(int) - one.origin.astype(int)
    one = one.dropna(subset=["actual", "lower80"])
    for level in ("80", "95"):
        if f"lower{level}" not in one:
            continue
        inside = (one.actual >= one[f"lower{level}"]) & (one.actual <= one[f"upper{level}"])
        by_lead = inside.groupby(one.lead).mean()
        print(
            f"       {level} % interval covers", "  ".join(f"lead {k}: {v:.3f}" for k, v in by_lead.items())
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
