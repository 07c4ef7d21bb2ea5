"""Rivers, basins and regions: 环办[2011]22号, shares of sections by class, and how they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dabiao.standards.exact import Number, fraction
from dabiao.standards.statistics import ratio_percent
from dabiao.standards.water import Section, WaterClass, mean_of, section

FEW = 5
"""With fewer sections than this the mean concentrations are evaluated, not the shares."""


class Grade(StrEnum):
    """The words for a section or a river; in words they are messages ``standards.grade.*``."""

    EXCELLENT = "excellent"
    GOOD = "good"
    LIGHT = "light"
    MODERATE = "moderate"
    HEAVY = "heavy"


class Change(StrEnum):
    """How the quality changed; in words they are messages ``standards.change.*``."""

    NONE = "none"
    BETTER = "better"
    WORSE = "worse"
    MUCH_BETTER = "much_better"
    MUCH_WORSE = "much_worse"


_OF_CLASS = (Grade.EXCELLENT, Grade.EXCELLENT, Grade.GOOD, Grade.LIGHT, Grade.MODERATE, Grade.HEAVY)


def section_grade(found: WaterClass) -> Grade:
    """The word for one section's class."""
    return _OF_CLASS[found - 1]


@dataclass(frozen=True, slots=True)
class Shares:
    """How many sections are of each class, Ⅰ to worse than Ⅴ."""

    counts: tuple[int, int, int, int, int, int]

    @classmethod
    def of(cls, classes: Iterable[WaterClass]) -> Shares:
        """Count the classes of sections."""
        found = list(classes)
        i, ii, iii, iv, v, worse = (found.count(c) for c in WaterClass)
        return cls((i, ii, iii, iv, v, worse))

    @property
    def sections(self) -> int:
        return sum(self.counts)

    @property
    def good_count(self) -> int:
        """Sections of class Ⅰ to Ⅲ."""
        return sum(self.counts[:3])

    @property
    def worse_count(self) -> int:
        """Sections worse than Ⅴ."""
        return self.counts[5]

    def percent(self, count: int) -> Decimal | None:
        """A count as a share of all sections, as published: one decimal."""
        return ratio_percent(count, self.sections)

    @property
    def worse_gone(self) -> bool:
        """Whether no section is worse than Ⅴ (消除劣Ⅴ类)."""
        return self.worse_count == 0


def shares_grade(shares: Shares) -> Grade | None:
    """The word for a river of five sections or more, by its exact shares; ``None`` where there are fewer."""
    if shares.sections < FEW:
        return None
    good = Fraction(shares.good_count * 100, shares.sections)
    worse = Fraction(shares.worse_count * 100, shares.sections)
    if good >= 90:
        return Grade.EXCELLENT
    if good >= 75:
        return Grade.GOOD
    if worse < 20:
        return Grade.LIGHT
    return Grade.MODERATE if worse < 40 else Grade.HEAVY


def river_of_means(sections: Sequence[Mapping[str, Number]], *, lake: bool = False) -> Section:
    """A river of fewer than five sections: the mean of each item over all of them, evaluated as one section."""
    return section(mean_of(sections), lake=lake)


def change(
    good_before: Number, worse_before: Number, good_now: Number, worse_now: Number
) -> tuple[Fraction, Change]:
    """The change of a river between two periods, from the shares of class Ⅰ–Ⅲ and of worse than Ⅴ in percent.

    Returns:
        The difference of the two changes in percentage points, and the word for it.
    """
    points = (fraction(good_now) - fraction(good_before)) - (fraction(worse_now) - fraction(worse_before))
    if abs(points) <= 10:
        return points, Change.NONE
    if abs(points) <= 20:
        return points, Change.BETTER if points > 0 else Change.WORSE
    return points, Change.MUCH_BETTER if points > 0 else Change.MUCH_WORSE


def class_change(before: WaterClass, now: WaterClass) -> Change:
    """The change of one section: by one class, or by two and more."""
    steps = before - now
    if steps == 0:
        return Change.NONE
    if abs(steps) == 1:
        return Change.BETTER if steps > 0 else Change.WORSE
    return Change.MUCH_BETTER if steps > 0 else Change.MUCH_WORSE
