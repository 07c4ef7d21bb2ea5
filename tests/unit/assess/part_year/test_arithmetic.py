"""What the rest of a year must average, count or add: published cases, and rules that hold for any numbers."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.assess.part_year.arithmetic import Interval, Outlook, progress, required_mean, rounded
from dabiao.assess.part_year.counted import Days, allowance, days_of, sections_in
from dabiao.domain.rounding import round_gbt8170
from dabiao.domain.target import Bounds, Comparator, Direction, accepted, meets, unrounded

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[3] / "vectors/part_year.json").read_text("utf-8")
)
POSSIBLE = Interval(Fraction(0), Fraction(1000))


def exact(x: Any) -> Fraction:
    return Fraction(str(x))


def days(counted: int, valid: int) -> Days:
    return Days(valid, valid, counted, counted, counted)


@pytest.mark.parametrize("vector", VECTORS["needed_mean"], ids=lambda v: v["id"])
def test_needed_mean_of_the_rest(vector: dict[str, Any]) -> None:
    """The mean that the rest may have, with the leave of rounding and without; below nought it is out of reach."""
    goal = accepted(Comparator.LE, Decimal(vector["target"]), None, "lower")
    known, total, expected = vector["days_elapsed"], vector["days_total"], vector["expected"]
    found = required_mean(
        Interval.of(unrounded(goal, 0)),
        exact(vector["target"]),
        total,
        known,
        exact(vector["mean_elapsed"]) * known,
        POSSIBLE,
        1,
    )
    assert found is not None
    assert found.strict is not None
    assert float(found.strict) == pytest.approx(expected["needed_mean_of_rest"], rel=1e-9)
    if "needed_mean_of_rest_with_rounding" in expected:
        assert found.rest.high is not None
        assert float(found.rest.high) == pytest.approx(
            expected["needed_mean_of_rest_with_rounding"], rel=1e-9
        )
    beyond = expected["needed_mean_of_rest"] < -2.5
    assert found.outlook is (Outlook.NOT_ATTAINABLE if beyond else Outlook.OPEN)


@pytest.mark.parametrize("vector", VECTORS["needed_share"], ids=lambda v: v["id"])
def test_needed_good_days(vector: dict[str, Any]) -> None:
    """Whole days: how many the year needs, which share of the rest that is, whether it is secured or out of reach."""
    share = Interval(exact(vector["target_share"]) * 100, None)
    known, total, expected = vector["days_elapsed"], vector["days_total"], vector["expected"]
    found = allowance(share, share, "higher", total, days(vector["good_days"], known), total - known)
    assert found is not None
    assert found.needed_right == expected["good_days_needed"]
    still = found.needed_right - vector["good_days"]
    if expected["needed_share_of_rest"] is not None:
        assert max(0, still) / found.rest == pytest.approx(expected["needed_share_of_rest"], rel=1e-9)
        assert found.needed == max(0, still)
    assert (found.outlook is Outlook.SECURED) is expected["already_secured"]
    assert (found.outlook is not Outlook.NOT_ATTAINABLE) is expected["attainable"]


@pytest.mark.parametrize("vector", VECTORS["time_progress"], ids=lambda v: v["id"])
def test_time_progress(vector: dict[str, Any]) -> None:
    """A total to date over what a total in step with time would be; none without a plan."""
    plan, actual = exact(vector["plan_total"]), exact(vector["actual_to_date"])
    found = progress(plan, actual, vector["days_elapsed"], vector["days_total"])
    expected = vector["expected"]
    assert float(found.elapsed) == pytest.approx(expected["time_progress"], rel=1e-9)
    if expected["attainment"] is None:
        assert found.attainment is None
    else:
        assert found.attainment is not None
        assert float(found.attainment) == pytest.approx(expected["attainment"], rel=1e-9)


def step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def year_of(total: int, known: int, mean: Decimal, rest: Decimal) -> Fraction:
    return (Fraction(mean) * known + Fraction(rest) * (total - known)) / total


@given(
    comparator=st.sampled_from([Comparator.LE, Comparator.LT, Comparator.GE, Comparator.GT]),
    value=st.decimals(5, 80, places=1),
    decimals=st.integers(0, 1),
    total=st.sampled_from([365, 366]),
    known=st.integers(1, 364),
    mean=st.decimals(1, 120, places=1),
)
def test_the_required_value_is_the_last_that_does(
    comparator: Comparator, value: Decimal, decimals: int, total: int, known: int, mean: Decimal
) -> None:
    """With exactly the required value in the rest the year, rounded once to the target's precision, meets the target; one
    published step worse it does not.
    """
    value = round_gbt8170(value, decimals)
    direction: Direction = "lower" if comparator in (Comparator.LE, Comparator.LT) else "higher"
    goal = accepted(comparator, value, None, direction)
    accepted_year = Interval.of(unrounded(goal, decimals))
    found = required_mean(
        accepted_year, Fraction(value), total, known, Fraction(mean) * known, Interval(None, None), 2
    )
    assert found is not None
    required = found.at_most if direction == "lower" else found.at_least
    assert required is not None
    worse = required + step(2) * (1 if direction == "lower" else -1)
    assert accepted_year.contains(year_of(total, known, mean, required))
    assert not accepted_year.contains(year_of(total, known, mean, worse))
    for x in (required, worse):  # the same as the status has it
        year = year_of(total, known, mean, x)
        plain = Decimal(year.numerator) / Decimal(year.denominator)
        if Fraction(plain) == year:
            assert meets(plain, decimals, goal) is accepted_year.contains(year)


@given(
    value=st.decimals(5, 80, places=0),
    known=st.integers(1, 364),
    mean=st.decimals(1, 120, places=1),
)
def test_a_stricter_comparator_never_leaves_more(value: Decimal, known: int, mean: Decimal) -> None:
    """``<`` leaves the rest less room than ``<=`` of the same value, by one unit of the year's last place."""

    def left(comparator: Comparator) -> Fraction:
        goal = accepted(comparator, value, None, "lower")
        found = required_mean(
            Interval.of(unrounded(goal, 0)), Fraction(value), 365, known, Fraction(mean) * known, POSSIBLE, 1
        )
        assert found is not None
        assert found.rest.high is not None
        return found.rest.high

    assert left(Comparator.LE) - left(Comparator.LT) == Fraction(365, 365 - known)


def test_a_leap_year_has_a_day_more() -> None:
    """What 29 February adds to the rest is in the required value."""
    goal = Interval.of(unrounded(accepted(Comparator.LE, Decimal(30), None, "lower"), 0))
    common = required_mean(goal, Fraction(30), 365, 31, Fraction(40 * 31), POSSIBLE, 4)
    leap = required_mean(goal, Fraction(30), 366, 31, Fraction(40 * 31), POSSIBLE, 4)
    assert common is not None
    assert leap is not None
    assert (common.at_most, leap.at_most) == (Decimal("29.6182"), Decimal("29.6208"))


@pytest.mark.parametrize(
    ("low", "high", "outlook"),
    [
        (0, 30, Outlook.SECURED),  # even 30 in every month that is left meets
        (0, 1000, Outlook.OPEN),
        (25, 1000, Outlook.NOT_ATTAINABLE),  # a floor above what would be needed
    ],
)
def test_what_is_settled_hangs_on_what_is_possible(low: int, high: int, outlook: Outlook) -> None:
    """Secured where the worst possible rest meets, out of reach where the best possible does not."""
    goal = Interval.of(unrounded(accepted(Comparator.LE, Decimal(30), None, "lower"), 0))
    mean = 29 if outlook is Outlook.SECURED else 40
    found = required_mean(
        goal, Fraction(30), 365, 243, Fraction(mean * 243), Interval(Fraction(low), Fraction(high)), 1
    )
    assert found is not None
    assert found.outlook is outlook


def test_nothing_is_required_when_nothing_is_left() -> None:
    """A year of which every day is known requires nothing more."""
    assert required_mean(Interval(None, Fraction(30)), None, 365, 365, Fraction(1), POSSIBLE, 1) is None


@pytest.mark.parametrize(
    ("share", "calendar", "valid", "counted"),
    [
        ("77.4", 31, 31, 24),
        ("85.2", 366, 366, 312),
        ("85.7", 366, 364, 312),  # of 366 no whole number prints as 85.7
        ("96.7", 30, 30, 29),
        ("100.0", 28, 28, 28),
        ("0", 31, 31, 0),
    ],
)
def test_the_days_behind_a_share(share: str, calendar: int, valid: int, counted: int) -> None:
    """A printed share is read as whole days of the largest denominator that it fits."""
    found = days_of(Decimal(share), calendar)
    assert (found.valid, found.counted) == (valid, counted)
    assert found.low <= counted <= found.high


def test_a_coarse_share_leaves_the_days_open() -> None:
    """94 % of ten months is 285 to 287 days: secured or out of reach only if it is so for each of them."""
    found = days_of(Decimal(94), 304)
    assert (found.low, found.high) == (285, 287)
    goal = Interval(Fraction(940, 10), None)
    a = allowance(goal, goal, "higher", 365, found, 61)
    assert a is not None
    assert (a.used_low, a.used_high) == (17, 19)
    assert a.allowed == 21


@given(share=st.decimals(50, 100, places=1), total=st.sampled_from([365, 366]), bad=st.integers(0, 60))
def test_the_allowance_is_the_floor_of_what_the_target_leaves(share: Decimal, total: int, bad: int) -> None:
    """So many bad days meet the target, one more does not; with the leave of rounding never fewer."""
    goal = accepted(Comparator.GE, share, None, "higher")
    a = allowance(
        Interval.of(unrounded(goal, 1)), Interval.of(goal), "higher", total, days(200 - bad, 200), total - 200
    )
    assert a is not None
    assert a.allowed_strict == int(total * (100 - Fraction(share)) / 100)
    assert a.allowed >= a.allowed_strict
    for count, does in ((a.allowed, True), (a.allowed + 1, False)):
        shown = rounded(Fraction(100 * (total - count), total), 1)
        assert goal.contains(shown) is does
    assert a.left == a.allowed - bad


def test_heavy_days_are_counted_from_the_other_side() -> None:
    """0.9 % of 365 days is three heavy days: 0.82 % rounds to 0.8, four would be 1.1."""
    goal = accepted(Comparator.LE, Decimal("0.9"), None, "lower")
    a = allowance(Interval.of(unrounded(goal, 1)), Interval.of(goal), "lower", 365, days(2, 181), 184)
    assert a is not None
    assert (a.allowed, a.allowed_strict, a.left, a.needed) == (3, 3, 1, 183)


def test_a_target_on_both_sides_has_no_allowance() -> None:
    """An exact share leaves no number of days to use up."""
    both = Interval.of(Bounds(Decimal(90), Decimal(90)))
    assert allowance(both, both, "higher", 365, days(30, 31), 334) is None


@pytest.mark.parametrize(
    ("scope", "count"), [("国考断面111个", 111), ("109 sections", 109), ("国考断面", None), ("", None)]
)
def test_the_number_of_sections_is_read_or_unknown(scope: str, count: int | None) -> None:
    """How many sections there are is never guessed."""
    assert sections_in(scope) == count


@pytest.mark.parametrize(
    ("x", "decimals", "shown"), [("61/2", 0, "30"), ("63/2", 0, "32"), ("-1/3", 2, "-0.33")]
)
def test_an_exact_figure_is_rounded_once(x: str, decimals: int, shown: str) -> None:
    """Half to even, straight from the fraction."""
    assert str(rounded(Fraction(x), decimals)) == shown
