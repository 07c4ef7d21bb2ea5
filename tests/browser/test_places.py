"""Regions, units and indicators: each page in both languages, its filters in the address, and what it sends away."""

from __future__ import annotations

import csv
import io
import re
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DAY, Visit


@pytest.mark.parametrize("kind", ["region", "unit", "indicator"])
def test_an_unknown_id_is_a_404_with_the_way_back(visit: Visit, address: str, kind: str) -> None:
    """The answer is a 404, and the page names what is like it and leads to the list."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/{kind}/no-such")
    assert refused.value.code == 404
    watched = visit(locale="en")
    watched.pardoned = ("404",)
    page = watched.open(f"/{kind}/no-such")
    expect(page.locator("#main h2")).to_have_text(f"There is no such {kind}")
    page.locator("#main a.button").click()
    page.wait_for_url(f"**/{kind}s")


def test_a_region_filters_by_its_cards_and_keeps_it_in_the_address(visit: Visit) -> None:
    """A card narrows the page to its status, the address says so, and going back undoes it."""
    page = visit(locale="en").open(f"/region/350500?{DAY}")
    everything = page.locator(".count > span").first.inner_text()
    page.locator(".card.is-awaiting").click()
    page.wait_for_url("**status=awaiting**")
    expect(page.locator(".card.is-awaiting")).to_have_class(re.compile("chosen"))
    awaiting = int(page.locator(".card.is-awaiting .card-count").inner_text())
    expect(page.locator(".count")).to_contain_text(f"{awaiting} of")
    page.go_back()
    expect(page.locator(".count > span").first).to_have_text(everything)


def test_a_region_leads_to_its_parent_and_the_places_within(visit: Visit) -> None:
    """Crumbs name the province; the places within lead on, and a group leads to its members."""
    page = visit(locale="en").open(f"/region/350500?{DAY}")
    expect(page.locator(".crumbs")).to_contain_text("Fujian Province")
    page.locator("#within a", has_text="Central urban area").click()
    page.wait_for_url("**/region/quanzhou-central**")
    expect(page.locator(".facts")).to_contain_text("Licheng District")
    assert DAY in page.url


def test_a_group_names_its_members_and_what_each_lacks(visit: Visit) -> None:
    """A target that each member must meet lists them all."""
    page = visit(locale="en").open(f"/region/yingtan-guixi-yujiang-longhushan?{DAY}")
    expect(page.locator("#members tbody tr")).to_have_count(6)
    expect(page.locator("#members")).to_contain_text("Guixi")
    target = visit(locale="en").open(f"/target/yingtan-2021-pm25-guixi-yujiang-longhushan?{DAY}")
    expect(target.locator("#members tbody tr")).to_have_count(3)


def test_a_unit_lists_the_worst_first_and_sends_its_sheet(visit: Visit, tmp_path: Path) -> None:
    """The first row is missed; list, workbook and letter come as files that open."""
    page = visit(locale="en").open(f"/unit/quanzhou-ecology-environment?{DAY}")
    expect(page.locator("#duties tbody tr").first).to_contain_text("Missed")
    count = page.locator("#duties tbody tr").count()
    files = {}
    for name in ("export", "xlsx", "docx"):
        with page.expect_download() as started:
            page.locator(f"#{name}").click()
        files[name] = tmp_path / name
        started.value.save_as(files[name])
    rows = list(csv.DictReader(io.StringIO(files["export"].read_bytes().decode("utf-8-sig"))))
    assert len(rows) == count
    assert rows[0]["status"] == "Missed"
    for name, part in (("xlsx", "xl/workbook.xml"), ("docx", "word/document.xml")):
        assert part in zipfile.ZipFile(files[name]).namelist()


def test_an_indicator_sets_its_regions_side_by_side(visit: Visit) -> None:
    """A chart that compares, a small chart a region on shared axes, a table, the definition and the limits in force."""
    page = visit(locale="en").open(f"/indicator/pm25?{DAY}")
    expect(page.locator("#compare .chart")).to_have_attribute("aria-label", re.compile("The best is"))
    charts = page.locator("#multiples article").count()
    assert charts >= 6
    assert page.locator("#table tbody tr").count() >= charts
    page.locator("#multiples summary").click()
    expect(page.locator("#multiples tbody tr")).to_have_count(charts)
    expect(page.locator("#definition")).to_contain_text("lower is better")
    expect(page.locator("#standards tr.used")).to_contain_text("30 µg/m³")
    earlier = visit(locale="en").open("/indicator/pm25?as_of=2025-06-01")
    expect(earlier.locator("#standards tr.used")).to_contain_text("35 µg/m³")


def test_an_indicator_without_values_says_so(visit: Visit) -> None:
    """Where nothing was observed there is a sentence and no empty chart."""
    page = visit(locale="en").open(f"/indicator/gdp_co2_intensity?{DAY}")
    expect(page.locator("#compare")).to_contain_text("nothing to draw")
    expect(page.locator("#compare .chart")).to_have_count(0)


def test_a_list_is_searched_by_name(visit: Visit) -> None:
    """Words narrow a list to the names that hold them, the address keeps them, and nothing found is said."""
    page = visit(locale="en").open(f"/indicators?{DAY}")
    everything = page.locator("#desk tbody tr").count()
    page.get_by_role("searchbox").fill("pm2.5")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=pm2.5**")
    expect(page.locator("#desk tbody tr")).not_to_have_count(everything)
    for row in page.locator("#desk tbody tr").all():
        expect(row).to_contain_text("PM2.5")
    expect(visit(locale="en").open(f"/units?{DAY}&q=zzz").locator("#desk")).to_contain_text("zzz")


def test_the_menu_says_where_the_reader_is(visit: Visit) -> None:
    """The entry of the list that a page belongs to is marked as the current one."""
    page = visit(locale="en").open(f"/indicator/pm25?{DAY}")
    expect(page.locator(".menu a[aria-current]")).to_have_text("Indicators")


def test_a_target_leads_to_its_region_indicator_and_units(visit: Visit) -> None:
    """From a target one press leads to each place where it also counts."""
    page = visit(locale="en").open(f"/target/quanzhou-2022-pm25?{DAY}")
    expect(page.locator(".tags a[href^='/region/350500']")).to_be_visible()
    expect(page.locator(".tags a[href^='/indicator/pm25']")).to_be_visible()
    expect(page.locator("#source a[href^='/unit/']").first).to_be_visible()
    expect(page.locator("#cautions li").first).to_be_visible()
