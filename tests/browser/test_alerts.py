"""An alert is found, acknowledged with name, plan and day, put off, taken back, and the list is taken away."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits
from tests.browser.test_pages import serious


def untouched(page: Page, address: str) -> None:
    """Take back what another test has done: the alerts wait for someone again."""
    rows = page.request.get(f"{address}/export/alerts.json?state=open,acknowledged,snoozed").json()
    for row in rows:
        form = {"alert": str(row["id"]), "by": "test"}
        page.request.post(f"{address}/do/alerts/reopen", multipart=form)


def test_an_alert_is_dealt_with(visit: Visit, working_address: str) -> None:
    """What is done stands on the page at once, in the list, and in the history with the name."""
    watched = visit(locale="zh-CN", at=working_address)
    untouched(watched.page, working_address)
    page = watched.open("/alerts")
    expect(page.locator("h1")).to_contain_text("待处理")
    first = page.locator("#alerts tbody tr").first
    said = first.get_by_role("link").inner_text()
    first.get_by_role("link").click()
    page.wait_for_url("**/alerts/*")
    expect(page.locator("h1")).to_have_text(said)
    form = page.locator("form[id^=acknowledge]")
    form.get_by_role("button").click()
    expect(page.locator("#said")).to_be_empty()  # the browser asks for the name first
    form.get_by_label("姓名").fill("王芳")
    form.get_by_label("拟采取的措施").fill("约谈当地政府")
    due = (date.today() + timedelta(days=40)).isoformat()  # noqa: DTZ011  # as the reader types it
    form.get_by_label("何时办结").fill(due)
    form.get_by_label("何时办结").press("Enter")
    expect(page.locator("#said")).to_contain_text("已由王芳确认")
    expect(page.locator("#facts")).to_contain_text("约谈当地政府")
    expect(page.locator("#history tbody tr").first).to_contain_text("王芳")

    page.get_by_text("暂缓……", exact=True).click()
    page.get_by_label("姓名").nth(1).fill("王芳")
    page.get_by_label("暂缓到").fill(due)
    page.get_by_role("button", name="暂缓", exact=True).click()
    expect(page.locator("#said")).to_contain_text(f"暂缓至 {due}")
    number = page.url.split("/alerts/")[1].split("?")[0]
    page.goto(f"{working_address}/alerts?state=snoozed")
    expect(page.locator("#alerts tbody tr")).to_have_count(1)
    page.goto(f"{working_address}/alerts/{number}")
    page.get_by_text("撤回确认或暂缓……").click()
    page.get_by_label("姓名").nth(2).fill("李华")
    page.get_by_role("button", name="重新待办").click()
    expect(page.locator("#said")).to_contain_text("已重新待办")
    expect(page.locator(".verdict-line")).to_contain_text("待处理")


def test_the_target_page_takes_an_acknowledgement(visit: Visit, working_address: str) -> None:
    """The alert on a target's own page is acknowledged in place."""
    watched = visit(locale="en", at=working_address)
    untouched(watched.page, working_address)
    page = watched.open("/alerts?lang=en")
    page.locator("#alerts tbody a").last.click()
    page.wait_for_url("**/alerts/*")
    page.locator("#facts a").click()
    page.wait_for_url("**/target/*")
    panel = page.locator("#target-alerts")
    panel.locator("summary").first.click()
    panel.get_by_label("Your name").first.fill("Li Hua")
    panel.get_by_role("button", name="Acknowledge").first.click()
    expect(page.locator("#said")).to_contain_text("acknowledged by Li Hua")
    expect(panel).to_contain_text("Acknowledged by Li Hua")


def test_filters_are_in_the_address_and_files_follow_them(visit: Visit, working_address: str) -> None:
    """A filter that nothing passes says so; the JSON holds what the page shows."""
    page = visit(locale="en", at=working_address).open("/alerts?lang=en")
    count = page.locator("#alerts tbody tr").count()
    with page.expect_download() as started:
        page.locator("#alerts-json").click()
    assert len(json.loads(started.value.path().read_text("utf-8"))) == count > 0
    for kind, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        with page.expect_download() as started:
            page.locator(f"#alerts-{kind}").click()
        assert started.value.path().read_bytes().startswith(start)
    page.goto(f"{working_address}/alerts?lang=en&state=withdrawn")
    expect(page.locator("#alerts .empty")).to_contain_text("No alert fits")
    page.get_by_role("link", name="target").click()
    page.wait_for_url("**kind=target**")
    assert "state=withdrawn" in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_alerts_have_no_serious_fault(visit: Visit, working_address: str, lang: str, theme: str) -> None:
    """The inbox and one alert in both languages and themes, and on a phone."""
    watched = visit(locale=lang, theme=theme, at=working_address)
    page = watched.open("/alerts")
    assert page.evaluate("document.documentElement.lang") == lang
    for path in ("/alerts", "/alerts/1"):
        page.set_viewport_size({"width": 1440, "height": 900})
        watched.open(path)
        assert serious(page) == [], path
        fits(page, 360)


def test_the_keyboard_suffices_to_acknowledge(visit: Visit, working_address: str) -> None:
    """From the list to the form and through it with Tab and Enter alone."""
    watched = visit(locale="en", at=working_address)
    untouched(watched.page, working_address)
    page = watched.open("/alerts?lang=en")
    page.locator("#alerts tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/*")
    page.locator("#facts a").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "by":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("Wang Fang")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("acknowledged by Wang Fang")
