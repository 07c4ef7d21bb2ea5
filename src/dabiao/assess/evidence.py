"""Out of what was known on a day, the part that bears on one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dabiao.domain.observation import Observation, Point, Series, choose, preferred
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
    """

    deciding: Point | None
    series: Series | None
    baseline: Point | None
    any_value: bool


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
    allowed = [o for o in observations if o.tier in target.series.tiers]
    chosen = choose(
        [s for s in series if s.kind is PeriodKind.YEAR],
        target.series.tiers,
        minimum,
    )
    deciding = None
    for period in deciding_periods(target.deadline) if target.deadline else []:
        if period.end < as_of:
            deciding = preferred([o for o in allowed if o.period == period])
            if deciding is not None:
                break
    baseline = None
    if target.baseline_period is not None:
        period = Period.parse(target.baseline_period)
        # The line must start on the series that it is held against: a base of another basis is no base.
        of_series = [p for p in chosen.points if p.period == period] if chosen else []
        baseline = of_series[0] if of_series else None
    return Evidence(deciding, chosen, baseline, chosen is not None or deciding is not None)
