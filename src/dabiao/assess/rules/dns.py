"""German sustainability strategy (DNS): the weather symbol from the mean change of the last five years.

Restated from the stated method (open-sdg-site-starter _pages/en/status.md). The last six consecutive years, by exception
five or four; fewer give no symbol.
"""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
from dabiao.domain.assessment import RuleResult

POINTS, FEWEST = 6, 4
SUN, SUN_CLOUD = 0.05, 0.20


def run(values: Sequence[tuple[int, float]], year: int) -> list[float]:
    """The values of consecutive years that end with ``year``, six at most. ``values`` are in time order and end there too."""
    found: list[float] = []
    for when, value in reversed(values[-POINTS:]):
        if when != year - len(found):
            break
        found.append(value)
    return found[::-1]


class Dns(BaseRule):
    """The symbol; the figure is the miss at the deadline over the gap that is left."""

    name = "dns"
    outcomes = words(("sun", "sun_cloud"), ("cloud", "thunderstorm"))

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        if given.current is None or given.current_year is None:
            return self.refuse("no_current", given)
        if given.target_year is not None and given.current_year > given.target_year:
            return self.refuse("past", given)
        last = run(given.values, given.current_year)
        if len(last) < FEWEST:
            return self.refuse("few_consecutive", given)
        mean = (last[-1] - last[0]) / (len(last) - 1)
        right = given.sign * mean
        if given.target is None:
            turn = given.sign * (last[-1] - last[-2])
            outcome = (
                ("sun" if turn > 0 else "sun_cloud") if right > 0 else "cloud" if turn > 0 else "thunderstorm"
            )
            return self.says(outcome, None, "direction", mean=mean, points=len(last))
        if given.current_holds:
            return self.says("sun" if right >= 0 else "sun_cloud", None, "met", mean=mean, points=len(last))
        if given.target_year is None:
            return self.refuse("no_target", given)
        there = last[-1] + mean * (given.target_year - given.current_year)
        gap = abs(given.target - last[-1])
        if gap == 0:  # "<": the border itself does not meet the target, but nothing is left to compare with
            outcome = "cloud" if right >= 0 else "thunderstorm"
            return self.says(outcome, None, "border", mean=mean, points=len(last))
        miss = given.sign * (given.target - there) / gap
        if right <= 0:
            outcome = "thunderstorm"
        elif miss < SUN - TOLERANCE:
            outcome = "sun"
        else:
            outcome = "sun_cloud" if miss <= SUN_CLOUD + TOLERANCE else "cloud"
        return self.says(outcome, miss, mean=mean, points=len(last), projected=there, year=given.target_year)
