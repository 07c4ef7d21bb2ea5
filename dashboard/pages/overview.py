"""总览 Overview: is it going well, and what needs a person first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dabiao.domain.assessment import Status
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import view_extras, views
from dabiao.settings import Settings
from dashboard import kept, present, urls
from dashboard.asked import Asked
from dashboard.components import attention, cards, filters, frame, grid, matrix, selection
from dashboard.components.still import still
from dashboard.figures.timeline import Due, picture, timeline
from dashboard.guard import guarded
from dashboard.pages import states
from dashboard.pages.page import Page
from dashboard.theme import Theme


def layout(asked: Asked) -> Page:
    """The filters, and under them what passes them."""
    say = asked.say
    everything = views.verdicts(asked.app, asked.as_of, asked.now)
    offered = filters.options(
        everything, view_extras.plan_names(asked.app, asked.lang), asked.app.catalogue, say
    )
    return Page(
        say("title", page=say("pages.overview")),
        [
            html.H1(say("overview.heading"), className="unseen"),
            filters.bar(offered, asked.query, say),
            dcc.Loading(
                html.Div(body(asked), id="overview-body"),
                delay_show=400,
                overlay_style={"visibility": "visible", "opacity": 0.55},
                type="dot",
                color="var(--accent)",
            ),
        ],
    )


def register(app: Dash, settings: Settings) -> None:
    """The overview's callbacks."""
    boxes = filters.box_id(ALL)

    @app.callback(
        Output("url", "search"),
        Output(boxes, "value"),
        Input("url", "search"),
        Input(boxes, "value"),
        State(boxes, "id"),
        prevent_initial_call=True,
    )
    def keep_in_step(search: str, chosen: list[Any], ids: list[dict[str, str]]) -> tuple[Any, list[Any]]:
        """The address and the boxes follow each other."""
        query = urls.parse(search)
        names = [box["filter"] for box in ids]
        if ctx.triggered_id == "url":
            return no_update, [list(query.filters.get(name, ())) for name in names]
        changed = query
        for name, values in zip(names, chosen, strict=True):
            changed = changed.with_filter(name, values or ())
        # the boxes also report when they appear: an address that says the same is left as it was written
        address = no_update if changed.filters == query.filters else urls.encode(changed)
        return address, [no_update for _ in names]

    @app.callback(
        Output("overview-body", "children"),
        Input("url", "search"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(search: str, theme: Theme) -> Any:
        """Everything under the filters."""
        return guarded(
            settings,
            search,
            theme,
            lambda asked: kept.page(asked, "overview-body", "/", search, lambda: Page("", body(asked))),
        ).children


def body(asked: Asked) -> list[Any]:
    """Cards, what comes first, matrix, deadlines, the full list."""
    seen = views.overview(asked.app, asked.as_of, asked.now, asked.query.filters)
    say = asked.say
    counted = cards.Counted(seen.counts, seen.provisional, seen.change)
    count = html.Div(_count(len(seen.verdicts), seen.total, asked), className="count")
    head = cards.cards(counted, asked.query, say)
    if not seen.verdicts:
        return [still(count), still(head), states.no_rows(asked, asked.query)]
    columns = html.Div(
        [
            html.Div([_first(seen.verdicts, asked), _next(seen.verdicts, asked)], className="stack"),
            html.Div([_matrix(seen.verdicts, asked), _deadlines(seen.verdicts, asked)], className="stack"),
        ],
        className="columns wide-left",
    )
    return [still(count), still(head, columns), _list(seen.verdicts, asked)]


def _count(shown: int, total: int, asked: Asked) -> Any:
    say = asked.say
    key = "overview.count" if asked.query.filters else "overview.count_all"
    parts: list[Any] = [
        html.Span(role="status", children=say(key, count=shown, total=total, day=asked.as_of.isoformat()))
    ]
    if asked.query.filters:
        parts.append(filters.clear(asked.query, say))
    export = frame.button(say("shell.export"), urls.export(asked.query), download=True, name="export")
    return [*parts, html.Span([export, frame.printer(say("shell.print"))], className="tools")]


def _first(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    say = asked.say
    found = attention.pick(verdicts, attention.FIRST)
    note = say("attention.first_note", count=len(found)) if found else ""
    content = (
        [attention.attention(found[: attention.MOST], asked, "first")]
        if found
        else [html.P(say("attention.none"), className="calm")]
    )
    return frame.panel(say("attention.first"), content, note=note, name="first")


def _next(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    say = asked.say
    found = attention.pick(verdicts, attention.NEXT)
    if not found:
        return None
    return frame.panel(
        say("attention.then"),
        [attention.attention(found[: attention.MOST], asked, "then")],
        note=say("attention.then_note", count=len(found)),
        name="then",
    )


def _matrix(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    say = asked.say
    return frame.panel(
        say("matrix.heading"), matrix.matrix(verdicts, asked), note=say("matrix.note"), name="matrix"
    )


def _deadlines(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    say = asked.say
    by_year: dict[int, Counter[Status]] = {}
    for v in verdicts:
        deadline = v.declared.target.deadline
        if deadline:
            by_year.setdefault(int(deadline[:4]), Counter())[v.assessment.status] += 1
    if not by_year:
        return None
    dues = [_due(year, statuses, asked) for year, statuses in sorted(by_year.items())]
    spoken = (say("timeline.spoken", year=d.year, count=d.count) for d in dues)
    summary = say("timeline.says", years=say.word("when.list").join(spoken))
    title = say("timeline.title", day=asked.as_of.isoformat())
    drawn = dues, present.position_of_day(asked.as_of), _today_label(asked)
    saved = picture(*drawn, title, say("chart.png_source"), asked.theme)
    return frame.panel(
        say("timeline.heading"),
        [
            html.Div(timeline(*drawn, summary), className="chart"),
            html.P(summary, className="summary"),
            frame.fold(say("chart.as_table"), [_deadline_table(by_year, asked)]),
        ],
        tools=[frame.png("timeline", title, say, picture=saved)],
        name="deadlines",
    )


def _due(year: int, statuses: Counter[Status], asked: Asked) -> Due:
    """One year of the timeline, which leads to its targets."""
    say, count = asked.say, statuses.total()
    each = [
        say("timeline.status", status=say.status(s), count=n)
        for s, n in sorted(statuses.items(), key=lambda x: -x[1])
    ]
    detail = say("timeline.detail", year=year, count=count, statuses=say.word("when.list").join(each))
    href = urls.overview(asked.query.with_filter("deadline", [str(year)]))
    return Due(year, count, say("timeline.dot", count=count), detail, href)


def _deadline_table(by_year: Mapping[int, Counter[Status]], asked: Asked) -> html.Div:
    say = asked.say
    rows = [
        [str(year), str(sum(counts.values())), selection.counts(counts, asked)]
        for year, counts in sorted(by_year.items())
    ]
    headings = [say("timeline.year"), say("timeline.count"), say("columns.status")]
    return frame.table(headings, rows, caption=say("chart.as_table"))


def _today_label(asked: Asked) -> str:
    return asked.say("timeline.today") if asked.as_of == asked.today else asked.as_of.isoformat()


def _list(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    say = asked.say
    return frame.panel(
        say("list.heading"),
        [grid.grid(verdicts, view_extras.plan_names(asked.app, asked.lang), asked)],
        note=say("list.note", count=len(verdicts)),
        name="list",
    )
