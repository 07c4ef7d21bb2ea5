"""Later years moved by the year in progress: how far, with what doubt, and where it leaves the annual forecast alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.forecast.carried import GAIN, SHARED, carry
from dabiao.forecast.interface import History
from dabiao.forecast.models import model
from dabiao.forecast.scaled_t import ScaledT

VALUES = (40.0, 38.5, 37.9, 35.2, 34.8, 33.1, 31.0, 30.2)
HISTORY = History(VALUES, 1, "log", 0.0, direction="lower")


def annual() -> list[ScaledT]:
    steps = model("shrunk").fit(HISTORY, 4).steps
    assert all(isinstance(s, ScaledT) for s in steps)
    return list(steps)  # type: ignore[arg-type]


def year(location: float, spread: float) -> ScaledT:
    """An in-year forecast of the first year."""
    first = annual()[0]
    return replace(first, numbers={**first.numbers, "location": location, "spread": spread})


def numbers(steps: object, name: str) -> list[float]:
    return [s.numbers[name] for s in steps]  # type: ignore[attr-defined]


def test_a_sure_year_moves_the_later_ones_by_the_gain() -> None:
    """A year known without doubt counts whole; later years keep the errors that they have from a known last value."""
    start = annual()
    moved = carry(start, year(start[0].numbers["location"] - 0.1, 1e-9))
    assert moved.params["weight"] == pytest.approx(1.0)
    assert moved.params["moved"] == pytest.approx(-0.1)
    assert moved.params["year_expected"] == pytest.approx(start[0].quantile(0.5) * np.exp(-0.1))
    locations = numbers(moved.steps[1:], "location")
    assert locations == pytest.approx([x - GAIN * 0.1 for x in numbers(start[1:], "location")])
    assert numbers(moved.steps[1:], "spread") == pytest.approx(numbers(start[:-1], "spread"))


def test_months_that_say_nothing_move_nothing() -> None:
    """An in-year forecast so wide that the annual one is surer without it gets no weight."""
    start = annual()
    spread = start[0].numbers["spread"] / SHARED
    moved = carry(start, year(start[0].numbers["location"] - 1.0, spread * 1.01))
    assert (moved.params["weight"], moved.params["moved"]) == (0.0, 0.0)
    assert numbers(moved.steps[1:], "location") == numbers(start[1:], "location")


def test_the_running_year_stays_what_the_months_say() -> None:
    """The first step is the in-year forecast itself."""
    start = annual()
    running = year(3.0, 0.05)
    assert carry(start, running).steps[0] is running
    assert len(carry(start, running).steps) == len(start)


@given(st.floats(-0.5, 0.5), st.floats(1e-6, 1.0), st.floats(1e-6, 1.0))
def test_better_months_never_lower_a_later_chance(shift: float, spread: float, better: float) -> None:
    """Of two years with equal doubt, the lower one gives every later year at least the chance to be low."""
    start = annual()
    location = start[0].numbers["location"] + shift
    one, other = (carry(start, year(x, spread)) for x in (location, location - better))
    for border in (20.0, 27.5, 35.0):
        for a, b in zip(one.steps[1:], other.steps[1:], strict=True):
            assert b.cdf(border) >= a.cdf(border)


@given(st.floats(1e-6, 1.0), st.floats(1.01, 5.0))
def test_more_doubt_is_never_less_wide(spread: float, times: float) -> None:
    """The surer the months, the narrower the later years."""
    start = annual()
    sure, unsure = (carry(start, year(3.4, s)) for s in (spread, spread * times))
    assert sure.params["doubt"] <= unsure.params["doubt"] * (1 + 1e-12)
    pairs = zip(numbers(sure.steps[1:], "spread"), numbers(unsure.steps[1:], "spread"), strict=True)
    assert all(a <= b * (1 + 1e-12) for a, b in pairs)


def test_a_share_at_its_bound_has_a_finite_doubt() -> None:
    """Of a good-day share that stands at 100 % the later years stay finite and within bounds."""
    share = History((98.0, 99.2, 100.0, 100.0, 100.0), 1, "logit", 0.0, 100.0, direction="higher")
    start = list(model("shrunk").fit(share, 3).steps)
    first = start[0]
    assert isinstance(first, ScaledT)
    running = replace(first, numbers={**first.numbers, "location": 50.0, "spread": 0.5})
    for step in carry(start, running).steps[1:]:  # type: ignore[arg-type]
        assert 0 <= step.quantile(0.025) <= step.quantile(0.975) <= 100
