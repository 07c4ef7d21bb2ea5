"""预警 One alert: what it is about, what can be done, and everything that has happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao import i18n
from dabiao.errors import UnknownName
from dabiao.i18n.format import percent
from dabiao.services.alerts import alert_rows, alerting
from dabiao.services.app import App
from dabiao.store import alerts as stored
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.alert_forms import offered
from dashboard.components.attributes import aria
from dashboard.pages import alerts, desk_page
from dashboard.pages.page import Page

Row = Mapping[str, Any]


def known(app: App, number: str) -> bool:
    """Whether there is an alert of this number."""
    return stored.by_id(app.store, desk_page.number_of(number)) is not None


def layout(asked: Asked, number: str) -> Page:
    """One alert: what it is about, what can be done, and everything that has happened to it."""
    say = asked.say
    try:
        found = alert_rows.find(asked.app, desk_page.number_of(number))
    except UnknownName:
        return desk_page.unknown(asked, "alert", number, "/alerts")
    r = alert_rows.alert_json(found, alerting.policy_of(asked.app), asked.today, asked.lang)
    target: Any = None
    names = alerts.target_names([r], asked)
    if r["target_id"]:
        target = dcc.Link(
            names.get(r["target_id"], r["target_id"]),
            href=urls.target(r["target_id"], asked.query.without_filters()),
        )
    facts = [
        (say("alert_page.target"), target),
        (say("alert_page.cause"), say.word(f"alert.cause.{r['cause']}")),
        (say("alert_page.level"), r["level_name"]),
        (say("alert_page.counter"), str(r["counter"]) if r["level"] else None),
        (say("alert_page.attainment"), percent(r["attainment"]) if r["attainment"] is not None else None),
        (say("alert_page.units"), say.word("when.list").join(r["lead_units"])),
        (say("alert_page.raised"), alerts.at(r["raised_at"], asked)),
        (say("alert_page.by"), r["acknowledged_by"]),
        (say("alert_page.due"), alerts.due(r, asked) if r["due"] or r["snoozed_until"] else None),
        (say("alert_page.what_next"), r["note"]),
        (say("alert_page.closed"), alerts.at(r["cleared_at"], asked) if r["cleared_at"] else None),
        (say("alert_page.reason"), _reason(r["reason"], asked)),
        (say("alert_page.final"), say.status(r["final_status"]) if r["final_status"] else None),
    ]
    crumbs = html.Nav(
        html.Ol(
            [
                html.Li(dcc.Link(say("pages.alerts"), href=urls.desk("/alerts", asked.query))),
                html.Li(say("alert_page.number", id=r["id"]), **aria(current="page")),
            ]
        ),
        className="crumbs",
        **aria(label=say("target.crumbs")),
    )
    return desk_page.page(
        say("alert_page.number", id=r["id"]),
        [
            crumbs,
            html.Div(
                [
                    html.Div([alerts.severity(r, asked), alerts.state(r, asked)], className="verdict-line"),
                    html.H1(alerts.message(r, names), className="verdict"),
                ],
                className="verdict-head",
            ),
            html.Div(
                [
                    frame.panel(say("alert_page.facts"), [frame.facts(facts)], name="facts"),
                    frame.panel(say("alert_page.do"), offered(r, asked), name="do"),
                ],
                className="columns halves",
            ),
            frame.panel(
                say("alert_page.history"),
                [_history(alert_rows.event_rows(asked.app, r["id"]), asked)],
                note=say("alert_page.history_note"),
                name="history",
            ),
        ],
        asked,
    )


def _reason(reason: str | None, asked: Asked) -> str | None:
    key = f"alert.reason.{reason}"
    return reason if reason is None or not i18n.has(key) else i18n.text(key, asked.lang)


def _history(events: Sequence[Row], asked: Asked) -> html.Div:
    say = asked.say
    return frame.table(
        [say(f"alert_page.{c}") for c in ("at", "what_happened", "actor", "details")],
        [
            [
                alerts.at(e["at"], asked),
                say.word(f"alert.change.{e['change']}"),
                say("alert_page.system") if e["actor"] == "system" else e["actor"],
                _details(e["changes"], asked),
            ]
            for e in reversed(events)
        ],
        caption=say("alert_page.history"),
    )


TOLD = (
    "to_status",
    "from_status",
    "attainment",
    "level",
    "note",
    "due",
    "snoozed_until",
    "final_status",
    "reason",
)


def _details(changes: Row, asked: Asked) -> str:
    """What an event changed, in words; figures that only the machine counts by are left out."""
    say, parts = asked.say, []
    for name in TOLD:
        value = changes.get(name)
        if value in (None, "", 0):
            continue
        if name.endswith("status"):
            value = say.status(value)
        elif name == "attainment":
            value = percent(value)
        elif name == "reason":
            value = _reason(value, asked)
        elif name == "level":
            levels = alerting.policy_of(asked.app).levels
            value = levels[value - 1].name(asked.lang) if 0 < value <= len(levels) else value
        parts.append(say("alert_page.detail", name=say(f"alert_page.changed_{name}"), value=value))
    return say.word("when.list").join(parts) or present.DASH
