"""Ratios of surveys that are derived only where numerator and denominator are both given: noise and farmland."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction, rounded
from dabiao.standards.statistics import ratio_percent

NIGHT_LIMITS = MappingProxyType({"0": 40, "1": 45, "2": 50, "3": 55, "4a": 55, "4b": 60})
"""GB 3096-2008, dB(A) at night by functional zone."""


def night_complies(zone: str, leq: Number) -> bool | None:
    """Whether a point complied in one night. ``None`` within a whole decibel above the limit: whether the level is rounded
    before it is compared was read nowhere.
    """
    over = fraction(leq) - NIGHT_LIMITS[zone]
    return None if 0 < over < 1 else over <= 0


def night_ratio(compliant: int, monitored: int) -> Decimal | None:
    """Compliant point-times to monitored point-times, percent."""
    return ratio_percent(compliant, monitored)


def safe_use_percent(protected: Number, safe: Number, controlled: Number, polluted: Number) -> Decimal:
    """受污染耕地安全利用率: protected, safely used and controlled area to all polluted farmland, percent, one decimal."""
    parts = fraction(protected) + fraction(safe) + fraction(controlled)
    return rounded(parts / fraction(polluted) * 100, 1)
