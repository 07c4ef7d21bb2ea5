"""Everything at once: the scheduler and the dashboard as two child processes, started, watched and stopped together."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from dabiao import i18n
from dabiao.errors import ServiceError
from dabiao.settings import PREFIX, Settings

COMMANDS: Mapping[str, Sequence[str]] = {
    "scheduler": (sys.executable, "-m", "jobs"),
    "dashboard": (sys.executable, "-m", "dashboard"),
}
"""What is started, in order; ``dashboard`` is the one that must answer."""

START = 60.0  # seconds for the dashboard to answer
STOP = 10.0  # seconds between SIGTERM and SIGKILL

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def up(
    settings: Settings,
    *,
    ready: Callable[[str], None] = lambda _: None,
    commands: Mapping[str, Sequence[str]] = COMMANDS,
    start_seconds: float = START,
    stop_seconds: float = STOP,
) -> int:
    """Start everything, wait until it is told to stop, stop it. Call it from the main thread.

    SIGINT and SIGTERM stop both children cleanly; a second one kills them at once.

    Args:
        settings: host, port and everything else; the children get them by their environment.
        ready: called with the address once the dashboard answers there.
        commands: what to start.
        start_seconds: how long the dashboard may take to answer.
        stop_seconds: how long a child may take to end.

    Returns:
        0 after a stop that was asked for.

    Raises:
        ServiceError: the port is in use or cannot be had (nothing was started); the dashboard does not answer, or a
            child ended by itself (the rest was stopped).
    """
    check_port(settings.host, settings.port)
    address = f"http://{_bracketed(settings.host)}:{settings.port}"
    children = _Children(stop_seconds)
    with _signals(children):
        try:
            for name, command in commands.items():
                children.start(name, command, child_environ(_terse(settings)))
            until = time.monotonic() + start_seconds
            while not _answers(settings.host, settings.port):
                _check(children, settings.lang)
                if children.asked:
                    return 0
                time.sleep(0.1)
                if time.monotonic() > until:
                    raise ServiceError("dashboard_silent", address=address, seconds=round(start_seconds))
            # What answers may be another's server that took the port meanwhile, while ours is about to end.
            _check(children, settings.lang)
            ready(address)
            while not children.asked:
                time.sleep(0.2)
                _check(children, settings.lang)
            return 0
        finally:
            children.stop()


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on.

    Raises:
        ServiceError: it is in use, or not to be had; the message says what to do.
    """
    for family, kind, proto, _, where in _resolved(host, port):
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(where)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise ServiceError(
                        "port_in_use", host=host, port=port, other=_other(host, port)
                    ) from error
                raise _unusable(host, port, error) from error


def child_environ(settings: Settings) -> dict[str, str]:
    """This process's environment with every setting as it stands here, wherever it came from."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    values = settings.model_dump(mode="json")
    return {
        **kept,
        **{f"{PREFIX}{name.upper()}": str(value) for name, value in values.items() if value is not None},
    }


def _terse(settings: Settings) -> Settings:
    """On a terminal stands what went wrong, not every request, unless a level was chosen."""
    chosen = "log_level" in settings.model_fields_set
    return settings if chosen else settings.model_copy(update={"log_level": "warning"})


class _Children:
    """The child processes, each with a process group of its own: Ctrl-C reaches this process alone, and it passes on."""

    def __init__(self, stop_seconds: float) -> None:
        # Plain flags: a signal handler that took a lock could meet the main thread holding it.
        self.asked = False
        self.hurry = False
        self._stop_seconds = stop_seconds
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        try:
            child = subprocess.Popen(  # noqa: S603 - the commands are constants, or a test's
                list(command), stdin=subprocess.DEVNULL, env=dict(environ), start_new_session=True
            )
        except OSError as error:
            raise ServiceError("child_died", name=name, status=error.errno or 1) from error
        self._running[name] = child

    def dead(self) -> tuple[str, int] | None:
        """The first child that has ended, with its exit status."""
        for name, child in self._running.items():
            status = child.poll()
            if status is not None:
                return name, status
        return None

    def stop(self) -> None:
        """SIGTERM to all; SIGKILL to what is left after the time, or at once on a second signal."""
        for child in self._running.values():
            _send(child, signal.SIGTERM)
        until = time.monotonic() + self._stop_seconds
        while any(c.poll() is None for c in self._running.values()):
            if self.hurry or time.monotonic() > until:
                break
            time.sleep(0.05)
        for child in self._running.values():
            _send(child, signal.SIGKILL)  # the whole group: a child that ended may have left its own children
            child.wait()


def _send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


@contextmanager
def _signals(children: _Children) -> Iterator[None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        children.hurry = children.asked
        children.asked = True

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check(children: _Children, lang: str) -> None:
    dead = children.dead()
    if dead is not None and not children.asked:
        name, status = dead
        said = i18n.text(f"jobs.up.{name}", lang) if i18n.has(f"jobs.up.{name}") else name
        raise ServiceError("child_died", name=said, status=status)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """The address under which a server on ``host`` is reached from here."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _bracketed(host: str) -> str:
    shown = _reachable(host)
    return f"[{shown}]" if ":" in shown else shown


def _resolved(host: str, port: int) -> list[tuple[Any, ...]]:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise _unusable(host, port, error) from error
    return list(found[:1])


def _unusable(host: str, port: int, error: OSError) -> ServiceError:
    return ServiceError("address_unusable", host=host, port=port, detail=error.strerror or str(error))


def _other(host: str, port: int) -> int:
    """A port near by that is free now."""
    for other in range(port + 1, min(port + 50, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, other))
            except OSError:
                continue
            return other
    return port + 1 if port < 65535 else port - 1
