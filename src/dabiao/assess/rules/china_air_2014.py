"""China's assessment of the air plan of 2013 (环发〔2014〕107号): PM2.5 in 2014 to 2017 against 10, 35, 65 and 100 % of the fall.

Grades from 90, 70 and 60 points; a rise on the year before scores 0 (both read). That the points below the requirement
are the part of it that was reached is ours. In key regions the lower of two scores counts; the other is not about values.
"""

from __future__ import annotations

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult
from dabiao.domain.target import IndicatorType

SCHEDULE = {2014: 0.10, 2015: 0.35, 2016: 0.65, 2017: 1.0}
GRADES = (("excellent", 90.0), ("good", 70.0), ("qualified", 60.0))


def allowed(base: float, target: float, year: int) -> float:
    """The highest value that meets the year's requirement."""
    return base - SCHEDULE[year] * (base - target)


def grade(score: float) -> str:
    """The grade of a score from 0 to 100."""
    for outcome, border in GRADES:
        if score >= border - TOLERANCE:
            return outcome
    return "unqualified"


class ChinaAir2014(BaseRule):
    """The score and its grade. It speaks of the years and the pollutant for which it was issued and of no others."""

    name = "china_air_2014"
    types = frozenset({IndicatorType.LEVEL})
    outcomes = words(("excellent", "good", "qualified"), ("unqualified",))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper; the figure is the score."""
        if given.indicator not in (None, "pm25") or given.direction != "lower":
            return self.refuse("only_pm25", given)
        e = given.ends
        if isinstance(e, str):
            return self.refuse(e, given)
        if e.target_year != max(SCHEDULE) or e.year not in SCHEDULE or e.base_year >= min(SCHEDULE):
            return self.refuse("only_2014_2017", given)
        if e.target >= e.base:
            return self.refuse("no_fall", given)
        before = e.base if e.base_year == e.year - 1 else dict(given.values).get(e.year - 1)
        required = 100 * SCHEDULE[e.year]
        fall = 100 * (e.base - e.value) / (e.base - e.target)
        if before is not None and e.value > before:
            return self.says("unqualified", 0.0, "rise", year=e.year, before=before, value=e.value)
        score = 100.0 if given.current_holds else min(max(100 * fall / required, 0.0), 100.0)
        return self.says(grade(score), score, score=score, fall=fall, required=required, year=e.year)
