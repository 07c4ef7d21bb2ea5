"""Assessments as kept: one row a target and change."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from dabiao import __version__
from dabiao.services.app import App, stamp
from dabiao.services.judging import Verdict, judge
from dabiao.store import judged as store


def run_assessments(app: App, as_of: date, now: datetime) -> dict[str, int]:
    """Judge every target and store each whose assessment differs from the last one stored.

    Returns:
        counts ``{"targets", "changed", "unchanged"}``.
    """
    verdicts = judge(app, as_of, now)
    before = store.latest_assessments(app.store)
    rows = []
    for v in verdicts:
        row = assessment_row(v, now)
        last = before.get(row["target_id"])
        if last is None or last["digest"] != row["digest"]:
            rows.append(row)
    store.record_assessments(app.store, rows)
    return {"targets": len(verdicts), "changed": len(rows), "unchanged": len(verdicts) - len(rows)}


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
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
        "program": __version__,
    }
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    return {**row, "as_of": a.as_of.isoformat(), "made_at": stamp(now), "digest": digest}
