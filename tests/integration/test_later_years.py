"""Months of the year in progress and the forecasts of later years, through the store."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from dabiao.forecast import carried
from dabiao.forecast import in_year as model
from dabiao.services.app import App
from dabiao.services.judge import part_year, running
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict, judge
from dabiao.services.judge.moved_said import unmoved
from dabiao.store.observations import places_with
from tests.integration.test_decisions import correct
from tests.integration.test_part_year import DAY, TARGET, bring, months

LATER = "2027"


def verdict(app: App, now: datetime, day: date = DAY) -> Verdict:
    (found,) = judge(app, day, now, only=lambda d: d.target.id == TARGET)
    return found


@pytest.fixture
def later(walked_app: App) -> App:
    """The bundled store, the target due two years after the year in progress."""
    correct(walked_app, "2022-01-01", key=TARGET, deadline=LATER)
    return walked_app


def test_months_move_the_later_years(later: App, tmp_path: Path, now: datetime) -> None:
    """With months of the annual series' basis the forecast of a later year is the annual one moved, and says so in words."""
    alone = verdict(later, now).assessment
    assert alone.forecast is not None
    bring(later, tmp_path, now, months())
    v = verdict(later, now)
    f = v.assessment.forecast
    assert f is not None
    assert (f.model, f.last_period) == (carried.NAME, "2025-09")
    assert f.steps[0].period == "2025"
    assert model.version() in f.model_version
    assert alone.forecast.model_version in f.model_version
    before = unmoved(later, v)
    assert before is not None
    assert (before.vintage, list(before.steps)) == (alone.forecast.vintage, list(alone.forecast.steps))
    assert v.assessment.attainment != alone.attainment
    for lang, word in (
        ("zh-CN", "已用 2025 年截至2025 年 9 月的月度数据"),
        ("en", "Months of 2025 up to September 2025 are used"),
    ):
        said = [line for _, lines in explanation(later, v, lang) for line in lines]
        assert sum(word in line for line in said) == 1, said


def test_worse_months_never_raise_a_later_chance(later: App, tmp_path: Path, now: datetime) -> None:
    """The attainment of 2027 falls as a month of 2025 rises."""
    found = []
    for number, last in enumerate((8.0, 16.0, 40.0)):
        bring(later, tmp_path, now, {**months(), "2025-09": last}, source=f"测试{number}")
        found.append(verdict(later, now).assessment.attainment or 0.0)
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


def test_as_of_says_what_was_said_of_later_years(later: App, tmp_path: Path, now: datetime) -> None:
    """What later months bring changes no digit of an earlier day, whether its parts were kept or are fitted again."""
    bring(later, tmp_path, now, months())
    june = date(2025, 6, 10)
    said = verdict(later, now, june).assessment
    assert part_year.keep(later, june, now) == 1
    bring(later, tmp_path, now, {"2025-10": 30.0, "2025-11": 35.0}, source="测试后来")
    again = verdict(later, now, june).assessment
    assert said.forecast is not None
    assert said.forecast.last_period == "2025-05"
    assert (again.attainment, again.forecast) == (said.attainment, said.forecast)
    assert verdict(later, now, date(2025, 12, 10)).assessment.attainment != said.attainment


def test_months_of_another_basis_move_nothing(later: App, tmp_path: Path, now: datetime) -> None:
    """Months at standard conditions leave the forecast of a later year to the annual series."""
    alone = verdict(later, now).assessment
    bring(later, tmp_path, now, months(), condition="standard")
    again = verdict(later, now).assessment
    assert (again.attainment, again.forecast) == (alone.attainment, alone.forecast)


def test_only_places_with_parts_of_years_are_asked_for_them(
    later: App, tmp_path: Path, now: datetime
) -> None:
    """Of a place with annual values alone no month is looked for; figures to date are parts of a year too."""
    guixi = ("360681", "pm25")
    places = {guixi, ("350500", "pm25"), ("350500", "nothing")}
    bring(later, tmp_path, now, {"2024": 20.0}, region=guixi[0])
    assert places_with(later.store, places, running.PARTS) == {("350500", "pm25")}
    bring(later, tmp_path, now, {"2025-01/2025-03": 20.0}, region=guixi[0], source="测试二")
    assert places_with(later.store, places, running.PARTS) == {guixi, ("350500", "pm25")}
