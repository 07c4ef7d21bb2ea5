"""The wall: fits its screen, turns by itself, stops when someone is there, and says when it may be out of date."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DAY, Visit, fits

VIEWS = ("counts", "first", "regions", "plans", "deadlines")


def shown(page: Page) -> str:
    """The heading of the view in hand."""
    return page.locator(".wall-view.shown h2").inner_text()


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_view_fits_and_can_be_read_from_afar(visit: Visit, lang: str, size: tuple[int, int]) -> None:
    """Nothing scrolls or is cut off, and no text is smaller than a fiftieth of the screen's height."""
    watched = visit()
    watched.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = watched.open(f"/wall?{DAY}&lang={lang}")
    expect(page.locator(".wall-view.shown")).to_have_count(1)
    expect(page.locator(".header")).to_be_hidden()
    for _ in VIEWS:
        body = page.locator(".wall-view.shown .wall-body")
        over = body.evaluate("e => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]")
        assert max(over) <= 0, shown(page)
        smallest = body.evaluate(
            "e => Math.min(...[...e.querySelectorAll('*')].filter(x => !x.closest('.unseen, caption, sup')"
            " && [...x.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
            ".map(x => parseFloat(getComputedStyle(x).fontSize)))"
        )
        assert smallest >= size[1] / 50, shown(page)
        page.keyboard.press("ArrowRight")
    whole = "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
    assert max(page.evaluate(whole)) <= 0


def test_it_turns_by_itself_and_a_key_holds_it(visit: Visit) -> None:
    """After its seconds the next view comes; space stops it until space again; the address chooses and orders the views."""
    watched = visit(locale="en")
    page = watched.page
    page.clock.install()
    watched.open(f"/wall?{DAY}&seconds=300&views=plans,counts,nonsense")
    heading = page.locator(".wall-view.shown h2")
    expect(page.locator(".wall-view")).to_have_count(2)
    expect(heading).to_have_text("Progress by plan")
    page.clock.run_for(301_000)
    expect(heading).to_have_text("All targets")
    page.keyboard.press(" ")
    expect(page.locator(".wall-paused")).to_be_visible()
    page.clock.run_for(400_000)
    expect(heading).to_have_text("All targets")
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("Progress by plan")


def test_a_lost_server_is_said(visit: Visit) -> None:
    """When the server stops answering, the wall says that what it shows may be old."""
    watched = visit(locale="en")
    page = watched.page
    page.clock.install()
    watched.open(f"/wall?{DAY}")
    expect(page.locator(".wall-clock")).not_to_be_empty()
    watched.pardoned = ("ERR_FAILED",)
    page.route("**/readyz", lambda route: route.abort())
    page.clock.run_for(70_000)
    expect(page.locator(".wall-lost")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_wall_has_no_fault_and_is_a_list_on_a_phone(visit: Visit, theme: str) -> None:
    """Axe finds nothing; on a phone all views stand below each other and nothing turns."""
    page = visit(theme=theme).open(f"/wall?{DAY}")
    assert Axe().run(page).response["violations"] == []
    fits(page, 360)
    expect(page.locator(".wall-view:visible")).to_have_count(len(VIEWS))
