"""Whether the process lives, whether it could answer a page now, and its measures. Who may ask is for the gate to say."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import flask

from dabiao import bootstrap, i18n
from dabiao.services.operate.readiness import readiness
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import urls
from dashboard.request_times import RequestTimes


def register(server: flask.Flask, settings: Settings, times: RequestTimes) -> None:
    """``/healthz``, ``/readyz`` and ``/metrics``."""
    opens = partial(bootstrap.open_store, settings)

    @server.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @server.get("/readyz")
    def readyz() -> tuple[dict[str, Any], int]:
        found = readiness(bootstrap.paths(settings), opens)
        lang = asking.request_language(
            settings, urls.parse(flask.request.query_string.decode("utf-8", "replace"))
        )
        checks = {
            name: {"ok": error is None}
            if error is None
            else {
                "ok": False,
                "code": error.code,
                "message": i18n.text(f"error.{error.code}", lang, **error.params),
            }
            for name in ("store", "schema", "disk")
            for error in (found.troubles.get(name),)
        }
        if found.ready:
            return {
                "status": "ready",
                "data_version": found.data_version,
                "schema": found.schema,
                "checks": checks,
            }, 200
        first = next(iter(found.troubles.values()))
        said = {"code": first.code, "message": i18n.text(f"error.{first.code}", lang, **first.params)}
        return {"status": "not_ready", **said, "checks": checks}, 503

    @server.get("/metrics")
    def metrics() -> flask.Response:
        from dashboard.metrics import answer  # noqa: PLC0415  # only those who are scraped need the library

        body, content_type = answer(opens, times, datetime.now(UTC), flask.request.headers.get("Accept", ""))
        return flask.Response(body, content_type=content_type)
