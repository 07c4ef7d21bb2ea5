"""The year in progress of a target that takes several places together: their mean or their total."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dabiao.domain.period import Period
from dabiao.forecast import carried
from dabiao.forecast import in_year as model
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import part_year, scenario
from dabiao.services.judge.judging import Verdict, judge
from dabiao.services.judge.part_year_said import facts_of, part_year_json
from dabiao.services.judge.scenario import Supposed
from tests.integration.test_decisions import MEMBERS, correct

GROUP = "yingtan-2021-pm25-guixi-yujiang-longhushan"
PLACES = {"贵溪市": 1.2, "余江区": 1.0, "龙虎山景区": 0.8}
SEASON = (40, 36, 34, 28, 24, 20, 17, 18, 22, 27, 33, 39)
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def value(place: str, year: int, month: int) -> float:
    return round(SEASON[month - 1] * PLACES[place] * (1 + 0.03 * (2026 - year)), 1)


def bring(app: App, folder: Path, rows: list[tuple[str, str, float, str]]) -> None:
    """Import official values: place, period, value, day of publication."""
    path = folder / f"values-{len(list(folder.glob('*.csv')))}.csv"
    lines = ["region,indicator,period,value,unit,source,published"]
    lines += [f"{place},PM2.5,{period},{number},µg/m3,公报,{day}" for place, period, number, day in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    result = import_file(app, path, now=NOW)
    assert result.refused == 0, result.issues


def years(place: str, until: int = 2025) -> list[tuple[str, str, float, str]]:
    """Annual values, each public in June of the year after."""
    return [
        (place, str(y), round(sum(value(place, y, m) for m in range(1, 13)) / 12, 1), f"{y + 1}-06-05")
        for y in range(2017, until + 1)
    ]


def months(place: str, until: str = "2026-10") -> list[tuple[str, str, float, str]]:
    """Months from 2023 on, each public a week after its end."""
    found = []
    for year in range(2023, 2027):
        for m in range(1, 13):
            period = Period.month_of(year, m)
            if str(period) <= until:
                day = date.fromordinal(period.end.toordinal() + 7).isoformat()
                found.append((place, str(period), value(place, year, m), day))
    return found


def verdict(app: App, day: date = DAY) -> Verdict:
    (found,) = judge(app, day, NOW, only=lambda d: d.target.id == GROUP)
    return found


def due(app: App, deadline: str, together: str = "mean", number: int = 28) -> None:
    correct(app, "2022-01-01", key=GROUP, deadline=deadline, together=together, value=number)


@pytest.fixture
def filled(app: App, tmp_path: Path) -> App:
    bring(app, tmp_path, [row for place in PLACES for row in (*years(place), *months(place))])
    return app


def to_date(together: str) -> float:
    """The figure of January to October 2026 by hand."""
    days = [Period.month_of(2026, m).days for m in range(1, 11)]
    by_month = [sum(value(place, 2026, m) for place in PLACES) for m in range(1, 11)]
    total = sum(v * d for v, d in zip(by_month, days, strict=True)) / sum(days)
    return total / len(PLACES) if together == "mean" else total


@pytest.mark.parametrize(("together", "goal"), [("mean", 28), ("total", 84)])
def test_months_are_taken_together(filled: App, together: str, goal: int) -> None:
    """Figure to date, 同比 and required value are those of the members' months taken together, and the forecast stands beside."""
    due(filled, "2026", together, goal)
    v = verdict(filled)
    view = part_year.part_year(filled, v)
    found = part_year_json(filled, view, "en")
    assert (found["together"], found["members"], found["lacking"]) == (together, list(MEMBERS), [])
    assert found["to_date"]["value"] == pytest.approx(to_date(together))
    assert found["year_on_year"]["percent"] == pytest.approx(-100 * (1 - 1 / 1.03), abs=0.3)
    left = sum(Period.month_of(2026, m).days for m in (11, 12))
    required = (365 * (goal + 0.5) - (365 - left) * to_date(together)) / left
    assert found["required"]["exact_at_most"] == pytest.approx(required)
    assert [r["year"] for r in found["reached"]] == [2025, 2024, 2023]
    a = v.assessment
    assert a.forecast is not None
    assert (a.forecast.model, a.forecast.last_period) == (model.NAME, "2026-10")
    assert found["attainment"] == a.attainment
    for lang, word in (
        ("zh-CN", {"mean": "算术平均", "total": "合计"}),
        ("en", {"mean": "mean", "total": "total"}),
    ):
        facts = facts_of(filled, view, lang)
        assert facts[0].name == "together"
        assert word[together] in facts[0].said


def test_a_member_without_months_is_named(app: App, tmp_path: Path) -> None:
    """A mean of some of the members is not the mean: no panel, and the reason names who is missing."""
    due(app, "2026")
    rows = [row for place in PLACES for row in years(place)]
    bring(app, tmp_path, rows + [row for place in ("贵溪市", "余江区") for row in months(place)])
    view = part_year.part_year(app, verdict(app))
    found = part_year_json(app, view, "zh-CN")
    assert (found["why"], found["to_date"]) == ("members_lack", None)
    assert found["lacking"] == [m for m in MEMBERS if app.catalogue.regions[m].zh == "龙虎山景区"]
    assert "龙虎山景区" in found["says"][0]["text"]


def test_a_figure_to_date_of_one_member_meets_the_months_of_another(app: App, tmp_path: Path) -> None:
    """Where one member prints 1—9月 and the others print months, the nine months are taken together by days."""
    due(app, "2026")
    rows = [row for place in PLACES for row in years(place)]
    rows += [row for place in ("贵溪市", "余江区") for row in months(place, until="2026-09")]
    rows.append(("龙虎山景区", "2026-01/2026-09", 21.4, "2026-10-07"))
    bring(app, tmp_path, rows)
    found = part_year_json(app, part_year.part_year(app, verdict(app)), "en")
    days = [Period.month_of(2026, m).days for m in range(1, 10)]
    two = sum(
        sum(value(place, 2026, m) * d for m, d in enumerate(days, start=1)) / sum(days)
        for place in ("贵溪市", "余江区")
    )
    assert found["to_date"]["value"] == pytest.approx((two + 21.4) / 3, abs=1e-4)
    assert found["to_date"]["until"] == "2026-01/2026-09"


def test_a_scenario_supposes_the_mean(filled: App) -> None:
    """What is typed in stands for the members' mean; the required value meets, one step more misses."""
    due(filled, "2026")
    v = verdict(filled)
    required = part_year.part_year(filled, v).panel.required  # type: ignore[union-attr]
    assert required is not None
    assert required.at_most is not None
    for more, does in ((Decimal(0), True), (Decimal(1), False)):
        typed = {Period.month_of(2026, m): required.at_most + more for m in (11, 12)}
        assert scenario.scenario(filled, v, Supposed(typed)).meets is does


def test_the_months_of_a_group_move_its_later_years(filled: App) -> None:
    """A mean due in 2028 is forecast from its members' years, moved by their months."""
    due(filled, "2028")
    f = verdict(filled).assessment.forecast
    assert f is not None
    assert (f.model, f.last_period, f.steps[0].period) == (carried.NAME, "2026-10", "2026")


def test_a_year_that_has_ended_counts_by_its_months_until_its_figure_is_out(filled: App) -> None:
    """In January the annual value of the year before is awaited: its twelve months move the forecast, the new year none yet."""
    due(filled, "2028")
    a = verdict(filled, date(2026, 1, 20)).assessment
    assert a.series is not None
    assert a.forecast is not None
    assert a.series.last.period.year == 2024
    assert (a.forecast.model, a.forecast.last_period, a.forecast.steps[0].period) == (
        carried.NAME,
        "2025-12",
        "2025",
    )
    assert part_year.keep(filled, date(2026, 1, 20), NOW) == 1
    assert verdict(filled, date(2026, 1, 20)).assessment.forecast == a.forecast
