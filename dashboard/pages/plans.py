"""方案 Plans: every plan that is declared, and how it stands."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.services.pages import view_extras
from dabiao.services.pages.view_extras import PlanView
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.pages.page import Page
from dashboard.pages.plan import counts_list


def layout(asked: Asked) -> Page:
    """The list of plans, the latest first."""
    say = asked.say
    found = view_extras.plan_views(asked.app, asked.as_of, asked.now)
    new = html.P(
        [
            html.Span(say("plans.new")),
            dcc.Link(say("plans.review"), href=urls.review(None, asked.query), className="button"),
        ],
        className="plans-new",
    )
    content: list[Any] = [html.Ul([_card(view, asked) for view in found], className="plan-list")]
    if not found:
        content = [frame.empty(say("plans.none"), say("plans.none_says", day=asked.as_of.isoformat()))]
    total = sum(len(view.verdicts) for view in found)
    return Page(
        say("title", page=say("pages.plans")),
        [
            html.H1(say("plans.heading"), className="verdict"),
            html.P(
                say("plans.count", count=len(found), targets=total, day=asked.as_of.isoformat()),
                className="verdict-also",
            ),
            *content,
            new,
        ],
    )


def _card(view: PlanView, asked: Asked) -> html.Li:
    say, lang, plan = asked.say, asked.lang, view.plan
    chinese = lang == "zh-CN"
    words = [
        present.region(asked.app.catalogue, plan["region"], lang),
        present.years(plan["period_start"], plan["period_end"], asked.lang),
        say("plans.issued", day=plan["issued"]),
    ]
    number = html.Span(plan["document_number"], lang="zh-CN") if plan["document_number"] else None
    issuer = html.Span(plan["issuer"], lang="zh-CN") if plan["issuer"] else None
    facts = [html.Span(w) for w in words] + [part for part in (issuer, number) if part is not None]
    return html.Li(
        html.Article(
            [
                html.H2(
                    dcc.Link(
                        plan["title" if chinese else "title_en"],
                        href=urls.plan(plan["id"], asked.query.without_filters()),
                    )
                ),
                None if chinese else html.P(plan["title"], lang="zh-CN", className="soft"),
                html.P(facts, className="freshness plan-card-facts"),
                html.P(say("plan.count", count=len(view.verdicts)), className="strong"),
                counts_list(view, asked),
            ],
            className="panel",
        )
    )
