"""A messy file is brought, seen as it would be read, imported, and its wrong row mended in the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits
from tests.browser.test_pages import serious

LANGUAGES = ("zh-CN", "en")
WORDS: dict[str, dict[str, str]] = {
    "zh-CN": {
        "place": "鹰潭市",
        "not_yet": "尚未导入",
        "would": "新收 1 个数值，修订 0 个，未变 0 个，拒收 1 个",
        "wrong": "“二十四”是文字表述，不是数",
        "taken": "新收 1，修订 0，未变 0，拒收 1",
        "mend": "修正 1 行",
        "cell": "第 3 行，数值",
        "again": "重新提交 1 行",
        "still": "超出可能的范围",
        "mended": "1 行已修正并入库",
        "done": "全部处理完毕",
    },
    "en": {
        "place": "泉州市",
        "not_yet": "Not imported yet",
        "would": "bring 1 new value, revise 0, leave 0 unchanged and refuse 1",
        "wrong": "“二十四” is a statement in words",
        "taken": "1 new, 0 revised, 0 unchanged, 1 refused",
        "mend": "Mend 1 row",
        "cell": "Row 3, 数值",
        "again": "Send 1 row in again",
        "still": "outside what is possible",
        "mended": "1 row mended and taken",
        "done": "All done",
    },
}


def bring(page: Page, data: bytes, name: str) -> None:
    """Choose a file, as the button before the field would."""
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.set_input_files("#data-upload input[type=file]", [file])


def messy(place: str) -> bytes:
    """A table as an office sends it: GB18030, a title line, one value in words."""
    return (
        f"2019年环境空气质量,,,,,\n地区,指标,时间,数值,单位,来源\n{place},PM2.5,2019年,二十四,µg/m³,{place}统计公报\n"
        f"{place},PM10,2019年,41.5,µg/m³,{place}统计公报\n"
    ).encode("gb18030")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_messy_file_is_seen_imported_and_mended(visit: Visit, working_address: str, lang: str) -> None:
    """Nothing is imported before the button; the wrong row waits with its cells, is wrong again, then is taken."""
    words = WORDS[lang]
    watched = visit(locale=lang, at=working_address)
    page = watched.open(f"/data?lang={lang}")
    rows = page.locator("#imports tbody tr")
    expect(page.locator("#data-upload input[type=file]")).to_be_attached()
    before = rows.count()
    bring(page, messy(words["place"]), "../年报 2019.csv")
    page.wait_for_url("**/data/upload/*")
    expect(page.locator("#main")).to_contain_text(words["not_yet"])
    expect(page.locator("#main")).to_contain_text(words["would"])
    expect(page.locator("#issues")).to_contain_text(words["wrong"])
    expect(page.locator("#how")).to_contain_text("gb18030")
    expect(page.locator("#records tbody tr")).to_have_count(1)
    page.locator("#upload-take").click()
    page.wait_for_url("**/data/import/*")
    expect(page.locator("#said")).to_contain_text(words["taken"])
    page.get_by_role("link", name=words["mend"]).click()
    page.wait_for_url("**/data/quarantine/*")

    cell = page.get_by_label(re.compile(words["cell"])).first
    expect(cell).to_have_value("二十四")
    cell.fill("24000")
    page.get_by_role("button", name=words["again"]).click()
    expect(page.locator(".why")).to_contain_text(words["still"])
    cell.fill("24")
    cell.press("Enter")
    expect(page.locator("#said")).to_contain_text(words["mended"])
    expect(page.locator("#main")).to_contain_text(words["done"])
    page.reload()
    expect(page.locator("#closed li")).to_have_count(1)
    watched.open(f"/data?lang={lang}")
    expect(rows.nth(before)).to_be_attached()


def test_a_file_that_cannot_be_read_says_why(visit: Visit, working_address: str) -> None:
    """The reason stands in the preview, and there is nothing to import."""
    page = visit(locale="en", at=working_address).open("/data?lang=en")
    bring(page, b"PK\x03\x04 broken", "report.xlsx")
    page.wait_for_url("**/data/upload/*")
    expect(page.locator(".refusal")).to_contain_text("report.xlsx")
    expect(page.locator("#upload-take")).to_have_count(0)
    page.get_by_role("button", name="Discard").click()
    page.wait_for_url(re.compile(r"/data(\?|$)"))
    expect(page.locator("#said")).to_contain_text("nothing was imported")


def test_a_large_file_is_not_sent(visit: Visit, working_address: str) -> None:
    """The browser says so itself, with the way that such a file goes."""
    page = visit(locale="en", at=working_address).open("/data?lang=en")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/do/" in r.url else None)
    page.evaluate("document.getElementById('data-upload-rules').dataset.limit = '100'")
    bring(page, b"a" * 101, "large.csv")
    expect(page.locator("#said")).to_contain_text("inbox/")
    assert asked == []


def test_series_are_found_and_show_all_that_was_said(visit: Visit, working_address: str) -> None:
    """The words are in the address, survive a reload, and lead to a series and its file."""
    page = visit(locale="en", at=working_address).open("/data/series?lang=en")
    expect(page.locator("#series tbody tr").first).to_be_visible()
    everything = page.locator("#series tbody tr").count()
    page.locator("#series input[name=q]").fill("hohhot pm25")
    page.locator("#series input[name=q]").press("Enter")
    page.wait_for_url("**q=hohhot*")
    expect(page.locator("#series tbody tr")).not_to_have_count(everything)
    expect(page.locator("#series tbody th").first).to_have_text("Hohhot")
    page.reload()
    expect(page.locator("#series input[name=q]")).to_have_value("hohhot pm25")
    page.locator("#series tbody a").first.click()
    page.wait_for_url("**/data/series/*")
    expect(page.locator("#values tbody tr").first).to_contain_text("stands")
    page.locator("#values tbody tr").first.get_by_role("link").last.click()
    page.wait_for_url("**/data/import/*")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the file as it came").click()
    assert started.value.path().stat().st_size > 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_data_have_no_serious_fault(visit: Visit, working_address: str, theme: str) -> None:
    """Each page, those with marks in both themes; on a phone only tables scroll sideways; a page of nothing leads back."""
    watched = visit(theme=theme, at=working_address)
    page = watched.open("/data")
    bring(page, messy("呼和浩特市"), "审计.csv")
    page.wait_for_url("**/data/upload/*")
    watched.settle()
    assert serious(page) == []
    page.locator("#upload-take").click()
    page.wait_for_url("**/data/import/*")
    number = page.url.split("/data/import/")[1].split("?")[0]
    paths = ["/data", f"/data/import/{number}", f"/data/quarantine/{number}"]
    if theme == "light":
        paths += ["/data/quarantine", "/data/series", "/data/series/1", "/data/corrections"]
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        watched.open(path)
        assert serious(page) == [], path
        fits(page, 360)


def test_an_unknown_import_is_said(visit: Visit, working_address: str) -> None:
    """The page says so, the answer is a 404, and a link leads back."""
    watched = visit(locale="en", at=working_address)
    watched.pardoned = ("404",)
    answer = watched.page.goto(f"{working_address}/data/import/9999?lang=en")
    assert answer is not None
    assert answer.status == 404
    expect(watched.page.locator("#main h2")).to_have_text("There is no such import")
    watched.page.locator("#main a.button").click()
    watched.page.wait_for_selector("#data-upload")
