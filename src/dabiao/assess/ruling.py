"""What every rule says of one target: its evidence brought to the shape that rules take."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from msgspec import structs

from dabiao.assess.evidence import Evidence
from dabiao.assess.levels import border_of, level_bounds
from dabiao.assess.rules import Due, Rule, RuleInput
from dabiao.domain.assessment import RuleResult
from dabiao.domain.observation import Point, Series
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Bounds, Indicator, Target, meets


def apply(
    rules: Sequence[Rule],
    deciding_rules: Collection[str],
    target: Target,
    indicator: Indicator,
    evidence: Evidence,
    current: Point,
    level: tuple[Bounds, int],
    attainment: float | None = None,
) -> tuple[RuleResult, ...]:
    """Every rule's result on a target with a deadline.

    Args:
        current: the value the rules look at.
        level: the values that meet the target, and the decimals at which they are compared.
    """
    assert target.deadline is not None
    bounds, decimals = level
    limit = indicator.bounds[1 if indicator.direction == "higher" else 0]
    given = RuleInput(
        direction=indicator.direction,
        base_year=int(target.baseline_period[:4]) if target.baseline_period else None,
        base=float(evidence.baseline.value) if evidence.baseline else None,
        current_year=current.period.year,
        current=float(current.value),
        current_holds=meets(current.value, decimals, bounds),
        target=float(border_of(bounds)),
        target_year=int(target.deadline[:4]),
        bounds=bounds,
        values=_values(evidence.series, current),
        limit=None if limit is None else float(limit),
        kind=indicator.type,
        indicator=indicator.id,
        attainment=attainment,
        milestones=_due(target, indicator, evidence) if target.milestones else (),
        part_year=current.period.kind is not PeriodKind.YEAR,
    )
    return tuple([_shown(rule.apply(given), rule.name in deciding_rules) for rule in rules])


def _shown(said: RuleResult, decides: bool) -> RuleResult:
    """A rule's result as it stands beside a status: whether it takes part, and no endless figure."""
    if said.figure is not None and not math.isfinite(said.figure):
        said = structs.replace(said, figure=None)
    return structs.replace(said, decides=True) if decides else said


def _values(series: Series | None, current: Point) -> tuple[tuple[int, float], ...]:
    """The annual series up to the latest value; none where that is of another basis, for the two cannot be compared."""
    if series is None or series.basis != current.chosen.basis or current.period.kind is not PeriodKind.YEAR:
        return ()
    values = [(p.period.first // 12, float(p.value)) for p in series.points]
    if series.last is current:
        return tuple(values)
    year = current.period.year
    return (*(pair for pair in values if pair[0] < year), (year, float(current.value)))


def _due(target: Target, indicator: Indicator, evidence: Evidence) -> tuple[Due, ...]:
    """The annual milestones as levels: read as the target itself would be with their value."""
    baseline = evidence.baseline.value if evidence.baseline else None
    found = []
    for m in target.milestones:
        level = (
            level_bounds(replace(target, value=m.value), indicator, baseline) if len(m.period) == 4 else None
        )
        if level is not None:
            bounds, decimals = level
            found.append(Due(int(m.period), float(border_of(bounds)), bounds, decimals))
    return tuple(found)
