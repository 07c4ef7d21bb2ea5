"""How responses travel: packed, kept by the browser where they never change, with the time that they took."""

from __future__ import annotations

import gzip
import time
from functools import lru_cache

import flask
from dash.fingerprint import check_fingerprint

SMALLEST = 512
"""Bytes under which packing gains nothing."""

QUICK, THOROUGH = 4, 9
"""How hard gzip tries: for what is made for one request, and for files, which are packed once a process."""

LASTING = "public, max-age=31536000, immutable"
"""For an address that names the content: other content has another address."""

_SUITES = "/_dash-component-suites/"
_ASSETS = "/assets/"
_TEXT = frozenset(
    {
        "application/json",
        "application/javascript",
        "application/problem+json",
        "application/atom+xml",
        "image/svg+xml",
    }
)


def register(server: flask.Flask) -> None:
    """Put packing, caching and timing on a server. Before other hooks are: the first to be registered is the last to run."""
    server.before_request(_begin)
    server.after_request(_finish)


def _begin() -> None:
    flask.g.dabiao_begun = (time.perf_counter(), time.thread_time())


def _finish(response: flask.Response) -> flask.Response:
    _keep(response)
    _pack(response)
    begun = flask.g.get("dabiao_begun")
    if begun is not None:
        clock, own = (1000 * (now - then) for now, then in zip(_now(), begun, strict=True))
        response.headers["Server-Timing"] = f"app;dur={clock:.1f}, cpu;dur={own:.1f}"
    return response


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.thread_time()


def _lasts(request: flask.Request) -> bool:
    """Whether the address names the content: by a fingerprint in the path (suites) or by the file's time (assets)."""
    if request.path.startswith(_SUITES):
        return bool(check_fingerprint(request.path)[1])  # type: ignore[no-untyped-call]
    return "m" in request.args


def _keep(response: flask.Response) -> None:
    """A file is kept for good where its address names its content; any other is asked for again by its tag."""
    request = flask.request
    if response.status_code not in (200, 304) or not request.path.startswith((_SUITES, _ASSETS)):
        return
    response.headers["Cache-Control"] = LASTING if _lasts(request) else "no-cache"
    if response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)


def _pack(response: flask.Response) -> None:
    kind = response.mimetype or ""
    if kind not in _TEXT and not kind.startswith("text/"):
        return
    response.vary.add("Accept-Encoding")
    request = flask.request
    file = request.path.startswith((_SUITES, _ASSETS))
    if (
        response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
        or (response.is_streamed and not file)
        or not request.accept_encodings["gzip"]
    ):
        return
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < SMALLEST:
        return
    response.set_data(_packed(plain) if file else gzip.compress(plain, QUICK, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)  # the same content in another form


@lru_cache(maxsize=64)
def _packed(plain: bytes) -> bytes:
    return gzip.compress(plain, THOROUGH, mtime=0)
