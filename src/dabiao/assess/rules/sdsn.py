"""SDSN trend arrow: the annual step since the baseline against the step that the target asks for.

Published on scores from 0 to 100; the ratio of two steps is the same on the indicator's own scale, and which way is better
is the direction. Order of tests as in the Codebook (jacubero/SDG @0cfc95ab): a value that holds is on track even when it
falls.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult


class Sdsn(BaseRule):
    """The arrow as a word; the figure is the ratio of the two steps."""

    name = "sdsn"
    outcomes = words(("on_track",), ("moderately_improving", "stagnating", "decreasing"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        e = given.ends
        if isinstance(e, str):
            return self.refuse(e, given)
        if e.year > e.target_year:
            return self.refuse("past", given)
        if e.year <= e.base_year:
            return self.refuse("not_begun", given)
        actual = given.sign * (e.value - e.base) / (e.year - e.base_year)
        required = given.sign * (e.target - e.base) / (e.target_year - e.base_year)
        slack = TOLERANCE * abs(required)
        if given.current_holds:
            outcome = "on_track"
        elif actual < 0:
            outcome = "decreasing"
        elif actual >= required - slack:
            outcome = "on_track"
        elif actual >= 0.5 * required - slack:
            outcome = "moderately_improving"
        else:
            outcome = "stagnating"
        ratio = actual / required if required > 0 else None
        return self.says(outcome, ratio, actual=actual, required=required, base_year=e.base_year)
