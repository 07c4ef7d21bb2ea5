"""The parts of the batch model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dabiao.forecast.batch import recursions
from dabiao.forecast.batch.groups import Groups
from dabiao.forecast.batch.panel import parse_periods, split
from dabiao.forecast.batch.priors import from_json, shipped
from dabiao.forecast.batch.scales import LOG, LOGIT, SYMMETRIC, choose, precision


def test_group_sums_ignore_other_groups() -> None:
    """A group's sum is the same to the digit whatever other groups there are, however the keys are mixed."""
    rng = np.random.default_rng(0)
    keys, x = rng.integers(0, 7, 500), rng.normal(size=(500, 3)) * 10.0 ** rng.integers(-8, 8, (500, 1))
    whole = Groups(keys).sums(x)
    for key in range(7):
        mine = keys == key
        assert np.array_equal(Groups(keys[mine]).sums(x[mine]), whole[mine])


def test_scales_follow_the_values() -> None:
    """Positive values go on the logarithm, shares on the logit, series with zeros or negatives on the symmetric scale."""
    values = np.array([[1.0, 2, 3], [1.0, 2, 3], [0.0, 2, 3], [-1.0, 2, 3], [1.0, 2, 300]])
    upper = np.array([np.inf, 100, np.inf, np.inf, 100])
    assert choose(values, upper).kind.tolist() == [LOG, LOGIT, SYMMETRIC, SYMMETRIC, LOG]


def test_scales_invert() -> None:
    """Forward and back give the value again, and the slope is the derivative."""
    values = np.array([[1.0, 20, 30.5], [1.0, 97.5, 30], [0.0, 2, 3], [-1.0, 2, 3]])
    scales = choose(values, np.array([np.inf, 100, np.inf, np.inf]))
    assert scales.back(scales.forward(values)) == pytest.approx(values)
    at = values[:, 1]
    numeric = (scales.forward(at + 1e-5) - scales.forward(at - 1e-5)) / 2e-5
    assert scales.slope(at) == pytest.approx(numeric, rel=1e-5)


def test_precision_is_read_from_the_values() -> None:
    """The step of publication is the finest decimal used; two values tell nothing."""
    nan = np.nan
    values = np.array(
        [[1.0, 2, 30, nan], [1.5, 2, 3, 4], [1.25, 1.3, 2, 4], [1.5, 2, nan, nan], [np.pi, np.e, 1, 2]]
    )
    assert precision(values) == pytest.approx([1, 0.1, 0.01, 0, 0])


def test_filters_agree_with_their_textbook_recursion() -> None:
    """Each filter is damped-trend exponential smoothing in error-correction form."""
    rng = np.random.default_rng(3)
    changes = rng.normal(size=(1, 12))
    out = recursions.run(changes, np.ones((1, 12), bool), 0.9)
    series = np.concatenate([[0.0], np.cumsum(changes[0])])
    for k, (alpha, beta) in enumerate(zip(recursions.ALPHA, recursions.BETA, strict=True)):
        level, trend = 0.0, 0.0
        for value in series[1:]:
            miss = value - level - trend
            level, trend = level + trend + alpha * miss, 0.9 * trend + alpha * beta * miss
        assert out.jump[0, k] == pytest.approx(level - series[-1])
        assert out.trend[0, k] == pytest.approx(trend)


def test_periods_of_every_length_are_read() -> None:
    """Years, quarters, months and days are read, as text or number; anything else has no length."""
    first, months = parse_periods(
        pd.Series(["2020", 2021, "2020-Q2", "2020Q2", "2020-03", "2020-03-31", "soon", "2020-13"])
    )
    assert months.tolist() == [12, 12, 3, 3, 1, 1, 0, 0]
    assert (first - 2020 * 12)[:6].tolist() == [0, 12, 3, 3, 2, 2]


def test_a_panel_is_split_by_frequency() -> None:
    """Annual and monthly series of one table become two panels; rows without a value are left out."""
    table = pd.DataFrame(
        {
            "series_id": ["a", "a", "b", "b"],
            "period": ["2020", "2022", "2020-01", "2020-02"],
            "value": [1.0, 3, None, 5],
        }
    )
    panels = split(table)
    assert sorted(panels) == [1, 12]
    assert np.array_equal(panels[1].values, [[1, np.nan, 3]], equal_nan=True)
    assert panels[12].values.tolist() == [[5.0]]


def test_shipped_priors_survive_a_round_trip() -> None:
    """The shipped numbers are read, written and read to the same; an unknown one is refused."""
    plain = shipped().to_json()
    assert from_json(plain) == shipped()
    with pytest.raises(TypeError):
        from_json({**plain, "trend": {**plain["trend"], "more": 1}})
