"""The track record's page: three records apart, a chart with its table, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DAY, Visit, fits
from tests.browser.test_pages import serious


@pytest.mark.parametrize(("lang", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_three_records_stand_apart(visit: Visit, lang: str, theme: str) -> None:
    """Live says that it is empty, the replays have a chart, a summary and a table, without a serious fault, also on a phone."""
    page = visit(theme=theme).open(f"/track-record?{DAY}&lang={lang}")
    expect(page.locator("#track-live")).to_contain_text("满一年" if lang == "zh-CN" else "a year of service")
    expect(page.locator("#track-constructed .js-plotly-plot")).to_have_count(1)
    expect(page.locator("#looked-back tbody tr").first).to_contain_text("%")
    for fold in page.locator("#track-constructed summary").all():
        fold.click()
    expect(page.locator("#track-constructed table").first.locator("tbody tr")).to_have_count(10)
    expect(page.locator("#track-replay")).to_contain_text("不足以下结论" if lang == "zh-CN" else "say little")
    assert "track_record." not in page.locator("body").inner_text()
    assert serious(page) == []
    fits(page, 390)


def test_a_decided_target_is_a_link(visit: Visit) -> None:
    """What was said of a target leads to its page."""
    page = visit().open(f"/track-record?{DAY}&lang=en")
    page.locator("#looked-back a").first.click()
    page.wait_for_selector("#evidence")
    assert "/target/" in page.url
