"""Reports and attached numbers from the command line to the status, the files between included."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dabiao import bootstrap
from dabiao.domain.assessment import Reason, Report, Status
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError, DeclarationError, ImportRefused, UnknownName
from dabiao.services.app import App
from dabiao.services.declare import attaching, reporting
from dabiao.services.declare.attaching import Given
from dabiao.services.declare.setup import load_declared, read_declared
from dabiao.services.declare.targets import targets_as_of
from dabiao.services.pages import views
from dabiao.store import audit
from dabiao.store import reports as store

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
KEY = "jilin-2024-nonfossil"
DELEGATED = "panshi-2022-forest-cover"
GIVEN = Given(
    DELEGATED,
    ">=",
    "55.20",
    None,
    None,
    "吉林市林业发展规划",
    "https://example.gov.cn/1",
    "2023-03-01",
    "磐石市森林覆盖率达到55.20%以上",
    "王某",
)


def report(state: str = "done", on: date = TODAY, evidence: str = "") -> Report:
    return Report(state, on, "省能源局", evidence, "", "李某")


# -- reports -----------------------------------------------------------------------------------------------------


def test_evidence_is_link_file_or_words(app: App, tmp_path: Path) -> None:
    """A link stays a link, a file is copied under its digest, anything else is a document's name."""
    file = tmp_path / "佐证.pdf"
    file.write_bytes(b"%PDF-1.4 evidence")
    for evidence in ("https://example.gov.cn/a", str(file), "吉能〔2026〕8号"):
        reporting.add(app, KEY, report(evidence=evidence), TODAY, NOW)
    words, kept, link = reporting.report_rows(app, TODAY, KEY)
    assert [r["evidence_kind"] for r in (link, kept, words)] == ["url", "file", "text"]
    assert (app.paths.home / kept["evidence"]).read_bytes() == file.read_bytes()
    assert kept["evidence_sha256"] in {r["evidence_sha256"] for r in store.report_rows(app.store, TODAY)}
    assert kept["evidence"].startswith(f"raw/{kept['evidence_sha256'][:16]}/")


@pytest.mark.parametrize(
    ("key", "given", "code"),
    [
        ("jilin-2024-pm25", report(), "target_takes_no_report"),
        ("jilin-2024-none", report(), "report_target_unknown"),
        (KEY, report(on=date(2026, 11, 22)), "report_in_future"),
        (KEY, report(evidence="missing.pdf"), "file_missing"),
    ],
)
def test_a_report_that_cannot_be(app: App, key: str, given: Report, code: str) -> None:
    """On a number, on nothing, of a day to come, with a file that is not there: refused, and nothing is recorded."""
    with pytest.raises(DabiaoError) as refused:
        reporting.add(app, key, given, TODAY, NOW)
    assert refused.value.code == code
    assert store.report_rows(app.store, date.max) == []


def test_withdrawing_once(app: App) -> None:
    """A report is withdrawn once; one that there is not cannot be."""
    reporting.add(app, KEY, report(on=date(2026, 1, 1)), TODAY, NOW)
    reporting.withdraw(app, KEY, 1, "李某", "误报", TODAY, NOW)
    assert [r["stands"] for r in reporting.report_rows(app, TODAY, KEY)] == [False]
    assert [r["stands"] for r in reporting.report_rows(app, date(2026, 11, 20), KEY)] == [True]
    with pytest.raises(DabiaoError, match="was withdrawn on"):
        reporting.withdraw(app, KEY, 1, "李某", "", TODAY, NOW)
    with pytest.raises(UnknownName):
        reporting.withdraw(app, KEY, 2, "李某", "", TODAY, NOW)


def test_a_report_that_left_it_under_way_is_overdue(app: App, now: datetime) -> None:
    """Past the deadline a report of under way is no final one: unreported and overdue, with what was last said."""
    key = "huimin-2022-toilets-2022"
    reporting.add(app, key, report("under_way", date(2022, 10, 1)), TODAY, NOW)
    before, after = (views.find(app, key, day, now) for day in (date(2022, 12, 31), date(2023, 1, 1)))
    assert before is not None and after is not None
    assert before.assessment.status is Status.REPORTED
    assert (after.assessment.status, after.assessment.reason) == (Status.UNREPORTED, Reason.REPORT_OVERDUE)
    assert after.assessment.report is not None


TABLE = """目标编号,原文,方案,状态,报告日期,单位,证明材料,备注
{key},,,进行中,2026-10-01,省能源局,附件.pdf,
no-such,,,完成,2026-10-01,省厅,,
,完成清洁生产审核任务,huimin-2022,已完成,2025/12/20,,,
,任务,,已完成,2025/12/20,甲,,
{key},,,差不多,2026-10-01,甲,,
{key},,,done,去年,甲,,
{key},,,done,2027-01-01,甲,,
jilin-2024-pm25,,,done,2026-01-01,甲,,
{key},,,done,2026-10-02,甲,没有.pdf,
,,,,,,,
"""


def test_a_table_of_reports(app: App, tmp_path: Path) -> None:
    """Good rows go in, each wrong one says row, column and why; the same file again changes nothing."""
    file = tmp_path / "报告.csv"
    file.write_text(TABLE.format(key=KEY), encoding="utf-8")
    (tmp_path / "附件.pdf").write_bytes(b"%PDF")
    done = reporting.import_reports(app, file, "李某", TODAY, NOW)
    assert (done.accepted, done.unchanged) == (2, 0)
    assert [(i.row, i.column, i.code) for i in done.issues] == [
        (3, "目标编号", "report_target_unknown"),
        (5, "原文", "report_quote_ambiguous"),
        (6, "状态", "report_state_unknown"),
        (7, "报告日期", "report_date_unreadable"),
        (8, "报告日期", "report_in_future"),
        (9, "目标编号", "target_takes_no_report"),
        (10, "证明材料", "file_missing"),
    ]
    rows = {r["target_id"]: r for r in reporting.report_rows(app, TODAY)}
    assert set(rows) == {KEY, "huimin-2022-clean-production"}
    assert (rows[KEY]["evidence_kind"], rows[KEY]["entered_by"]) == ("file", "李某")
    assert rows["huimin-2022-clean-production"]["unit"]  # the plan's own
    again = reporting.import_reports(app, file, "李某", TODAY, NOW)
    assert (again.accepted, again.unchanged, len(again.issues)) == (0, 2, 7)


def test_a_file_that_is_no_table_of_reports(app: App, tmp_path: Path) -> None:
    """Without headings nothing is guessed."""
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="target, state"):
        reporting.import_reports(app, file, "", TODAY, NOW)


# -- attached numbers --------------------------------------------------------------------------------------------


def measure(app: App, day: date) -> tuple[Measure, str | None]:
    target = next(d.target for d in targets_as_of(app, day) if d.target.id == DELEGATED)
    return target.measure, None if target.value is None else str(target.value)


def test_an_attached_number_counts_from_its_document(app: App, now: datetime) -> None:
    """Delegated before the document, numeric from its day on with the digits as printed; the page has the document."""
    attaching.attach(app, GIVEN, NOW)
    assert measure(app, date(2023, 2, 28)) == (Measure.DELEGATED, None)
    assert measure(app, date(2023, 3, 1)) == (Measure.NUMERIC, "55.20")
    found = views.target_view(app, DELEGATED, TODAY, now)
    assert found is not None
    t = found.verdict.declared.target
    assert t.attached is not None
    assert (t.attached.document, t.attached.by, t.unit, t.deadline) == (GIVEN.document, "王某", "%", "2025")
    assert found.verdict.assessment.bounds is not None
    assert [r["subject"] for r in audit.rows(app.store, action="target.attached")] == [f"target:{DELEGATED}"]


def test_loading_the_plans_anew_keeps_it(app: App) -> None:
    """Whatever else changes in the declared files, the number stays, and adds no further version."""
    attaching.attach(app, GIVEN, NOW)
    versions = app.store.rows("SELECT version FROM target_versions WHERE target_id = ?", [DELEGATED])
    with app.store.write() as db:
        db.execute("DELETE FROM declared_files")
    done = load_declared(app, read_declared(app.paths.data, app.paths.attachments), NOW)
    assert (done.changed, done.counts["changed"], done.counts["withdrawn"]) == (True, 0, 0)
    assert app.store.rows("SELECT version FROM target_versions WHERE target_id = ?", [DELEGATED]) == versions
    assert measure(app, TODAY) == (Measure.NUMERIC, "55.20")
    again, setup = bootstrap.initialise(app.settings, NOW)
    assert setup.changed is False
    again.store.close()


def test_a_withdrawn_number_stays_on_earlier_days(app: App) -> None:
    """From the withdrawal on the target is delegated again; another number may then be attached."""
    attaching.attach(app, GIVEN, datetime(2026, 10, 1, tzinfo=UTC))
    attaching.withdraw(app, DELEGATED, "王某", "文件作废", TODAY, NOW)
    assert measure(app, date(2026, 11, 20)) == (Measure.NUMERIC, "55.20")
    assert measure(app, TODAY) == (Measure.DELEGATED, None)
    with pytest.raises(UnknownName):
        attaching.withdraw(app, KEY, "", "", TODAY, NOW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": "jilin-2024-pm25"}, "is numeric, not delegated"),
        ({"target": "no-such-target"}, "no target no-such-target"),
        ({"issued": "2021-01-01"}, "before its plan"),
        ({"comparator": "<="}, "goes against"),
        ({"value": "155"}, "bounds"),
        ({"comparator": "~="}, "tolerance"),
        ({"value": "many"}, "value"),
        ({"deadline": "soon"}, "deadline"),
        ({"unit": "吨"}, "unit"),
    ],
)
def test_a_wrong_number_is_refused(app: App, change: dict[str, str], said: str) -> None:
    """What a plan file may not say an attachment may not either: refused with the reason, and nothing is kept."""
    from dataclasses import replace

    english = replace(app, settings=app.settings.model_copy(update={"lang": "en"}))
    with pytest.raises(DeclarationError) as refused:
        attaching.attach(english, replace(GIVEN, **change), NOW)  # type: ignore[arg-type]
    assert said in refused.value.params["detail"]
    assert not list(app.paths.attachments.glob("*"))
    assert measure(app, TODAY) == (Measure.DELEGATED, None)


def test_a_broken_file_by_hand_stops_the_loading(app: App) -> None:
    """A file that someone wrote wrongly is named and nothing is loaded: the number must not be undone in silence."""
    attaching.attach(app, GIVEN, NOW)
    file = app.paths.attachments / f"{DELEGATED}.yaml"
    good = file.read_bytes()
    file.write_bytes(b"target: [")
    found = read_declared(app.paths.data, app.paths.attachments)
    assert [f.file for f in found.errors] == [f"attachments/{DELEGATED}.yaml"]
    with pytest.raises(DeclarationError):
        load_declared(app, found, NOW)
    assert measure(app, TODAY) == (Measure.NUMERIC, "55.20")
    file.write_bytes(good)
    shutil.copy(file, app.paths.attachments / "gone.yaml")
    (app.paths.attachments / "gone.yaml").write_text(good.decode().replace(DELEGATED, "no-such"), "utf-8")
    warned = read_declared(app.paths.data, app.paths.attachments)
    assert not warned.errors
    assert [f.code for f in warned.findings if f.file.startswith("attachments/gone")] == [
        "attachment_target_unknown"
    ]
