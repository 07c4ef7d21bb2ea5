"""Every rule against what its publishers computed, and against cases worked out from their stated formulae."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dabiao.assess.rules import BY_NAME, china_air_2014, escap, open_sdg, sdsn
from dabiao.assess.rules.cases import case_of
from dabiao.assess.rules.linear_schedule import LinearSchedule, path
from dabiao.domain.assessment import NOT_APPLICABLE, RuleResult
from tests.unit.assess.cases import PART_YEAR, VECTORS, case, group, written

EXACT = 1e-9
OPEN_SDG = [
    pytest.param(c, id=c["id"])
    for g in VECTORS
    if g["rule"] == "open_sdg" and not g["id"].startswith("derived")
    for c in g["cases"]
]


def near(found: float | None, expected: Any) -> bool:
    if expected is None or found is None:
        return found is expected
    return found == float(expected) or math.isclose(found, float(expected), rel_tol=EXACT, abs_tol=1e-12)


def said(rule: str, vector: dict[str, Any]) -> RuleResult:
    return BY_NAME[rule].apply(case_of(written(vector)))


@pytest.mark.parametrize("vector", OPEN_SDG)
def test_open_sdg_as_published(vector: dict[str, Any]) -> None:
    """Ratio to nine places, score and outcome word are those that the offices published."""
    found, expected = said("open_sdg", vector), vector["expected"]
    if "ratio" in expected:
        assert near(found.figure, expected["ratio"])
    if "category" in expected:
        assert found.outcome == expected["category"]
    if expected.get("score") is not None:
        assert near(found.params["score"], expected["score"])


def test_open_sdg_indicators_of_several_series() -> None:
    """An indicator's score is the mean of its series'; it has achieved only where each of them has."""
    suite = VECTORS[0]
    by_id = {c["id"]: c for c in suite["cases"]}
    assert len(suite["aggregates"]) == 10
    for aggregate in suite["aggregates"]:
        members = [said("open_sdg", by_id[m]) for m in aggregate["members"]]
        scores = [m.params["score"] for m in members]
        assert scores == pytest.approx(aggregate["member_scores"])
        score, word = open_sdg.combined(scores, [m.outcome == "target_achieved" for m in members])
        assert score == pytest.approx(aggregate["expected"]["score"], rel=EXACT)
        assert word == aggregate["expected"]["category"]
    assert open_sdg.combined([], []) == (None, "not_available")


@pytest.mark.parametrize("vector", group("derived_open_sdg_progress"), ids=lambda v: v["id"])
def test_open_sdg_at_its_borders(vector: dict[str, Any]) -> None:
    """Each border belongs to the better class."""
    assert open_sdg.word(vector["ratio"], open_sdg.RATIO) == vector["expected"]["category"]


@pytest.mark.parametrize("vector", group("derived_linear_glide_path"), ids=lambda v: v["id"])
def test_linear_schedule(vector: dict[str, Any]) -> None:
    """The line, the share that is due and the share that is done."""
    expected = vector["expected"]
    found = case(
        base=vector["base_value"],
        base_year=vector["base_year"],
        target=vector["target"],
        target_year=vector["target_year"],
        current=vector.get("current_value", vector["base_value"]),
        current_year=vector["year"],
    )
    assert near(
        path(found.base_year, found.base, found.target_year, found.target, vector["year"]),
        expected["path_value"],
    )
    result = LinearSchedule().apply(found)
    assert near(result.params["needed"], 100 * expected["required_fraction"])
    if "on_schedule" in expected:
        assert result.favourable is expected["on_schedule"]
        assert result.figure == pytest.approx(expected["ahead_by"], abs=EXACT)
        assert result.params["done"] == pytest.approx(100 * expected["progress_fraction"], abs=1e-7)


@pytest.mark.parametrize("vector", group("derived_declared_milestones"), ids=lambda v: v["id"])
def test_china_air_2014(vector: dict[str, Any]) -> None:
    """10, 35, 65 and 100 % of the fall are due in 2014 to 2017; the value that just meets it scores 100."""
    base, target, year = vector["base_value"], vector["target"], vector["year"]
    expected = vector["expected"]
    assert expected["required_share_of_reduction"] == china_air_2014.SCHEDULE[year]
    allowed = china_air_2014.allowed(base, target, year)
    assert near(allowed, expected["max_allowed"])
    given = {"base": base, "base_year": 2013, "target": target, "target_year": 2017, "current_year": year}
    found = BY_NAME["china_air_2014"].apply(case(current=allowed, **given))
    assert (found.outcome, found.figure) == ("excellent", pytest.approx(100))


@pytest.mark.parametrize("vector", group("derived_un_progress_chart"), ids=lambda v: v["id"])
def test_un_chart(vector: dict[str, Any]) -> None:
    """The projected share of the way and its class."""
    direction = 1 if vector["target"] > vector["base_value"] else -1
    found, expected = said("un_chart", vector | {"direction": direction}), vector["expected"]
    words = {3: "on_track_or_met", 2: "fair_progress", 1: "stagnation_or_regression"}
    assert near(found.figure, expected["projected_progress_share"])
    assert near(found.params["projected"], expected["projected"])
    assert found.outcome == words[expected["category"]]


@pytest.mark.parametrize("vector", group("derived_escap_current_status"), ids=lambda v: v["id"])
def test_escap_score(vector: dict[str, Any]) -> None:
    """Ten times the share of the way done; it needs no years, and is there where nothing can be predicted."""
    direction = 1 if vector["target"] > vector["base_value"] else -1
    expected = vector["expected"]["score_0_10"]
    assert near(escap.score(vector["base_value"], vector["current_value"], vector["target"]), expected)
    found = said("escap", vector | {"direction": direction})
    assert (found.outcome, found.figure) == ("not_applicable", pytest.approx(expected, rel=EXACT))


@pytest.mark.parametrize("vector", group("derived_dns_linear"), ids=lambda v: v["id"])
def test_dns(vector: dict[str, Any]) -> None:
    """The mean change carried to the target year, the miss over the gap, and the symbol."""
    found, expected = said("dns", vector | {"current_year": vector["status_year"]}), vector["expected"]
    assert found.outcome == expected["category"]
    assert near(found.params["mean"], expected["avg_annual_change"])
    if "miss_over_gap" in expected:
        assert near(found.figure, expected["miss_over_gap"])
        assert near(found.params["projected"], expected["projected"])


@pytest.mark.parametrize("vector", group("derived_sdsn_arrow"), ids=lambda v: v["id"])
def test_sdsn(vector: dict[str, Any]) -> None:
    """The annual step, the step required, and the arrow."""
    found, expected = (
        sdsn.Sdsn().apply(
            case(
                direction="higher",
                base_year=vector["first_year"],
                base=vector["first"],
                current_year=vector["last_year"],
                current=vector["last"],
                target=vector["green_threshold"],
                target_year=vector["target_year"],
            )
        ),
        vector["expected"],
    )
    assert found.outcome == expected["category"]
    assert near(found.params["actual"], expected["actual_annual"])
    assert near(found.params["required"], expected["required_annual"])


@pytest.mark.parametrize("vector", group("derived_years_to_target"), ids=lambda v: v["id"])
def test_years_to_target(vector: dict[str, Any]) -> None:
    """The rate of a year, the years until the target and the year they lead to, and the class."""
    found, expected = (
        BY_NAME["years_to_target"].apply(
            case(
                base=vector["first"],
                base_year=vector["last_year"] - vector["n_years"],
                current=vector["last"],
                current_year=vector["last_year"],
                target=vector["target"],
                target_year=vector["deadline"],
            )
        ),
        vector["expected"],
    )
    assert found.outcome == expected["category"]
    assert near(found.figure, expected["years_to_target"])
    assert near(found.params["rate"], 100 * expected["rate"])
    assert near(found.params["projected"], expected["projected_year"])


@pytest.mark.parametrize("vector", group("derived_three_year_design_value"), ids=lambda v: v["id"])
def test_design_value(vector: dict[str, Any]) -> None:
    """What the third year may average at most, from the two before it; a mean below nought cannot be."""
    first, second = vector["prior_annual_means"]
    row = {
        "case_id": "a",
        "direction": "-1",
        "target_period": "2025",
        "values": f"2023:{first};2024:{second}",
    }
    found = BY_NAME["design_value"].apply(case_of(row | {"target": str(vector["limit_rounding_aware"])}))
    expected = vector["expected"]["required_annual_mean"]
    assert near(found.figure, expected)
    assert found.outcome == ("open" if expected > 0 else "not_attainable")


@pytest.mark.parametrize("vector", PART_YEAR["time_progress"], ids=lambda v: v["id"])
def test_time_progress(vector: dict[str, Any]) -> None:
    """A total to date over what is due in step with the days; a plan of nought has nothing due."""
    row = {"case_id": "a", "direction": "1"}
    names = {"target": "plan_total", "current": "actual_to_date"}
    names |= {name: name for name in ("days_elapsed", "days_total")}
    found = BY_NAME["time_progress"].apply(case_of(row | {k: str(vector[v]) for k, v in names.items()}))
    share = vector["expected"]["attainment"]
    assert near(found.figure, share)
    if share is None:
        assert (found.outcome, found.message) == (NOT_APPLICABLE, "rule.why.nothing_due")
        return
    assert near(found.params["elapsed"], 100 * vector["expected"]["time_progress"])
    assert found.outcome == ("ahead" if share > 1 else "behind" if share < 1 else "on_schedule")


CHANGES, SHARES = (
    [v for v in group("china_official_outcomes") if name in v] for name in ("change_pct", "change_pp")
)


@pytest.mark.parametrize("vector", CHANGES, ids=lambda v: v["id"])
def test_what_the_ministry_announced(vector: dict[str, Any]) -> None:
    """A fall that the ministry called met is met by the schedule at its end."""
    given = {"base": 100.0, "base_year": 2016, "target_year": 2017, "current_year": 2017}
    target, current = 100 + vector["target_change_pct"], 100 + vector["change_pct"]
    found = LinearSchedule().apply(case(target=target, current=current, **given))
    assert found.favourable is vector["expected"]["met"]


@pytest.mark.parametrize("vector", SHARES, ids=lambda v: v["id"])
def test_what_the_ministry_called_on_schedule(vector: dict[str, Any]) -> None:
    """A share of good days that the ministry called 达到序时进度 is on the straight line from the year before."""
    current, year = vector["good_day_share"], vector["year"]
    given = {"direction": "higher", "base": current - vector["change_pp"], "base_year": year - 1}
    given |= {"current": current, "current_year": year} | {k: vector[k] for k in ("target", "target_year")}
    assert LinearSchedule().apply(case(**given)).favourable is vector["expected"]["met"]
