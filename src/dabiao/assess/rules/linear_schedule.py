"""Linear schedule (线性时序进度): is the share of the way done at least the share of the time gone?

A convention, not law: no national text asks for a straight line, so whatever this rule says is labelled "linear, not
official". Milestones as issued are another rule.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, Ends, RuleInput, words
from dabiao.domain.assessment import RuleResult


def path(
    base_year: int | None, base: float | None, target_year: int | None, target: float | None, year: float
) -> float | None:
    """The straight line from baseline to target at a year, held at its ends; ``None`` without a baseline or any time."""
    if base is None or base_year is None or target is None or target_year is None:
        return None
    if target_year <= base_year:
        return None
    gone = (year - base_year) / (target_year - base_year)
    return base + (target - base) * min(max(gone, 0.0), 1.0)


def shares(e: Ends) -> tuple[float, float]:
    """Share of the way done, and share of the time gone (from 0 to 1)."""
    done = (e.value - e.base) / (e.target - e.base)
    needed = (e.year - e.base_year) / (e.target_year - e.base_year)
    return done, min(max(needed, 0.0), 1.0)


class LinearSchedule(BaseRule):
    """Done share against elapsed share, both from the baseline year; a target already held at the baseline is to be kept.

    A value that meets the target at the target's own precision is never behind, also where its unrounded share falls
    short by less than that precision.
    """

    name = "linear_schedule"
    outcomes = words(("ahead", "on_schedule", "holds"), ("behind", "breached"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        e = given.ends
        if isinstance(e, str):
            return self.refuse(e, given)
        if given.sign * (e.target - e.base) <= 0:
            outcome = "holds" if given.current_holds else "breached"
            return self.says(outcome, None, outcome, base_year=e.base_year, base=e.base)
        done, needed = shares(e)
        if done > needed + TOLERANCE:
            outcome = "ahead"
        elif done >= needed - TOLERANCE or given.current_holds:
            outcome = "on_schedule"
        else:
            outcome = "behind"
        return self.says(
            outcome,
            done - needed,
            outcome,
            done=100 * done,
            needed=100 * needed,
            base_year=e.base_year,
            base=e.base,
        )
