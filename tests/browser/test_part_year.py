"""The year in progress on a target's page, and the scenario beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, fits
from tests.browser.test_pages import serious

DAY = "as_of=2026-07-15"
PATH = f"/target/huimin-2022-pm25?{DAY}"
"""Hohhot's PM2.5 has months to May 2026 on that day."""


@pytest.mark.parametrize(("lang", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_year_in_progress_has_table_and_chart(visit: Visit, lang: str, theme: str) -> None:
    """Figure to date, required value and chart, in both languages and themes, without a serious fault, also on a phone."""
    page = visit(theme=theme).open(f"{PATH}&lang={lang}")
    expect(page.locator("#part-year")).to_contain_text("30.05 µg/m³")
    expect(page.locator("#part-year")).to_contain_text("37.6 µg/m³")
    expect(page.locator("#part-year-chart .js-plotly-plot")).to_have_count(1)
    page.locator("#part-year summary").click()
    expect(page.locator("#part-year table").nth(1).locator("tbody tr")).to_have_count(12)
    assert serious(page) == []
    fits(page, 390)


def test_a_scenario_by_keyboard_alone(visit: Visit) -> None:
    """Each month has a labelled box; what comes of it is announced, marked as a scenario, and gone after a reload."""
    page = visit(locale="en").open(f"{PATH}&lang=en")
    page.get_by_label("June 2026").focus()
    page.keyboard.type("60")
    page.keyboard.press("Tab")
    page.keyboard.type("70")
    page.locator("#scenario-run").focus()
    page.keyboard.press("Enter")
    result = page.locator("#scenario-result")
    expect(result).to_have_attribute("role", "status")
    expect(result).to_contain_text(
        "Scenario (supposed, not observed, never stored): June 2026 60.0, July 2026 70.0"
    )
    expect(result).to_contain_text("attainment in this scenario")
    assert serious(page) == []
    page.reload()
    page.wait_for_selector("#scenario-result")
    expect(page.locator("#scenario-result")).not_to_contain_text("60.0")


def test_the_rest_as_last_year(visit: Visit) -> None:
    """Better than last year by a percentage fills every month that is left empty."""
    page = visit().open(f"{PATH}&lang=zh-CN")
    page.locator("#scenario-better").fill("5")
    page.locator("#scenario-run").click()
    expect(page.locator("#scenario-result")).to_contain_text("如此，2026 年为 23.63 µg/m³")


def test_without_months_the_page_says_why(visit: Visit) -> None:
    """A target whose indicator has annual values alone has no scenario and says why there is no panel."""
    page = visit().open("/target/jilin-2024-nev-share?as_of=2026-11-21")
    expect(page.locator("#part-year")).to_contain_text("年度")
    expect(page.locator("#scenario")).to_have_count(0)
