"""Milestones as issued (阶段目标): does the latest value meet the last milestone that is due?

A milestone is held against the value at its own precision, as a target is. Once due it is to be kept: a value that met it
in its year and has fallen back since does not meet it.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult
from dabiao.domain.rounding import to_decimal
from dabiao.domain.target import meets


class IssuedMilestones(BaseRule):
    """The values that a document issued on the way, not a line drawn by us."""

    name = "issued_milestones"
    outcomes = words(("reached",), ("not_reached",), ("not_due",))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is by how much the value is better than the milestone."""
        if given.current is None or given.current_year is None:
            return self.refuse("no_current", given)
        if not given.milestones:
            return self.refuse("no_milestones", given)
        ordered = sorted(given.milestones, key=lambda m: m.year)
        due = [m for m in ordered if m.year <= given.current_year]
        if not due:
            return self.says("not_due", None, "not_due", year=ordered[0].year, value=ordered[0].value)
        last = due[-1]
        met = meets(to_decimal(given.current), last.decimals, last.bounds)
        return self.says(
            "reached" if met else "not_reached",
            given.sign * (given.current - last.value),
            year=last.year,
            value=last.value,
            current=given.current,
            current_year=given.current_year,
        )
