"""``dabiao derive`` over files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dabiao.cli.derive import derive
from dabiao.cli.output import Format
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.derive.deriving import HourLabel

CLEAN = "8,20,40,20,0.6,90"


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DABIAO_LANG", "en")


def daily(path: Path, first: date, last: date, heading: str = "date,SO2,NO2,PM10,PM2.5,CO,O3_8h") -> Path:
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    path.write_text("\n".join([heading, *(f"{d},{CLEAN}" for d in days)]), "utf-8")
    return path


def rows(capsys: pytest.CaptureFixture[str], path: Path, **options: Any) -> list[dict[str, Any]]:
    capsys.readouterr()
    derive(path, form=Format.JSON, **options)
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def only(
    found: list[dict[str, Any]], indicator: str, subject: str | None = None, **where: Any
) -> dict[str, Any]:
    hits = [
        r for r in found
        if r["indicator"] == indicator and r["subject"] == subject and all(r[k] == v for k, v in where.items())
    ]  # fmt: skip
    assert len(hits) == 1
    return hits[0]


def test_a_year_of_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese headings with units give the same indicators as English ones, as printed and with their sources."""
    heading = "日期,二氧化硫,NO2（μg/m³）,可吸入颗粒物,PM₂.₅,CO(mg/m3),臭氧8小时"
    chinese = daily(tmp_path / "zh.csv", date(2025, 1, 1), date(2025, 12, 31), heading)
    english = daily(tmp_path / "en.csv", date(2025, 1, 1), date(2025, 12, 31))
    found = rows(capsys, chinese)
    assert found == rows(capsys, english)
    mean = only(found, "mean", "PM2.5")
    assert (mean["value"], mean["unit"], mean["count"], mean["valid"], mean["why"]) == (
        "20.0",
        "µg/m3",
        365,
        True,
        [],
    )
    assert mean["certainty"] == "C"
    assert mean["sources"]
    assert "annual statistics come from unrounded days and are rounded once" in mean["unverified"]
    assert only(found, "good_ratio")["value"] == "100.0"
    assert only(found, "ranking_index")["value"] == "2.48"
    assert only(found, "primary_days", "O3_8h")["value"] == "0"


def test_2026_is_labelled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2026 comes as January–February, March–December and twice as a whole; the first two are no valid year."""
    found = rows(capsys, daily(tmp_path / "a.csv", date(2026, 1, 1), date(2026, 12, 31)))
    labels = [
        (r["period"], r["variant"], r["standard"], r["valid"]) for r in found if r["label"] == "PM10 mean"
    ]
    assert labels == [
        ("2026-01/2026-02", "in_force", "HJ633-2012", False),
        ("2026-03/2026-12", "in_force", "HJ633-2026", False),
        ("2026", "whole_year_2012", "HJ633-2012", True),
        ("2026", "whole_year_2026", "HJ633-2026", True),
    ]


def test_a_short_year_is_not_valid_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a year gives means that are not valid, each with what it lacks."""
    found = rows(capsys, daily(tmp_path / "a.csv", date(2025, 1, 1), date(2025, 6, 30)))
    mean = only(found, "mean", "NO2")
    assert mean["valid"] is False
    assert mean["why"][0] == "the year has 181 daily values, 324 are needed"
    assert only(found, "good_ratio")["why"] == [
        "181 of 365 days have an AQI; how many are needed was read nowhere"
    ]


def hourly(path: Path, hours: dict[datetime, str]) -> Path:
    lines = [f"{t:%Y-%m-%d %H:00},{v},{v}" for t, v in hours.items()]
    path.write_text("\n".join(["时间,NO2,O3", *lines]), "utf-8")
    return path


def test_an_hour_belongs_to_the_day_it_ends_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hours from 1:00 to 0:00 are one day by their end; by their start the last of them is of the next day."""
    start = datetime(2025, 6, 1)  # noqa: DTZ001 - Chinese time
    path = hourly(tmp_path / "h.csv", {start + timedelta(hours=i): str(10 * i) for i in range(5, 25)})
    by_end = rows(capsys, path)
    assert (only(by_end, "mean", "NO2")["value"], only(by_end, "mean", "NO2")["count"]) == ("145", 1)
    assert "an hour belongs to the day in which it ends" in only(by_end, "mean", "NO2")["unverified"]
    assert only(by_end, "percentile", "O3")["value"] == "205"
    by_start = rows(capsys, path, hours=HourLabel.START)
    assert [r for r in by_start if r["indicator"] == "mean"] == []  # 19 hours of the day are left


def test_each_place_stands_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows of two cities give two sets of indicators, and a column that means nothing is named."""
    path = tmp_path / "a.csv"
    path.write_text(
        "城市,日期,PM2.5,天气\n甲,2025-01-01,10,晴\n乙,2025/1/1,30,\n甲,2025年1月2日,NA,雨\n", "gb18030"
    )
    derive(path, form=Format.CSV)
    printed = capsys.readouterr()
    found = [r for r in csv.DictReader(io.StringIO(printed.out)) if r["indicator"] == "mean"]
    assert [(r["place"], r["value"]) for r in found] == [("甲", "10.0"), ("乙", "30.0")]
    assert "天气" in printed.err


def test_a_pollutant_never_monitored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without CO there is no AQI below 100, unless CO is declared never monitored; an unknown name is refused."""
    path = tmp_path / "a.csv"
    path.write_text("date,SO2,NO2,PM10,PM2.5,O3_8h\n2025-01-01,8,20,40,20,90\n", "utf-8")
    assert only(rows(capsys, path), "index_days")["value"] == "0"
    assert only(rows(capsys, path, exempt=["CO"]), "index_days")["value"] == "1"
    with pytest.raises(UnknownName):
        derive(path, exempt=["CO2"])


def test_sections_by_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Classes of sections give shares, the river's word and its change; the table says them in words."""
    path = tmp_path / "w.csv"
    lines = [
        f"断面{i},{year},松花江,{c}"
        for year, classes in (("2024年", "Ⅱ类 III 四类 劣Ⅴ 劣五类"), ("2025", "Ⅱ 2 Ⅲ类 IV 3"))
        for i, c in enumerate(classes.split())
    ]
    path.write_text("\n".join(["断面,年份,河流,水质类别", *lines]), "utf-8")
    found = rows(capsys, path)
    assert only(found, "good_share", place="松花江", period="2024")["value"] == "40.0"
    assert only(found, "grade", place="松花江", period="2024")["value"] == "heavy"
    assert only(found, "worse_gone", place=None, period="2025")["value"] is True
    change = only(found, "change", place="松花江", period="2025")
    assert (change["value"], change["unrounded"], change["certainty"]) == ("much_better", "80.000000", "B")
    derive(path)
    assert "markedly better" in capsys.readouterr().out


def test_sections_by_concentration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Months of concentrations give their classes, the main pollutant and, from eight months on, the year."""
    path = tmp_path / "w.csv"
    lines = [f"A,2025-{m:02},7.5,0.4,{'0.15' if m > 8 else '0.06'},湖库" for m in range(1, 13)]
    path.write_text("\n".join(["section,period,pH,氨氮,TP,kind", *lines, "B,2025-01,,,,"]), "utf-8")
    found = rows(capsys, path)
    assert only(found, "section_class", period="2025-12")["value"] == "V"
    assert only(found, "main_pollutants", period="2025-12")["value"] == "TP"
    annual = only(found, "section_class", period="2025")
    assert (annual["value"], annual["valid"]) == ("IV", True)
    assert only(found, "grade", period="2025", place=None)["value"] == "light"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("date,PM2.5\n", "derive_empty"),
        ("date,PM2.5\n2025-01-01,1,2\n", "derive_width"),
        ("date,PM2.5,细颗粒物\n2025-01-01,1,2\n", "derive_same_column"),
        ("date,weather\n2025-01-01,1\n", "derive_nothing"),
        ("day,PM2.5\n2025-01-01,1\n", "derive_no_time"),
        ("date,PM2.5\n2025-02-30,1\n", "derive_time"),
        ("date,hour,PM2.5\n2025-02-03,25,1\n", "derive_time"),
        ("datetime,PM2.5\n2025-02-03 10:30,1\n", "derive_time"),
        ("date,PM2.5\n2025-01-01,low\n", "derive_value"),
        ("date,PM2.5\n2025-01-01,-3\n", "derive_value"),
        ("date,PM2.5\n2025-01-01,1\n2025/1/1,2\n", "derive_twice"),
        ("date,CO(ug/m3)\n2025-01-01,800\n", "derive_unit"),
        ("date,PM2.5\n2025-01-01,1.00000000000000001\n", "derive_too_fine"),
        ("date,O3\n2025-01-01,80\n", "derive_ozone_daily"),
        ("datetime,O3_8h\n2025-01-01 08:00,80\n", "derive_ozone_hourly"),
        ("section,class\nA,I\n", "derive_no_time"),
        ("section,period\nA,2025\n", "derive_nothing"),
        ("section,period,class\nA,2025,VII\n", "derive_class"),
        ("section,period,class\nA,2025-13,I\n", "derive_time"),
        ("section,period,class\nA,2025,I\nA,2025,II\n", "derive_twice"),
        ("section,period,TP\nA,2025,much\n", "derive_value"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """A file that cannot be read without guessing is refused with the reason and, where there is one, the row."""
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DabiaoError) as refused:
        derive(path)
    assert refused.value.code == code
    assert refused.value.params.get("row", 2) in (2, 3)
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is said to be missing."""
    with pytest.raises(DabiaoError, match="There is no file"):
        derive(tmp_path / "none.csv")
