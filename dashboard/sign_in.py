"""Signing in and out: plain pages and forms, which need no script."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

import flask
from markupsafe import Markup
from werkzeug.wrappers import Response

from dabiao import i18n
from dabiao.domain.access import NOBODY
from dabiao.errors import AccessRefused, DabiaoError
from dabiao.services.access import sessions, signing_in
from dabiao.services.access.accounts import any_account
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import entrance, gate, plain, urls
from dashboard.asked import Say

LARGEST_FORM = 64 * 1024
"""Bytes that somebody whom nobody knows yet may send."""

_WAYS = "dabiao_ways_in"


class Way(NamedTuple):
    """Another way in than a password: a link on the page, with the key of its words."""

    href: str
    key: str


def offer(server: flask.Flask, way: Way) -> None:
    """Show another way in on the page."""
    server.extensions.setdefault(_WAYS, []).append(way)


def register(server: flask.Flask, settings: Settings) -> None:
    """``/login`` and ``/logout``."""

    @server.get("/login")
    def sign_in() -> flask.typing.ResponseReturnValue:
        there = entrance.local_path(flask.request.args.get("next"))
        if entrance.who(settings)[0] != NOBODY:
            return flask.redirect(there, 303)
        return _page(settings, there)

    @server.post("/login")
    def sign_in_try() -> flask.typing.ResponseReturnValue:
        request = flask.request
        request.max_content_length = LARGEST_FORM
        there = entrance.local_path(request.form.get("next"))
        asked = asking.read(settings, urls.Query())
        name = request.form.get("name", "")[:256]
        try:
            secret = signing_in.sign_in(
                asked.app,
                name,
                request.form.get("password", "")[:1024],
                asked.now,
                address=request.remote_addr or "",
                agent=request.user_agent.string,
                instead=request.cookies.get(entrance.cookie_name(settings)),
            )
        except DabiaoError as error:
            return _again(settings, there, name, error)
        return signed_in(settings, secret, there)

    @server.post("/logout")
    def sign_out() -> flask.typing.ResponseReturnValue:
        asked = asking.read(settings, urls.Query())
        sessions.close(asked.app, gate.principal(), asked.now)
        response = flask.redirect("/login", 303)
        response.delete_cookie(entrance.cookie_name(settings), **_cookie(settings))
        return response


def signed_in(settings: Settings, secret: str, there: str) -> Response:
    """The answer to who has just signed in, however: the cookie, and the page that was asked for."""
    response = flask.redirect(entrance.local_path(there), 303)
    response.set_cookie(entrance.cookie_name(settings), secret, **_cookie(settings))
    response.headers["Cache-Control"] = "no-store"
    return response


def _cookie(settings: Settings) -> dict[str, Any]:
    return {"path": "/", "secure": entrance.secure(settings), "httponly": True, "samesite": "Lax"}


def _again(settings: Settings, there: str, name: str, error: DabiaoError) -> flask.typing.ResponseReturnValue:
    """The page once more with what was wrong, which never tells whether there is such a name."""
    say = plain.say_of(settings)
    said = i18n.text(f"error.{error.code}", say.lang, **error.params)
    if error.code != "sign_in_locked":
        return _page(settings, there, said, name), 401 if isinstance(error, AccessRefused) else 503
    return _page(settings, there, said, name), 429, {"Retry-After": str(error.params["seconds"])}


def _page(settings: Settings, there: str, said: str | None = None, name: str = "") -> str:
    say = plain.say_of(settings)
    ways = flask.current_app.extensions.get(_WAYS, ())
    links = (
        Markup('<a class="button" href="{}?next={}">{}</a>').format(
            w.href, quote(there, safe="/"), say.word(w.key)
        )
        for w in ways
    )
    body = [
        Markup('<section class="panel sign-in"><h1>{}</h1>').format(say("access.sign_in")),
        Markup('<p class="calm">{}</p>').format(_before(settings, say)),
        plain.alert(said),
        Markup('<form method="post" action="/login?lang={}">').format(say.lang),
        Markup('<input type="hidden" name="next" value="{}">').format(there),
        plain.field("name", say("access.name"), "text", "username", value=name, autofocus=not name),
        plain.field("password", say("access.password"), "password", "current-password", autofocus=bool(name)),
        Markup('<button class="button primary" type="submit">{}</button></form>').format(
            say("access.sign_in")
        ),
        Markup('<div class="ways">{}</div>').format(Markup("").join(links)) if ways else Markup(""),
        Markup("</section>"),
    ]
    return plain.page("plain", say("access.sign_in"), body, say, kept={"next": there})


def _before(settings: Settings, say: Say) -> str:
    """What to know before typing a password here."""
    if entrance.secure(settings) and not flask.request.is_secure:
        return say("access.needs_https")
    try:
        with_accounts = any_account(asking.read(settings, urls.Query()).app)
    except DabiaoError:
        with_accounts = True
    return say("access.sign_in_says" if with_accounts else "access.no_account")
