"""``dabiao derive`` into the store, and what can be asked of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dabiao.cli.derivations import list_derivations, show_derivation
from dabiao.cli.derive import derive
from dabiao.cli.output import Format
from dabiao.domain.assessment import Provisional, Reason, Status
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.app import App
from dabiao.services.derive.trace import brief
from dabiao.services.judge.judging import judge
from dabiao.store.observations import known_observations
from tests.conftest import NOW
from tests.unit.services.derive_cases import days_of, tell

HEADING = ["日期", "SO2", "NO2", "PM10", "PM2.5", "CO(mg/m3)", "O3_8h"]
CLEAN = [8, 20, 40, 20, 0.6, 90]


@pytest.fixture(autouse=True)
def home(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's own store, in English."""
    monkeypatch.setenv("DABIAO_HOME", str(app.paths.home))
    monkeypatch.setenv("DABIAO_LANG", "en")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """What a command prints as JSON."""

    def run(command: Callable[..., None], *given: Any, **more: Any) -> Any:
        capsys.readouterr()
        command(*given, form=Format.JSON, **more)
        return json.loads(capsys.readouterr().out)

    return run


def workbook(path: Path, *, title: bool = True) -> Path:
    """A year of days in a workbook, under a title line, with dates as dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append(["2025年空气质量日报"])
    sheet.append(HEADING)
    for n in range(365):
        sheet.append([datetime(2025, 1, 1) + timedelta(days=n), *CLEAN])  # noqa: DTZ001 - as a spreadsheet has it
    book.save(path)
    return path


def one(rows: list[dict[str, Any]], indicator: str, period: str) -> dict[str, Any]:
    (found,) = [r for r in rows if (r["indicator"], r["period"]) == (indicator, period)]
    return found


def test_a_workbook_is_printed_as_a_csv_is(tmp_path: Path, said: Callable[..., Any]) -> None:
    """An .xlsx with a title line gives the same indicators as the text of its cells."""
    book = workbook(tmp_path / "a.xlsx")
    lines = [",".join(HEADING), *(f"{d}," + ",".join(map(str, CLEAN)) for d in days_of(2025))]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    assert said(derive, book) == said(derive, tmp_path / "a.csv")


def test_hours_of_a_workbook_are_hours(tmp_path: Path, said: Callable[..., Any]) -> None:
    """A column of dates with times of day is one of hours; midnight among them ends the day before."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["时间", "NO2"])
    for n in range(5, 25):
        sheet.append([datetime(2025, 6, 1) + timedelta(hours=n), 10 * n])  # noqa: DTZ001
    book.save(tmp_path / "h.xlsx")
    found = [r for r in said(derive, tmp_path / "h.xlsx") if r["indicator"] == "mean"]
    assert [(r["value"], r["count"]) for r in found] == [("145", 1)]


def test_a_file_is_stored_and_derived_at_once(app: App, tmp_path: Path, said: Callable[..., Any]) -> None:
    """With --store the values and what is derived of them are there; the same file again changes nothing."""
    path = workbook(tmp_path / "a.xlsx")
    rows = said(derive, path, store=True, region="吉林市", published="2026-01-10")
    found = one(rows, "pm25", "2025")
    assert (found["value"], found["outcome"], found["known_on"]) == (20.0, "valid", "2026-01-10")
    assert {(s["indicator"], s["count"]) for s in found["inputs"]} == {("pm25", 365)}
    before = app.store.row("SELECT last FROM id_counters WHERE name = 'observations'")
    assert said(derive, path, store=True, region="吉林市", published="2026-01-10") == rows
    assert tuple(app.store.row("SELECT last FROM id_counters WHERE name = 'observations'") or ()) == tuple(
        before or ()
    )
    assert said(derive)[0]["derived"] == 0


def test_cities_and_sites_of_a_file_are_told_apart(
    app: App, tmp_path: Path, said: Callable[..., Any]
) -> None:
    """Rows are filed under their cities, each site a series of its own, and a city is the mean of its sites."""
    lines = [f"{city},{site},{d},{v}" for d in days_of(2025)[:31]
             for city, site, v in (("吉林市", "甲", 20), ("吉林市", "乙", 30), ("长春", "", 40))]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join(["城市,站点,日期,PM2.5", *lines]), "utf-8")
    rows = said(derive, tmp_path / "a.csv", store=True)
    assert {(r["region_id"], r["value"]) for r in rows if r["period"] == "2025-01"} == {
        ("220200", 25.0),
        ("220100", 40.0),
    }


def test_classes_of_sections_are_stored(tmp_path: Path, said: Callable[..., Any]) -> None:
    """Classes in words become shares; a file of concentrations alone is refused."""
    lines = [f"断面{n},2025,{c}" for n, c in enumerate(["Ⅱ", "Ⅲ类", "劣Ⅴ", "4"])]
    path = tmp_path / "w.csv"
    path.write_text("\n".join(["断面,年份,水质类别", *lines]), "utf-8")
    rows = said(derive, path, store=True, region="220200")
    assert one(rows, "surface_water_good_ratio", "2025")["value"] == 50.0
    path.write_text("断面,年份,TP\nA,2025,0.1\n", "utf-8")
    with pytest.raises(DabiaoError) as refused:
        derive(path, store=True, region="220200")
    assert refused.value.code == "derive_classes_only"


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("日期,PM2.5\n2025-01-01,8\n", None, "derive_no_region"),
        ("城市,日期,PM2.5\n无此城,2025-01-01,8\n", None, "filter_unknown"),
        ("日期,PM2.5\n2025-01-01,少\n", "吉林市", "derive_value"),
        ("日期,O3\n2025-01-01,8\n", "吉林市", "derive_ozone_daily"),
    ],
)
def test_a_wrong_file_stores_nothing(
    app: App, tmp_path: Path, text: str, region: str | None, code: str
) -> None:
    """Whose values they are must be known, and every cell be a number; else nothing goes in."""
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DabiaoError) as refused:
        derive(path, store=True, region=region)
    assert refused.value.code == code
    assert app.store.rows("SELECT 1 FROM observations") == []


def test_a_value_can_be_traced(
    app: App, tmp_path: Path, said: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """From an observation to its inputs, rules with sources and the day it was known; one that is not derived is refused."""
    said(derive, workbook(tmp_path / "a.xlsx"), store=True, region="吉林市", published="2026-01-10")
    found = one(
        said(list_derivations, region="吉林市", indicator="good_day_ratio", as_of="2026-02-01"),
        "good_day_ratio",
        "2025",
    )
    assert (found["standard"], found["certainty"], len(found["inputs"])) == ("HJ633-2012", "C", 6)
    assert said(show_derivation, found["observation"]) == found
    show_derivation(found["observation"])
    text = capsys.readouterr().out
    assert "computed here, not published" in text
    assert "2025-01-01 to 2025-12-31, 365 values" in text
    assert "HJ 633-2012 table 1, 4.2–4.4, 5.1.2, 6.2" in text
    assert said(list_derivations, region="吉林市", as_of="2026-01-09") == []
    chosen = {o.id: o for o in known_observations(app.store, date(2026, 11, 21), "220200")}
    assert f"dabiao derivations show {found['observation']} has" in brief(
        app, chosen[found["observation"]], "en"
    )
    assert brief(app, chosen[1], "en") == ""
    with pytest.raises(UnknownName):
        show_derivation(1)


def annual(app: App, known_on: str, days: Callable[[int], list[str]]) -> None:
    for year in range(2019, 2026):
        tell(app, "pm25", dict.fromkeys(days(year), str(45 - year % 100)), known_on, region="220000")


def test_targets_are_judged_by_derived_values_and_stay_provisional(app: App) -> None:
    """Days of a place without published values give its series; what they decide is provisional, as computed here."""
    from dabiao.services.derive.derived import derive as derive_all

    annual(app, "2026-01-05", days_of)
    derive_all(app, NOW)
    verdicts = {v.declared.target.id: v.assessment for v in judge(app, date(2026, 11, 21), NOW)}
    basis = {a.basis.authority for a in verdicts.values() if a.basis}
    assert basis == {"derived"}
    decided = [a for a in verdicts.values() if a.decided_by is not None]
    assert all(Provisional.DERIVED in a.provisional for a in decided)


def test_years_that_are_not_valid_say_so(app: App) -> None:
    """A target with no other value than years of too few days is without data, for that reason, and names the year."""
    from dabiao.services.derive.derived import derive as derive_all

    annual(app, "2026-01-05", lambda year: days_of(year)[:300])
    derive_all(app, NOW)
    (a,) = [
        v.assessment for v in judge(app, date(2026, 11, 21), NOW, lambda d: d.target.id == "jilin-2024-pm25")
    ]
    assert (a.status, a.reason, a.params["last"]) == (Status.NO_DATA, Reason.NOT_VALID, "2025")
    values = [
        o.value
        for o in known_observations(app.store, date(2026, 11, 21), "220000", "pm25")
        if str(o.period) == "2025"
    ]
    assert values == [None]
