"""How a target's status came about, and the alerts that it raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dash import dcc, html

from dabiao.domain.alert import Alert
from dabiao.domain.target import Target
from dabiao.i18n.format import number, percent, unit
from dabiao.services.alerts import alert_rows, alerting
from dabiao.store.database import Row
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import alert_forms, forms, frame
from dashboard.components.attributes import aria
from dashboard.components.status import badge

_SHOWN = ("status", "provisional", "reason", "attainment")


def stretches(
    rows: Sequence[Mapping[str, Any] | Row], until: date
) -> list[tuple[Mapping[str, Any] | Row, int]]:
    """Stored assessments up to a day, each with the days for which it stood; a day judged twice counts by its last.

    Neighbours that say the same are one stretch.
    """
    days = {row["as_of"]: row for row in rows if date.fromisoformat(row["as_of"]) <= until}
    standing: list[Mapping[str, Any] | Row] = []
    for day in sorted(days):
        if not standing or any(standing[-1][name] != days[day][name] for name in _SHOWN):
            standing.append(days[day])
    if not standing:
        return []
    ends = [date.fromisoformat(row["as_of"]) for row in standing[1:]] + [until]
    return [
        (row, (end - date.fromisoformat(row["as_of"])).days) for row, end in zip(standing, ends, strict=True)
    ]


def history(rows: Sequence[Row], t: Target, asked: Asked) -> list[Any]:
    """The strip of statuses over time and its table."""
    say, lang = asked.say, asked.lang
    found = stretches(rows, asked.as_of)
    if not found:
        return [html.P(say("history.none"), className="soft")]
    strip = html.Div(
        [
            html.Div(
                className=f"stretch is-{row['status']}" + (" provisional" if row["provisional"] else ""),
                style={"flexGrow": max(days, 1)},
                title=f"{row['as_of']} {present.status_word(row['status'], bool(row['provisional']), lang)}",
            )
            for row, days in found
        ],
        className="strip",
        **aria(hidden="true"),
    )
    ends = html.Div(
        [html.Span(found[0][0]["as_of"]), html.Span(asked.as_of.isoformat())], className="strip-ends"
    )
    headings = [say(f"history.{h}") for h in ("since", "status", "why", "attainment", "said", "page")]
    table = frame.table(
        headings,
        [
            [
                row["as_of"],
                badge(row["status"], bool(row["provisional"]), lang),
                say.word(f"reason.{row['reason']}"),
                present.DASH if row["attainment"] is None else percent(row["attainment"]),
                _said(row, t, asked),
                html.A(say("history.open"), href=urls.target(t.id, _on(row["as_of"], asked))),
            ]
            for row, _ in reversed(found)
        ],
        caption=say("history.heading"),
    )
    return [strip, ends, table]


def _on(day: str, asked: Asked) -> urls.Query:
    return replace(asked.query, as_of=date.fromisoformat(day))


def _said(row: Row, t: Target, asked: Asked) -> str:
    """The value at the deadline as it was expected then."""
    if row["point"] is None:
        return present.DASH
    indicator = asked.app.catalogue.indicators[t.series.indicator]
    point, low, high = (number(row[name], indicator.decimals) for name in ("point", "lower80", "upper80"))
    return asked.say(
        "history.expected", point=f"{point}{unit(indicator.unit, asked.lang)}", lower=low, upper=high
    )


def alerts(rows: Sequence[Alert], asked: Asked) -> list[Any]:
    """The alerts, the newest first; an open one that waits for someone can be acknowledged in place."""
    say = asked.say
    if not rows:
        return [html.P(say("alerts.none"), className="soft")]
    return [_alert(row, asked) for row in rows]


def _alert(row: Alert, asked: Asked) -> html.Div:
    say, settings = asked.say, asked.app.settings
    assert row.raised_at is not None and row.to_status is not None
    raised = present.moment(row.raised_at, settings.timezone, asked.today, asked.lang)
    before = say.status(row.from_status) if row.from_status else say("alerts.nothing")
    says = say("alerts.says", before=before, after=say.status(row.to_status), raised=raised)
    parts: list[Any] = [
        html.P(
            [
                html.Span(says),
                html.Span(say.word(f"severity.{row.severity}"), className=f"chip severity-{row.severity}"),
            ]
        )
    ]
    if row.cleared_at:
        cleared = present.moment(row.cleared_at, settings.timezone, asked.today, asked.lang)
        parts.append(html.P(say("alerts.cleared", cleared=cleared), className="soft small"))
    elif row.acknowledged_by and row.acknowledged_at:
        at = present.moment(row.acknowledged_at, settings.timezone, asked.today, asked.lang)
        parts.append(
            html.P(say("alerts.acknowledged", by=row.acknowledged_by, at=at), className="soft small")
        )
    elif forms.may("alerts/acknowledge"):
        shown = alert_rows.alert_json(row, alerting.policy_of(asked.app), asked.today, asked.lang)
        parts.append(frame.fold(say("alert_page.acknowledge_it"), [alert_forms.acknowledge(shown, asked)]))
    href = urls.desk(f"/alerts/{row.id}", asked.query)
    parts.append(html.P(dcc.Link(say("alert_page.number", id=row.id), href=href), className="small"))
    return html.Div(parts, className="alert")
