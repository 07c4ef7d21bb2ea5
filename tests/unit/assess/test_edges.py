"""The edges of docs/judging.md, one test each: decided once, for the status and for the rule that stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dabiao.domain.assessment import Assessment, Reason, RuleResult, Status
from dabiao.domain.observation import Basis
from dabiao.domain.target import IndicatorType, Kind
from tests.factories import indicator, target
from tests.unit.assess.judging import judged, likely, values

D = Decimal
FALLING = {2019: "33", 2020: "31", 2021: "30", 2022: "29", 2023: "28"}
AFTER = date(2028, 7, 1)


def rule(a: Assessment, name: str = "linear_schedule") -> RuleResult:
    return next(r for r in a.rules if r.rule == name)


@pytest.mark.parametrize(
    ("comparator", "value", "seen", "status"),
    [
        ("<=", "27", "27", Status.MET),
        ("<", "27", "27", Status.MISSED),
        (">=", "27", "27", Status.MET),
        (">", "27", "27", Status.MISSED),
        ("=", "27", "27", Status.MET),
        ("=", "27", "28", Status.MISSED),
    ],
)
def test_a_value_equal_to_the_target(comparator: str, value: str, seen: str, status: Status) -> None:
    """A border that is included is met by its own value; one that is not (``<``, ``>``) is missed by it."""
    higher = comparator in (">=", ">")
    of = indicator(direction="higher" if higher else "lower")
    found = judged(values({2027: seen}), target(comparator, value), of, AFTER)
    assert found.status is status


@pytest.mark.parametrize(
    ("comparator", "seen", "status"),
    [
        ("<=", "27.4", Status.MET),
        ("<=", "26.5", Status.MET),  # half to even: 26
        ("<=", "27.5", Status.MISSED),  # half to even: 28
        ("<", "26.5", Status.MET),
        ("<", "26.51", Status.MISSED),
        ("=", "27.4", Status.MET),
    ],
)
def test_a_value_equal_at_the_targets_precision_only(comparator: str, seen: str, status: Status) -> None:
    """The value is rounded once to the target's own decimals and then compared, whatever it was printed with."""
    assert judged(values({2027: seen}), target(comparator, "27"), as_of=AFTER).status is status


@pytest.mark.parametrize(
    ("direction", "seen", "status"),
    [
        ("higher", "83.9", Status.MISSED),
        ("higher", "84.0", Status.MET),
        ("higher", "99", Status.MET),
        ("lower", "86.0", Status.MET),
        ("lower", "86.1", Status.MISSED),
        ("lower", "10", Status.MET),
    ],
)
def test_about_binds_on_the_side_that_would_be_called_missed(
    direction: str, seen: str, status: Status
) -> None:
    """85±1 左右 with higher better is missed below 84 and never above; with lower better the other way round."""
    about = target("~=", "85.0", tolerance=D(1))
    assert judged(values({2027: seen}), about, indicator(direction=direction), AFTER).status is status


def test_baseline_missing() -> None:
    """A change has no level and no status without its baseline; a level keeps its status, and the schedule does not apply."""
    cut = target(value="10", kind=Kind.CHANGE, change="relative", baseline_period="2015")
    found = judged(values(FALLING), cut, forecast=likely(0.9))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.BASELINE_MISSING)
    level = judged(values(FALLING), target(baseline_period="2015"), forecast=likely(0.9))
    assert (level.status, rule(level).message) == (Status.ON_TRACK, "rule.why.base_not_observed")


@pytest.mark.parametrize("base", ["0", "-3"])
def test_baseline_zero_or_negative(base: str) -> None:
    """A percentage of it says nothing, so a relative change is not judged; an absolute change and straight lines bear it."""
    of = indicator(bounds=(None, None))
    seen = values({**FALLING, 2020: base})
    cut = target(value="10", kind=Kind.CHANGE, change="relative", baseline_period="2020")
    found = judged(seen, cut, of, forecast=likely(0.9))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.BASELINE_NOT_POSITIVE)
    absolute = judged(seen, replace(cut, change="absolute"), of, forecast=likely(0.9))
    assert absolute.bounds is not None
    assert absolute.bounds.high == D(base) - 10
    assert rule(absolute).applies


def test_target_equal_to_the_baseline() -> None:
    """A target that the baseline already meets is to be held: the latest value decides, at the target's precision."""
    held = target("<=", "31", baseline_period="2020")
    assert rule(judged(values(FALLING), held, forecast=likely(0.9))).outcome == "holds"
    risen = judged(values({**FALLING, 2023: "31.6"}), held, forecast=likely(0.9))
    assert (rule(risen).outcome, risen.status, risen.reason) == (
        "breached",
        Status.AT_RISK,
        Reason.RULES_DISAGREE,
    )


def test_met_early_and_fallen_back() -> None:
    """A level reached before its deadline is not met yet; when the value falls back the schedule says so."""
    early = {2019: "33", 2020: "31", 2021: "26", 2022: "26", 2023: "26"}
    found = judged(values(early), target(baseline_period="2020"), forecast=likely(0.9))
    assert (found.status, rule(found).outcome) == (Status.ON_TRACK, "ahead")
    back = judged(values({**early, 2023: "31"}), target(baseline_period="2020"), forecast=likely(0.9))
    assert (back.status, rule(back).outcome) == (Status.AT_RISK, "behind")


def test_deadline_past() -> None:
    """Without the deadline's value a target is awaiting, never forecast; with it, met or missed and without attainment."""
    found = judged(values(FALLING), as_of=date(2028, 1, 1), forecast=likely(0.9))
    assert (found.status, found.attainment) == (Status.AWAITING, None)
    done = judged(values({**FALLING, 2027: "26"}), target(baseline_period="2020"), as_of=AFTER)
    assert (done.status, done.attainment, rule(done).params["needed"]) == (Status.MET, None, 100)


def test_the_last_day_is_still_before_the_deadline() -> None:
    """On the deadline's own day a target is judged by its forecast; on the next it is past."""
    seen = values({**FALLING, 2024: "27", 2025: "27", 2026: "27"})
    assert judged(seen, as_of=date(2027, 12, 31), forecast=likely(0.9)).status is Status.ON_TRACK
    assert judged(seen, as_of=date(2028, 1, 1), forecast=likely(0.9)).status is Status.AWAITING


def test_a_deadline_past_when_the_plan_was_issued() -> None:
    """A plan of 2025 that names 2024 is judged like any other: by the value of 2024 where there is one, else awaiting."""
    late = target(deadline="2024")
    assert judged(values(FALLING), late).status is Status.AWAITING
    assert judged(values({**FALLING, 2024: "26"}), late).status is Status.MET


def test_a_change_is_not_counted_across_bases() -> None:
    """A deciding value on another basis than the baseline decides no change."""
    cut = target(value="10", kind=Kind.CHANGE, change="relative", baseline_period="2020")
    other = values({2027: "20"}, basis=Basis("official", dust="deducted"), id=90)
    found = judged([*values(FALLING), *other], cut, as_of=AFTER)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.BASIS_MISMATCH)
    printed = replace(cut, baseline_value=D(31))
    assert judged([*values(FALLING), *other], printed, as_of=AFTER).status is Status.MET


@pytest.mark.parametrize(
    ("comparator", "change", "value", "tolerance", "seen", "status"),
    [
        (">=", "relative", "10", None, "27.9", Status.MET),  # 31 less 10 %
        (">=", "relative", "10", None, "28.0", Status.MISSED),
        (">", "relative", "10", None, "27.9", Status.MISSED),
        (">=", "absolute", "3", None, "28.0", Status.MET),
        (">=", "relative", "-5", None, "32.5", Status.MET),  # 增幅控制在5%以内: 32.55
        (">=", "relative", "-5", None, "32.6", Status.MISSED),
        ("~=", "relative", "10", "1", "28.2", Status.MET),
        ("~=", "relative", "10", "1", "28.3", Status.MISSED),
        ("~=", "relative", "10", "1", "20.0", Status.MET),
    ],
)
def test_changes_at_their_border(
    comparator: str, change: str, value: str, tolerance: str | None, seen: str, status: Status
) -> None:
    """A change is held as the level that it comes to, at the precision in which the indicator is published."""
    cut = target(
        comparator,
        value,
        kind=Kind.CHANGE,
        change=change,
        baseline_period="2020",
        tolerance=None if tolerance is None else D(tolerance),
    )
    assert judged(values({**FALLING, 2027: seen}), cut, as_of=AFTER).status is status


COUNT = indicator("two_mountains_bases", "higher", type=IndicatorType.COUNT, unit="个", decimals=0)
BASES = target(">=", "8", indicator="two_mountains_bases", kind=Kind.COUNT, unit="个")


def bases(of: dict[int, str]) -> list[object]:
    return values(of, indicator="two_mountains_bases", unit="个")  # type: ignore[return-value]


def test_a_count_is_met_as_soon_as_it_is_finished() -> None:
    """What is counted is done for good: the first total that reaches the number decides, before the deadline."""
    found = judged(bases({2021: "3", 2022: "8", 2023: "9"}), BASES, COUNT)  # type: ignore[arg-type]
    assert (found.status, found.reason) == (Status.MET, Reason.REACHED_EARLY)
    assert found.decided_by is not None
    assert str(found.decided_by.period) == "2022"
    open_still = judged(bases({2021: "3", 2022: "5", 2023: "7"}), BASES, COUNT)  # type: ignore[arg-type]
    assert open_still.reason is Reason.TOO_SHORT


def test_a_total_that_falls_is_none() -> None:
    """Values that fall are perhaps each year's own: nothing is decided early, and a caution says why."""
    found = judged(bases({2021: "9", 2022: "3", 2023: "8"}), BASES, COUNT)  # type: ignore[arg-type]
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.TOO_SHORT)
    assert "total_falls" in {str(w.code) for w in found.warnings}


def test_an_exact_count_is_not_met_early() -> None:
    """“=” would be missed by one more, so its own deadline decides."""
    exact = target("=", "8", indicator="two_mountains_bases", kind=Kind.COUNT, unit="个")
    found = judged(bases({2021: "3", 2022: "8", 2023: "8"}), exact, COUNT)  # type: ignore[arg-type]
    assert found.status is Status.NO_DATA
