"""A plan is brought, read, decided on one by one and taken away; the register stays as it was."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dabiao.plans.load import load
from tests.browser.conftest import ROOT, Visit, fits
from tests.browser.test_pages import serious

LANGUAGES = ("zh-CN", "en")
TEXT = """泉州市2026年大气污染防治工作方案

一、主要目标
到2027年,全市细颗粒物(PM2.5)浓度控制在每立方米18微克以下,空气质量优良天数比率达到98.20%以上。
到2027年,化肥、农药利用率均达43%。

二、重点任务
(一)加强监测。2027年6月底前,全面完成乡镇空气自动监测站建设。(牵头单位:市生态环境局;责任单位:市发改委、市住建局)
"""
WORDS: dict[str, dict[str, str]] = {
    "zh-CN": {
        "value": "数值",
        "first": "第 1 条",
        "second": "第 2 条",
        "third": "第 3 条",
        "done": "第 1 条已接受",
        "mended": "已按修改接受",
        "dropped": "不采纳",
    },
    "en": {
        "value": "Value",
        "first": "Proposal 1",
        "second": "Proposal 2",
        "third": "Proposal 3",
        "done": "Proposal 1 accepted",
        "mended": "accepted as mended",
        "dropped": "dropped",
    },
}


def bring(page: Page, data: bytes, name: str = "air.txt") -> None:
    """Upload a plan, as the button before the field would."""
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.set_input_files("#review-upload input[type=file]", [file])


def opened(page: Page) -> None:
    """Wait until a review is on the page."""
    page.wait_for_url("**/review/*")
    page.wait_for_selector("#proposal-heading")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_accept_mend_drop_and_take_away(visit: Visit, tmp_path: Path, lang: str) -> None:
    """A real upload; one accepted, one mended, one dropped; a reload keeps all; the plan file loads with what was decided."""
    words = WORDS[lang]
    page = visit(locale=lang).open(f"/review?lang={lang}")
    bring(page, TEXT.encode())
    opened(page)
    message, heading = page.locator("#review-message"), page.locator("#proposal-heading")
    expect(heading).to_contain_text(words["first"])
    expect(page.locator(".plan-text mark.current")).to_contain_text("每立方米18微克以下")
    assert page.locator(".plan-text sup a").count() == page.locator(".proposal").count()

    page.locator("#review-accept").click()
    expect(message).to_contain_text(words["done"])
    page.wait_for_url("**at=2**")
    expect(heading).to_contain_text(words["second"])
    expect(heading).to_be_focused()
    box = page.get_by_label(words["value"], exact=True)
    expect(box).to_have_value("98.20")
    box.fill("98.2")
    page.locator("#review-mend").click()
    expect(message).to_contain_text(words["mended"])
    page.wait_for_url("**at=3**")
    expect(heading).to_contain_text(words["third"])
    page.locator("#review-drop").click()
    expect(message).to_contain_text(words["dropped"])
    page.wait_for_url("**at=4**")

    page.reload()
    page.wait_for_selector("#proposal-heading")
    expect(page.locator(".decision-accepted").first).to_be_attached()
    expect(page.locator(".proposals .decision-mended")).to_have_count(1)
    expect(page.locator(".proposals .decision-dropped")).to_have_count(1)

    data = tmp_path / "data"
    (data / "plans" / "texts").mkdir(parents=True)
    for name in ("regions.csv", "indicators.yaml", "units.csv"):
        shutil.copyfile(ROOT / "data" / name, data / name)
    for button, path in (("#review-yaml", "quanzhou-2026.yaml"), ("#review-text", "texts/quanzhou-2026.txt")):
        with page.expect_download() as started:
            page.locator(button).click()
        started.value.save_as(data / "plans" / path)
    declared = load(data)
    assert declared.errors == ()
    (plan,) = declared.plans
    assert plan.plan.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert {t.indicator: str(t.value) for t in plan.targets} == {"pm25": "18", "good_day_ratio": "98.2"}


def test_the_plan_file_is_written_on_this_machine(visit: Visit, tmp_path: Path) -> None:
    """The button writes below the home folder, says where, and the page says what to do next."""
    page = visit(locale="en").open("/review?lang=en")
    bring(page, TEXT.encode())
    opened(page)
    expect(page.locator("#review-write")).to_be_hidden()
    page.locator("#review-accept").click()
    expect(page.locator("#review-write")).to_be_visible()
    page.get_by_label("English title").fill("Quanzhou air plan 2026")
    page.locator("#review-head-save").click()
    expect(page.locator("#review-message")).to_have_text("Saved.")
    page.locator("#review-write").click()
    expect(page.locator("#review-message")).to_contain_text("plans-review/quanzhou-2026.yaml")
    written = Path(page.locator("#review-message").inner_text().removeprefix("Written to ").removesuffix("."))
    assert "Quanzhou air plan 2026" in written.read_text("utf-8")
    for command in ("dabiao plans check", "dabiao init"):
        expect(page.locator("#finish")).to_contain_text(command)


def test_two_tabs_decide_side_by_side(visit: Visit) -> None:
    """Another tab's decision stands when this one decides on something else."""
    one = visit(locale="en").open("/review?lang=en")
    bring(one, TEXT.encode())
    opened(one)
    address = one.url.split("/review/")[1].split("?")[0]
    other = visit(locale="en").open(f"/review/{address}?lang=en&at=3")
    one.locator("#review-accept").click()
    expect(one.locator("#review-message")).to_contain_text("Proposal 1 accepted")
    other.locator("#review-drop").click()
    expect(other.locator("#review-message")).to_contain_text("Proposal 3 dropped")
    expect(other.locator(".proposals .decision-accepted")).to_have_count(1)
    expect(other.locator(".proposals .decision-dropped")).to_have_count(1)


def test_the_keyboard_suffices_to_review(visit: Visit) -> None:
    """After a decision the focus is on the next proposal, and Tab reaches the decisions."""
    page = visit(locale="en").open("/review?lang=en")
    bring(page, TEXT.encode())
    opened(page)
    page.locator("#review-accept").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#proposal-heading")).to_be_focused()
    expect(page.locator("#proposal-heading")).to_contain_text("Proposal 2")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "review-accept":
            break
    expect(page.locator("#review-accept")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#review-mend")).to_be_focused()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ("今天天气很好。".encode(), "a.txt", "No target was found"),
        (b"\x81\xff\xfe\x00\x81", "a.txt", "neither UTF-8 nor GB18030"),
        (b"%PDF-1.4 broken", "a.pdf", "not an intact PDF"),
        (b"\xd0\xcf\x11\xe0old", "a.doc", "save an old .doc as .docx"),
        (b"a" * (10 * 2**20 + 1), "a.txt", "larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_says_why(visit: Visit, data: bytes, name: str, said: str) -> None:
    """Each refusal is a sentence with a mend, on the page where it happened."""
    page = visit(locale="en").open("/review?lang=en")
    bring(page, data, name)
    expect(page.locator(".refusal:visible")).to_contain_text(said)
    assert page.url.split("?")[0].endswith("/review")


def test_pasted_words_are_read_with_what_they_lack(visit: Visit) -> None:
    """Place and years can be given where the text names none."""
    page = visit(locale="en").open("/review?lang=en")
    page.locator("#review-paste").fill("大气方案\n一、目标\n细颗粒物浓度控制在每立方米30微克以下。")
    page.locator("#bring summary").click()
    page.locator("#review-region").fill("泉州市")
    page.locator("#review-period").fill("2026-2030")
    page.locator("#review-read").click()
    opened(page)
    expect(page.locator(".verdict-also")).to_contain_text("2026–2030")
    expect(page.get_by_label("Plan id")).to_have_value("quanzhou-2026")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_review_has_no_serious_fault(visit: Visit, theme: str) -> None:
    """Both pages of a review in both themes, and on a phone they scroll one way only."""
    page = visit(theme=theme).open("/review")
    assert serious(page) == []
    bring(page, TEXT.encode())
    opened(page)
    page.locator("#review-accept").click()
    page.wait_for_url("**at=2**")
    page.wait_for_load_state("networkidle")
    assert serious(page) == []
    fits(page, 390)


def test_an_unknown_review_is_said(visit: Visit) -> None:
    """A wrong address leads back to where reviews begin."""
    watched = visit(locale="en")
    watched.pardoned = ("404",)
    page = watched.open("/review/nothing?lang=en")
    expect(page.locator("#main h2")).to_have_text("There is no such review")
    page.locator("#main a").click()
    page.wait_for_selector("#review-upload")
