"""The blocks of a long list of targets come as they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from dash import Dash, Input, Output, State, no_update

from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import view_extras, views
from dabiao.settings import Settings
from dashboard.asked import Asked
from dashboard.components import grid
from dashboard.guard import guarded
from dashboard.pages import region
from dashboard.pages.page import Page


def register(app: Dash, settings: Settings) -> None:
    """The grid's callback."""

    @app.callback(
        Output(grid.ID, "getRowsResponse"),
        Input(grid.ID, "getRowsRequest"),
        State("url", "search"),
        State("url", "pathname"),
        prevent_initial_call=True,
    )
    def fill(wanted: Mapping[str, Any] | None, search: str, path: str) -> Any:
        """One block of the list that the address shows."""
        if not wanted:
            return no_update
        nothing = Page("", [{"rowData": [], "rowCount": 0}])
        page = guarded(settings, search, "light", lambda asked: _block(path, wanted, asked), nothing)
        return page.children[0]


def _block(path: str, wanted: Mapping[str, Any], asked: Asked) -> Page:
    plans = view_extras.plan_names(asked.app, asked.lang)
    return Page("", [grid.block(listed(path, asked), plans, asked, wanted)])


def listed(path: str, asked: Asked) -> Sequence[Verdict]:
    """The targets of the list on a page, the most urgent first."""
    filters = dict(asked.query.filters)
    if path.startswith(region.PREFIX):
        filters["region"] = (unquote(path.removeprefix(region.PREFIX).strip("/")),)
    return views.urgent(asked.app, asked.as_of, asked.now, filters)
