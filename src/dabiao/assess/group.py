"""A target on several regions: judged by its worst member, or on the members' mean or total (docs/adr/0013)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from msgspec import structs

from dabiao.assess.evidence import NOTHING, Evidence
from dabiao.assess.joint import independent, together
from dabiao.assess.rules.eea import Eea
from dabiao.assess.verdict import Thresholds, by_attainment
from dabiao.domain.assessment import Assessment, Group, Part, Reason, RuleResult, Status
from dabiao.domain.observation import Basis, Observation, Point, Series, State, Tier
from dabiao.domain.period import Period
from dabiao.domain.rounding import decimals_of, plain, round_gbt8170
from dabiao.domain.target import Direction, Target, Together

Members = Sequence[tuple[str, Assessment]]

_HELD = {Status.MET, Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK}
_EEA = Eea()


def judge_each(members: Members, direction: Direction, thresholds: Thresholds, past: bool) -> Assessment:
    """The status of a target that every member must meet, on the values of the worst of them.

    A member of which too little is known is never passed over: a status is given only where no value of that member could
    change it, which are ``missed`` and ``off_track``. Else the target is ``awaiting`` where only the deadline's value is out,
    and ``no_data`` with the missing members named where more is.

    Args:
        members: each member's region and its own assessment; at least one.
        past: the deadline is past.
    """
    ranked = sorted(members, key=lambda m: _worst_first(m[1], direction))
    region, worst = ranked[0]
    missing = [(r, a) for r, a in members if a.status not in _HELD and a.status is not Status.MISSED]
    known = [a for _, a in members if a.status in _HELD]
    chances = [1.0 if a.status is Status.MET else a.attainment for a in known]
    given = [p for p in chances if p is not None]
    group = Group(
        parts=tuple(_part(r, a) for r, a in members),
        worst=region if worst.latest is not None else None,
        missing=tuple(r for r, _ in missing),
        upper=min(given) if given and not past else None,
        lower=independent(given) if given and not past and not missing else None,
    )
    start = replace(worst, group=group)
    if worst.status is Status.MISSED:
        return start
    if not missing and worst.status is Status.MET:
        reasons = tuple(dict.fromkeys(p for _, a in members for p in a.provisional))
        return replace(start, provisional=reasons)
    joint = together(given) if given else 1.0
    if not missing or joint < thresholds.off_track:
        return by_attainment(_with_outlook(start, joint), joint, thresholds)
    return _short_of(start, missing, len(members))


def _short_of(start: Assessment, missing: Members, count: int) -> Assessment:
    """What is said while members are missing and those that are known decide nothing alone."""
    reasons = {a.reason for _, a in missing}
    if reasons == {Reason.VALUE_NOT_IN}:
        return _open(start, Status.AWAITING, Reason.VALUE_NOT_IN, missing)
    if len(missing) == count and len(reasons) == 1:
        return start
    return _open(start, Status.NO_DATA, Reason.MEMBER_MISSING, missing)


def _open(a: Assessment, status: Status, reason: Reason, missing: Members) -> Assessment:
    """Without what only a decided or a forecast target has."""
    return replace(
        a,
        status=status,
        reason=reason,
        params={"members": [region for region, _ in missing]},
        attainment=None,
        point=None,
        lower80=None,
        upper80=None,
        decided_by=None,
        provisional=(),
    )


def _worst_first(a: Assessment, direction: Direction) -> tuple[int, float, Decimal]:
    """Sorts a missed member first (a settled one before a provisional), then by attainment, then by the worse value."""
    value = a.latest.value if a.latest else Decimal(0)
    worse = -value if direction == "lower" else value
    if a.status is Status.MISSED:
        return (0, float(bool(a.provisional)), worse)
    if a.attainment is not None:
        return (1, a.attainment, worse)
    if a.status is Status.MET:
        return (2, 1.0, worse)
    return (3 if a.latest is not None else 4, 1.0, worse)


def _with_outlook(a: Assessment, joint: float) -> Assessment:
    """The rule that speaks of the attainment speaks of the joint one."""

    def again(r: RuleResult) -> RuleResult:
        return structs.replace(_EEA.of(joint), decides=r.decides) if r.rule == _EEA.name and r.applies else r

    return replace(a, rules=tuple(again(r) for r in a.rules))


def _part(region: str, a: Assessment) -> Part:
    point = a.decided_by or a.latest
    used = () if point is None else tuple(o.id for o in (point.chosen, *point.others))
    return Part(
        region,
        a.status,
        a.reason,
        point.value if point else None,
        str(point.period) if point else None,
        a.decided_by is not None,
        a.attainment,
        used,
    )


# -- mean and total --------------------------------------------------------------------------------------------------


class Unpooled(NamedTuple):
    """Why members make no common series, and which of them stand in the way."""

    reason: Reason
    members: tuple[str, ...] = ()


def pool(target: Target, parts: Sequence[tuple[str, Evidence]]) -> Evidence | Unpooled:
    """The members' evidence as one series: their mean or total, for periods in which each has a value.

    Returns:
        why not, where it cannot be: a member without a series, members on different bases, or no year that all have.
    """
    every = [e for _, e in parts]
    if all(not e.any_value for e in every):
        return NOTHING
    decisions = [e.deciding for e in every if e.deciding is not None]
    periods = {p.period for p in decisions}
    deciding = _pooled(target, decisions) if len(decisions) == len(every) and len(periods) == 1 else None
    only = NOTHING if deciding is None else Evidence(deciding, None, None, True)
    rows = [e.series for e in every if e.series is not None]
    if len(rows) < len(every):
        lacking = tuple(region for region, e in parts if e.series is None)
        return only if deciding is not None else Unpooled(Reason.MEMBER_MISSING, lacking)
    if len({_comparable(s.basis) for s in rows}) > 1:
        return Unpooled(Reason.BASIS_MISMATCH)
    by_period = [{p.period: p for p in s.points} for s in rows]
    shared: list[Period] = sorted(set.intersection(*(set(b) for b in by_period)))
    points = tuple(_pooled(target, [b[period] for b in by_period]) for period in shared)
    if not points:
        return only if deciding is not None else Unpooled(Reason.MEMBER_MISSING, tuple(r for r, _ in parts))
    first = rows[0]
    series = Series(target.region, first.indicator, first.kind, _comparable(first.basis), points)
    baseline = next((p for p in points if str(p.period) == target.baseline_period), None)
    replaced = next((e.replaced for e in every if e.replaced is not None), None)
    return Evidence(deciding, series, baseline, True, replaced)


def _comparable(basis: Basis) -> Basis:
    """A member's basis without its scope, which is the member itself."""
    return replace(basis, scope="")


def _pooled(target: Target, points: Sequence[Point]) -> Point:
    """One point of the members' points of one period: as weak as the weakest of them."""
    total = sum((p.value for p in points), Decimal(0))
    value = total
    if target.together is Together.MEAN:
        # Three places more than the members have: fine enough that no rounding of it falls on another side of a border.
        places = max(decimals_of(p.value) for p in points) + 3
        value = round_gbt8170(total / len(points), places).normalize()
    tiers, states = list(Tier), list(State)
    made_of = tuple(o for p in points for o in (p.chosen, *p.others))
    chosen = [p.chosen for p in points]
    like = chosen[0]
    one = Observation(
        id=0,
        region=target.region,
        indicator=like.indicator,
        period=like.period,
        value=value,
        printed=plain(value),
        unit=like.unit,
        basis=_comparable(like.basis),
        tier=max((o.tier for o in chosen), key=tiers.index),
        state=max((o.state for o in chosen), key=states.index),
        source=str(target.together),
        known_on=max(o.known_on for o in chosen),
    )
    return Point(like.period, value, one, made_of)
