"""Open SDG / Statistics Canada, from Eurostat: the actual growth rate over the required one; without a target the rate itself.

Restated from the stated formulae (open-sdg docs/progress-methodology.md @26d2e387, sdg-build @139fede7). What it does at
its edges is kept: a zero base or target counts as 0.001, values of opposite sign are not available, a met target is
achieved whatever the ratio, nothing special happens after the deadline, and borders are compared without tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dabiao.assess.rules.interface import GROWTH, BaseRule, RuleInput, growth, words
from dabiao.domain.assessment import RuleResult

NOT_AVAILABLE = "not_available"
WORDS = ("substantial_progress", "moderate_progress", "limited_progress", "deterioration")
RATIO = (0.95, 0.6, 0.0)
RATE = (0.015, 0.005, 0.0)
MEAN_SCORE = (2.5, 0.0, -2.5)
INSTEAD_OF_ZERO = 0.001
_CURVE = 4.44


def word(figure: float, borders: tuple[float, float, float]) -> str:
    """The class of a ratio, a rate or a mean score."""
    for outcome, border in zip(WORDS, borders, strict=False):
        if figure >= border:
            return outcome
    return WORDS[-1]


def coefficient(base: float, limit: float | None) -> float:
    """What is left of the borders near a limit: 1 far from it, 0 at it."""
    base, limit = abs(base), abs(limit or 0.0)
    if base >= 2 * limit:
        return 1.0
    near = base if base <= limit else 2 * limit - base
    return float(1 - (near / limit) ** _CURVE)


def target_score(ratio: float) -> float:
    """Score from -5 to 5 of a ratio."""
    return min(7.1429 * ratio - 4.2857, 5.0) if ratio >= RATIO[1] else max(4.1667 * ratio - 2.5, -5.0)


def rate_score(rate: float, left: float) -> float:
    """Score from -5 to 5 of a signed rate whose borders were multiplied by ``left``."""
    if rate < 0:
        return max(125 * rate - 2.5, -5.0)
    if left == 0:
        return 5.0
    if rate >= RATE[0] * left:
        return min(500 * rate / left - 5, 5.0)
    return 250 * rate / left - 1.25 if rate >= RATE[1] * left else 500 * rate / left - 2.5


def combined(scores: Sequence[float], achieved: Sequence[bool]) -> tuple[float | None, str]:
    """Score and class of an indicator with several series: the mean; achieved only where every series has achieved."""
    if not scores:
        return None, NOT_AVAILABLE
    mean = sum(scores) / len(scores)
    return mean, "target_achieved" if all(achieved) else word(mean, MEAN_SCORE)


class OpenSdg(BaseRule):
    """The ratio of growth rates, with or without a target."""

    name = "open_sdg"
    types = GROWTH
    outcomes = words(
        ("target_achieved", "substantial_progress"),
        ("moderate_progress", "limited_progress", "deterioration"),
        (NOT_AVAILABLE,),
    )

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is the ratio, without a target the signed rate."""
        if given.current is None or given.current_year is None:
            return self.refuse("no_current", given, outcome=NOT_AVAILABLE)
        achieved = given.target is not None and given.current_holds
        why, figure = self._figure(given)
        if achieved:
            shown = figure is not None and math.isfinite(figure)
            params = {"ratio": figure} if shown and figure is not None else {}
            return self.says(
                "target_achieved", figure, "achieved" if shown else "achieved_alone", score=5.0, **params
            )
        if figure is None:
            return self.refuse(why, given, outcome=NOT_AVAILABLE)
        assert given.base is not None and given.base_year is not None
        if given.target is not None:
            if math.isinf(figure):
                outcome = WORDS[0] if figure > 0 else WORDS[-1]
                return self.says(outcome, figure, "no_way", score=math.copysign(5.0, figure))
            return self.says(word(figure, RATIO), figure, ratio=figure, score=target_score(figure))
        left = coefficient(given.base, given.limit)
        high, middle, low = (border * left for border in RATE)
        return self.says(
            word(figure, (high, middle, low)),
            figure,
            "rate",
            rate=100 * figure,
            base_year=given.base_year,
            score=rate_score(figure, left),
        )

    def _figure(self, given: RuleInput) -> tuple[str, float | None]:
        if given.base_year is None:
            return "no_base_year", None
        if given.base is None:
            return "base_not_observed", None
        assert given.current is not None and given.current_year is not None
        if given.current_year <= given.base_year:
            return "not_begun", None
        base = given.base or INSTEAD_OF_ZERO
        actual = growth(given.current, base, given.current_year - given.base_year)
        if actual is None:
            return "opposite_signs", None
        signed = given.sign * actual * (-1.0 if base < 0 else 1.0)
        if given.target is None:
            return "", signed
        if given.target_year is None or given.target_year <= given.base_year:
            return "no_time", None
        required = growth(given.target or INSTEAD_OF_ZERO, base, given.target_year - given.base_year)
        if required is None:
            return "opposite_signs", None
        if required == 0:
            return "no_way", None if signed == 0 else math.copysign(math.inf, signed)
        return "", signed / abs(required)
