"""About: what is said there is what the program does."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dabiao import __version__
from dabiao.assess.rules import RULES
from dabiao.standards.rules import RULES as CLAUSES
from dabiao.store import SCHEMA_VERSION
from tests.browser.conftest import DAY, Visit, fits


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_about_names_what_is_in_use(visit: Visit, lang: str) -> None:
    """Thresholds, every rule beside a status, versions and sources, in one language and without a fault."""
    page = visit(theme="dark").open(f"/about?{DAY}&lang={lang}")
    expect(page.locator("#verdicts")).to_contain_text("66%")
    expect(page.locator("#rules tbody tr")).to_have_count(len(RULES))
    expect(page.locator("#versions")).to_contain_text(__version__)
    expect(page.locator("#versions")).to_contain_text(str(SCHEMA_VERSION))
    page.locator("#clauses summary").click()
    expect(page.locator("#clauses tbody tr")).to_have_count(len(CLAUSES))
    expect(page.locator("#sources tbody tr").nth(20)).to_be_attached()
    assert Axe().run(page).response["violations"] == []
    fits(page, 360)


def test_the_standard_in_force_follows_the_day(visit: Visit) -> None:
    """Before March 2026 the texts of 2012 are marked, from then on those of 2026."""
    watched = visit(locale="en")
    before = watched.open("/about?as_of=2026-02-28")
    expect(before.locator("#limits tr.used")).to_contain_text("GB 3095-2012")
    expect(before.locator("#indices tr.used")).to_contain_text("HJ 633-2012")
    after = watched.open("/about?as_of=2026-03-01")
    expect(after.locator("#limits tr.used")).to_contain_text("transitional")
    expect(after.locator("#indices tr.used")).to_contain_text("HJ 633-2026")
