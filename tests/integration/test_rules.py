"""``dabiao rules`` over files, and the rules beside the status of the shipped targets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dabiao import i18n
from dabiao.assess.rules import BY_NAME, RULES
from dabiao.cli.output import Format
from dabiao.cli.rules import apply, list_rules
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.judge import judging
from tests.factories import settings_of
from tests.unit.assess.cases import VECTORS, written

HEAD = "case_id,direction,base_period,base,period,current,target,target_period,limit\n"


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DABIAO_LANG", "en")


def result(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_has_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """Each rule with both names, source and reach, as a table and as JSON."""
    list_rules(Format.JSON)
    rows = json.loads(capsys.readouterr().out)
    assert [r["id"] for r in rows] == list(BY_NAME)
    for row in rows:
        assert list(row)[:5] == ["id", "zh", "en", "source", "applies_to"]
        assert all(row[field] for field in ("zh", "en", "source", "applies_to", "types", "outcomes"))
    list_rules(Format.TABLE)
    assert "时序进度" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["open_sdg_designed_suite", "statcan_sdg_published", "open_sdg_site_tests"])
def test_published_cases_through_a_file(tmp_path: Path, name: str) -> None:
    """What the offices published comes out of the command: ratio to nine places, outcome to the letter."""
    cases = next(g["cases"] for g in VECTORS if g["id"] == name)
    columns = [*HEAD.strip().split(","), "values"]
    with (tmp_path / "cases.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(written(c) for c in cases)
    apply("open_sdg", tmp_path / "cases.csv", tmp_path / "result.csv")
    rows = result((tmp_path / "result.csv").read_text("utf-8"))
    assert [list(r) for r in rows] == [["case_id", "ratio", "outcome"]] * len(cases)
    for row, case in zip(rows, cases, strict=True):
        expected = case["expected"]
        assert (row["case_id"], row["outcome"]) == (case["id"], expected["category"])
        if expected.get("ratio") is None:
            assert row["ratio"] == ""
        else:
            assert float(row["ratio"]) == pytest.approx(float(expected["ratio"]), rel=1e-9, abs=1e-12)


def test_a_rule_over_a_whole_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``values`` gives the series; the latest value and the base are looked up in it where they are not given."""
    text = "case_id,direction,period,target,target_period,values\n"
    text += "a,-1,2020,65,2030,2015:100;2016:98;2017:96;2018:94;2019:92;2020:90;2021:80\n"
    text += "b,lower,,70,2030,2015:100;2016:98;2017:96;2018:94;2019:92;2020:90\n"
    (tmp_path / "cases.csv").write_text(text)
    apply("dns", tmp_path / "cases.csv")
    assert capsys.readouterr().out == "case_id,ratio,outcome\na,0.2,sun_cloud\nb,-0.0,sun\n"
    text = "case_id,direction,base_period,target,target_period,values\nc,-1,2015,70,2030,2015:100;2020:90\n"
    (tmp_path / "cases.csv").write_text(text)
    apply("linear_schedule", tmp_path / "cases.csv")
    assert capsys.readouterr().out == "case_id,ratio,outcome\nc,0.0,on_schedule\n"


def test_milestones_and_attainment_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two more columns for the two rules that need them."""
    text = "case_id,direction,period,current,milestones,attainment\na,-1,2023,33,2022:34;2024:30,0.7\n"
    (tmp_path / "cases.csv").write_text(text)
    apply("issued_milestones", tmp_path / "cases.csv")
    apply("eea", tmp_path / "cases.csv")
    out = capsys.readouterr().out.splitlines()
    assert (out[1], out[3]) == ("a,1.0,reached", "a,0.7,likely")


def test_days_of_a_total_and_three_years_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two columns say how far a total runs; a design value is solved from the two years before its target's."""
    text = "case_id,direction,current,target,days_elapsed,days_total\na,1,150,300,183,366\nb,1,5,0,100,365\n"
    (tmp_path / "cases.csv").write_text(text)
    apply("time_progress", tmp_path / "cases.csv")
    assert capsys.readouterr().out.splitlines()[1:] == ["a,1.0,on_schedule", "b,,not_applicable"]
    text = "case_id,direction,target,target_period,values\na,-1,9.05,2025,2023:13;2024:14.5\n"
    (tmp_path / "cases.csv").write_text(text)
    apply("design_value", tmp_path / "cases.csv")
    (row,) = result(capsys.readouterr().out)
    assert (float(row["ratio"]), row["outcome"]) == (pytest.approx(-0.35), "not_attainable")


@pytest.mark.parametrize(
    ("days", "column"),
    [
        ("x,365", "days_elapsed"),
        ("0,365", "days_elapsed"),
        ("1.5,365", "days_elapsed"),
        (",365", "days_elapsed"),
        ("5,", "days_total"),
        ("366,365", "days_total"),
    ],
)
def test_days_that_cannot_be_are_named(tmp_path: Path, days: str, column: str) -> None:
    """Whole days, both or neither, and no more gone than there are."""
    (tmp_path / "cases.csv").write_text(f"case_id,direction,days_elapsed,days_total\na,1,{days}\n")
    with pytest.raises(DabiaoError) as caught:
        apply("time_progress", tmp_path / "cases.csv")
    assert caught.value.params["column"] == column


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a,,2020,40,2022,36,30,2025,", "direction"),
        ("a,down,2020,40,2022,36,30,2025,", "direction"),
        ("a,-1,2020,forty,2022,36,30,2025,", "base"),
        ("a,-1,2020,40,2022,nan,30,2025,", "current"),
        ("a,-1,2020-21,40,2022,36,30,2025,", "base_period"),
        ("a,-1,2020,40,2022,36,30,soon,", "target_period"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, row: str, column: str) -> None:
    """A direction is never guessed; row, column, text and mend are said, and nothing is written."""
    (tmp_path / "cases.csv").write_text(HEAD + "good,-1,2020,40,2022,36,30,2025,\n" + row + "\n")
    with pytest.raises(DabiaoError) as caught:
        apply("linear_schedule", tmp_path / "cases.csv", tmp_path / "result.csv")
    assert (caught.value.code, caught.value.params["row"], caught.value.params["column"]) == (
        "case_wrong",
        3,
        column,
    )
    assert str(caught.value)
    assert not (tmp_path / "result.csv").exists()


@pytest.mark.parametrize("values", ["2016", "2016:1;2016:2", "x:1", "2016:x"])
def test_a_series_that_cannot_be_read_is_named(tmp_path: Path, values: str) -> None:
    """Each year stands once with its value."""
    (tmp_path / "cases.csv").write_text(f"case_id,direction,values\na,-1,{values}\n")
    with pytest.raises(DabiaoError) as caught:
        apply("dns", tmp_path / "cases.csv")
    assert caught.value.params["column"] == "values"


@pytest.mark.parametrize(
    ("text", "code"),
    [(None, "file_missing"), ("case_id,base\n", "case_columns_missing"), ("\xff", "table_unreadable")],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str | None, code: str) -> None:
    """A missing, incomplete or differently encoded file is refused by name."""
    if text is not None:
        (tmp_path / "cases.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(DabiaoError) as caught:
        apply("dns", tmp_path / "cases.csv")
    assert caught.value.code == code


def test_an_unknown_rule_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """The names are given."""
    with pytest.raises(UnknownName) as caught:
        apply("linear", tmp_path / "cases.csv")
    assert "linear_schedule" in str(caught.value)


def test_every_rule_stands_beside_the_shipped_targets(walked_app: App, now: datetime) -> None:
    """Each judged target has every rule with a sentence in both languages, finite figures, and one that decides."""
    verdicts = judging.judge(walked_app, walked_app.today(now), now)
    judged = [v for v in verdicts if v.assessment.rules]
    assert judged
    for v in judged:
        for lang in i18n.LANGS:
            rows = status_json(walked_app, v, lang)["rules"]
            assert [r["rule"] for r in rows] == [r.name for r in RULES]
            assert [r["rule"] for r in rows if r["decides"]] == ["linear_schedule"]
            assert json.dumps(rows, allow_nan=False)
            assert all(r["says"] and r["source"] for r in rows)
            assert all(r["outcome"] in BY_NAME[r["rule"]].outcomes for r in rows)


def test_the_setting_names_the_rules_that_decide(walked_app: App, now: datetime) -> None:
    """With no rule named, no target is at risk because rules disagree."""
    free = replace(walked_app, settings=settings_of(walked_app.paths.home, deciding_rules=""))
    found = judging.judge(free, free.today(now), now)
    assert not [v for v in found if v.assessment.reason == "rules_disagree"]
    assert not [r for v in found for r in v.assessment.rules if r.decides]
