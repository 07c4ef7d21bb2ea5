"""What it means that a value meets a target."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.domain.target import Comparator, accepted, meets, unrounded

D = Decimal


@pytest.mark.parametrize(
    ("comparator", "target", "value", "holds"),
    [
        ("<=", "30", "30", True),
        ("<=", "30", "30.04", True),  # equal at the target's precision
        ("<=", "30", "30.5", True),  # half to even: 30
        ("<=", "30", "30.51", False),
        ("<=", "31", "31.5", False),  # half to even: 32
        ("<", "19.2", "19.2", False),
        ("<", "19.2", "19.15", False),  # half to even: 19.2
        ("<", "19.2", "19.149", True),
        (">=", "84.9", "84.85", False),  # half to even: 84.8
        (">=", "84.9", "84.851", True),
        (">", "97.8", "97.8", False),
        (">", "97.8", "97.85", False),  # half to even: 97.8
        (">", "97.8", "97.86", True),
        ("=", "100", "99.5", True),
        ("=", "100", "99.49", False),
    ],
)
def test_borders(comparator: str, target: str, value: str, holds: bool) -> None:
    """A value is rounded by GB/T 8170 to the target's own decimals and then compared; < and <= differ."""
    border = D(target)
    bounds = accepted(Comparator(comparator), border, None, "lower")
    assert meets(D(value), -int(border.as_tuple().exponent), bounds) is holds


@pytest.mark.parametrize(
    ("direction", "value", "holds"),
    [
        ("higher", "84", True),
        ("higher", "83.5", True),
        ("higher", "83.4", False),
        ("higher", "97", True),
        ("lower", "86", True),
        ("lower", "86.6", False),
        ("lower", "12", True),
    ],
)
def test_about_binds_on_the_side_that_an_official_would_call_missed(
    direction: str, value: str, holds: bool
) -> None:
    """85 左右 within 1: only the worse side binds."""
    bounds = accepted(Comparator.ABOUT, D(85), D(1), direction)  # type: ignore[arg-type]
    assert meets(D(value), 0, bounds) is holds


def test_about_needs_a_tolerance() -> None:
    """左右 without a declared tolerance is refused, never given a default."""
    with pytest.raises(ValueError, match="tolerance"):
        accepted(Comparator.ABOUT, D(85), None, "higher")


@given(
    comparator=st.sampled_from([c for c in Comparator if c is not Comparator.ABOUT]),
    target=st.decimals(0, 200, places=2),
    decimals=st.integers(0, 2),
    offset=st.integers(-300, 300),
)
def test_the_unrounded_set_agrees_with_rounding(
    comparator: Comparator, target: Decimal, decimals: int, offset: int
) -> None:
    """For every value, lying in the unrounded set and meeting the target after rounding are the same."""
    target = target.quantize(D(1).scaleb(-decimals))
    value = target + D(offset).scaleb(-decimals - 2)
    bounds = accepted(comparator, target, None, "lower")
    assert unrounded(bounds, decimals).contains(value) is meets(value, decimals, bounds)


@given(
    comparator=st.sampled_from([c for c in Comparator if c is not Comparator.ABOUT]),
    target=st.decimals(0, 200, places=3),
    decimals=st.integers(0, 2),
    offset=st.integers(-3000, 3000),
)
def test_a_computed_border_agrees_with_rounding_too(
    comparator: Comparator, target: Decimal, decimals: int, offset: int
) -> None:
    """The border of a change has more decimals than are published; the forecast is asked for the same values all the same."""
    value = target + D(offset).scaleb(-decimals - 3)
    bounds = accepted(comparator, target, None, "lower")
    assert unrounded(bounds, decimals).contains(value) is meets(value, decimals, bounds)


@given(
    target=st.decimals(1, 200, places=1),
    one=st.decimals(0, 300, places=3),
    other=st.decimals(0, 300, places=3),
)
def test_a_better_value_never_meets_less(target: Decimal, one: Decimal, other: Decimal) -> None:
    """Of two values, if the worse one meets the target so does the better one."""
    better, worse = sorted((one, other))
    bounds = accepted(Comparator.LE, target, None, "lower")
    assert meets(better, 1, bounds) or not meets(worse, 1, bounds)
