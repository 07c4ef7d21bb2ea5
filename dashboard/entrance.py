"""The entrance: who asks, and whether they may. What is not allowed is refused before any view runs."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit

import flask
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, HTTPException, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from dabiao import bootstrap
from dabiao.domain.access import AT_THE_MACHINE, NOBODY, Principal, Right
from dabiao.errors import DabiaoError
from dabiao.services.access import accounts, sessions, tokens
from dabiao.services.access.doors import is_loopback
from dabiao.services.app import App
from dabiao.services.keep import audit
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import rights
from dashboard.asked import Say
from dashboard.gate import admit, need_of, principal
from dashboard.local import may_write
from dashboard.rights import Need, Open
from dashboard.security import PLAIN_COOKIE, SECURE_COOKIE

BUSY_MS = 100
"""For how long noting a session's use waits for the store's lock; it is left out rather than keep a reader waiting."""

API = "/api/"
"""Below it a refusal is an HTTP error for the API's own error handlers; elsewhere it is a page or a sentence."""


def register(server: flask.Flask, settings: Settings) -> None:
    """Put the gate before everything that the server answers."""
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    @server.before_request
    def gate() -> flask.typing.ResponseReturnValue | None:
        request = flask.request
        if need_of(server, request.endpoint or "", request.path) is Open.PUBLIC:
            return None
        found, wrong = who(settings)
        admit(found)
        need = _needed(server) if found.rights else None
        if need is Open.MACHINE and found.may(rights.FROM_AFAR[request.endpoint or ""]):
            return None
        if _of_the_machine(server) and _from_here():
            return None
        if isinstance(need, Right) and found.may(need):
            return None
        if request.path.startswith(API):
            raise _refusal(found, wrong)
        return _refused(settings, found)

    @server.after_request
    def note(response: flask.Response) -> flask.Response:
        if flask.request.endpoint in rights.DOWNLOADS and response.status_code == 200:
            try:
                _note_download(settings)
            except DabiaoError as error:  # raised here it would pass every error handler
                return flask.Response(f"{error}\n", 503, mimetype="text/plain")
        return response


def _note_download(settings: Settings) -> None:
    """The audit's row of a file that leaves. Without it nothing leaves: a store that cannot be written is an error."""
    request = flask.request
    if request.method != "GET":
        return
    app = bootstrap.open_store(settings)
    try:
        details = {"path": request.path, "query": request.query_string.decode("utf-8", "replace")[:500]}
        subject = f"export:{request.endpoint}"
        audit.noted(app, datetime.now(UTC), principal().name, "export.downloaded", subject, details)
    finally:
        app.store.close()


def _needed(server: flask.Flask) -> Need | None:
    """What the request in hand needs. An address that there is none of needs what any page does."""
    request = flask.request
    if request.endpoint is None:
        return Right.READ
    if request.endpoint == "do":
        return rights.ACTIONS.get(str((request.view_args or {}).get("name")), Right.READ)
    if request.endpoint == "/_dash-update-component":
        body = request.get_json(silent=True)
        return rights.of_callback(body.get("output")) if isinstance(body, dict) else None
    return need_of(server, request.endpoint, request.path)


def _of_the_machine(server: flask.Flask) -> bool:
    return need_of(server, flask.request.endpoint or "") is Open.MACHINE


def who(settings: Settings) -> tuple[Principal, bool]:
    """On whose behalf the request in hand is made, and whether it carries a token that is none."""
    try:
        app = bootstrap.open_store(settings.model_copy(update={"busy_timeout_ms": BUSY_MS}))
    except DabiaoError:
        # Without a store nothing can be read: at the machine the page says what to do about that.
        return (AT_THE_MACHINE if may_write(settings) else NOBODY), False
    try:
        return _known(app, settings)
    finally:
        app.store.close()


def _known(app: App, settings: Settings) -> tuple[Principal, bool]:
    now = datetime.now(UTC)
    kind, _, secret = flask.request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        found = tokens.authenticate(app, secret.strip(), now)
        return found or NOBODY, found is None
    cookie = flask.request.cookies.get(cookie_name(settings))
    if cookie and (signed_in := sessions.find(app, cookie, now)) is not None:
        return signed_in, False
    if not accounts.any_account(app) and may_write(settings):
        return AT_THE_MACHINE, False
    return NOBODY, False


def secure(settings: Settings) -> bool:
    """Whether this request's cookies go over HTTPS alone."""
    if settings.secure_cookies == "auto":
        return not is_loopback(settings.host) or flask.request.is_secure
    return settings.secure_cookies == "always"


def cookie_name(settings: Settings) -> str:
    """The name of the session's cookie."""
    return SECURE_COOKIE if secure(settings) else PLAIN_COOKIE


def local_path(text: str | None) -> str:
    """Where to go after signing in: a path of this server as it was asked for, else the first page."""
    text = text or ""
    split = urlsplit(text)
    plain = text.isprintable() and not any(c in text for c in "\\ ")
    # A browser reads //host and /\host as another host.
    if plain and text.startswith("/") and not unquote(text).startswith(("//", "/\\")) and not split.netloc:
        return text
    return "/"


def _from_here() -> bool:
    request = flask.request
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return is_loopback(request.remote_addr) and not forwarded


def _refusal(found: Principal, wrong: bool) -> HTTPException:
    if found.rights and not wrong:
        return Forbidden()
    challenge = WWWAuthenticate(
        "bearer", {"realm": "dabiao", **({"error": "invalid_token"} if wrong else {})}
    )
    return Unauthorized(www_authenticate=challenge)


def _refused(settings: Settings, found: Principal) -> flask.typing.ResponseReturnValue:
    """A refusal for a browser: the way to sign in, or a sentence."""
    request = flask.request
    query = asking.referring_query()
    say = Say(asking.request_language(settings, query))
    if found.rights:
        said = say("access.not_allowed")
        return (
            ({"said": said}, 403)
            if request.method == "POST"
            else flask.Response(f"{said}\n", 403, mimetype="text/plain")
        )
    if request.method in ("GET", "HEAD") and (request.endpoint is None or request.endpoint in rights.SHOWN):
        there = request.full_path.rstrip("?")
        response = flask.redirect("/login" if there == "/" else f"/login?next={quote(there, safe='/')}", 303)
        response.headers["Cache-Control"] = "no-store"
        return response
    answer = flask.jsonify({"said": say("access.sign_in_first"), "sign_in": "/login"})
    answer.status_code = 401
    answer.headers["Cache-Control"] = "no-store"
    return answer
