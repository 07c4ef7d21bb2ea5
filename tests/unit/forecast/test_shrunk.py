"""The attainment model for one series: the batch model with no companions, behind the seam."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dabiao.forecast.backtest import backtest
from dabiao.forecast.interface import History
from dabiao.forecast.models import model
from dabiao.forecast.predictive import from_json

PM25 = (31.0, 26.5, 25.0, 26.5, 26.9)
GOOD_DAYS = (98.4, 94.5, 94.8, 97.5, 95.9, 100.0, 99.2)


def history(values: tuple[float | None, ...], share: bool = False, direction: str = "lower") -> History:
    return History(
        values,
        season=1,
        scale="logit" if share else "log",
        low=0.0,
        high=100.0 if share else None,
        direction=direction,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("values", "share", "direction"),
    [(PM25, False, "lower"), (GOOD_DAYS, True, "higher"), (PM25, False, "higher")],
)
def test_it_is_the_batch_model_of_a_panel_of_one(
    values: tuple[float, ...], share: bool, direction: str
) -> None:
    """Point and intervals are the digits that the batch model gives to a panel with this series alone."""
    panel = pd.DataFrame(
        {
            "series_id": "s",
            "indicator": "x",
            "direction": 1 if direction == "higher" else -1,
            "upper": 100.0 if share else None,
            "period": [str(2015 + i) for i in range(len(values))],
            "value": values,
        }
    )
    last = 2014 + len(values)
    cases = pd.DataFrame(
        {
            "case_id": range(4),
            "series_id": "s",
            "origin": str(last),
            "comparator": "<=",
            "target": 27.0,
            "deadline": [str(last + lead) for lead in range(1, 5)],
        }
    )
    expected = backtest(panel, cases)
    steps = model("shrunk").fit(history(values, share, direction), 4).steps
    for name, p in (("point", 0.5), ("lower80", 0.1), ("upper80", 0.9)):
        assert [s.quantile(p) for s in steps] == pytest.approx(list(expected[name]), rel=1e-12)


def test_a_better_direction_of_drift_is_expected_to_last() -> None:
    """The direction is used: the same falling values are expected to fall further where lower is better."""
    falling = (40.0, 38.0, 36.0, 34.0, 32.0, 30.0)
    lower, higher = (
        model("shrunk").fit(history(falling, direction=d), 3).steps[2].quantile(0.5)
        for d in ("lower", "higher")
    )
    assert lower < higher


@example(values=[0.0, 0.0, 2.225073858507203e-309], share=False)
@given(
    values=st.lists(st.floats(0, 100), min_size=3, max_size=20),
    share=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_whatever_the_history_it_stays_within_bounds(values: list[float], share: bool) -> None:
    """No quantile leaves the indicator's bounds, quantiles rise with their probability, and a stored one is the same."""
    for step in model("shrunk").fit(history(tuple(values), share), 3).steps:
        quantiles = [step.quantile(p) for p in (0.025, 0.1, 0.5, 0.9, 0.975)]
        assert quantiles == sorted(quantiles)
        assert quantiles[0] >= 0
        assert not share or quantiles[-1] <= 100
        again = from_json(json.loads(json.dumps(step.to_json())))
        assert [again.quantile(p) for p in (0.1, 0.5)] == [step.quantile(p) for p in (0.1, 0.5)]
        assert again.cdf(50.0) == step.cdf(50.0)


def test_no_probability_is_surer_than_the_models_record() -> None:
    """Even a target far away keeps the least probability that the reference cases bear out."""
    step = model("shrunk").fit(history(PM25), 1).steps[0]
    assert 0 < step.cdf(1.0) < 0.02
    assert 0.98 < step.cdf(500.0) < 1
