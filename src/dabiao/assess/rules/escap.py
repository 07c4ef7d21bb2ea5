"""UN ESCAP: current status (how much of the way is done, 0 to 10) and anticipated progress (maintain, accelerate, reverse).

The prediction is a time-weighted straight line on the years since 2000. ESCAP's weights were not found: ours grow by one
each point, from one. Its cut-off of a tenth of the way is recalled, not read. RULES.md, page 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult

FIRST_YEAR = 2000
CUT_OFF = 0.10


def score(base: float, current: float, target: float) -> float:
    """Current status: ten times the share of the way done. Not capped."""
    return 10 * (current - base) / (target - base)


class Weighted(NamedTuple):
    """What a time-weighted line needs of its points' years alone: many series have the same ones.

    Attributes:
        weights: of the points, one more each.
        total: their sum.
        mean: weighted mean of the years, counted from the last one.
        pulls: each year's weight times its distance from that mean.
        lower: weighted sum of the squared distances.
    """

    weights: range
    total: int
    mean: float
    pulls: tuple[float, ...]
    lower: float


@lru_cache(maxsize=256)
def weighted(years: tuple[int, ...]) -> Weighted:
    """The line's fixed part for points of these years."""
    weights = range(1, len(years) + 1)
    total = sum(weights)
    away = [t - years[-1] for t in years]
    mean = sum([w * t for w, t in zip(weights, away, strict=True)]) / total
    pulls = tuple([w * (t - mean) for w, t in zip(weights, away, strict=True)])
    lower = sum([p * (t - mean) for p, t in zip(pulls, away, strict=True)])
    return Weighted(weights, total, mean, pulls, lower)


def predicted(points: Sequence[tuple[int, float]], year: int) -> float:
    """Weighted straight line through at least two points, at a year; later points weigh more."""
    years, values = tuple([year for year, _ in points]), [value for _, value in points]
    line = weighted(years)
    mean = sum(map(mul, line.weights, values)) / line.total
    upper = sum(map(mul, line.pulls, [value - mean for value in values]))
    return float(mean + upper / line.lower * (year - years[-1] - line.mean))


class Escap(BaseRule):
    """Where the weighted line leads, and as figure how much of the way is done."""

    name = "escap"
    outcomes = words(("maintain",), ("accelerate", "reverse"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper. The score needs no years, so it is there also where nothing can be predicted."""
        done = None
        if given.base is not None and given.current is not None and given.target is not None:
            done = None if given.target == given.base else score(given.base, given.current, given.target)
        e = given.ends
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
