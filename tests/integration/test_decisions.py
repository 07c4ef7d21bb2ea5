"""A final status is frozen with its evidence; what contradicts it is an event, and only a person's word changes it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dabiao.cli.commands import app as commands
from dabiao.domain.assessment import Status
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, deciding, judging
from dabiao.services.judge.judging import Verdict
from dabiao.store import decisions as store

TARGET = "yingtan-2021-pm25-guixi-yujiang-longhushan"
MEMBERS = {"360681": "贵溪市", "360603": "余江区", "yingtan-longhushan": "龙虎山景区"}
SINGLE = "panshi-2022-pm25"


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=UTC)


def bring(app: App, tmp_path: Path, published: str, *rows: str, source: str = "公报", **columns: str) -> None:
    """Import values that were published on a day: ``region,indicator,period,value,unit`` rows."""
    more = "".join(f",{name}" for name in columns)
    cells = "".join(f",{value}" for value in columns.values())
    lines = [f"region,indicator,period,value,unit,source,published{more}"]
    lines += [f"{row},{source},{published}{cells}" for row in rows]
    path = tmp_path / f"{published}-{len(list(tmp_path.glob('*.csv')))}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    done = import_file(app, path, now=at(published))
    assert done.refused == 0


def assess(app: App, day: str, key: str) -> Verdict:
    """Run the assessment job of a day and give what it says of a target."""
    assessing.run_assessments(app, date.fromisoformat(day), at(day))
    return on(app, day, key)


def on(app: App, day: str, key: str) -> Verdict:
    """What a day's view says of a target."""
    found = judging.judge(app, date.fromisoformat(day), at(day), lambda d: d.target.id == key)
    return found[0]


def events(app: App, key: str) -> list[tuple[str, Any]]:
    return [(r["event"], r["why"]) for r in deciding.event_rows(app, target_id=key)]


def decided(app: App, tmp_path: Path, value: str = "28", **more: str) -> None:
    """The target of 2025 is decided by a value published in 2026."""
    bring(app, tmp_path, "2026-06-05", f"磐石市,PM2.5,2025年,{value},µg/m3", **more)
    assess(app, "2026-06-10", SINGLE)


def own_series(app: App) -> None:
    """The target's own region decides, from official values, as a correction of the plan would have it."""
    correct(app, "2026-01-01", series=None)


def correct(app: App, day: str, key: str = SINGLE, **changes: Any) -> None:
    """Give a target a corrected version known from a day; ``None`` takes a field away."""
    last = app.store.row(
        "SELECT * FROM target_versions WHERE target_id = ? ORDER BY version DESC LIMIT 1", [key]
    )
    assert last is not None
    content = {k: v for k, v in (json.loads(last["content"]) | changes).items() if v is not None}
    with app.store.write() as db:
        db.table("target_versions").insert(
            {
                **dict(last),
                "version": last["version"] + 1,
                "known_on": day,
                "content": json.dumps(content, ensure_ascii=False),
                "sha256": f"{last['version']:064d}",
            }
        )


def test_a_decision_is_kept_with_what_decided_it(app: App, tmp_path: Path) -> None:
    """The value, its source, the target's version and the rules are on record, once, however often the job runs."""
    own_series(app)
    decided(app, tmp_path)
    assess(app, "2026-06-11", SINGLE)
    kept = store.latest_decisions(app.store)[SINGLE]
    assert (kept.status, kept.value, kept.period, kept.as_of) == (Status.MET, "28", "2025", date(2026, 6, 10))
    assert kept.evidence["decided_by"]["chosen"]["source"] == "公报"
    assert [r["rule"] for r in kept.evidence["rules"]]
    assert events(app, SINGLE) == [("decided", None)]


def test_a_revision_reopens_and_changes_nothing(app: App, tmp_path: Path) -> None:
    """The status stays the frozen one with both values beside it; as of a day before the revision nothing is reopened."""
    own_series(app)
    decided(app, tmp_path)
    before = status_json(app, on(app, "2026-06-20", SINGLE), "en")
    bring(app, tmp_path, "2026-07-01", "磐石市,PM2.5,2025年,31,µg/m3")
    found = assess(app, "2026-07-02", SINGLE)
    assert (found.assessment.status, str(found.assessment.latest_value)) == (Status.MET, "28")
    row = status_json(app, found, "en")
    assert row["reopened"] == {
        "why": "value_revised",
        "says": "the deciding value has been revised",
        "since": "2026-07-02",
        "status_now": "missed",
        "value_now": 31,
    }
    assert "a person must confirm: now 31 (Missed)" in row["sentence"]
    assert "现为 31（未达标）" in status_json(app, found, "zh-CN")["sentence"]
    assess(app, "2026-07-03", SINGLE)
    assert events(app, SINGLE) == [("decided", None), ("reopened", "value_revised")]
    happened = deciding.event_rows(app, target_id=SINGLE)[-1]
    assert (happened["from_value"], happened["to_value"]) == ("28", "31")
    assert (happened["from_status"], happened["to_status"]) == ("met", "missed")
    assert status_json(app, on(app, "2026-06-20", SINGLE), "en") == before


def test_a_persons_word_makes_the_next_version(app: App, tmp_path: Path) -> None:
    """Confirming takes what is known; the earlier version stays, and its days still show it."""
    own_series(app)
    decided(app, tmp_path)
    bring(app, tmp_path, "2026-07-01", "磐石市,PM2.5,2025年,31,µg/m3")
    assess(app, "2026-07-02", SINGLE)
    made = deciding.confirm(app, SINGLE, "张三", "公报更正", date(2026, 7, 5), at("2026-07-05"))
    assert (made.version, made.status, made.by) == (2, Status.MISSED, "张三")
    found = on(app, "2026-07-05", SINGLE).assessment
    assert (found.status, found.reopened) == (Status.MISSED, None)
    assert on(app, "2026-07-04", SINGLE).assessment.status is Status.MET
    assert [d.status for d in store.decision_versions(app.store, SINGLE)] == [Status.MET, Status.MISSED]
    assert events(app, SINGLE)[-1] == ("confirmed", "value_revised")
    with pytest.raises(DabiaoError, match="agrees with what is known"):
        deciding.confirm(app, SINGLE, "张三", "", date(2026, 7, 6), at("2026-07-06"))


def test_nothing_decided_is_nothing_to_confirm(app: App) -> None:
    """Without a decision there is nothing a person could confirm."""
    with pytest.raises(DabiaoError, match="Nothing has been decided"):
        deciding.confirm(app, SINGLE, "张三", "", date(2026, 7, 6), at("2026-07-06"))


def test_a_revision_taken_back_restores_agreement(app: App, tmp_path: Path) -> None:
    """When the source returns to its value the record and what is known agree again, and that is an event too."""
    own_series(app)
    decided(app, tmp_path)
    bring(app, tmp_path, "2026-07-01", "磐石市,PM2.5,2025年,31,µg/m3")
    assess(app, "2026-07-02", SINGLE)
    bring(app, tmp_path, "2026-07-08", "磐石市,PM2.5,2025年,28,µg/m3")
    assert assess(app, "2026-07-09", SINGLE).assessment.reopened is None
    assert [e for e, _ in events(app, SINGLE)] == ["decided", "reopened", "restored"]


def test_a_provisional_decision_is_settled_not_reopened(app: App, tmp_path: Path) -> None:
    """A flash figure decides for the time being; the final value settles it, whatever it says."""
    own_series(app)
    decided(app, tmp_path, state="flash")
    assert store.latest_decisions(app.store)[SINGLE].provisional
    bring(app, tmp_path, "2026-07-01", "磐石市,PM2.5,2025年,31,µg/m3", source="年鉴")
    found = assess(app, "2026-07-02", SINGLE).assessment
    assert (found.status, found.provisional, found.reopened) == (Status.MISSED, (), None)
    assert [e for e, _ in events(app, SINGLE)] == ["decided", "settled"]
    assert on(app, "2026-06-20", SINGLE).assessment.status is Status.MET


def test_a_corrected_target_reopens(app: App, tmp_path: Path) -> None:
    """A stricter value in a correction of the plan contradicts what was decided; a note in it does not."""
    own_series(app)
    decided(app, tmp_path)
    correct(app, "2026-08-01", note="勘误")
    assert assess(app, "2026-08-02", SINGLE).assessment.reopened is None
    correct(app, "2026-09-01", value=27)
    found = assess(app, "2026-09-02", SINGLE).assessment
    assert found.reopened is not None
    assert (found.status, found.reopened.why, found.reopened.status) == (
        Status.MET,
        "target_corrected",
        Status.MISSED,
    )


def test_a_later_deadline_lifts_the_decision_when_confirmed(app: App, tmp_path: Path) -> None:
    """Where the corrected target is not decided yet, confirming lets the values speak again."""
    own_series(app)
    decided(app, tmp_path)
    correct(app, "2026-08-01", deadline="2030")
    assert assess(app, "2026-08-02", SINGLE).assessment.status is Status.MET
    made = deciding.confirm(app, SINGLE, "李四", "延期", date(2026, 8, 3), at("2026-08-03"))
    assert made.status is None
    assert on(app, "2026-08-03", SINGLE).assessment.status is Status.NO_DATA
    assess(app, "2026-08-04", SINGLE)
    assert [e for e, _ in events(app, SINGLE)] == ["decided", "reopened", "confirmed"]


def test_a_withdrawn_target_keeps_its_record(app: App, tmp_path: Path) -> None:
    """Withdrawing a target after it was decided is an event, once; the decision stays."""
    own_series(app)
    decided(app, tmp_path)
    with app.store.write() as db:
        db.execute(
            """UPDATE target_versions SET withdrawn = 1 WHERE target_id = ? AND version =
                   (SELECT max(version) FROM target_versions WHERE target_id = ?)""",
            [SINGLE, SINGLE],
        )
    for day in ("2026-08-02", "2026-08-03"):
        assessing.run_assessments(app, date.fromisoformat(day), at(day))
    assert events(app, SINGLE)[1:] == [("withdrawn", "target_withdrawn")]
    assert store.latest_decisions(app.store)[SINGLE].status is Status.MET


def test_an_earlier_day_adds_nothing(app: App, tmp_path: Path) -> None:
    """The job run for a day before the decision leaves the record alone."""
    own_series(app)
    decided(app, tmp_path)
    assessing.run_assessments(app, date(2026, 6, 1), at("2026-06-12"))
    assert events(app, SINGLE) == [("decided", None)]


def rows(period: str, **of: str) -> list[str]:
    return [f"{MEMBERS[m]},PM2.5,{period},{value},µg/m3" for m, value in of.items()]


def test_a_region_group_end_to_end(app: App, tmp_path: Path) -> None:
    """Missing members are named; the last one decides; the worst is named everywhere; a member's revision reopens."""
    named = {"360681": "29", "360603": "27"}
    bring(app, tmp_path, "2022-06-05", *(f"{MEMBERS[m]},PM2.5,2021年,{v},µg/m3" for m, v in named.items()))
    first = status_json(app, assess(app, "2022-06-10", TARGET), "zh-CN")
    assert (first["status"], first["reason"]) == ("no_data", "member_missing")
    assert "龙虎山景区缺可用数据" in first["sentence"]
    bring(app, tmp_path, "2022-06-20", "龙虎山景区,PM2.5,2021年,20,µg/m3")
    row = status_json(app, assess(app, "2022-06-21", TARGET), "zh-CN")
    assert (row["status"], row["worst_member"], row["latest_value"]) == ("met", "贵溪市", 29)
    assert [(m["region"], m["value"], m["worst"]) for m in row["members"]] == [
        ("贵溪市", 29, True),
        ("余江区", 27, False),
        ("龙虎山景区", 20, False),
    ]
    assert "按 3 个成员地区中最差的判定：贵溪市。" in row["sentence"]
    bring(app, tmp_path, "2022-07-01", "龙虎山景区,PM2.5,2021年,21,µg/m3")
    again = assess(app, "2022-07-02", TARGET).assessment
    assert again.reopened is not None
    assert (again.status, again.reopened.why) == (Status.MET, "value_revised")


def test_the_commands(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list shows what waits for a person, the history what happened, and confirming makes the next version."""
    own_series(app)
    bring(app, tmp_path, "2026-06-05", "磐石市,PM2.5,2025年,28,µg/m3")
    assess(app, "2026-06-10", SINGLE)
    bring(app, tmp_path, "2026-07-01", "磐石市,PM2.5,2025年,31,µg/m3")
    assess(app, "2026-07-02", SINGLE)
    app.store.close()
    monkeypatch.setenv("DABIAO_HOME", str(app.paths.home))
    monkeypatch.setenv("DABIAO_LANG", "zh-CN")

    def run(*words: str) -> str:
        done = CliRunner().invoke(commands, ["decisions", *words])
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    (row,) = json.loads(run("list", "--reopened", "--format", "json"))
    assert (row["target_id"], row["reopened"], row["value"], row["value_now"]) == (
        SINGLE,
        "value_revised",
        "28",
        "31",
    )
    assert "结论待确认" in run("history", SINGLE)
    run("confirm", SINGLE, "--by", "张三", "--note", "公报更正")
    assert json.loads(run("list", "--reopened", "--format", "json")) == []
    happened = json.loads(run("history", "--after", str(row["version"]), "--format", "json"))
    assert (happened[-1]["event"], happened[-1]["by"]) == ("confirmed", "张三")
