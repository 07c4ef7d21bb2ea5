"""方案 Plan: the plan as a document, its targets beside their quotes and the quotes in their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, State, dcc, html

from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import view_extras
from dabiao.services.pages.data_views import Paged
from dabiao.services.pages.view_extras import PlanView
from dabiao.settings import Settings
from dashboard import kept, passages, present, urls
from dashboard.asked import Asked
from dashboard.components import frame, plan_targets
from dashboard.components.attributes import aria
from dashboard.components.chips import chips
from dashboard.components.passage import Quoted, passage
from dashboard.components.status import shape
from dashboard.guard import guarded
from dashboard.pages import desk_page, states
from dashboard.pages.page import Page
from dashboard.theme import Theme

PREFIX = "/plan/"

WHOLE = 150
"""Targets of a plan that is shown in one."""

TARGETS = 60
"""Targets of a page of a longer plan."""


def layout(asked: Asked, plan_id: str) -> Page:
    """One plan's page."""
    view = view_extras.plan_view(asked.app, plan_id, asked.as_of, asked.now, asked.query.filters)
    if view is None:
        return states.unknown_plan(plan_id, asked)
    title = view.plan["short_zh" if asked.lang == "zh-CN" else "short_en"]
    return Page(
        asked.say("title", page=title),
        [*_head(view, asked, title), html.Div(body(view, asked), id="plan-body")],
    )


def register(app: Dash, settings: Settings) -> None:
    """What is shown follows the address."""

    @app.callback(
        Output("plan-body", "children"),
        Input("url", "search"),
        State("url", "pathname"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(search: str, path: str, theme: Theme) -> Any:
        """The filters, the targets that pass them, and the text."""

        def render(asked: Asked) -> Page:
            plan_id = path.removeprefix(PREFIX).strip("/")
            view = view_extras.plan_view(asked.app, plan_id, asked.as_of, asked.now, asked.query.filters)
            return states.unknown_plan(plan_id, asked) if view is None else Page("", body(view, asked))

        return guarded(
            settings,
            search,
            theme,
            lambda asked: kept.page(asked, "plan-body", path, search, lambda: render(asked)),
        ).children


def _head(view: PlanView, asked: Asked, short: str) -> list[Any]:
    say, lang, plan = asked.say, asked.lang, view.plan
    bare = asked.query.without_filters()
    title: list[Any] = [html.Span(plan["title"], lang="zh-CN")]
    if lang == "en":
        title = [plan["title_en"]]
    crumbs = html.Nav(
        html.Ol(
            [
                html.Li(dcc.Link(say("pages.plans"), href=urls.plans(asked.query))),
                html.Li(short, **aria(current="page")),
            ]
        ),
        className="crumbs",
        **aria(label=say("target.crumbs")),
    )
    tools = html.Div(
        [
            frame.button(
                say("plan.report"),
                urls.plan_file(plan["id"], "report.md", bare),
                download=True,
                name="report",
            ),
            frame.button(
                say("shell.export"),
                urls.plan_file(plan["id"], "targets.csv", bare),
                download=True,
                name="export",
            ),
            frame.printer(say("shell.print"))
            if len(view.verdicts) <= WHOLE
            else frame.button(say("paper.whole"), urls.plan_paper(plan["id"], bare), name="paper"),
        ],
        className="tools",
    )
    return [
        crumbs,
        html.Div(
            [
                html.H1(title, className="verdict"),
                html.P(plan["title"], lang="zh-CN", className="verdict-also") if lang == "en" else None,
            ],
            className="verdict-head",
        ),
        frame.panel(say("plan.about"), [_facts(view, asked)], tools=[tools], name="about"),
    ]


def _facts(view: PlanView, asked: Asked) -> html.Dl:
    say, plan = asked.say, view.plan
    issued = [html.Span(plan["issued"])]
    if plan["issued_note"]:
        issued.append(html.Span(plan["issued_note"], lang="zh-CN", className="soft small note-after"))
    return frame.facts(
        [
            (say("source.issuer"), _chinese(plan["issuer"]) or say("plan.not_said")),
            (say("source.number"), _chinese(plan["document_number"]) or say("plan.not_said")),
            (say("source.issued"), html.Div(issued)),
            (say("plan.period"), present.years(plan["period_start"], plan["period_end"], asked.lang)),
            (say("columns.region"), present.region(asked.app.catalogue, plan["region"], asked.lang)),
            (say("source.plan_note"), _chinese(plan["note"])),
            (say("plan.targets"), _counts(view, asked)),
        ]
    )


def _chinese(text: str | None) -> html.Span | None:
    """Words as the plan prints them, in its own language."""
    return html.Span(text, lang="zh-CN") if text else None


def _counts(view: PlanView, asked: Asked) -> html.Div:
    return html.Div(
        [
            html.Span(asked.say("plan.count", count=len(view.verdicts)), className="strong"),
            counts_list(view, asked),
        ]
    )


def counts_list(view: PlanView, asked: Asked) -> html.Ul:
    """How many targets have which status, each with its shape."""
    return html.Ul(
        [
            html.Li(
                [shape(s), html.Span(asked.say.status(s)), html.Span(str(view.counts[s]), className="strong")]
            )
            for s in Status
            if view.counts.get(s)
        ],
        className="legend counts",
    )


def body(view: PlanView, asked: Asked) -> list[Any]:
    """The filters, and under them targets and text side by side."""
    say = asked.say
    numbers = {v.declared.target.id: n for n, v in enumerate(view.verdicts, start=1)}
    paged = _paged(view, asked.query)
    shown = [(numbers[v.declared.target.id], v) for v in paged.rows]
    pager = desk_page.pager(paged, urls.plan(view.plan["id"], urls.Query()), asked)
    content: Any = [*plan_targets.clauses(shown, asked), pager]
    if not shown:
        clear = dcc.Link(
            say("filters.clear"),
            href=urls.plan(view.plan["id"], asked.query.without_filters()),
            className="button",
        )
        content = [frame.empty(say("states.no_rows"), say("states.no_rows_says"), [clear])]
    return [
        _filters(view, asked),
        html.Div(
            [
                frame.panel(say("plan.by_clause"), content, note=say("plan.by_clause_note"), name="targets"),
                frame.panel(
                    say("plan.text"), [_text(view, paged, asked)], note=say("plan.text_note"), name="text"
                ),
            ],
            className="columns document",
        ),
    ]


def _paged(view: PlanView, query: urls.Query) -> Paged[Verdict]:
    """A short plan whole; of a longer one the page that the address names, or the one with the target that it names."""
    if len(view.verdicts) <= WHOLE:
        return Paged.of(view.shown, 1, WHOLE)
    named = query.own.get("target")
    place = next((n for n, v in enumerate(view.shown) if v.declared.target.id == named), None)
    return Paged.of(view.shown, query.page if place is None else place // TARGETS + 1, TARGETS)


def _filters(view: PlanView, asked: Asked) -> html.Div:
    say, query, plan_id = asked.say, asked.query, view.plan["id"]
    measures = Counter(v.declared.target.measure for v in view.verdicts)
    rows = []
    for name, offered in (
        (
            "status",
            [(str(s), [shape(s), say.status(s)], view.counts[s]) for s in Status if view.counts.get(s)],
        ),
        ("measure", [(str(m), say.word(f"measure.{m}"), measures[m]) for m in Measure if measures.get(m)]),
    ):
        rows.append(
            chips(
                say(f"filters.{name}"),
                offered,
                query.filters.get(name, ()),
                lambda values, name=name: urls.plan(plan_id, query.with_filter(name, values)),  # type: ignore[misc]
                say("plan.chosen"),
            )
        )
    said = say("plan.shown", count=len(view.shown), total=len(view.verdicts), day=asked.as_of.isoformat())
    parts: list[Any] = [html.Span(said, role="status")]
    if query.filters:
        href = urls.plan(plan_id, query.without_filters())
        parts.append(dcc.Link(say("filters.clear"), href=href, className="button"))
    return html.Div([*rows, html.Div(parts, className="count")], className="plan-filters")


def _text(view: PlanView, paged: Paged[Verdict], asked: Asked) -> html.Div:
    """The text with its quotes marked: all of a short plan, of a long one those of the targets beside it."""
    targets = [v.declared.target for v in view.verdicts]
    text = view.plan["text"]
    beside = {v.declared.target.id for v in paged.rows}
    marked = [
        (k, v)
        for k, v in _keyed(view.verdicts)
        if len(view.verdicts) <= WHOLE or v.declared.target.id in beside
    ]
    spans = passages.locate(text, [(t.clause, t.quote) for t in targets])
    quoted = {
        key: Quoted(
            key + 1,
            urls.target(v.declared.target.id, asked.query),
            present.describe(v, asked.app.catalogue, asked.lang),
            f"is-{v.assessment.status}" + ("" if v.declared.target.id in beside else " aside"),
            anchor=f"in-{v.declared.target.id}",
            current=v.declared.target.id == asked.query.own.get("target"),
        )
        for key, v in marked
    }
    return passage(text, spans, quoted, asked.say("plan.text"))


def _keyed(verdicts: Sequence[Verdict]) -> list[tuple[int, Verdict]]:
    return list(enumerate(verdicts))
