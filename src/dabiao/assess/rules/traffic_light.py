"""红黄绿灯: named sets of lights on the completion of the schedule, the share of the way done over the share due by now.

A set is a list of lights from the best, each with the completion from which it shows; the last has no border, so that no
value is without a light. ``SETS`` is the one table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, ends, words
from dabiao.assess.rules.linear_schedule import shares
from dabiao.domain.assessment import RuleResult

SETS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "traffic_light": (("green", 1.0), ("yellow", 0.9), ("red", -math.inf)),
    "traffic_light_95": (("blue", 1.1), ("green", 1.0), ("yellow", 0.95), ("red", -math.inf)),
    "traffic_light_80": (
        ("blue", 1.1),
        ("green", 1.0),
        ("yellow", 0.9),
        ("orange", 0.8),
        ("red", -math.inf),
    ),
}
DEFAULT = "traffic_light"
_RIGHT = {"blue", "green"}


class TrafficLight(BaseRule):
    """One of the sets. The figure is the completion of the schedule: 1 is exactly on it."""

    beside = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.lights = SETS[name]
        lights = [light for light, _ in self.lights]
        self.outcomes = words([w for w in lights if w in _RIGHT], [w for w in lights if w not in _RIGHT])

    def light(self, completion: float) -> str:
        """The light of any number; what is no number gets the last one."""
        for light, border in self.lights:
            if completion >= border - TOLERANCE:
                return light
        return self.lights[-1][0]

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        e = ends(given)
        if isinstance(e, str):
            return self.refuse(e, given)
        if given.sign * (e.target - e.base) <= 0:
            held = given.current_holds
            light = self.light(1.0 if held else -math.inf)
            return self.says(light, None, "held" if held else "not_held")
        done, needed = shares(e)
        if needed == 0:
            return self.says(self.light(1.0 if done >= 0 else -math.inf), None, "not_begun")
        completion = done / needed
        light = self.light(max(completion, 1.0) if given.current_holds else completion)
        return self.says(light, completion, completion=100 * completion)

    def says(
        self, outcome: str, figure: float | None, message: str = "says", /, **params: float | int
    ) -> RuleResult:
        """A result; all sets say the same sentences."""
        return RuleResult(
            self.name, outcome, figure, self.outcomes[outcome], f"rule.{DEFAULT}.{message}", params
        )


class DefaultLights(TrafficLight):
    """The set that stands beside every status."""

    beside = True

    def __init__(self) -> None:
        super().__init__(DEFAULT)
