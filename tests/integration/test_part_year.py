"""The year in progress through the store: the verdict, what is kept, the commands, and that a scenario leaves no trace."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dabiao.cli import scenario as commands
from dabiao.cli.output import Format
from dabiao.domain.period import Period
from dabiao.errors import DabiaoError
from dabiao.forecast import in_year as model
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import in_year, part_year, scenario
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict, judge
from dabiao.services.judge.part_year_said import facts_of, part_year_json
from dabiao.services.judge.scenario import Supposed

TARGET = "quanzhou-2022-pm25"  # < 19.2 µg/m³ by 2025; the third-party annual series stands in
DAY = date(2025, 10, 10)
SEASON = (24, 22, 24, 22, 20, 16, 14, 14, 16, 19, 21, 23)
COLUMNS = [
    "region",
    "indicator",
    "period",
    "value",
    "unit",
    "tier",
    "state",
    "dust",
    "condition",
    "source",
    "published",
]


def bring(app: App, folder: Path, now: datetime, periods: Mapping[str, float], **more: str) -> None:
    """Import third-party PM2.5 of Quanzhou, known on the day after its period."""
    path = folder / f"{'-'.join(more.values()) or 'months'}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for period, value in periods.items():
            known = date.fromordinal(Period.parse(period).end.toordinal() + 1)
            row = {
                "region": "350500",
                "indicator": "pm25",
                "unit": "µg/m3",
                "tier": "third_party",
                "state": "final",
            }
            row |= {
                "dust": "included",
                "condition": "actual",
                "source": "测试",
                "published": known.isoformat(),
            }
            writer.writerow({**row, "period": period, "value": f"{value:.1f}", **more})
    assert import_file(app, path, now=now).refused == 0


def months(first: int = 2022, until: str = "2025-09", level: float = 1.0) -> dict[str, float]:
    found = {}
    for year in range(first, 2026):
        for m, value in enumerate(SEASON, start=1):
            if f"{year}-{m:02d}" <= until:
                found[f"{year}-{m:02d}"] = value * level * (1 + 0.01 * (2025 - year))
    return found


def verdict(app: App, now: datetime, day: date = DAY, target: str = TARGET) -> Verdict:
    return judge(app, day, now, only=lambda d: d.target.id == target)[0]


@pytest.fixture
def filled(walked_app: App, tmp_path: Path, now: datetime) -> App:
    """The bundled store with months of Quanzhou of the annual series' own basis."""
    bring(walked_app, tmp_path, now, months())
    return walked_app


def test_the_verdict_takes_the_year_in_progress(filled: App, now: datetime) -> None:
    """In the deadline's year, with months of the annual series' basis, the in-year forecast decides the status; the month
    before any of them it is the annual one.
    """
    a = verdict(filled, now).assessment
    assert a.forecast is not None
    assert (a.forecast.model, a.forecast.last_period) == (model.NAME, "2025-09")
    assert [s.period for s in a.forecast.steps] == ["2025"]
    before = verdict(filled, now, date(2025, 1, 15)).assessment
    assert before.forecast is not None
    assert before.forecast.model != model.NAME
    assert a.attainment != before.attainment


def test_the_attainment_is_monotone_in_the_months(walked_app: App, tmp_path: Path, now: datetime) -> None:
    """A better September never lowers the probability."""
    found = []
    for number, last in enumerate((40.0, 16.0, 8.0)):
        bring(walked_app, tmp_path, now, {**months(), "2025-09": last}, source=f"测试{number}")
        found.append(verdict(walked_app, now).assessment.attainment or 0.0)
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_months_of_another_basis_are_never_joined(walked_app: App, tmp_path: Path, now: datetime) -> None:
    """Months at standard conditions do not enter a series at actual ones: the annual forecast stays, and the panel says why."""
    bring(walked_app, tmp_path, now, months(), condition="standard")
    v = verdict(walked_app, now)
    assert v.assessment.forecast is not None
    assert v.assessment.forecast.model != model.NAME
    assert part_year.part_year(walked_app, v).why in ("other_basis", "annual_only", "none_of_year")


def test_months_that_do_not_state_their_basis_need_a_bridge(
    walked_app: App, tmp_path: Path, now: datetime
) -> None:
    """Unstated dust and gas state contradict nothing, but enter only once an earlier year holds months against annual figure."""
    unstated = {"dust": "", "condition": ""}
    bring(walked_app, tmp_path, now, months(first=2025), **unstated)
    assert verdict(walked_app, now).assessment.forecast.model != model.NAME  # type: ignore[union-attr]
    bring(walked_app, tmp_path, now, months(first=2023, until="2024-12"), **unstated, source="测试二")
    a = verdict(walked_app, now).assessment
    assert a.forecast is not None
    assert a.forecast.model == model.NAME
    assert a.forecast.params["bridge_years"] == 2


def test_it_is_stored_and_found_again(filled: App, now: datetime) -> None:
    """The job keeps the forecast once; the verdict then carries the stored one, to the digit, and a new month makes another."""
    fresh = verdict(filled, now).assessment.forecast
    assert fresh is not None
    assert fresh.id == 0
    assert part_year.keep(filled, DAY, now) == 1
    assert part_year.keep(filled, DAY, now) == 0
    stored = verdict(filled, now).assessment.forecast
    assert stored is not None
    assert stored.id > 0
    assert list(stored.steps) == list(fresh.steps)
    assert dict(stored.params) == dict(fresh.params)
    earlier = verdict(filled, now, date(2025, 9, 10)).assessment.forecast
    assert earlier is not None
    assert (earlier.last_period, earlier.id) == ("2025-08", 0)
    assert part_year.keep(filled, date(2025, 9, 10), now) == 1


def test_as_of_says_what_was_said(filled: App, tmp_path: Path, now: datetime) -> None:
    """What later months and other places bring changes nothing of an earlier day."""
    said = verdict(filled, now, date(2025, 6, 10)).assessment
    bring(filled, tmp_path, now, {"2025-10": 30.0, "2025-11": 35.0}, source="测试后来")
    again = verdict(filled, now, date(2025, 6, 10)).assessment
    assert (again.attainment, again.forecast) == (said.attainment, said.forecast)


def test_the_panel_of_a_deciding_year(filled: App, now: datetime) -> None:
    """Figure to date, required value and probability of the verdict stand side by side, in JSON as in words."""
    v = verdict(filled, now)
    view = part_year.part_year(filled, v)
    found = part_year_json(filled, view, "en")
    assert found["attainment"] == v.assessment.attainment
    assert (found["held_against"], found["makeup"], found["why"]) == ("target", "mean", None)
    assert found["to_date"]["days_known"] == 273
    known = sum(
        m["value"] * Period.parse(m["period"]).days for m in found["months"] if m["value"] is not None
    )
    assert found["to_date"]["value"] == pytest.approx(known / 273)
    required = found["required"]["at_most"]
    assert (known + required * 92) / 365 < 19.15 <= (known + (required + 0.1) * 92) / 365
    assert [r["year"] for r in found["reached"]] == [2024, 2023, 2022]
    for lang in ("zh-CN", "en"):
        assert {f.name for f in facts_of(filled, view, lang)} >= {
            "held",
            "to_date",
            "required",
            "path",
            "attainment",
        }
        assert any("92" in line for _, lines in explanation(filled, v, lang) for line in lines)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("jilin-2024-nonfossil", "not_numeric"),
        ("jilin-2024-nev-share", "not_made_of_parts"),
        ("quanzhou-2022-surface-water", "other_basis"),
        ("jilin-2024-pm25", "none_of_year"),
        ("panshi-2022-heavy-days", "annual_only"),
    ],
)
def test_where_there_is_no_panel_it_says_why(
    walked_app: App, now: datetime, target: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No panel without a reason in words; JSON has every field, empty."""
    view = part_year.part_year(walked_app, verdict(walked_app, now, target=target))
    assert (view.panel, view.why) == (None, why)
    found = part_year_json(walked_app, view, "en")
    assert found["why"] == why
    assert found["says"][0]["text"]
    assert found["required"] is found["to_date"] is found["attainment"] is None


def test_past_deadlines_are_held_for_orientation(walked_app: App, now: datetime) -> None:
    """After the deadline the year is held against the old target, says so, and changes no status."""
    v = verdict(walked_app, now, date(2026, 11, 21), "huimin-2022-pm25")
    view = part_year.part_year(walked_app, v)
    assert view.panel is not None
    assert (view.year, str(view.panel.goal.held)) == (2026, "past")
    assert str(view.panel.known.last) == "2026-01/2026-10"
    assert v.assessment.attainment is None


# -- scenarios -------------------------------------------------------------------------------------------------------


def dump(app: App) -> list[str]:
    """Every row of the store."""
    with sqlite3.connect(app.store.path) as db:
        return list(db.iterdump())


def test_a_scenario_leaves_the_store_as_it_was(filled: App, now: datetime) -> None:
    """Whatever is supposed, not one row of the store changes."""
    before = dump(filled)
    v = verdict(filled, now)
    for supposed in (
        Supposed(rest=True),
        Supposed(rest=True, better=Decimal(5)),
        Supposed({Period.parse("2025-10"): Decimal(12)}),
        Supposed({Period.parse("2025-Q4"): Decimal(40)}),
    ):
        scenario.says(filled, scenario.scenario(filled, v, supposed), "en")
    assert dump(filled) == before


def test_as_last_year_gives_the_years_value(filled: App, now: datetime) -> None:
    """The rest as in the year before, every day counted; 5 % better is 5 % less in those months."""
    v = verdict(filled, now)
    values = {p: round(x, 1) for p, x in months(until="2025-12").items()}

    def year(factor: float) -> float:
        total = 0.0
        for m in range(1, 13):
            own = values[f"2025-{m:02d}"] if m <= 9 else values[f"2024-{m:02d}"] * factor
            total += own * Period.month_of(2025, m).days
        return total / 365

    plain = scenario.scenario(filled, v, Supposed(rest=True))
    better = scenario.scenario(filled, v, Supposed(rest=True, better=Decimal(5)))
    assert float(plain.value or 0) == pytest.approx(year(1.0))
    assert float(better.value or 0) == pytest.approx(year(0.95))
    assert plain.meets is (round(year(1.0), 1) < 19.2)


def test_exactly_the_required_value_meets_and_one_step_more_misses(filled: App, now: datetime) -> None:
    """What the panel requires of the rest is what a scenario needs to meet the target."""
    v = verdict(filled, now)
    required = part_year.part_year(filled, v).panel.required  # type: ignore[union-attr]
    assert required is not None
    assert required.at_most is not None
    quarter = Period.parse("2025-Q4")
    for value, does in ((required.at_most, True), (required.at_most + Decimal("0.1"), False)):
        assert scenario.scenario(filled, v, Supposed({quarter: value})).meets is does


def test_what_is_typed_counts_as_observed_and_the_rest_is_forecast(filled: App, now: datetime) -> None:
    """Attainment given the typed months: a bad October lowers it, a good one raises it, and the year stays open."""
    v = verdict(filled, now)
    october = Period.parse("2025-10")
    bad, good = (scenario.scenario(filled, v, Supposed({october: Decimal(x)})) for x in (45, 8))
    assert bad.value is good.value is None
    assert bad.attainment is not None
    assert good.attainment is not None
    assert v.assessment.attainment is not None
    assert bad.attainment < v.assessment.attainment < good.attainment
    assert bad.view.forecast is not None
    assert bad.view.forecast.last_period == "2025-10"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"2025-09": "12"}, "scenario_month_known"),
        ({"2026-01": "12"}, "scenario_month_wrong"),
        ({"2025-10": "-1"}, "scenario_value_wrong"),
        ({"2025-10": "NaN"}, "scenario_value_wrong"),
        ({"2025-10": "12", "2025-Q4": "13"}, "scenario_month_twice"),
    ],
)
def test_what_cannot_be_supposed_is_refused(
    filled: App, now: datetime, typed: dict[str, str], code: str
) -> None:
    """A scenario changes no observation and takes no impossible value."""
    supposed = Supposed({Period.parse(p): Decimal(x) for p, x in typed.items()})
    with pytest.raises(DabiaoError) as error:
        scenario.scenario(filled, verdict(filled, now), supposed)
    assert error.value.code == code


def test_no_last_year_no_scenario_as_last_year(walked_app: App, tmp_path: Path, now: datetime) -> None:
    """Months that last year does not have are named, not guessed."""
    bring(walked_app, tmp_path, now, months(first=2025))
    with pytest.raises(DabiaoError) as error:
        scenario.scenario(walked_app, verdict(walked_app, now), Supposed(rest=True))
    assert error.value.code == "scenario_no_last_year"


@pytest.fixture
def commanded(filled: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The commands over the filled store."""
    monkeypatch.chdir(filled.paths.home)
    monkeypatch.setenv("DABIAO_HOME", str(filled.paths.home))
    monkeypatch.setenv("DABIAO_LANG", "en")
    return filled


def test_the_commands(commanded: App, capsys: pytest.CaptureFixture[str]) -> None:
    """Each prints its listing in every format; a scenario says that it is one, in both languages."""
    commands.part_year(TARGET, DAY.isoformat(), Format.JSON)
    (found,) = json.loads(capsys.readouterr().out)
    assert found["target_id"] == TARGET
    commands.part_year(TARGET, DAY.isoformat(), Format.TABLE)
    assert "Required of the rest" in capsys.readouterr().out
    commands.scenario(TARGET, None, "5%", ["2025-10=12"], DAY.isoformat(), Format.JSON)
    (found,) = json.loads(capsys.readouterr().out)
    assert found["scenario"] is True
    assert [s["typed"] for s in found["supposed"]] == [True, False, False]
    assert isinstance(found["meets"], bool)
    commands.scenario(TARGET, "as-last-year", None, None, DAY.isoformat(), Format.CSV)
    assert capsys.readouterr().out.startswith("scenario,supposed")
    commands.scenario(TARGET, None, None, ["2025-10=12"], DAY.isoformat(), Format.TABLE)
    assert capsys.readouterr().out.startswith("Scenario (supposed, not observed, never stored)")


@pytest.mark.parametrize(
    ("month", "better", "code"),
    [
        (["October"], None, "scenario_month_unreadable"),
        ([], "much", "scenario_better_wrong"),
        ([], "120%", "scenario_better_wrong"),
    ],
)
def test_wrong_words_are_refused(commanded: App, month: list[str], better: str | None, code: str) -> None:
    """What cannot be read is named, with how to write it."""
    with pytest.raises(DabiaoError) as error:
        commands.scenario(TARGET, None, better, month, DAY.isoformat(), Format.JSON)
    assert error.value.code == code


def test_a_deadline_within_a_year_has_no_whole_year() -> None:
    """Only a target on a whole year has a part-year."""

    class Dated:
        def __init__(self, deadline: str | None) -> None:
            self.deadline = deadline

    asked = [in_year.whole_year(Dated(d)) for d in ("2025", "2025-12", "2025-12-31", "2025-06", None)]  # type: ignore[arg-type]
    assert asked == [2025, 2025, 2025, None, None]
