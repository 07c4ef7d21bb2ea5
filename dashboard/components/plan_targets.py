"""A plan's targets by clause, in the order of its text, each beside its quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao.services.judge.judging import Verdict
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components.status import badge

Numbered = Sequence[tuple[int, Verdict]]


def by_clause(verdicts: Numbered) -> Mapping[str, list[tuple[int, Verdict]]]:
    """The targets of each clause, clauses in the order in which the text has them."""
    found: dict[str, list[tuple[int, Verdict]]] = {}
    for number, v in verdicts:
        found.setdefault(v.declared.target.clause, []).append((number, v))
    return found


def clauses(verdicts: Numbered, asked: Asked) -> list[Any]:
    """A section a clause."""
    return [
        html.Section(
            [
                html.H3(clause, lang="zh-CN", className="clause"),
                html.Ol([_entry(number, v, asked) for number, v in entries], className="plan-targets"),
            ],
            className="clause-section",
        )
        for clause, entries in by_clause(verdicts).items()
    ]


def _entry(number: int, v: Verdict, asked: Asked) -> html.Li:
    say, lang, catalogue = asked.say, asked.lang, asked.app.catalogue
    t, a = v.declared.target, v.assessment
    place = present.short_region(catalogue, t.region, lang)
    what = present.indicator(catalogue, t.indicator, lang)
    goal: list[Any] = [html.Span(present.goal(t, catalogue, lang), className="figure")]
    if t.stretch:
        goal.append(html.Span(say("source.stretch"), className="chip"))
    facts: list[tuple[str, Any]] = [
        (say("columns.goal"), goal),
        (say("columns.deadline"), present.deadline(t, lang)),
    ]
    facts += _units(v, asked)
    return html.Li(
        [
            html.Div(
                [
                    html.A(
                        [html.Span(say("plan.to_text"), className="unseen"), str(number)],
                        href=f"#in-{t.id}",
                        className="plan-number",
                        title=say("plan.to_text"),
                    ),
                    dcc.Link(
                        f"{place} · {what}",
                        href=urls.target(t.id, asked.query),
                        className="plan-what",
                    ),
                    badge(a.status, bool(a.provisional), lang),
                ],
                className="plan-entry-head",
            ),
            html.Blockquote(html.P(t.quote, lang="zh-CN"), className="quote"),
            html.Dl(
                [html.Div([html.Dt(name), html.Dd(said)]) for name, said in facts],
                className="plan-facts",
            ),
        ],
        id=f"target-{t.id}",
        className=f"plan-entry is-{a.status}",
    )


def _units(v: Verdict, asked: Asked) -> list[tuple[str, str]]:
    """Who leads and who answers; in English by the declared names."""
    say, lang, d = asked.say, asked.lang, v.declared
    joined = say.word("when.list").join
    named = [
        (say("source.lead"), joined(present.unit_names(d.target.lead_units, d.lead, lang))),
        (
            say("source.responsible"),
            joined(present.unit_names(d.target.responsible_units, d.responsible, lang)),
        ),
    ]
    return [(name, said) for name, said in named if said] or [
        (say("source.responsible"), say("source.no_unit"))
    ]
