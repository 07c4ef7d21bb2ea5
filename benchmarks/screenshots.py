"""Pictures of the dashboard for the README and the docs: the first pages in both languages and themes, the others in Chinese.

    python benchmarks/screenshots.py [--address http://127.0.0.1:8050] [--out docs/img]

Without an address it makes a store of its own in a temporary folder, serves it, and removes both.
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
PAGES = {"overview": "/", "target": "/target/jilin-2024-pm25"}
"""Pictured in both languages, light and dark."""

MORE = {
    "plan": "/plan/quanzhou-2022",
    "region": "/region/350500",
    "unit": "/unit/quanzhou-ecology-environment",
    "indicator": "/indicator/pm25",
    "alerts": "/alerts",
    "data": "/data/series",
    "jobs": "/jobs",
    "track-record": "/track-record",
    "about": "/about",
    "wall": "/wall?views=counts",
}
"""Pictured once a language, light; the wall on a screen of a hall."""

LARGEST = 200_000
"""Bytes of a picture. Chromium saves WebP of a falling quality until it fits."""
REVIEWED = ROOT / "data" / "plans" / "texts" / "quanzhou-2022.txt"
"""A plan's text that is brought for review, so that there is a review to see."""
LANGUAGES = {"zh": "zh-CN", "en": "en"}
DAYS = (date(2023, 12, 31), date(2024, 12, 31), date(2025, 7, 1), date(2026, 1, 15))
"""Earlier days on which the temporary store is judged too, so that there is a history to see."""
ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


def prepare(home: Path) -> None:
    """A store with the bundled data, judged today and on some earlier days."""
    from dabiao import bootstrap
    from dabiao.services.alerts import alerting
    from dabiao.services.declare.setup import bundled_files
    from dabiao.services.intake.importing import import_file
    from dabiao.services.judge import assessing, forecasting
    from dabiao.services.record import track_record
    from dabiao.settings import Settings

    now = datetime.now(UTC)
    app, _ = bootstrap.initialise(Settings(home=home), now)
    for path in bundled_files(app.paths.data):
        import_file(app, path, now=now)
    today = app.today(now)
    forecasting.run_forecasts(app, today, now)
    for day in (*(d for d in DAYS if d < today), today):
        assessing.run_assessments(app, day, now)
    alerting.run_alerts(app, now)
    track_record.refresh(app, today, now, anyway=True)
    app.store.close()


@contextmanager
def serving() -> Iterator[str]:
    """A dashboard of our own for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "--port", str(port)],
            cwd=ROOT,
            env={**environment, "DABIAO_HOME": folder, "DABIAO_WEB_WORKERS": "1"},
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(150):
                try:
                    urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def shoot(browser: Browser, address: str, path: str, lang: str, theme: str, width: int, out: Path) -> None:
    """One picture of the first screens of a page."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=lang, device_scale_factor=1, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "dabiao_theme", "value": theme, "url": address}])
    page = context.new_page()
    page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
    page.wait_for_selector("#main .panel, #main .wall, #main .empty, #main .plan-list")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    tallest = {1920: 1080, 390: 2400}.get(width, 1500)
    height = min(page.evaluate("document.documentElement.scrollHeight"), tallest)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)
    session = context.new_cdp_session(page)
    for quality in (90, 80, 70, 60):
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(taken["data"])
        if len(content) <= LARGEST:
            break
    out.write_bytes(content)
    context.close()
    print(f"{out} {len(content) // 1000} kB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", help="a running dashboard; a temporary one by default")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "img")
    parser.add_argument("--phone", action="store_true", help="the phone's pictures too")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    chromium = (
        os.environ.get("DABIAO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        if given.address:
            _all(browser, given.address, given.out, given.phone)
        else:
            with serving() as address:
                _all(browser, address, given.out, given.phone)
        browser.close()


def begin_review(browser: Browser, address: str) -> str:
    """Bring a plan as a reviewer would, decide on its first proposals, and give the review's path."""
    page = browser.new_page()
    page.goto(f"{address}/review?lang=en")
    page.wait_for_selector("#review-upload input[type=file]", state="attached")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#review-upload input[type=file]", REVIEWED)
    page.wait_for_url("**/review/*")
    for number, button in enumerate(("accept", "accept", "drop", "accept", "accept"), start=1):
        page.wait_for_selector(f"#proposal-heading:has-text('Proposal {number} of')")
        page.wait_for_load_state("networkidle")
        page.click(f"#review-{button}")
    page.wait_for_selector("#proposal-heading:has-text('Proposal 6 of')")
    path = page.url.removeprefix(address).split("?")[0]
    page.close()
    return path


def _all(browser: Browser, address: str, out: Path, phone: bool) -> None:
    for name, path in {**PAGES, **MORE, "review": begin_review(browser, address)}.items():
        for short, lang in LANGUAGES.items():
            width = 1920 if name == "wall" else 1440
            shoot(browser, address, path, lang, "light", width, out / f"{name}-{short}.webp")
            if name in PAGES:
                shoot(browser, address, path, lang, "dark", width, out / f"{name}-{short}-dark.webp")
            if phone:
                shoot(browser, address, path, lang, "light", 390, out / f"{name}-{short}-phone.webp")


if __name__ == "__main__":
    main()
