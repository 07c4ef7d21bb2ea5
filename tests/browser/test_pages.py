"""Every page in both languages: its words, its frame, and that it can be used without a mouse, without eyes, on paper."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DAY, Visit, fits

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
        fits(page, 360)
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
            # faded in, or its letters are measured half transparent
            expect(page.locator(".mantine-Popover-dropdown")).to_have_css("opacity", "1")
        assert faults(page) == [], name


def test_an_unknown_target_is_a_404(visit: Visit, address: str) -> None:
    """The answer is a 404, and the page says what is like it."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/target/no-such-target")
    assert refused.value.code == 404
    watched = visit(locale="en")
    watched.pardoned = ("404",)
    page = watched.open("/target/quanzhou-2022-pm2")
    expect(page.locator("#main")).to_contain_text("quanzhou-2022-pm25")


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
    page.locator("#deadlines summary").click()
    expect(page.locator("#deadlines tbody tr").first).to_be_visible()
    # thousands of places may be offered: a box makes its list when it is opened
    expect(page.locator(".mantine-MultiSelect-option")).to_have_count(0)
    page.locator(".filter input").first.click()
    expect(page.locator(".mantine-MultiSelect-option").first).to_be_visible()


def test_the_timeline_leads_to_its_years_and_is_saved(visit: Visit, tmp_path: Path) -> None:
    """A year's dot shows what falls due in it; the picture is drawn without the library of charts, which never ran."""
    page = visit(locale="en").open(f"/?{DAY}")
    with page.expect_download() as started:
        page.locator("#deadlines [data-png]").click()
    assert started.value.suggested_filename == "Targets-due-by-year-(as-of-2026-11-21).png"
    path = tmp_path / "timeline.png"
    started.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 2400
    year = page.locator("#deadlines .timeline a", has_text="2027")
    expect(year).to_have_accessible_name(re.compile(r"\d+ due in 2027: "))
    due = year.locator("text").last.text_content()
    year.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**deadline=2027**")
    expect(page.locator(".count")).to_contain_text(re.compile(rf"\b{due} of "))
    expect(page.locator("#deadlines .timeline circle")).to_have_count(1)
    assert page.evaluate("typeof window.Plotly") == "undefined"


def test_the_first_chart_of_a_visit_brings_its_library(visit: Visit) -> None:
    """From the overview, where none ran, a link leads to a page whose chart is drawn by our bundle."""
    watched = visit()
    page = watched.open(f"/?{DAY}")
    page.locator("#first a.strong, #first a").first.click()
    page.wait_for_url("**/target/**")
    expect(page.locator("#evidence .main-svg").first).to_be_visible()
    scripts = page.eval_on_selector_all("script[src*=plotly]", "all => all.map(e => new URL(e.src).pathname)")
    assert scripts == ["/assets/plotly-basic.min.js"]


def test_what_is_reached_and_opened_stays_so(visit: Visit) -> None:
    """A filter set by keyboard leaves the reader on the card that set it, and an open table open."""
    page = visit(locale="en").open(f"/?{DAY}")
    page.locator("#deadlines summary").click()
    page.locator(".card.is-no_data").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**status=no_data**")
    card = page.locator(".card.is-no_data")
    expect(card).to_have_class(re.compile("chosen"))
    expect(card).to_be_focused()
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
    expect(page.locator("#evidence table tbody tr").nth(7)).to_be_visible()
    expect(page.locator("#rules tbody tr").first).to_contain_text("达标概率")
    expect(page.locator("#rules .fold tbody tr").first).to_be_hidden()
    expect(page.locator("#source blockquote")).to_have_text(
        "到2027年,全省细颗粒物浓度下降到27微克/立方米以下"
    )
    expect(page.locator("#values a[href^=http]").nth(4)).to_be_attached()
    expect(page.locator("#values tr.used")).to_have_count(5)


def test_a_qualitative_target_shows_how_to_report(visit: Visit) -> None:
    """Where a unit must report, the page says whether it has and which command records it."""
    page = visit().open(f"/target/jilin-2024-nonfossil?{DAY}")
    expect(page.locator("#report .command")).to_contain_text("dabiao reports add jilin-2024-nonfossil")


def test_a_chart_has_no_toolbar(visit: Visit) -> None:
    """No chart offers to share, upload or edit."""
    page = visit().open(f"/target/jilin-2024-pm25?{DAY}")
    expect(page.locator("#evidence .main-svg").first).to_be_visible()
    expect(page.locator(".modebar-btn")).to_have_count(0)


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
    watched.pardoned = ("404",)
    page = watched.open("/nowhere")
    expect(page.locator("#main h2")).to_have_text("There is no such page")
    page.locator("#main a", has_text="To the overview").click()
    page.wait_for_selector("#first")


def test_the_list_is_on_paper_whole(visit: Visit) -> None:
    """When the printer looks, every target stands there as a plain row, and the screen's list is as it was afterwards."""
    page = visit(locale="en").open(f"/region/350500?{DAY}")
    expect(page.locator("#targets-grid .ag-row").first).to_be_visible()
    everything = re.match(r"\d+", page.locator(".count > span").first.inner_text())
    assert everything is not None
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    rows = page.locator("#list table.list-on-paper tbody tr")
    expect(rows).to_have_count(int(everything[0]))
    expect(rows.first).to_contain_text("Missed · provisional")
    expect(rows.last).to_be_visible()
    expect(page.locator("#targets-grid")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("table.list-on-paper")).to_have_count(0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_made_for_paper_has_no_fault(visit: Visit, lang: str) -> None:
    """What a long list is printed from opens the dialogue by itself, can be read on a phone, and leads back."""
    watched = visit(locale=lang)
    page = watched.page
    page.add_init_script("window.print = () => { document.title = 'printing'; }")
    page.goto(f"{watched.address}/print/plan/jilin-2024?{DAY}&measure=numeric")
    expect(page).to_have_title("printing")
    assert faults(page) == []
    fits(page, 360)
    page.locator("main a.button").click()
    page.wait_for_url("**/plan/jilin-2024**measure=numeric**")
    expect(page.locator("#targets .plan-entry").first).to_be_visible()


def test_a_box_shows_that_it_is_reached(visit: Visit) -> None:
    """A reader by keyboard sees which box is in hand: the day, a filter, a search."""
    watched = visit()
    page = watched.open(f"/?{DAY}")
    ring = "e => getComputedStyle(e.closest('.mantine-Input-input, .dash-input-container')).outlineStyle"
    for box in (page.locator("#as-of"), page.locator(".filter input:visible").first):
        box.focus()
        assert box.evaluate(ring) == "solid"
    box = watched.open(f"/units?{DAY}").locator("input[name=q]")
    box.focus()
    assert box.evaluate(ring) == "solid"


def test_a_server_that_does_not_answer_is_said(visit: Visit) -> None:
    """A page that cannot be fetched says so on the page that asked, until the server answers again."""
    watched = visit(locale="en")
    page = watched.open(f"/plans?{DAY}")
    watched.pardoned = ("ERR_FAILED", "did not respond")
    page.route("**/_dash-update-component*", lambda route: route.abort())
    page.locator('.menu a[href^="/regions"]').click()
    expect(page.locator("#said")).to_contain_text("cannot be reached")
    page.unroute("**/_dash-update-component*")
    page.locator('.menu a[href^="/units"]').click()
    expect(page.locator("#main h1")).to_have_text("Targets by unit")
    expect(page.locator("#said")).to_be_empty()
