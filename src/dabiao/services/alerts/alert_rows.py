"""Alerts as the listings show them: the rows of ``alerts list``, and what has happened to one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from dabiao import i18n
from dabiao.assess.alert_policy import Policy
from dabiao.domain.alert import Alert, Cause, Kind, State
from dabiao.errors import UnknownName
from dabiao.services.access import visible
from dabiao.services.alerts.alerting import policy_of
from dabiao.services.app import App
from dabiao.store import alerts as store
from dabiao.store import audit

STATES = ("open", "acknowledged", "snoozed", "pending", "cleared", "expired", "withdrawn")
"""The words of the column ``state``; the first three are all open."""
SHOWN = ("open", "acknowledged")
"""Those that the list has unless it is asked for others."""


def state_of(alert: Alert, day: date) -> str:
    """The word for where an alert stands on a day."""
    if alert.state is not State.OPEN:
        return str(alert.state)
    if alert.snoozed(day.isoformat()):
        return "snoozed"
    return "open" if alert.acknowledged_by is None else "acknowledged"


def alert_rows(
    app: App, day: date, lang: str, states: Sequence[str] = SHOWN, kind: Kind | None = Kind.TARGET
) -> list[dict[str, Any]]:
    """Rows of ``alerts list``, the newest first.

    Args:
        states: which of :data:`STATES`.
        kind: only those about targets, or only those about data; ``None`` for both.
    """
    policy = policy_of(app)
    closed = any(s not in ("open", "acknowledged", "snoozed", "pending") for s in states)
    found = seen(app, store.listed(app.store, everything=closed))
    return [
        alert_json(a, policy, day, lang)
        for a in found
        if (kind is None or a.kind is kind) and state_of(a, day) in states
    ]


def find(app: App, number: int) -> Alert:
    """One alert, whatever its state.

    Raises:
        UnknownName: there is none of that id.
    """
    alert = store.by_id(app.store, number)
    if alert is None or not seen(app, [alert]):
        raise UnknownName("alert_unknown", name=number)
    return alert


def seen(app: App, found: Sequence[Alert]) -> list[Alert]:
    """Those alerts that the reader sees: of targets within the scope, and those about data only without one."""
    if app.scope.everything:
        return list(found)
    ids = visible.target_ids(app, {a.target_id for a in found if a.target_id is not None})
    return [a for a in found if a.target_id in ids]


def alert_json(alert: Alert, policy: Policy, day: date, lang: str) -> dict[str, Any]:
    """One alert: the contract's fields first, then the others. ``pending`` ones have no ``raised_at``."""
    level = policy.levels[alert.level - 1] if 0 < alert.level <= len(policy.levels) else None
    return {
        "id": alert.id,
        "target_id": alert.target_id,
        "raised_at": alert.raised_at,
        "from_status": alert.from_status,
        "to_status": alert.to_status,
        "severity": alert.severity,
        "attainment": alert.attainment,
        "lead_units": list(alert.lead_units),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": alert.acknowledged_at,
        "note": alert.note,
        "cleared_at": alert.cleared_at,
        "kind": str(alert.kind),
        "cause": str(alert.cause),
        "key": alert.key,
        "state": state_of(alert, day),
        "level": alert.level or None,
        "level_name": level.name(lang) if level else None,
        "counter": alert.counter,
        "due": alert.due,
        "overdue": alert.cleared_at is None and alert.due is not None and day.isoformat() > alert.due,
        "snoozed_until": alert.snoozed_until,
        "quiet": alert.quiet,
        "reason": alert.reason,
        "final_status": alert.final_status,
        "target_version": alert.target_version,
        "as_of": alert.as_of,
        "message": says(alert, lang),
    }


def says(alert: Alert, lang: str) -> str:
    """What an alert is about, in a sentence."""
    if alert.kind is Kind.DATA:
        return _data_says(alert, lang)
    before = i18n.text(f"status.{alert.from_status}" if alert.from_status else "alert.nothing", lang)
    after = i18n.text(f"status.{alert.to_status}" if alert.to_status else f"alert.cause.{alert.cause}", lang)
    key = "alert.says_reopened" if alert.cause is Cause.REOPENED else "alert.says"
    return i18n.text(key, lang, target=alert.key, before=before, after=after)


def _data_says(alert: Alert, lang: str) -> str:
    if alert.cause is Cause.CHECK_FAILED:
        return i18n.text(f"verify.{alert.params['code']}", lang, **alert.params["params"])
    return i18n.text(f"alert.data.{alert.cause}", lang, key=alert.key, **alert.params)


def event_rows(app: App, number: int) -> list[dict[str, Any]]:
    """What has happened to an alert, the oldest first: ``id, at, actor, change, changes``."""
    return [
        {
            "id": r["id"],
            "at": r["at"],
            "actor": r["actor"],
            "change": r["action"].removeprefix("alert."),
            "changes": json.loads(r["details"]),
        }
        for r in audit.rows(app.store, subject=f"alert:{number}")
    ]
