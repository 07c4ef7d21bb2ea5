"""The list of what is off track or missed."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dabiao import bootstrap, i18n
from dabiao.errors import StoreUnwritable
from dabiao.services.app import App
from dabiao.services.declare.setup import bundled_files
from dabiao.services.intake.inbox import import_inbox
from dabiao.services.judge import judging
from dabiao.services.publish.exporting import COLUMNS, export_alerts
from dabiao.settings import Settings

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    made, _ = bootstrap.initialise(Settings(home=tmp_path_factory.mktemp("home")), NOW)
    for path in bundled_files(made.paths.data):
        (made.paths.inbox / path.name).write_bytes(path.read_bytes())
    # a bulletin that puts a target of 2027 out of reach
    rows = [f"220000,pm25,{y},{v},µg/m3,official,final,吉林省公报,{y + 1}-06-05" for y, v in
            zip(range(2017, 2026), (30, 31, 33, 34, 36, 38, 39, 41, 43), strict=True)]  # fmt: skip
    header = "region,indicator,period,value,unit,tier,state,source,published"
    (made.paths.inbox / "x.csv").write_text("\n".join([header, *rows]), "utf-8")
    import_inbox(made, now=NOW, sleep=lambda _: None)
    return made


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_list_holds_what_is_off_track_or_missed(app: App, tmp_path: Path) -> None:
    """The list holds exactly the targets whose status is off track or missed, the missed first."""
    paths = export_alerts(app, DAY, NOW, tmp_path, "en")
    assert [p.name for p in paths] == [
        "alerts-2026-11-21.csv",
        "alerts-2026-11-21.json",
        "alerts-latest.csv",
        "alerts-2026-11-21.xlsx",
    ]
    wanted = {
        v.declared.target.id: i18n.text(f"status.{v.assessment.status}", "en")
        for v in judging.judge(app, DAY, NOW)
        if v.assessment.status in ("off_track", "missed")
    }
    rows = table(paths[0])
    assert {r["Target id"]: r["Status"] for r in rows} == wanted
    assert set(wanted.values()) == {"Missed", "Off track"}
    assert [r["Status"] for r in rows] == sorted(r["Status"] for r in rows)
    assert paths[0].read_bytes() == paths[2].read_bytes()
    listed = json.loads(paths[1].read_text("utf-8"))
    assert [t["target_id"] for t in listed["targets"]] == [r["Target id"] for r in rows]


def test_a_row_says_what_it_rests_on(app: App, tmp_path: Path) -> None:
    """A row names the target, its clause and quote, the figures as numbers, where they come from and what judged them."""
    path, *_ = export_alerts(app, DAY, NOW, tmp_path, "zh-CN")
    rows = {r["目标编号"]: r for r in table(path)}
    missed = rows["quanzhou-2022-pm25"]
    assert (missed["比较符"], missed["目标值"], missed["最新值"]) == ("<", "19.2", "19.6")
    assert (missed["是否暂定"], missed["来源级别"]) == ("是", "第三方")
    assert "19.2" in missed["原文"]
    assert "未达标" in missed["结论"]
    assert missed["数据版本"]
    off = next(r for r in rows.values() if r["状态"] == "偏离目标")
    assert 0 <= float(off["达标概率"]) < 0.33
    assert float(off["80% 区间下限"]) <= float(off["预计值"]) <= float(off["80% 区间上限"])
    assert off["预测模型"].startswith("pooled ")


def test_same_inputs_give_the_same_bytes(app: App, tmp_path: Path) -> None:
    """The same store, day and language give the same bytes at any moment."""
    one = export_alerts(app, DAY, NOW, tmp_path / "one", "en")
    two = export_alerts(app, DAY, NOW + timedelta(days=3), tmp_path / "two", "en")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    assert not [p for p in one[0].parent.iterdir() if p.name.startswith(".")]


def test_every_column_has_its_heading_in_both_languages() -> None:
    """Each column has a heading of its own in each language."""
    for lang in i18n.LANGS:
        assert len({i18n.text(f"export.column.{name}", lang) for name in COLUMNS}) == len(COLUMNS)


def test_an_earlier_day_has_its_own_list(app: App, tmp_path: Path) -> None:
    """A list as of an earlier day holds what was known then: no target of 2025 was missed in 2023."""
    path, *_ = export_alerts(app, date(2023, 12, 31), NOW, tmp_path, "en")
    assert path.name == "alerts-2023-12-31.csv"
    assert all(r["Status"] == "Off track" for r in table(path) if r["Deadline"] >= "2025")


def test_a_folder_that_cannot_be_made_is_a_clear_error(app: App, tmp_path: Path) -> None:
    """Where the folder cannot be written the error names it, and no half file is left."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritable) as refused:
        export_alerts(app, DAY, NOW, tmp_path / "file" / "out", "en")
    assert "file" in str(refused.value)
