"""目标 Target: the verdict in one sentence, then everything behind it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.assess.sentences import also, sentence
from dabiao.domain.assessment import Reason, Status
from dabiao.domain.target import Measure
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.judge import part_year as part_years
from dabiao.services.pages import views
from dabiao.services.pages.views import TargetView
from dabiao.store import declared
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import (
    evidence,
    frame,
    history,
    part_year,
    provenance,
    rules,
    scenario,
    values,
    verdict_details,
)
from dashboard.components.attributes import aria
from dashboard.components.status import badge
from dashboard.pages import states
from dashboard.pages.page import Page

_LACKING = {Reason.NO_SERIES, Reason.TOO_SHORT, Reason.STALE, Reason.BASELINE_MISSING, Reason.VALUE_NOT_IN}
"""Reasons that a file could mend."""


def known(app: App, target_id: str) -> bool:
    """Whether a target of this id was ever declared."""
    return declared.is_known(app.store, target_id) and bool(visible.target_ids(app, [target_id]))


def layout(asked: Asked, target_id: str) -> Page:
    """One target's page."""
    view = views.target_view(asked.app, target_id, asked.as_of, asked.now)
    if view is None:
        return states.unknown_target(target_id, asked)
    catalogue, lang = asked.app.catalogue, asked.lang
    t = view.verdict.declared.target
    name = f"{present.region(catalogue, t.region, lang)} · {present.indicator(catalogue, t.indicator, lang)}"
    content = _numeric(view, asked) if t.measure is Measure.NUMERIC else _reported(view, asked)
    return Page(asked.say("title", page=name), [*_head(view, asked, name), *content])


def _head(view: TargetView, asked: Asked, name: str) -> list[Any]:
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    a, t = view.verdict.assessment, view.verdict.declared.target
    plan = view.plan["short_zh" if lang == "zh-CN" else "short_en"]
    crumbs = html.Nav(
        html.Ol(
            [
                html.Li(dcc.Link(say("pages.plans"), href=urls.plans(asked.query))),
                html.Li(dcc.Link(plan, href=urls.plan(t.plan, asked.query.without_filters()))),
                html.Li(name, **aria(current="page")),
            ]
        ),
        className="crumbs",
        **aria(label=say("target.crumbs")),
    )
    return [
        crumbs,
        html.Div(
            [
                html.Div(
                    [
                        badge(a.status, bool(a.provisional), lang),
                        provenance.tags(view, asked),
                        html.Span(
                            [*_files(t.id, asked), frame.printer(say("shell.print"))], className="tools"
                        ),
                    ],
                    className="verdict-line",
                ),
                html.H1(sentence(a, t, catalogue, lang), className="verdict"),
                html.P(
                    [html.Span(said + " ") for said in also(a, t, catalogue, lang)], className="verdict-also"
                ),
                verdict_details.reopened(view.verdict, asked),
            ],
            className="verdict-head",
        ),
    ]


def _files(target_id: str, asked: Asked) -> list[Any]:
    """The target's notice, to be taken away."""
    return [
        frame.button(
            asked.say(f"target.{kind}"),
            urls.target_file(target_id, f"notice.{kind}", asked.query),
            download=True,
            name=kind,
        )
        for kind in ("docx", "xlsx")
    ]


def _numeric(view: TargetView, asked: Asked) -> list[Any]:
    say, a = asked.say, view.verdict.assessment
    t = view.verdict.declared.target
    download = frame.button(
        say("values.download"), urls.values(t.id, asked.query), download=True, name="download-values"
    )
    evidence_first = [_evidence(view, asked)] if view.observations else []
    evidence_first += _members(view, asked)
    if a.status is Status.NO_DATA or a.reason in _LACKING:
        evidence_first.append(frame.panel(say("bring.heading"), provenance.bring(view, asked), name="bring"))
    says = [
        frame.panel(say("rules.heading"), rules.rules(view.verdict, asked), name="rules"),
        *_cautions(view, asked),
    ]
    return [
        html.Div(
            [
                html.Div(evidence_first, className="stack"),
                html.Div(says, className="stack beside"),
                html.Div(_part_year(view, asked), className="stack"),
            ],
            className="columns wide-left evidence-first",
        ),
        _history(view, asked),
        html.Div([_source(view, asked), _alerts(view, asked)], className="columns wide-left"),
        frame.panel(
            say("values.heading"),
            values.values(view, asked),
            note=say("values.note"),
            tools=[download] if view.observations else [],
            name="values",
        ),
    ]


def _evidence(view: TargetView, asked: Asked) -> html.Section:
    say, t = asked.say, view.verdict.declared.target
    catalogue, lang = asked.app.catalogue, asked.lang
    place, what = present.region(catalogue, t.region, lang), present.indicator(catalogue, t.indicator, lang)
    title = f"{place} · {what} · {present.goal(t, catalogue, lang)} · {present.deadline(t, lang)}"
    parts = evidence.evidence(view, asked)
    tools = [frame.png(evidence.CHART, title, say)] if len(parts) > 1 else []
    note = say("chart.note") if len(parts) > 1 else ""
    return frame.panel(say("chart.heading"), parts, note=note, tools=tools, name="evidence")


def _members(view: TargetView, asked: Asked) -> list[Any]:
    table, say = verdict_details.members(view.verdict, asked), asked.say
    return (
        [frame.panel(say("members.heading"), table, note=say("members.note"), name="members")]
        if table
        else []
    )


def _cautions(view: TargetView, asked: Asked) -> list[Any]:
    said = verdict_details.cautions(view.verdict, asked)
    return [frame.panel(asked.say("cautions.heading"), said, name="cautions")] if said else []


def _part_year(view: TargetView, asked: Asked) -> list[Any]:
    say = asked.say
    year = part_years.part_year(asked.app, view.verdict)
    note = say("part_year.note", year=year.year, day=asked.as_of.isoformat()) if year.panel else ""
    parts = [
        frame.panel(say("part_year.heading"), part_year.part_year(year, asked), note=note, name="part-year")
    ]
    boxes = scenario.scenario(year, asked)
    if not boxes:
        return parts
    what_if = frame.fold(say("scenario.open"), boxes, opened=year.panel is not None)
    return [*parts, frame.panel(say("scenario.heading"), [what_if], name="scenario")]


def _reported(view: TargetView, asked: Asked) -> list[Any]:
    say = asked.say
    return [
        html.Div(
            [
                html.Div([_source(view, asked)], className="stack"),
                html.Div(
                    [
                        frame.panel(say("report.heading"), provenance.report(view, asked), name="report"),
                        _history(view, asked),
                    ],
                    className="stack",
                ),
            ],
            className="columns wide-left",
        )
    ]


def _source(view: TargetView, asked: Asked) -> html.Section:
    return frame.panel(asked.say("source.heading"), provenance.provenance(view, asked), name="source")


def _alerts(view: TargetView, asked: Asked) -> html.Section:
    body = html.Div(history.alerts(view.alerts, asked), id="target-alerts")
    return frame.panel(asked.say("alerts.heading"), [body], name="alerts")


def _history(view: TargetView, asked: Asked) -> html.Section:
    say = asked.say
    return frame.panel(
        say("history.heading"),
        history.history(view.history, view.verdict.declared.target, asked),
        note=say("history.note"),
        name="history",
    )
