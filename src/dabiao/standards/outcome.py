"""A derived indicator, and the periods and texts by which a year of air is evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from dabiao.domain.period import Period
from dabiao.standards.aqi import START_2026, Standard, standard_on
from dabiao.standards.limits import GB3095_2012, GB3095_2026_TRANSITION, Limits, limits_on
from dabiao.standards.rules import Why


@dataclass(frozen=True, slots=True)
class Derived:
    """One indicator of one period.

    Attributes:
        valid: whether it may be evaluated; ``None`` where no rule on that was read.
        why: why it is not valid, or what else must be known of it.
        days: valid days it rests on (for water: sections).
        rules: ids of the rules applied (:data:`dabiao.standards.rules.RULES`).
    """

    period: str
    variant: str
    standard: str | None
    limits: str | None
    indicator: str
    subject: str | None
    value: Decimal | str | bool | None
    unit: str
    days: int
    valid: bool | None
    why: tuple[Why, ...]
    rules: tuple[str, ...]
    unrounded: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A period evaluated by one pair of texts."""

    id: str
    first: date
    last: date
    standard: Standard
    limits: Limits

    @property
    def whole(self) -> bool:
        return (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)

    @property
    def period(self) -> str:
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        return str(Period(first, last))

    @property
    def mixed(self) -> bool:
        """Whether it stands for calendar 2026, whose treatment was read nowhere."""
        return self.id.startswith("whole_year_")


def variants(year: int) -> list[Variant]:
    """How a year is evaluated: once by what was in force; 2026 in its two parts and as a whole by either."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if year != 2026:
        return [Variant("in_force", first, last, standard_on(first), limits_on(first))]
    old, new = Standard.HJ633_2012, Standard.HJ633_2026
    return [
        Variant("in_force", first, START_2026 - timedelta(days=1), old, GB3095_2012),
        Variant("in_force", START_2026, last, new, GB3095_2026_TRANSITION),
        Variant("whole_year_2012", first, last, old, GB3095_2012),
        Variant("whole_year_2026", first, last, new, GB3095_2026_TRANSITION),
    ]
