"""What a rule is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dabiao.domain.assessment import RuleResult
from dabiao.domain.target import Bounds, Direction


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One target as a rule sees it. Values in the indicator's unit, times in years (a year's value stands at its year).

    Attributes:
        base, base_year: baseline; ``None`` where none is declared or observed.
        base_declared: whether the plan itself names the baseline year.
        current_holds: whether the latest value meets the target at the target's own precision.
    """

    direction: Direction
    base_year: int | None
    base: float | None
    base_declared: bool
    current_year: int
    current: float
    current_holds: bool
    target: float
    target_year: int
    bounds: Bounds


class Rule(Protocol):
    """A deterministic rule. Implementations are stateless."""

    @property
    def name(self) -> str: ...

    def apply(self, given: RuleInput) -> RuleResult:
        """The rule's outcome. Never raises for odd figures: it says why it does not apply."""
        ...
