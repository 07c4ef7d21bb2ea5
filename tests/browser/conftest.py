"""A real server over the bundled data, a real Chromium, and a page that notes what went wrong on it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000
"""Milliseconds: far more than any page needs, since the machine may be doing much else."""

expect.set_options(timeout=PATIENCE)

DAY = "as_of=2026-11-21"
"""The day on which the prepared store was judged: pages say the same of it whenever the tests run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    """``python -m dashboard`` over a home folder. Nobody reads what it says until it ends, so it says only what is wrong."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith("DABIAO_") or k == "DABIAO_CHROMIUM"
    }
    environment.pop("DABIAO_CHROMIUM", None)
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port)],
        cwd=ROOT,
        env={
            **environment,
            "DABIAO_HOME": str(home),
            "DABIAO_WEB_WORKERS": "2",
            "DABIAO_LOG_LEVEL": "warning",
        },
        stderr=subprocess.PIPE,
    )


def wait(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Until the server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(
                f"the dashboard stopped: {(process.stderr.read() if process.stderr else b'').decode()}"
            )
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"no answer from {address} within {seconds} s")


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a server as a service manager would; its exit status."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return int(process.returncode)


@pytest.fixture(scope="session")
def address(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the dashboard over the bundled data answers: two workers, stopped at the end."""
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(_walked, home)
    port = free_port()
    process = start(home, port)
    found = f"http://127.0.0.1:{port}"
    wait(found, process)
    yield found
    assert stop(process) == 0


@pytest.fixture(scope="session")
def working_address(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own for tests that import, run jobs and deal with alerts."""
    home = tmp_path_factory.mktemp("working") / "home"
    shutil.copytree(_walked, home)
    port = free_port()
    process = start(home, port)
    found = f"http://127.0.0.1:{port}"
    wait(found, process)
    yield found
    assert stop(process) == 0


@pytest.fixture(scope="session")
def bare_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that has no store yet."""
    port = free_port()
    process = start(tmp_path_factory.mktemp("bare"), port)
    found = f"http://127.0.0.1:{port}"
    wait(found, process)
    yield found
    assert stop(process) == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; ``$DABIAO_CHROMIUM`` names another."""
    names = [os.environ.get("DABIAO_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(
            "No Chromium: install the system's package (apt-get install chromium) or set DABIAO_CHROMIUM."
        )
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield found
        found.close()


@dataclass
class Watched:
    """A page, and what happened on it that never should.

    Attributes:
        complaints: console errors and uncaught exceptions.
        foreign: requests to any host but the dashboard's.
        pardoned: words of complaints that a test calls forth itself; set before that happens, for they come when they come.
    """

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    pardoned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("console", lambda m: self._complained(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self._complained(str(e)))
        self.page.on("request", lambda r: self.foreign.append(r.url) if self._is_foreign(r.url) else None)

    def _complained(self, said: str) -> None:
        if not any(words in said for words in self.pardoned):
            self.complaints.append(said)

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((self.address, "data:", "blob:"))

    def open(self, path: str) -> Page:
        """Go to a path and wait until the page is there and nothing is loading any more."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_selector("#main > *")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        self.page.wait_for_load_state("networkidle")


def fits(page: Page, width: int) -> None:
    """Make the window as narrow as a phone and wait until nothing stands out of it sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")


Visit = Callable[..., Watched]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser context a language, kept for its cache: the program's scripts are fetched once."""
    found: dict[str, BrowserContext] = {}
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def visit(browser: Browser, contexts: dict[str, BrowserContext], address: str) -> Iterator[Visit]:
    """A visitor without cookies: ``visit(locale=…, theme=…)``. At the end nothing may have gone wrong or elsewhere."""
    watched: list[Watched] = []

    def visitor(locale: str = "zh-CN", theme: str | None = None, at: str = address) -> Watched:
        if locale not in contexts:
            contexts[locale] = browser.new_context(locale=locale)
            contexts[locale].set_default_timeout(PATIENCE)
        context = contexts[locale]
        context.clear_cookies()
        if theme:
            context.add_cookies([{"name": "dabiao_theme", "value": theme, "url": at}])
        page = context.new_page()
        page.set_viewport_size({"width": 1440, "height": 900})
        watched.append(Watched(page, at))
        return watched[-1]

    yield visitor
    for one in watched:
        one.page.close()
    for one in watched:
        assert one.foreign == []
        assert one.complaints == []
