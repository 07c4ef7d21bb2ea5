"""What a visit loads, in a real Chromium: little at first, next to nothing after; and two workers that speak as one."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dabiao import bootstrap
from dabiao.domain.assessment import Report
from dabiao.domain.target import Measure
from dabiao.services.declare import reporting
from dabiao.services.pages import views
from dabiao.settings import Settings
from tests.browser.conftest import PATIENCE, free_port, start, stop, wait

FIRST_VISIT = 2_500_000
"""Bytes over the wire of a first visit, headers included, and room left."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    found = browser.new_context(locale="zh-CN")
    found.set_default_timeout(PATIENCE)
    yield found
    found.close()


def load(context: BrowserContext, address: str) -> dict[str, int]:
    """Bytes over the wire by address of one visit of the overview; what the browser's cache gave has none."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({urls.get(e["requestId"], ""): int(e["encodedDataLength"])}),
    )
    page.goto(address)
    expect(page.locator("#targets-grid .ag-row .badge").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.close()
    return sizes


def test_a_first_visit_is_small_and_a_second_loads_no_file(context: BrowserContext, address: str) -> None:
    """Packed, the whole program comes in under 2.5 MB; then only the page and its data come again."""
    first = load(context, f"{address}/")
    assert sum(first.values()) < FIRST_VISIT
    scripts = [u for u in first if "/_dash-component-suites/" in u or "/assets/" in u]
    assert len(scripts) > 10
    again = load(context, f"{address}/")
    loaded = {u: size for u, size in again.items() if u in scripts and size > 2000}
    assert loaded == {}  # at most a question whether a file has changed, which is headers alone
    assert sum(again.values()) < 200_000


def ask(address: str, path: str) -> str:
    """What the page of a path is filled with, by a connection of its own."""
    wanted: dict[str, Any] = {
        "output": "..main.children...title.data..",
        "outputs": [{"id": "main", "property": "children"}, {"id": "title", "property": "data"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "theme", "property": "data", "value": "light"},
        ],
        "changedPropIds": ["url.pathname"],
        "state": [{"id": "url", "property": "search", "value": ""}],
    }
    request = urllib.request.Request(
        f"{address}/_dash-update-component", json.dumps(wanted).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return str(response.read().decode())


def test_two_workers_are_as_one(walked_home: Path) -> None:
    """What is written is in every answer from then on, whichever worker gives it and whatever that one has kept."""
    app = bootstrap.open_app(Settings(home=walked_home))
    now = datetime.now(UTC)
    today = app.today(now)
    waiting = next(
        v.declared.target.id
        for v in views.verdicts(app, today, now)
        if v.declared.target.measure is Measure.QUALITATIVE and v.assessment.report is None
    )
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = start(walked_home, port)
    try:
        wait(address, process)
        with ThreadPoolExecutor(8) as threads:

            def many(path: str) -> list[str]:
                return list(threads.map(lambda _: ask(address, path), range(16)))

            place = f"/target/{waiting}"
            assert len(set(many(place))) == 1
            assert not any("FIRST-EVIDENCE" in answer for answer in many(place))
            report = Report("done", today, "泉州市生态环境局", "FIRST-EVIDENCE", "")
            reporting.add(app, waiting, report, today, now)
            assert all("FIRST-EVIDENCE" in answer for answer in many(place))
            assert len(set(many("/plans"))) == 1
    finally:
        app.store.close()
        assert stop(process) == 0
