"""What stands around every page: name, menu, freshness, day, language, light or dark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
import flask
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dabiao.domain.access import AT_THE_MACHINE
from dabiao.errors import DabiaoError
from dabiao.services.pages import views
from dabiao.services.pages.freshness import freshness as freshness_of
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import gate, present, review_actions, routes, urls
from dashboard.asked import Asked, Say
from dashboard.components import days, filters, grid, scenario
from dashboard.components.attributes import aria
from dashboard.guard import guarded
from dashboard.menu import menu
from dashboard.pages import desk_page
from dashboard.pages.page import Page
from dashboard.theme import Theme, mantine

FIRST_DAY = "2015-01-01"


def layout(settings: Settings) -> dmc.MantineProvider:
    """The frame, in the language of the page that asks for it; pages are filled in by :func:`register`'s callbacks."""
    query, lang = urls.Query(), settings.lang
    theme: Theme = "light"
    if flask.has_request_context():
        query = asking.referring_query()
        theme = asking.theme_of(flask.request.cookies)
        lang = asking.request_language(settings, query)
    return frame(Say(lang), query, theme)


def frame(say: Say, query: urls.Query, theme: Theme) -> dmc.MantineProvider:
    """The frame in one language and theme."""
    parts = [
        dcc.Location(id="url", refresh=False),
        dcc.Store(id="theme", data=theme),
        dcc.Store(id="title"),
        html.A(say("shell.skip"), href="#main", className="skip"),
        html.Header(
            [
                dcc.Link(say("shell.name"), href=urls.overview(query.without_filters()), className="brand"),
                menu(say, query),
                html.Div(id="header-tools", className="header-tools"),
                html.Button(
                    [
                        html.Span(className="theme-glyph", **aria(hidden="true")),
                        html.Span(say("shell.theme"), className="unseen"),
                    ],
                    id="theme-toggle",
                    className="button icon",
                    title=say("shell.theme"),
                ),
            ],
            className="header",
        ),
        *desk_page.skeleton(say),
        html.Main(id="main", tabIndex="-1"),
        html.Footer([html.Span(say("shell.footer")), *unguarded(say)], className="footer"),
    ]
    return dmc.MantineProvider(
        dmc.DatesProvider(parts, settings=days.calendar_settings(say.lang)),
        id="provider",
        theme=mantine("light"),
        forceColorScheme=theme,
    )


def validation_layout(settings: Settings) -> html.Div:
    """Every id that a callback names, so that a wrong one is an error at the start."""
    say = Say(settings.lang)
    offered: dict[str, Any] = {name: [] for name in views.FILTERS}
    return html.Div(
        [
            frame(say, urls.Query(), "light"),
            filters.bar(offered, urls.Query(), say),
            html.Div(id="overview-body"),
            html.Div(id="plan-body"),
            html.Div(id="place-body"),
            grid.empty(),
            *review_actions.skeleton(say),
            *scenario.skeleton(say),
            *desk_page.parts(),
            days.day_field(say, id="as-of"),
        ]
    )


def register(app: Dash, settings: Settings) -> None:
    """The frame's callbacks."""

    @app.callback(
        Output("main", "children"),
        Output("title", "data"),
        Input("url", "pathname"),
        Input("theme", "data"),
        State("url", "search"),
    )
    def show(path: str, theme: Theme, search: str) -> tuple[Any, str]:
        """The page of the address."""
        page = guarded(settings, search, theme, lambda asked: routes.shown(path, search, asked))
        return page.children, page.title

    @app.callback(Output("header-tools", "children"), Input("url", "pathname"), Input("url", "search"))
    def tools(path: str, search: str) -> Any:
        """Freshness, day and language: they follow the address."""
        query = urls.parse(search)
        bare = Page("", [switch(path, query, Say(asking.request_language(settings, query)))])
        return guarded(
            settings, search, "light", lambda asked: Page("", header_tools(path, asked)), bare
        ).children

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("dabiao", "setTitle"),
        Output("title", "id"),
        Input("title", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("dabiao", "showDay"),
        Output("as-of", "className"),
        Input("as-of", "value"),
        State("as-of", "maxDate"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("dabiao", "toggleTheme"),
        Output("theme", "data"),
        Output("provider", "forceColorScheme"),
        Input("theme-toggle", "n_clicks"),
        State("theme", "data"),
        prevent_initial_call=True,
    )


def header_tools(path: str, asked: Asked) -> list[Any]:
    """The header's right half."""
    say = asked.say
    return [
        html.P(freshness(asked), className="freshness"),
        html.Div(
            [
                html.Label(say("shell.as_of"), htmlFor="as-of"),
                days.day_field(
                    say,
                    id="as-of",
                    value=asked.as_of.isoformat(),
                    required=True,
                    minDate=FIRST_DAY,
                    maxDate=asked.today.isoformat(),
                    size="sm",
                ),
            ],
            className="as-of" + ("" if asked.as_of == asked.today else " past"),
        ),
        switch(path, asked.query, say),
        *signed_in(say),
        *notices(path, asked),
    ]


def signed_in(say: Say) -> list[Any]:
    """Who is signed in, and the way out."""
    name = gate.principal().name
    if not name:
        return []
    leave = html.Form(
        html.Button(say("access.sign_out"), className="button", type="submit"),
        action="/logout",
        method="post",
    )
    return [html.Div([html.A(name, href="/account", id="my-account"), leave], className="who")]


def unguarded(say: Say) -> list[Any]:
    """Said while there are no accounts: nobody else can see this."""
    return [html.P(say("access.at_the_machine"))] if gate.principal() == AT_THE_MACHINE else []


def switch(path: str, query: urls.Query, say: Say) -> html.A:
    """The same page in the other language; loaded anew, so that its first byte is in that language."""
    other: Any = "en" if say.lang == "zh-CN" else "zh-CN"
    href = f"{path}{urls.encode(replace(query, lang=other))}"
    return html.A(
        say("shell.other_language"), href=href, className="button", lang=other, id="language-switch"
    )


def freshness(asked: Asked) -> list[Any]:
    """How fresh what is shown is, in the settings' timezone."""
    say, settings = asked.say, asked.app.settings
    try:
        fresh = freshness_of(asked.app, asked.now)
    except DabiaoError:
        return []

    def at(stamp: Any) -> str:
        return present.moment(stamp, settings.timezone, asked.today, asked.lang)

    parts = [say("fresh.data_to", period=fresh.data_to) if fresh.data_to else say("fresh.no_data")]
    parts.append(
        say("fresh.imported", at=at(fresh.imported_at)) if fresh.imported_at else say("fresh.never_imported")
    )
    parts.append(
        say("fresh.assessed", at=at(fresh.assessed_at)) if fresh.assessed_at else say("fresh.never_assessed")
    )
    runs = [due.at for due in fresh.next_runs if due.job == "assess"] or [due.at for due in fresh.next_runs]
    parts.append(say("fresh.next", at=at(min(runs))) if runs else say("fresh.no_scheduler"))
    return [html.Span(part) for part in parts]


def notices(path: str, asked: Asked) -> list[Any]:
    """Said across the page: an earlier day is shown, or the address named none that can be."""
    say, query = asked.say, asked.query
    back = f"{path}{urls.encode(replace(query, as_of=None))}"
    if query.wrong is not None:
        said = say("notice.wrong_day", text=query.wrong[:20])
    elif query.as_of is not None and query.as_of > asked.today:
        said = say("notice.future_day", day=query.as_of.isoformat())
    elif asked.as_of != asked.today:
        said = say("notice.past_day", day=asked.as_of.isoformat())
    else:
        return []
    return [
        html.P([html.Span(said), html.A(say("notice.today"), href=back)], className="notice", role="status")
    ]
