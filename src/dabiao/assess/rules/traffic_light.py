"""红黄绿灯: named sets of lights on the completion of the schedule, the share of the way done over the share due by now.

A set is a list of lights from the best, each with the completion from which it shows; the last has no border, so that no
value is without a light. ``SETS`` is the one table of those with a name; an office's own borders come from the setting
``lights``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from dabiao.assess.rules.interface import TOLERANCE, BaseRule, RuleInput, words
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
OWN = "traffic_light_own"
COLOURS = ("blue", "green", "yellow", "orange", "red")
_RIGHT = {"blue", "green"}

Lights = tuple[tuple[str, float], ...]


def parse(text: str) -> tuple[str, Lights]:
    """The set that a setting names or spells out: ``traffic_light_95``, or ``green 105, yellow 95, red`` in percent.

    Returns:
        its name, :data:`OWN` for one spelt out, and its lights.

    Raises:
        ValueError: no such set; a colour that there is not or twice; borders that do not fall; a last light with a border, or
            another without: a value could then be without a light.
    """
    if text in SETS:
        return text, SETS[text]
    parts = [part.split() for part in text.split(",")]
    if any(len(p) not in (1, 2) or p[0] not in COLOURS for p in parts) or len(parts) < 2:
        raise ValueError(f"name a set ({', '.join(SETS)}) or write lights such as: green 100, yellow 90, red")
    if len(parts[-1]) != 1 or any(len(p) != 2 for p in parts[:-1]):
        raise ValueError("every light but the last has a border in percent, and the last has none")
    borders = [float(p[1]) / 100 for p in parts[:-1]]
    falling = all(a > b for a, b in pairwise(borders)) and all(map(math.isfinite, borders))
    if len({p[0] for p in parts}) < len(parts) or not falling:
        raise ValueError("each light once, their borders falling")
    return OWN, tuple(zip((p[0] for p in parts), (*borders, -math.inf), strict=True))


class TrafficLight(BaseRule):
    """One of the sets. The figure is the completion of the schedule: 1 is exactly on it."""

    def __init__(self, name: str, lights: Lights | None = None, *, beside: bool = False) -> None:
        self.name = name
        self.beside = beside
        self.lights = SETS[name] if lights is None else lights
        shown = [light for light, _ in self.lights]
        self.outcomes = words([w for w in shown if w in _RIGHT], [w for w in shown if w not in _RIGHT])

    def light(self, completion: float) -> str:
        """The light of any number; what is no number gets the last one."""
        for light, border in self.lights:
            if completion >= border - TOLERANCE:
                return light
        return self.lights[-1][0]

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        e = given.ends
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
