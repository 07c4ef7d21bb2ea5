"""Each status by the event that leads there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dabiao.assess.evidence import Evidence, deciding_periods, gather
from dabiao.assess.levels import level_bounds
from dabiao.assess.rules import RULES
from dabiao.assess.verdict import Judged, Thresholds, assess, needs_forecast
from dabiao.domain.assessment import Assessment, Provisional, Reason, Report, SeriesForecast, Status, Step
from dabiao.domain.observation import Basis, Observation, State, Tier, series_of
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.reports_due import ReportsDue
from dabiao.domain.target import (
    Comparator,
    DecidingSeries,
    Indicator,
    IndicatorType,
    Kind,
    Measure,
    Milestone,
    Target,
)

D = Decimal
AS_OF = date(2025, 6, 1)
THRESHOLDS = Thresholds()
PM25 = Indicator(
    "pm25", "PM2.5平均浓度", "PM2.5", "µg/m3", IndicatorType.LEVEL, "lower", (D(0), None), 1, "annual"
)
TARGET = Target(
    id="p-pm25",
    plan="p",
    region="220000",
    indicator="pm25",
    measure=Measure.NUMERIC,
    kind=Kind.LEVEL,
    quote="27微克/立方米以下",
    clause="一",
    series=DecidingSeries("220000", "pm25", (Tier.OFFICIAL, Tier.PRESS), proxy=False),
    comparator=Comparator.LE,
    value=D(27),
    unit="µg/m3",
    deadline="2027",
    baseline_period="2020",
)


def values(*pairs: tuple[int, str], **changes: object) -> list[Observation]:
    """Annual official values, each known on 30 June of the next year."""
    made = [
        Observation(
            id=i,
            region="220000",
            indicator="pm25",
            period=Period.year_of(year),
            value=D(value),
            printed=value,
            unit="µg/m3",
            basis=Basis("official"),
            tier=Tier.PRESS,
            state=State.FINAL,
            source="bulletin",
            known_on=date(year + 1, 6, 30),
            published=date(year + 1, 6, 30),
        )
        for i, (year, value) in enumerate(pairs, start=1)
    ]
    return [o._replace(**changes) for o in made]  # type: ignore[arg-type]


FIVE = [(2019, "33"), (2020, "31"), (2021, "26.5"), (2022, "25"), (2023, "26.5")]


def forecast_of(attainment: float, period: str = "2027") -> Judged:
    step = Step(period, 27.8, 24.2, 31.3, 22.0, 34.0, {})
    return Judged(
        SeriesForecast(0, "drift", "1", "v", "2019", "2023", 5, {}, (), "2025-06-01", (step,)),
        step,
        attainment,
    )


def run(
    observations: list[Observation],
    target: Target = TARGET,
    as_of: date = AS_OF,
    judged: Judged | Reason | None = None,
    report: Report | None = None,
    deciding_rules: tuple[str, ...] = ("linear_schedule",),
    indicator: Indicator = PM25,
) -> Assessment:
    by_basis = list(series_of(observations, PeriodKind.YEAR, as_of).values())
    known = [o for o in observations if o.known_on <= as_of]
    evidence = gather(target, known, by_basis, as_of, THRESHOLDS.minimum)
    return assess(target, 1, indicator, evidence, judged, report, RULES, as_of, THRESHOLDS, deciding_rules)


@pytest.mark.parametrize(
    ("attainment", "status"),
    [
        (1.0, Status.ON_TRACK),
        (0.66, Status.ON_TRACK),
        (0.6599, Status.AT_RISK),
        (0.33, Status.AT_RISK),
        (0.3299, Status.OFF_TRACK),
        (0.0, Status.OFF_TRACK),
    ],
)
def test_the_attainment_decides_at_its_borders(attainment: float, status: Status) -> None:
    """On track from 0.66, at risk from 0.33, off track below."""
    assert run(values(*FIVE), judged=forecast_of(attainment)).status is status


def test_a_rule_on_the_other_side_makes_it_at_risk() -> None:
    """A high attainment with a schedule that is behind is at risk, and the reason says that the rules disagree."""
    found = run(values(*SLOW), judged=forecast_of(0.9))
    assert (found.status, found.reason) == (Status.AT_RISK, Reason.RULES_DISAGREE)
    assert found.attainment == 0.9


SLOW = [(2019, "33.5"), (2020, "33"), (2021, "32.8"), (2022, "32.6"), (2023, "32.5")]


@pytest.mark.parametrize(
    ("deciding_rules", "status"),
    [
        (("linear_schedule",), Status.AT_RISK),
        (("dns",), Status.AT_RISK),
        (("china_air_2014",), Status.ON_TRACK),  # does not apply
        ((), Status.ON_TRACK),
    ],
)
def test_only_the_named_rules_take_part(deciding_rules: tuple[str, ...], status: Status) -> None:
    """Every rule stands beside the status with its outcome; only one that the settings name may change it."""
    found = run(values(*SLOW), judged=forecast_of(0.95), deciding_rules=deciding_rules)
    assert found.status is status
    assert [r.rule for r in found.rules] == [r.name for r in RULES]
    assert {r.rule for r in found.rules if r.decides} == set(deciding_rules)
    said = {r.rule: r.outcome for r in found.rules}
    assert said["dns"] == "cloud"
    assert said["eea"] == "very_likely"
    assert said["open_sdg"] == "limited_progress"


def test_rules_follow_the_indicators_type() -> None:
    """On a share no growth rate is taken; the rule says so."""
    share = replace(PM25, type=IndicatorType.SHARE)
    found = {r.rule: r for r in run(values(*SLOW), judged=forecast_of(0.5), indicator=share).rules}
    assert found["open_sdg"].message == found["un_chart"].message == "rule.why.type_share"
    assert found["dns"].outcome == "cloud"


def test_issued_milestones_stand_beside_the_status() -> None:
    """Annual milestones are compared as the target is; one for part of a year is not held against an annual value."""
    steps = tuple(Milestone(p, D(v), "doc") for p, v in (("2022", "33"), ("2023", "32"), ("2023-06", "20")))
    found = run(values(*SLOW), replace(TARGET, milestones=steps), judged=forecast_of(0.9))
    ladder = next(r for r in found.rules if r.rule == "issued_milestones")
    assert (ladder.outcome, ladder.params["value"]) == ("reached", 32)  # 32.5 rounds to 32


def test_milestones_of_a_change_become_levels() -> None:
    """“2023年下降5%” on 33 is 31.35, held at the decimals in which the indicator is published."""
    cut = replace(
        TARGET, kind=Kind.CHANGE, value=D(20), change="relative", milestones=(Milestone("2023", D(5), "doc"),)
    )
    found = run(values(*SLOW), cut, judged=forecast_of(0.9))
    ladder = next(r for r in found.rules if r.rule == "issued_milestones")
    assert (ladder.outcome, ladder.params["value"]) == ("not_reached", pytest.approx(31.35))


def test_a_deciding_value_of_part_of_a_year_is_no_year() -> None:
    """A target for June is decided by January to June; rules of whole years do not speak."""
    half = [o._replace(period=Period.parse("2022-01/2022-06")) for o in values((2022, "26"))]
    found = run(half, replace(TARGET, deadline="2022-06"), date(2024, 1, 1))
    assert found.status is Status.MET
    assert {r.outcome for r in found.rules} == {"not_applicable"}


def test_a_deciding_value_of_another_basis_continues_no_series() -> None:
    """Where the deciding value stands on another basis than the series, rules of a whole series have none."""
    other = [o._replace(id=9, basis=Basis("official", dust="deducted")) for o in values((2027, "26"))]
    found = run([*values(*FIVE), *other], as_of=date(2028, 7, 1))
    assert next(r for r in found.rules if r.rule == "dns").message == "rule.why.few_consecutive"


def test_a_lower_attainment_never_gives_a_better_status() -> None:
    """The status follows the attainment in one direction."""
    order = [Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK]
    seen = [order.index(run(values(*FIVE), judged=forecast_of(p / 100)).status) for p in range(101)]
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("value", "status"), [("27.5", Status.MISSED), ("27.4", Status.MET), ("26", Status.MET)]
)
def test_the_deadlines_own_value_decides(value: str, status: Status) -> None:
    """Once the deadline's year is observed the target is met or missed, at its own precision (27.5 rounds to 28)."""
    found = run(values(*FIVE, (2027, value)), as_of=date(2028, 7, 1))
    assert (found.status, found.attainment) == (status, None)
    assert found.decided_by is not None
    assert not found.provisional


@pytest.mark.parametrize(
    ("changes", "target_changes", "why"),
    [
        ({"tier": Tier.THIRD_PARTY, "basis": Basis("third_party")}, {}, Provisional.THIRD_PARTY),
        ({"state": State.FLASH}, {}, Provisional.FLASH),
        ({"state": State.TO_DATE}, {}, Provisional.TO_DATE),
        ({}, {"proxy": True}, Provisional.PROXY),
    ],
)
def test_a_decision_is_provisional_while(
    changes: dict[str, object], target_changes: dict[str, bool], why: Provisional
) -> None:
    """… its value is third-party, a flash, of the year to date, or of a proxy region."""
    series = DecidingSeries(
        "220000",
        "pm25",
        (Tier.OFFICIAL, Tier.PRESS, Tier.THIRD_PARTY),
        proxy=target_changes.get("proxy", False),
    )
    found = run(values((2027, "26"), **changes), replace(TARGET, series=series), date(2028, 7, 1))
    assert (found.status, found.provisional) == (Status.MET, (why,))


def test_an_official_final_value_settles_a_provisional_one() -> None:
    """When the final value comes in it decides, and nothing is provisional any more."""
    flash = values((2027, "27.6"), state=State.FLASH, known_on=date(2028, 1, 10), published=date(2028, 1, 10))
    final = [o._replace(id=9) for o in values((2027, "27.4"))]
    before = run(flash, as_of=date(2028, 2, 1))
    after = run([*flash, *final], as_of=date(2028, 7, 1))
    assert (before.status, before.provisional) == (Status.MISSED, (Provisional.FLASH,))
    assert (after.status, after.provisional) == (Status.MET, ())


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2027, 12, 31), Status.NO_DATA), (date(2028, 1, 1), Status.AWAITING)],
)
def test_after_the_deadline_without_its_value_it_is_awaiting(as_of: date, status: Status) -> None:
    """The day after the deadline an undecided target is awaiting; on the deadline itself it is still judged (here: stale)."""
    assert run(values(*FIVE), as_of=as_of).status is status


def test_no_series_is_no_data_even_after_the_deadline() -> None:
    """Nothing awaits a value of a series that never came: no data is its own state."""
    found = run([], as_of=date(2028, 1, 1))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_SERIES)


def test_values_of_a_tier_that_is_not_let_in_are_no_series() -> None:
    """A third-party series does not stand in where the target has not declared it."""
    third = values(*FIVE, tier=Tier.THIRD_PARTY, basis=Basis("third_party"))
    assert run(third).reason is Reason.NO_SERIES


@pytest.mark.parametrize(("count", "reason"), [(4, Reason.TOO_SHORT), (5, Reason.ATTAINMENT_HIGH)])
def test_a_short_series_is_no_data(count: int, reason: Reason) -> None:
    """Below the declared minimum nothing is said, with the number there are."""
    found = run(values(*FIVE[-count:]), judged=forecast_of(0.9), target=replace(TARGET, baseline_period=None))
    assert found.reason is reason
    if count == 4:
        assert found.params["count"] == 4
        assert found.attainment is None


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [(date(2026, 12, 31), Reason.ATTAINMENT_HIGH), (date(2027, 1, 1), Reason.STALE)],
)
def test_a_series_goes_stale(as_of: date, reason: Reason) -> None:
    """With two complete years missing a forecast is still made, with three the series is stale."""
    assert run(values(*FIVE), as_of=as_of, judged=forecast_of(0.9)).reason is reason


def test_missing_years_are_said() -> None:
    """A forecast from 2023 in mid-2026 says that two annual values are not in."""
    assert run(values(*FIVE), as_of=date(2026, 6, 1), judged=forecast_of(0.9)).late == 2


def test_a_failed_forecast_is_no_data() -> None:
    """A model that fails gives no number and never a green light."""
    found = run(values(*FIVE), judged=Reason.FORECAST_FAILED)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.FORECAST_FAILED)


def test_a_target_without_deadline_is_no_data() -> None:
    """Without a date there is no being on time."""
    found = run(values(*FIVE), replace(TARGET, deadline=None, deadline_note="none"))
    assert found.reason is Reason.NO_DEADLINE


@pytest.mark.parametrize(
    ("measure", "report", "as_of", "status", "reason"),
    [
        (Measure.QUALITATIVE, None, date(2027, 12, 31), Status.UNREPORTED, Reason.REPORT_NOT_IN),
        (Measure.QUALITATIVE, None, date(2028, 1, 1), Status.UNREPORTED, Reason.REPORT_OVERDUE),
        (Measure.DELEGATED, None, AS_OF, Status.UNREPORTED, Reason.REPORT_NOT_IN),
        (Measure.DELEGATED, "done", AS_OF, Status.REPORTED, Reason.REPORT_IN),
        (Measure.QUALITATIVE, "under_way", date(2027, 12, 31), Status.REPORTED, Reason.REPORT_IN),
        (Measure.QUALITATIVE, "under_way", date(2028, 1, 1), Status.UNREPORTED, Reason.REPORT_OVERDUE),
        (Measure.QUALITATIVE, "not_done", date(2028, 1, 1), Status.REPORTED, Reason.REPORT_IN),
        (Measure.QUALITATIVE, "done", date(2028, 1, 1), Status.REPORTED, Reason.REPORT_IN),
    ],
)
def test_targets_that_someone_reports(
    measure: Measure, report: str | None, as_of: date, status: Status, reason: Reason
) -> None:
    """Qualitative and delegated targets are unreported until the responsible unit reports; past the deadline only done or not done will do."""
    target = replace(TARGET, measure=measure, comparator=None, value=None)
    given = Report(report, AS_OF, "省生态环境厅", "", "") if report else None
    found = run([], target, as_of, report=given)
    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(
    ("change", "value", "direction", "border"),
    [("relative", 10, "lower", "27.9"), ("absolute", 3, "lower", "28"), ("relative", 10, "higher", "34.1")],
)
def test_a_change_becomes_a_level_through_its_baseline(
    change: str, value: int, direction: str, border: str
) -> None:
    """“比2020年下降10%” of 31 is 27.9; the direction says which way."""
    target = replace(TARGET, kind=Kind.CHANGE, value=D(value), change=change)  # type: ignore[arg-type]
    found = level_bounds(target, replace(PM25, direction=direction), D(31))  # type: ignore[arg-type]
    assert found is not None
    assert D(border) in (found[0].low, found[0].high)


def test_a_change_without_its_baseline_is_not_judged() -> None:
    """A change target with no baseline value says so and gives no number."""
    target = replace(TARGET, kind=Kind.CHANGE, value=D(10), change="relative", baseline_period="2015")
    found = run(values(*FIVE), target)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.BASELINE_MISSING)


@pytest.mark.parametrize(
    ("deadline", "periods"),
    [
        ("2025", ["2025"]),
        ("2022-06", ["2022-01/2022-06", "2022-06", "2022"]),
        ("2022-10-04", ["2022-01/2022-10", "2022-10", "2022"]),
        ("2021-12", ["2021", "2021-12"]),
    ],
)
def test_the_periods_that_decide_a_deadline(deadline: str, periods: list[str]) -> None:
    """A year is decided by its value; a month's deadline by the months up to it, then the month, then the year."""
    assert [str(p) for p in deciding_periods(deadline)] == periods


def test_only_an_undecided_numeric_target_needs_a_forecast() -> None:
    """No forecast is asked for a target that is decided, past, short of data or not numeric."""
    observations = values(*FIVE)
    series = list(series_of(observations, PeriodKind.YEAR, AS_OF).values())
    evidence = gather(TARGET, observations, series, AS_OF, 5)
    assert needs_forecast(TARGET, evidence, AS_OF, THRESHOLDS)
    assert not needs_forecast(TARGET, evidence, date(2028, 1, 1), THRESHOLDS)
    assert not needs_forecast(replace(TARGET, measure=Measure.QUALITATIVE), evidence, AS_OF, THRESHOLDS)
    assert not needs_forecast(TARGET, Evidence(None, None, None, False), AS_OF, THRESHOLDS)


YEARLY = ReportsDue(((3, 31),), date(2024, 9, 1))


@pytest.mark.parametrize(
    ("state", "reported_on", "as_of", "expected"),
    [
        (None, None, date(2025, 3, 31), (Reason.REPORT_NOT_IN, {"next_due": "2025-03-31"})),
        (None, None, date(2025, 4, 1), (Reason.REPORT_OVERDUE, {"due": "2025-03-31"})),
        ("under_way", date(2025, 3, 1), date(2025, 4, 1), (Reason.REPORT_IN, {"next_due": "2026-03-31"})),
        ("under_way", date(2025, 3, 1), date(2026, 3, 31), (Reason.REPORT_IN, {"next_due": "2026-03-31"})),
        ("under_way", date(2025, 3, 1), date(2026, 4, 1), (Reason.REPORT_OVERDUE, {"due": "2026-03-31"})),
        ("done", date(2025, 3, 1), date(2026, 4, 1), (Reason.REPORT_IN, {})),
        ("not_done", date(2025, 3, 1), date(2026, 4, 1), (Reason.REPORT_IN, {})),
        ("under_way", date(2027, 5, 1), date(2027, 6, 1), (Reason.REPORT_IN, {"next_due": "2027-12-31"})),
        ("under_way", date(2027, 5, 1), date(2028, 1, 1), (Reason.REPORT_OVERDUE, {})),
    ],
)
def test_reports_with_due_days(
    state: str | None, reported_on: date | None, as_of: date, expected: tuple[Reason, dict[str, str]]
) -> None:
    """A report of a matter under way stands until the next one is due and at most to the deadline; a final one stands for good."""
    target = replace(TARGET, measure=Measure.QUALITATIVE, comparator=None, value=None, reports=YEARLY)
    given = Report(state, reported_on, "省生态环境厅", "", "") if state and reported_on else None
    found = run([], target, as_of, report=given)
    assert (found.reason, dict(found.params)) == expected
    assert (found.status is Status.REPORTED) == (found.reason is Reason.REPORT_IN)
    assert found.report is given
