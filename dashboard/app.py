"""The web application: Dash on Flask, everything from this server, no state between requests."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import dash
import flask

from dabiao.errors import DabiaoError
from dabiao.i18n import LANGS
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import (
    desk,
    desk_files,
    doing,
    downloads,
    filtered,
    health,
    place_files,
    plan_files,
    review_actions,
    routes,
    security,
    shell,
    theme,
    urls,
)
from dashboard.asked import LANG_COOKIE, Say
from dashboard.components import scenario
from dashboard.pages import overview, plan

LARGEST_REQUEST = 16 * 1024 * 1024
"""Bytes of a request: a plan of the largest size as a browser wraps it, and room."""

YEAR = 365 * 24 * 3600

_INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="{scheme}">
<head>
{metas}
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
{css}
<style>{theme}</style>
</head>
<body>
<div id="react-entry-point"><p class="starting" role="status">{starting}</p></div>
<noscript><p class="starting">{noscript}</p></noscript>
{config}
{scripts}
{renderer}
</body>
</html>"""


class Dashboard(dash.Dash):
    """Dash whose first byte is already in the reader's language and theme."""

    settings: Settings

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # Dash calls it by name only
        """The page that carries the program; language, title and theme by this request."""
        lang, scheme, path = self.settings.lang, "light", "/"
        if flask.has_request_context():
            path = flask.request.path
            query = urls.parse(flask.request.query_string.decode("utf-8", "replace"))
            lang = asking.request_language(self.settings, query)
            scheme = asking.theme_of(flask.request.cookies)
        say = Say(lang)
        return _INDEX.format(
            lang=lang,
            scheme=scheme,
            metas=parts.get("metas", ""),
            title=escape(routes.title(path, say)),
            icon=self.get_asset_url("icon.svg"),
            css=parts.get("css", ""),
            theme=theme.css(),
            starting=escape(say("shell.starting")),
            noscript=escape(say("shell.noscript")),
            config=parts.get("config", ""),
            scripts=parts.get("scripts", ""),
            renderer=parts.get("renderer", ""),
        )


def create_app(settings: Settings) -> dash.Dash:
    """The application over one store. Nothing is opened before the first request."""
    server = flask.Flask("dashboard")
    app = Dashboard(
        "dashboard",
        server=server,  # type: ignore[arg-type]
        serve_locally=True,
        suppress_callback_exceptions=False,
        update_title="",
        title="",
        include_pages_meta=False,
        enable_mcp=False,
        add_log_handler=False,
    )
    app.settings = settings
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.enable_dev_tools(debug=False)
    app.validation_layout = shell.validation_layout(settings)  # type: ignore[assignment]
    app.layout = lambda: shell.layout(settings)
    shell.register(app, settings)
    overview.register(app, settings)
    plan.register(app, settings)
    filtered.register(app, settings)
    review_actions.register(app, settings)
    scenario.register(app, settings)
    desk.register(app, settings)
    doing.register(server, settings)
    downloads.register(server, settings)
    desk_files.register(server, settings)
    plan_files.register(server, settings)
    place_files.register(server, settings)
    health.register(server, settings)
    server.after_request(partial(_settle, settings))
    server.teardown_request(asking.close)
    security.protect(server, app.csp_hashes())
    # Dash sets itself up in the first request and marks that as done before it is: of two that come at once, the second
    # finds no scripts. So the first request is ours, before any thread serves.
    server.test_client().get("/")
    return app


def _settle(settings: Settings, response: flask.Response) -> flask.Response:
    """An address without a page is a 404; a language named in the address is remembered; pages are never kept."""
    request = flask.request
    if response.mimetype != "text/html":
        return response
    if response.status_code == 200 and not _exists(settings, request.path):
        response.status_code = 404
    named = request.args.get("lang")
    if named in LANGS:
        response.set_cookie(LANG_COOKIE, named, max_age=YEAR, samesite="Lax", path="/")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _exists(settings: Settings, path: str) -> bool:
    try:
        return routes.exists(path, lambda: asking.read(settings, urls.Query()).app)
    except DabiaoError:
        return True  # there is no store to ask: the page says what to do about that
