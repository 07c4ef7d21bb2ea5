"""Years to the target, UK Defra pilot: at the growth rate since the baseline, when will the target be reached?

From the R code of Defra's EAU pilot (January 2021; a trial, not an official method). It takes a smoothed series, divides its
change by the number of points and counts from today's date; here the baseline and the latest value stand as they are, the
change is divided by the years between them, and the years are counted from the latest value, so that the same data always say
the same.
"""

from __future__ import annotations

import math

from dabiao.assess.rules.interface import GROWTH, TOLERANCE, BaseRule, Ends, RuleInput, words
from dabiao.domain.assessment import RuleResult

GRACE = 5
"""Years after the deadline up to which there is some progress."""


def years_left(rate: float, value: float, target: float) -> float:
    """Years in which a value that changes by ``rate`` a year comes to the target; infinite at a rate of nought.

    Args:
        rate: above -1. It is taken to lead towards the target.
        value, target: both above nought.
    """
    speed = abs(math.log1p(rate))
    return abs(math.log(value) - math.log(target)) / speed if speed else math.inf


class YearsToTarget(BaseRule):
    """The class of the year in which the target would be reached; the figure is the years until then."""

    name = "years_to_target"
    types = GROWTH
    outcomes = words(("met", "substantial"), ("some_progress", "insufficient", "not_met"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper. From the value of the deadline's own year on, it only looks whether that meets the target."""
        e = given.ends
        if isinstance(e, str):
            return self.refuse(e, given)
        if given.current_holds:
            return self.says("met", 0.0, "met")
        if e.year >= e.target_year:
            return self.says("not_met", None, "not_met")
        if e.year <= e.base_year:
            return self.refuse("not_begun", given)
        if e.base <= 0:
            return self.refuse("no_growth_rate", given)
        if e.value < 0:
            return self.refuse("opposite_signs", given)
        if e.target <= 0:
            return self.refuse("target_not_positive", given)
        return self._in_time(given.sign, e)

    def _in_time(self, sign: float, e: Ends) -> RuleResult:
        """The class of a value that is still on its way, at the growth rate so far."""
        rate = (e.value - e.base) / e.base / (e.year - e.base_year)
        if sign * rate <= 0:
            return self.says("insufficient", math.inf, "away", rate=100 * rate, base_year=e.base_year)
        years = years_left(rate, e.value, e.target)
        late = e.year + years - e.target_year
        if late <= TOLERANCE:
            outcome = "substantial"
        else:
            outcome = "some_progress" if late <= GRACE + TOLERANCE else "insufficient"
        return self.says(
            outcome, years, rate=100 * rate, base_year=e.base_year, years=years, projected=e.year + years
        )
