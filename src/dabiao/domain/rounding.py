"""GB/T 8170-2008 rounding, and how many decimals a printed value has."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def round_gbt8170(value: Decimal, decimals: int) -> Decimal:
    """Round once, an exact half to even (GB/T 8170-2008, 3.2). A negative value is rounded by its magnitude,
    which for half-even is the same.

    Args:
        value: the unrounded value; give decimals, not binary floats: ``Decimal("28.165")``.
        decimals: places kept after the point; may be negative for tens.
    """
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)


def decimals_of(value: Decimal) -> int:
    """Places after the point of a value as printed: ``30`` → 0, ``45.22`` → 2, ``30.0`` → 1."""
    places = str(value).partition(".")[2]
    if places.isdigit():  # its text is taken apart in a fifth of the time that its digits take
        return len(places)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"not a finite number: {value}")
    return max(0, -exponent)


def to_decimal(value: Decimal | float | int | str) -> Decimal:
    """The decimal a person reads when the value is printed (``0.1`` → ``0.1``, not its binary neighbour)."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def plain(value: Decimal | float) -> str:
    """A number as a person writes it: no exponent, no trailing point, its own decimals kept."""
    text = format(to_decimal(value), "f")
    return text.rstrip("0").rstrip(".") if isinstance(value, float) and "." in text else text
