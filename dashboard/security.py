"""What a browser may do with our pages, and whose requests may change anything."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SECURE_COOKIE, PLAIN_COOKIE = "__Host-dabiao", "dabiao_session"
"""The cookie of a session over HTTPS, and without; the prefix makes a browser hold the first to this host and HTTPS."""

SESSION_COOKIES = (SECURE_COOKIE, PLAIN_COOKIE)


def content_policy(script_hashes: Sequence[str]) -> str:
    """Only what this server sends is loaded, and nothing is sent anywhere else.

    Styles may be inline because charts, grid and component library set them on elements; scripts may not.
    """
    scripts = " ".join(["'self'", *(f"'{h}'" if not h.startswith("'") else h for h in script_hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def headers(policy: str) -> dict[str, str]:
    """The headers of every response."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def from_elsewhere(
    method: str, fetch_site: str | None, origin: str | None, host: str, *, with_session: bool = False
) -> bool:
    """Whether another site's page made this unsafe request, or may have.

    A browser says so itself (``Sec-Fetch-Site``); an older one names the origin. What names neither is no browser, and
    has no business with a session (``with_session``).
    """
    if method in SAFE:
        return False
    if fetch_site:
        return fetch_site not in ("same-origin", "none")
    if origin is None:
        return with_session
    return urlsplit(origin).netloc != host


def protect(server: flask.Flask, script_hashes: Sequence[str]) -> None:
    """Put the check and the headers on a server. After every callback is registered: they make the hashes."""
    sent = headers(content_policy(script_hashes))

    def refuse() -> flask.Response | None:
        request = flask.request
        if request.headers.get("Authorization", "").lower().startswith("bearer "):
            return None  # a token is sent on purpose: no other site can make a browser add one
        fetch_site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        with_session = any(name in request.cookies for name in SESSION_COOKIES)
        if from_elsewhere(request.method, fetch_site, origin, request.host, with_session=with_session):
            if request.path.startswith("/api/"):
                raise Forbidden  # the API says it in its own shape
            return flask.Response("cross-site request refused\n", 403, mimetype="text/plain")
        return None

    def dress(response: flask.Response) -> flask.Response:
        for name, value in sent.items():
            response.headers.setdefault(name, value)
        return response

    server.before_request(refuse)
    server.after_request(dress)
