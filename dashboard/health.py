"""Whether the process lives, and whether it could answer a page now."""

from __future__ import annotations

import flask

from dabiao import bootstrap
from dabiao.errors import DabiaoError
from dabiao.settings import Settings


def register(server: flask.Flask, settings: Settings) -> None:
    """``/healthz`` and ``/readyz``."""

    @server.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @server.get("/readyz")
    def readyz() -> tuple[dict[str, str], int]:
        try:
            app = bootstrap.open_app(settings)
            version = app.store.data_version()
            app.store.close()
        except DabiaoError as error:
            return {"status": "not_ready", "code": error.code, "message": str(error)}, 503
        return {"status": "ready", "data_version": version}, 200
