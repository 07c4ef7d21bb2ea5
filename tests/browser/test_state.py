"""The address holds the state: filters, day and files follow it, and any worker answers alike."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import DAY, Visit, free_port, start, stop, wait


def count(page: Page) -> int:
    """How many targets the overview says that it shows."""
    said = page.locator(".count > span").first.inner_text()
    found = re.search(r"(\d+) of \d+", said) or re.search(r"^(\d+) targets", said)
    assert found, said
    return int(found[1])


def chosen(page: Page) -> dict[str, list[str]]:
    """What the address says."""
    return parse_qs(urlsplit(page.url).query)


def test_a_filter_goes_into_the_address_and_back(visit: Visit) -> None:
    """Choosing filters changes counts and address; going back undoes them; the address alone brings them back."""
    watched = visit(locale="en")
    page = watched.open(f"/?{DAY}")
    everything = count(page)
    page.get_by_role("textbox", name="Plan").or_(page.get_by_role("combobox", name="Plan")).first.click()
    page.get_by_role("option", name="Jilin 2024").click()
    page.wait_for_url("**plan=jilin-2024**")
    expect(page.locator(".count")).to_contain_text(re.compile(rf"\d+ of {everything}"))
    some = count(page)
    assert 0 < some < everything
    assert chosen(page)["as_of"] == ["2026-11-21"]
    page.keyboard.press("Escape")
    page.locator(".card.is-no_data").click()
    page.wait_for_url("**status=no_data**")
    expect(page.locator(".card.is-no_data")).to_have_class(re.compile("chosen"))
    fewer = count(page)
    assert 0 < fewer < some
    expect(page.locator(".filter .mantine-MultiSelect-pill")).to_have_count(2)
    page.go_back()
    expect(page.locator(".filter .mantine-MultiSelect-pill")).to_have_count(1)
    expect(page.locator(".count")).to_contain_text(f"{some} of")
    other = visit(locale="en").open(f"/?{DAY}&plan=jilin-2024&status=no_data")
    assert count(other) == fewer
    expect(other.locator(".filter .mantine-MultiSelect-pill")).to_have_count(2)


def test_cards_count_what_the_filters_pass(visit: Visit) -> None:
    """The numbers on the cards add up to the number of targets shown."""
    page = visit(locale="en").open(f"/?{DAY}&plan=quanzhou-2022&measure=numeric")
    cards = [int(text) for text in page.locator(".card-count").all_inner_texts()]
    assert sum(cards) == count(page)


def test_filters_that_leave_nothing_can_be_cleared(visit: Visit) -> None:
    """An empty result says so and offers the way out, which keeps the day."""
    page = visit(locale="en").open(f"/?{DAY}&plan=jilin-2024&deadline=1999")
    expect(page.locator(".empty")).to_contain_text("No target passes the filters")
    page.locator(".empty a").click()
    page.wait_for_selector("#first")
    assert chosen(page) == {"as_of": ["2026-11-21"]}
    assert count(page) > 100


def test_an_earlier_day_shows_what_was_known_then(visit: Visit) -> None:
    """The day picker goes into the address, and the page says that it shows an earlier day."""
    watched = visit(locale="en")
    page = watched.open("/")
    page.locator("#as-of").fill("2023-12-31")
    page.keyboard.press("Enter")
    page.wait_for_url("**as_of=2023-12-31**")
    page.wait_for_selector(".notice")
    expect(page.locator(".notice")).to_contain_text("known on 2023-12-31")
    expect(page.locator("#main")).not_to_contain_text("jilin")
    page = watched.open("/target/jilin-2024-pm25?as_of=2023-12-31")
    expect(page.locator("#main")).to_contain_text("had not been declared on 2023-12-31")
    page = watched.open("/target/huimin-2022-pm25?as_of=2023-12-31")
    assert "2025 " not in page.locator("#values table").first.inner_text()
    page.locator(".notice a").click()
    page.wait_for_url(re.compile(r"huimin-2022-pm25$"))


def test_the_calendar_is_in_the_language_of_the_page(visit: Visit) -> None:
    """The calendar opens by keyboard with the page's words; a picked day goes into the address, and Tab goes on past it."""
    page = visit().open("/alerts?as_of=2026-03-15")
    page.locator("#as-of").focus()
    calendar = page.locator(".mantine-Popover-dropdown")
    expect(calendar).to_contain_text("2026年3月")
    expect(calendar.locator("th").first).to_have_text("一")
    calendar.get_by_role("button", name="上一月").click()
    calendar.get_by_role("button", name="2026年2月10日星期二").click()
    page.wait_for_url("**as_of=2026-02-10**")
    english = visit(locale="en").open("/alerts?as_of=2026-03-15")
    english.locator("#as-of").focus()
    calendar = english.locator(".mantine-Popover-dropdown")
    expect(calendar).to_contain_text("March 2026")
    expect(calendar.get_by_role("button", name="Sunday, March 15, 2026")).to_be_visible()
    english.keyboard.press("Tab")
    expect(english.locator("#language-switch")).to_be_focused()
    expect(calendar).to_have_count(0)


def test_a_day_that_is_none_is_said(visit: Visit) -> None:
    """A wrong day in the address shows today, and says so."""
    page = visit(locale="en").open("/?as_of=yesterday")
    expect(page.locator(".notice")).to_contain_text("no valid day")


def test_the_list_leads_to_its_targets(visit: Visit) -> None:
    """The full list shows the filtered targets with their marks; a row's link opens its target."""
    page = visit().open(f"/?{DAY}&plan=jilin-2024&measure=numeric")
    expect(page.locator("#targets-grid .ag-row .badge").nth(1)).to_be_visible()
    page.locator("#targets-grid .ag-row a").first.click()
    page.wait_for_url("**/target/jilin-2024-**")
    page.wait_for_selector("h1.verdict")


def test_freshness_stands_on_every_page(visit: Visit) -> None:
    """Data to, imported, assessed and next run are said in the header."""
    watched = visit(locale="en")
    for path in ("/", "/target/jilin-2024-pm25"):
        said = watched.open(path).locator(".freshness")
        expect(said).to_contain_text(re.compile(r"data to 20\d\d-\d\d"))
        for words in ("imported", "assessed", "scheduler not running"):
            expect(said).to_contain_text(words)


def test_the_list_is_taken_away_as_it_is_shown(visit: Visit, tmp_path: Path) -> None:
    """The exported file opens as CSV and has one row a shown target."""
    page = visit(locale="en").open(f"/?{DAY}&plan=jilin-2024&measure=numeric")
    with page.expect_download() as started:
        page.locator("#export").click()
    path = tmp_path / "list.csv"
    started.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == count(page)
    assert {row["status"] for row in rows} <= {"On track", "No data", "At risk", "Awaiting", "Off track"}


def test_the_values_are_taken_away(visit: Visit, tmp_path: Path) -> None:
    """A target's values come as a file with their sources."""
    page = visit(locale="en").open(f"/target/jilin-2024-pm25?{DAY}")
    with page.expect_download() as started:
        page.locator("#download-values").click()
    path = tmp_path / "values.csv"
    started.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert [row["value"] for row in rows if row["used"] == "yes"] == ["31", "26.5", "25", "26.5", "26.9"]


def test_a_taken_port_is_refused(address: str, tmp_path: Path) -> None:
    """A second dashboard on the same port says so and exits with 1; nothing is left running."""
    process = start(tmp_path, int(address.rsplit(":", 1)[1]))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "DABIAO_PORT" in said.decode()


def test_it_stops_when_asked(tmp_path: Path) -> None:
    """SIGTERM ends the server and its workers cleanly."""
    port = free_port()
    process = start(tmp_path, port)
    wait(f"http://127.0.0.1:{port}", process)
    assert stop(process) == 0
