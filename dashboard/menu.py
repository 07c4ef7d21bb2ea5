"""The main menu: what is asked every day stands open, the rest in groups that unfold; on a phone all of it unfolds."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import gate, rights, routes, urls
from dashboard.asked import Say
from dashboard.components.attributes import aria

GROUPS: tuple[routes.Part, ...] = ("desk", "more")
"""The parts that unfold, in their order; ``main`` stands before them."""


def menu(say: Say, query: urls.Query) -> html.Nav:
    """The menu in the order of the table of addresses; the day and the language go along.

    Which entry is the current one, and folding a group again, is the browser's: ``assets/menu.js``.
    """
    entries = [html.Li(_link(route, say, query)) for route in _of("main")]
    return html.Nav(
        [
            html.Button(
                say("shell.menu_short"),
                id="menu-toggle",
                className="button",
                **aria(expanded="false", controls="menu-list"),
            ),
            html.Ul([*entries, *(_group(part, say, query) for part in GROUPS)], id="menu-list"),
        ],
        className="menu",
        **aria(label=say("shell.menu")),
    )


def _of(part: routes.Part) -> list[routes.Route]:
    """The pages of a part that the reader may open."""
    me = gate.principal()
    return [r for r in routes.ROUTES if r.menu == part and me.may(rights.of_page(r.name))]


def _group(part: routes.Part, say: Say, query: urls.Query) -> html.Li:
    links = [html.Li(_link(route, say, query)) for route in _of(part)]
    return html.Li(html.Details([html.Summary(say(f"menu.{part}")), html.Ul(links)], className="menu-group"))


def _link(route: routes.Route, say: Say, query: urls.Query) -> Any:
    return dcc.Link(say(f"pages.{route.name}"), href=route.prefix + urls.encode(query.without_filters()))
