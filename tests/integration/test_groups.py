"""Region groups and counts before their deadline, from imported values to the sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dabiao.domain.assessment import Reason, Status
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, judging
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict
from tests.integration.test_decisions import MEMBERS, correct

GROUP = "yingtan-2021-pm25-guixi-yujiang-longhushan"
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
YEARS = range(2017, 2026)


def bring(app: App, tmp_path: Path, *rows: str, indicator: str = "PM2.5", unit: str = "µg/m3") -> None:
    path = tmp_path / f"values-{len(list(tmp_path.glob('*.csv')))}.csv"
    lines = ["region,indicator,period,value,unit,source,published"]
    lines += [f"{place},{indicator},{year},{value},{unit},公报,{int(year) + 1}-06-05" for place, year, value in
              (row.split() for row in rows)]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", "utf-8")
    result = import_file(app, path, now=NOW)
    assert result.refused == 0, result.issues


def falling(place: str, first: float, step: float) -> list[str]:
    return [f"{place} {year} {first - step * (year - 2017):.1f}" for year in YEARS]


def later(app: App, key: str, **changes: Any) -> None:
    """The target with another deadline and what else is given, known from the start."""
    correct(app, "2022-01-01", key=key, deadline="2028", **changes)


def verdict(app: App, key: str) -> Verdict:
    (found,) = judging.judge(app, DAY, NOW, lambda d: d.target.id == key)
    return found


@pytest.fixture
def yingtan(app: App, tmp_path: Path) -> App:
    """Two members that will be far below the limit of 30, and one that stays near it."""
    bring(
        app,
        tmp_path,
        *falling("贵溪市", 33.3, 0.4),
        *falling("余江区", 30.2, 1.3),
        *falling("龙虎山景区", 24.1, 0.9),
    )
    return app


def test_all_members_at_once(yingtan: App) -> None:
    """The worst member's series is judged and named; the attainment is of all at once, within its two bounds."""
    later(yingtan, GROUP)
    v = verdict(yingtan, GROUP)
    row = status_json(yingtan, v, "zh-CN")
    chances = {m["region"]: m["attainment"] for m in row["members"]}
    assert row["worst_member"] == "贵溪市"
    assert row["attainment_upper"] == chances["贵溪市"] == min(chances.values())
    assert row["attainment_independent"] < row["attainment"] <= row["attainment_upper"]
    assert row["series_region"] == "360681"
    assert v.assessment.series is not None
    assert v.assessment.series.region == "360681"
    assert "贵溪市单独达标概率" in row["sentence"]
    said = dict(explanation(yingtan, v, "en"))
    assert len(said["Member regions"]) == len(MEMBERS)
    assert "Series: PM2.5" in said["Forecast"][0]
    assert "Guixi" in said["Forecast"][0]


@pytest.mark.parametrize(("together", "value", "latest"), [("mean", 30, "22.2667"), ("total", 80, "66.8")])
def test_the_plan_may_take_the_mean_or_the_total(
    yingtan: App, together: str, value: int, latest: str
) -> None:
    """One series is made of the members' values and judged like any other; the sentence says how."""
    later(yingtan, GROUP, together=together, value=value)
    v = verdict(yingtan, GROUP)
    assert v.assessment.attainment is not None
    assert v.assessment.status is Status.ON_TRACK
    assert str(v.assessment.latest_value) == latest
    assert v.assessment.worst_member is None
    word = {"mean": "算术平均", "total": "合计"}[together]
    assert word in status_json(yingtan, v, "zh-CN")["sentence"]
    assert dict(explanation(yingtan, v, "en"))["What the forecast is made of"]


def test_one_value_for_the_group_as_such(app: App, tmp_path: Path) -> None:
    """“whole” lets the group's own published figure decide; without it that figure decides nothing."""
    bring(app, tmp_path, "贵溪市、余江区、龙虎山景区 2021 29")
    assert verdict(app, GROUP).assessment.status is Status.NO_DATA
    correct(app, "2022-01-01", key=GROUP, together="whole")
    assert verdict(app, GROUP).assessment.status is Status.MET


def test_a_mean_without_a_member_names_it(app: App, tmp_path: Path) -> None:
    """A mean of some of the members is not the mean."""
    bring(app, tmp_path, *falling("贵溪市", 33.3, 0.4), *falling("余江区", 30.2, 1.3))
    later(app, GROUP, together="mean")
    v = verdict(app, GROUP)
    assert (v.assessment.status, v.assessment.reason) == (Status.NO_DATA, Reason.MEMBER_MISSING)
    assert "龙虎山景区" in status_json(app, v, "zh-CN")["sentence"]


COUNT = "jilin-2024-two-mountains-bases"


def test_a_count_is_never_forecast_below_its_last_total(app: App, tmp_path: Path) -> None:
    """Neither the point nor an interval of a running total lies below what is already done; and it is met once it is done."""
    totals = ["0", "1", "1", "2", "4", "4", "5", "5", "6"]
    rows = [f"吉林省 {year} {total}" for year, total in zip(YEARS, totals, strict=True)]
    name = app.catalogue.indicators["two_mountains_bases"].zh
    bring(app, tmp_path, *rows, indicator=name, unit="个")
    a = verdict(app, COUNT).assessment
    assert a.attainment is not None
    assert a.forecast is not None
    assert 0 < a.attainment < 1
    assert all(min(s.point, s.lower80, s.lower95) >= 6 for s in a.forecast.steps)
    bring(app, tmp_path, "吉林省 2025 8", indicator=name, unit="个")
    assessing.run_assessments(app, DAY, NOW)
    done = verdict(app, COUNT).assessment
    assert (done.status, done.reason) == (Status.MET, Reason.REACHED_EARLY)
