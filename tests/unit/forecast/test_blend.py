"""The model of monthly and quarterly series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dabiao.errors import SeriesTooShort
from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.interface import History
from dabiao.forecast.models import model


def months(count: int = 60, seed: int = 1, swing: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(count)
    return np.round(
        40 * np.exp(swing * np.cos(2 * np.pi * t / 12) + np.cumsum(rng.normal(-0.003, 0.04, count))), 1
    )


def batch(values: np.ndarray, season: int = 12, high: float = np.inf) -> Batch:
    rows = len(values)
    top = np.full(rows, high)
    return Batch(values, season, np.zeros(rows), top, top, -np.ones(rows))


def history(values: np.ndarray, season: int = 12, high: float | None = None) -> History:
    plain = tuple(None if np.isnan(v) else float(v) for v in values)
    return History(plain, season, "logit" if high else "log", 0.0, high, direction="lower")


def test_a_series_has_the_same_digits_in_any_company() -> None:
    """In a batch, in another order, with longer neighbours or alone: to the last digit."""
    rows = np.full((40, 90), np.nan)
    for i in range(40):
        rows[i, 90 - 30 - i :] = months(30 + i, seed=i)
    rows[5, 70] = np.nan
    together = model("blend").ahead(batch(rows), np.arange(40), 24)
    for i in (0, 5, 39):
        alone = model("blend").fit(history(rows[i, np.isfinite(rows[i]).argmax() :]), 24)
        assert [s.to_json() for s in alone.steps] == [s.to_json() for s in together.fitted(i, 24).steps]
    turned = model("blend").ahead(batch(rows[::-1]), np.arange(40)[::-1], 24)
    assert (turned.location == together.location).all()
    assert (turned.spread == together.spread).all()


def test_a_series_that_ends_earlier_is_forecast_from_its_own_end() -> None:
    """A batch on one calendar: what comes after a series' last value is not filled in."""
    early = np.concatenate([months(48), np.full(12, np.nan)])
    both = np.stack([months(60, seed=2), early])
    together = model("blend").ahead(batch(both), np.array([1]), 6)
    alone = model("blend").fit(history(months(48)), 6)
    assert [s.quantile(0.5) for s in together.fitted(0, 6).steps] == [s.quantile(0.5) for s in alone.steps]


def test_the_packed_fit_is_the_fit() -> None:
    """What is kept of a batch row is what is kept of the same series fitted by itself."""
    from dabiao.forecast.tasks import packed

    values = np.stack([months(seed=s) for s in range(3)])
    together = model("blend").ahead(batch(values), np.arange(3), 24).packed(np.array([24, 12, 5]))
    for row, horizon in enumerate((24, 12, 5)):
        assert together[row] == packed(model("blend").fit(history(values[row]), horizon))


def test_winters_stay_winters() -> None:
    """The season of the values is the season of the forecast."""
    medians = [s.quantile(0.5) for s in model("blend").fit(history(months()), 12).steps]
    assert medians[0] > 1.6 * medians[6]


def test_intervals_widen_and_hold_the_outcome_as_often_as_they_say() -> None:
    """On random walks with season the 80 % interval covers about 80 % of what comes, at each lead."""
    values = np.stack([months(84, seed=s) for s in range(400)])
    quantiles = model("blend").ahead(batch(values[:, :60]), np.arange(400), 24).quantiles()
    width = np.log(quantiles[:, :, 2] / quantiles[:, :, 1]).mean(axis=0)
    assert (np.diff(width) > 0).all()
    came = values[:, 60:]
    inside = ((came >= quantiles[:, :, 1]) & (came <= quantiles[:, :, 2])).mean(axis=0)
    assert inside.min() > 0.7
    assert inside.max() < 0.95


@given(
    values=st.lists(st.floats(0, 100), min_size=4, max_size=40),
    season=st.sampled_from([1, 4, 12]),
    share=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_whatever_the_history_it_stays_within_bounds(values: list[float], season: int, share: bool) -> None:
    """No quantile leaves the indicator's bounds, and quantiles rise with their probability."""
    for step in model("blend").fit(history(np.array(values), season, 100.0 if share else None), 6).steps:
        quantiles = [step.quantile(p) for p in (0.025, 0.1, 0.5, 0.9, 0.975)]
        assert quantiles == sorted(quantiles)
        assert quantiles[0] >= 0
        assert np.isfinite(quantiles).all()
        assert not share or quantiles[-1] <= 100


def test_a_constant_series_is_not_certain_and_a_short_one_is_refused() -> None:
    """Published values are rounded: even thirty equal ones leave some spread. Three values are too few."""
    step = model("blend").fit(history(np.full(30, 20.0)), 1).steps[0]
    assert 0 < step.quantile(0.9) - step.quantile(0.1) < 2
    with pytest.raises(SeriesTooShort):
        model("blend").fit(history(np.array([1.0, 2.0, 3.0])), 1)
