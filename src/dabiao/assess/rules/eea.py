"""EEA 8th EAP outlook words, given from the attainment.

The EEA publishes the words and no formula; the cut-offs are those of the likelihood scale that IPCC and LWPTrends use, and
the choice of them is ours.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult

SCALE = (("very_likely", 0.90), ("likely", 0.67), ("unclear", 0.33), ("unlikely", 0.10))


def word(attainment: float) -> str:
    """The outlook word of a probability."""
    for outcome, border in SCALE:
        if attainment >= border:
            return outcome
    return "very_unlikely"


class Eea(BaseRule):
    """The attainment in the words of the EEA's outlook."""

    name = "eea"
    outcomes = words(("very_likely", "likely"), ("unlikely", "very_unlikely"), ("unclear",))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is the attainment."""
        p = given.attainment
        if p is None:
            return self.refuse("no_attainment", given)
        return self.of(p)

    def of(self, attainment: float) -> RuleResult:
        """The word of a probability, with it as figure."""
        return self.says(word(attainment), attainment, attainment=100 * attainment)
