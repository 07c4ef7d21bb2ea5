"""The pages at which people work (data, jobs, alerts): what they show follows the address and what was done."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dabiao.services.pages import views
from dabiao.settings import Settings
from dashboard import routes
from dashboard.asked import Asked
from dashboard.components import history
from dashboard.guard import guarded
from dashboard.pages.desk_page import TICK
from dashboard.pages.page import Page
from dashboard.theme import Theme


def register(app: Dash, settings: Settings) -> None:
    """The callbacks of all of these pages."""

    @app.callback(
        Output("desk", "children"),
        Input("url", "search"),
        Input("acted", "data"),
        Input("ticked", "data"),
        State("url", "pathname"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(search: str, _acted: Any, _ticked: Any, path: str, theme: Theme) -> Any:
        """The page as the address has it and the store stands."""
        if ctx.triggered_id is None:
            return no_update
        page = guarded(settings, search, theme, lambda asked: routes.render(path, asked))
        return next((part.children for part in page.children if getattr(part, "id", "") == "desk"), no_update)

    @app.callback(
        Output("target-alerts", "children"),
        Input("acted", "data"),
        State("url", "search"),
        State("url", "pathname"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def answered(_acted: Any, search: str, path: str, theme: Theme) -> Any:
        """A target's alerts once something was done about one."""

        def render(asked: Asked) -> Page:
            _, args = routes.find(path) or (None, ("",))
            return Page("", history.alerts(views.target_alerts(asked.app, args[0]), asked))

        return guarded(settings, search, theme, render).children

    # A page that nobody looks at asks for nothing.
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("desk", "tick"),
        Output("ticked", "data"),
        Input(TICK, "n_intervals"),
        prevent_initial_call=True,
    )
