"""A job is run from the page, is followed, and can be paused by name."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, fits
from tests.browser.test_pages import serious


def test_a_job_is_run_and_its_log_read(visit: Visit, working_address: str) -> None:
    """The run appears by itself, ends, and keeps its counts and the end of its log."""
    page = visit(locale="en", at=working_address).open("/jobs?lang=en")
    expect(page.locator("#jobs li.job")).to_have_count(9)
    page.get_by_role("button", name="Run “Alerts” now").click()
    expect(page.locator("#said")).to_contain_text("has been started")
    row = page.locator("#runs tbody tr", has_text="Alerts").first
    expect(row).to_contain_text("done", timeout=40_000)
    expect(row).to_contain_text("by hand")
    row.get_by_role("link").click()
    page.wait_for_url("**/jobs/*")
    expect(page.locator("#log pre")).to_contain_text("run_done")
    expect(page.locator("#attempts tbody tr")).to_have_count(1)


def test_a_pause_is_seen_by_everyone(visit: Visit, working_address: str) -> None:
    """Another reader sees who paused it and why; it is resumed with a button."""
    page = visit(locale="zh-CN", at=working_address).open("/jobs")
    job = page.locator("li.job", has=page.locator("#run-backup"))
    job.locator("summary").click()
    job.get_by_label("姓名").fill("李华")
    job.get_by_label("原因").fill("磁盘检修")
    job.get_by_role("button", name="暂停").click()
    expect(page.locator("#said")).to_have_text("“备份”已暂停。")
    other = visit(locale="en", at=working_address).open("/jobs?lang=en")
    seen = other.locator("li.job", has=other.locator("#run-backup"))
    expect(seen).to_contain_text("Paused by 李华")
    expect(seen).to_contain_text("磁盘检修")
    seen.get_by_role("button", name="Resume").click()
    expect(other.locator("#said")).to_contain_text("is resumed")
    expect(seen).not_to_contain_text("Paused by")


def test_a_page_that_nobody_looks_at_asks_for_nothing(visit: Visit, working_address: str) -> None:
    """It follows while someone looks; it waits while a form is being filled in, and while it is hidden."""
    page = visit(locale="en", at=working_address).open("/jobs?lang=en")
    with page.expect_response("**/_dash-update-component*"):
        pass
    job = page.locator("li.job", has=page.locator("#run-check"))
    job.locator("summary").click()
    job.get_by_label("Your name").fill("Li Hua")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.wait_for_timeout(3500)
    expect(job.get_by_label("Your name")).to_have_value("Li Hua")
    # hidden before the form is closed: between the two a tick would rightly ask
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    job.locator("summary").click()
    page.wait_for_timeout(3500)
    assert asked == []


def test_runs_are_narrowed_by_the_address(visit: Visit, working_address: str) -> None:
    """One job's runs, shareable and back."""
    page = visit(locale="en", at=working_address).open("/jobs?lang=en&kind=backup")
    expect(page.locator("#runs")).to_contain_text("Nothing has run yet")
    page.locator("#runs").get_by_role("link", name="All", exact=True).click()
    page.wait_for_url(lambda url: "kind" not in url)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_jobs_have_no_serious_fault(visit: Visit, working_address: str, lang: str, theme: str) -> None:
    """Both languages and themes, and a phone."""
    watched = visit(locale=lang, theme=theme, at=working_address)
    page = watched.open("/jobs")
    assert page.evaluate("document.documentElement.lang") == lang
    assert serious(page) == []
    fits(page, 360)
