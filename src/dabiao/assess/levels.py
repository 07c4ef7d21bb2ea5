"""From a target as declared to the values that meet it."""

from __future__ import annotations

from decimal import Decimal

from dabiao.domain.assessment import Reason
from dabiao.domain.target import Bounds, Comparator, Indicator, Kind, Target, accepted

_STRICT = {Comparator.GT, Comparator.LT}


def level_bounds(target: Target, indicator: Indicator, baseline: Decimal | None) -> tuple[Bounds, int] | None:
    """The indicator's values that meet a numeric target, and the decimals at which they are compared.

    A ``change`` target becomes a level through its baseline; ``None`` while there is none (:func:`why_no_level`). Its value
    counts towards the better: 10 is 下降10% where lower is better and 提高10% where higher is; -5 lets the indicator get worse by
    5 at most (增幅控制在5%以内). A tolerance (左右) takes that much off. The border is computed, not printed, so it is compared at
    the precision in which the indicator is published.
    """
    assert target.comparator is not None and target.value is not None
    if target.kind is not Kind.CHANGE:
        return accepted(
            target.comparator, target.value, target.tolerance, indicator.direction
        ), target.decimals
    base = _base(target, baseline)
    if base is None or why_no_level(target, baseline) is not None:
        return None
    wanted = target.value - (target.tolerance or 0)
    size = base * wanted / 100 if target.change == "relative" else wanted
    border = base - size if indicator.direction == "lower" else base + size
    open_end = target.comparator in _STRICT
    if indicator.direction == "lower":
        comparator = Comparator.LT if open_end else Comparator.LE
    else:
        comparator = Comparator.GT if open_end else Comparator.GE
    return accepted(comparator, border, None, indicator.direction), indicator.decimals


def why_no_level(target: Target, baseline: Decimal | None) -> Reason | None:
    """Why a change cannot be turned into a level: its baseline is unknown, or a percentage of it says nothing."""
    if target.kind is not Kind.CHANGE:
        return None
    base = _base(target, baseline)
    if base is None:
        return Reason.BASELINE_MISSING
    return Reason.BASELINE_NOT_POSITIVE if target.change == "relative" and base <= 0 else None


def _base(target: Target, baseline: Decimal | None) -> Decimal | None:
    return target.baseline_value if target.baseline_value is not None else baseline


def border_of(bounds: Bounds) -> Decimal:
    """The border that binds: the upper one where there is one."""
    border = bounds.low if bounds.high is None else bounds.high
    assert border is not None
    return border
