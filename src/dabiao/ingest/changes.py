"""What a cell says of a change against the year before (同比): 下降8.3%, +1.2个百分点, 持平."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from dabiao.domain.rounding import decimals_of

EITHER, PERCENT, DIFFERENCE = range(3)
"""What a printed change may be: of either kind, in per cent of the value before, or in the unit itself."""

_FALLS = re.compile(r"下降|降低|减少|降幅|减幅|回落|↓|▼|⬇")
_RISES = re.compile(r"上升|升高|增加|提高|增长|增幅|升幅|上涨|↑|▲|⬆")
_SAME = re.compile(r"持平|无变化|没有变化|不变|同期相同")
_NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d+)?)")
_POINTS = re.compile(r"百分点|pp\b|微克|毫克|[uµμ]g|mg|天|名")


@dataclass(frozen=True, slots=True)
class Change:
    """A change as printed.

    Attributes:
        amount: signed; a fall is negative.
        kind: :data:`EITHER`, :data:`PERCENT` or :data:`DIFFERENCE`.
    """

    printed: str
    amount: Decimal
    kind: int

    @property
    def half(self) -> float:
        """Half a unit of the last printed place."""
        return 0.5 * 10.0 ** -decimals_of(self.amount)


def parse_change(text: str, heading: str = "") -> Change | None:
    """The change that a cell prints; ``None`` where it prints none, or none that can be read with certainty.

    Args:
        heading: of its column; what it says of unit and direction (同比(%), 同比下降(百分点)) holds for the cell.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").split())
    above = "".join(unicodedata.normalize("NFKC", heading).split())
    if _SAME.search(plain):
        return Change(text.strip(), Decimal(0), EITHER)
    numbers = _NUMBER.findall(plain)
    if len(numbers) != 1:
        return None
    sign, digits = numbers[0]
    falls, rises = _direction(plain), _direction(above)
    if falls == 0 and sign == "":
        falls = rises
    if falls == 0:
        falls = -1 if sign == "-" else 1
    elif sign == "-" and falls > 0:
        return None  # "上升-3": which of the two is meant is not certain
    amount = Decimal(digits) * falls
    return Change(text.strip(), amount, _kind(plain) or _kind(above))


def _direction(text: str) -> int:
    """-1 for a word of falling, 1 of rising, 0 for none or both (升降, 上升/下降)."""
    return bool(_RISES.search(text)) - bool(_FALLS.search(text))


def _kind(text: str) -> int:
    if _POINTS.search(text):
        return DIFFERENCE
    return PERCENT if "%" in text else EITHER
