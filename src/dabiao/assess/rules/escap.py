"""UN ESCAP: current status (how much of the way is done, 0 to 10) and anticipated progress (maintain, accelerate, reverse).

The prediction is a time-weighted straight line on the years since 2000. ESCAP's weights were not found: ours grow by one
each point, from one. Its cut-off of a tenth of the way is recalled, not read. RULES.md, page 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, ends, words
from dabiao.domain.assessment import RuleResult

FIRST_YEAR = 2000
CUT_OFF = 0.10


def score(base: float, current: float, target: float) -> float:
    """Current status: ten times the share of the way done. Not capped."""
    return 10 * (current - base) / (target - base)


def predicted(points: Sequence[tuple[int, float]], year: int) -> float:
    """Weighted straight line through at least two points, at a year; later points weigh more."""
    weights = range(1, len(points) + 1)
    total = sum(weights)
    origin = points[-1][0]
    mean_t = sum([w * (t - origin) for w, (t, _) in zip(weights, points, strict=True)]) / total
    mean_y = sum([w * y for w, (_, y) in zip(weights, points, strict=True)]) / total
    upper = lower = 0.0
    for w, (t, y) in zip(weights, points, strict=True):
        away = t - origin - mean_t
        upper += w * away * (y - mean_y)
        lower += w * away * away
    return mean_y + upper / lower * (year - origin - mean_t)


class Escap(BaseRule):
    """Where the weighted line leads, and as figure how much of the way is done."""

    name = "escap"
    outcomes = words(("maintain",), ("accelerate", "reverse"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper. The score needs no years, so it is there also where nothing can be predicted."""
        done = None
        if given.base is not None and given.current is not None and given.target is not None:
            done = None if given.target == given.base else score(given.base, given.current, given.target)
        e = ends(given)
        if isinstance(e, str):
            return self.refuse(e, given, done)
        if e.year > e.target_year:
            return self.refuse("past", given, done)
        points = [p for p in given.values if p[0] >= FIRST_YEAR]
        if len(points) < 2:
            points = [(e.base_year, e.base), (e.year, e.value)]
        if points[0][0] >= points[-1][0]:
            return self.refuse("not_begun", given, done)
        there = predicted(points, e.target_year)
        missing = given.sign * (e.target - there)
        way = given.sign * (e.target - e.base)
        if missing <= max(CUT_OFF * way, 0.0) + TOLERANCE:
            outcome = "maintain"
        elif way <= 0 or given.sign * (there - e.base) < 0:
            outcome = "reverse"
        else:
            outcome = "accelerate"
        params = {"predicted": there, "year": e.target_year}
        if done is None or way <= 0:
            return self.says(outcome, None, "held", **params)
        return self.says(outcome, done, score=done, **params)
