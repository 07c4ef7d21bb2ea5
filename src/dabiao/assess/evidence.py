"""Out of what was known on a day, the part that bears on one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dabiao.domain.observation import Basis, Observation, Point, Series, choose, preferred
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Target


@dataclass(frozen=True, slots=True)
class Evidence:
    """What bears on one target on one day.

    Attributes:
        deciding: the value of the deadline's own period, with the others that were published for it.
        series: the annual series to forecast; ``None`` where there is none of an allowed tier.
        baseline: the value of the target's baseline (or schedule base) year.
        any_value: whether any value that could stand in such a series is known: one of an allowed tier for a whole year, or for
            the deadline's own period.
        replaced: the series of an older basis that ``series`` follows; no value of it is used.
        not_valid: the last year that was derived here and is not valid for evaluation.
    """

    deciding: Point | None
    series: Series | None
    baseline: Point | None
    any_value: bool
    replaced: Series | None = None
    not_valid: Period | None = None


NOTHING = Evidence(None, None, None, False)
"""No value of any kind."""


def deciding_periods(deadline: str) -> list[Period]:
    """Periods whose value decides a target with this deadline, the best first.

    A year's target is decided by the year's value. A month's deadline by the months of the year up to it, else by the
    month itself, else by the year.
    """
    if len(deadline) == 4:
        return [Period.parse(deadline)]
    year, month = int(deadline[:4]), int(deadline[5:7])
    periods = [Period(year * 12, year * 12 + month - 1), Period.month_of(year, month), Period.year_of(year)]
    return list(dict.fromkeys(periods))


def gather(
    target: Target,
    observations: Sequence[Observation],
    series: Sequence[Series],
    as_of: date,
    minimum: int,
) -> Evidence:
    """Choose what bears on a target.

    Args:
        observations: what was known on ``as_of`` of the deciding region and indicator.
        series: annual series made of them, one a basis.
        minimum: fewest values from which a series can be forecast.
    """
    tiers = target.series.tiers
    allowed = [s for s in series if s.kind is PeriodKind.YEAR and s.of(tiers)]
    chosen = choose([s for s in allowed if follower(s, allowed) is None], tiers, minimum)
    deciding = None
    for period in deciding_periods(target.deadline) if target.deadline else []:
        if period.end < as_of:
            deciding = preferred([o for o in observations if o.tier in tiers and o.period == period])
            if deciding is not None:
                break
    baseline = None
    if target.baseline_period is not None and chosen is not None:
        period = Period.parse(target.baseline_period)
        # The line must start on the series that it is held against: a base of another basis is no base.
        baseline = chosen.at(period)
    before = [s for s in allowed if chosen is not None and follows(chosen, s)]
    replaced = max(before, key=lambda s: (len(s), s.last.period), default=None)
    not_valid = [
        o.period
        for o in observations
        if o.value is None
        and o.known_rule == "derived"
        and o.tier in tiers
        and o.period.kind is PeriodKind.YEAR
    ]
    return Evidence(
        deciding,
        chosen,
        baseline,
        chosen is not None or deciding is not None,
        replaced,
        max(not_valid, default=None),
    )


def follower(older: Series, among: Sequence[Series]) -> Series | None:
    """The series of a changed basis that has taken a series' place, ``None`` if its basis is still in force."""
    return next((s for s in among if follows(s, older)), None)


def follows(newer: Series, older: Series) -> bool:
    """Whether one series is the other under a changed basis: it begins later, reaches further, and its basis differs.

    Two bases differ where both state a property and state it differently. Where one does not state it the change is taken as
    real only if the old series had ended and at least two values stand on the new basis: a single fuller statement is no change
    of basis. Series that run side by side to the same year are two readings, not a change.
    """
    starts, began = newer.points[0].period, older.points[0].period
    if newer.basis.authority != older.basis.authority or newer.basis == older.basis:
        return False
    if not (starts > began and newer.last.period > older.last.period):
        return False
    if _contradict(newer.basis, older.basis):
        return True
    return starts > older.last.period and len(newer) >= 2


def _contradict(one: Basis, other: Basis) -> bool:
    def stated(a: str, b: str) -> bool:
        return a != b and a not in ("", "unknown") and b not in ("", "unknown")

    return any(
        stated(getattr(one, name), getattr(other, name))
        for name in ("dust", "condition", "scope", "standard")
    )
