"""Refused rows from the import that refuses them to the one that takes them: nothing lost, nothing twice."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dabiao.errors import DabiaoError, ImportRefused
from dabiao.reports.tables import csv_bytes
from dabiao.services.app import App
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.services.intake.quarantine import dismiss, quarantine_json
from dabiao.services.intake.quarantine_files import ID, export
from dabiao.store import quarantine as table
from dabiao.store.database import Row
from dabiao.store.observations import known_observations

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HEAD = "地区,指标,时间,数值,单位,发布日期\n"
BAD = HEAD + (
    "吉林省,PM2.5,2021年,26,µg/m3,2022-06-01\n"
    "吉林,PM2.5,2022年,25,µg/m3,2023-06-01\n"  # which of the two?
    "吉林省,PM2.5,2023年,26.,µg/m3,2024-06-01\n"  # a digit is lost
)


@pytest.fixture
def drop(app: App, tmp_path: Path) -> Callable[..., ImportResult]:
    """Hand over a file with some content."""

    def hand_over(
        content: str | bytes, name: str = "公报.csv", now: datetime = NOW, **options: Any
    ) -> ImportResult:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return take_file(app, path, now=now, **options)

    return hand_over


def counts(r: ImportResult) -> tuple[int, int, int, int]:
    return r.accepted, r.revised, r.unchanged, r.refused


def states(app: App) -> dict[int, str]:
    """State of each refused row, by its row in the file."""
    return {r["row"]: r["state"] for r in table.listed(app.store)}


def exported(app: App, tmp_path: Path, suffix: str = ".csv", **chosen: Any) -> list[list[str]]:
    """The export's rows, its heading first."""
    path = tmp_path / f"mend{suffix}"
    export(app, path, "zh-CN", **chosen)
    if suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    return csv_bytes(rows[0], rows[1:])


def mend(rows: list[list[str]], row: int, heading: str, text: str) -> None:
    """Write into the cell of a file's row."""
    (line,) = [r for r in rows[1:] if r[3] == str(row)]
    line[rows[0].index(heading)] = text


def observed(app: App, day: date = date(2026, 12, 1)) -> dict[str, str]:
    return {str(o.period): o.printed for o in known_observations(app.store, day, "220000", "pm25")}


# -- into the quarantine -----------------------------------------------------------------------------------------


def test_a_refused_row_stands_open_with_all_it_said(app: App, drop: Callable[..., ImportResult]) -> None:
    """File, row, cells, code and the mend in words are kept for each refused row; good rows are not held."""
    assert counts(drop(BAD)) == (1, 0, 0, 2)
    rows = [quarantine_json(r, "en") for r in table.listed(app.store)]
    assert [(r["file"], r["sheet"], r["row"], r["state"]) for r in rows] == [
        ("公报.csv", None, 3, "open"),
        ("公报.csv", None, 4, "open"),
    ]
    assert rows[0]["codes"] == ["region_ambiguous"]
    assert rows[0]["raw"][:4] == ["吉林", "PM2.5", "2022年", "25"]
    assert "Write the full name" in rows[0]["message"]
    assert rows[0]["closed_at"] is None


def test_every_fault_of_a_row_stands_in_one_entry(app: App, drop: Callable[..., ImportResult]) -> None:
    """A wide row of which three months are wrong is one row to mend, with its reasons."""
    drop("地区,指标,年份,单位,1月,2月,3月\n吉林省,优良天数比例,2023,%,90,190,1.2.3\n")
    (row,) = table.listed(app.store)
    assert {r["code"] for r in json.loads(row["reasons"])} >= {"share_over_100"}
    assert len(json.loads(row["reasons"])) == 2


def test_the_rows_under_an_ambiguous_heading_are_held(app: App, drop: Callable[..., ImportResult]) -> None:
    """A table that is refused for its heading is no lost table: each of its rows can be exported."""
    result = drop("地区,时间,PM2.5(µg/m3),细颗粒物浓度(µg/m3)\n吉林省,2023,26,26\n吉林省,2022,27,27\n")
    assert result.refused == 2
    held = [r for r in table.listed(app.store) if r["row"] > 1]
    assert [r["row"] for r in held] == [2, 3]


def test_filters(app: App, drop: Callable[..., ImportResult]) -> None:
    """By a part of the file's name, by reason and by state."""
    drop(BAD)
    drop(BAD.replace("2022年", "2019年"), "另一份.csv")
    assert len(table.listed(app.store, "公报")) == 2
    assert len(table.listed(app.store, None, "region_ambiguous")) == 2
    assert len(table.listed(app.store, "公报", "region_ambiguous", "open")) == 1
    assert table.listed(app.store, state="mended") == []


def test_the_same_bytes_again_hold_nothing_twice(app: App, drop: Callable[..., ImportResult]) -> None:
    """A file imported twice leaves one entry a refused row."""
    drop(BAD)
    drop(BAD)
    assert states(app) == {3: "open", 4: "open"}


# -- mended ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_mended_rows_go_back_to_their_place(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path, suffix: str
) -> None:
    """A mended row goes in under the original file's source, day and row, and is closed by the import that brought it."""
    drop(BAD, source="吉林省公报")
    rows = exported(app, tmp_path, suffix)
    assert rows[0][0] == ID
    assert rows[0][5:] == ["地区", "指标", "时间", "数值", "单位", "发布日期"]
    mend(rows, 3, "地区", "吉林省")
    mend(rows, 4, "数值", "26.5")
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (2, 0, 0, 0)
    assert observed(app) == {"2021": "26", "2022": "25", "2023": "26.5"}
    assert states(app) == {3: "mended", 4: "mended"}
    found = {str(o.period): o for o in known_observations(app.store, date(2026, 12, 1), "220000", "pm25")}
    assert found["2022"].source == "吉林省公报"
    assert found["2022"].known_on == date(2023, 6, 1)
    original, bringing = app.store.rows("SELECT * FROM imports ORDER BY id")
    assert (bringing["file"], Path(bringing["raw_path"]).name) == ("公报.csv", "mended.csv")
    reading = json.loads(bringing["reading"])
    assert reading["mends"] == {
        "import_id": original["id"],
        "file": "mended.csv",
        "quarantine": [r["id"] for r in table.listed(app.store)],
    }
    (place,) = app.store.rows("SELECT row, import_id FROM observed WHERE period = '2022'")
    assert (place["row"], place["import_id"]) == (3, bringing["id"])
    entry = quarantine_json(table.listed(app.store)[0], "en")
    assert (entry["closed_by"], entry["closed_by_file"]) == (bringing["id"], "mended.csv")


def test_the_same_mended_file_twice_changes_nothing(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """Rows that are closed are unchanged; nothing is written."""
    drop(BAD)
    rows = exported(app, tmp_path)
    mend(rows, 3, "地区", "吉林省")
    mend(rows, 4, "数值", "26.5")
    drop(as_csv(rows), "mended.csv", LATER)
    before = dump(app)
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (0, 0, 2, 0)
    assert dump(app) == before


def dump(app: App) -> dict[str, list[tuple[Any, ...]]]:
    """All that an import may write."""
    tables = ("imports", "observations", "issues", "quarantine", "quarantine_events")
    return {t: [tuple(r) for r in app.store.rows(f"SELECT * FROM {t}")] for t in tables}


def test_wrong_again_stays_open_with_the_new_reason(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """A row that is mended wrongly is refused for what is wrong now; its history keeps both."""
    drop(BAD)
    rows = exported(app, tmp_path)
    mend(rows, 3, "地区", "吉林省")
    mend(rows, 4, "数值", "2650")
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (1, 0, 0, 1)
    assert states(app) == {3: "mended", 4: "open"}
    (still,) = table.listed(app.store, state="open")
    assert [r["code"] for r in json.loads(still["reasons"])] == ["out_of_bounds"]
    assert [e["event"] for e in table.events(app.store, still["id"])] == ["refused_again"]
    before = dump(app)
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (0, 0, 1, 1)
    assert dump(app) == before
    rows = exported(app, tmp_path)
    assert "2650" in rows[1][4]
    mend(rows, 4, "数值", "26.5")
    assert counts(drop(as_csv(rows), "mended2.csv", LATER)) == (1, 0, 0, 0)
    assert [e["event"] for e in table.events(app.store, still["id"])] == ["refused_again", "mended"]


def test_a_row_that_nobody_mended_stays_as_it_is(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """An export imported unmended writes nothing; a row left out of the mended file stays open."""
    drop(BAD)
    rows = exported(app, tmp_path)
    before = dump(app)
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (0, 0, 0, 2)
    assert dump(app) == before
    mend(rows, 3, "地区", "吉林省")
    drop(as_csv([r for r in rows if r[3] != "4"]), "mended.csv", LATER)
    assert states(app) == {3: "mended", 4: "open"}


def test_one_of_two_rows_that_contradict_can_be_kept(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """The row that the person left out of the mended file contradicts nothing any more."""
    drop(HEAD + "吉林省,PM2.5,2021年,26,µg/m3,2022-06-01\n吉林省,PM2.5,2021年,29,µg/m3,2022-06-01\n")
    rows = exported(app, tmp_path)
    assert counts(drop(as_csv([r for r in rows if r[3] != "3"]), "mended.csv", LATER)) == (1, 0, 0, 0)
    assert observed(app) == {"2021": "26"}
    assert states(app) == {2: "mended", 3: "open"}


def test_a_mended_row_is_held_against_its_neighbours(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """Mended into a contradiction of a row that went in, it is refused for that, naming the row."""
    drop(BAD)
    rows = exported(app, tmp_path)
    mend(rows, 3, "地区", "吉林省")
    mend(rows, 3, "时间", "2021年")
    mend(rows, 3, "发布日期", "2022-06-01")
    result = drop(as_csv(rows[:2]), "mended.csv", LATER)
    assert [(i.code, i.row, i.params["row"]) for i in result.issues] == [("rows_contradict", 3, 2)]
    assert observed(app) == {"2021": "26"}


def test_title_and_units_of_the_original_still_speak(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """What stood once above the table, its year and unit, need not be written again in the mended row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附表"
    title = (["2023年"], ["PM2.5平均浓度"], ["单位：µg/m3"])
    for row in (*title, ["地区", "1月", "2月"], ["吉林", 40, 38], ["泉州市", 20, 21.5]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert drop(out.getvalue(), "附表.xlsx").refused == 2
    rows = exported(app, tmp_path, ".xlsx")
    assert rows[0][5:] == ["地区", "1月", "2月"]
    mend(rows, 5, "地区", "吉林省")
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (2, 0, 0, 0)
    assert observed(app) == {"2023-01": "40", "2023-02": "38"}


def test_a_mended_heading_frees_its_rows(app: App, drop: Callable[..., ImportResult], tmp_path: Path) -> None:
    """Where the heading was at fault it is mended in the export's own heading."""
    drop("地区,时间,PM2.5(µg/m3),细颗粒物浓度(µg/m3)\n吉林省,2023,26,99\n吉林省,2022,27,99\n")
    rows = [r for r in exported(app, tmp_path) if r[3] != "1"]
    rows[0][-1] = "不用的列"
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (2, 0, 0, 0)
    assert observed(app) == {"2023": "26", "2022": "27"}


def test_rows_of_several_files_are_mended_in_one(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """One export may hold rows of files with different headings; each goes back to its own file."""
    drop(BAD)
    drop("城市,年份,PM2.5(µg/m3)\n吉林,2019,32\n", "宽表.csv")
    rows = exported(app, tmp_path)
    assert rows[0][5:] == ["地区", "指标", "时间", "数值", "单位", "发布日期", "城市", "年份", "PM2.5(µg/m3)"]
    mend(rows, 3, "地区", "吉林省")
    mend(rows, 4, "数值", "26.5")
    mend(rows, 2, "城市", "吉林省")
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (3, 0, 0, 0)
    files = {r["file"] for r in app.store.rows("SELECT file FROM imports WHERE id > 2")}
    assert files == {"公报.csv", "宽表.csv"}


def test_a_name_learnt_later_frees_the_rows_of_the_same_file(
    app: App, drop: Callable[..., ImportResult]
) -> None:
    """The same bytes once more, with a catalogue that knows the name: the row goes in and is closed as mended."""
    drop(BAD)
    (entry,) = [r for r in table.listed(app.store) if r["row"] == 4]
    with app.store.write() as db:
        db.execute(
            "UPDATE quarantine SET row = 2 WHERE id = ?", [entry["id"]]
        )  # as if row 2 had been refused then
        db.execute("DELETE FROM observations")
    drop(BAD)
    assert states(app) == {2: "mended", 3: "open", 4: "open"}


# -- what cannot be mended ---------------------------------------------------------------------------------------


def test_dismissed_with_a_reason_and_never_deleted(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """A dismissed row is closed with its note; it is exported no more and taken no more."""
    drop(BAD)
    rows = exported(app, tmp_path)
    number = int(rows[1][0])
    assert dismiss(app, [number], "重复统计", LATER) == 1
    entry = quarantine_json(table.by_ids(app.store, [number])[0], "zh-CN")
    assert (entry["state"], entry["note"], entry["closed_by"]) == ("dismissed", "重复统计", None)
    assert dismiss(app, [number], "再来", LATER) == 0
    mend(rows, 3, "地区", "吉林省")
    assert counts(drop(as_csv(rows[:2]), "mended.csv", LATER)) == (0, 0, 1, 0)
    assert [r[0] for r in exported(app, tmp_path)[1:]] == [rows[2][0]]


@pytest.mark.parametrize(
    ("ids", "note", "code"), [([99], "因", "quarantine_unknown"), ([1], " ", "quarantine_note_missing")]
)
def test_dismissing_needs_a_row_and_a_reason(
    app: App, drop: Callable[..., ImportResult], ids: list[int], note: str, code: str
) -> None:
    """Without either nothing is closed."""
    drop(BAD)
    with pytest.raises(DabiaoError) as caught:
        dismiss(app, ids, note, NOW)
    assert caught.value.code == code
    assert set(states(app).values()) == {"open"}


def damaged(rows: list[list[str]], how: str) -> list[list[str]]:
    if how == "quarantine_id_wrong":
        rows[1][0] = "9999"
    elif how == "quarantine_id_twice":
        rows[2][0] = rows[1][0]
    else:
        rows = [[*r[:6], *r[7:]] for r in rows]
    return rows


@pytest.mark.parametrize("code", ["quarantine_id_wrong", "quarantine_id_twice", "quarantine_columns"])
def test_a_damaged_export_is_refused_whole(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path, code: str
) -> None:
    """An id that there is not, one that stands twice, a column that is gone: nothing of the file goes in."""
    drop(BAD)
    with pytest.raises(ImportRefused) as caught:
        drop(as_csv(damaged(exported(app, tmp_path), code)), "mended.csv", LATER)
    assert caught.value.code == code
    assert set(states(app).values()) == {"open"}


def test_without_the_kept_original_nothing_is_guessed(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """Where the raw file was changed, its rows cannot go back to their place."""
    drop(BAD)
    rows = exported(app, tmp_path)
    (raw,) = app.paths.raw.glob("*/公报.csv")
    raw.write_text("x")
    with pytest.raises(ImportRefused) as caught:
        drop(as_csv(rows), "mended.csv", LATER)
    assert caught.value.code == "quarantine_raw_missing"


def test_a_long_text_is_read_again_only_at_its_head(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """Of a file of some megabytes the title and heading are read again; the row keeps its place far below."""
    filler = "".join(f"吉林省,PM2.5,2021年,26,µg/m3,2022-06-01,{'填' * 400}\n" for _ in range(1200))
    drop(HEAD.replace("\n", ",备注\n") + filler + "吉林,PM2.5,2022年,25,µg/m3,2023-06-01,\n", "长.csv")
    rows = exported(app, tmp_path)
    assert rows[1][3] == "1202"
    rows[1][rows[0].index("地区")] = "吉林省"
    assert counts(drop(as_csv(rows), "mended.csv", LATER)) == (1, 0, 0, 0)
    (place,) = app.store.rows("SELECT row FROM observed WHERE period = '2022'")
    assert place["row"] == 1202


# -- the export --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_of_an_export_is_run(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path, suffix: str
) -> None:
    """A formula in a refused row is text in the export, and the same text when it comes back."""
    drop(HEAD + '"=HYPERLINK(""http://x"")",PM2.5,2022年,25,µg/m3,2023-06-01\n')
    rows = exported(app, tmp_path, suffix)
    cell = rows[1][rows[0].index("地区")]
    if suffix == ".csv":
        assert cell.startswith("'=")
    else:
        assert cell == '=HYPERLINK("http://x")'
        sheet = openpyxl.load_workbook(tmp_path / "mend.xlsx").active
        assert sheet is not None
        assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} <= {
            "s",
            "inlineStr",
        }
    before = dump(app)
    drop((tmp_path / f"mend{suffix}").read_bytes(), f"back{suffix}", LATER)
    assert dump(app) == before


def test_an_export_of_nothing_and_of_another_kind(app: App, tmp_path: Path) -> None:
    """No row, or a suffix that is no table: said, and no file written."""
    for name, code in (("a.csv", "quarantine_empty"), ("a.pdf", "quarantine_suffix")):
        with pytest.raises(DabiaoError) as caught:
            export(app, tmp_path / name, "en")
        assert caught.value.code == code
        assert not (tmp_path / name).exists()


def test_a_dry_run_of_a_mended_file_keeps_nothing(
    app: App, drop: Callable[..., ImportResult], tmp_path: Path
) -> None:
    """``--dry-run`` says what would become of the rows and leaves them open."""
    drop(BAD)
    rows = exported(app, tmp_path)
    mend(rows, 3, "地区", "吉林省")
    before = dump(app)
    assert counts(drop(as_csv(rows), "mended.csv", LATER, dry_run=True)) == (1, 0, 0, 1)
    assert dump(app) == before


def test_events_name_the_import(app: App, drop: Callable[..., ImportResult], tmp_path: Path) -> None:
    """Each step of a row says when it was, and which import made it."""
    drop(BAD)
    rows = exported(app, tmp_path)
    mend(rows, 3, "地区", "吉林省")
    drop(as_csv(rows), "mended.csv", LATER)
    (entry,) = table.listed(app.store, state="mended")
    (event,) = table.events(app.store, entry["id"])
    bringing: Row = app.store.rows("SELECT * FROM imports ORDER BY id DESC")[0]
    assert (event["event"], event["at"], event["import_id"]) == (
        "mended",
        "2026-11-25T02:00:00Z",
        bringing["id"],
    )
