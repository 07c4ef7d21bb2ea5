"""The web application: Dash on Flask, everything from this server, no state between requests."""

from __future__ import annotations

import re
from functools import partial
from html import escape
from typing import Any

import dash
import flask

from dabiao.errors import DabiaoError
from dabiao.i18n import LANGS
from dabiao.settings import Settings
from dashboard import (
    account,
    api,
    desk,
    desk_files,
    doing,
    downloads,
    entrance,
    filtered,
    health,
    long_list,
    paper,
    place_files,
    plan_files,
    request_log,
    review_actions,
    routes,
    scripts,
    security,
    sending,
    shell,
    sign_in,
    theme,
    urls,
)
from dashboard import asked as asking
from dashboard.asked import LANG_COOKIE, Say
from dashboard.components import scenario
from dashboard.pages import overview, plan
from dashboard.request_times import RequestTimes

LARGEST_REQUEST = 16 * 1024 * 1024
"""Bytes of a request: a plan of the largest size as a browser wraps it, and room."""

YEAR = 365 * 24 * 3600

PAGES = frozenset({"/", "/<path:path>"})
"""The endpoints under which Dash sends its page, whatever the path."""

_INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="{scheme}">
<head>
{metas}
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<meta name="charts" content="{charts}">
<link rel="icon" type="image/svg+xml" href="{icon}">
{links}
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
            charts=scripts.bundle(self.config.requests_pathname_prefix),
            icon=self.get_asset_url("icon.svg"),
            links=scripts.links(self.config.requests_pathname_prefix, routes.needs(path)),
            css=parts.get("css", ""),
            theme=theme.css(),
            starting=escape(say("shell.starting")),
            noscript=escape(say("shell.noscript")),
            config=parts.get("config", ""),
            scripts=parts.get("scripts", ""),
            renderer=parts.get("renderer", ""),
        )


def _other_ways_in(server: flask.Flask, settings: Settings) -> None:
    """Sign-in by an identity provider, where there is one: only then is its library needed."""
    if settings.oidc_issuer:
        from dashboard import oidc  # noqa: PLC0415  # an extra, which server.serve has looked for

        oidc.register(server, settings)


def create_app(settings: Settings, times: RequestTimes | None = None) -> dash.Dash:
    """The application over one store. Nothing is opened before the first request.

    Args:
        times: where requests are counted, shared with the other workers; of this process alone by default.
    """
    times = times or RequestTimes()
    server = flask.Flask("dashboard")
    request_log.register(server, times)
    app = Dashboard(
        "dashboard",
        server=server,  # type: ignore[arg-type]
        serve_locally=True,
        assets_ignore=re.escape(scripts.BUNDLE),
        suppress_callback_exceptions=False,
        update_title="",
        title="",
        include_pages_meta=False,
        enable_mcp=False,
        add_log_handler=False,
    )
    app.settings = settings
    sending.register(server)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    entrance.register(server, settings)
    sign_in.register(server, settings)
    account.register(server, settings)
    _other_ways_in(server, settings)
    api.register(server, settings)
    app.enable_dev_tools(debug=False)
    app.validation_layout = shell.validation_layout(settings)  # type: ignore[assignment]
    app.layout = lambda: shell.layout(settings)
    shell.register(app, settings)
    overview.register(app, settings)
    plan.register(app, settings)
    filtered.register(app, settings)
    long_list.register(app, settings)
    review_actions.register(app, settings)
    scenario.register(app, settings)
    desk.register(app, settings)
    doing.register(server, settings)
    downloads.register(server, settings)
    desk_files.register(server, settings)
    plan_files.register(server, settings)
    place_files.register(server, settings)
    paper.register(server, settings)
    health.register(server, settings, times)
    server.after_request(partial(_settle, settings))
    server.teardown_request(asking.close)
    security.protect(server, app.csp_hashes())
    # Dash sets itself up in the first request and marks that as done before it is: of two that come at once, the second
    # finds no scripts. So the first request is ours, before any thread serves.
    server.test_client().get("/", environ_overrides={request_log.OWN: True})
    return app


def _settle(settings: Settings, response: flask.Response) -> flask.Response:
    """An address without a page is a 404, one of a page that the reader may not see a 403; a language named in the address is
    remembered; pages are never kept.
    """
    request = flask.request
    if response.mimetype != "text/html":
        return response
    if response.status_code == 200 and request.endpoint in PAGES:
        if not routes.allowed(request.path):
            response.status_code = 403
        elif not _exists(settings, request.path):
            response.status_code = 404
    named = request.args.get("lang")
    if named in LANGS:
        response.set_cookie(LANG_COOKIE, named, max_age=YEAR, samesite="Lax", path="/")
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _exists(settings: Settings, path: str) -> bool:
    try:
        return routes.exists(path, lambda: asking.read(settings, urls.Query()).app)
    except DabiaoError:
        return True  # there is no store to ask: the page says what to do about that
