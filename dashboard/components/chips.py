"""Filters as links: what is counted, and by pressing it what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.attributes import aria

Offer = tuple[str, Any, int]
"""A value, its name, and how many there are."""


def chips(
    label: str,
    offered: Sequence[Offer],
    chosen: Sequence[str],
    href: Callable[[tuple[str, ...]], str],
    on: str,
) -> html.Div:
    """One link a value: pressing it shows only those, pressing it again all; several add up."""
    links = []
    for value, name, count in offered:
        active = value in chosen
        rest = tuple(v for v in chosen if v != value)
        links.append(
            html.Li(
                dcc.Link(
                    [
                        html.Span(name, className="chip-name"),
                        html.Span(str(count), className="chip-count"),
                        html.Span(f" ({on})", className="unseen") if active else None,
                    ],
                    href=href(rest if active else (*chosen, value)),
                    className=f"chip chip-link is-{value}" + (" chosen" if active else ""),
                )
            )
        )
    return html.Div(
        [html.Span(label, className="chips-label", **aria(hidden="true")), html.Ul(links, className="chips")],
        className="chips-row",
        role="group",
        **aria(label=label),
    )
