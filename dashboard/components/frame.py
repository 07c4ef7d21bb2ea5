"""The frames that things stand in: panels, charts with their words and table, tables, lists of facts, empty states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.asked import Say
from dashboard.components.attributes import aria, data
from dashboard.figures.common import CONFIG, Figure

Child = Any


def panel(
    heading: str, children: Sequence[Child], *, note: str = "", tools: Sequence[Child] = (), name: str
) -> html.Section:
    """A section with its heading; ``name`` makes its id."""
    head: list[Child] = [html.H2(heading, id=f"{name}-heading")]
    if note:
        head.append(html.P(note, className="note"))
    if tools:
        head.append(html.Div(list(tools), className="tools"))
    return html.Section(
        [html.Div(head, className="panel-head"), *children],
        id=name,
        className="panel",
        **aria(labelledby=f"{name}-heading"),
    )


def chart(
    figure: go.Figure | Figure, name: str, summary: str, *, static: bool = False, classes: str = ""
) -> html.Div:
    """The one place where a chart is made: no toolbar, no upload, and its content said in a sentence."""
    config: Any = {**CONFIG, "staticPlot": static}
    return html.Div(
        dcc.Graph(
            id=name,
            figure=figure,
            config=config,
            responsive=True,
            style={"height": f"{figure['layout']['height']}px"},
        ),
        role="img",
        className=f"chart {classes}".strip(),
        **aria(label=summary),
    )


def picture(svg: str, summary: str, classes: str) -> html.Img:
    """A drawing of lines that nobody points at, and its content said in a sentence."""
    return html.Img(src=f"data:image/svg+xml,{quote(svg)}", alt=summary, className=classes)


def table(
    headings: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    caption: str,
    classes: str = "",
    row_classes: Sequence[str] = (),
) -> html.Div:
    """A plain table that a screen reader can walk; the first cell of a row names it. Scrolls sideways in its own frame."""
    per_row = list(row_classes) or [""] * len(rows)
    body = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])], className=row_class)
        for row, row_class in zip(rows, per_row, strict=True)
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="unseen"),
                html.Thead(html.Tr([html.Th(h, scope="col") for h in headings])),
                html.Tbody(body),
            ],
            className=f"plain {classes}".strip(),
        ),
        className="scroller",
        tabIndex="0",
        role="group",
        **aria(label=caption),
    )


def facts(pairs: Sequence[tuple[str, Child]]) -> html.Dl:
    """Names and what they are; pairs with nothing to say are left out."""
    return html.Dl(
        [part for name, said in pairs if said for part in (html.Dt(name), html.Dd(said))], className="facts"
    )


def fold(summary: str, children: Sequence[Child], *, opened: bool = False) -> html.Details:
    """Something to open."""
    return html.Details([html.Summary(summary), *children], open=opened, className="fold")


def command(text: str) -> html.Code:
    """A command to type."""
    return html.Code(text, className="command")


def button(label: str, href: str, *, download: bool = False, name: str | None = None) -> html.A:
    """A link that looks like what it is: something to press."""
    more: dict[str, Any] = {"download": ""} if download else {}
    if name:
        more["id"] = name
    return html.A(label, href=href, className="button", **more)


def png(chart: str, title: str, say: Say, *, picture: str = "") -> html.Button:
    """Saves a chart as a picture with its title and legend, drawn in the browser; ``assets/charts.js`` listens.

    Args:
        picture: the chart as an SVG, where it is no component.
    """
    drawn = data(picture=str(picture)) if picture else {}
    return html.Button(
        say("chart.png"),
        className="button",
        type="button",
        **data(png=chart, title=title, source=say("chart.png_source")),
        **drawn,
    )


def printer(label: str) -> html.Button:
    """Opens the browser's print dialogue; the script in ``assets`` listens."""
    return html.Button(label, className="button", **data(print="page"))


def on_paper(said: str) -> html.P:
    """What is said in print alone: that a list does not stand there whole, and where it does."""
    return html.P(said, className="on-paper")


def empty(heading: str, says: str, children: Sequence[Child] = (), *, glyph: str = "○") -> html.Div:
    """A state without content, and what to do about it."""
    return html.Div(
        [
            html.Div(glyph, className="empty-glyph", **aria(hidden="true")),
            html.H2(heading),
            html.P(says),
            html.Div(list(children), className="empty-tools"),
        ],
        className="empty",
    )
