"""The status of one target on one day. Pure: everything it needs is an argument."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dabiao.assess.evidence import Evidence
from dabiao.assess.rules import Due, Rule, RuleInput
from dabiao.domain.assessment import (
    Assessment,
    Provisional,
    Reason,
    Report,
    RuleResult,
    SeriesForecast,
    Status,
    Step,
)
from dabiao.domain.observation import Basis, Point, Series, State, Tier
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import (
    Bounds,
    Comparator,
    Indicator,
    Kind,
    Measure,
    Target,
    accepted,
    meets,
)

DECIDING: Collection[str] = ("linear_schedule",)
"""The rules that take part in the status unless the settings name others."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Borders of the statuses; settings, shown beside the light."""

    on_track: float = 0.66
    off_track: float = 0.33
    minimum: int = 5
    stale_years: int = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast brought to one target: the step of the deadline's period and the probability that it holds."""

    forecast: SeriesForecast
    step: Step
    attainment: float


def level_bounds(target: Target, indicator: Indicator, baseline: Decimal | None) -> tuple[Bounds, int] | None:
    """The indicator's values that meet a numeric target, and the decimals at which they are compared.

    A ``change`` target ("比2020年减少10%", "提升0.5个百分点") becomes a level through its baseline; ``None`` while that is
    unknown. Its border is computed, not printed, so it is compared at the precision in which the indicator is published.
    """
    assert target.comparator is not None and target.value is not None
    if target.kind is not Kind.CHANGE:
        return accepted(
            target.comparator, target.value, target.tolerance, indicator.direction
        ), target.decimals
    base = target.baseline_value if target.baseline_value is not None else baseline
    if base is None:
        return None
    size = base * target.value / 100 if target.change == "relative" else target.value
    border = base - size if indicator.direction == "lower" else base + size
    comparator = Comparator.LE if indicator.direction == "lower" else Comparator.GE
    return accepted(comparator, border, None, indicator.direction), indicator.decimals


def provisional_reasons(target: Target, deciding: Point) -> tuple[Provisional, ...]:
    """Why the deciding value does not settle the target yet; empty when it does."""
    chosen = deciding.chosen
    found = []
    if chosen.tier is Tier.THIRD_PARTY:
        found.append(Provisional.THIRD_PARTY)
    if target.series.proxy:
        found.append(Provisional.PROXY)
    if chosen.state is State.FLASH:
        found.append(Provisional.FLASH)
    if chosen.state is State.TO_DATE:
        found.append(Provisional.TO_DATE)
    return tuple(found)


def assess(
    target: Target,
    target_version: int,
    indicator: Indicator,
    evidence: Evidence,
    judged: Judged | Reason | None,
    report: Report | None,
    rules: Sequence[Rule],
    as_of: date,
    thresholds: Thresholds,
    deciding_rules: Collection[str] = DECIDING,
) -> Assessment:
    """The status of a target as known on ``as_of``.

    Args:
        judged: the forecast brought to this target; a :class:`Reason` why there is none; ``None`` where none was asked for
            (:func:`needs_forecast` is false).
        report: what the responsible unit had reported by then (qualitative and delegated targets).
        rules: all that stand beside the status; only those of ``deciding_rules`` may turn ``on_track`` into ``at_risk``.
    """
    start = Assessment(target.id, target_version, as_of, Status.NO_DATA, Reason.NO_SERIES)
    if target.measure is not Measure.NUMERIC:
        return _reported(start, target, report, as_of)
    proxy = target.series.proxy
    series = evidence.series
    latest = series.last if series is not None else evidence.deciding
    basis: Basis | None = latest.chosen.basis if latest else None
    start = replace(start, proxy=proxy, series=series, latest=latest, basis=basis)
    found = level_bounds(target, indicator, evidence.baseline.value if evidence.baseline else None)
    if found is None:
        if not evidence.any_value:
            return start
        return replace(
            start, reason=Reason.BASELINE_MISSING, params={"baseline_period": target.baseline_period}
        )
    bounds, decimals = found
    start = replace(start, bounds=bounds)
    if target.deadline_end is None:
        return replace(start, reason=Reason.NO_DEADLINE)

    if evidence.deciding is not None:
        deciding = evidence.deciding
        met = meets(deciding.value, decimals, bounds)
        return replace(
            start,
            status=Status.MET if met else Status.MISSED,
            reason=Reason.VALUE_MEETS if met else Reason.VALUE_MISSES,
            provisional=provisional_reasons(target, deciding),
            decided_by=deciding,
            latest=deciding,
            basis=deciding.chosen.basis,
            rules=_apply(rules, deciding_rules, target, indicator, evidence, deciding, bounds, decimals),
        )
    if not evidence.any_value:
        return start
    if as_of > target.deadline_end:
        return replace(start, status=Status.AWAITING, reason=Reason.VALUE_NOT_IN)
    assert series is not None  # a known value that decides nothing yet stands in a series
    attainment = judged.attainment if isinstance(judged, Judged) else None
    outcomes = _apply(
        rules, deciding_rules, target, indicator, evidence, series.last, bounds, decimals, attainment
    )
    late = max(0, as_of.year - 1 - series.last.period.year)
    start = replace(start, rules=outcomes, late=late)
    if (reason := unfit(evidence, as_of, thresholds)) is not None:
        params = {"count": len(series), "minimum": thresholds.minimum, "last": str(series.last.period)}
        return replace(start, reason=reason, params=params)
    if not isinstance(judged, Judged):
        return replace(start, reason=judged or Reason.FORECAST_FAILED)
    return _by_attainment(replace(start, forecast=judged.forecast), judged, thresholds)


def unfit(evidence: Evidence, as_of: date, thresholds: Thresholds) -> Reason | None:
    """Why a series must not be forecast; ``None`` if it may."""
    series = evidence.series
    if series is None:
        return Reason.NO_SERIES
    if len(series) < thresholds.minimum:
        return Reason.TOO_SHORT
    if as_of.year - 1 - series.last.period.year > thresholds.stale_years:
        return Reason.STALE
    return None


def needs_forecast(target: Target, evidence: Evidence, as_of: date, thresholds: Thresholds) -> bool:
    """Whether a target's status hangs on a forecast: numeric, undecided, before its deadline, with a series that may be used."""
    return (
        target.measure is Measure.NUMERIC
        and target.deadline_end is not None
        and as_of <= target.deadline_end
        and evidence.deciding is None
        and unfit(evidence, as_of, thresholds) is None
    )


def _by_attainment(start: Assessment, judged: Judged, thresholds: Thresholds) -> Assessment:
    p = judged.attainment
    if p >= thresholds.on_track:
        against = [r for r in start.rules if r.decides and r.favourable is False]
        status = Status.AT_RISK if against else Status.ON_TRACK
        reason = Reason.RULES_DISAGREE if against else Reason.ATTAINMENT_HIGH
    elif p >= thresholds.off_track:
        status, reason = Status.AT_RISK, Reason.ATTAINMENT_MIDDLE
    else:
        status, reason = Status.OFF_TRACK, Reason.ATTAINMENT_LOW
    return replace(
        start,
        status=status,
        reason=reason,
        attainment=p,
        point=judged.step.point,
        lower80=judged.step.lower80,
        upper80=judged.step.upper80,
    )


def _reported(start: Assessment, target: Target, report: Report | None, as_of: date) -> Assessment:
    if report is not None:
        return replace(start, status=Status.REPORTED, reason=Reason.REPORT_IN, report=report)
    end = target.deadline_end
    overdue = end is not None and as_of > end
    reason = Reason.REPORT_OVERDUE if overdue else Reason.REPORT_NOT_IN
    return replace(start, status=Status.UNREPORTED, reason=reason)


def _apply(
    rules: Sequence[Rule],
    deciding_rules: Collection[str],
    target: Target,
    indicator: Indicator,
    evidence: Evidence,
    current: Point,
    bounds: Bounds,
    decimals: int,
    attainment: float | None = None,
) -> tuple[RuleResult, ...]:
    assert target.deadline is not None
    border = bounds.low if bounds.high is None else bounds.high
    assert border is not None
    limit = indicator.bounds[1 if indicator.direction == "higher" else 0]
    given = RuleInput(
        direction=indicator.direction,
        base_year=int(target.baseline_period[:4]) if target.baseline_period else None,
        base=float(evidence.baseline.value) if evidence.baseline else None,
        current_year=current.period.year,
        current=float(current.value),
        current_holds=meets(current.value, decimals, bounds),
        target=float(border),
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
    found = []
    for rule in rules:
        result = rule.apply(given)
        if result.figure is not None and not math.isfinite(result.figure):
            result = replace(result, figure=None)
        found.append(replace(result, decides=True) if rule.name in deciding_rules else result)
    return tuple(found)


def _values(series: Series | None, current: Point) -> tuple[tuple[int, float], ...]:
    """The annual series up to the latest value; none where that is of another basis, for the two cannot be compared."""
    if series is None or series.basis != current.chosen.basis or current.period.kind is not PeriodKind.YEAR:
        return ()
    before = [(p.period.year, float(p.value)) for p in series.points if p.period < current.period]
    return (*before, (current.period.year, float(current.value)))


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
            border = bounds.low if bounds.high is None else bounds.high
            assert border is not None
            found.append(Due(int(m.period), float(border), bounds, decimals))
    return tuple(found)
