"""A region group: judged by its worst member, never passing over one of which too little is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.assess.evidence import Evidence
from dabiao.assess.group import Unpooled, judge_each, pool
from dabiao.assess.joint import COMMON, independent, together
from dabiao.domain.assessment import Assessment, Reason, Status
from dabiao.domain.observation import Basis, State, Tier
from dabiao.domain.target import Target, Together
from tests.factories import target
from tests.unit.assess.judging import AS_OF, THRESHOLDS, judged, known, likely, values

FALLING = {2019: "33", 2020: "31", 2021: "30", 2022: "29", 2023: "28"}
AFTER = date(2028, 7, 1)


def member(
    of: dict[int, str], chance: float | None = None, as_of: date = AS_OF, **more: object
) -> Assessment:
    forecast = None if chance is None else likely(chance)
    return judged(values(of, **more), target(), as_of=as_of, forecast=forecast)  # type: ignore[arg-type]


def whole(past: bool = False, **of: Assessment) -> Assessment:
    return judge_each(list(of.items()), "lower", THRESHOLDS, past)


def test_the_worst_member_decides_and_is_named() -> None:
    """After the deadline one member over the limit misses the target for all; the figures are that member's."""
    found = whole(
        past=True,
        贵溪=member({2027: "26"}, as_of=AFTER),
        余江=member({2027: "31"}, as_of=AFTER),
        龙虎山=member({2027: "29"}, as_of=AFTER),
    )
    assert (found.status, found.worst_member) == (Status.MISSED, "余江")
    assert found.latest_value == Decimal(31)
    assert found.group is not None
    assert [p.status for p in found.group.parts] == [Status.MET, Status.MISSED, Status.MISSED]


def test_all_met_is_met_and_as_provisional_as_any() -> None:
    """A group is met when every member is; one flash figure among them makes it provisional."""
    flash = {"state": State.FLASH}
    found = whole(
        past=True,
        a=member({2027: "26"}, as_of=AFTER),
        b=member({2027: "25"}, as_of=AFTER, **flash),
    )
    assert (found.status, found.worst_member) == (Status.MET, "a")
    assert [str(p) for p in found.provisional] == ["flash"]


def test_a_settled_miss_outranks_a_provisional_one() -> None:
    """Where one member has missed for good the group has, however bad another's flash figure is."""
    found = whole(
        past=True,
        a=member({2027: "35"}, as_of=AFTER, state=State.FLASH),
        b=member({2027: "29"}, as_of=AFTER),
    )
    assert (found.worst_member, found.provisional) == ("b", ())


def test_one_missing_member_is_never_passed_over() -> None:
    """Whatever the known members promise, a group with a member unknown is no data, and names it."""
    found = whole(a=member(FALLING, 0.95), b=member(FALLING, 0.9), c=member({}))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.MEMBER_MISSING)
    assert found.params["members"] == ["c"]
    assert (found.attainment, found.point) == (None, None)


@pytest.mark.parametrize(("chance", "status"), [(0.32, Status.OFF_TRACK), (0.34, Status.NO_DATA)])
def test_what_no_missing_member_could_change_is_said(chance: float, status: Status) -> None:
    """A known member that is off track keeps the group off track, whatever the missing one does; at risk could still change."""
    found = whole(a=member(FALLING, chance), b=member({}))
    assert found.status is status
    if status is Status.OFF_TRACK:
        assert found.attainment == chance
        assert found.group is not None
        assert (found.group.missing, found.group.lower) == (("b",), None)


def test_a_miss_stands_with_a_member_missing() -> None:
    """One known member over the limit misses the target, though another's value is not in."""
    found = whole(past=True, a=member({2027: "31"}, as_of=AFTER), b=member({}, as_of=AFTER))
    assert (found.status, found.group and found.group.missing) == (Status.MISSED, ("b",))


def test_a_value_that_is_out_is_awaited() -> None:
    """After the deadline, members that meet it and one whose value is not in: awaiting; one without a series: no data."""
    met, out = member({2027: "26"}, as_of=AFTER), member(FALLING, as_of=AFTER)
    found = whole(past=True, a=met, b=out)
    assert (found.status, found.params["members"]) == (Status.AWAITING, ["b"])
    assert found.decided_by is None
    assert whole(past=True, a=met, b=member({}, as_of=AFTER)).reason is Reason.MEMBER_MISSING


def test_nothing_known_of_any_member() -> None:
    """A group without any series is no data like any target without one, and names no worst member."""
    found = whole(a=member({}), b=member({}))
    assert (found.status, found.reason, found.worst_member) == (Status.NO_DATA, Reason.NO_SERIES, None)


def test_the_attainment_is_of_all_at_once() -> None:
    """It lies between the worst member's own and that of independent members, and both are kept beside it."""
    found = whole(a=member(FALLING, 0.7), b=member(FALLING, 0.8), c=member(FALLING, 0.9))
    assert found.attainment == pytest.approx(together([0.7, 0.8, 0.9]))
    assert found.group is not None
    assert (found.group.worst, found.group.upper) == ("a", 0.7)
    assert found.group.lower == pytest.approx(0.504)
    assert found.status is Status.AT_RISK
    outlook = next(r for r in found.rules if r.rule == "eea")
    assert outlook.figure == found.attainment


chances = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=9)


@given(chances)
def test_the_joint_probability_keeps_its_bounds(given_chances: list[float]) -> None:
    """Never above the worst member's, never below that of independent members (all hang together by the same cause)."""
    joint = together(given_chances)
    assert joint <= min(given_chances)
    assert joint >= independent(given_chances) - 1e-9


def test_the_joint_probability_by_the_formula() -> None:
    """Two members at one half: 1/4 + arcsin ρ / 2π, the normal orthant; and the limits of the correlation."""
    import math

    for common in (0.0, 0.3, COMMON, 0.9):
        expected = 0.25 + math.asin(common) / (2 * math.pi)
        assert together([0.5, 0.5], common) == pytest.approx(expected, abs=1e-9)
    assert together([0.4, 0.6], 0.0) == pytest.approx(0.24, abs=1e-9)
    assert together([1.0, 0.4]) == 0.4


# -- mean and total --------------------------------------------------------------------------------------------------


def pooled(how: Together, *members: dict[int, str], **more: object) -> Evidence | Unpooled:
    t: Target = target(region="g", together=how)
    each = [
        (
            f"m{i}",
            known(values(of, region=f"m{i}", id=10 * i, **more), target(region=f"m{i}"))
            if of
            else known([], t),
        )
        for i, of in enumerate(members, start=1)
    ]
    return pool(t, each)


def test_mean_and_total_of_the_members() -> None:
    """The plan may say so: the unweighted mean or the sum, in years for which every member has a value."""
    mean = pooled(Together.MEAN, {2022: "30", 2023: "29"}, {2021: "9", 2022: "31", 2023: "26.5"})
    assert isinstance(mean, Evidence)
    assert mean.series is not None
    assert [(str(p.period), p.value) for p in mean.series.points] == [
        ("2022", Decimal("30.5")),
        ("2023", Decimal("27.75")),
    ]
    assert mean.series.region == "g"
    total = pooled(Together.TOTAL, {2023: "29"}, {2023: "26.5"})
    assert isinstance(total, Evidence)
    assert total.series is not None
    assert total.series.last.value == Decimal("55.5")
    assert [o.region for o in total.series.last.others] == ["m1", "m2"]


def test_a_mean_is_rounded_once_at_the_comparison() -> None:
    """27.5 exactly is half to even 28 and misses 27; a third more digits are kept than the members have, no fewer."""
    mean = pooled(Together.MEAN, {2023: "27"}, {2023: "28"}, {2023: "27.5"})
    assert isinstance(mean, Evidence)
    assert mean.series is not None
    assert mean.series.last.value == Decimal("27.5")
    third = pooled(Together.MEAN, {2023: "27"}, {2023: "27"}, {2023: "28"})
    assert isinstance(third, Evidence)
    assert third.series is not None
    assert third.series.last.value == Decimal("27.333")


def test_a_mean_of_unlike_members_is_refused() -> None:
    """A missing member, or one on another basis, makes no mean."""
    assert pooled(Together.MEAN, {2023: "27"}, {}) == Unpooled(Reason.MEMBER_MISSING, ("m2",))
    t = target(region="g", together=Together.MEAN)
    one = known(values({2023: "27"}, region="m1"), target(region="m1"))
    tiers = target(region="m2")
    other = known(values({2023: "27"}, region="m2", basis=Basis("official", dust="deducted")), tiers)
    assert pool(t, [("m1", one), ("m2", other)]) == Unpooled(Reason.BASIS_MISMATCH)


def test_a_mean_is_as_weak_as_its_weakest_member() -> None:
    """One press figure or flash makes the mean so."""
    t = target(region="g", together=Together.MEAN)
    one = known(values({2023: "27"}, region="m1"), target(region="m1"))
    other = known(values({2023: "27"}, region="m2", tier=Tier.PRESS), target(region="m2"))
    mean = pool(t, [("m1", one), ("m2", other)])
    assert isinstance(mean, Evidence)
    assert mean.series is not None
    assert mean.series.last.chosen.tier is Tier.PRESS
