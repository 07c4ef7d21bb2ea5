"""GB/T 8170 rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dabiao.domain.rounding import decimals_of, plain, round_gbt8170


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        # GB/T 8170-2008, 3.2: below five drops, above five raises, an exact five goes to the even digit
        ("12.1498", 1, "12.1"),
        ("12.1498", 0, "12"),
        ("10.5002", 0, "11"),
        ("1.050", 1, "1.0"),
        ("0.35", 1, "0.4"),
        ("28.175", 2, "28.18"),
        ("28.165", 2, "28.16"),
        ("30.5", 0, "30"),
        ("31.5", 0, "32"),
        ("60.5", 0, "60"),
        ("60.5001", 0, "61"),
        # 3.3: a negative value by its magnitude
        ("-36.5", 0, "-36"),
        ("-37.5", 0, "-38"),
        # 3.2.4: tens and hundreds
        ("1268", -2, "1.3E+3"),
    ],
)
def test_an_exact_half_goes_to_the_even_digit(value: str, decimals: int, rounded: str) -> None:
    """An exact half goes to the even digit; anything more than a half goes up."""
    assert round_gbt8170(Decimal(value), decimals) == Decimal(rounded)


def test_it_rounds_once() -> None:
    """15.4546 is 15, though rounding digit by digit would give 16 (GB/T 8170-2008, 3.3.1)."""
    assert round_gbt8170(Decimal("15.4546"), 0) == 15


@pytest.mark.parametrize(("value", "decimals"), [("30", 0), ("30.0", 1), ("45.22", 2), ("1E+2", 0)])
def test_decimals_are_those_printed(value: str, decimals: int) -> None:
    """A value's precision is the places it was printed with, trailing zero and all."""
    assert decimals_of(Decimal(value)) == decimals


def test_a_value_that_is_no_number_has_no_decimals() -> None:
    """NaN and infinity have no precision."""
    with pytest.raises(ValueError, match="finite"):
        decimals_of(Decimal("NaN"))


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("30.0"), "30.0"), (Decimal("1E+2"), "100"), (27.0, "27"), (0.1, "0.1")]
)
def test_numbers_are_written_plainly(value: Decimal | float, text: str) -> None:
    """No exponent; a decimal keeps its own zeros, a float has none to keep."""
    assert plain(value) == text
