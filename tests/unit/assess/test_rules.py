"""What holds of every rule: its words, its sentences, its edges, and on which indicators it runs."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao import i18n
from dabiao.assess.rules import BY_NAME, RULES, Due, standing
from dabiao.assess.rules.traffic_light import SETS, TrafficLight, parse
from dabiao.assess.sentences import rule_says
from dabiao.domain.assessment import NOT_APPLICABLE
from dabiao.domain.target import Bounds, IndicatorType
from tests.unit.assess.cases import case

NAMES = sorted(BY_NAME)
NUMERIC = [t for t in IndicatorType if t is not IndicatorType.QUALITATIVE]
NO_BASE = {"issued_milestones", "eea", "dns", "design_value", "time_progress"}
FALLING = tuple((2016 + i, 45.0 - i) for i in range(7))  # 45 in 2016, 39 in 2022


def said(name: str, **changes: Any) -> str:
    return BY_NAME[name].apply(case(**changes)).outcome


# -- words and sentences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", i18n.LANGS)
def test_every_declared_outcome_has_its_word(name: str, lang: str) -> None:
    """Whatever a rule declares that it can say has a word in both languages, as have its name, source and reach."""
    rule = BY_NAME[name]
    assert NOT_APPLICABLE in rule.outcomes
    for outcome in rule.outcomes:
        assert i18n.text(f"outcome.{outcome}", lang)
    for part in ("name", "source", "applies"):
        assert i18n.text(f"rule.{name}.{part}", lang)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_says_why_it_does_not_run_on_a_type(name: str) -> None:
    """On an indicator of a type that is not its own a rule does not apply and names the type."""
    rule = BY_NAME[name]
    for kind in set(IndicatorType) - rule.types:
        found = rule.apply(case(kind=kind))
        assert (found.outcome, found.favourable, found.figure) == (NOT_APPLICABLE, None, None)
        assert found.message == f"rule.why.type_{kind}"
        assert rule_says(found, "en").startswith("it is not used on")


def test_no_growth_rate_of_a_share() -> None:
    """Rules of growth rates run on levels, counts and indices, never on shares or running totals."""
    for name in ("open_sdg", "un_chart", "years_to_target"):
        assert BY_NAME[name].types == {IndicatorType.LEVEL, IndicatorType.COUNT, IndicatorType.INDEX}


def test_what_stands_beside_a_status() -> None:
    """One set of lights stands beside a status; other sets, and rules for what no target declares, are there to be asked for."""
    beside = {r.name for r in RULES}
    assert set(NAMES) - beside == (set(SETS) - {"traffic_light"}) | {"design_value", "time_progress"}
    assert "linear_schedule" in beside


NUMBERS = st.none() | st.sampled_from([0.0, -1.0, 30.0, 100.0]) | st.floats(-1e300, 1e300)
YEARS = st.none() | st.integers(2010, 2035)


@given(
    name=st.sampled_from(NAMES),
    direction=st.sampled_from(["higher", "lower"]),
    base=NUMBERS,
    current=NUMBERS,
    target=NUMBERS,
    limit=NUMBERS,
    base_year=YEARS,
    current_year=YEARS,
    target_year=YEARS,
    attainment=st.none() | st.floats(0, 1),
    values=st.dictionaries(st.integers(2010, 2030), st.floats(-1e6, 1e6), max_size=9),
    part_year=st.booleans(),
    days=st.none() | st.tuples(st.integers(1, 365), st.just(366)),
)
def test_no_figures_make_a_rule_fail(name: str, values: dict[int, float], **given_values: Any) -> None:
    """Whatever is missing, zero, negative or out of order: a declared word, its side, and a sentence in both languages."""
    if given_values["current"] is None or given_values["current_year"] is None:
        values = {}
    rule = BY_NAME[name]
    points = {t: y for t, y in values.items() if t < (given_values["current_year"] or 0)}
    if given_values["current"] is not None and given_values["current_year"] is not None:
        points[given_values["current_year"]] = given_values["current"]
    found = rule.apply(case(values=tuple(sorted(points.items())), **given_values))
    assert found.favourable is rule.outcomes[found.outcome]
    assert found.figure is None or not math.isnan(found.figure)
    for lang in i18n.LANGS:
        assert rule_says(found, lang)


# -- edges, decided once -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("linear_schedule", "ahead"),
        ("traffic_light", "green"),
        ("open_sdg", "target_achieved"),
        ("un_chart", "on_track_or_met"),
        ("sdsn", "on_track"),
        ("dns", "sun"),
        ("years_to_target", "met"),
    ],
)
def test_a_value_equal_to_the_target_meets_it(name: str, outcome: str) -> None:
    """30 meets "≤ 30" in every rule."""
    assert (
        said(name, current=30.0, values=((2019, 42.0), (2020, 40.0), (2021, 33.0), (2022, 30.0))) == outcome
    )


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("linear_schedule", "on_schedule"),
        ("traffic_light", "green"),
        ("open_sdg", "target_achieved"),
        ("un_chart", "on_track_or_met"),
        ("sdsn", "on_track"),
        ("years_to_target", "met"),
    ],
)
def test_a_value_equal_at_the_targets_precision_meets_it(name: str, outcome: str) -> None:
    """30.4 against 30 is met, as the status has it, also in the deadline's own year, where the unrounded share is short."""
    assert said(name, current=30.4, current_holds=True, current_year=2025) == outcome


def test_a_border_that_is_not_included_is_not_met() -> None:
    """30 does not meet "< 30": no rule calls it achieved, and none divides by the gap of nought that is left."""
    at_border = {"current": 30.0, "current_holds": False, "bounds": Bounds(None, Decimal(30), high_in=False)}
    assert said("open_sdg", **at_border) == "substantial_progress"
    values = ((2019, 42.0), (2020, 40.0), (2021, 33.0), (2022, 30.0))
    assert said("dns", values=values, **at_border) == "cloud"


@pytest.mark.parametrize("name", sorted(set(NAMES) - NO_BASE))
@pytest.mark.parametrize(
    ("changes", "why"), [({"base_year": None}, "no_base_year"), ({"base": None}, "base_not_observed")]
)
def test_a_missing_baseline_is_not_replaced(name: str, changes: dict[str, Any], why: str) -> None:
    """No rule takes another year as its base: it says that there is none."""
    found = BY_NAME[name].apply(case(**changes))
    assert found.favourable is None
    assert found.message == f"rule.why.{why}"


@pytest.mark.parametrize(
    ("base", "name", "outcome"),
    [
        (0.0, "linear_schedule", "on_schedule"),
        (0.0, "sdsn", "on_track"),
        (0.0, "escap", "maintain"),
        (0.0, "open_sdg", "substantial_progress"),  # 0.001 instead
        (0.0, "un_chart", NOT_APPLICABLE),
        (-4.0, "linear_schedule", "on_schedule"),
        (-4.0, "sdsn", "on_track"),
        (-4.0, "escap", "maintain"),
        (-4.0, "un_chart", NOT_APPLICABLE),
        (0.0, "years_to_target", NOT_APPLICABLE),
        (-4.0, "years_to_target", NOT_APPLICABLE),
    ],
)
def test_a_zero_or_negative_baseline(base: float, name: str, outcome: str) -> None:
    """Straight lines bear any base; growth rates need one above zero, and Open SDG puts 0.001 for zero."""
    assert said(name, direction="higher", base=base, current=base + 4, target=base + 10) == outcome


def test_values_of_opposite_sign_are_not_available() -> None:
    """Open SDG has no growth rate from -4 to 4."""
    assert said("open_sdg", direction="higher", base=-4.0, current=4.0, target=10.0) == "not_available"


@pytest.mark.parametrize(
    ("name", "kept", "lost"),
    [
        ("linear_schedule", "holds", "breached"),
        ("traffic_light", "green", "red"),
        ("open_sdg", "target_achieved", "deterioration"),
        ("un_chart", "on_track_or_met", "stagnation_or_regression"),
        ("sdsn", "on_track", "decreasing"),
        ("escap", "maintain", "reverse"),
        ("years_to_target", "met", "insufficient"),
    ],
)
def test_a_target_equal_to_the_baseline_is_to_be_kept(name: str, kept: str, lost: str) -> None:
    """Without a way to go a rule asks only whether the value still holds."""
    assert said(name, base=30.0, current=30.0) == kept
    assert said(name, base=30.0, current=33.0) == lost


@pytest.mark.parametrize(
    ("name", "early", "back"),
    [
        ("linear_schedule", "ahead", "behind"),
        ("open_sdg", "target_achieved", "limited_progress"),
        ("sdsn", "on_track", "stagnating"),
        ("dns", "sun", "cloud"),
        ("years_to_target", "met", "insufficient"),
    ],
)
def test_met_early_and_falling_back(name: str, early: str, back: str) -> None:
    """A target that was met before its deadline counts as met while it is; the latest value decides."""
    values = ((2019, 42.0), (2020, 40.0), (2021, 34.0), (2022, 29.0))
    assert said(name, current=29.0, values=values) == early
    assert said(name, current=38.0, current_year=2023, values=(*values, (2023, 38.0))) == back


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("linear_schedule", "behind"),
        ("traffic_light", "red"),
        ("open_sdg", "limited_progress"),
        ("un_chart", "fair_progress"),
        ("sdsn", NOT_APPLICABLE),
        ("escap", NOT_APPLICABLE),
        ("dns", NOT_APPLICABLE),
        ("years_to_target", "not_met"),
    ],
)
def test_after_the_deadline(name: str, outcome: str) -> None:
    """A schedule is due in full, Open SDG goes on, the UN chart looks back to the target year; projections end."""
    past = tuple((2020 + i, 40.0 - i) for i in range(8))
    assert said(name, current=33.0, current_year=2027, values=past) == outcome


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"eea"}))
def test_an_incomplete_year_is_not_held_against_whole_ones(name: str) -> None:
    """No rule compares a value of the year to date."""
    assert said(name, part_year=True) == NOT_APPLICABLE


# -- single rules --------------------------------------------------------------------------------------------------


@given(completion=st.floats(allow_nan=True, allow_infinity=True), name=st.sampled_from(sorted(SETS)))
def test_no_value_is_without_a_light(completion: float, name: str) -> None:
    """Every number, infinite and not-a-number too, has exactly one light of its set."""
    assert TrafficLight(name).light(completion) in {light for light, _ in SETS[name]}


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_set_of_lights_goes_down_and_has_no_end(name: str) -> None:
    """The borders of a set fall from the best light, each light once, and the last has none."""
    borders = [border for _, border in SETS[name]]
    assert borders == sorted(borders, reverse=True)
    assert borders[-1] == -math.inf
    assert len({light for light, _ in SETS[name]}) == len(borders)


@pytest.mark.parametrize(
    ("current", "lights"),
    [
        (35.6, ("green", "blue", "blue")),
        (36.0, ("green", "green", "green")),
        (36.2, ("yellow", "yellow", "yellow")),
        (36.4, ("yellow", "red", "yellow")),
        (36.8, ("red", "red", "orange")),
        (36.81, ("red", "red", "red")),
    ],
)
def test_lights_at_their_borders(current: float, lights: tuple[str, ...]) -> None:
    """36 is exactly on schedule; completion 110, 100, 95, 90 and 80 % belong to the better light."""
    assert (
        tuple(said(n, current=current) for n in ("traffic_light", "traffic_light_95", "traffic_light_80"))
        == lights
    )


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (1.0, "very_likely"),
        (0.90, "very_likely"),
        (0.8999, "likely"),
        (0.67, "likely"),
        (0.6699, "unclear"),
        (0.33, "unclear"),
        (0.3299, "unlikely"),
        (0.10, "unlikely"),
        (0.0999, "very_unlikely"),
        (0.0, "very_unlikely"),
    ],
)
def test_eea_words(p: float, word: str) -> None:
    """Each cut-off belongs to the more likely word."""
    assert said("eea", attainment=p) == word


def due(year: int, value: int) -> Due:
    return Due(year, float(value), Bounds(None, Decimal(value)), 0)


@pytest.mark.parametrize(
    ("current", "current_year", "outcome"),
    [
        (36.0, 2021, "not_due"),
        (37.0, 2022, "reached"),
        (37.4, 2022, "reached"),  # 37 at the milestone's own precision
        (37.6, 2022, "not_reached"),
        (37.6, 2023, "not_reached"),  # fell back: a milestone is to be kept
        (34.0, 2024, "reached"),
        (34.6, 2024, "not_reached"),
    ],
)
def test_the_last_milestone_that_is_due(current: float, current_year: int, outcome: str) -> None:
    """The latest value is held against the last milestone due, at its precision; before the first there is none."""
    ladder = (due(2024, 34), due(2022, 37))
    assert said("issued_milestones", current=current, current_year=current_year, milestones=ladder) == outcome


def test_no_milestones_is_said() -> None:
    """A target without issued milestones says so, and no line of ours takes their place."""
    assert BY_NAME["issued_milestones"].apply(case()).message == "rule.why.no_milestones"


CHINA = {"base": 100.0, "base_year": 2013, "target": 75.0, "target_year": 2017}


@pytest.mark.parametrize(
    ("current", "year", "before", "score", "outcome"),
    [
        (97.5, 2014, 100.0, 100, "excellent"),
        (97.75, 2014, 100.0, 90, "excellent"),
        (97.8, 2014, 100.0, 88, "good"),
        (98.25, 2014, 100.0, 70, "good"),
        (98.5, 2014, 100.0, 60, "qualified"),
        (98.6, 2014, 100.0, 56, "unqualified"),
        (90.0, 2015, 89.0, 0, "unqualified"),  # better than required, but a rise
        (90.0, 2015, 90.0, 100, "excellent"),
        (75.0, 2017, 80.0, 100, "excellent"),
    ],
)
def test_grades_of_the_air_plan(current: float, year: int, before: float, score: float, outcome: str) -> None:
    """Grades from 90, 70 and 60 points; a rise on the year before scores nothing."""
    values = ((year - 1, before), (year, current))
    found = BY_NAME["china_air_2014"].apply(case(current=current, current_year=year, values=values, **CHINA))
    assert (found.outcome, found.figure) == (outcome, pytest.approx(score))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"target_year": 2018}, "only_2014_2017"),
        ({"current_year": 2018}, "only_2014_2017"),
        ({"indicator": "pm10"}, "only_pm25"),
        ({"direction": "higher"}, "only_pm25"),
        ({"target": 100.0}, "no_fall"),
    ],
)
def test_the_air_plan_speaks_of_its_own_years(changes: dict[str, Any], why: str) -> None:
    """Its schedule was issued for PM2.5 from 2014 to 2017 and is carried over to nothing else."""
    given_case = case(**({"current": 90.0, "current_year": 2015} | CHINA | changes))
    assert BY_NAME["china_air_2014"].apply(given_case).message == f"rule.why.{why}"


def test_dns_needs_four_consecutive_years() -> None:
    """Years before a gap do not count; six at most; fewer than four give no symbol."""
    assert said("dns", current=39.0, values=FALLING[3:]) != NOT_APPLICABLE
    assert said("dns", current=39.0, values=FALLING[4:]) == NOT_APPLICABLE
    assert said("dns", current=39.0, values=(*FALLING[:3], *FALLING[4:])) == NOT_APPLICABLE
    assert BY_NAME["dns"].apply(case(current=39.0, values=FALLING)).params["points"] == 6


@pytest.mark.parametrize(
    ("last", "symbol"),
    [
        ((36.0, 35.0), "sun"),
        ((34.0, 35.0), "sun_cloud"),
        ((42.0, 41.0), "cloud"),
        ((42.0, 43.0), "thunderstorm"),
    ],
)
def test_dns_where_only_a_direction_is_wanted(last: tuple[float, float], symbol: str) -> None:
    """The mean change decides first, the last change second."""
    values = ((2019, 40.0), (2020, 40.0), (2021, last[0]), (2022, last[1]))
    assert said("dns", target=None, target_year=None, current=last[1], values=values) == symbol


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (((2020, 40.0), (2021, 38.0), (2022, 36.0)), "maintain"),
        (((2020, 40.0), (2021, 38.4), (2022, 36.8)), "accelerate"),
        (((2020, 40.0), (2021, 38.2), (2022, 36.4)), "maintain"),  # a tenth of the way short
        (((2020, 40.0), (2021, 40.5), (2022, 41.0)), "reverse"),
    ],
)
def test_escap_anticipated_progress(values: tuple[tuple[int, float], ...], outcome: str) -> None:
    """Maintain up to a tenth of the way short, reverse beyond the baseline, accelerate between."""
    assert said("escap", current=values[-1][1], values=values) == outcome


def test_escap_weighs_later_years_more() -> None:
    """Flat, then falling: the prediction lies below the unweighted straight line, which leads to 33.8 in 2025."""
    bent = ((2018, 40.0), (2019, 40.0), (2020, 40.0), (2021, 38.0), (2022, 36.0))
    found = BY_NAME["escap"].apply(case(current=36.0, values=bent))
    slope = sum((t - 2020) * y for t, y in bent) / 10
    assert 38.8 + 5 * slope == pytest.approx(33.8)
    assert found.params["predicted"] < 33.8


@pytest.mark.parametrize(
    ("limit", "outcome"), [(100.0, "on_track_or_met"), (None, "stagnation_or_regression")]
)
def test_un_chart_near_the_limit(limit: float | None, outcome: str) -> None:
    """Within one point of a target that is the limit, 0 or 100 %, the target counts as met."""
    changes = {"direction": "higher", "base": 99.2, "current": 99.2, "target": 100.0}
    assert said("un_chart", limit=limit, **changes) == outcome


@pytest.mark.parametrize(
    ("current", "outcome"),
    [(38.0, "on_track_or_met"), (39.5, "fair_progress"), (40.0, "stagnation_or_regression")],
)
def test_un_chart_without_a_target(current: float, outcome: str) -> None:
    """Two per cent a year the right way, half a per cent, less."""
    assert said("un_chart", target=None, target_year=None, current=current) == outcome


@pytest.mark.parametrize(
    ("target_year", "outcome"),
    [(2030, "substantial"), (2029, "some_progress"), (2025, "some_progress"), (2024, "insufficient")],
)
def test_years_to_target_at_its_borders(target_year: int, outcome: str) -> None:
    """A twentieth less a year from 100 is 90 after two; a twentieth less eight times over is exactly eight years more."""
    given_case = {"base": 100.0, "current": 90.0, "target": 90 * 0.95**8, "target_year": target_year}
    assert said("years_to_target", **given_case) == outcome


@pytest.mark.parametrize(
    ("changes", "outcome", "message"),
    [
        ({"current": 40.0}, "insufficient", "rule.years_to_target.away"),
        ({"current": 41.0}, "insufficient", "rule.years_to_target.away"),
        ({"target": 0.0}, NOT_APPLICABLE, "rule.why.target_not_positive"),
        ({"current_year": 2020}, NOT_APPLICABLE, "rule.why.not_begun"),
        ({"current_year": 2025}, "not_met", "rule.years_to_target.not_met"),
        ({"current": 30.0, "current_year": 2025}, "met", "rule.years_to_target.met"),
        ({"target": -5.0, "current": -1.0}, NOT_APPLICABLE, "rule.why.opposite_signs"),
    ],
)
def test_years_to_target_without_a_way_there(changes: dict[str, Any], outcome: str, message: str) -> None:
    """A trend that does not lead to the target, or a target of nought, has no year; from the deadline on its value decides."""
    found = BY_NAME["years_to_target"].apply(case(**changes))
    assert (found.outcome, found.message) == (outcome, message)


THREE = {"current": None, "current_year": None, "target": 9.05, "target_year": 2025}


@pytest.mark.parametrize(
    ("third", "outcome"), [(None, "open"), (8.64, "met"), (8.65, "not_met"), (8.66, "not_met")]
)
def test_three_years_to_a_limit(third: float | None, outcome: str) -> None:
    """9.4 and 9.1 leave less than 8.65: the border before rounding itself does not meet."""
    values = ((2023, 9.4), (2024, 9.1), *(() if third is None else ((2025, third),)))
    assert said("design_value", **THREE, values=values) == outcome


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": IndicatorType.LEVEL}, "not_three_years"),
        ({"direction": "higher"}, "only_lower"),
        ({"target": None}, "no_target"),
        ({"values": ((2024, 9.1),)}, "no_two_years"),
        ({"values": ((2023, 9.4),)}, "no_two_years"),
    ],
)
def test_no_design_value(changes: dict[str, Any], why: str) -> None:
    """No target is declared on three years, and a missing year is not filled in with its neighbour."""
    given_case = case(**(THREE | {"values": ((2023, 9.4), (2024, 9.1))} | changes))
    assert BY_NAME["design_value"].apply(given_case).message == f"rule.why.{why}"


@pytest.mark.parametrize(
    ("direction", "current", "outcome"),
    [
        ("higher", 51.0, "ahead"),
        ("higher", 50.0, "on_schedule"),
        ("higher", 49.0, "behind"),
        ("lower", 49.0, "ahead"),
        ("lower", 51.0, "behind"),
    ],
)
def test_a_total_in_step_with_the_days(direction: str, current: float, outcome: str) -> None:
    """Half the days of the year in progress: half the plan is due, and of a ceiling half may be used."""
    given_case = {"direction": direction, "current": current, "target": 100.0, "days": (183, 366)}
    found = BY_NAME["time_progress"].apply(case(kind=IndicatorType.CUMULATIVE, part_year=True, **given_case))
    assert (found.outcome, found.figure) == (outcome, pytest.approx(current / 50))


def test_a_total_without_its_day_has_no_progress() -> None:
    """The days gone are those to the last value and are never guessed."""
    assert BY_NAME["time_progress"].apply(case()).message == "rule.why.no_days"


@pytest.mark.parametrize("kind", NUMERIC)
def test_every_numeric_type_has_rules(kind: IndicatorType) -> None:
    """The schedule and the symbol run on every number."""
    assert said("linear_schedule", kind=kind) == "on_schedule"
    assert said("dns", kind=kind, current=39.0, values=FALLING) != NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "completion", "light"),
    [
        ("traffic_light_95", 0.96, "yellow"),
        ("green 105, yellow 95, red", 1.05, "green"),
        ("green 105, yellow 95, red", 1.0499, "yellow"),
        ("green 105, yellow 95, red", 0.9499, "red"),
        ("green 105, yellow 95, red", -1e9, "red"),
    ],
)
def test_an_offices_own_lights(text: str, completion: float, light: str) -> None:
    """The setting names a set or spells its borders; every completion has a light, a border belonging to the better one."""
    lights = next(r for r in standing(text) if isinstance(r, TrafficLight))
    assert lights.light(completion) == light
    assert len(standing(text)) == len(RULES)
    assert {r.name for r in standing(text)} - {r.name for r in RULES} == {lights.name}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "green 100",
        "green 100, red 0",
        "green, red",
        "green 90, yellow 100, red",
        "green 100, green 90, red",
        "pink 100, red",
        "green ten, red",
        "traffic_light_99",
    ],
)
def test_lights_that_leave_a_value_dark_are_refused(text: str) -> None:
    """An unknown set, a border that does not fall, or a last light with a border: the start says so."""
    with pytest.raises(ValueError, match=r"light|set|border|float"):
        parse(text)
