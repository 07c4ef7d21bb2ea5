"""Assessments as kept: one row a target and change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import Any

from dabiao import __version__
from dabiao.domain.assessment import Group, Provisional, RuleResult
from dabiao.services.app import App, stamp
from dabiao.services.judge.judging import Verdict
from dabiao.store import assessments as store

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def changed_rows(app: App, verdicts: Iterable[Verdict], now: datetime) -> list[dict[str, Any]]:
    """The rows of those whose assessment differs from the last one stored."""
    made_at = stamp(now)
    rows = [assessment_row(v, made_at) for v in verdicts]
    before = store.last_digests(app.store, [row["target_id"] for row in rows])
    return [row for row in rows if before.get(row["target_id"]) != row["digest"]]


def assessment_row(v: Verdict, made_at: str) -> dict[str, Any]:
    """An assessment as stored. The digest leaves out when it was made, so that a repeat is no change."""
    a = v.assessment
    rest = {
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
    rules = ", ".join([_rule(r) for r in a.rules])
    text = f'{_opening(v.declared.target.deadline, a.provisional)}, "rules": [{rules}], {_JSON(rest)[1:]}'
    row: dict[str, Any] = {
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
        "program": __version__,
    }
    digest = hashlib.sha256(f"{_JSON(list(row.values()))}\n{text}".encode()).hexdigest()
    made = {"content": text, "as_of": a.as_of.isoformat(), "made_at": made_at, "digest": digest}
    return row | made


@lru_cache(maxsize=1024)
def _opening(deadline: str | None, provisional: tuple[Provisional, ...]) -> str:
    """What stands in the JSON before the rules."""
    return _JSON({"deadline": deadline, "provisional": [str(p) for p in provisional]})[:-1]


def _rule(r: RuleResult) -> str:
    """A rule's result as JSON. A million of them are written: what most have in common is put together once."""
    start, middle = _frame(r.rule, r.outcome, r.favourable, r.decides, r.message)
    params = ", ".join([f'"{name}": {_number(value)}' for name, value in r.params.items()])
    return f"{start}{_number(r.figure)}{middle}{{{params}}}}}"


@lru_cache(maxsize=1024)
def _frame(rule: str, outcome: str, favourable: bool | None, decides: bool, message: str) -> tuple[str, str]:
    """What stands in a rule's JSON before its figure, and between that and the content of ``params``."""
    start = _JSON({"rule": rule, "outcome": outcome})
    middle = _JSON({"favourable": favourable, "decides": decides, "message": message})
    return f'{start[:-1]}, "figure": ', f', {middle[1:-1]}, "params": '


def _number(value: object) -> str:
    if type(value) is int or (type(value) is float and isfinite(value)):
        return repr(value)
    return _JSON(value)


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
