"""What a target's assessment does to its alerts. Pure: the same assessment on the same day gives no second event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dabiao.assess.alert_policy import Policy
from dabiao.domain.alert import TARGET_CAUSES, Alert, Cause, Change, Event, Kind, State
from dabiao.domain.assessment import Status

DECIDED = (Status.MET, Status.MISSED)


@dataclass(frozen=True, slots=True)
class Seen:
    """The last assessment of a target, with the one before it that said otherwise.

    Attributes:
        reopened: what the values say against a frozen decision; ``None`` where nothing contradicts it.
        before, before_on, before_attainment, before_version: the last assessment of another status; ``None`` where there is none.
    """

    target_id: str
    version: int
    status: Status
    provisional: bool
    attainment: float | None
    assessment_id: int
    deadline_end: date | None = None
    reopened: str | None = None
    lead_units: tuple[str, ...] = ()
    before: str | None = None
    before_on: str | None = None
    before_attainment: float | None = None
    before_version: int | None = None

    def across(self, cause: Cause) -> bool:
        """Whether the target is where an alert of a cause stands."""
        if cause is Cause.REOPENED:
            return self.reopened is not None
        return self.status is (Status.MISSED if cause is Cause.MISSED else Status.OFF_TRACK)


def step(
    seen: Seen | None,
    standing: Mapping[Cause, Alert],
    last: Mapping[Cause, Alert],
    day: date,
    at: str,
    policy: Policy,
) -> Iterator[Event]:
    """The events that a day's look at a target brings about.

    Args:
        seen: ``None`` where the target was withdrawn.
        standing: its pending and open alerts.
        last: the last closed alert of each cause.
        day: the day of the assessment, not before that of any event.
        at: the moment, as stored.
    """
    for cause in TARGET_CAUSES:
        alert = standing.get(cause)
        if seen is not None and (alert is None or alert.state is State.PENDING):
            yield from _recorded(seen, last.get(cause))
        if alert is None:
            if seen is not None and seen.across(cause) and not _told(seen, last.get(cause)):
                yield _first(seen, cause, last.get(cause), day, at, policy)
        elif seen is None:
            yield _close(alert, State.WITHDRAWN, "target_withdrawn", at)
        elif alert.state is State.PENDING:
            yield from _pending(seen, alert, day, at, policy, last.get(cause))
        else:
            yield from _open(seen, alert, day, at, policy)


# -- raising -------------------------------------------------------------------------------------------------------


def _told(seen: Seen, last: Alert | None) -> bool:
    """Whether a closed alert is of the very miss that still stands."""
    if last is None or last.final_status != seen.status or last.cause is not Cause.MISSED:
        return False
    return seen.before_on is None or seen.before_on <= last.as_of


def _first(seen: Seen, cause: Cause, last: Alert | None, day: date, at: str, policy: Policy) -> Event:
    """An alert of a target that is across the border: raised, or pending until it has held."""
    made = {
        "kind": str(Kind.TARGET),
        "cause": str(cause),
        "key": seen.target_id,
        "target_id": seen.target_id,
    }
    if cause is not Cause.OFF_TRACK or seen.before is None or _held(seen, policy, 1):
        return Event(Change.RAISED, None, {**made, **_raised(seen, cause, last, day, at, policy)})
    pending = {"state": str(State.PENDING), "severity": "medium", "as_of": day.isoformat()}
    return Event(Change.PENDING, None, {**made, **pending, "evidence": [[day.isoformat(), True]]})


def _held(seen: Seen, policy: Policy, days: int) -> bool:
    """Whether being off track has held long enough, or is so sure that a day is enough."""
    sure = seen.attainment is not None and seen.attainment < policy.sure
    return sure or days >= policy.needed


def _pending(
    seen: Seen, alert: Alert, day: date, at: str, policy: Policy, last: Alert | None
) -> Iterator[Event]:
    if seen.status in (*DECIDED, Status.AWAITING):
        yield _close(alert, State.DROPPED, "deadline", at)
        return
    if seen.status is Status.NO_DATA:
        return  # no evidence of anything
    today = day.isoformat()
    earlier = [(d, across) for d, across in alert.evidence if d != today]
    evidence = (*earlier, (today, seen.across(alert.cause)))[-policy.among :]
    days = sum(across for _, across in evidence)
    written: dict[str, Any] = {"evidence": [list(pair) for pair in evidence]}
    if seen.across(alert.cause) and _held(seen, policy, days):
        yield Event(Change.RAISED, alert.id, {**_raised(seen, alert.cause, last, day, at, policy), **written})
    elif days == 0:
        yield _close(alert, State.DROPPED, "not_held", at)
    elif evidence != alert.evidence:
        yield Event(Change.SEEN, alert.id, written)


def _raised(
    seen: Seen, cause: Cause, last: Alert | None, day: date, at: str, policy: Policy
) -> dict[str, Any]:
    start = policy.starts[_start(seen, cause)]
    counter = policy.levels[start - 1].months
    if (
        last is not None
        and last.cleared_at is not None
        and _months(last.cleared_at, day) < policy.reset_months
    ):
        counter = max(counter, last.counter)
    moved = cause is Cause.OFF_TRACK and _moved(seen, policy)
    return {
        "state": str(State.OPEN),
        "severity": _severity(seen, cause),
        "as_of": day.isoformat(),
        "raised_at": at,
        "target_version": seen.version,
        "from_status": str(seen.status) if cause is Cause.REOPENED else seen.before,
        "to_status": seen.reopened if cause is Cause.REOPENED else str(seen.status),
        "attainment": seen.attainment,
        "assessment_id": seen.assessment_id,
        "lead_units": list(seen.lead_units),
        "level": policy.level(counter),
        "counter": counter,
        "counted": day.isoformat()[:7],
        "quiet": moved,
        "reason": "border_moved" if moved else None,
    }


def _moved(seen: Seen, policy: Policy) -> bool:
    """Whether the assessment before would be off track too by the border of this day: the border moved, not the target."""
    same = seen.before_version == seen.version and seen.before != Status.OFF_TRACK
    return same and seen.before_attainment is not None and seen.before_attainment < policy.border


def _start(seen: Seen, cause: Cause) -> str:
    return "provisional" if cause is Cause.MISSED and seen.provisional else str(cause)


def _severity(seen: Seen, cause: Cause) -> str:
    return "high" if cause is Cause.MISSED and not seen.provisional else "medium"


def _months(stamp: str, day: date) -> int:
    """Calendar months from a moment to a day."""
    return (day.year - int(stamp[:4])) * 12 + day.month - int(stamp[5:7])


# -- standing ------------------------------------------------------------------------------------------------------


def _open(seen: Seen, alert: Alert, day: date, at: str, policy: Policy) -> Iterator[Event]:
    closed = _ENDS[alert.cause](seen, alert, day, policy)
    if closed is not None:
        state, reason, final = closed
        yield _close(alert, state, reason, at, final)
        return
    if not seen.across(alert.cause):
        return  # between the two borders, or without data
    changes = _changes(seen, alert, policy)
    if changes:
        yield Event(Change.CHANGED, alert.id, changes)
    month = day.isoformat()[:7]
    if alert.counted is not None and month > alert.counted and not alert.held(day.isoformat()):
        counter = changes.get("counter", alert.counter) + 1
        level = policy.level(counter)
        counted: dict[str, Any] = {"counter": counter, "counted": month}
        if level > changes.get("level", alert.level):
            yield Event(Change.ESCALATED, alert.id, {**counted, "level": level, "snoozed_until": None})
        else:
            yield Event(Change.COUNTED, alert.id, counted)


def _changes(seen: Seen, alert: Alert, policy: Policy) -> dict[str, Any]:
    """What an open alert says that is not so any more; a miss that is settled begins at a higher level."""
    said: dict[str, Any] = {
        "severity": _severity(seen, alert.cause),
        "target_version": seen.version,
        "to_status": seen.reopened if alert.cause is Cause.REOPENED else str(seen.status),
    }
    changes = {name: value for name, value in said.items() if getattr(alert, name) != value}
    if "severity" in changes:
        start = policy.starts[_start(seen, alert.cause)]
        if start > alert.level:
            changes |= {"level": start, "snoozed_until": None}
            changes["counter"] = max(alert.counter, policy.levels[start - 1].months)
    return changes


# -- closing -------------------------------------------------------------------------------------------------------

_End = tuple[State, str, str | None]


def _off_track_ends(seen: Seen, alert: Alert, day: date, policy: Policy) -> _End | None:
    past = seen.deadline_end is not None and day > seen.deadline_end
    if seen.status is Status.MET and not past:
        return State.CLEARED, "met", None
    if seen.status in DECIDED:
        return State.EXPIRED, "deadline", str(seen.status)
    if seen.status is Status.AWAITING:
        return State.EXPIRED, "deadline", None
    if seen.status is Status.ON_TRACK:
        return State.CLEARED, "on_track", None
    if seen.status is Status.OFF_TRACK:
        return None
    if seen.version != alert.target_version or seen.status in (Status.REPORTED, Status.UNREPORTED):
        return State.CLEARED, "target_changed", None
    if seen.attainment is not None and seen.attainment >= policy.clear:
        return State.CLEARED, "above_border", None
    return None


def _missed_ends(seen: Seen, alert: Alert, day: date, policy: Policy) -> _End | None:
    if seen.status is Status.MET:
        return State.CLEARED, "met", None
    if seen.status is not Status.MISSED:
        changed = seen.version != alert.target_version
        return State.CLEARED, "target_changed" if changed else "undecided", None
    if seen.provisional or alert.acknowledged_at is None or alert.held(day.isoformat()):
        return None
    days = (day - date.fromisoformat(alert.acknowledged_at[:10])).days
    return (State.EXPIRED, "filed", str(seen.status)) if days >= policy.file_days else None


def _reopened_ends(seen: Seen, _alert: Alert, _day: date, _policy: Policy) -> _End | None:
    return None if seen.reopened is not None else (State.CLEARED, "settled", None)


_ENDS = {
    Cause.OFF_TRACK: _off_track_ends,
    Cause.MISSED: _missed_ends,
    Cause.REOPENED: _reopened_ends,
}


def _close(alert: Alert, state: State, reason: str, at: str, final: str | None = None) -> Event:
    """Close an alert; a pending one is dropped, whatever closes it."""
    if alert.state is State.PENDING:
        state = State.DROPPED
    changes: dict[str, Any] = {"state": str(state), "reason": reason, "cleared_at": at}
    if final is not None:
        changes["final_status"] = final
    return Event(Change(str(state)), alert.id, changes)


def _recorded(seen: Seen, last: Alert | None) -> Iterator[Event]:
    """What became of a target whose alert expired before its value was in."""
    expired = last is not None and last.state is State.EXPIRED and last.final_status is None
    if expired and last is not None and seen.status in DECIDED:
        yield Event(Change.RECORDED, last.id, {"final_status": str(seen.status)})
