"""大屏 Wall: the state of things for a hall, one view after another, without a hand on it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dabiao.services.pages import views
from dabiao.services.pages.freshness import freshness as freshness_of
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components.attributes import aria, data
from dashboard.components.wall_views import VIEWS
from dashboard.pages.page import Page

SHORTEST = 5
"""Seconds that a view stays at least: less cannot be read."""


def layout(asked: Asked) -> Page:
    """Every view at once; the script in ``assets`` shows one after the other."""
    say, query = asked.say, asked.query
    seen = views.overview(asked.app, asked.as_of, asked.now, query.filters)
    chosen = [name for name in query.views if name in VIEWS] or list(VIEWS)
    seconds = max(SHORTEST, query.seconds or asked.app.settings.wall_seconds)
    sections = [
        html.Section(
            [
                html.H2(say(f"wall.{name}"), id=f"wall-{name}"),
                html.Div(VIEWS[name](seen, asked), className="wall-body"),
            ],
            className="wall-view" + ("" if n else " shown"),
            **aria(labelledby=f"wall-{name}"),
        )
        for n, name in enumerate(chosen)
    ]
    return Page(
        say("title", page=say("pages.wall")),
        [
            html.Div(
                [_top(asked), html.Div(sections, className="wall-views"), _controls(asked)],
                className="wall",
                **data(
                    seconds=str(seconds),
                    zone=asked.app.settings.timezone,
                    version=asked.app.store.data_version(),
                    day=asked.today.isoformat(),
                ),
            )
        ],
    )


def _top(asked: Asked) -> html.Div:
    say = asked.say
    return html.Div(
        [
            html.H1([html.Span(say("shell.name"), className="wall-brand"), html.Span(say("wall.heading"))]),
            html.Div(
                [
                    html.Span(className="wall-date"),
                    html.Time(className="wall-clock"),
                    html.P(_fresh(asked), className="wall-fresh"),
                    html.P(say("wall.lost"), className="wall-lost", hidden=True, role="alert"),
                ],
                className="wall-now",
            ),
        ],
        className="wall-top",
    )


def _fresh(asked: Asked) -> str:
    say, fresh = asked.say, freshness_of(asked.app, asked.now)
    zone = asked.app.settings.timezone
    parts = [say("fresh.data_to", period=fresh.data_to) if fresh.data_to else say("fresh.no_data")]
    if fresh.assessed_at:
        at = present.moment(fresh.assessed_at, zone, asked.today, asked.lang)
        parts.append(say("fresh.assessed", at=at))
    if asked.as_of != asked.today:
        parts.append(say("wall.as_of", day=asked.as_of.isoformat()))
    return " · ".join(parts)


def _controls(asked: Asked) -> html.Div:
    say = asked.say

    def button(name: str, glyph: str, **more: Any) -> html.Button:
        label = html.Span(say(f"wall.{name}"), className="unseen")
        return html.Button(
            [html.Span(glyph, **aria(hidden="true")), label],
            className="wall-button",
            title=say(f"wall.{name}"),
            **data(wall=name),
            **more,
        )

    return html.Div(
        [
            html.P(say("wall.paused"), className="wall-paused", hidden=True, role="status"),
            html.Span(className="wall-place", **aria(hidden="true")),
            button("previous", "‹"),
            button("pause", "❚❚"),
            button("next", "›"),
            html.Button(say("wall.full"), className="wall-button", **data(wall="full")),
            dcc.Link(
                say("wall.leave"), href=urls.overview(asked.query.without_filters()), className="wall-button"
            ),
        ],
        className="wall-controls",
        role="group",
        **aria(label=say("wall.controls")),
    )
