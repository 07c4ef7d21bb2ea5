"""Long lists on paper: what a page shows in blocks, whole and in one, without the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from markupsafe import Markup

from dabiao.services.pages import view_extras, views
from dabiao.services.pages.view_extras import PlanView
from dabiao.settings import Settings
from dashboard import passages, plain, urls
from dashboard.asked import Asked
from dashboard.components import filters, grid
from dashboard.downloads import asked_of

LIST = ("status", "region", "indicator", "goal", "deadline", "outlook", "latest", "plan", "units")
PLAN = ("number", "clause", "quote", "region", "indicator", "goal", "deadline", "units", "status")

_CHINESE = frozenset({"clause", "quote"})
"""Columns in the words of the plan."""


def register(server: flask.Flask, settings: Settings) -> None:
    """The addresses of the lists."""

    @server.get("/print/targets")
    def print_targets() -> str:
        asked = asked_of(settings)
        shown = views.urgent(asked.app, asked.as_of, asked.now, asked.query.filters)
        names = view_extras.plan_names(asked.app, asked.lang)
        table = _table(LIST, grid.rows(shown, names, asked), asked)
        return _page(asked.say("list.heading"), len(shown), [table], asked, urls.overview(asked.query))

    @server.get("/print/plan/<plan_id>")
    def print_plan(plan_id: str) -> flask.typing.ResponseReturnValue:
        asked = asked_of(settings)
        view = view_extras.plan_view(asked.app, plan_id, asked.as_of, asked.now, asked.query.filters)
        if view is None:
            return flask.Response("no such plan\n", 404, mimetype="text/plain")
        title = view.plan["title" if asked.lang == "zh-CN" else "title_en"]
        table = _table(PLAN, _rows_of(view, asked), asked)
        parts = [table, _text(view, asked)]
        return _page(title, len(view.shown), parts, asked, urls.plan(plan_id, asked.query))


def _rows_of(view: PlanView, asked: Asked) -> list[dict[str, Any]]:
    """A plan's targets in the order of its text, each with its number, its clause and its words."""
    numbers = {v.declared.target.id: n for n, v in enumerate(view.verdicts, start=1)}
    names = view_extras.plan_names(asked.app, asked.lang)
    rows = grid.rows(view.shown, names, asked)
    targets = [v.declared.target for v in view.shown]
    return [
        {**row, "number": numbers[t.id], "clause": t.clause, "quote": t.quote}
        for row, t in zip(rows, targets, strict=True)
    ]


def _page(title: str, count: int, parts: Sequence[Markup], asked: Asked, back: str) -> str:
    say = asked.say
    tools = Markup(
        '<p class="tools narrow"><button class="button" type="button" data-print="page" data-print-at-once="1">'
        '{}</button><a class="button" href="{}">{}</a></p><script src="/assets/shell.js"></script>'
    ).format(say("shell.print"), back, say("paper.back"))
    says = Markup("<p>{}</p>").format(say("paper.count", count=count, day=asked.as_of.isoformat()))
    head = [Markup("<h1>{}</h1>").format(title), says, *_chosen(asked), tools]
    return plain.page("plain paper", title, [*head, *parts], say, kept=flask.request.args.to_dict(flat=False))


def _chosen(asked: Asked) -> list[Markup]:
    """The filters in words."""
    if not asked.query.filters:
        return []
    everything = views.verdicts(asked.app, asked.as_of, asked.now)
    names = view_extras.plan_names(asked.app, asked.lang)
    offered = filters.options(everything, names, asked.app.catalogue, asked.say)
    said = []
    for name, values in asked.query.filters.items():
        words = {option["value"]: option["label"] for option in offered[name]}
        listed = asked.say.word("when.list").join(words.get(value, value) for value in values)
        said.append(asked.say("paper.filter", name=asked.say(f"filters.{name}"), values=listed))
    return [Markup("<p>{}</p>").format(asked.say("paper.filters", filters=asked.say("paper.and").join(said)))]


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], asked: Asked) -> Markup:
    heads = [asked.say("source.clause" if name == "clause" else f"columns.{name}") for name in columns]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(said) for said in heads)
    body = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_cell(name, row) for name in columns)) for row in rows
    )
    table = Markup('<table class="plain"><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table>').format(
        head, body
    )
    return Markup('<div class="scroller" tabindex="0" role="group" aria-label="{}">{}</div>').format(
        asked.say("list.heading"), table
    )


def _cell(name: str, row: Mapping[str, Any]) -> Markup:
    if name == "status":
        status = row["badge"].split("is-")[1].split()[0]
        return Markup(
            '<td><span class="{}"><span class="shape is-{}" aria-hidden="true"></span>{}</span></td>'
        ).format(row["badge"], status, row["status"])
    if name == "latest" and row["latest_period"]:
        return Markup("<td>{} <small>{}</small></td>").format(row["latest"], row["latest_period"])
    if name in _CHINESE:
        return Markup('<td lang="zh-CN">{}</td>').format(row[name])
    return Markup("<td>{}</td>").format(row[name])


def _text(view: PlanView, asked: Asked) -> Markup:
    """The plan's text, the quotes of the listed targets marked and numbered."""
    shown = {v.declared.target.id for v in view.shown}
    targets = [v.declared.target for v in view.verdicts]
    spans = passages.locate(view.plan["text"], [(t.clause, t.quote) for t in targets])
    marked = [span for span in spans if targets[span.key].id in shown]
    parts = []
    for piece in passages.cut(view.plan["text"], marked):
        form = '<mark class="quoted">{}</mark>' if piece.keys else "{}"
        parts.append(Markup(form).format(piece.text))  # noqa: S704 - made of constants
        parts += [Markup("<sup>{}</sup>").format(key + 1) for key in piece.closes]
    body = Markup("").join(parts)
    return Markup('<h2>{}</h2><div class="plan-text" lang="zh-CN">{}</div>').format(
        asked.say("plan.text"), body
    )
