"""The dashboard under load: two workers, 10,000 targets, twenty people clicking; a Datasette page of the same table beside it.

    python benchmarks/load.py [--targets 10000] [--users 20] [--seconds 60] [--home FOLDER]

A real server on loopback over the store of ``scale_store.py``. A real Chromium opens the pages first: it measures what a first
and a second visit load, when the overview can be used (its list, which is the last to come) and how long the page's thread had
the processor for that, and what it asks of the server is recorded. Then the recorded
requests are replayed by threads, each a person who opens a page, reads it for some seconds and clicks again; ids in the
requests are drawn anew. Times are the server's own (``Server-Timing``): on the clock and of processor. They say nothing on a
machine that is busy with other things, so the load average is printed too.

Datasette has an environment of its own (``benchmarks/datasette``, ``uv run --project``); without uv it is left out.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scale_store import INDICATORS, TARGETS_OF_A_PLAN, build, measure, place

HERE = Path(__file__).parent
TABLE = "assessments"
THINKING = (2.0, 6.0)
"""Seconds that a person reads before the next click."""
PAGES = {
    "overview": "/",
    "overview, filtered": "/?indicator=substance07",
    "region": "/region/900003",
    "indicator": "/indicator/substance03",
    "plan": "/plan/plan-0000000",
    "target": "/target/plan-0000000-0000005",
    "alerts": "/alerts",
    "series": "/data/series",
}


@dataclass(frozen=True)
class Asked:
    """A recorded request, of which kind and with which body; a page's are asked for together."""

    kind: str
    path: str
    body: str | None


@dataclass(frozen=True)
class Answer:
    """Milliseconds: on the server's clock, of its processor, and as the client waited; and the bytes that came."""

    kind: str
    clock: float
    own: float
    waited: float
    size: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], address: str, environment: dict[str, str]) -> Iterator[None]:
    """A server as a process of its own, until it answers and until it has ended."""
    server = subprocess.Popen(
        command, cwd=HERE.parent, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(address, timeout=60).read()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit(f"no answer from {command}")
                time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def prepared(home: Path, targets: int) -> None:
    """A store with forecasts and assessments, made unless it is there."""
    made = (home / "dabiao.sqlite").is_file()
    home.mkdir(parents=True, exist_ok=True)
    build(home, targets, datetime(2025, 6, 1, tzinfo=UTC))
    if not made:
        measure(home, "forecast", 2)
        measure(home, "assess", 2)


# -- one person in a real browser ----------------------------------------------------------------------------------------


def browse(address: str) -> dict[str, list[Asked]]:
    """What each page asks of the server, after the figures of the first and the second visit are printed."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("DABIAO_CHROMIUM") or shutil.which("chromium")
    recorded: dict[str, list[Asked]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        for name in ("nothing judged yet", "nothing judged yet", "first visit", "second visit"):
            if name != "second visit":
                context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
                context.set_default_timeout(180_000)
            visit(context, address, name)
        for kind, where in PAGES.items():
            page = context.new_page()
            found: list[Asked] = []
            page.on("request", lambda r, found=found: found.extend(_asked(r.url, r.post_data, address)))
            page.goto(f"{address}{where}")
            page.wait_for_selector("#main > *")
            page.wait_for_load_state("networkidle")
            page.close()
            recorded[kind] = found
        browser.close()
    return recorded


def visit(context, address: str, name: str) -> None:
    """A visit of the overview: bytes over the wire, what the cache gave, and when the list could be used."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    sizes: list[float] = []
    fetched: list[str] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    received = "Network.responseReceived"
    session.on(received, lambda e: e["response"].get("fromDiskCache") or fetched.append(e["response"]["url"]))
    started = time.perf_counter()
    page.goto(f"{address}/")
    page.wait_for_selector("#main .card, #main .cards")
    seen = time.perf_counter() - started
    page.wait_for_selector("#targets-grid .ag-row a")
    usable = time.perf_counter() - started
    measured = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    page.wait_for_load_state("networkidle")
    assets = [u for u in fetched if "/_dash-component-suites/" in u or "/assets/" in u]
    print(
        f"{name}: {sum(sizes) / 1e6:.2f} MB over the wire, {len(assets)} scripts and styles fetched;"
        f" counts seen after {seen:.2f} s, list usable after {usable:.2f} s,"
        f" {measured['TaskDuration']:.2f} s of them the page's own thread at work"
    )
    page.close()


def _asked(url: str, body: str | None, address: str) -> list[Asked]:
    path = url.removeprefix(address)
    if body is not None and path.startswith("/_dash-update-component"):
        return [Asked("callback", path, body)]
    if path.startswith(("/_dash-layout", "/_dash-dependencies")):
        return [Asked("layout", path, None)]
    return (
        []
        if "/assets/" in path or "/_dash" in path or not path.startswith("/")
        else [Asked("page", path, None)]
    )


# -- many people ---------------------------------------------------------------------------------------------------------


def elsewhere(text: str, draw: random.Random, targets: int) -> str:
    """A recorded request for another region, indicator, plan or target."""
    number = draw.randrange(targets)
    region, indicator = place(number)
    plan = f"plan-{number // TARGETS_OF_A_PLAN * TARGETS_OF_A_PLAN:07d}"
    for known, other in (
        ("/region/900003", f"/region/{region}"),
        ("substance03", indicator),
        ("substance07", f"substance{draw.randrange(INDICATORS):02d}"),
        ("/plan/plan-0000000", f"/plan/{plan}"),
        ("plan-0000000-0000005", f"{plan}-{number:07d}"),
    ):
        text = text.replace(known, other)
    return text


def people(
    port: int, count: int, seconds: float, click: Callable[[random.Random], list[Asked]]
) -> list[Answer]:
    """Everyone's answers: each asks for what a click needs, one after the other, and then reads."""
    answers: list[Answer] = []
    until = time.monotonic() + seconds

    def person(number: int) -> None:
        draw = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(draw.uniform(0, THINKING[1]))
        while time.monotonic() < until:
            answers.extend(ask(connection, asked) for asked in click(draw))
            time.sleep(min(draw.uniform(*THINKING), max(0.0, until - time.monotonic())))
        connection.close()

    threads = [threading.Thread(target=person, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def ask(connection: http.client.HTTPConnection, asked: Asked) -> Answer:
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN", "Content-Type": "application/json"}
    started = time.perf_counter()
    method = "GET" if asked.body is None else "POST"
    try:
        connection.request(method, asked.path, asked.body, headers)
        response = connection.getresponse()
    except ConnectionError:  # the server has let an idle connection go, as a browser's too
        connection.close()
        connection.request(method, asked.path, asked.body, headers)
        response = connection.getresponse()
    content = response.read()
    waited = 1000 * (time.perf_counter() - started)
    assert response.status in (200, 204), (response.status, asked)
    found = re.findall(r"dur=([\d.]+)", response.headers.get("Server-Timing", "")) or [waited, float("nan")]
    return Answer(asked.kind, float(found[0]), float(found[1]), waited, len(content))


def told(name: str, answers: list[Answer]) -> None:
    if not answers:
        return
    clock, own, waited, size = np.array([(a.clock, a.own, a.waited, a.size) for a in answers]).T
    c50, c95 = np.percentile(clock, [50, 95])
    p50, p95 = np.percentile(own, [50, 95])
    print(
        f"{name:22} {len(answers):5d}  server {c50:6.0f} {c95:6.0f} ms   processor {p50:6.0f} {p95:6.0f} ms"
        f"   waited {np.percentile(waited, 95):6.0f} ms   {np.median(size) / 1e3:6.1f} kB"
    )


def dashboard(home: Path, given: argparse.Namespace) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    known = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    environment = {**known, "DABIAO_HOME": str(home), "DABIAO_WEB_WORKERS": "2", "OPENBLAS_NUM_THREADS": "1"}
    with running([sys.executable, "-m", "dashboard", "--port", str(port)], f"{address}/healthz", environment):
        recorded = browse(address)
        pages = list(recorded.values())

        def click(draw: random.Random) -> list[Asked]:
            chosen = draw.choice(pages)
            opened = draw.random() < 0.2  # most clicks stay in the program; some open it anew
            wanted = [a for a in chosen if opened or a.kind == "callback"]
            seed = draw.random()
            return [
                Asked(
                    a.kind,
                    elsewhere(a.path, random.Random(seed), given.targets),
                    a.body and elsewhere(a.body, random.Random(seed), given.targets),
                )
                for a in wanted
            ]

        people(
            port, 8, 1, lambda _: [a for a in recorded["overview"] if a.kind == "callback"]
        )  # both workers are warm
        print(
            f"{given.users} people for {given.seconds:.0f} s; load average before {os.getloadavg()[0]:.1f}; median and 95 %:"
        )
        answers = people(port, given.users, given.seconds, click)
        print(f"load average after {os.getloadavg()[0]:.1f}")
    kinds: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        kinds[answer.kind].append(answer)
    told("callback", kinds["callback"])
    told("first layout", kinds["layout"])
    told("page", kinds["page"])


def datasette(home: Path, given: argparse.Namespace) -> None:
    """The same people on a page of the table of assessments, a hundred rows of it, as Datasette shows it."""
    uv = shutil.which("uv")
    if uv is None:
        print("no uv: Datasette is left out")
        return
    port = free_port()
    command = [
        uv,
        "run",
        "--frozen",
        "--project",
        str(HERE / "datasette"),
        "datasette",
        "serve",
        str(home / "dabiao.sqlite"),
        "-p",
        str(port),
    ]
    address = f"/dabiao/{TABLE}?_size=100&_sort_desc=attainment"
    with running(command, f"http://127.0.0.1:{port}{address}", dict(os.environ)):
        answers = people(port, given.users, given.seconds / 2, lambda _: [Asked("page", address, None)])
    told("Datasette, one page", answers)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        prepared(home, given.targets)
        dashboard(home, given)
        datasette(home, given)


if __name__ == "__main__":
    main()
