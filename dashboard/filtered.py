"""The pages of a region, a unit and an indicator follow the filters in their address without being loaded anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from dash import Dash, Input, Output, State

from dabiao.settings import Settings
from dashboard import kept, routes
from dashboard.asked import Asked
from dashboard.guard import guarded
from dashboard.pages import indicator, region, unit
from dashboard.pages.page import Page
from dashboard.theme import Theme

BODIES: Mapping[str, Callable[[Asked, str], list[Any]]] = {
    module.PREFIX: module.body for module in (region, unit, indicator)
}


def register(app: Dash, settings: Settings) -> None:
    """What is shown follows the address."""

    @app.callback(
        Output("place-body", "children"),
        Input("url", "search"),
        State("url", "pathname"),
        State("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(search: str, path: str, theme: Theme) -> Any:
        """Everything that the filters decide."""
        return guarded(settings, search, theme, lambda asked: _page(path, search, asked)).children


def _page(path: str, search: str, asked: Asked) -> Page:
    def made() -> Page:
        return Page("", body_of(path, asked))

    return kept.page(asked, "place-body", path, search, made) if routes.is_kept(path) else made()


def body_of(path: str, asked: Asked) -> list[Any]:
    """The part of a page that follows the filters."""
    for prefix, body in BODIES.items():
        if path.startswith(prefix):
            return body(asked, unquote(path.removeprefix(prefix).strip("/")))
    return []
