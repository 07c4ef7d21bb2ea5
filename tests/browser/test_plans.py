"""A plan as a document: its targets beside their quotes, the quotes in their text, and what can be taken away."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DAY, Visit

LANGUAGES = ("zh-CN", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_leads_to_a_plan_and_a_plan_to_a_target(visit: Visit, lang: str) -> None:
    """Menu → plans → plan → target, and from the target back by its crumbs."""
    page = visit(locale=lang).open(f"/?{DAY}&lang={lang}")
    page.locator('.menu a[href*="/plans"]').click()
    page.wait_for_selector(".plan-list")
    expect(page.locator(".plan-list > li")).to_have_count(5)
    page.locator('.plan-list a[href*="jilin-2024"]').click()
    page.wait_for_selector("#targets .plan-entry")
    expect(page.locator("h1")).to_have_text(
        "美丽吉林建设行动方案(2024—2027年)" if lang == "zh-CN" else "Beautiful Jilin action plan (2024–2027)"
    )
    entry = page.locator("#target-jilin-2024-pm25")
    expect(entry.locator("blockquote")).to_have_text("到2027年,全省细颗粒物浓度下降到27微克/立方米以下")
    expect(entry).to_contain_text("≤ 27 µg/m³")
    entry.locator(".plan-what").click()
    page.wait_for_url("**/target/jilin-2024-pm25**")
    page.locator(".crumbs a").nth(1).click()
    page.wait_for_url("**/plan/jilin-2024**")
    expect(page.locator("#targets .plan-entry").first).to_be_visible()


def test_every_quote_is_marked_in_the_text(visit: Visit) -> None:
    """The text is whole, every target has its place in it, and the marked words lead to the target."""
    page = visit().open(f"/plan/quanzhou-2022?{DAY}")
    entries = page.locator("#targets .plan-entry").count()
    assert entries > 100
    assert page.locator(".plan-text .anchor").count() == entries
    assert page.locator(".plan-text sup a").count() == entries
    missing = page.evaluate(
        """() => Array.from(document.querySelectorAll('#targets .plan-entry')).filter(e =>
             !document.querySelector('.plan-text #in-' + CSS.escape(e.id.slice(7)))).length"""
    )
    assert missing == 0
    page.locator(".plan-text mark a", has_text="细颗粒物(PM2.5)浓度低于19.2ug/m3").click()
    page.wait_for_url("**/target/quanzhou-2022-pm25**")
    page.locator(".quote-place a").click()
    page.wait_for_url("**/plan/quanzhou-2022**#in-quanzhou-2022-pm25")
    expect(page.locator("#in-quanzhou-2022-pm25")).to_be_in_viewport()


def test_filters_are_links_and_the_address_keeps_them(visit: Visit) -> None:
    """A chip filters, a second adds, pressing again takes away; quotes of others stay in the text, quietly."""
    watched = visit(locale="en")
    page = watched.open(f"/plan/jilin-2024?{DAY}")
    everything = page.locator("#targets .plan-entry").count()
    page.locator(".plan-filters a", has_text="Qualitative").click()
    page.wait_for_url("**measure=qualitative**")
    expect(page.locator(".chip-link.chosen")).to_have_count(1)
    expect(page.locator(".plan-filters [role=status]")).to_have_text(
        re.compile(rf"^\d+ of {everything} targets")
    )
    some = page.locator("#targets .plan-entry").count()
    assert 0 < some < everything
    assert page.locator(".plan-text mark.aside").count() > 0
    page.go_back()
    expect(page.locator("#targets .plan-entry")).to_have_count(everything)
    page = watched.open(f"/plan/jilin-2024?{DAY}&measure=qualitative")
    expect(page.locator("#targets .plan-entry")).to_have_count(some)
    page = watched.open(f"/plan/jilin-2024?{DAY}&status=missed")
    expect(page.locator(".empty")).to_contain_text("No target passes the filters")


def test_a_plan_is_taken_away(visit: Visit, tmp_path: Path) -> None:
    """The report opens as Markdown, the list as CSV with a row a target."""
    page = visit(locale="en").open(f"/plan/jilin-2024?{DAY}")
    with page.expect_download() as report:
        page.locator("#report").click()
    report.value.save_as(tmp_path / "plan.md")
    assert (tmp_path / "plan.md").read_text("utf-8").startswith("# Beautiful Jilin")
    with page.expect_download() as listed:
        page.locator("#export").click()
    listed.value.save_as(tmp_path / "plan.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text("utf-8-sig"))))
    assert len(rows) == page.locator("#targets .plan-entry").count()


def test_english_names_the_units(visit: Visit) -> None:
    """Declared units have their English names; the quotes stay as printed."""
    page = visit(locale="en").open(f"/plan/quanzhou-2022?{DAY}&status=missed")
    expect(page.locator(".plan-facts").first).to_contain_text("Ecology and Environment")
    expect(page.locator("#targets blockquote p").first).to_have_attribute("lang", "zh-CN")


def test_before_it_was_issued_a_plan_is_not_there(visit: Visit) -> None:
    """An earlier day says so; a plan that never was names those that are."""
    watched = visit(locale="en")
    page = watched.open("/plan/jilin-2024?as_of=2023-12-31")
    expect(page.locator("#main")).to_contain_text("had not been issued on 2023-12-31")
    watched.pardoned = ("404",)  # which the browser notes by itself
    page = watched.open(f"/plan/nothing?{DAY}")
    expect(page.locator(".near a")).to_have_count(5)


def test_the_years_of_a_chart_do_not_overlap_on_a_phone(visit: Visit) -> None:
    """Labels under the chart have room between them at phone width."""
    page = visit().open(f"/target/huimin-2022-pm25?{DAY}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        """() => {
             const labels = Array.from(document.querySelectorAll('#target-chart .xtick text'))
               .map(e => e.getBoundingClientRect()).filter(b => b.width > 0);
             return labels.length >= 3 && labels.every((b, n) => b.right <= 390 && (!n || labels[n - 1].right + 2 <= b.left));
           }"""
    )


def test_a_plan_prints_whole(visit: Visit) -> None:
    """On paper there are targets and text, and no filter."""
    page = visit(theme="dark").open(f"/plan/jilin-2024?{DAY}")
    page.emulate_media(media="print")
    expect(page.locator(".plan-filters")).to_be_hidden()
    expect(page.locator(".plan-text")).to_be_visible()
    assert page.locator(".plan-text").evaluate("e => e.scrollHeight <= e.clientHeight + 1")
