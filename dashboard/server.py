"""The web server process: a few workers with threads, stopped by a signal."""

from __future__ import annotations

import os
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from dabiao import bootstrap, i18n, logs
from dabiao.services.access.doors import check_host, check_provider, is_loopback
from dabiao.settings import Settings
from dabiao.up import check_port
from dashboard.request_log import Logger
from dashboard.request_times import RequestTimes

THREADS = 8
GRACE = 10


def check_address(settings: Settings) -> None:
    """Refuse an address that others can reach while nobody could let them in, and a port that is taken, before any worker starts.

    Raises:
        ServiceError: ``serve_without_admin``, ``port_in_use`` or ``address_unusable``.
        StoreError: there is no store yet, so there is no account.
    """
    if not is_loopback(settings.host):
        app = bootstrap.open_store(settings)
        check_host(app, settings.host)
        app.store.close()  # nothing is open when the workers are forked
    check_port(settings.host, settings.port)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and no files of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.times = RequestTimes()  # before any fork: the workers count in it together
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
            "limit_request_line": 8190,
            "errorlog": "-",
            "logger_class": Logger,
            "loglevel": "warning",
            "accesslog": None,
            # who is believed about the other end is the gate's to say, not gunicorn's, which believes this machine
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "when_ready": self._ready,
            "post_fork": self._forked,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Made in each worker, after the fork: no connection and no thread is shared."""
        from dashboard import warm  # noqa: PLC0415  # the parent process needs none of it
        from dashboard.app import create_app  # noqa: PLC0415

        server = create_app(self.settings, self.times).server
        warm.begin(self.settings)
        return server

    def _forked(self, _arbiter: Any, worker: Any) -> None:
        self.times.forked(worker.age)

    def _ready(self, _arbiter: Any) -> None:
        s = self.settings
        where = f"http://{s.host}:{s.port}"
        print(i18n.text("dashboard.shell.serving", s.lang, address=where), file=sys.stderr, flush=True)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ServiceError: the address cannot be served.
    """
    logs.configure("web", settings.log_format, settings.log_level)
    check_provider(settings)
    check_address(settings)
    # gunicorn reads this variable as options of its own; a stray one must not change what we serve
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Server(settings).run()
