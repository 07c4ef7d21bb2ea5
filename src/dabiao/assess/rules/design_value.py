"""Design value, US: what the third year may average so that the mean of three years stays below the limit.

The annual PM2.5 standard of the US EPA is held against the mean of three years; public trackers of it solve for the year in
progress, with the border before rounding (9.05 for a limit of 9.0 to one decimal), which itself no longer meets. The words
are ours. A single year's target is not one on three years, so the rule stands beside no status.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult
from dabiao.domain.target import IndicatorType

YEARS = 3


def required(border: float, first: float, second: float) -> float:
    """The third annual mean with which the mean of the three is exactly at the border."""
    return YEARS * border - first - second


class DesignValue(BaseRule):
    """Three years to a limit, ending with the target year; the figure is the third year's mean at the border."""

    name = "design_value"
    types = frozenset({IndicatorType.LEVEL})
    outcomes = words(("met",), ("not_met", "not_attainable"), ("open",))
    beside = False

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper. The two years before the target year are never filled in from one of them."""
        if given.kind is not None:
            return self.refuse("not_three_years", given)
        if given.direction != "lower":
            return self.refuse("only_lower", given)
        if given.target is None or given.target_year is None:
            return self.refuse("no_target", given)
        values, third = dict(given.values), given.target_year
        first, second = values.get(third - 2), values.get(third - 1)
        if first is None or second is None:
            return self.refuse("no_two_years", given)
        needed = required(given.target, first, second)
        observed = values.get(third)
        if observed is None:
            outcome = "open" if needed > 0 else "not_attainable"
            return self.says(outcome, needed, outcome, needed=needed, year=third)
        return self.says(
            "met" if observed < needed - TOLERANCE else "not_met",
            needed,
            "over",
            mean=(first + second + observed) / YEARS,
            border=given.target,
            year=third,
        )
