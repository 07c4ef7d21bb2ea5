"""Assessments as kept: one row a target and change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.json import Encoder

from dabiao import __version__
from dabiao.domain.assessment import Assessment, Group
from dabiao.services.app import App, stamp
from dabiao.services.judge.judging import Verdict
from dabiao.store import assessments as store

_ENCODER = Encoder()


def changed_rows(app: App, verdicts: Iterable[Verdict], now: datetime) -> list[dict[str, Any]]:
    """The rows of those whose assessment differs from the last one stored."""
    made_at = stamp(now)
    rows = [assessment_row(v, made_at) for v in verdicts]
    before = store.last_digests(app.store, [row["target_id"] for row in rows])
    return [row for row in rows if before.get(row["target_id"]) != row["digest"]]


def assessment_row(v: Verdict, made_at: str) -> dict[str, Any]:
    """An assessment as stored. The digest leaves out when it was made, so that a repeat is no change."""
    a = v.assessment
    content = _content(a, v.declared.target.deadline)
    row: dict[str, Any] = {
        "target_id": a.target_id,
        "target_version": a.target_version,
        "status": a.status.value,
        "provisional": int(bool(a.provisional)),
        "reason": a.reason.value,
        "attainment": a.attainment,
        "point": a.point,
        "lower80": a.lower80,
        "upper80": a.upper80,
        "latest_period": str(a.latest.period) if a.latest else None,
        "latest_value": str(a.latest.value) if a.latest else None,
        "basis": str(a.basis) if a.basis else None,
        "proxy": int(a.proxy),
        "program": __version__,
    }
    digest = hashlib.sha256(b"%b\n%b" % (_ENCODER.encode(list(row.values())), content)).hexdigest()
    made = {"content": content.decode(), "as_of": a.as_of.isoformat(), "made_at": made_at, "digest": digest}
    return row | made


def _content(a: Assessment, deadline: str | None) -> bytes:
    """What has no column of its own, as JSON. Rules and cautions are encoded as they are."""
    f = a.forecast
    content = {
        "deadline": deadline,
        "provisional": a.provisional,
        "rules": a.rules,
        "forecast": None
        if f is None
        else {
            "model": f.model,
            "model_version": f.model_version,
            "vintage": f.vintage,
            "last_period": f.last_period,
        },
        "decided_by": None
        if a.decided_by is None
        else [a.decided_by.chosen.id, *(o.id for o in a.decided_by.others)],
        "late": a.late,
        "params": a.params,
        "warnings": a.warnings,
        "group": None if a.group is None else _group(a.group),
    }
    reopened = None if a.reopened is None else [a.reopened.why, a.reopened.status, a.reopened.value]
    # Last, and with the space by which the index of reopened decisions finds it.
    return b'%b, "reopened": %b}' % (_ENCODER.encode(content)[:-1], json.dumps(reopened).encode())


def _group(g: Group) -> dict[str, Any]:
    return {
        "worst": g.worst,
        "missing": g.missing,
        "upper": g.upper,
        "lower": g.lower,
        "members": [
            [
                p.region,
                p.status,
                p.reason,
                None if p.value is None else str(p.value),
                p.period,
                p.attainment,
            ]
            for p in g.parts
        ],
    }
