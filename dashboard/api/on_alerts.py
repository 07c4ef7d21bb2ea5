"""Operations on alerts: what someone must see, and the name of who deals with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dabiao.domain.access import Right
from dabiao.domain.alert import Kind
from dabiao.services.alerts import alert_rows, alerting
from dashboard import gate
from dashboard.api import answers_service as answers
from dashboard.api import asking
from dashboard.api.operation import Call, Made, Operation, Rows


def alerts(call: Call) -> Rows:
    """Alerts, the newest first."""
    asked, query = call.asked, call.query
    kind = None if query.kind == "all" else Kind(query.kind)
    states = tuple(query.state) or alert_rows.SHOWN
    return Rows.of(alert_rows.alert_rows(asked.app, asked.today, asked.lang, states, kind))


def alert(call: Call) -> Mapping[str, Any]:
    """One alert with everything that has happened to it."""
    asked, number = call.asked, call.path["alert_id"]
    found = alert_rows.find(asked.app, number)
    row = alert_rows.alert_json(found, alerting.policy_of(asked.app), asked.today, asked.lang)
    return {**row, "events": alert_rows.event_rows(asked.app, number)}


def acknowledge(call: Call) -> Made:
    """Put a name to an open alert; who is signed in does so in the own name."""
    asked, given = call.asked, call.body
    by = gate.principal().name or given.by
    alert_rows.find(asked.app, call.path["alert_id"])
    alerting.acknowledge(asked.app, call.path["alert_id"], by, given.note, given.due, asked.now)
    return Made(alert(call))


_ONE = {"alert_id": asking.Number}

OPERATIONS = (
    Operation(
        "alerts", "GET", "/alerts", Right.READ, "alerts", alerts, asking.Alerts, answers.Alert,
        listing=True, by_content=True,
    ),
    Operation(
        "alert", "GET", "/alerts/{alert_id}", Right.READ, "alerts", alert, asking.Query,
        answers.AlertWithEvents, parts=_ONE, by_content=True, fails=(404,),
    ),
    Operation(
        "acknowledge", "POST", "/alerts/{alert_id}/acknowledgement", Right.ACKNOWLEDGE, "alerts",
        acknowledge, asking.Query, answers.AlertWithEvents, parts=_ONE, fails=(400, 404, 409, 413, 415),
        body={"application/json": asking.Acknowledgement},
    ),
)  # fmt: skip
