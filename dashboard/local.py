"""Whether a request comes from this machine alone: only then may the dashboard write a file of the reader's."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask

from dabiao.services.access.doors import is_loopback
from dabiao.settings import Settings


def may_write(settings: Settings) -> bool:
    """Served here, asked from here, and under a name of this machine: a proxy in front has another name."""
    if not flask.has_request_context():
        return False
    request = flask.request
    named = urlsplit(f"//{request.host}").hostname
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return all(is_loopback(host) for host in (settings.host, request.remote_addr, named)) and not forwarded
