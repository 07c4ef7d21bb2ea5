"""Where a target comes from and who answers for it: the words of the plan, before anything we make of them."""

from __future__ import annotations

import shlex
from typing import Any

from dash import dcc, html

from dabiao.assess.sentences import names, wanted_regions
from dabiao.domain.target import Attached
from dabiao.services.pages.views import TargetView
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame, links


def provenance(view: TargetView, asked: Asked) -> list[Any]:
    """Quote, clause, document, units, and how damaged or vague words were read."""
    say, lang = asked.say, asked.lang
    d = view.verdict.declared
    t, plan = d.target, view.plan
    title = plan["title"] if lang == "zh-CN" else f"{plan['title_en']} ({plan['title']})"
    why = t.series.why_zh if lang == "zh-CN" else t.series.why_en
    base_why = d.why_base_zh if lang == "zh-CN" else d.why_base_en
    reading = (
        say("source.read_as_says", printed=t.printed, read_as=t.read_as, why=t.read_why) if t.printed else ""
    )
    twins = [dcc.Link(other, href=urls.target(other, asked.query)) for other in t.same_as]
    return [
        html.Blockquote(html.P(t.quote, lang="zh-CN"), className="quote"),
        html.P(
            dcc.Link(say("source.in_text"), href=urls.plan_place(t.plan, t.id, asked.query)),
            className="quote-place",
        ),
        frame.facts(
            [
                (say("source.clause"), html.Span(t.clause, lang="zh-CN")),
                (say("source.plan"), title),
                (say("source.number"), plan["document_number"]),
                (say("source.issuer"), plan["issuer"]),
                (say("source.issued"), html.Span(plan["issued"], title=plan["issued_note"] or "")),
                (say("source.lead"), t.lead_units and links.units(t.lead_units, d.lead, asked)),
                (
                    say("source.responsible"),
                    t.responsible_units and links.units(t.responsible_units, d.responsible, asked),
                ),
                (say("source.lead"), "" if t.lead_units or t.responsible_units else say("source.no_unit")),
                (say("source.attached"), _attached(t.attached, asked) if t.attached else None),
                (say("source.series"), why),
                (say("source.base"), base_why if view.schedule else ""),
                (say("source.read_as"), reading),
                (say("source.deadline_note"), t.deadline_note),
                (say("source.tolerance_note"), t.tolerance_note),
                (say("source.note"), t.note),
                (say("source.plan_note"), plan["note"]),
                (say("source.same_as"), html.Span(_spaced(twins)) if twins else None),
                (say("source.version"), say("source.version_says", version=d.version, known_on=d.known_on)),
            ]
        ),
    ]


def _attached(given: Attached, asked: Asked) -> html.Span:
    """The document that gives a delegated target its number, with its words."""
    title = html.A(given.document, href=given.url, rel="noreferrer noopener") if given.url else given.document
    words = asked.say("source.attached_says", issued=given.issued, quote=given.quote)
    return html.Span([html.Span(title, lang="zh-CN"), words])


def _spaced(parts: list[Any]) -> list[Any]:
    return [piece for part in parts for piece in (part, " ")]


def tags(view: TargetView, asked: Asked) -> html.Ul:
    """What kind of target it is."""
    t = view.verdict.declared.target
    say = asked.say
    words: list[Any] = [links.region(t.region, asked), links.indicator(t.indicator, asked)]
    words += [say.word(f"measure.{t.measure}"), say.word(f"kind.{t.kind}")]
    words += [say("source.stretch")] if t.stretch else []
    words += [present.deadline(t, asked.lang)]
    return html.Ul([html.Li(w) for w in words], className="tags")


def report(view: TargetView, asked: Asked) -> list[Any]:
    """What the responsible unit reported, and the command that records a report."""
    say = asked.say
    t, found = view.verdict.declared.target, view.verdict.assessment.report
    unit = next(iter((*t.lead_units, *t.responsible_units)), say("report.unit"))
    words = [
        "dabiao",
        "reports",
        "add",
        t.id,
        "--state",
        "done",
        "--unit",
        unit,
        "--evidence",
        say("report.evidence_word"),
    ]
    if found is None:
        content: list[Any] = [html.P(say("report.none"), className="calm")]
    else:
        content = [
            frame.facts(
                [
                    (say("report.state"), say.word(f"report_state.{found.state}")),
                    (say("report.by"), found.unit),
                    (say("report.on"), found.reported_on.isoformat()),
                    (say("report.evidence"), found.evidence),
                    (say("source.note"), found.note),
                ]
            )
        ]
    return [*content, html.P(say("report.how"), className="soft small"), frame.command(shlex.join(words))]


def bring(view: TargetView, asked: Asked) -> list[Any]:
    """Which file would bring the missing series, with an empty one to fill in."""
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    t = view.verdict.declared.target
    return [
        html.P(
            say(
                "bring.says",
                region=names(wanted_regions(view.verdict.assessment, t), catalogue, lang),
                indicator=present.indicator(catalogue, t.series.indicator, lang),
                inbox=str(asked.app.paths.inbox),
            )
        ),
        html.Div(
            [frame.button(say("bring.template"), urls.template(t.id, asked.query), download=True)],
            className="tools",
        ),
        html.P(say("bring.command"), className="soft small"),
        frame.command(f"dabiao import {t.id}.csv"),
    ]
