"""The air quality index: HJ 633-2012 until 2026-02-28, HJ 633-2026 from 2026-03-01."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction, rounded

LEVELS = (0, 50, 100, 150, 200, 300, 400, 500)
TOP = LEVELS[-1]
START_2026 = date(2026, 3, 1)


class Standard(StrEnum):
    """Which text the index is computed by."""

    HJ633_2012 = "HJ633-2012"
    HJ633_2026 = "HJ633-2026"


class Level(StrEnum):
    """The six levels, first to sixth; in words they are messages ``standards.level.*``."""

    EXCELLENT = "excellent"
    GOOD = "good"
    LIGHT = "light"
    MODERATE = "moderate"
    HEAVY = "heavy"
    SEVERE = "severe"


_BOTH: dict[str, tuple[int, ...]] = {
    "SO2_24h": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "SO2_1h": (0, 150, 500, 650, 800),
    "NO2_24h": (0, 40, 80, 180, 280, 565, 750, 940),
    "NO2_1h": (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    "CO_24h": (0, 2, 4, 14, 24, 36, 48, 60),
    "CO_1h": (0, 5, 10, 35, 60, 90, 120, 150),
    "O3_8h": (0, 100, 160, 215, 265, 800),
    "O3_1h": (0, 160, 200, 300, 400, 800, 1000, 1200),
}
BREAKPOINTS: Mapping[Standard, Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        Standard.HJ633_2012: MappingProxyType(
            _BOTH
            | {
                "PM10_24h": (0, 50, 150, 250, 350, 420, 500, 600),
                "PM2.5_24h": (0, 35, 75, 115, 150, 250, 350, 500),
            }
        ),
        Standard.HJ633_2026: MappingProxyType(
            _BOTH
            | {
                "PM10_24h": (0, 50, 120, 250, 350, 420, 500, 600),
                "PM2.5_24h": (0, 35, 60, 115, 150, 250, 350, 500),
            }
        ),
    }
)
"""µg/m³ (CO mg/m³) at the sub-indices :data:`LEVELS`; a shorter row ends where a note of the table takes over."""

SIX = ("SO2_24h", "NO2_24h", "PM10_24h", "PM2.5_24h", "CO_24h", "O3_8h")
DAILY = MappingProxyType({Standard.HJ633_2012: (*SIX, "O3_1h"), Standard.HJ633_2026: SIX})
"""What enters the daily report; in 2012 also the day's highest hour of ozone."""
HOURLY = MappingProxyType(
    {
        Standard.HJ633_2012: ("SO2_1h", "NO2_1h", "CO_1h", "O3_1h", "O3_8h", "PM10_24h", "PM2.5_24h"),
        Standard.HJ633_2026: ("SO2_1h", "NO2_1h", "CO_1h", "O3_1h", "PM10_24h", "PM2.5_24h"),
    }
)
"""What enters the real-time report. The particulates' breakpoints are the daily ones: in 2026 for the hour's value,
in 2012 for the moving mean of 24 hours."""

INSTEAD = MappingProxyType({"O3_8h": "O3_1h", "SO2_1h": "SO2_24h"})
"""HJ 633-2012: the item that counts where the other is above the end of its row."""
OPTIONAL = MappingProxyType({False: ("O3_1h",), True: ()})
"""Items that enter where they are given and whose absence holds nothing back."""


def standard_on(day: date) -> Standard:
    """The text in force on a day."""
    return Standard.HJ633_2026 if day >= START_2026 else Standard.HJ633_2012


def decimals(item: str) -> int:
    """Places to which a concentration is rounded before it enters: CO one, everything else none."""
    return 1 if item.startswith("CO") else 0


def raw_iaqi(standard: Standard, item: str, concentration: Number) -> Fraction | None:
    """The sub-index before it is rounded up, of a concentration that is already rounded.

    ``None`` where the text gives none: under HJ 633-2012 an hour of SO2 above 800 (the daily one counts) and 8 hours of
    ozone above 800 (the hour's one counts). Under HJ 633-2026 these are 200 and 300.
    """
    value = fraction(concentration)
    if value < 0:
        raise ValueError(f"a concentration below zero: {concentration}")
    points = BREAKPOINTS[standard][item]
    if value > points[-1]:
        if len(points) == len(LEVELS):
            return Fraction(TOP)
        return Fraction(LEVELS[len(points) - 1]) if standard is Standard.HJ633_2026 else None
    high = next(i for i in range(1, len(points)) if value <= points[i])
    low = high - 1
    slope = Fraction(LEVELS[high] - LEVELS[low], points[high] - points[low])
    return slope * (value - points[low]) + LEVELS[low]


def iaqi(standard: Standard, item: str, concentration: Number) -> int | None:
    """The sub-index: the concentration rounded by GB/T 8170, then the exact sub-index rounded up."""
    raw = raw_iaqi(standard, item, rounded(concentration, decimals(item)))
    return None if raw is None else ceil(raw)


def level(index: int) -> Level:
    """The level of an index. Zero is the first (HJ 633-2026 begins at 1)."""
    for upper, name in zip((50, 100, 150, 200, 300), Level, strict=False):
        if index <= upper:
            return name
    return Level.SEVERE


@dataclass(frozen=True, slots=True)
class Index:
    """An index with its parts. ``aqi`` is ``None`` where the text says NA; ``missing`` are the items that are absent."""

    standard: Standard
    iaqi: dict[str, int | None]
    aqi: int | None
    primary: tuple[str, ...]
    exceeding: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def level(self) -> Level | None:
        return None if self.aqi is None else level(self.aqi)

    @property
    def good(self) -> bool | None:
        """Whether the day counts as 优良: an index of at most 100."""
        return None if self.aqi is None else self.aqi <= 100

    @property
    def heavy(self) -> bool | None:
        """Whether the day counts as 重污染: an index above 200."""
        return None if self.aqi is None else self.aqi > 200


def index(
    standard: Standard,
    values: Mapping[str, Decimal | None],
    *,
    hourly: bool = False,
    exempt: Collection[str] = (),
) -> Index:
    """The index of a day, or of an hour.

    Args:
        values: concentrations by item (``PM2.5_24h`` …); ``None`` or absent is missing.
        hourly: the real-time report instead of the daily one.
        exempt: items never monitored that led no polluted day in three years (HJ 633-2026 5.3.2): their absence does
            not hold the index back.
    """
    items = (HOURLY if hourly else DAILY)[standard]
    known = {i: v for i in items if (v := values.get(i)) is not None}
    parts: dict[str, int | None] = {
        i: iaqi(standard, i, known[i]) if i in known else None
        for i in items
        if i in known or i not in OPTIONAL[hourly]
    }
    missing = []
    for item, part in list(parts.items()):
        if part is not None:
            continue
        instead = INSTEAD.get(item) if item in known else None
        other = values.get(instead) if instead else None
        if instead is not None and other is not None:
            parts[instead] = iaqi(standard, instead, other)
        elif item not in exempt or item in known:
            missing.append(item)
    numbers = {i: n for i, n in parts.items() if n is not None}
    highest = max(numbers.values(), default=None)
    if highest is None or (missing and highest <= 100):
        return Index(standard, parts, None, (), (), tuple(missing))
    return Index(
        standard,
        parts,
        highest,
        tuple(i for i, n in numbers.items() if n == highest) if highest > 50 else (),
        tuple(i for i, n in numbers.items() if n > 100),
        tuple(missing),
    )
