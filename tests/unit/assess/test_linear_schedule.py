"""The linear schedule at its borders. Cases from the convention as described for 时序进度 (done share ≥ elapsed share)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.assess.rules.interface import RuleInput
from dabiao.assess.rules.linear_schedule import LinearSchedule, path
from dabiao.domain.target import Bounds


def case(**changes: object) -> RuleInput:
    made: dict[str, object] = {
        "direction": "lower",
        "base_year": 2020,
        "base": 40.0,
        "current_year": 2022,
        "current": 36.0,
        "current_holds": False,
        "target": 30.0,
        "target_year": 2025,
        "bounds": Bounds(None, Decimal(30)),
    }
    return RuleInput(**(made | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("current", "outcome", "favourable"),
    [(36.0, "on_schedule", True), (35.9, "ahead", True), (36.1, "behind", False), (41.0, "behind", False)],
)
def test_done_against_elapsed(current: float, outcome: str, favourable: bool) -> None:
    """Two of five years gone: 40 % of the way from 40 to 30 is 36."""
    found = LinearSchedule().apply(case(current=current))
    assert (found.outcome, found.favourable) == (outcome, favourable)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base_year": None}, "no_base_year"),
        ({"base": None}, "base_not_observed"),
        ({"target_year": 2020}, "no_time"),
    ],
)
def test_it_says_why_it_does_not_apply(changes: dict[str, object], message: str) -> None:
    """Without a base year, its value or any time there is no schedule, and no default stands in."""
    found = LinearSchedule().apply(case(**changes))
    assert (found.outcome, found.favourable) == ("not_applicable", None)
    assert found.message == f"rule.why.{message}"


@pytest.mark.parametrize(("holds", "outcome"), [(True, "holds"), (False, "breached")])
@pytest.mark.parametrize("base", [30.0, 25.0])
def test_a_target_held_at_the_baseline_is_to_be_kept(base: float, holds: bool, outcome: str) -> None:
    """Target equal to or worse than the baseline: there is no way to go, only a value to hold."""
    assert LinearSchedule().apply(case(base=base, current_holds=holds)).outcome == outcome


@pytest.mark.parametrize("base", [0.0, -5.0])
def test_zero_and_negative_baselines_are_fine(base: float) -> None:
    """The line is linear: a zero or negative base needs no special case."""
    found = LinearSchedule().apply(
        case(direction="higher", base=base, current=base + 4.0, target=base + 10.0)
    )
    assert found.outcome == "on_schedule"


@pytest.mark.parametrize(
    ("year", "value"), [(2019, 40.0), (2020, 40.0), (2022, 36.0), (2025, 30.0), (2030, 30.0)]
)
def test_the_line_is_held_at_its_ends(year: int, value: float) -> None:
    """Before the base year the line stays at the base, after the deadline at the target."""
    c = case()
    assert path(c.base_year, c.base, c.target_year, c.target, year) == pytest.approx(value)


@given(one=st.floats(0, 100), other=st.floats(0, 100))
def test_a_better_value_is_never_further_behind(one: float, other: float) -> None:
    """Of two values the better one has at least the other's lead."""
    better, worse = sorted((one, other))
    lead = [LinearSchedule().apply(case(current=c)).figure for c in (better, worse)]
    assert lead[0] is not None
    assert lead[1] is not None
    assert lead[0] >= lead[1]
