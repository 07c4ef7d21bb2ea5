"""Shares that count whole things: days of a year, sections of a river."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dabiao.assess.part_year.arithmetic import Interval, Outlook
from dabiao.domain.rounding import decimals_of, round_gbt8170
from dabiao.domain.target import Direction

FEWEST_VALID = Fraction(3, 4)
"""Fewest of a period's days that are taken to have been valid when its printed share is read as a number of days (ours)."""

_SECTIONS = re.compile(r"(\d+)\s*(?:个|处|sections?\b)")


@dataclass(frozen=True, slots=True)
class Days:
    """Days behind a printed share.

    Attributes:
        valid: days that count, ``calendar`` unless the share fits no whole number of them.
        counted: days that have what the share is of; ``low``, ``high``: the fewest and most that print as this share.
    """

    calendar: int
    valid: int
    counted: int
    low: int
    high: int

    def __add__(self, other: Days) -> Days:
        return Days(
            self.calendar + other.calendar,
            self.valid + other.valid,
            self.counted + other.counted,
            self.low + other.low,
            self.high + other.high,
        )


NO_DAYS = Days(0, 0, 0, 0, 0)


def days_of(share: Decimal, calendar: int) -> Days:
    """The whole days that print as ``share`` percent of a period.

    With invalid days left out the denominator is smaller: 85.7 % of 366 days fits no whole number, 312 of 364 does. The
    largest denominator that fits is taken. Where none does (a mean of several places) the nearest day count stands, and a
    day to either side is possible.
    """
    decimals = decimals_of(share)
    for valid in range(calendar, max(0, int(calendar * FEWEST_VALID) - 1), -1):
        near = round(Fraction(share) * valid / 100)
        reach = int(valid * Fraction(1, 10**decimals) / 100) + 1
        fits = [
            n
            for n in range(max(0, near - reach), min(valid, near + reach) + 1)
            if round_gbt8170(Decimal(100 * n) / valid, decimals) == share
        ]
        if fits:
            counted = min(fits, key=lambda n: abs(n - near))
            return Days(calendar, valid, counted, fits[0], fits[-1])
    near = round(Fraction(share) * calendar / 100)
    return Days(calendar, calendar, near, max(0, near - 1), min(calendar, near + 1))


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many of a whole may still go wrong.

    Attributes:
        total: of the year's days, or of the sections, those that count.
        allowed: how many may be on the wrong side so that the share, rounded as the target is, still meets it.
        allowed_strict: the same without the leave of rounding: floor of total times what the target leaves.
        used: those on the wrong side so far; ``used_low``, ``used_high`` where the printed share leaves it open.
        rest: those still to come.
    """

    total: int
    allowed: int
    allowed_strict: int
    used: int
    used_low: int
    used_high: int
    rest: int

    @property
    def left(self) -> int:
        """How many more may go wrong; below nought when too many have."""
        return self.allowed - self.used

    @property
    def needed(self) -> int:
        """How many of the rest must go right."""
        return max(0, self.rest - self.left)

    @property
    def needed_right(self) -> int:
        """How many of the whole must be on the right side, without the leave of rounding."""
        return self.total - self.allowed_strict

    @property
    def outlook(self) -> Outlook:
        """Secured even if all of the rest goes wrong; not attainable even if none does, at the most favourable reading."""
        if self.allowed - self.used_high >= self.rest:
            return Outlook.SECURED
        return Outlook.NOT_ATTAINABLE if self.allowed < self.used_low else Outlook.OPEN


def allowance(
    accepted: Interval,
    strict: Interval,
    direction: Direction,
    total: int,
    known: Days,
    rest: int,
) -> Allowance | None:
    """The allowance of a share in percent; ``None`` for a target that binds on both sides or on the wrong one.

    Args:
        accepted, strict: shares that meet the target, with the leave of rounding and without.
        known: what is known of it; its ``counted`` are right-side days where higher is better, wrong-side days otherwise.
    """
    binds = "low" if direction == "higher" else "high"
    if getattr(accepted, binds) is None or (accepted.low is None) == (accepted.high is None):
        return None

    def wrong(shares: Interval) -> int:
        counts = shares.map(Fraction(total, 100), Fraction(0))
        if direction == "higher":
            least = counts.least()
            assert least is not None
            return total - int(least)
        most = counts.most()
        assert most is not None
        return int(most)

    used, low, high = known.counted, known.low, known.high
    if direction == "higher":
        used, low, high = known.valid - used, known.valid - high, known.valid - low
    return Allowance(total, wrong(accepted), wrong(strict), used, low, high, rest)


def sections_in(scope: str) -> int | None:
    """How many sections a scope names (``国考断面111个``); ``None`` where it does not say."""
    found = _SECTIONS.search(scope)
    return int(found[1]) if found else None
