"""The main job, end to end, on the five plans and the bundled observations."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dabiao import bootstrap
from dabiao.assess.sentences import names, verdict, wanted_regions
from dabiao.domain.assessment import Provisional, Reason, Report, Status
from dabiao.domain.target import Measure
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.declare import setup
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, forecasting, judging
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views
from dabiao.store import alerts as stored_alerts
from dabiao.store import assessments
from dabiao.store import reports as store
from dabiao.store.observations import known_observations
from tests.factories import settings_of

TODAY = date(2026, 11, 21)
THEN = date(2023, 12, 31)


def judged(app: App, now: datetime, as_of: date = TODAY) -> dict[str, Verdict]:
    return {v.declared.target.id: v for v in judging.judge(app, as_of, now)}


def figures(app: App, found: dict[str, Verdict]) -> dict[str, object]:
    """Everything that a status says, to the digit."""
    return {key: status_json(app, v, "zh-CN") for key, v in found.items()}


def tables(app: App) -> dict[str, int]:
    """The number of rows of each table."""
    names = [r["name"] for r in app.store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    counts = {}
    for name in names:
        row = app.store.row(f'SELECT count(*) FROM "{name}"')
        assert row is not None
        counts[name] = int(row[0])
    return counts


# -- a check by eye ----------------------------------------------------------------------------------------------


def test_every_bundled_row_goes_in(walked_app: App) -> None:
    """No bundled row is refused; two years of a third party that its own months cannot give are warned of, as docs/checks.md says."""
    imports = walked_app.store.rows("SELECT file, accepted, revised, refused, warned FROM imports")
    assert len(imports) == len(setup.bundled_files(walked_app.paths.data))
    assert {(r["file"], r["refused"], r["warned"]) for r in imports if r["refused"] or r["warned"]} == {
        ("150100-hohhot.csv", 0, 2)
    }
    assert {r["code"] for r in walked_app.store.rows("SELECT * FROM issues")} == {"not_from_months"}
    rows = sum(len(p.read_text("utf-8").splitlines()) - 1 for p in setup.bundled_files(walked_app.paths.data))
    assert sum(r["accepted"] for r in imports) == rows


def test_jilin_is_live_with_a_probability(walked_app: App, now: datetime) -> None:
    """吉林省 PM2.5 ≤ 27 by 2027 has not been decided: it has a probability, an interval and the latest value 26.9 of 2024."""
    a = judged(walked_app, now)["jilin-2024-pm25"].assessment
    assert a.status in (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)
    assert a.attainment is not None
    assert 0 < a.attainment < 1
    assert a.point is not None
    assert a.lower80 is not None
    assert a.upper80 is not None
    assert a.lower80 < a.point < a.upper80
    assert a.latest is not None
    assert (str(a.latest.period), str(a.latest.value)) == ("2024", "26.9")
    assert not a.provisional
    assert a.late == 1  # 2025's value ought to be in


@pytest.mark.parametrize(
    ("key", "status", "value", "reasons"),
    [
        ("quanzhou-2022-pm25", Status.MISSED, "19.6", {Provisional.THIRD_PARTY}),
        ("yingtan-2021-pm25-central", Status.MET, "26.1", {Provisional.THIRD_PARTY, Provisional.PROXY}),
        (
            "yingtan-2021-pm25-central-stretch",
            Status.MET,
            "26.1",
            {Provisional.THIRD_PARTY, Provisional.PROXY},
        ),
        ("huimin-2022-good-days", Status.MET, "90.6", {Provisional.PROXY, Provisional.TO_DATE}),
        ("huimin-2022-pm25", Status.MET, "22", {Provisional.PROXY, Provisional.TO_DATE}),
    ],
)
def test_decided_targets_are_provisional(
    walked_app: App, now: datetime, key: str, status: Status, value: str, reasons: set[Provisional]
) -> None:
    """A target decided by a third-party, proxy or year-to-date value says so, in the field and in the sentence."""
    v = judged(walked_app, now)[key]
    a = v.assessment
    assert (a.status, set(a.provisional)) == (status, reasons)
    assert a.decided_by is not None
    assert str(a.decided_by.value) == value
    assert a.attainment is None  # what is decided has no probability
    row = status_json(walked_app, v, "zh-CN")
    assert (row["provisional"], row["proxy"]) == (True, Provisional.PROXY in reasons)
    assert "暂定" in str(row["sentence"])
    assert "Provisional" in verdict(a, v.declared.target, walked_app.catalogue, "en")


def test_the_range_of_sources_is_said(walked_app: App, now: datetime) -> None:
    """Where sources differ on the deciding value the sentence gives their range."""
    v = judged(walked_app, now)["huimin-2022-pm25"]
    assert "22–24.5" in verdict(v.assessment, v.declared.target, walked_app.catalogue, "zh-CN")


def test_what_nobody_reported_is_unreported(walked_app: App, now: datetime) -> None:
    """Every qualitative and delegated target waits for a report, overdue if its deadline is past; none is met by default."""
    waiting = [
        v for v in judged(walked_app, now).values() if v.declared.target.measure is not Measure.NUMERIC
    ]
    assert len(waiting) > 100
    for v in waiting:
        end = v.declared.target.deadline_end
        overdue = end is not None and end < TODAY
        assert v.assessment.status is Status.UNREPORTED
        assert v.assessment.reason is (Reason.REPORT_OVERDUE if overdue else Reason.REPORT_NOT_IN)


def test_no_series_says_which_file_would_bring_it(walked_app: App, now: datetime) -> None:
    """A target without a series names the region and the indicator of the file that would bring it, in both languages."""
    without = [v for v in judged(walked_app, now).values() if v.assessment.reason is Reason.NO_SERIES]
    assert len(without) > 50
    for v in without:
        t = v.declared.target
        indicator = walked_app.catalogue.indicators[t.series.indicator]
        wanted = wanted_regions(v.assessment, t)
        zh = verdict(v.assessment, t, walked_app.catalogue, "zh-CN")
        en = verdict(v.assessment, t, walked_app.catalogue, "en")
        assert f"“{names(wanted, walked_app.catalogue, 'zh-CN')}、{indicator.zh}" in zh
        assert f"{names(wanted, walked_app.catalogue, 'en')}, {indicator.en}" in en
        assert v.assessment.status is Status.NO_DATA


def test_nothing_is_on_track_without_a_forecast(walked_app: App, now: datetime) -> None:
    """Only a probability makes a target on track, at risk or off track."""
    for v in judged(walked_app, now).values():
        live = v.assessment.status in (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)
        assert live == (v.assessment.attainment is not None)
        assert live == (v.assessment.forecast is not None)


def test_every_verdict_can_be_said(walked_app: App, now: datetime) -> None:
    """Each target of today and of 2023 has its sentence in both languages, with no empty place in it."""
    for as_of in (TODAY, THEN):
        for v in judging.judge(walked_app, as_of, now):
            for lang in ("zh-CN", "en"):
                said = verdict(v.assessment, v.declared.target, walked_app.catalogue, lang)
                assert said
                assert "None" not in said
                assert "{" not in said


def test_alerts_name_the_missed_targets(walked_app: App, now: datetime) -> None:
    """Each off-track and missed target has one open alert, of its severity; nothing else has."""
    found = judged(walked_app, now)
    alarming = {k for k, v in found.items() if v.assessment.status in (Status.OFF_TRACK, Status.MISSED)}
    alerts = stored_alerts.listed(walked_app.store)
    assert sorted(alarming) == sorted(a.key for a in alerts)
    missed = [a for a in alerts if found[a.key].assessment.status is Status.MISSED]
    assert missed
    for a in missed:
        assert a.severity == ("medium" if found[a.key].assessment.provisional else "high")


# -- time --------------------------------------------------------------------------------------------------------


def test_a_plan_that_was_not_issued_yet_does_not_exist(walked_app: App, now: datetime) -> None:
    """As of 2023-12-31 there is no target of the plan of 2025; as of 2020 there is none at all."""
    then = judged(walked_app, now, THEN)
    assert "jilin-2024-pm25" not in then
    assert "quanzhou-2022-pm25" in then
    assert judged(walked_app, now, date(2020, 1, 1)) == {}


def test_nothing_later_enters(walked_app: App, now: datetime) -> None:
    """No figure of an as-of view comes from a value that was known later, or from a period that had not ended."""
    for v in judged(walked_app, now, THEN).values():
        series = v.assessment.series
        used = list(series.points) if series else []
        used += [p for p in (v.assessment.decided_by, v.assessment.latest) if p is not None]
        for p in used:
            assert p.period.end < THEN
            assert all(o.known_on <= THEN for o in (p.chosen, *p.others))


@pytest.mark.parametrize("as_of", [THEN, date(2022, 9, 16), date(2025, 6, 4)])
def test_what_became_known_later_might_as_well_not_exist(
    walked_home: Path, now: datetime, as_of: date
) -> None:
    """A store without any value known after a day, and without forecasts, gives that day's statuses to the digit."""
    full = bootstrap.open_app(settings_of(walked_home))
    expected = figures(full, judged(full, now, as_of))
    full.store.close()
    with sqlite3.connect(walked_home / "dabiao.sqlite") as connection:
        for table in ("alerts", "assessments", "forecasts"):
            connection.execute(f"DELETE FROM {table}")
        later = connection.execute(
            "DELETE FROM observations WHERE provenance_id IN (SELECT id FROM provenances WHERE known_on > ?)",
            [as_of.isoformat()],
        ).rowcount
        assert later > 0
    connection.close()
    bare = bootstrap.open_app(settings_of(walked_home))
    assert figures(bare, judged(bare, now, as_of)) == expected
    bare.store.close()


def test_yesterday_can_be_rebuilt_to_the_digit(walked_app: App, now: datetime) -> None:
    """A value that arrives today with today's date changes no status of any earlier day."""
    earlier = TODAY - timedelta(days=1)
    before = figures(walked_app, judged(walked_app, now, earlier))
    new = walked_app.paths.home / "吉林省2025.csv"
    new.write_text(
        "地区,指标,时间,数值,单位,来源\n吉林省,PM2.5平均浓度,2025年,25.1,µg/m3,省公报\n", encoding="utf-8"
    )
    result = import_file(walked_app, new, now=now)
    assert (result.accepted, result.refused) == (1, 0), result.issues
    assert figures(walked_app, judged(walked_app, now, earlier)) == before
    today = judged(walked_app, now)["jilin-2024-pm25"].assessment
    assert today.latest is not None
    assert str(today.latest.period) == "2025"


# -- twice -------------------------------------------------------------------------------------------------------


def test_every_step_twice_changes_nothing(walked_app: App, now: datetime, data: Path) -> None:
    """Loading, importing, forecasting, assessing and alerting again writes no row and says that nothing changed."""
    app = walked_app
    before, version = tables(app), app.store.data_version()
    assert setup.load_declared(app, setup.read_declared(data), now).changed is False
    for path in setup.bundled_files(data):
        again = import_file(app, path, now=now)
        assert (again.accepted, again.revised, again.refused) == (0, 0, 0)
    forecasts = forecasting.run_forecasts(app, TODAY, now)
    assert (forecasts["fitted"], forecasts["failed"]) == (0, 0)
    assert assessing.run_assessments(app, TODAY, now)["changed"] == 0
    counts = alerting.run_alerts(app, now)
    assert (counts["raised"], counts["cleared"], counts["open"]) == (0, 0, before["alerts"])
    assert tables(app) == before
    assert app.store.data_version() == version


def test_a_day_later_nothing_has_changed_either(walked_app: App, now: datetime) -> None:
    """The daily job leaves no trace where nothing happened."""
    tomorrow = now + timedelta(days=1)
    before = tables(walked_app)
    forecasting.run_forecasts(walked_app, walked_app.today(tomorrow), tomorrow)
    assert assessing.run_assessments(walked_app, walked_app.today(tomorrow), tomorrow)["changed"] == 0
    assert tables(walked_app) == before


def test_judging_only_reads(walked_home: Path, now: datetime) -> None:
    """Statuses of any day, also ones whose forecasts were never stored, leave the store's bytes as they were."""
    path = walked_home / "dabiao.sqlite"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    app = bootstrap.open_app(settings_of(walked_home))
    version, counts = app.store.data_version(), tables(app)
    for as_of in (TODAY, THEN, date(2022, 12, 31)):
        judging.judge(app, as_of, now)
        views.overview(app, as_of, now)
    assert (app.store.data_version(), tables(app)) == (version, counts)
    app.store.close()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_stored_forecast_and_one_made_in_passing_are_the_same(walked_home: Path, now: datetime) -> None:
    """Whether the forecast job has run makes no difference to any figure."""
    app = bootstrap.open_app(settings_of(walked_home))
    stored = figures(app, judged(app, now))
    with app.store.write() as db:
        db.execute("DELETE FROM forecasts")
    assert figures(app, judged(app, now)) == stored
    app.store.close()


# -- reports and changes -----------------------------------------------------------------------------------------


def test_a_report_moves_a_target_from_its_own_day(walked_app: App, now: datetime) -> None:
    """A unit's report makes a qualitative target reported from the report's day; the day before it stays unreported."""
    key = "jilin-2024-heavy-pollution"
    store.record_reports(
        walked_app.store,
        [(key, Report("done", date(2026, 11, 20), "省生态环境厅", "吉环函〔2026〕1号", ""))],
        "2026-11-21T02:00:00Z",
    )
    today = judged(walked_app, now)[key]
    assert (today.assessment.status, today.assessment.reason) == (Status.REPORTED, Reason.REPORT_IN)
    assert "省生态环境厅" in verdict(today.assessment, today.declared.target, walked_app.catalogue, "zh-CN")
    before = judged(walked_app, now, date(2026, 11, 19))[key]
    assert before.assessment.status is Status.UNREPORTED
    changed = assessing.run_assessments(walked_app, TODAY, now)
    assert changed["changed"] == 1


def test_a_value_that_meets_clears_the_alert(walked_app: App, now: datetime) -> None:
    """An official value that meets a provisionally missed target settles it, clears its alert and is kept as a change."""
    new = walked_app.paths.home / "泉州2025公报.csv"
    new.write_text(
        "地区,指标,时间,数值,单位,来源,来源级别,发布日期\n泉州市,PM2.5平均浓度,2025年,19.1,µg/m3,2025年泉州市生态环境状况公报,官方,2026-06-05\n",
        encoding="utf-8",
    )
    result = import_file(walked_app, new, now=now)
    assert (result.accepted, result.refused) == (1, 0), result.issues
    a = judged(walked_app, now)["quanzhou-2022-pm25"].assessment
    assert (a.status, a.provisional) == (Status.MET, ())
    assert assessing.run_assessments(walked_app, TODAY, now)["changed"] == 1
    assert alerting.run_alerts(walked_app, now)["cleared"] == 1
    history = assessments.assessment_history(walked_app.store, "quanzhou-2022-pm25")
    assert [h["status"] for h in history] == ["missed", "met"]


# -- read models -------------------------------------------------------------------------------------------------


def test_the_overview_counts_what_it_shows(walked_app: App, now: datetime) -> None:
    """Counts, provisional counts and total agree with the verdicts; the most urgent stands first."""
    found = views.overview(walked_app, TODAY, now)
    assert sum(found.counts.values()) == found.total == len(found.verdicts)
    assert found.counts == Counter(v.assessment.status for v in found.verdicts)
    assert found.verdicts[0].assessment.status is Status.MISSED
    assert sum(found.provisional.values()) == sum(bool(v.assessment.provisional) for v in found.verdicts)


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"plan": ["yingtan-2021"]}, lambda v: v.declared.target.plan == "yingtan-2021"),
        ({"status": ["met", "missed"]}, lambda v: v.assessment.status in (Status.MET, Status.MISSED)),
        ({"deadline": ["2022"]}, lambda v: (v.declared.target.deadline or "").startswith("2022")),
        ({"measure": ["delegated"]}, lambda v: v.declared.target.measure is Measure.DELEGATED),
        (
            {"unit": ["huimin-agriculture"]},
            lambda v: "huimin-agriculture" in {u.id for u in v.declared.units},
        ),
    ],
)
def test_filters(
    walked_app: App, now: datetime, filters: dict[str, list[str]], holds: Callable[[Verdict], bool]
) -> None:
    """A filter keeps exactly the targets that have one of its values."""
    everything = views.verdicts(walked_app, TODAY, now)
    shown = views.overview(walked_app, TODAY, now, filters).verdicts
    assert shown
    assert {v.declared.target.id for v in shown} == {v.declared.target.id for v in everything if holds(v)}


@pytest.mark.parametrize("as_of", [date.min, date(1, 1, 31), date(2024, 3, 31), date.max])
def test_any_day_can_be_asked_for(walked_app: App, now: datetime, as_of: date) -> None:
    """The first and the last day of the calendar, and the 31st after a short month, are days like others."""
    found = views.overview(walked_app, as_of, now)
    assert found.total == len(found.verdicts)
    for v in found.verdicts:
        assert verdict(v.assessment, v.declared.target, walked_app.catalogue, "en")


def test_a_region_lets_its_children_in(walked_app: App, now: datetime) -> None:
    """Filtering by 吉林省 also shows 磐石市, which lies in it."""
    shown = views.overview(walked_app, TODAY, now, {"region": ["220000"]}).verdicts
    assert {v.declared.target.plan for v in shown} == {"jilin-2024", "panshi-2022"}


def test_the_target_page_has_what_was_not_used_too(walked_app: App, now: datetime) -> None:
    """A target's page shows every known value of the deciding region, used or not, the plan and the alerts."""
    view = views.target_view(walked_app, "quanzhou-2022-pm25", TODAY, now)
    assert view is not None
    assert len(view.observations) == len(known_observations(walked_app.store, TODAY, "350500", "pm25"))
    assert view.plan["id"] == "quanzhou-2022"
    assert [a.to_status for a in view.alerts] == ["missed"]
    assert [h["status"] for h in view.history] == ["missed"]
    assert views.target_view(walked_app, "no-such-target", TODAY, now) is None


def test_verdicts_follow_the_store(walked_app: App, now: datetime) -> None:
    """What is kept in memory is not shown a moment longer than the store says the same."""
    key = "jilin-2024-heavy-pollution"
    assert views.find(walked_app, key, TODAY, now) is views.find(walked_app, key, TODAY, now)
    store.record_reports(
        walked_app.store, [(key, Report("done", TODAY, "某厅", "", ""))], "2026-11-21T02:00:00Z"
    )
    v = views.find(walked_app, key, TODAY, now)
    assert v is not None
    assert v.assessment.status is Status.REPORTED
