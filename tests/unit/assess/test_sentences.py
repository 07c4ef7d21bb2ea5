"""Every status can be said to a person, in both languages, and what must be said with it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dabiao import i18n
from dabiao.assess.sentences import also, sentence, verdict
from dabiao.domain.assessment import Assessment, Provisional, Reason, Report, RuleResult, Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Point, Tier
from dabiao.domain.target import DecidingSeries, Kind, Measure, Region, Target
from tests.factories import indicator, observation, series, target

CATALOGUE = Catalogue(
    {
        "220000": Region("220000", "吉林省", "Jilin Province", "吉林省", None, "province"),
        "220200": Region("220200", "吉林市", "Jilin City", "吉林市", "220000", "prefecture"),
    },
    {"pm25": indicator()},
)
AS_OF = date(2026, 11, 21)
LIKELY = {"attainment": 0.703, "point": 24.18, "lower80": 16.99, "upper80": 34.43}
LATEST = series().last

CASES: list[tuple[Status, Reason, dict[str, Any], str, str]] = [
    (Status.MET, Reason.VALUE_MEETS, {"latest": LATEST, "decided_by": LATEST}, "2024 年为 27 µg/m³，已达标", "27 µg/m³ in 2024. Met."),
    (Status.MISSED, Reason.VALUE_MISSES, {"latest": LATEST, "decided_by": LATEST}, "未达标", "Missed."),
    (Status.ON_TRACK, Reason.ATTAINMENT_HIGH, LIKELY, "24.2（80% 区间 17.0–34.4），达标概率 70%", "attainment 70%"),
    (Status.AT_RISK, Reason.ATTAINMENT_MIDDLE, LIKELY, "达标概率 70%", "attainment 70%"),
    (Status.OFF_TRACK, Reason.ATTAINMENT_LOW, LIKELY | {"attainment": 0.002}, "达标概率仅 <1%", "only <1%"),
    (Status.AWAITING, Reason.VALUE_NOT_IN, {}, "2027 年的数值尚未收到", "the value for 2027 is not in yet"),
    (Status.NO_DATA, Reason.NO_SERIES, {}, "吉林省、PM2.5平均浓度", "Jilin Province, PM2.5 mean concentration"),
    (Status.NO_DATA, Reason.TOO_SHORT, {"params": {"count": 1, "minimum": 5, "last": "2024"}}, "只有 1 个", "only 1 comparable annual value;"),
    (Status.NO_DATA, Reason.TOO_SHORT, {"params": {"count": 4, "minimum": 5, "last": "2024"}}, "只有 4 个", "only 4 comparable annual values;"),
    (Status.NO_DATA, Reason.STALE, {"params": {"count": 9, "minimum": 5, "last": "2019"}}, "最新值是 2019 年的", "from 2019"),
    (Status.NO_DATA, Reason.NO_DEADLINE, {}, "没有给出期限", "no deadline"),
    (Status.NO_DATA, Reason.BASELINE_MISSING, {"params": {"baseline_period": "2020"}}, "2020 年基期值", "baseline of 2020"),
    (Status.NO_DATA, Reason.FORECAST_FAILED, {}, "预测失败", "the forecast failed"),
]  # fmt: skip


def said(a: Assessment, t: Target, lang: str) -> str:
    return verdict(a, t, CATALOGUE, lang)


def assessed(status: Status, reason: Reason, **more: Any) -> Assessment:
    return Assessment("jilin-2024-pm25", 1, AS_OF, status, reason, **more)


@pytest.mark.parametrize(
    ("status", "reason", "more", "zh", "en"), CASES, ids=[f"{c[0]}-{c[1]}-{i}" for i, c in enumerate(CASES)]
)
def test_each_status_has_its_sentence(
    status: Status, reason: Reason, more: dict[str, Any], zh: str, en: str
) -> None:
    """The sentence names the target and says the status with its figures, in both languages."""
    a = assessed(status, reason, **more)
    t = target(deadline=None) if reason is Reason.NO_DEADLINE else target()
    assert zh in said(a, t, "zh-CN")
    assert en in said(a, t, "en")
    if t.deadline:
        assert said(a, t, "zh-CN").startswith("吉林省 2027 年 PM2.5 平均浓度 ≤ 27 µg/m³：")
        assert said(a, t, "en").startswith("PM2.5 mean concentration in Jilin Province ≤ 27 µg/m³ by 2027:")


@pytest.mark.parametrize("measure", [Measure.QUALITATIVE, Measure.DELEGATED])
def test_a_target_without_number_is_said_by_its_quote(measure: Measure) -> None:
    """A qualitative or delegated target is named by the plan's own words, and its report by unit, day and state."""
    t = target(value=None, measure=measure, kind=Kind.MILESTONE, unit=None, quote="重污染天气基本消除")
    report = Report("under_way", date(2026, 10, 1), "省生态环境厅", "", "")
    for lang in i18n.LANGS:
        assert "重污染天气基本消除" in said(assessed(Status.UNREPORTED, Reason.REPORT_NOT_IN), t, lang)
    assert "期限已过" in said(assessed(Status.UNREPORTED, Reason.REPORT_OVERDUE), t, "zh-CN")
    reported = assessed(Status.REPORTED, Reason.REPORT_IN, report=report)
    assert "省生态环境厅于 2026-10-01 报告进行中" in said(reported, t, "zh-CN")
    assert "2026-10-01: under way" in said(reported, t, "en")
    unfinished = assessed(Status.UNREPORTED, Reason.REPORT_OVERDUE, report=report)
    assert "最近一次报告（2026-10-01）为进行中，尚无最终报告" in said(unfinished, t, "zh-CN")
    due = assessed(Status.UNREPORTED, Reason.REPORT_OVERDUE, params={"due": "2026-03-31"})
    assert "应在 2026-03-31 前（含当日）报告，责任单位尚未报告" in said(due, t, "zh-CN")
    again = replace(due, params={"due": "2027-03-31"}, report=report)
    assert "due by 2027-03-31 and has not come; the last, by 省生态环境厅 on 2026-10-01" in said(
        again, t, "en"
    )
    waited = replace(reported, params={"next_due": "2027-03-31"})
    assert said(waited, t, "en").endswith("The next report is due by 2027-03-31.")


@pytest.mark.parametrize("reason", list(Provisional))
def test_each_provisional_reason_is_said(reason: Provisional) -> None:
    """What makes a decision provisional is said, with what will settle it and, for a proxy, whose series it is."""
    t = target(series=DecidingSeries("220200", "pm25", (Tier.OFFICIAL,), proxy=True))
    a = assessed(Status.MET, Reason.VALUE_MEETS, provisional=(reason,), latest=LATEST, decided_by=LATEST)
    zh = said(a, t, "zh-CN")
    assert i18n.text(f"provisional.{reason}", "zh-CN", region="吉林市") in zh
    assert "以官方终值为准" in zh
    assert "An official final value will settle it." in said(a, t, "en")


def test_the_range_of_several_sources_is_said() -> None:
    """Sources that differ on the deciding value are said as a range; ones that agree are not, nor a missing value."""
    chosen = observation(value="22")

    def decided(*others: str | None) -> str:
        more = tuple(observation(value=v, id=i) for i, v in enumerate(others, start=2))
        point = Point(chosen.period, Decimal(22), chosen, more)
        return said(assessed(Status.MET, Reason.VALUE_MEETS, latest=point, decided_by=point), target(), "en")

    assert "Sources range from 22 to 24.5." in decided("24.5", "23", None)
    assert "range" not in decided("22")
    assert "range" not in decided(None)


def test_what_stands_beside_a_live_status() -> None:
    """Latest value and tier, the years that are late, a rule that disagrees, a third-party series: each is said."""
    latest = Point(LATEST.period, Decimal(27), observation(tier=Tier.THIRD_PARTY))
    rule = RuleResult("linear_schedule", "behind", -0.1, False, "rule.linear_schedule.behind", {}, True)
    a = assessed(Status.AT_RISK, Reason.RULES_DISAGREE, latest=latest, late=2, rules=(rule,), **LIKELY)
    zh, en = said(a, target(), "zh-CN"), said(a, target(), "en")
    for part in (
        "最新值 2024 年为 27 µg/m³（第三方）",
        "2025 年、2026 年的年度值尚未收到",
        "时序进度（线性，非官方）认为不符合",
        "序列为第三方推算值",
    ):
        assert part in zh
    assert "No annual value for 2025, 2026 yet." in en
    assert "Linear schedule (not official) says no" in en


@pytest.mark.parametrize(
    ("direction", "zh", "en"),
    [
        ("lower", "较 2020 年下降 10%", "cut by 10% on 2020"),
        ("higher", "较 2020 年提高 10%", "up by 10% on 2020"),
    ],
)
def test_a_change_is_said_against_its_base(direction: Any, zh: str, en: str) -> None:
    """减少10% is said as a change on its base year, downward or upward as the indicator is better."""
    catalogue = Catalogue(CATALOGUE.regions, {"pm25": indicator(direction=direction)})
    t = target(
        value="10",
        unit="%",
        kind=Kind.CHANGE,
        change="relative",
        baseline_period="2020",
        baseline_declared=True,
    )
    a = assessed(Status.NO_DATA, Reason.NO_SERIES)
    assert zh in verdict(a, t, catalogue, "zh-CN")
    assert en in verdict(a, t, catalogue, "en")


def test_what_would_bring_a_series_is_said_beside_the_verdict() -> None:
    """The sentence says the state; which file would mend it follows."""
    a = assessed(Status.NO_DATA, Reason.NO_SERIES)
    assert sentence(a, target(), CATALOGUE, "zh-CN").endswith("尚无序列。")
    assert also(a, target(), CATALOGUE, "en")[0].startswith(
        "A CSV or Excel file with Jilin Province, PM2.5 mean"
    )


WITHOUT_DATA = [
    r for r in Reason if not r.name.startswith(("VALUE", "ATTAINMENT", "RULES", "REPORT", "REACHED"))
]


@pytest.mark.parametrize("reason", WITHOUT_DATA)
def test_no_reason_is_unsayable(reason: Reason) -> None:
    """Whatever reason the program has a word for, a target without data can be said with it."""
    params = {"count": 2, "minimum": 5, "last": "2020", "baseline_period": "2020", "members": ["220200"]}
    for lang in i18n.LANGS:
        assert said(assessed(Status.NO_DATA, reason, params=params), target(), lang)
