"""A plan's text with the quotes marked in it: each leads to its target, and its number stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.attributes import aria
from dashboard.passages import Span, cut


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a marked quote leads to.

    Attributes:
        number: what stands behind the quote.
        anchor: the name of its place, for links to it.
        label: its name for those who do not see the mark.
        classes: how it is drawn.
        current: whether it is the one in hand.
    """

    number: int
    href: str
    label: str
    classes: str = ""
    anchor: str = ""
    current: bool = False


def passage(text: str, spans: Sequence[Span], quoted: Mapping[int, Quoted], label: str) -> html.Div:
    """The whole text, to be read and walked. Where quotes overlap, the words lead to the shortest; every one has its number."""
    parts: list[Any] = []
    for piece in cut(text, [s for s in spans if s.key in quoted]):
        if not piece.keys:
            parts.append(piece.text)
            continue
        parts.append(_marked(piece.text, [quoted[k] for k in piece.keys], [quoted[k] for k in piece.begins]))
        parts += [_number(quoted[k]) for k in piece.closes]
    return html.Div(
        parts,
        className="plan-text",
        lang="zh-CN",
        tabIndex="0",
        role="group",
        **aria(label=label),
    )


def _marked(words: str, over: Sequence[Quoted], begins: Sequence[Quoted]) -> html.Mark:
    """A stretch of one or several quotes; the anchors of those that begin here stand in front of it."""
    nearest = next((q for q in over if q.current), over[0])
    current = nearest.current
    anchors = [html.Span(id=q.anchor, className="anchor") for q in begins if q.anchor]
    classes = "quoted" + (" shared" if len(over) > 1 else "") + (" current" if current else "")
    return html.Mark(
        [*anchors, dcc.Link(words, href=nearest.href, title=nearest.label)],
        className=f"{classes} {nearest.classes}".strip(),
    )


def _number(q: Quoted) -> html.Sup:
    return html.Sup(
        dcc.Link([str(q.number), html.Span(f" {q.label}", className="unseen")], href=q.href, title=q.label)
    )
