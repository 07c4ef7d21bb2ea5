"""Every page in both languages: its words, its frame, and that it can be used without a mouse, without eyes, on paper."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DAY, Visit

PAGES = {
    "overview": "/",
    "on its way": "/target/jilin-2024-pm25",
    "missed": "/target/quanzhou-2022-pm25",
    "qualitative": "/target/jilin-2024-nonfossil",
    "no data": "/target/panshi-2022-good-days",
    "plans": "/plans",
    "plan": "/plan/jilin-2024",
    "regions": "/regions",
    "region": "/region/350500",
    "group": "/region/yingtan-guixi-yujiang-longhushan",
    "units": "/units",
    "unit": "/unit/quanzhou-ecology-environment",
    "indicators": "/indicators",
    "indicator": "/indicator/pm25",
    "review": "/review",
}
LANGUAGES = ("zh-CN", "en")


def faults(page: Page, impacts: tuple[str, ...] = ("minor", "moderate", "serious", "critical")) -> list[str]:
    """What axe finds of some weights."""
    return [
        f"{v['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for v in Axe().run(page).response["violations"]
        if v["impact"] in impacts
        for node in v["nodes"]
    ]


def serious(page: Page) -> list[str]:
    """What axe finds that keeps someone from using the page."""
    return faults(page, ("serious", "critical"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_speaks_one_language_and_has_no_fault(visit: Visit, address: str, lang: str) -> None:
    """Each page has the asked language from its first byte, no bare key, one main heading, nothing for axe to find (Chinese in
    the light theme, English in the dark one), nothing sideways on a phone, and on none is there an error or a foreign request.
    """
    watched = visit(locale="fr", theme="light" if lang == "zh-CN" else "dark")
    for name, where in PAGES.items():
        path = f"{where}?{DAY}&lang={lang}"
        with urllib.request.urlopen(f"{address}{path}") as raw:
            assert f'<html lang="{lang}"'.encode() in raw.read(200), name
        page = watched.open(path)
        assert page.locator("html").get_attribute("lang") == lang, name
        expect(page.locator(".brand")).to_have_text("达标" if lang == "zh-CN" else "Dabiao")
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("header .freshness span")).to_have_count(4)
        assert page.title().endswith("达标" if lang == "zh-CN" else "Dabiao"), name
        assert "dashboard." not in page.locator("body").inner_text(), name
        assert faults(page) == [], name
        page.set_viewport_size({"width": 360, "height": 800})
        page.wait_for_function("document.documentElement.scrollWidth <= 360")
        page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_other_theme_has_no_fault_either(visit: Visit, theme: str) -> None:
    """What is drawn in colours of its own (marks, charts, calendar) passes in either theme in the other language too."""
    watched = visit(locale="en" if theme == "light" else "zh-CN", theme=theme)
    for name in ("overview", "missed", "indicator"):
        page = watched.open(f"{PAGES[name]}?{DAY}")
        assert page.locator("html").get_attribute("data-mantine-color-scheme") == theme
        if name == "indicator":
            page.locator("#as-of").click()
            # faded in, or its letters are measured half transparent; it hangs below the body, outside of every landmark
            expect(page.locator(".mantine-Popover-dropdown")).to_have_css("opacity", "1")
            assert serious(page) == [], name
        else:
            assert faults(page) == [], name


def test_an_unknown_target_is_a_404(visit: Visit, address: str) -> None:
    """The answer is a 404, and the page says what is like it."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/target/no-such-target")
    assert refused.value.code == 404
    watched = visit(locale="en")
    page = watched.open("/target/quanzhou-2022-pm2")
    expect(page.locator("#main")).to_contain_text("quanzhou-2022-pm25")
    assert all("404" in said for said in watched.complaints)
    watched.complaints.clear()


def test_the_menu_works_by_keyboard_and_on_a_phone(visit: Visit) -> None:
    """A group unfolds with Enter, folds again with Escape, and says where the reader is; on a phone one button opens it all."""
    page = visit(locale="en").open(f"/jobs?{DAY}")
    group = page.locator(".menu-group").first
    expect(group).to_have_class("menu-group holds-current")
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group.get_by_role("link", name="Jobs")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(group.get_by_role("link", name="Jobs")).to_be_hidden()
    expect(group.locator("summary")).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#menu-list")).to_be_hidden()
    page.locator("#menu-toggle").click()
    page.locator("#menu-list").get_by_role("link", name="Indicators").click()
    page.wait_for_url("**/indicators**")
    expect(page.locator("#menu-list")).to_be_hidden()
    assert DAY in page.url


def test_a_chart_is_saved_as_a_picture(visit: Visit, tmp_path: Path) -> None:
    """The button draws the chart in the browser and saves it under its title, without asking anyone."""
    page = visit(locale="en").open(f"/target/jilin-2024-pm25?{DAY}")
    page.locator("#evidence .main-svg").first.wait_for()
    with page.expect_download() as started:
        page.locator("#evidence [data-png]").click()
    assert started.value.suggested_filename.startswith("Jilin-Province-")
    path = tmp_path / "chart.png"
    started.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 2400


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
    expect(page.locator("#deadlines .js-plotly-plot")).to_have_count(1)
    page.locator("#deadlines summary").click()
    expect(page.locator("#deadlines tbody tr").first).to_be_visible()


def test_a_target_says_its_verdict_and_shows_its_evidence(visit: Visit) -> None:
    """Verdict sentence, chart, the chart in words and as a table, rules, quote, and every value's source."""
    page = visit().open(f"/target/jilin-2024-pm25?{DAY}")
    expect(page.locator("h1")).to_contain_text("≤ 27 µg/m³")
    expect(page.locator(".verdict-line .badge")).to_contain_text("按期可达")
    expect(page.locator("#evidence .chart")).to_have_attribute("role", "img")
    expect(page.locator("#evidence .chart-legend")).to_contain_text("线性，非官方")
    page.locator("#evidence summary").click()
    expect(page.locator("#history tbody tr").first).to_contain_text("按期可达")
    assert page.locator("#evidence table tbody tr").count() >= 8
    expect(page.locator("#rules tbody tr").first).to_contain_text("达标概率")
    expect(page.locator("#rules .fold tbody tr").first).to_be_hidden()
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
    expect(page.locator("#scenario")).to_be_hidden()
    expect(page.locator("#evidence table")).to_be_hidden()
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
