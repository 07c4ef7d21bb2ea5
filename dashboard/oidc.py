"""Signing in by an identity provider: the way there, the way back, and what is left after signing out."""

from __future__ import annotations

import base64
import json
from typing import Any

import flask
import structlog
from markupsafe import Markup

from dabiao import i18n
from dabiao.errors import AccessRefused, DabiaoError
from dabiao.services.access import accounts, oidc_accounts
from dabiao.services.access.oidc import Begun, Provider
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import entrance, gate, plain, sign_in, urls
from dashboard.rights import Open

_log = structlog.get_logger("dashboard.oidc")
_MINUTES = 10
"""How long a person may take at the provider."""

_PROVIDER = frozenset({"oidc_unreachable", "oidc_provider_wrong"})


def register(server: flask.Flask, settings: Settings) -> None:
    """``/login/oidc`` and the address that the provider sends back to; the page for signing in shows the way."""
    provider = Provider(settings)
    gate.declare(server, {"oidc_start": Open.PUBLIC, "oidc_back": Open.PUBLIC, "oidc_left": Open.PUBLIC})
    sign_in.offer(server, sign_in.Way("/login/oidc", "dashboard.access.oidc"))

    @server.get("/login/oidc")
    def oidc_start() -> flask.typing.ResponseReturnValue:
        there = entrance.local_path(flask.request.args.get("next"))
        try:
            url, begun = provider.begin(_redirect(settings))
        except AccessRefused as error:
            return _refused(settings, error)
        response = flask.redirect(url, 303)
        response.set_cookie(_cookie(settings), _packed(begun, there), max_age=60 * _MINUTES, **_how(settings))
        response.headers["Cache-Control"] = "no-store"
        return response

    @server.get("/login/oidc/back")
    def oidc_back() -> flask.typing.ResponseReturnValue:
        try:
            begun, there = _unpacked(flask.request.cookies.get(_cookie(settings)))
            asked = asking.read(settings, urls.Query())
            answer = flask.request.args.to_dict()
            person = provider.finish(_redirect(settings), begun, answer, asked.now)
            secret = oidc_accounts.sign_in(
                asked.app,
                person,
                asked.now,
                address=flask.request.remote_addr or "",
                agent=flask.request.user_agent.string,
                instead=flask.request.cookies.get(entrance.cookie_name(settings)),
            )
            response = sign_in.signed_in(settings, secret, there)
        except AccessRefused as error:
            response = _refused(settings, error)
        response.delete_cookie(_cookie(settings), **_how(settings))
        return response

    @server.get("/login/oidc/left")
    def oidc_left() -> flask.typing.ResponseReturnValue:
        say = plain.say_of(settings)
        after = flask.url_for("sign_in", _external=True)
        out = provider.way_out(after)
        body = [
            Markup('<section class="panel sign-in"><h1>{}</h1>').format(say("access.signed_out")),
            Markup('<p class="calm">{}</p>').format(say("access.oidc_still_there")) if out else Markup(""),
            Markup('<p><a class="button" href="{}">{}</a></p>').format(out, say("access.oidc_leave"))
            if out
            else Markup(""),
            Markup('<p><a class="button" href="/login">{}</a></p></section>').format(say("access.sign_in")),
        ]
        return plain.page("plain", say("access.signed_out"), body, say, kept={})

    @server.after_request
    def on_leaving(response: flask.Response) -> flask.Response:
        """Who came by the provider and signs out is shown the way out there too: a form may not lead to another site."""
        if flask.request.endpoint == "sign_out" and response.status_code == 303 and _came_by_it(settings):
            response.location = "/login/oidc/left"
        return response


def _came_by_it(settings: Settings) -> bool:
    try:
        app = asking.read(settings, urls.Query()).app
        return accounts.known(app, gate.principal().name).external is not None
    except DabiaoError:
        return False


def _redirect(settings: Settings) -> str:
    """The address that the provider sends back to, as it is registered there."""
    return settings.oidc_redirect_uri or flask.url_for("oidc_back", _external=True)


def _cookie(settings: Settings) -> str:
    return "__Host-dabiao-oidc" if entrance.secure(settings) else "dabiao_oidc"


def _how(settings: Settings) -> dict[str, Any]:
    return {"path": "/", "secure": entrance.secure(settings), "httponly": True, "samesite": "Lax"}


def _packed(begun: Begun, there: str) -> str:
    """What the browser keeps. It is its own: whoever changes it can only fail to sign in."""
    return base64.urlsafe_b64encode(json.dumps([*begun, there]).encode()).decode()


def _unpacked(text: str | None) -> tuple[Begun, str]:
    """What the browser kept.

    Raises:
        AccessRefused: ``oidc_refused``: there is nothing of a sign-in that was begun here.
    """
    try:
        state, nonce, verifier, there = json.loads(base64.urlsafe_b64decode((text or "").encode()))
        if not all(isinstance(word, str) and word for word in (state, nonce, verifier, there)):
            raise ValueError("empty")
    except (ValueError, TypeError) as error:
        raise AccessRefused("oidc_refused", why="state") from error
    return Begun(state, nonce, verifier), entrance.local_path(there)


def _refused(settings: Settings, error: AccessRefused) -> flask.Response:
    """A page that says what was wrong, with the way to try again."""
    _log.warning("oidc_refused", code=error.code, **error.params)
    say = plain.say_of(settings)
    said = i18n.text(f"error.{error.code}", say.lang, **error.params)
    body = [
        Markup('<section class="panel sign-in"><h1>{}</h1>').format(say("access.sign_in")),
        plain.alert(said),
        Markup('<p><a class="button" href="/login">{}</a></p></section>').format(say("access.again")),
    ]
    page = plain.page("plain", say("access.sign_in"), body, say, kept={})
    response = flask.make_response(page, 502 if error.code in _PROVIDER else 403)
    response.headers["Cache-Control"] = "no-store"
    return response
