"""Notices: what they say, for whom, and that the same question gives the same bytes in any process."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from dabiao import i18n
from dabiao.domain.assessment import Status
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.services.pages import views
from dabiao.services.publish.notice_asked import Asked, NoticePeriod
from dabiao.services.publish.notice_files import notice_bytes, stem, write_notice
from dabiao.services.publish.notice_words import chinese_number, title
from dabiao.services.publish.notices import Notice, notice_of

DAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pictures, unless a test asks for them."""
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")


def paragraphs(data: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(data)).paragraphs]


def books(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        s.title: [tuple(row) for row in s.iter_rows(min_row=4, values_only=True)] for s in book.worksheets
    }


def made(app: App, asked: Asked, now: datetime) -> tuple[Notice, dict[str, bytes]]:
    notice = notice_of(app, asked, now)
    return notice, notice_bytes(app, notice)[0]


def test_the_letter_counts_what_the_status_list_has(walked_app: App, now: datetime) -> None:
    """The counts of the first section are those of the statuses on that day, and each missed target has a paragraph."""
    notice, files = made(walked_app, Asked(DAY, "zh-CN"), now)
    counts = Counter(v.assessment.status for v in views.verdicts(walked_app, DAY, now))
    assert notice.counts == counts
    text = paragraphs(files["docx"])
    assert text[3] == ""
    assert "关于生态环境目标进展情况的通报（稿）" in text
    overall = next(p for p in text if p.startswith("共涉及"))
    for status, count in counts.items():
        assert f"{i18n.text(f'status.{status}', 'zh-CN')} {count} 项" in overall
    for e in notice.alarming:
        assert any(e.line.words()["sentence"] in p and e.v.declared.target.quote in p for p in text)
    assert notice.alarming


def test_it_is_a_draft_and_says_so(walked_app: App, now: datetime) -> None:
    """Nothing in it claims to be issued: the issuer, number, addressees, signature and date are marked blanks."""
    _, files = made(walked_app, Asked(DAY, "zh-CN"), now)
    document = Document(io.BytesIO(files["docx"]))
    assert "未经审核签发" in document.paragraphs[0].text
    blanks = [
        r.text for p in document.paragraphs for r in p.runs if r.style and r.style.name == "NoticePlaceholder"
    ]
    assert blanks[:3] == ["【发文机关名称】", "【发文机关代字】〔2026〕【  】号", "【主送单位】："]
    assert blanks[-2:] == ["【发文机关署名】", "【成文日期】"]


def test_english_has_no_chinese_but_what_is_quoted(walked_app: App, now: datetime) -> None:
    """The English letter is English: only quotes and clauses of plans are in Chinese."""
    notice, files = made(walked_app, Asked(DAY, "en"), now)
    text = "\n".join(paragraphs(files["docx"]))
    for e in notice.entries:
        text = text.replace(e.v.declared.target.quote, "").replace(e.v.declared.target.clause, "")
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []


@pytest.mark.parametrize("lang", i18n.LANGS)
def test_the_workbook_has_its_five_sheets(walked_app: App, now: datetime, lang: str) -> None:
    """Summary, what is off track, all targets, sources, legend; the list of all has a row a target, numbers as numbers."""
    notice, files = made(walked_app, Asked(DAY, lang), now)
    sheets = books(files["xlsx"])
    assert list(sheets) == [
        i18n.text(f"notice.sheet.{name}", lang)
        for name in ("summary", "alarming", "all", "sources", "legend")
    ]
    summary, alarming, everything, sources, legend = sheets.values()
    assert summary[1][1] == len(notice.entries) == len(everything) - 1
    assert [row[0] for row in alarming[1 : len(notice.alarming) + 1]] == [e.number for e in notice.alarming]
    value = everything[0].index(i18n.text("export.column.value", lang))
    assert [row[value] for row in everything[1:]] == [
        None if e.v.declared.target.value is None else float(e.v.declared.target.value)
        for e in notice.entries
    ]
    assert len(sources) - 1 == len(notice.sources) > 10
    assert notice.checksum in str(legend)


def test_a_unit_gets_what_it_leads_or_shares(walked_app: App, now: datetime) -> None:
    """A unit's own notice has every target it leads or shares and no other, the worst first, with its role."""
    unit = "quanzhou-ecology" if "quanzhou-ecology" in walked_app.catalogue.units else None
    everything = views.verdicts(walked_app, DAY, now)
    unit = unit or next(u.id for v in everything for u in v.declared.units)
    notice, files = made(walked_app, Asked(DAY, "zh-CN", {"unit": [unit]}), now)
    wanted = {v.declared.target.id for v in everything if unit in {u.id for u in v.declared.units}}
    assert {e.v.declared.target.id for e in notice.entries} == wanted
    order = [list(Status).index(e.status) for e in notice.entries]
    assert order == sorted(order)
    name = walked_app.catalogue.units[unit].zh
    assert f"{name}：" in paragraphs(files["docx"])
    own = next(
        t for t in Document(io.BytesIO(files["docx"])).tables if t.rows[0].cells[-1].text == "本单位职责"
    )
    assert [row.cells[0].text for row in own.rows][1:] == [str(n) for n in range(1, len(wanted) + 1)]
    assert {row.cells[7].text for row in own.rows[1:]} <= {"牵头", "参与", "牵头、参与"}
    rows = books(files["xlsx"])["全部目标"]
    role = rows[0].index("本单位职责")
    assert {row[role] for row in rows[1:]} <= {"牵头", "参与", "牵头、参与"}


def test_the_required_value_stands_in_both(walked_app: App, now: datetime, tmp_path: Path) -> None:
    """A target whose year is in progress shows what the rest of the year must average: a number with its side, and a sentence."""
    rows = [
        f"220000,pm25,{y},{v},µg/m3,official,final,公报,{y + 1}-06-05"
        for y, v in zip(range(2016, 2026), range(30, 40), strict=True)
    ]
    months = (60, 50, 45, 35, 30, 28, 25, 27, 30, 42)
    rows += [
        f"220000,pm25,{y}-{m:02},{v - (11 if y == 2026 else 0)},µg/m3,official,final,月报,{y}-{m + 1:02}-18"
        for y in (2023, 2024, 2025, 2026)
        for m, v in enumerate(months, 1)
    ]
    path = tmp_path / "months.csv"
    path.write_text(
        "\n".join(["region,indicator,period,value,unit,tier,state,source,published", *rows]), "utf-8"
    )
    import_file(walked_app, path, now=now)
    notice, files = made(walked_app, Asked(DAY, "zh-CN", {"plan": ["jilin-2024"]}), now)
    e = next(e for e in notice.entries if e.v.declared.target.id == "jilin-2024-pm25")
    assert (e.status, e.required_side) == (Status.OFF_TRACK, "at_most")
    assert e.required is not None
    assert f"后期控制值：{e.says['to_date']}{e.says['required']}" in "\n".join(paragraphs(files["docx"]))
    table = books(files["xlsx"])["未达标和偏离目标"]
    row = dict(zip(table[0], table[1], strict=True))
    assert (row["控制方向"], row["后期控制值"]) == ("不高于", float(e.required))
    assert row["距目标差距"] == float(e.gap or 0) == 12


def test_the_checksum_can_be_counted_again(walked_app: App, now: datetime) -> None:
    """The checksum in all three forms is the SHA-256 of the JSON's content in canonical form."""
    notice, files = made(walked_app, Asked(DAY, "en"), now)
    given = json.loads(files["json"])
    canonical = json.dumps(given["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == given["checksum"] == notice.checksum
    assert any(notice.checksum in p for p in paragraphs(files["docx"]))
    versions = given["content"]["versions"]
    assert set(versions) == {"program", "models", "rules", "deciding_rules", "thresholds", "data_vintage"}
    assert (given["content"]["as_of"], given["content"]["filters"]) == ("2026-11-21", {})


def test_the_same_question_gives_the_same_bytes_in_two_processes(walked_home: Path, tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same files; standard output names them and nothing else."""
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "dabiao.cli",
                "notice",
                "--as-of",
                "2026-11-21",
                "--period",
                "2026-10",
                "--out",
                str(out),
            ],
            env={**os.environ, "DABIAO_HOME": str(walked_home), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        names = [Path(line).name for line in done.stdout.splitlines()]
        assert names == [f"notice-2026-11-21-2026-10-zh-CN.{ending}" for ending in ("docx", "xlsx", "json")]
        written.append({name: (out / name).read_bytes() for name in names})
    assert written[0] == written[1]


@pytest.mark.browser
def test_each_target_off_track_has_its_chart(
    walked_app: App, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is a Chromium each alarming target with a series has a picture, the same bytes each time."""
    monkeypatch.delenv("CHROMIUM")
    notice, files = made(walked_app, Asked(DAY, "zh-CN"), now)
    document = Document(io.BytesIO(files["docx"]))
    assert len(document.inline_shapes) == len(notice.alarming)
    assert notice_bytes(walked_app, notice)[0] == files


def test_a_period_says_what_has_changed(walked_app: App, now: datetime) -> None:
    """With a period, what came to be missed or off track since the day before it began is counted and named."""
    period = NoticePeriod.parse("2026")
    notice, files = made(walked_app, Asked(DAY, "zh-CN", {}, period), now)
    eve = {
        v.declared.target.id: v.assessment.status for v in views.verdicts(walked_app, date(2025, 12, 31), now)
    }
    assert notice.before == eve
    fresh = {e.v.declared.target.id for e in notice.worsened()}
    assert fresh == {
        e.v.declared.target.id
        for e in notice.alarming
        if eve.get(e.v.declared.target.id, e.status) not in (Status.MISSED, Status.OFF_TRACK)
    }
    assert any(
        p.startswith(f"与 2025 年 12 月 31 日 相比，新增未达标或偏离目标 {len(fresh)} 项")
        for p in paragraphs(files["docx"])
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "zh", "en"),
    [
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), "2026 年第 1 周", "week 1 of 2026"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "2026 年第 53 周", "week 53 of 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024 年 2 月", "February 2024"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "2026 年第 3 季度", "Q3 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026 年", "2026"),
    ],
)
def test_periods(text: str, start: date, end: date, zh: str, en: str) -> None:
    """A week (ISO 8601), month, quarter or year, with both its days and its words."""
    period = NoticePeriod.parse(text)
    assert (period.start, period.end, period.words("zh-CN"), period.words("en")) == (start, end, zh, en)


@pytest.mark.parametrize(
    "text", ["2025-W53", "2026-W00", "2026-13", "2026-Q5", "last", "2026-10-01", "2026-01/2026-10", ""]
)
def test_what_is_no_period(text: str) -> None:
    """A week the year does not have, a day, or no period at all is refused with how to write one."""
    with pytest.raises(DabiaoError, match="Not a period"):
        NoticePeriod.parse(text)


def test_a_question_without_an_answer_is_refused(walked_app: App, now: datetime, tmp_path: Path) -> None:
    """A period that had not begun, or a scope without a target, is refused, and nothing is written."""
    for asked, code in (
        (Asked(DAY, "en", {}, NoticePeriod.parse("2026-12")), "notice_before_period"),
        (Asked(date(1999, 1, 1), "en"), "notice_empty"),
    ):
        with pytest.raises(DabiaoError) as refused:
            write_notice(walked_app, asked, tmp_path / "out", now)
        assert refused.value.code == code
    assert not (tmp_path / "out").exists()


def test_titles_name_the_scope(walked_app: App, now: datetime) -> None:
    """The title names the period and the place, plan or unit."""
    base = Asked(DAY, "zh-CN", {"region": ["350500"]}, NoticePeriod.parse("2026-10"))
    assert title(notice_of(walked_app, base, now)) == "关于2026年10月泉州市生态环境目标进展情况的通报（稿）"
    plan = notice_of(walked_app, replace(base, filters={"plan": ["jilin-2024"]}, period=None), now)
    assert re.fullmatch(r"关于《.*吉林.*》目标进展情况的通报（稿）", title(plan))
    assert stem(base) == "notice-2026-11-21-2026-10-350500-zh-CN"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (400, "四百"),
        (1004, "一千零四"),
    ],
)
def test_chinese_numbers_of_headings(n: int, said: str) -> None:
    """Headings are numbered as Chinese documents number them."""
    assert chinese_number(n) == said
