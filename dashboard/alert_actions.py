"""What people do with alerts: put a name to one, put it off, take that back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dabiao.errors import DabiaoError
from dabiao.services.alerts import alerting
from dashboard.asked import Asked
from dashboard.done import Action, Done, Files, Form, number


def acknowledge(asked: Asked, form: Form, _files: Files) -> Done:
    """Put a name to an alert, with what will be done and by when."""
    alert, due = number(form, "alert"), _day(form, "due")
    done = alerting.acknowledge(asked.app, alert, form.get("by", ""), form.get("note", ""), due, asked.now)
    return Done(asked.say("alert_page.acknowledged", alert=alert, by=done.acknowledged_by or ""))


def snooze(asked: Asked, form: Form, _files: Files) -> Done:
    """Leave an alert out of the list until a day."""
    alert, until = number(form, "alert"), _day(form, "until")
    if until is None:
        raise DabiaoError("form_incomplete", name="until")
    alerting.snooze(asked.app, alert, form.get("by", ""), until, asked.now)
    return Done(asked.say("alert_page.snoozed", alert=alert, until=until.isoformat()))


def reopen(asked: Asked, form: Form, _files: Files) -> Done:
    """Take back an acknowledgement, a snooze or a filing."""
    alert = number(form, "alert")
    alerting.reopen(asked.app, alert, form.get("by", ""), asked.now)
    return Done(asked.say("alert_page.reopened", alert=alert))


def _day(form: Form, name: str) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DabiaoError("form_day_wrong", text=text[:20]) from error


ACTIONS: Mapping[str, Action] = {
    "alerts/acknowledge": acknowledge,
    "alerts/snooze": snooze,
    "alerts/reopen": reopen,
}
