"""UN SDG progress chart 2023: the growth rate carried on to the deadline, as a share of the way from the baseline to the target.

From the technical note as quoted by EUSTAT (EUSTAT-DES/site _pages/en/metodologia.md @10f3c702).
"""

from __future__ import annotations

import math

from dabiao.assess.rules.interface import GROWTH, TOLERANCE, BaseRule, RuleInput, growth, words
from dabiao.domain.assessment import RuleResult

WORDS = ("on_track_or_met", "fair_progress", "stagnation_or_regression")
SHARE = (0.95, 0.10)
RATE = (0.02, 0.005)
NEAR_LIMIT = 1.0
"""Within one point of a target of 0 % or 100 % the target counts as met."""


def word(figure: float, borders: tuple[float, float]) -> str:
    """The class of a share or a rate."""
    if figure >= borders[0] - TOLERANCE:
        return WORDS[0]
    return WORDS[1] if figure >= borders[1] - TOLERANCE else WORDS[2]


class UnChart(BaseRule):
    """The projected share of the way; without a target the growth rate."""

    name = "un_chart"
    types = GROWTH
    outcomes = words(("on_track_or_met",), ("fair_progress", "stagnation_or_regression"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is the projected share, without a target the signed rate."""
        if given.current is None or given.current_year is None:
            return self.refuse("no_current", given)
        if given.base_year is None or given.base is None:
            return self.refuse("no_base_year" if given.base_year is None else "base_not_observed", given)
        if given.current_year <= given.base_year:
            return self.refuse("not_begun", given)
        rate = growth(given.current, given.base, given.current_year - given.base_year)
        if rate is None or given.base < 0:
            return self.refuse("no_growth_rate", given)
        if given.target is None:
            signed = given.sign * rate
            return self.says(word(signed, RATE), signed, "rate", rate=100 * signed, base_year=given.base_year)
        if given.target_year is None or given.target_year <= given.base_year:
            return self.refuse("no_time", given)
        met = given.current_holds or self._at_limit(given.current, given.target, given.limit)
        if given.sign * (given.target - given.base) <= 0:
            return self.says(WORDS[0] if met else WORDS[2], None, "held" if met else "not_held")
        projected = self._carried_on(given.current, rate, given.target_year - given.current_year)
        share = (projected - given.base) / (given.target - given.base)
        return self.says(
            WORDS[0] if met else word(share, SHARE),
            share,
            "met" if met else "says",
            share=100 * share,
            projected=projected,
            year=given.target_year,
        )

    @staticmethod
    def _carried_on(current: float, rate: float, years: int) -> float:
        if rate == -1.0:  # a value of nought stays there
            return 0.0
        try:
            return float(current * (1 + rate) ** years)
        except OverflowError:
            return math.inf

    @staticmethod
    def _at_limit(current: float, target: float, limit: float | None) -> bool:
        return limit == target and target in (0.0, 100.0) and abs(current - target) <= NEAR_LIMIT
