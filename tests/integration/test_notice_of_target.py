"""The notice of a single target: told whatever its status is, by command and by download, under the rules of every notice."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from typer.testing import CliRunner

from dabiao import i18n
from dabiao.cli.commands import app as commands
from dabiao.domain.access import Right, Role, Scope
from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.access import accounts, tokens
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import places, views
from dabiao.services.publish.notice_asked import Asked, NoticePeriod
from dabiao.services.publish.notice_files import notice_bytes, stem
from dabiao.services.publish.notice_words import title
from dabiao.services.publish.notices import notice_of
from dabiao.store import audit
from dashboard.app import create_app

DAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")


def paragraphs(data: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(data)).paragraphs]


def one_a_status(app: App, now: datetime) -> list[Verdict]:
    """The first target of each status that there is, and one without a number."""
    every = views.verdicts(app, DAY, now)
    found = {v.assessment.status: v for v in reversed(every)}
    spoken = next(v for v in every if v.declared.target.measure is Measure.QUALITATIVE)
    return [*found.values(), spoken]


@pytest.mark.parametrize("lang", i18n.LANGS)
def test_a_target_of_any_status_is_told(walked_app: App, now: datetime, lang: str) -> None:
    """Its verdict, clause and quote stand in the letter and one row in the workbook, also of one that is on track."""
    chosen = one_a_status(walked_app, now)
    assert {v.assessment.status for v in chosen} > {Status.MET, Status.MISSED}
    for v in chosen:
        t = v.declared.target
        notice = notice_of(walked_app, Asked(DAY, lang, {"target": [t.id]}), now)
        [e] = notice.entries
        assert (e.v.declared.target.id, e.status) == (t.id, v.assessment.status)
        files, _ = notice_bytes(walked_app, notice)
        assert notice_bytes(walked_app, notice)[0] == files
        said = "\n".join(paragraphs(files["docx"]))
        assert title(notice) in said
        assert t.quote in said
        assert t.clause in said
        assert str(e.line.words()["sentence"]) in said
        if lang == "en":
            left = re.findall(r"[\u4e00-\u9fff]+", said.replace(t.quote, "").replace(t.clause, ""))
            assert left == []
        book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
        rows = list(book.worksheets[2].iter_rows(min_row=5, values_only=True))
        assert len([r for r in rows if any(r)]) == 1
        given = json.loads(files["json"])
        assert given["content"]["filters"] == {"target": [t.id]}
        assert given["checksum"] == notice.checksum
        assert notice.checksum in said
        legend = [c for row in book.worksheets[4].iter_rows(values_only=True) for c in row if c]
        assert notice.checksum in str(legend)


def test_its_title_names_it(walked_app: App, now: datetime) -> None:
    """Region and indicator; a target without a number is named by its plan and clause. The file bears the id."""
    asked = Asked(DAY, "zh-CN", {"target": ["jilin-2024-pm25"]}, NoticePeriod.parse("2026-10"))
    said = title(notice_of(walked_app, asked, now))
    assert re.fullmatch(r"关于2026年10月吉林省PM2\.5.*目标进展情况的通报（稿）", said)
    assert stem(asked) == "notice-2026-11-21-2026-10-jilin-2024-pm25-zh-CN"
    spoken = one_a_status(walked_app, now)[-1].declared.target
    said = title(notice_of(walked_app, Asked(DAY, "zh-CN", {"target": [spoken.id]}), now))
    assert f"》{spoken.clause}目标进展情况" in said


def test_a_period_says_what_it_was_before(walked_app: App, now: datetime) -> None:
    """Against the day before the period: another status, the same, or not declared then."""
    eve = {
        v.declared.target.id: v.assessment.status for v in views.verdicts(walked_app, date(2025, 12, 31), now)
    }
    found: dict[str, Verdict] = {}
    for v in views.verdicts(walked_app, DAY, now):
        before = eve.get(v.declared.target.id)
        found.setdefault("new" if before is None else "same" if before is v.assessment.status else "other", v)
    for kind, v in found.items():
        asked = Asked(DAY, "zh-CN", {"target": [v.declared.target.id]}, NoticePeriod.parse("2026"))
        files, _ = notice_bytes(walked_app, notice_of(walked_app, asked, now))
        said = "\n".join(paragraphs(files["docx"]))
        words = {"new": "尚未下达", "same": "研判未变，仍为", "other": "变为"}
        assert words[kind] in said
        assert i18n.text(f"status.{v.assessment.status}", "zh-CN") in said
    assert {"same", "other"} <= found.keys()


def test_there_is_none_of_what_is_not_there(walked_app: App, now: datetime) -> None:
    """An id that nothing has, and a day before the target was declared."""
    for day, name in ((DAY, "no-such-target"), (date(1999, 1, 1), "jilin-2024-pm25")):
        with pytest.raises(DabiaoError) as refused:
            notice_of(walked_app, Asked(day, "en", {"target": [name]}), now)
        assert refused.value.code == "notice_empty"
        assert places.target_notice(walked_app, name, day, now, "en") is None


def test_the_page_gives_what_the_command_writes(walked_app: App, walked_home: Path, tmp_path: Path) -> None:
    """Both forms from the page are the command's to the byte (it draws no charts here), and leave a row in the audit."""
    ran = CliRunner().invoke(
        commands,
        ["notice", "--target", "jilin-2024-pm25", "--as-of", "2026-11-21", "--lang", "en", "--out", str(tmp_path / "out")],
        env={"DABIAO_HOME": str(walked_home)},
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    written = {p.suffix[1:]: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert set(written) == {"docx", "xlsx", "json"}
    client = create_app(walked_app.settings).server.test_client()
    page = "/export/target/jilin-2024-pm25/notice.{}?as_of=2026-11-21&lang=en"
    for kind in ("docx", "xlsx"):
        answer = client.get(page.format(kind))
        assert answer.status_code == 200
        assert answer.data == written[kind]
        assert f"jilin-2024-pm25-2026-11-21.{kind}" in answer.headers["Content-Disposition"]
    assert client.get("/export/target/no-such/notice.docx").status_code == 404
    noted = [r["subject"] for r in audit.rows(walked_app.store, action="export.downloaded")]
    assert noted == ["export:export_notice"] * 2
    refused = CliRunner().invoke(
        commands, ["notice", "--target", "jilin-2024-pm2"], env={"DABIAO_HOME": str(walked_home)}
    )
    assert isinstance(refused.exception, UnknownName)
    assert "jilin-2024-pm25" in str(refused.exception)


def test_a_program_gets_it_with_a_token(walked_app: App) -> None:
    """Within the limits of the token's account, as on the page; without a token there is only the way to sign in."""
    when = datetime.now(UTC)
    scope = Scope(plans=frozenset({"jilin-2024"}))
    accounts.add(walked_app, "li.wei", "correct horse battery", [Role.VIEWER], scope, when, "root")
    _, secret = tokens.add(walked_app, "li.wei", "pull", [Right.READ], 1, when, "root")
    client = create_app(walked_app.settings).server.test_client()
    hidden = next(
        v.declared.target.id
        for v in views.verdicts(walked_app, DAY, when)
        if v.declared.target.plan != "jilin-2024"
    )
    page, headers = "/export/target/{}/notice.docx", {"Authorization": f"Bearer {secret}"}
    assert client.get(page.format("jilin-2024-pm25"), headers=headers).status_code == 200
    assert client.get(page.format(hidden), headers=headers).status_code == 404
    assert client.get(page.format("jilin-2024-pm25")).status_code == 303
