"""What a unit answers for: one row a target, the worst first, with what the rest of the year must reach."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.i18n.format import number, unit
from dabiao.services.pages.places import UnitView
from dabiao.services.publish.notices import Entry
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import attainment, frame, links
from dashboard.components.status import badge

MOST = 150
"""Rows that are shown; the files to take away have them all."""

COLUMNS = ("status", "target", "goal", "role", "stands", "required", "quote")


def duties(view: UnitView, asked: Asked) -> list[Any]:
    """The table, and how many it leaves out."""
    say = asked.say
    shown = view.entries[:MOST]
    columns = [c for c in COLUMNS if c != "required" or asks(view)]
    table = frame.table(
        [say(f"duties.{c}") for c in columns],
        [[_cell(c, e, view, asked) for c in columns] for e in shown],
        caption=say("duties.heading"),
        classes="duties",
    )
    if len(shown) == len(view.entries):
        return [table]
    more = say("duties.more", shown=len(shown), total=len(view.entries))
    return [table, html.P(more, className="soft")]


def asks(view: UnitView) -> bool:
    """Whether the year in progress requires anything of some target."""
    return any(e.required is not None or "allowance" in e.says for e in view.entries)


def _cell(column: str, e: Entry, view: UnitView, asked: Asked) -> Any:
    a, t = e.v.assessment, e.v.declared.target
    match column:
        case "status":
            return badge(a.status, bool(a.provisional), asked.lang)
        case "target":
            return _target(e, asked)
        case "goal":
            goal = html.Div(present.goal(t, asked.app.catalogue, asked.lang), className="figure")
            return html.Div([goal, html.Div(present.deadline(t, asked.lang), className="soft")])
        case "role":
            leads = t.id in view.leads
            said = asked.say("duties.leads" if leads else "duties.shares")
            return html.Span(said, className="chip" if leads else "soft nowrap")
        case "stands":
            return _stands(e, asked)
        case "required":
            return _required(e, asked)
        case _:
            clause = html.Div(t.clause, lang="zh-CN", className="soft small")
            return html.Div([html.Div(t.quote, lang="zh-CN"), clause])


def _target(e: Entry, asked: Asked) -> html.Div:
    t = e.v.declared.target
    return html.Div(
        [
            dcc.Link(
                present.indicator(asked.app.catalogue, t.indicator, asked.lang),
                href=urls.target(t.id, asked.query),
                className="strong",
            ),
            html.Div(links.region(t.region, asked, short=True), className="soft"),
        ]
    )


def _stands(e: Entry, asked: Asked) -> Any:
    a, settings = e.v.assessment, asked.app.settings
    if a.attainment is not None:
        return attainment.bar(
            a.attainment, present.attainment(a), a.status, settings.off_track, settings.on_track, asked.say
        )
    said = present.latest(a, asked.app.catalogue, e.v.declared.target, asked.lang)
    if said == present.DASH:
        return html.Span(asked.say.word(f"reason.{a.reason}"), className="soft")
    return html.Div(
        [
            html.Div(said, className="figure"),
            html.Div(present.latest_period(a, asked.lang), className="soft"),
        ]
    )


def _required(e: Entry, asked: Asked) -> Any:
    """The required value with its sentence; a dash where the year in progress asks for none."""
    says = [e.says[name] for name in ("allowance", "required") if name in e.says]
    if e.required is None:
        return html.Div(says[0], className="small") if says else html.Span(present.DASH, className="soft")
    sign = "≤" if e.required_side == "at_most" else "≥"
    shown = unit(asked.app.catalogue.indicators[e.v.declared.target.series.indicator].unit, asked.lang)
    return html.Div(
        [
            html.Div(f"{sign} {number(e.required)}{shown}", className="figure"),
            *([html.Div(says[-1], className="soft small")] if says else []),
        ]
    )
