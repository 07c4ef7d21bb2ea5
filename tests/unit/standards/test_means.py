"""Validity, means of days and their arrays, exact rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.standards import grid, means, validity
from dabiao.standards.exact import rounded
from dabiao.standards.limits import GB3095_2012, GB3095_2026_FINAL
from dabiao.standards.rules import RULES, Certainty, Rule, sources, unverified, weakest

hours = st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=24, max_size=24)


def test_validity_says_every_reason() -> None:
    """A year that lacks days in all and in two months is told all three."""
    found = validity.year([31, 24, 31, 26] + [26] * 8)
    assert not found.valid
    assert [w.code for w in found.why][:3] == ["year", "month", "month"]
    assert found.why[1].params == {"month": 2, "count": 24, "needed": 25}


@pytest.mark.parametrize(("check", "least"), [(validity.hour, 45), (validity.day, 20), (validity.window, 6)])
def test_the_least_that_is_enough(check, least: int) -> None:  # type: ignore[no-untyped-def]
    """45 minutes make an hour, 20 hours a day, 6 hours a mean of 8; one less does not."""
    assert check(least).valid
    assert check(least - 1).why[0].params == {"count": least - 1, "needed": least}


def test_a_day_has_24_hours() -> None:
    """A day of another length is a wrong program."""
    with pytest.raises(ValueError, match="24 hours"):
        means.mda8([1] * 23)


def test_exceeding_is_judged_by_the_rounded_value() -> None:
    """With too few windows 160.5 rounds to 160, does not exceed and is not valid; 161 is."""
    part: list[Fraction | None] = [None] * 16
    assert not means.mda8([*part, *[Fraction(321, 2)] * 8]).validity.valid
    assert means.mda8([*part, *[Fraction(161)] * 8]).validity.valid


@given(st.lists(hours, min_size=1, max_size=3), st.sampled_from([1, 10]))
def test_arrays_give_the_same_days(days: list[list[int | None]], scale: int) -> None:
    """Daily means and highest 8 hours over arrays are those of single days: value, validity and rounding."""
    raw = np.array([[0 if h is None else h for h in d] for d in days])
    there = np.array([[h is not None for h in d] for d in days])
    for scalar, vector in ((means.daily_mean, grid.daily_means), (means.mda8, grid.mda8)):
        many = vector(raw, there, scale)
        for i, d in enumerate(days):
            one = scalar([None if h is None else Fraction(h, scale) for h in d])
            assert bool(many.valid[i]) == one.validity.valid
            if one.validity.valid:
                assert one.value is not None
                assert Fraction(int(many.numerators[i]), many.denominator) == one.value
                for places in (0, 1):
                    assert int(grid.rounded(many, places)[i]) == rounded(one.value, places) * 10**places


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_a_fraction_rounds_half_to_even(value: Fraction, places: int) -> None:
    """A fraction that no decimal can write rounds as GB/T 8170 says: to even only at an exact half."""
    assert rounded(value, places) == Decimal(round(value * 10**places)) / 10**places


def test_limits_without_a_number() -> None:
    """CO has no annual limit, and the class I limits of 2012 are not known: the one is none, the other an error."""
    assert GB3095_2026_FINAL.limit("CO", "year") is None
    with pytest.raises(LookupError, match="class I"):
        GB3095_2012.limit("SO2", "year", 1)


def test_what_is_unverified_has_no_source() -> None:
    """No rule of certainty C names a source, every other does, and none can be made otherwise."""
    assert all((r.certainty is Certainty.C) == (r.source is None) for r in RULES.values())
    with pytest.raises(ValueError, match="never with C"):
        Rule("x", Certainty.C, "somewhere")
    with pytest.raises(ValueError, match="stands with A and B"):
        Rule("x", Certainty.A)


def test_together_rules_are_as_certain_as_the_weakest() -> None:
    """A chain of rules is as certain as its weakest; sources and unverified steps are told apart."""
    chain = ("aqi_2026", "heavy_day", "aqi_zero")
    assert weakest(chain[:2]) is Certainty.B
    assert weakest(chain) is Certainty.C
    assert len(sources(chain)) == 2
    assert unverified(chain) == ("aqi_zero",)
