"""Assessments to alerts, and what people do with them. The rules are pure (:mod:`dabiao.assess.alerts`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from dabiao.assess.alert_policy import Policy, parse_evidence, parse_levels, parse_starts
from dabiao.assess.alerts import Seen, step
from dabiao.domain.alert import TARGET_CAUSES, Alert, Cause, Change, Event, Kind, State
from dabiao.domain.assessment import Status
from dabiao.domain.period import deadline_end
from dabiao.errors import AlertRefused, UnknownName
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.store import alerts as store
from dabiao.store.audit import SYSTEM
from dabiao.store.database import Row

ALARMING = {Status.MISSED: "high", Status.OFF_TRACK: "medium"}
"""Statuses that someone must see."""

_NOTHING: store.Mine = ({}, {})


def policy_of(app: App) -> Policy:
    """The rules of alerts that the settings declare."""
    s = app.settings
    needed, among = parse_evidence(s.alert_evidence)
    levels = parse_levels(s.alert_levels)
    return Policy(
        needed,
        among,
        s.off_track,
        s.alert_sure,
        min(s.off_track + s.alert_margin, s.on_track),
        levels,
        parse_starts(s.alert_starts, len(levels)),
        s.alert_reset_months,
        s.alert_file_days,
    )


def run_alerts(app: App, now: datetime) -> dict[str, int]:
    """Bring the alerts of targets up to the assessments last stored. Repeating it on a day changes nothing.

    Only assessments of days that have come count, the latest day first: what is assessed for an earlier day raises nothing.

    Returns:
        counts ``{"raised", "cleared", "escalated", "pending", "open"}``; ``cleared`` are all that closed, ``pending`` and
        ``open`` those that stand afterwards.
    """
    day, at, policy = app.today(now), stamp(now), policy_of(app)
    assessed = store.last_assessments(app.store, day)
    with app.store.write() as db:
        known = store.standing_and_last(app.store, Kind.TARGET)
        last_day = store.last_day(app.store)
        events: list[Event] = []
        if last_day is None or day.isoformat() >= last_day:  # the clock of an earlier day has nothing to say
            for target, seen in _seen(app, assessed, known, day).items():
                standing, last = known.get(target, _NOTHING)
                events += step(seen, standing, last, day, at, policy)
        before = {a.id: a for mine in known.values() for side in mine for a in side.values()}
        if events:
            store.happen(db, at, SYSTEM, events, before)
        standing_now = Counter(a.state for a in store.listed(app.store) if a.kind is Kind.TARGET)
    return {**counts_of(events), "pending": standing_now[State.PENDING], "open": standing_now[State.OPEN]}


def counts_of(events: list[Event]) -> dict[str, int]:
    """How many alerts were raised, closed and escalated."""
    happened = Counter(e.change for e in events)
    return {
        "raised": happened[Change.RAISED],
        "cleared": sum(happened[c] for c in (Change.CLEARED, Change.EXPIRED, Change.WITHDRAWN)),
        "escalated": happened[Change.ESCALATED],
    }


def _seen(
    app: App, assessed: Mapping[str, store.Last], known: Mapping[str, store.Mine], day: date
) -> dict[str, Seen | None]:
    """The targets to look at: those that may need an alert, and those with one that is not finished; ``None`` if withdrawn."""
    wanted = {t for t, a in assessed.items() if a.status in ALARMING or a.reopened is not None}
    wanted |= {t for t, (standing, last) in known.items() if standing or _waits(last)}
    heads = store.heads(app.store, day, sorted(wanted))
    said = store.assessments_of(app.store, [assessed[t].id for t in wanted & assessed.keys()])
    found: dict[str, Seen | None] = {}
    for target in sorted(wanted):
        if target in said and target in heads:
            found[target] = _look(assessed[target], said[target], heads[target])
        elif target in known:
            found[target] = None
    raising = {t: s for t, s in found.items() if s is not None and _may_raise(s, known.get(t, _NOTHING)[0])}
    before = store.before_these(app.store, {t: (assessed[t].place, s.status) for t, s in raising.items()})
    return found | {t: _after(s, before[t]) for t, s in raising.items() if t in before}


def _waits(last: Mapping[Cause, Alert]) -> bool:
    """Whether an expired alert waits for what became of its target."""
    return any(a.state is State.EXPIRED and a.final_status is None for a in last.values())


def _may_raise(seen: Seen, standing: Mapping[Cause, Alert]) -> bool:
    opened = {cause for cause, a in standing.items() if a.state is State.OPEN}
    return any(seen.across(cause) for cause in TARGET_CAUSES if cause not in opened)


def _look(last: store.Last, row: Row, head: store.Head) -> Seen:
    return Seen(
        row["target_id"],
        row["target_version"],
        Status(last.status),
        bool(row["provisional"]),
        row["attainment"],
        last.id,
        deadline_end(head.deadline) if head.deadline else None,
        last.reopened,
        head.lead_units,
    )


def _after(seen: Seen, before: Row) -> Seen:
    return replace(
        seen,
        before=before["status"],
        before_on=before["as_of"],
        before_attainment=before["attainment"],
        before_version=before["target_version"],
    )


# -- what people do ------------------------------------------------------------------------------------------------


def acknowledge(app: App, number: int, by: str, note: str, due: date | None, now: datetime) -> Alert:
    """Put a name to an open alert, with a note and the day by which it will be dealt with. The last word stands.

    Until that day is over the alert does not escalate.

    Raises:
        UnknownName: there is no such alert.
        AlertRefused: it is closed, nobody is named, or the day is over.
    """
    name, today = _named(by), app.today(now)
    if due is not None and due < today:
        raise AlertRefused("alert_day_over", day=due.isoformat(), today=today.isoformat())
    changes = {
        "acknowledged_by": name,
        "acknowledged_at": stamp(now),
        "note": note.strip() or None,
        "due": due.isoformat() if due else None,
    }
    return _happen(app, number, Change.ACKNOWLEDGED, name, changes, now)


def snooze(app: App, number: int, by: str, until: date, now: datetime) -> Alert:
    """Leave an open alert out of the list until a day. It goes on counting, and is back earlier if it escalates.

    Raises:
        UnknownName, AlertRefused: as :func:`acknowledge`; the day must be a later one.
    """
    name, today = _named(by), app.today(now)
    if until <= today:
        raise AlertRefused("alert_day_over", day=until.isoformat(), today=today.isoformat())
    return _happen(app, number, Change.SNOOZED, name, {"snoozed_until": until.isoformat()}, now)


def reopen(app: App, number: int, by: str, now: datetime) -> Alert:
    """Take back an acknowledgement or a snooze, or a filing: the alert waits for someone again.

    Raises:
        UnknownName: there is no such alert.
        AlertRefused: it was cleared, expired or withdrawn: it is raised again by itself; or there is nothing to take back.
    """
    name = _named(by)
    taken_back = ("acknowledged_by", "acknowledged_at", "note", "due", "snoozed_until")
    changes = {
        **dict.fromkeys((*taken_back, "cleared_at", "final_status", "reason")),
        "state": str(State.OPEN),
    }
    return _happen(app, number, Change.REOPENED, name, changes, now)


def _named(by: str) -> str:
    name = " ".join(by.split())
    if not name or name == SYSTEM:
        raise AlertRefused("alert_nobody")
    return name


def _happen(
    app: App, number: int, change: Change, by: str, changes: Mapping[str, str | None], now: datetime
) -> Alert:
    """One person's event on one alert, decided under the lock that stores it."""
    with app.store.write() as db:
        alert = store.by_id(app.store, number)
        if alert is None or alert.state in (State.PENDING, State.DROPPED) or not _seen_by_reader(app, alert):
            raise UnknownName("alert_unknown", name=number)
        _require(alert, change)
        kept = {n: v for n, v in changes.items() if n != "reason" or not alert.quiet}
        store.happen(db, stamp(now), by, [Event(change, number, kept)], {number: alert})
    found = store.by_id(app.store, number)
    assert found is not None
    return found


def _seen_by_reader(app: App, alert: Alert) -> bool:
    if app.scope.everything:
        return True
    return alert.target_id is not None and alert.target_id in visible.target_ids(app, [alert.target_id])


def _require(alert: Alert, change: Change) -> None:
    """Refuse what cannot be done to an alert that is closed, or open and untouched.

    Raises:
        AlertRefused: it cannot.
    """
    filed = alert.state is State.EXPIRED and alert.reason == "filed"
    if alert.state is not State.OPEN and not (change is Change.REOPENED and filed):
        raise AlertRefused("alert_closed", alert=alert.id, day=(alert.cleared_at or "")[:10])
    touched = alert.acknowledged_by is not None or alert.snoozed_until is not None
    if change is Change.REOPENED and not filed and not touched:
        raise AlertRefused("alert_untouched", alert=alert.id)
