"""The status of one target on one day. Pure: everything it needs is an argument."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dabiao.assess.cautions import cautions
from dabiao.assess.evidence import Evidence
from dabiao.assess.levels import level_bounds, why_no_level
from dabiao.assess.rules import Rule
from dabiao.assess.ruling import apply
from dabiao.assess.totals import grows
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
from dabiao.domain.observation import Point, State, Tier
from dabiao.domain.target import Bounds, Indicator, Kind, Measure, Target, meets

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


def provisional_reasons(target: Target, deciding: Point) -> tuple[Provisional, ...]:
    """Why the deciding value does not settle the target yet; empty when it does."""
    chosen = deciding.chosen
    found = []
    if chosen.tier in (Tier.THIRD_PARTY, Tier.DERIVED_THIRD_PARTY):
        found.append(Provisional.THIRD_PARTY)
    if chosen.tier in (Tier.DERIVED, Tier.DERIVED_THIRD_PARTY):
        found.append(Provisional.DERIVED)
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
    said: dict[str, Any] = {
        "target_id": target.id,
        "target_version": target_version,
        "as_of": as_of,
        "status": Status.NO_DATA,
        "reason": Reason.NO_SERIES,
    }
    if target.measure is not Measure.NUMERIC:
        return Assessment(**said | _reported(target, report, as_of))
    series = evidence.series
    latest = series.last if series is not None else evidence.deciding
    said |= {
        "proxy": target.series.proxy,
        "series": series,
        "latest": latest,
        "basis": latest.chosen.basis if latest else None,
        "warnings": cautions(target, indicator, evidence, as_of),
    }
    if evidence.not_valid is not None and not evidence.any_value:
        said |= {"reason": Reason.NOT_VALID, "params": {"last": str(evidence.not_valid)}}
    baseline = evidence.baseline.value if evidence.baseline else None
    level = level_bounds(target, indicator, baseline)
    if level is None:
        if evidence.any_value:
            said["reason"] = why_no_level(target, baseline) or Reason.BASELINE_MISSING
            said["params"] = {"baseline_period": target.baseline_period}
        return Assessment(**said)
    said["bounds"] = level[0]
    if target.deadline_end is None:
        return Assessment(**said | {"reason": Reason.NO_DEADLINE})

    deciding = evidence.deciding or reached(target, indicator, evidence, level)
    if deciding is not None:
        said |= {"latest": deciding, "basis": deciding.chosen.basis}
        if _of_other_basis(target, evidence, deciding):
            return Assessment(**said | {"reason": Reason.BASIS_MISMATCH})
        said["rules"] = apply(rules, deciding_rules, target, indicator, evidence, deciding, level)
        return Assessment(**said | _decided(target, deciding, level, early=evidence.deciding is None))
    if not evidence.any_value:
        return Assessment(**said)
    if as_of > target.deadline_end:
        return Assessment(**said | {"status": Status.AWAITING, "reason": Reason.VALUE_NOT_IN})
    assert series is not None  # a known value that decides nothing yet stands in a series
    attainment = judged.attainment if isinstance(judged, Judged) else None
    said["rules"] = apply(rules, deciding_rules, target, indicator, evidence, series.last, level, attainment)
    said["late"] = max(0, as_of.year - 1 - series.last.period.year)
    if (lacking := unfit(evidence, as_of, thresholds)) is not None:
        params = {"count": len(series), "minimum": thresholds.minimum, "last": str(series.last.period)}
        return Assessment(**said | {"reason": lacking, "params": params})
    if not isinstance(judged, Judged):
        return Assessment(**said | {"reason": judged or Reason.FORECAST_FAILED})
    step = judged.step
    said |= {
        "forecast": judged.forecast,
        "point": step.point,
        "lower80": step.lower80,
        "upper80": step.upper80,
    }
    return Assessment(**said | _by_attainment(said["rules"], judged.attainment, thresholds))


def reached(
    target: Target, indicator: Indicator, evidence: Evidence, level: tuple[Bounds, int]
) -> Point | None:
    """The first value with which a count was finished before its deadline, ``None`` if it is not, or may yet be undone.

    What is counted is done for good, so the total so far decides as soon as it is there. A series that falls somewhere is no
    running total and decides nothing early; nor does a target that an excess would miss (``=``).
    """
    series, (bounds, decimals) = evidence.series, level
    if series is None or bounds.high is not None or not grows(target, indicator, series):
        return None
    return next((p for p in series.points if meets(p.value, decimals, bounds)), None)


def _of_other_basis(target: Target, evidence: Evidence, deciding: Point) -> bool:
    """Whether a change would be counted from a baseline of one basis to a value of another."""
    observed = evidence.baseline if target.kind is Kind.CHANGE and target.baseline_value is None else None
    return observed is not None and observed.chosen.basis != deciding.chosen.basis


def _decided(target: Target, deciding: Point, level: tuple[Bounds, int], early: bool) -> dict[str, Any]:
    met = meets(deciding.value, level[1], level[0])
    right = Reason.REACHED_EARLY if early else Reason.VALUE_MEETS
    return {
        "status": Status.MET if met else Status.MISSED,
        "reason": right if met else Reason.VALUE_MISSES,
        "provisional": provisional_reasons(target, deciding),
        "decided_by": deciding,
    }


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


def by_attainment(start: Assessment, attainment: float, thresholds: Thresholds) -> Assessment:
    """The status of an undecided target from the probability that it holds and the rules that take part."""
    return replace(start, **_by_attainment(start.rules, attainment, thresholds))


def _by_attainment(rules: Sequence[RuleResult], attainment: float, thresholds: Thresholds) -> dict[str, Any]:
    if attainment >= thresholds.on_track:
        against = any(r.decides and r.favourable is False for r in rules)
        status = Status.AT_RISK if against else Status.ON_TRACK
        reason = Reason.RULES_DISAGREE if against else Reason.ATTAINMENT_HIGH
    elif attainment >= thresholds.off_track:
        status, reason = Status.AT_RISK, Reason.ATTAINMENT_MIDDLE
    else:
        status, reason = Status.OFF_TRACK, Reason.ATTAINMENT_LOW
    return {"status": status, "reason": reason, "attainment": attainment}


def _reported(target: Target, report: Report | None, as_of: date) -> dict[str, Any]:
    """A final report stands for good. One that left the matter under way stands until the next one is due, or the deadline is past.

    ``params`` have ``due``, the day that was missed, or ``next_due``, the day by which a report is due next.
    """
    if report is not None and report.state != "under_way":
        return {"status": Status.REPORTED, "reason": Reason.REPORT_IN, "report": report}
    end = target.deadline_end
    if end is not None and as_of > end:
        return {"status": Status.UNREPORTED, "reason": Reason.REPORT_OVERDUE, "report": report}
    said: dict[str, Any] = {"status": Status.UNREPORTED, "reason": Reason.REPORT_NOT_IN, "report": report}
    if report is not None:
        said |= {"status": Status.REPORTED, "reason": Reason.REPORT_IN}
    if target.reports is None:
        return said
    missed = target.reports.missed(as_of, report.reported_on if report else None)
    if missed is not None:
        overdue = {"status": Status.UNREPORTED, "reason": Reason.REPORT_OVERDUE}
        return said | overdue | {"params": {"due": missed.isoformat()}}
    following = target.reports.following(as_of)
    return said | {"params": {"next_due": (following if end is None else min(following, end)).isoformat()}}
