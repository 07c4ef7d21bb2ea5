"""The annual model over companions: what a series' digits hang on, and what not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dabiao.forecast.backtest import backtest
from dabiao.forecast.batch import experience, windows
from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.models import model

YEARS = 16


def values(rows: int = 30, seed: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(-0.03, 0.06, YEARS)
    return np.round(50 * np.exp(np.cumsum(common + rng.normal(0, 0.05, (rows, YEARS)), axis=1)), 1)


def batch(found: np.ndarray) -> Batch:
    rows = len(found)
    open_ = np.full(rows, np.inf)
    return Batch(found, 1, np.zeros(rows), open_, open_, -np.ones(rows))


def test_it_is_the_model_of_the_backtest() -> None:
    """Points and intervals of all series at their last value are those of a backtest over the same panel."""
    found = values()
    ahead = model("pooled").ahead(batch(found), np.arange(len(found)), 3).quantiles()
    rows = [
        {"series_id": f"s{i:02d}", "indicator": "pm:x", "direction": -1, "upper": None, "period": str(2005 + t), "value": v}
        for (i, t), v in np.ndenumerate(found)
    ]  # fmt: skip
    last = 2004 + YEARS
    cases = pd.DataFrame(
        {"case_id": f"{i}-{lead}", "series_id": f"s{i:02d}", "origin": str(last), "comparator": "<=", "target": 30.0,
         "deadline": str(last + lead)}
        for i in range(len(found)) for lead in (1, 2, 3)
    )  # fmt: skip
    expected = backtest(pd.DataFrame(rows), cases)
    for number, name in enumerate(("point", "lower80", "upper80", "lower95", "upper95")):
        assert ahead[:, :, number].ravel() == pytest.approx(expected[name].to_numpy(), rel=1e-9)


def test_no_row_later_than_the_origin_counts() -> None:
    """A series that ends earlier is forecast as if nobody had a later value: the same digits from the cut panel."""
    found = values()
    found[3, 12:] = np.nan
    found[7, 9:] = np.nan
    for row, last in ((3, 11), (7, 8)):
        cut = found.copy()
        cut[:, last + 1 :] = np.nan
        whole, short = (model("pooled").ahead(batch(b), np.array([row]), 4) for b in (found, cut))
        assert (whole.location == short.location).all()
        assert (whole.spread == short.spread).all()


def test_who_else_is_asked_for_changes_no_digit() -> None:
    """Asking for one series or for all gives it the same digits, also when only some origins are worked out."""
    found = values()
    found[2, 10:] = np.nan
    everyone = model("pooled").ahead(batch(found), np.arange(len(found)), 4)
    for row in (0, 2, 29):
        alone = model("pooled").ahead(batch(found), np.array([row]), 4)
        assert (alone.location[0] == everyone.location[row]).all()
        assert (alone.spread[0] == everyone.spread[row]).all()


def test_values_further_back_than_it_reaches_change_no_experience() -> None:
    """Origins before the reach are not worked out: the record of errors holds the last ones of each lead alone."""
    assert experience.REACH == experience.LEADS + experience.SPAN - 1
    record = np.zeros((1, 20))
    record[0, 3] = 1.0
    for lead in range(1, experience.LEADS + 1):
        total, _ = experience._lagged((record, record), lead, 0.9)
        assert set(np.flatnonzero(total[0])) == set(range(3 + lead, min(3 + lead + experience.SPAN, 20)))


@pytest.mark.parametrize("years", [3, 6, 9, 10, YEARS])
def test_empty_columns_are_left_out_without_a_digit(years: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that reach back no further than any series hold the digits of windows of full width."""
    found = batch(values(rows=60)[:, :years])
    wanted, horizons = np.arange(60), np.full(60, 4)
    narrow = list(model("pooled").ahead(found, wanted, 4).packed(horizons))
    assert windows._trimmed(np.array([[np.nan] * 16 + [1.0] * 9])).shape == (1, 9)
    monkeypatch.setattr(windows, "_trimmed", lambda raw: raw)
    assert narrow == list(model("pooled").ahead(found, wanted, 4).packed(horizons))


def test_companions_are_learnt_from() -> None:
    """The same five values are expected to fall further among series that fall than among series that rise."""
    own = np.array([40.0, 39.0, 38.5, 38.0, 37.0])
    points = []
    for drift in (-0.06, 0.06):
        rng = np.random.default_rng(1)
        others = np.round(60 * np.exp(np.cumsum(drift + rng.normal(0, 0.03, (40, 5)), axis=1)), 1)
        found = np.concatenate([own[None], others])
        points.append(model("pooled").ahead(batch(found), np.array([0]), 3).quantiles()[0, 2, 0])
    assert points[0] < points[1]
