"""Assessments as kept: one row a target and change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dabiao import __version__
from dabiao.domain.assessment import Group
from dabiao.services.app import App, stamp
from dabiao.services.judge.judging import Verdict
from dabiao.store import assessments as store

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def changed_rows(app: App, verdicts: Iterable[Verdict], now: datetime) -> list[dict[str, Any]]:
    """The rows of those whose assessment differs from the last one stored."""
    rows = [assessment_row(v, now) for v in verdicts]
    before = store.last_digests(app.store, [row["target_id"] for row in rows])
    return [row for row in rows if before.get(row["target_id"]) != row["digest"]]


def assessment_row(v: Verdict, now: datetime) -> dict[str, Any]:
    """An assessment as stored. The digest leaves out when it was made, so that a repeat is no change."""
    a = v.assessment
    content = {
        "deadline": v.declared.target.deadline,
        "provisional": [str(p) for p in a.provisional],
        "rules": [
            {
                "rule": r.rule,
                "outcome": r.outcome,
                "figure": r.figure,
                "favourable": r.favourable,
                "decides": r.decides,
                "message": r.message,
                "params": dict(r.params),
            }
            for r in a.rules
        ],
        "forecast": None
        if a.forecast is None
        else {
            "model": a.forecast.model,
            "model_version": a.forecast.model_version,
            "vintage": a.forecast.vintage,
            "last_period": a.forecast.last_period,
        },
        "decided_by": None
        if a.decided_by is None
        else [a.decided_by.chosen.id, *(o.id for o in a.decided_by.others)],
        "late": a.late,
        "params": dict(a.params),
        "warnings": [{"code": str(w.code), "params": dict(w.params)} for w in a.warnings],
        "group": None if a.group is None else _group(a.group),
        "reopened": None
        if a.reopened is None
        else [a.reopened.why, str(a.reopened.status), a.reopened.value],
    }
    row = {
        "target_id": a.target_id,
        "target_version": a.target_version,
        "status": str(a.status),
        "provisional": int(bool(a.provisional)),
        "reason": str(a.reason),
        "attainment": a.attainment,
        "point": a.point,
        "lower80": a.lower80,
        "upper80": a.upper80,
        "latest_period": str(a.latest.period) if a.latest else None,
        "latest_value": str(a.latest.value) if a.latest else None,
        "basis": str(a.basis) if a.basis else None,
        "proxy": int(a.proxy),
        "content": _JSON(content),
        "program": __version__,
    }
    digest = hashlib.sha256(json.dumps(list(row.values())).encode()).hexdigest()
    return {**row, "as_of": a.as_of.isoformat(), "made_at": stamp(now), "digest": digest}


def _group(g: Group) -> dict[str, Any]:
    return {
        "worst": g.worst,
        "missing": list(g.missing),
        "upper": g.upper,
        "lower": g.lower,
        "members": [
            [
                p.region,
                str(p.status),
                str(p.reason),
                None if p.value is None else str(p.value),
                p.period,
                p.attainment,
            ]
            for p in g.parts
        ],
    }
