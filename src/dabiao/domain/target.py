"""Declared targets, and what it means that a value meets one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from dabiao.domain.observation import Tier
from dabiao.domain.period import deadline_end
from dabiao.domain.reports_due import ReportsDue
from dabiao.domain.rounding import decimals_of, round_gbt8170

Direction = Literal["lower", "higher"]


class Comparator(StrEnum):
    """How a value is held against a target."""

    LE = "<="
    GE = ">="
    LT = "<"
    GT = ">"
    EQ = "="
    ABOUT = "~="


class Measure(StrEnum):
    """What decides a target: a number, a state that someone reports, or a number in another document."""

    NUMERIC = "numeric"
    QUALITATIVE = "qualitative"
    DELEGATED = "delegated"


class Kind(StrEnum):
    """``level`` reach a value; ``change`` against a baseline; ``count`` finish N; ``milestone`` do it by a date."""

    LEVEL = "level"
    CHANGE = "change"
    COUNT = "count"
    MILESTONE = "milestone"


class Together(StrEnum):
    """How a target on a named group of regions is judged.

    ``each``: every member must meet it (各县均…), so that it is judged by the worst. ``mean`` and ``total``: the unweighted mean
    or the sum of the members' values, for periods in which every member has one. ``whole``: the group has its own.
    """

    EACH = "each"
    MEAN = "mean"
    TOTAL = "total"
    WHOLE = "whole"


class IndicatorType(StrEnum):
    """What kind of number an indicator is; it decides the scale of its forecasts and which rules may speak."""

    LEVEL = "level"
    SHARE = "share"
    COUNT = "count"
    CUMULATIVE = "cumulative"
    INDEX = "index"
    QUALITATIVE = "qualitative"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured.

    Attributes:
        direction: which way is better. Never defaulted.
        bounds: lowest and highest possible value in ``unit``; ``None`` where open.
        decimals: places with which officials publish it.
    """

    id: str
    zh: str
    en: str
    unit: str | None
    type: IndicatorType
    direction: Direction
    bounds: tuple[Decimal | None, Decimal | None]
    decimals: int
    frequency: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A place that a target binds; ``id`` is its GB/T 2260 code, or a slug for a named group (then ``members``)."""

    id: str
    zh: str
    en: str
    short_zh: str
    parent: str | None
    level: str
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def adcode(self) -> str | None:
        """The GB/T 2260 code, ``None`` for a named group."""
        return self.id if self.id.isdigit() else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of government that leads or answers for targets.

    市生态环境局 is printed in many plans and is another unit in each: ``region`` is the place whose unit it is, and
    ``aliases`` are the spellings that plans of that place print.
    """

    id: str
    region: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidingSeries:
    """Which observations may decide a target.

    Attributes:
        tiers: tiers of source that are let in; official and press-quoted unless the plan file declares more.
        proxy: the region is another one than the target's own.
    """

    region: str
    indicator: str
    tiers: tuple[Tier, ...]
    proxy: bool
    why_zh: str | None = None
    why_en: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A value to reach on the way, as a document issued it."""

    period: str
    value: Decimal
    document: str


@dataclass(frozen=True, slots=True)
class Attached:
    """The document that gives a delegated target its number, the words in which it does, and who attached it."""

    document: str
    issued: str
    quote: str
    url: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The values that meet a target: from ``low`` to ``high``, ``None`` where open on that side.

    ``low_in``/``high_in`` say whether the border itself meets it.
    """

    low: Decimal | None
    high: Decimal | None
    low_in: bool = True
    high_in: bool = True

    def contains(self, value: Decimal) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_in)):
            return False
        return not (
            self.high is not None and (value > self.high or (value == self.high and not self.high_in))
        )


@dataclass(frozen=True, slots=True)
class Target:
    """One declared target. Field names are those of the JSON contract (PRODUCT §6) where it has them."""

    id: str
    plan: str
    region: str
    indicator: str
    measure: Measure
    kind: Kind
    quote: str
    clause: str
    series: DecidingSeries
    together: Together = Together.EACH
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    tolerance: Decimal | None = None
    tolerance_note: str | None = None
    deadline: str | None = None
    deadline_note: str | None = None
    stretch: bool = False
    baseline_period: str | None = None
    baseline_value: Decimal | None = None
    baseline_declared: bool = False
    change: Literal["relative", "absolute"] | None = None
    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    printed: str | None = None
    read_as: str | None = None
    read_why: str | None = None
    same_as: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    attached: Attached | None = None
    reports: ReportsDue | None = None
    note: str | None = None

    @property
    def deadline_end(self) -> date | None:
        return deadline_end(self.deadline) if self.deadline else None

    @property
    def decimals(self) -> int:
        """The target's own precision: places after the point of its value as printed."""
        return decimals_of(self.value) if self.value is not None else 0


def members(target: Target, region: Region) -> tuple[str, ...]:
    """The regions whose own series decide a target together; empty where one series does.

    One series decides for a single region, for a group of which the plan file says ``whole``, and wherever the plan file
    names the series of another region.
    """
    if target.together is Together.WHOLE or target.series.region != target.region:
        return ()
    return region.members


def accepted(
    comparator: Comparator, value: Decimal, tolerance: Decimal | None, direction: Direction
) -> Bounds:
    """The values, *already rounded to the target's own precision*, that meet a target.

    ``~=`` (左右, 稳定在) is judged on the side on which an official would call it missed: 森林覆盖率稳定在56.7%左右 is not
    missed at 58. So with ``higher`` better only the lower border binds, with ``lower`` only the upper one (docs/adr/0006).

    Raises:
        ValueError: ``~=`` without a tolerance.
    """
    match comparator:
        case Comparator.LE:
            return Bounds(None, value)
        case Comparator.LT:
            return Bounds(None, value, high_in=False)
        case Comparator.GE:
            return Bounds(value, None)
        case Comparator.GT:
            return Bounds(value, None, low_in=False)
        case Comparator.EQ:
            return Bounds(value, value)
        case Comparator.ABOUT:
            if tolerance is None:
                raise ValueError("~= needs a declared tolerance")
            if direction == "higher":
                return Bounds(value - tolerance, None)
            return Bounds(None, value + tolerance)


def meets(value: Decimal, decimals: int, bounds: Bounds) -> bool:
    """Whether an observed value meets a target: rounded by GB/T 8170 to the target's precision, then compared.

    30.04 meets "≤ 30"; 30.5 does (half to even), 30.51 does not; 19.15 does not meet "< 19.2", 19.14 does.
    """
    return bounds.contains(round_gbt8170(value, decimals))


@lru_cache(maxsize=4096)
def unrounded(bounds: Bounds, decimals: int) -> Bounds:
    """The unrounded values whose rounding lies in ``bounds``: what a forecast's distribution is asked for.

    The border moves outward by half a unit of the last place where it is included and inward where it is not. Whether
    the half itself rounds in (half to even) is kept, so that ``meets`` and this agree on every decimal.
    """
    half = Decimal(5).scaleb(-decimals - 1)

    def edge(border: Decimal | None, border_in: bool, outward: int) -> tuple[Decimal | None, bool]:
        if border is None:
            return None, True
        toward = ROUND_FLOOR if outward > 0 else ROUND_CEILING
        whole = border.quantize(Decimal(1).scaleb(-decimals), rounding=toward)
        if whole != border:  # computed, not printed: the last rounded value inside it is the border
            border, border_in = whole, True
        moved = border + half * (outward if border_in else -outward)
        return moved, (round_gbt8170(moved, decimals) == border) == border_in

    low, low_in = edge(bounds.low, bounds.low_in, -1)
    high, high_in = edge(bounds.high, bounds.high_in, 1)
    return Bounds(low, high, low_in, high_in)
