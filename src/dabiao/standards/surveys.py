"""Ratios of surveys that are derived only where numerator and denominator are both given: noise and farmland."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction, rounded
from dabiao.standards.outcome import Derived
from dabiao.standards.rules import Why
from dabiao.standards.statistics import ratio_percent

NIGHT_LIMITS = MappingProxyType({"0": 40, "1": 45, "2": 50, "3": 55, "4a": 55, "4b": 60})
"""GB 3096-2008, dB(A) at night by functional zone."""


def night_complies(zone: str, leq: Number) -> bool | None:
    """Whether a point complied in one night. ``None`` within a whole decibel above the limit: whether the level is rounded
    before it is compared was read nowhere.
    """
    over = fraction(leq) - NIGHT_LIMITS[zone]
    return None if 0 < over < 1 else over <= 0


AUTOMATIC = 2025
"""From this year on the night rate is evaluated by automatic stations under 环办监测〔2024〕33号, which was not read."""


@dataclass(frozen=True, slots=True)
class Nights:
    """What was monitored at night in one place and period, in point-times.

    Attributes:
        undecided: nights less than a decibel above the limit; see :func:`night_complies`.
        by_level: whether compliance was judged here, from levels, or came as a count.
    """

    compliant: int
    monitored: int
    undecided: int = 0
    by_level: bool = False


def night_ratio(period: str, nights: Nights) -> Derived:
    """声环境功能区夜间达标率: compliant point-times to monitored point-times, percent.

    Where undecided nights change the rounded rate it has no value; the reason gives the two that are possible.
    """
    low, high = (ratio_percent(nights.compliant + more, nights.monitored) for more in (0, nights.undecided))
    why = [] if low is not None else [Why("nothing_monitored")]
    if low is not None and low != high:
        params: dict[str, int | str] = {"count": nights.undecided, "low": str(low), "high": str(high)}
        why.append(Why("noise_undecided", params))
    rules = ["noise_ratio", *(["noise_limits", "noise_decibel"] if nights.by_level else [])]
    if int(period[:4]) >= AUTOMATIC:
        rules.append("noise_automatic")
        why.append(Why("noise_automatic"))
    unrounded = (
        Fraction(100 * nights.compliant, nights.monitored) if low is not None and low == high else None
    )
    return _of_survey(
        period, "night_noise", low if low == high else None, nights.monitored, why, rules, unrounded
    )


def safe_use(period: str, protected: Number, safe: Number, controlled: Number, polluted: Number) -> Derived:
    """受污染耕地安全利用率 with its areas, all in one unit.

    Raises:
        ValueError: the parts exceed the whole, or there is no whole.
    """
    parts = fraction(protected) + fraction(safe) + fraction(controlled)
    if not fraction(polluted) > 0 or parts > fraction(polluted):
        raise ValueError(polluted)
    value = safe_use_percent(protected, safe, controlled, polluted)
    share = parts / fraction(polluted) * 100
    return _of_survey(period, "safe_use", value, 1, [], ["soil_safe_use"], share)


def safe_use_percent(protected: Number, safe: Number, controlled: Number, polluted: Number) -> Decimal:
    """受污染耕地安全利用率: protected, safely used and controlled area to all polluted farmland, percent, one decimal."""
    parts = fraction(protected) + fraction(safe) + fraction(controlled)
    return rounded(parts / fraction(polluted) * 100, 1)


def _of_survey(
    period: str,
    indicator: str,
    value: Decimal | None,
    count: int,
    why: Sequence[Why],
    rules: Sequence[str],
    unrounded: Fraction | None,
) -> Derived:
    """A share that has no rule on how much must be surveyed."""
    standard = "GB3096-2008" if indicator == "night_noise" else None
    return Derived(
        period, "in_force", standard, None, indicator, None, value, "%", count, None,
        tuple(why), tuple(rules), unrounded,
    )  # fmt: skip
