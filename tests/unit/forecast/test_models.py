"""What holds for every selectable model, and what each one is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.structural import UnobservedComponents

from dabiao.errors import SeriesTooShort, UnknownName
from dabiao.forecast.interface import History
from dabiao.forecast.models import NAMES, model
from dabiao.forecast.predictive import StudentT, Transform, from_json

FALLING = (41.0, 38.5, 36.2, 35.1, 33.9, 31.0, 30.2, 28.8, 28.1, 27.4, 26.9, 26.0)


def history(
    values: tuple[float | None, ...] = FALLING, scale: str = "log", **bounds: float | None
) -> History:
    limits = {"low": 0.0, "high": None} | bounds
    return History(values, season=1, scale=scale, direction="lower", **limits)  # type: ignore[arg-type]


ANNUAL = [n for n in NAMES if n != "structural"]


@pytest.mark.parametrize("name", ANNUAL)
def test_intervals_widen_and_contain_the_point(name: str) -> None:
    """Further ahead is never surer, and the median lies inside."""
    steps = model(name).fit(history(), 5).steps
    widths = [math.log(s.quantile(0.9) / s.quantile(0.1)) for s in steps]
    assert widths == sorted(widths)
    assert all(s.quantile(0.1) < s.quantile(0.5) < s.quantile(0.9) for s in steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_series_below_the_minimum_is_refused(name: str) -> None:
    """A model that is given fewer values than it declares raises, and gives no number."""
    chosen = model(name)
    with pytest.raises(SeriesTooShort):
        chosen.fit(history(FALLING[: chosen.minimum - 1]), 1)


@pytest.mark.parametrize("name", ["drift", "ols_trend"])
def test_a_gap_is_a_gap(name: str) -> None:
    """A missing year is neither filled nor closed up: the trend a year stays what it was."""
    whole = tuple(100.0 * 0.95**i for i in range(10))
    holed = (*whole[:3], None, None, *whole[5:])
    one, other = (model(name).fit(history(v), 2).steps[1].quantile(0.5) for v in (whole, holed))
    assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_history_gives_the_same_digits(name: str) -> None:
    """A fit is deterministic."""
    values = history(FALLING * 3)
    one, other = (model(name).fit(values, 3) for _ in range(2))
    assert [s.to_json() for s in one.steps] == [s.to_json() for s in other.steps]


@given(
    values=st.lists(st.floats(0, 100), min_size=5, max_size=15),
    name=st.sampled_from(["drift", "ols_trend"]),
)
@settings(deadline=None)
def test_shares_stay_within_their_bounds(values: list[float], name: str) -> None:
    """Whatever the history, no quantile of a share leaves 0–100 and none is NaN."""
    steps = model(name).fit(history(tuple(values), "logit", high=100.0), 4).steps
    for step in steps:
        for p in (0.001, 0.1, 0.5, 0.9, 0.999):
            assert 0 <= step.quantile(p) <= 100


def test_a_share_at_100_percent_may_stay_there() -> None:
    """A water share that has always been 100 % is forecast at 100 %, and "≥ 100 %" at whole percent is near certain."""
    steps = model("drift").fit(history((100.0,) * 8, "logit", high=100.0), 3).steps
    assert steps[2].quantile(0.5) == 100.0
    assert 1 - steps[2].cdf(99.5) > 0.95


def test_a_constant_series_is_not_certain() -> None:
    """Published values are rounded, so even a constant series has some spread."""
    step = model("drift").fit(history((30.0,) * 8), 1).steps[0]
    assert 0 < step.quantile(0.9) - step.quantile(0.1) < 1.5


def test_drift_is_the_mean_change() -> None:
    """The random walk with drift on logs: next = last · exp(mean log change); spread as in the textbook (FPP3, 5.2)."""
    z = np.log(FALLING)
    step = model("drift").fit(history(), 3).steps[2]
    assert isinstance(step, StudentT)
    mean, sd, n = np.diff(z).mean(), np.diff(z).std(ddof=1), len(z) - 1
    assert step.location == pytest.approx(z[-1] + 3 * mean, rel=1e-12)
    assert step.spread == pytest.approx(sd * math.sqrt(3 + 9 / n), rel=1e-12)
    assert step.df == n - 1


def test_drift_agrees_with_statsmodels_state_space() -> None:
    """Its centre is that of UnobservedComponents' random walk with drift on the same logs (tolerance 1e-4: an optimiser)."""
    z = np.log(FALLING)
    reference = UnobservedComponents(z, level="rwdrift").fit(disp=False).forecast(3)
    steps = model("drift").fit(history(), 3).steps
    assert [math.log(s.quantile(0.5)) for s in steps] == pytest.approx(list(reference), abs=1e-4)


def test_the_structural_model_sees_the_season_and_bears_gaps() -> None:
    """Winters stay winters in the forecast, and missing months are missing."""
    months = tuple(
        None if i in (17, 18, 31) else 30 + 15 * math.cos(2 * math.pi * i / 12) - 0.05 * i for i in range(60)
    )
    steps = model("structural").fit(History(months, 12, "log", 0.0, None, direction="lower"), 12).steps
    medians = [s.quantile(0.5) for s in steps]
    assert medians[0] > 1.8 * medians[6]


def test_an_unknown_model_names_those_there_are() -> None:
    """Asking for a model that does not exist says which do."""
    with pytest.raises(UnknownName, match="drift"):
        model("prophet")


@given(
    scale=st.sampled_from(["log", "logit", "identity"]),
    location=st.floats(-3, 3),
    spread=st.floats(0.01, 2),
    df=st.sampled_from([3.0, 10.0, math.inf]),
    p=st.floats(0.01, 0.99),
)
def test_quantile_and_cdf_are_inverse(
    scale: str, location: float, spread: float, df: float, p: float
) -> None:
    """The cdf of a quantile is its probability, wherever the quantile is not held at a bound."""
    transform = Transform(scale, 0.0 if scale != "identity" else None, 100.0 if scale == "logit" else None)  # type: ignore[arg-type]
    predictive = StudentT(transform, location, spread, df)
    x = predictive.quantile(p)
    if scale == "logit" and not 0.05 < x < 99.95:
        return
    assert predictive.cdf(x) == pytest.approx(p, abs=1e-6)
    assert from_json(predictive.to_json()) == predictive
