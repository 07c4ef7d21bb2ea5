"""A line in the log for each request, and the id that ties everything said during it together."""

from __future__ import annotations

import time
from typing import Any

import flask
import structlog
from gunicorn.glogging import Logger as GunicornLogger

from dabiao import logs
from dashboard.request_times import RequestTimes, kind_of

ID_HEADER = "X-Request-ID"
LONGEST_PATH = 200
OWN = "dabiao.own"
"""In the environment of a request that the process makes to itself: it is neither counted nor logged."""

log = structlog.get_logger()


def register(server: flask.Flask, times: RequestTimes) -> None:
    """Put ids, lines and counters on a server. Register it first: it is then first before a request and last after it."""

    def begin() -> None:
        flask.g.dabiao_request = (time.perf_counter(), logs.request_id(flask.request.headers.get(ID_HEADER)))
        structlog.contextvars.bind_contextvars(request_id=flask.g.dabiao_request[1])

    def finish(response: flask.Response) -> flask.Response:
        request = flask.request
        begun, number = flask.g.dabiao_request
        seconds = time.perf_counter() - begun
        response.headers[ID_HEADER] = number
        if OWN in request.environ:
            return response
        kind = kind_of(request.path)
        times.add(kind, seconds, response.status_code)
        # The path alone: what follows a question mark is what people look for, and may carry a secret.
        said = log.debug if kind in ("static", "service") else log.info
        said(
            "request",
            method=request.method,
            path=request.path[:LONGEST_PATH],
            kind=kind,
            status=response.status_code,
            ms=round(1000 * seconds, 1),
        )
        return response

    def end(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")

    server.before_request(begin)
    server.after_request(finish)
    server.teardown_request(end)


class Logger(GunicornLogger):  # type: ignore[misc]
    """The web server's own words, in the form of all others."""

    def setup(self, cfg: Any) -> None:
        """Hand everything to the process's handler."""
        super().setup(cfg)
        self.error_log.handlers[:] = []
        self.error_log.propagate = True
