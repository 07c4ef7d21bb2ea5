"""Reviewed corrections: applied where the guard holds, from their own day, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dabiao.errors import CorrectionRefused
from dabiao.ingest.corrections import read_corrections
from dabiao.services.app import App
from dabiao.services.intake import corrections
from dabiao.services.intake.corrections import CorrectionState
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.store.observations import known_observations

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEAD = "地区,指标,时间,数值,单位,发布日期\n"


def entry(**more: Any) -> dict[str, Any]:
    """A correction of the bulletin's 38 to 35."""
    given: dict[str, Any] = {
        "id": "jilin-2021-04-pm25",
        "source": "公报",
        "region": "220000",
        "indicator": "pm25",
        "period": "2021-01/2021-04",
        "expect": "38",
        "value": "35",
        "reason": "附表与正文不一致，以正文为准",
        "reviewer": "王某",
        "date": date(2026, 11, 1),
        "evidence": "https://example.gov.cn/2021",
    }
    return {k: v for k, v in (given | more).items() if v is not None}


@pytest.fixture
def declare(app: App) -> Callable[..., None]:
    """Write the office's correction file."""

    def write(*entries: dict[str, Any], name: str = "own.yaml") -> None:
        folder = app.paths.home / "corrections"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(list(entries), allow_unicode=True), "utf-8")

    return write


def drop(
    app: App, tmp_path: Path, value: str, published: str = "2021-05-20", name: str = "四月.csv"
) -> ImportResult:
    path = tmp_path / name
    path.write_text(HEAD + f"吉林省,PM2.5,2021年1-4月,{value},µg/m3,{published}\n", "utf-8")
    return take_file(app, path, now=NOW, source="公报")


def read_on(app: App, day: str) -> list[str]:
    return [o.printed for o in known_observations(app.store, date.fromisoformat(day), "220000", "pm25")]


def states(app: App) -> list[CorrectionState]:
    return [s.state for s in corrections.stands(app, app.today(NOW))[0]]


def test_it_supersedes_from_its_own_day(app: App, declare: Callable[..., None], tmp_path: Path) -> None:
    """Before the correction's day a view sees the printed value, from that day on the corrected one."""
    drop(app, tmp_path, "38")
    declare(entry())
    assert states(app) == [CorrectionState.PENDING]
    assert [s.state for s in corrections.apply(app, NOW)] == [CorrectionState.APPLIED]
    assert (read_on(app, "2026-10-31"), read_on(app, "2026-11-01")) == (["38"], ["35"])
    (now,) = known_observations(app.store, date(2026, 12, 1), "220000", "pm25")
    assert (now.source, now.published) == ("公报", date(2021, 5, 20))
    assert now.note is not None
    assert all(part in now.note for part in ("正文", "王某", "https://example.gov.cn/2021"))


def test_it_is_applied_once(app: App, declare: Callable[..., None], tmp_path: Path) -> None:
    """A second run, and the source's file once more, write nothing."""
    drop(app, tmp_path, "38")
    declare(entry())
    corrections.apply(app, NOW)
    before = app.store.data_version()
    corrections.apply(app, NOW)
    assert drop(app, tmp_path, "38").unchanged == 1
    assert drop(app, tmp_path, "38", name="再来.csv").unchanged == 1
    assert read_on(app, "2026-12-01") == ["35"]
    assert app.store.row("SELECT count(*) AS n FROM corrections")["n"] == 1  # type: ignore[index]
    corrections.apply(app, NOW)
    assert app.store.data_version().split("-")[0] == before.split("-")[0]


def test_an_import_brings_what_it_waits_for(app: App, declare: Callable[..., None], tmp_path: Path) -> None:
    """Declared before the value is there, it is applied with the import of it."""
    declare(entry())
    assert states(app) == [CorrectionState.NOT_FOUND]
    drop(app, tmp_path, "38")
    assert states(app) == [CorrectionState.APPLIED]
    assert read_on(app, "2026-12-01") == ["35"]


def test_the_guard_fails_when_the_source_has_changed(
    app: App, declare: Callable[..., None], tmp_path: Path
) -> None:
    """A value that is not the one that was reviewed is left alone; import and check say so."""
    declare(entry())
    result = drop(app, tmp_path, "39")
    assert [(i.code, i.severity, i.params["found"]) for i in result.issues] == [
        ("correction_guard", "warning", "39")
    ]
    assert states(app) == [CorrectionState.SOURCE_CHANGED]
    assert read_on(app, "2026-12-01") == ["39"]
    with pytest.raises(CorrectionRefused) as caught:
        corrections.require_sound(*corrections.stands(app, date(2026, 11, 21)))
    assert caught.value.params == {"faults": 0, "failed": 1}


def test_a_revision_after_the_correction_stands_and_is_reported(
    app: App, declare: Callable[..., None], tmp_path: Path
) -> None:
    """The source's later word goes before our correction of its earlier one."""
    drop(app, tmp_path, "38")
    declare(entry())
    corrections.apply(app, NOW)
    result = drop(app, tmp_path, "36", "2026-11-20", "改.csv")
    assert (result.revised, [i.code for i in result.issues]) == (1, ["correction_guard"])
    assert read_on(app, "2026-12-01") == ["36"]
    assert read_on(app, "2026-11-10") == ["35"]


def test_a_source_that_mends_itself_settles_it(
    app: App, declare: Callable[..., None], tmp_path: Path
) -> None:
    """Where the source says what the correction says, there is nothing left to do and nothing fails."""
    drop(app, tmp_path, "38")
    drop(app, tmp_path, "35", "2021-06-20", "改.csv")
    declare(entry())
    assert states(app) == [CorrectionState.SETTLED]
    corrections.require_sound(*corrections.stands(app, date(2026, 11, 21)))


def test_an_edited_correction_takes_the_place_of_the_first(
    app: App, declare: Callable[..., None], tmp_path: Path
) -> None:
    """Reviewed again, it supersedes its own earlier value; the guard still is about the source's."""
    drop(app, tmp_path, "38")
    declare(entry())
    corrections.apply(app, NOW)
    declare(entry(value="34", date=date(2026, 11, 15)))
    corrections.apply(app, NOW)
    assert [read_on(app, d) for d in ("2026-10-31", "2026-11-10", "2026-11-15")] == [["38"], ["35"], ["34"]]
    assert states(app) == [CorrectionState.APPLIED]


def test_a_value_can_be_withdrawn(app: App, declare: Callable[..., None], tmp_path: Path) -> None:
    """A withdrawn value is missing from the correction's day on, with that word."""
    drop(app, tmp_path, "38")
    declare(entry(value=None, withdraw=True))
    corrections.apply(app, NOW)
    (now,) = known_observations(app.store, date(2026, 12, 1), "220000", "pm25")
    assert (now.value, now.printed) == (None, "撤回")
    assert states(app) == [CorrectionState.APPLIED]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"date": date(2026, 11, 21)}, CorrectionState.PENDING),
        ({"date": date(2026, 11, 22)}, CorrectionState.NOT_YET),
        ({"region": "某地"}, CorrectionState.NAME_UNKNOWN),
        ({"indicator": "某项"}, CorrectionState.NAME_UNKNOWN),
        ({"value": "1000"}, CorrectionState.PENDING),
        ({"value": "1000.1"}, CorrectionState.OUT_OF_BOUNDS),
        ({"source": "别处"}, CorrectionState.NOT_FOUND),
        ({"period": "2021-01/2021-05"}, CorrectionState.NOT_FOUND),
        ({"state": "flash"}, CorrectionState.NOT_FOUND),
        ({"expect": "38.0"}, CorrectionState.SOURCE_CHANGED),
    ],
)
def test_how_a_correction_stands(
    app: App, declare: Callable[..., None], tmp_path: Path, more: dict[str, Any], state: CorrectionState
) -> None:
    """Each state by what leads there; on the correction's own day it is due, and the guard is about the printed digits."""
    drop(app, tmp_path, "38")
    declare(entry(**more))
    assert states(app) == [state]


def test_two_values_of_one_source_are_told_apart(
    app: App, declare: Callable[..., None], tmp_path: Path
) -> None:
    """Where two series read alike the basis has to be named; where only one reads as expected, it is meant."""
    head = "地区,指标,时间,数值,单位,发布日期,沙尘\n"
    row = "吉林省,PM2.5,2021年1-4月,{},µg/m3,2021-05-20,{}\n"
    path = tmp_path / "两种.csv"
    path.write_text(head + row.format(38, "扣除") + row.format(38, "保留"), "utf-8")
    take_file(app, path, now=NOW, source="公报")
    declare(entry())
    assert states(app) == [CorrectionState.SEVERAL]
    declare(entry(basis="official|deducted|unknown||"))
    assert [s.state for s in corrections.apply(app, NOW)] == [CorrectionState.APPLIED]
    assert sorted(read_on(app, "2026-12-01")) == ["35", "38"]


WRONG = [
    ({"reviewer": None}, "reviewer"),
    ({"value": None}, "withdraw"),
    ({"withdraw": True}, "withdraw"),
    ({"expect": 38.0}, "quotation"),
    ({"evidence": "报纸"}, "web address"),
    ({"period": "2021-13"}, "month"),
    ({"id": "有空 格"}, "pattern"),
    ({"because": "x"}, "because"),
]


@pytest.mark.parametrize(("more", "said"), WRONG)
def test_a_wrong_entry_is_named_and_the_others_stand(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    """A fault names its file, entry and field; the sound entries of the file are read all the same."""
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump([entry(**more), entry(id="sound")], allow_unicode=True), "utf-8")
    found, issues = read_corrections([path])
    assert [d.correction.id for d in found] == ["sound"]
    assert [(i.file, i.row, i.code) for i in issues] == [("own.yaml", 1, "correction_wrong")]
    assert said in issues[0].params["detail"]


def test_broken_files_and_ids_that_stand_twice(tmp_path: Path) -> None:
    """A file that is no YAML is named; an id stands for one correction in all files."""
    (tmp_path / "a.yaml").write_text("- [", "utf-8")
    for name in ("b.yaml", "c.yaml"):
        (tmp_path / name).write_text(yaml.safe_dump([entry()], allow_unicode=True), "utf-8")
    found, issues = read_corrections(sorted(tmp_path.glob("*.yaml")))
    assert len(found) == 1
    assert [(i.file, i.code) for i in issues] == [
        ("a.yaml", "correction_broken"),
        ("c.yaml", "correction_id_twice"),
    ]
