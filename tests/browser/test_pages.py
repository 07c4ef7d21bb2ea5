"""Every page in both languages: its words, its frame, and that it can be used without a mouse, without eyes, on paper."""

from __future__ import annotations

import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DAY, Visit

PAGES = {
    "overview": "/",
    "live": "/target/jilin-2024-pm25",
    "provisional": "/target/quanzhou-2022-pm25",
    "qualitative": "/target/jilin-2024-nonfossil",
    "no data": "/target/panshi-2022-good-days",
    "unknown": "/target/no-such-target",
    "plans": "/plans",
    "plan": "/plan/jilin-2024",
    "review": "/review",
}
LANGUAGES = ("zh-CN", "en")


def serious(page: Page) -> list[str]:
    """What axe finds that keeps someone from using the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_one_language(visit: Visit, address: str, name: str, lang: str) -> None:
    """A page opens in the asked language from its first byte, without an error, loads nothing from elsewhere, and on a
    phone scrolls one way only.
    """
    path = f"{PAGES[name]}?{DAY}&lang={lang}"
    with urllib.request.urlopen(f"{address}{path}") as raw:
        assert f'<html lang="{lang}"'.encode() in raw.read(200)
    page = visit(locale="fr").open(path)
    assert page.locator("html").get_attribute("lang") == lang
    expect(page.locator(".brand")).to_have_text("达标" if lang == "zh-CN" else "Dabiao")
    expect(page.locator("#main h1, #main h2").first).to_be_attached()
    assert page.title().endswith("达标" if lang == "zh-CN" else "Dabiao")
    assert "dashboard." not in page.locator("body").inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(visit: Visit, name: str, theme: str) -> None:
    """No page has a serious or critical accessibility fault, in either theme."""
    page = visit(theme=theme).open(f"{PAGES[name]}?{DAY}")
    assert page.locator("html").get_attribute("data-mantine-color-scheme") == theme
    assert serious(page) == []


def test_the_browsers_language_decides_until_another_is_chosen(visit: Visit) -> None:
    """An English browser gets English; the switch changes it on every later page, and the address carries it."""
    page = visit(locale="en-GB").open(f"/?{DAY}")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("#language-switch").click()
    page.wait_for_url("**lang=zh-CN**")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.goto(page.url.split("?")[0])
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_the_theme_switches_and_is_remembered(visit: Visit) -> None:
    """The switch turns page and charts dark at once, and the next visit opens so."""
    watched = visit(theme="light")
    page = watched.open(f"/target/jilin-2024-pm25?{DAY}")
    page.locator("#theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    expect(page.locator("#target-chart .xtick text").first).to_have_css("fill", "rgb(167, 176, 184)")
    page = watched.open("/")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_the_overview_puts_exceptions_first(visit: Visit) -> None:
    """Missed targets head the page, hatched and called provisional where their value is."""
    page = visit().open(f"/?{DAY}")
    first = page.locator("#first tbody tr").first
    expect(first.locator(".badge")).to_have_class("badge badge-filled is-missed provisional")
    expect(first.locator(".badge")).to_contain_text("暂定")
    assert page.locator("#first").bounding_box()["y"] < page.locator("#list").bounding_box()["y"]  # type: ignore[index]
    assert page.locator("#matrix .mark").count() > 10
    assert page.locator("#deadlines .js-plotly-plot").count() == 1


def test_a_target_says_its_verdict_and_shows_its_evidence(visit: Visit) -> None:
    """Verdict sentence, chart, the chart in words and as a table, rules, quote, and every value's source."""
    page = visit().open(f"/target/jilin-2024-pm25?{DAY}")
    expect(page.locator("h1")).to_contain_text("≤ 27 µg/m³")
    expect(page.locator(".verdict-line .badge")).to_contain_text("按期可达")
    expect(page.locator("#evidence .chart")).to_have_attribute("role", "img")
    expect(page.locator("#evidence .chart-legend")).to_contain_text("线性，非官方")
    page.locator("#evidence summary").click()
    assert page.locator("#evidence table tbody tr").count() >= 8
    expect(page.locator("#rules tbody tr").first).to_contain_text("达标概率")
    expect(page.locator("#source blockquote")).to_have_text(
        "到2027年,全省细颗粒物浓度下降到27微克/立方米以下"
    )
    assert page.locator("#values a[href^=http]").count() >= 5
    assert page.locator("#values tr.used").count() == 5


def test_a_qualitative_target_shows_how_to_report(visit: Visit) -> None:
    """Where a unit must report, the page says whether it has and which command records it."""
    page = visit().open(f"/target/jilin-2024-nonfossil?{DAY}")
    expect(page.locator("#report .command")).to_contain_text("dabiao reports add jilin-2024-nonfossil")


def test_a_chart_has_no_toolbar(visit: Visit) -> None:
    """No chart offers to share, upload or edit."""
    page = visit().open(f"/target/jilin-2024-pm25?{DAY}")
    assert page.locator(".modebar-btn").count() == 0


def test_the_keyboard_suffices(visit: Visit) -> None:
    """The first Tab offers to skip to the content, and a mark of the matrix opens with Enter."""
    page = visit().open(f"/?{DAY}")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    mark = page.locator("#matrix .mark").first
    mark.focus()
    assert mark.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/target/**")


def test_paper_gets_the_page_alone(visit: Visit) -> None:
    """In print neither filters nor buttons appear, and the verdict and the values do."""
    page = visit(theme="dark").open(f"/target/quanzhou-2022-pm25?{DAY}")
    page.emulate_media(media="print")
    expect(page.locator(".menu")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#values table").first).to_be_visible()
    assert len(page.pdf()) > 20_000


def test_without_a_store_the_page_says_what_to_do(visit: Visit, bare_address: str) -> None:
    """No store is no crash: the page names the command that makes one."""
    page = visit(at=bare_address).open("/")
    expect(page.locator("#main")).to_contain_text("dabiao init")


def test_an_unknown_address_is_a_page_of_its_own(visit: Visit) -> None:
    """A wrong address says so, with the way home; the browser's own note of the 404 is the only complaint."""
    watched = visit(locale="en")
    page = watched.open("/nowhere")
    expect(page.locator("#main h2")).to_have_text("There is no such page")
    page.locator("#main a", has_text="To the overview").click()
    page.wait_for_selector("#first")
    assert all("404" in said for said in watched.complaints)
    watched.complaints.clear()
