"""What a rule is given, what it declares and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from msgspec import Struct

from dabiao.domain.assessment import NOT_APPLICABLE, RuleResult
from dabiao.domain.target import Bounds, Direction, IndicatorType

EVERY_NUMBER = frozenset(IndicatorType) - {IndicatorType.QUALITATIVE}
GROWTH = frozenset({IndicatorType.LEVEL, IndicatorType.COUNT, IndicatorType.INDEX})
"""Types of which a growth rate says something: a share near its end and a total that starts at nought are none."""

TOLERANCE = 1e-9
"""Two floats that differ by less are one number."""


class Due(NamedTuple):
    """A milestone as issued: the year it is due, its border, the values that meet it and the decimals compared."""

    year: int
    value: float
    bounds: Bounds
    decimals: int


class Ends(NamedTuple):
    """The three points of a rule that looks at no others: baseline, latest value, target."""

    base_year: int
    base: float
    year: int
    value: float
    target_year: int
    target: float


class RuleInput(Struct, frozen=True, dict=True):
    """One target as a rule sees it. Values in the indicator's unit, times in years (a year's value stands at its year).

    Attributes:
        base, base_year: baseline; ``None`` where none is declared or observed. No rule takes another year instead.
        current_holds: whether the latest value meets the target, compared as the caller compares (a verdict: at the
            target's own precision).
        target, target_year: ``None`` where only a direction is wanted.
        values: the whole annual series up to the latest value, in time order; empty where none is comparable.
        limit: the value that the indicator cannot pass in the good direction.
        kind, indicator: ``None`` where the caller asks for the rule whatever the indicator is.
        attainment: probability that the target holds at its deadline.
        part_year: the latest value is of an incomplete year.
        days: of a total to date, days gone by the last one with data, and days of the whole span.
    """

    direction: Direction
    base_year: int | None
    base: float | None
    current_year: int | None
    current: float | None
    current_holds: bool
    target: float | None
    target_year: int | None
    bounds: Bounds
    values: tuple[tuple[int, float], ...] = ()
    limit: float | None = None
    kind: IndicatorType | None = None
    indicator: str | None = None
    attainment: float | None = None
    milestones: tuple[Due, ...] = ()
    part_year: bool = False
    days: tuple[int, int] | None = None

    @cached_property
    def sign(self) -> float:
        """+1 where higher is better, -1 where lower is."""
        return 1.0 if self.direction == "higher" else -1.0

    @cached_property
    def ends(self) -> Ends | str:
        """The three points, or the code of what is missing; worked out once, for most rules begin there."""
        if self.current is None or self.current_year is None:
            return "no_current"
        if self.base_year is None:
            return "no_base_year"
        if self.base is None:
            return "base_not_observed"
        if self.target is None or self.target_year is None:
            return "no_target"
        if self.target_year <= self.base_year:
            return "no_time"
        return Ends(self.base_year, self.base, self.current_year, self.current, self.target_year, self.target)


def growth(later: float, earlier: float, years: int) -> float | None:
    """Compound annual growth rate; ``None`` where there is none: a zero base, values of opposite sign, no time."""
    if earlier == 0 or years <= 0 or later / earlier < 0:
        return None
    return float((later / earlier) ** (1 / years)) - 1.0


def words(
    right: Sequence[str], wrong: Sequence[str], neither: Sequence[str] = ()
) -> Mapping[str, bool | None]:
    """The words of a rule by the side on which they are, with the one that every rule has."""
    return {
        **dict.fromkeys(right, True),
        **dict.fromkeys(wrong, False),
        **dict.fromkeys(neither),
        NOT_APPLICABLE: None,
    }


class Rule(Protocol):
    """A deterministic rule. Implementations are stateless.

    Attributes:
        outcomes: every word the rule can say, and whether it is on the right side (``None``: neither).
        types: indicator types on which it runs by default.
        beside: whether it stands beside every status; else it is only there to be asked for.
    """

    @property
    def name(self) -> str: ...
    @property
    def outcomes(self) -> Mapping[str, bool | None]: ...
    @property
    def types(self) -> frozenset[IndicatorType]: ...
    @property
    def beside(self) -> bool: ...

    def apply(self, given: RuleInput) -> RuleResult:
        """The rule's outcome. Never raises for odd figures: it says why it does not apply."""
        ...


class BaseRule:
    """What all rules share: the refusals that do not hang on the rule, and results limited to the declared words.

    Attributes:
        part_years: whether the value of an incomplete year is what the rule looks at.
    """

    name: str
    outcomes: Mapping[str, bool | None]
    types: frozenset[IndicatorType] = EVERY_NUMBER
    beside: bool = True
    part_years: bool = False

    def apply(self, given: RuleInput) -> RuleResult:
        """The outcome, or why the rule does not apply."""
        if given.kind is not None and given.kind not in self.types:
            return self.refuse(f"type_{given.kind}", given)
        if given.part_year and not self.part_years:
            return self.refuse("part_year", given)
        return self.judge(given)

    def judge(self, given: RuleInput) -> RuleResult:
        """The rule proper."""
        raise NotImplementedError

    def says(
        self, outcome: str, figure: float | None, message: str = "says", /, **params: float | int
    ) -> RuleResult:
        """A result. An outcome that the rule has not declared is a wrong program (``KeyError``)."""
        favourable = self.outcomes[outcome]
        return RuleResult(self.name, outcome, figure, favourable, f"rule.{self.name}.{message}", params)

    def refuse(
        self, why: str, given: RuleInput, figure: float | None = None, outcome: str = NOT_APPLICABLE
    ) -> RuleResult:
        """That the rule does not apply, and why (``rule.why.<why>``)."""
        params = {} if given.base_year is None else {"base_year": given.base_year}
        return RuleResult(self.name, outcome, figure, None, f"rule.why.{why}", params)
