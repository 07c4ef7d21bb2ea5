"""Time progress (时间进度达成率): a total to date over what a total in step with the days would be.

A practice of reporting sales and money, seen in public code; no environmental text asks for it. It is for totals alone: a
level is not additive, and a share has no sum. The part-year panel of a total shows the same figure, by the same arithmetic.
"""

from __future__ import annotations

import math
from fractions import Fraction

from dabiao.assess.part_year.arithmetic import progress
from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult
from dabiao.domain.target import IndicatorType


class TimeProgress(BaseRule):
    """Ahead of the days gone, with them, or behind; where less is better, a larger share is behind."""

    name = "time_progress"
    types = frozenset({IndicatorType.CUMULATIVE})
    outcomes = words(("ahead", "on_schedule"), ("behind",))
    beside = False
    part_years = True

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is the total over what is due by the last day with data."""
        if given.current is None:
            return self.refuse("no_current", given)
        if given.target is None:
            return self.refuse("no_target", given)
        if given.days is None:
            return self.refuse("no_days", given)
        found = progress(Fraction(given.target), Fraction(given.current), *given.days)
        if found.attainment is None:
            return self.refuse("nothing_due", given)
        try:
            share = float(found.attainment)
        except OverflowError:
            share = math.copysign(math.inf, found.attainment)
        lead = given.sign * (share - 1.0)
        outcome = "on_schedule" if abs(lead) <= TOLERANCE else "ahead" if lead > 0 else "behind"
        return self.says(outcome, share, share=100 * share, elapsed=100 * float(found.elapsed))
