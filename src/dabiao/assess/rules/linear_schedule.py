"""Linear schedule (线性时序进度): is the share of the way done at least the share of the time gone?

A convention, not law: no national text asks for a straight line, so whatever this rule says is labelled "linear, not
official". Milestones as issued are another rule.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import RuleInput
from dabiao.domain.assessment import RuleOutcome, RuleResult

_TOLERANCE = 1e-9


def path(given: RuleInput, year: float) -> float | None:
    """The straight line from baseline to target at a year, held at its ends; ``None`` without a baseline."""
    if given.base is None or given.base_year is None or given.target_year <= given.base_year:
        return None
    gone = (year - given.base_year) / (given.target_year - given.base_year)
    return given.base + (given.target - given.base) * min(max(gone, 0.0), 1.0)


class LinearSchedule:
    """Done share against elapsed share, both from the baseline year; a target already held at the baseline is to be kept."""

    name = "linear_schedule"

    def apply(self, given: RuleInput) -> RuleResult:
        def result(
            outcome: RuleOutcome,
            figure: float | None,
            favourable: bool | None,
            why: str = "",
            **params: float,
        ) -> RuleResult:
            message = f"rule.{self.name}.{why or outcome}"
            return RuleResult(self.name, outcome, figure, favourable, message, params)

        if given.base_year is None:
            return result(RuleOutcome.NOT_APPLICABLE, None, None, "no_base_year")
        if given.base is None:
            return result(
                RuleOutcome.NOT_APPLICABLE, None, None, "base_not_observed", base_year=given.base_year
            )
        if given.target_year <= given.base_year:
            return result(RuleOutcome.NOT_APPLICABLE, None, None, "no_time", base_year=given.base_year)
        sign = 1.0 if given.direction == "higher" else -1.0
        way = sign * (given.target - given.base)
        if way <= 0:
            outcome = RuleOutcome.HOLDS if given.current_holds else RuleOutcome.BREACHED
            return result(outcome, None, given.current_holds, base_year=given.base_year, base=given.base)
        done = sign * (given.current - given.base) / way
        needed = (min(given.current_year, given.target_year) - given.base_year) / (
            given.target_year - given.base_year
        )
        if done >= needed - _TOLERANCE:
            outcome = RuleOutcome.ON_SCHEDULE if done <= needed + _TOLERANCE else RuleOutcome.AHEAD
        else:
            outcome = RuleOutcome.BEHIND
        return result(
            outcome,
            done - needed,
            done >= needed - _TOLERANCE,
            done=100 * done,
            needed=100 * needed,
            base_year=given.base_year,
            base=given.base,
        )
