"""The track record as the listings show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dabiao.domain.track_record import By, Case
from dabiao.services.record import track_record as records
from dabiao.services.record.track_record import Scores

_BY_NAME: Mapping[By, Callable[[Case], str]] = {
    By.INDICATOR: lambda c: c.indicator,
    By.REGION: lambda c: c.region,
    By.LEAD: lambda c: str(c.lead),
}


def rows_of(found: Sequence[Case], by: By) -> list[dict[str, Any]]:
    """The figures of one record's cases, parted."""
    if by is By.RECORD:
        return [scores_json(records.scores(found))]
    if by in _BY_NAME:
        parts = records.by(found, _BY_NAME[by])
        return [{str(by): part, **scores_json(s)} for part, s in parts.items()]
    if by is By.RULE:
        return [
            {
                "rule": r.rule,
                "cases": r.right.of,
                "right": r.right.share,
                "lower": r.right.lower,
                "upper": r.right.upper,
                "neither": r.neither,
                "brier": r.brier,
                "brier_attainment": r.brier_attainment,
            }
            for r in records.rule_scores(found)
        ]
    if by is By.CALIBRATION:
        return [
            {
                "low": b.low,
                "high": b.high,
                "cases": b.came.of,
                "said": b.said,
                "came": b.came.share,
                "lower": b.came.lower,
                "upper": b.came.upper,
            }
            for b in records.curve(found)
        ]
    if by is By.TARGET:
        return [
            {
                "target_id": r.target_id,
                "region": r.region,
                "indicator": r.indicator,
                "deadline": r.deadline,
                **{f"said_{lead}": r.said.get(lead) for lead in (3, 2, 1, 0)},
                "met": r.met,
                "provisional": r.provisional,
                "observed": r.observed,
            }
            for r in records.looked_back(found)
        ]
    return [case_json(c) for c in found]


def scores_json(s: Scores) -> dict[str, Any]:
    """The scores of some cases as plain numbers."""
    return {
        "cases": s.cases,
        "met": s.met,
        "series": s.series,
        "forecasts": s.forecasts,
        "brier": s.brier,
        "brier_climatology": s.brier_climatology,
        "brier_drift": s.brier_drift,
        "skill_climatology": s.skill_climatology,
        "skill_drift": s.skill_drift,
        "covered80": s.covered80.share,
        "covered95": s.covered95.share,
        "provisional": s.provisional,
        "few": s.few,
    }


def case_json(c: Case) -> dict[str, Any]:
    """One case as plain values."""
    names = ("target_id", "region", "indicator", "basis", "comparator", "value", "deadline", "lead")
    more = ("attainment", "climatology", "drift", "point", "lower80", "upper80", "lower95", "upper95")
    rest = ("met", "observed", "provisional", "model", "model_version", "vintage")
    return {
        "asked": str(c.asked),
        **{name: getattr(c, name) for name in (*names, *more, *rest)},
        "origin": c.origin.isoformat(),
        "known_on": c.known_on.isoformat(),
        "rules": dict(c.rules),
    }
