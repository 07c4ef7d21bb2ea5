"""What can be done with an alert: acknowledge it with name, plan and day, put it off, take that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.asked import Asked
from dashboard.components import forms, frame


def offered(r: Mapping[str, Any], asked: Asked) -> list[Any]:
    """The forms that fit where the alert stands, a row of :func:`dabiao.services.alerts.alert_rows.alert_json`."""
    say = asked.say
    if not forms.may("alerts/acknowledge"):
        return []
    if r["state"] in ("open", "acknowledged", "snoozed"):
        parts: list[Any] = [
            acknowledge(r, asked),
            frame.fold(say("alert_page.snooze_it"), [_snooze(r, asked)]),
        ]
        if r["acknowledged_by"] or r["snoozed_until"]:
            parts.append(frame.fold(say("alert_page.take_back"), [_reopen(r, asked)]))
        return parts
    if r["state"] == "expired" and r["reason"] == "filed":
        return [_reopen(r, asked)]
    return [
        html.P(
            say(f"alert_page.nothing_{'pending' if r['state'] == 'pending' else 'closed'}"), className="calm"
        )
    ]


def acknowledge(r: Mapping[str, Any], asked: Asked) -> html.Form:
    """Name, what will be done, and by when."""
    say = asked.say
    again = "again" if r["acknowledged_by"] else "it"
    return forms.form(
        "alerts/acknowledge",
        [
            forms.hidden("alert", r["id"]),
            forms.by_field(say("desk.by"), r["acknowledged_by"] or ""),
            forms.text_field("note", say("alert_page.what_next"), value=r["note"] or ""),
            forms.date_field("due", say("alert_page.due_field"), asked, value=r["due"] or ""),
            html.Button(say(f"alert_page.acknowledge_{again}"), className="button primary", type="submit"),
        ],
        classes="fields",
        name=f"acknowledge-{r['id']}",
    )


def _snooze(r: Mapping[str, Any], asked: Asked) -> html.Form:
    say = asked.say
    return forms.form(
        "alerts/snooze",
        [
            forms.hidden("alert", r["id"]),
            forms.by_field(say("desk.by")),
            forms.date_field("until", say("alert_page.until_field"), asked, required=True),
            html.Button(say("alert_page.snooze"), className="button", type="submit"),
        ],
        classes="fields",
    )


def _reopen(r: Mapping[str, Any], asked: Asked) -> html.Form:
    say = asked.say
    return forms.form(
        "alerts/reopen",
        [
            forms.hidden("alert", r["id"]),
            forms.by_field(say("desk.by")),
            html.Button(say("alert_page.reopen"), className="button", type="submit"),
        ],
        classes="fields",
    )
