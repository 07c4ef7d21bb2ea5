"""The engine's filters against statsmodels, and the season."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dabiao.forecast.batch import recursions, seasonal, smoothing

REFERENCE = json.loads((Path(__file__).parents[2] / "vectors/forecast/statsmodels.json").read_text("utf-8"))[
    "series"
]
TOLERANCE = 1e-9
"""Relative: the recursions are the same, only the order of their sums differs."""
one = pytest.mark.parametrize("name", sorted(REFERENCE))


def column(values: list[float]) -> tuple[np.ndarray, np.ndarray]:
    found = np.array(values)[:, None]
    return found, np.isfinite(found)


@one
def test_the_slope_is_that_of_ordinary_least_squares(name: str) -> None:
    """Statsmodels OLS on time."""
    found = smoothing.slope(*column(REFERENCE[name]["values"]))
    assert found[0] == pytest.approx(REFERENCE[name]["slope"], rel=TOLERANCE)


@one
def test_without_slope_the_theta_filter_is_simple_exponential_smoothing(name: str) -> None:
    """Level and squared errors of statsmodels SimpleExpSmoothing with the same α and start."""
    values, seen = column(REFERENCE[name]["values"])
    for told in REFERENCE[name]["ses"]:
        line = smoothing.theta(values, seen, np.array([told["alpha"]]), np.array([0.0]))
        assert line.level[0] == pytest.approx(told["level"], rel=TOLERANCE)
        assert line.variance[0] * (len(values) - 1) == pytest.approx(told["squares"], rel=TOLERANCE)


@one
def test_with_half_the_slope_it_is_the_theta_method(name: str) -> None:
    """What statsmodels ThetaModel (θ = 2) adds to its simple exponential smoothing is what the filter adds to its own."""
    told = REFERENCE[name]["theta"]
    values, seen = column(REFERENCE[name]["values"])
    alpha = np.array([told["alpha"]])
    plain, line = (smoothing.theta(values, seen, alpha, np.array([part])) for part in (0.0, 0.5))
    added = line.ahead(len(told["trend"])) - plain.ahead(len(told["trend"]))
    assert added[:, 0] == pytest.approx(told["trend"], rel=TOLERANCE)


@one
def test_the_damped_filter_is_ets_with_damped_trend(name: str) -> None:
    """Forecasts and squared errors of statsmodels ETSModel(add, add, damped) with the same parameters and start."""
    values, seen = column(REFERENCE[name]["values"])
    for told in REFERENCE[name]["damped"]:
        curve = smoothing.damped(values, seen, np.array([[told["alpha"], told["beta"], told["phi"]]]))
        assert curve.ahead(len(told["forecast"]))[:, 0] == pytest.approx(told["forecast"], rel=TOLERANCE)
        assert curve.variance[0] * (len(values) - 1) == pytest.approx(told["squares"], rel=TOLERANCE)


@one
def test_the_annual_filters_take_part_of_each_surprise(name: str) -> None:
    """The annual model's filters without a trend of their own are the same simple exponential smoothing."""
    values = np.array(REFERENCE[name]["values"])[None, :]
    changes = np.diff(values, axis=1, prepend=values[:, :1])[:, 1:]
    seen = np.ones(changes.shape, dtype=bool)
    filtered = recursions.run(changes, seen, 0.9)
    for number in np.flatnonzero(recursions.BETA == 0):
        line = smoothing.theta(values.T, np.isfinite(values.T), recursions.ALPHA[[number]], np.array([0.0]))
        level = values[0, -1] + filtered.jump[0, number]
        assert level == pytest.approx(line.level[0], rel=TOLERANCE)


def wave(months: int, swing: float = 0.4, gaps: tuple[int, ...] = ()) -> np.ndarray:
    rng = np.random.default_rng(months)
    found = swing * np.cos(2 * np.pi * np.arange(months) / 12) + rng.normal(0, 0.1, months)
    found[list(gaps)] = np.nan
    return found[:, None]


@pytest.mark.parametrize("months", [24, 30, 36, 60, 120])
def test_a_strong_season_is_found_from_two_years_on(months: int) -> None:
    """The pattern is near what the values were made of; place 0 is the period after the last."""
    pattern = seasonal.pattern(wave(months), 12)[:, 0]
    made = 0.4 * np.cos(2 * np.pi * (months + np.arange(12)) / 12)
    assert np.abs(pattern - made).max() < 0.2
    assert np.corrcoef(pattern, made)[0, 1] > 0.95
    assert pattern.sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("months", "season"), [(23, 12), (60, 1), (7, 4)])
def test_less_than_two_years_have_no_season(months: int, season: int) -> None:
    """Nor has a series of years."""
    assert not seasonal.pattern(wave(months), season).any()


def test_noise_has_no_season() -> None:
    """Of two hundred series of noise few pass the test."""
    noise = np.random.default_rng(3).normal(0, 1, (72, 200))
    assert (seasonal.pattern(noise, 12) != 0).any(axis=0).mean() < 0.1
    assert not seasonal.pattern(np.full((72, 1), 5.0), 12).any()


def test_gaps_and_what_stands_in_front_do_not_move_the_season() -> None:
    """A few missing months change little; a series that begins later than its neighbours has the digits it has alone."""
    whole, holed = (seasonal.pattern(wave(60, gaps=g), 12) for g in ((), (17, 30, 31)))
    assert np.abs(whole - holed).max() < 0.1
    padded = np.concatenate([np.full((50, 1), np.nan), wave(60)])
    assert (seasonal.pattern(padded, 12) == whole).all()


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40),
    missing=st.sets(st.integers(1, 38)),
)
@settings(deadline=None)
def test_whatever_the_values_a_bank_gives_numbers(values: list[float], missing: set[int]) -> None:
    """Weights are a distribution, and no forecast lies absurdly far out."""
    found = np.array(values)[:, None]
    found[[m for m in missing if m < len(values) - 1]] = np.nan
    seen = np.isfinite(found)
    span = np.nanmax(found) - np.nanmin(found)
    for ahead in (smoothing.theta(found, seen).ahead(5), smoothing.damped(found, seen).ahead(5)):
        assert np.isfinite(ahead).all()
        assert np.abs(ahead - found[-1]).max() <= 10 * span + 1e-6
    assert smoothing.damped(found, seen).weight.sum() == pytest.approx(1)
