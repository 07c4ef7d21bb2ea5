"""A decided target's record: frozen with what decided it, as plain JSON, so that it can be shown when its sources have moved on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dabiao.domain.assessment import (
    Assessment,
    Group,
    Part,
    Provisional,
    Reason,
    Reopened,
    RuleResult,
    Status,
)
from dabiao.domain.observation import Basis, Observation, Point, Qualifier, State, Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Bounds


class Event(StrEnum):
    """What happened to a decided target. Alerts and notices are made of these."""

    DECIDED = "decided"
    CHANGED = "changed"
    SETTLED = "settled"
    LAPSED = "lapsed"
    REOPENED = "reopened"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"


DECIDED = {Status.MET, Status.MISSED}


@dataclass(frozen=True, slots=True)
class Decision:
    """One version of a target's final status.

    Attributes:
        as_of: the day on which it was made.
        status: ``met`` or ``missed``; ``None`` where a person has lifted it and the values speak again.
        digest: of what it hangs on: deadline, border, status, and every deciding value. Two decisions of one digest are one.
        evidence: the deciding values with those not used, the rules' outcomes and the members, as JSON.
        by, note: who confirmed it, and why; empty for one that the values made.
    """

    target_id: str
    version: int
    target_version: int
    as_of: date
    status: Status | None
    provisional: bool
    period: str | None
    value: str | None
    digest: str
    evidence: Mapping[str, Any]
    by: str = ""
    note: str = ""

    @property
    def settled(self) -> bool:
        """Whether the record is frozen: decided, and by a value that stands."""
        return self.status is not None and not self.provisional


def decision_of(a: Assessment, deadline: str | None, version: int = 1) -> Decision | None:
    """What an assessment decides; ``None`` where it decides nothing."""
    if a.status not in DECIDED or a.decided_by is None or a.bounds is None:
        return None
    return Decision(
        a.target_id,
        version,
        a.target_version,
        a.as_of,
        a.status,
        bool(a.provisional),
        str(a.decided_by.period),
        str(a.decided_by.value),
        digest(a, deadline),
        {
            "reason": str(a.reason),
            "provisional": [str(p) for p in a.provisional],
            "bounds": _plain(a.bounds),
            "deadline": deadline,
            "decided_by": _point(a.decided_by),
            "rules": [_plain(r) for r in a.rules],
            "group": None if a.group is None else _group(a.group),
        },
    )


def digest(a: Assessment, deadline: str | None) -> str:
    """What a decision hangs on, as one word; for an undecided target, that it is undecided and why."""
    if a.status not in DECIDED or a.decided_by is None:
        return f"{a.status}:{a.reason}"
    parts = a.group.parts if a.group else ()
    values = [[p.region, p.period, str(p.value)] for p in parts if p.decided]
    content = {
        "deadline": deadline,
        "bounds": _plain(a.bounds),
        "status": str(a.status),
        "provisional": bool(a.provisional),
        "values": values or [[None, str(a.decided_by.period), str(a.decided_by.value)]],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def stands_against(
    a: Assessment, decision: Decision | None, deadline: str | None, since: date | None = None
) -> Assessment:
    """An assessment under the decision that stood on its day: the frozen one, with what contradicts it since.

    Args:
        a: what the values say.
        since: the day from which the contradiction is on record; ``None`` if it is not yet.
    """
    if decision is None or not decision.settled or decision.status is None:
        return a
    held: Assessment = replace(a, **frozen_fields(decision))
    if digest(a, deadline) == decision.digest:
        return held
    value = str(a.decided_by.value) if a.decided_by else None
    return replace(held, reopened=Reopened(why_reopened(a, decision, deadline), since, a.status, value))


def why_reopened(a: Assessment, decision: Decision, deadline: str | None) -> str:
    """What contradicts a decision: ``target_corrected``, ``value_withdrawn`` or ``value_revised``."""
    e = decision.evidence
    if deadline != e["deadline"] or (a.bounds is not None and _plain(a.bounds) != e["bounds"]):
        return "target_corrected"
    return "value_withdrawn" if a.decided_by is None else "value_revised"


def frozen_fields(d: Decision) -> dict[str, Any]:
    """A settled decision as the fields of an assessment that it overrides."""
    e = d.evidence
    point = _point_from(e["decided_by"])
    return {
        "target_version": d.target_version,
        "status": d.status,
        "reason": Reason(e["reason"]),
        "provisional": tuple(Provisional(p) for p in e["provisional"]),
        "bounds": _bounds(e["bounds"]),
        "decided_by": point,
        "latest": point,
        "basis": point.chosen.basis,
        "rules": tuple(RuleResult(**r) for r in e["rules"]),
        "group": None if e["group"] is None else _group_from(e["group"]),
        "attainment": None,
        "point": None,
        "lower80": None,
        "upper80": None,
        "forecast": None,
        "params": {},
        "late": 0,
    }


# -- to JSON and back --------------------------------------------------------------------------------------------------


def _plain(made: Any) -> dict[str, Any]:
    """A flat dataclass, struct or named tuple as JSON types."""
    names = getattr(made, "_fields", None) or getattr(made, "__struct_fields__", None)
    names = names or [f.name for f in fields(made)]
    return {name: _json(getattr(made, name)) for name in names}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return dict(value) if isinstance(value, Mapping) else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _bounds(content: Mapping[str, Any]) -> Bounds:
    return Bounds(_decimal(content["low"]), _decimal(content["high"]), content["low_in"], content["high_in"])


def _point(p: Point) -> dict[str, Any]:
    return {
        "period": str(p.period),
        "value": str(p.value),
        "chosen": _plain(p.chosen),
        "others": [_plain(o) for o in p.others],
    }


def _point_from(content: Mapping[str, Any]) -> Point:
    return Point(
        Period.parse(content["period"]),
        Decimal(content["value"]),
        _observation(content["chosen"]),
        tuple(_observation(o) for o in content["others"]),
    )


def _observation(content: Mapping[str, Any]) -> Observation:
    qualifier, published = content["qualifier"], content["published"]
    return Observation(
        **{
            **content,
            "period": Period.parse(content["period"]),
            "value": _decimal(content["value"]),
            "basis": Basis.parse(content["basis"]),
            "tier": Tier(content["tier"]),
            "state": State(content["state"]),
            "known_on": date.fromisoformat(content["known_on"]),
            "qualifier": Qualifier(qualifier) if qualifier else None,
            "published": date.fromisoformat(published) if published else None,
        }
    )


def _group(g: Group) -> dict[str, Any]:
    return {
        "worst": g.worst,
        "missing": list(g.missing),
        "parts": [
            {name: list(v) if isinstance(v, tuple) else _json(v) for name, v in p._asdict().items()}
            for p in g.parts
        ],
    }


def _group_from(content: Mapping[str, Any]) -> Group:
    parts = tuple(
        Part(
            **{
                **p,
                "status": Status(p["status"]),
                "reason": Reason(p["reason"]),
                "value": _decimal(p["value"]),
                "observations": tuple(p["observations"]),
            }
        )
        for p in content["parts"]
    )
    return Group(parts, content["worst"], tuple(content["missing"]))
