"""The status, wherever it stands: shape, word and colour together, hatched while it is provisional."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.domain.assessment import Status
from dashboard import present
from dashboard.components.attributes import aria
from dashboard.theme import MARKS


def _classes(name: str, status: Status | str, provisional: bool) -> str:
    kind = MARKS[Status(status)].emphasis
    return f"{name} {name}-{kind} is-{status}" + (" provisional" if provisional else "")


def shape(status: Status | str) -> html.Span:
    """The shape alone, for beside a word."""
    return html.Span(className=f"shape is-{status}", **aria(hidden="true"))


def badge(status: Status | str, provisional: bool, lang: str) -> html.Span:
    """Shape and word in the status's colours."""
    word = present.status_word(status, provisional, lang)
    return html.Span([shape(status), html.Span(word)], className=_classes("badge", status, provisional))


def mark(status: Status, provisional: bool, label: str, href: str, note: str = "") -> dcc.Link:
    """A shape that leads to its target; ``label`` is its name for those who do not see it."""
    children: list[Any] = [shape(status), html.Span(label, className="unseen")]
    if note:
        children.append(html.Sup(note, **aria(hidden="true")))
    return dcc.Link(children, href=href, title=label, className=_classes("mark", status, provisional))


def legend(lang: str, entries: list[Status], provisional: str) -> html.Ul:
    """What each shape means."""
    items = [
        html.Li([shape(status), html.Span(present.status_word(status, False, lang))]) for status in entries
    ]
    tile = html.Span(className="shape-tile provisional is-met", **aria(hidden="true"))
    return html.Ul([*items, html.Li([tile, html.Span(provisional)])], className="legend")
