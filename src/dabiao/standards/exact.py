"""Exact numbers: fractions rounded by GB/T 8170."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dabiao.domain.rounding import round_gbt8170

Number = Decimal | Fraction | int


def fraction(value: Number | str) -> Fraction:
    """The exact fraction of a decimal, integer or decimal text; never of a binary float."""
    return Fraction(value)


def rounded(value: Number, decimals: int) -> Decimal:
    """Round once, an exact half to even (GB/T 8170-2008).

    A fraction that no decimal can write is handed on with one more digit and, below it, a mark that something
    follows: enough to tell less than half, half and more than half.
    """
    if isinstance(value, int):
        value = Decimal(value)
    if isinstance(value, Decimal):
        return round_gbt8170(value, decimals)
    digits, rest = divmod(abs(value) * Fraction(10) ** (decimals + 1), 1)
    near = Decimal(int(digits) * 10 + (1 if rest else 0)).scaleb(-(decimals + 2))
    return round_gbt8170(near.copy_sign(-1) if value < 0 else near, decimals)
