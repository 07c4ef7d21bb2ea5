"""The web server process: a few workers with threads, on this machine only, stopped by a signal."""

from __future__ import annotations

import os
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from dabiao import i18n
from dabiao.errors import ServiceError
from dabiao.settings import Settings
from dabiao.up import check_port
from dashboard.local import is_loopback

THREADS = 8
GRACE = 10


def check_address(host: str, port: int) -> None:
    """Refuse an address that others can reach, and a port that is taken, before any worker starts.

    Raises:
        ServiceError: ``host_not_loopback`` (there is no sign-in yet), ``port_in_use`` or ``address_unusable``.
    """
    if not is_loopback(host):
        raise ServiceError("host_not_loopback", host=host)
    check_port(host, port)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and no files of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        s = self.settings
        address = f"[{s.host}]" if ":" in s.host else s.host
        chosen: dict[str, Any] = {
            "bind": f"{address}:{s.port}",
            "workers": s.web_workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": False,
            "graceful_timeout": GRACE,
            "timeout": 120,
            "keepalive": 5,
            "errorlog": "-",
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "when_ready": self._ready,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Made in each worker, after the fork: no connection and no thread is shared."""
        from dashboard.app import create_app  # noqa: PLC0415  # the parent process needs none of it

        return create_app(self.settings).server

    def _ready(self, _arbiter: Any) -> None:
        s = self.settings
        where = f"http://{s.host}:{s.port}"
        print(i18n.text("dashboard.shell.serving", s.lang, address=where), file=sys.stderr, flush=True)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ServiceError: the address cannot be served.
    """
    check_address(settings.host, settings.port)
    # gunicorn reads this variable as options of its own; a stray one must not change what we serve
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Server(settings).run()
