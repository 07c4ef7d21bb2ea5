"""Everything at once, with stand-ins for the two programs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dabiao.errors import ServiceError
from dabiao.settings import Settings
from dabiao.up import check_port, child_environ, up

Begin = Callable[..., subprocess.Popen[str]]

SERVER = """
import http.server, os, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404); self.end_headers()
    def log_message(self, *_): pass
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"dashboard ends\\n"), os._exit(0)))
http.server.HTTPServer((os.environ["DABIAO_HOST"], int(os.environ["DABIAO_PORT"])), Handler).serve_forever()
"""
SLEEPER = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"scheduler ends\\n"), os._exit(0)))
os.write(1, f"scheduler {os.getpid()}\\n".encode())
time.sleep(60)
"""
DEAF = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(1, f'scheduler {os.getpid()}\\n'.encode()); time.sleep(60)"
DIES = "import time; time.sleep(0.5); raise SystemExit(3)"

UP = """
import os, sys
from dabiao.settings import Settings
from dabiao.up import up
commands = {"scheduler": [sys.executable, "-c", sys.argv[2]], "dashboard": [sys.executable, "-c", sys.argv[3]]}
status = up(Settings(port=int(sys.argv[1])), commands=commands, stop_seconds=float(sys.argv[4]),
            ready=lambda address: os.write(1, f"ready {address}\\n".encode()))
os.write(1, f"status {status}\\n".encode())
raise SystemExit(status)
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def begin(port: int) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(scheduler: str = SLEEPER, stop_seconds: float = 10) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", UP, str(port), scheduler, SERVER, str(stop_seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for child in started:
        child.kill()
        child.communicate()


def read_until(child: subprocess.Popen[str], word: str) -> list[str]:
    assert child.stdout is not None
    found = []
    for line in child.stdout:
        found.append(line.strip())
        if line.startswith(word):
            return found
    raise AssertionError(f"no {word!r} in {found}")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_are_started_and_stopped(begin: Begin, port: int, number: int) -> None:
    """The address is told once the dashboard answers, and either signal stops both children cleanly with status 0."""
    child = begin()
    said = read_until(child, "ready")
    assert said[-1] == f"ready http://127.0.0.1:{port}"
    child.send_signal(number)
    rest = read_until(child, "status")
    assert child.wait(10) == 0
    assert {"scheduler ends", "dashboard ends", "status 0"} <= set(said + rest)
    check_port("127.0.0.1", port)


def test_a_child_that_will_not_end_is_killed(begin: Begin) -> None:
    """A child that does not end in its time is killed, so that nothing is left behind."""
    child = begin(scheduler=DEAF, stop_seconds=0.5)
    pid = int(next(s for s in read_until(child, "ready") if s.startswith("scheduler")).split()[1])
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0
    assert not alive(pid)


def test_a_second_signal_hurries(begin: Begin) -> None:
    """A second signal does not wait for a child that will not end."""
    child = begin(scheduler=DEAF, stop_seconds=60)
    read_until(child, "ready")
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    assert child.wait(10) == 0
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("which", ["scheduler", "dashboard"])
def test_a_child_that_ends_by_itself_is_named(port: int, which: str) -> None:
    """When one child ends by itself the other is stopped, and the error names the one and its exit status."""
    programs = {"scheduler": SLEEPER, "dashboard": SERVER, which: DIES}
    with pytest.raises(ServiceError) as died:
        up(
            Settings(port=port, lang="en"),
            commands={name: [sys.executable, "-c", program] for name, program in programs.items()},
        )
    assert (died.value.code, died.value.params["status"]) == ("child_died", 3)
    assert which in str(died.value)
    check_port("127.0.0.1", port)


def test_a_dashboard_that_does_not_answer_is_an_error(port: int) -> None:
    """When the dashboard does not answer in its time everything is stopped and the error says where it was asked."""
    with pytest.raises(ServiceError) as silent:
        up(Settings(port=port), commands={"dashboard": [sys.executable, "-c", SLEEPER]}, start_seconds=0.5)
    assert silent.value.code == "dashboard_silent"
    assert str(port) in str(silent.value)


def test_a_port_in_use_starts_nothing(port: int, tmp_path: Path) -> None:
    """A port that another program uses is refused before anything is started, with a free one beside it."""
    touched = tmp_path / "touched"
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(ServiceError) as refused:
            up(
                Settings(port=port),
                commands={"scheduler": [sys.executable, "-c", f"open({str(touched)!r}, 'w')"]},
            )
    assert refused.value.code == "port_in_use"
    check_port("127.0.0.1", refused.value.params["other"])
    assert not touched.exists()


def test_an_address_of_another_machine_is_refused() -> None:
    """An address that is not this machine's is a clear error, not a timeout."""
    with pytest.raises(ServiceError) as refused:
        check_port("192.0.2.1", 8050)
    assert refused.value.code == "address_unusable"


def test_children_get_every_setting(tmp_path: Path) -> None:
    """The children see the settings as they stand here, wherever they came from, and read them back the same."""
    from dabiao.settings import load

    settings = Settings(home=tmp_path, port=9999, off_track=0.25, job_import="*/5 * * * mon-fri")
    assert load(child_environ(settings)) == settings
