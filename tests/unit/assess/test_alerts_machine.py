"""Any sequence of statuses, days and words: what always holds of a target's alerts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dabiao.assess.alert_policy import Policy, parse_levels
from dabiao.assess.alerts import Seen, step
from dabiao.domain.alert import FOLLOWS, TARGET_CAUSES, Alert, Cause, Change, Event, State, evolve
from dabiao.domain.assessment import Status

STATUSES = st.sampled_from([*Status, *[Status.OFF_TRACK] * 4, *[Status.AT_RISK] * 3])
ATTAINMENT = st.sampled_from([None, 0.0, 0.05, 0.1, 0.2, 0.33, 0.35, 0.4, 0.5, 0.7])


class Alerts(RuleBasedStateMachine):
    """One target over months, with people who acknowledge and snooze."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[int, Alert] = {}
        self.log: list[tuple[int, Event]] = []
        self.day = date(2026, 1, 1)
        self.days: list[date] = []
        self.seen: Seen | None = None

    @initialize(needed=st.integers(1, 3), more=st.integers(0, 2))
    def policy(self, needed: int, more: int) -> None:
        self.policy_ = Policy(
            needed,
            needed + more,
            0.33,
            0.1,
            0.4,
            parse_levels("关注/Attention 0, 预警/Warning 1, 通报/Notice 3"),
            {"off_track": 1, "reopened": 1, "provisional": 2, "missed": 3},
            2,
            30,
        )

    # -- what may happen ---------------------------------------------------------------------------------------

    @rule(
        ahead=st.integers(0, 45),
        status=STATUSES,
        attainment=ATTAINMENT,
        provisional=st.booleans(),
        version=st.integers(1, 2),
        past=st.booleans(),
        reopened=st.sampled_from([None, None, "missed", "met"]),
    )
    def look(self, ahead: int, status: Status, attainment: float | None, **more: Any) -> None:
        """A day's assessment."""
        self.day += timedelta(days=ahead)
        before = self.seen
        end = self.day + timedelta(days=-1 if more.pop("past") else 300)
        seen = Seen("t", status=status, attainment=attainment, assessment_id=1, deadline_end=end, **more)
        if before is not None and before.status is not status:
            seen = replace(seen, before=str(before.status), before_on=self.days[-1].isoformat())
        elif before is not None:
            seen = replace(seen, before=before.before, before_on=before.before_on)
        self._step(seen)
        self.seen = seen

    @rule()
    def withdrawn(self) -> None:
        """The target is taken out of its plan."""
        self._step(None)

    @rule(number=st.integers(1, 6), due=st.integers(-3, 60) | st.none())
    def acknowledged(self, number: int, due: int | None) -> None:
        """A person's word on an open alert."""
        alert = self.alerts.get(number)
        if alert is not None and alert.state is State.OPEN:
            words = {
                "acknowledged_by": "张三",
                "acknowledged_at": f"{self.day}T02:00:00Z",
                "due": None if due is None else (self.day + timedelta(days=due)).isoformat(),
            }
            self._happen(Event(Change.ACKNOWLEDGED, number, words))

    def _step(self, seen: Seen | None) -> None:
        self.days.append(self.day)
        events = self._decide(seen)
        for event in events:
            self._judge(event, seen)
            self._happen(event)
        assert self._decide(seen) == [], "the same look again changes nothing"

    def _decide(self, seen: Seen | None) -> list[Event]:
        standing = {a.cause: a for a in self.alerts.values() if a.cleared_at is None}
        closed = [
            a for a in self.alerts.values() if a.cleared_at is not None and a.state is not State.DROPPED
        ]
        last = {a.cause: a for a in sorted(closed, key=lambda a: a.id)}
        return list(step(seen, standing, last, self.day, f"{self.day}T02:00:00Z", self.policy_))

    def _happen(self, event: Event) -> None:
        number = event.alert if event.alert is not None else len(self.alerts) + 1
        before = self.alerts.get(number)
        assert (None if before is None else before.state) in FOLLOWS[event.change]
        self.alerts[number] = evolve(before, number, event.changes)
        self.log.append((number, event))

    def _judge(self, event: Event, seen: Seen | None) -> None:
        """No alert is raised or cleared but for its reason."""
        alert = self.alerts.get(event.alert) if event.alert is not None else None
        cause = Cause(event.changes["cause"]) if alert is None else alert.cause
        if event.change is Change.RAISED and cause is Cause.OFF_TRACK:
            assert seen is not None and seen.status is Status.OFF_TRACK
            window = alert.evidence if alert is not None else ()
            across = sum(a for day, a in window if day != self.day.isoformat()) + 1
            sure = seen.attainment is not None and seen.attainment < self.policy_.sure
            assert seen.before is None or sure or across >= self.policy_.needed
        if event.change is Change.CLEARED and cause is Cause.OFF_TRACK:
            assert seen is not None and seen.status is not Status.OFF_TRACK
            if seen.status is Status.AT_RISK and alert is not None and seen.version == alert.target_version:
                assert seen.attainment is not None and seen.attainment >= self.policy_.clear
        if event.change is Change.RAISED and cause is Cause.MISSED:
            assert seen is not None and seen.status is Status.MISSED

    # -- what always holds -------------------------------------------------------------------------------------

    @invariant()
    def one_stands_of_a_cause(self) -> None:
        """At most one alert of a cause is pending or open."""
        counts = Counter(a.cause for a in self.alerts.values() if a.state in (State.PENDING, State.OPEN))
        assert all(counts[c] <= 1 for c in TARGET_CAUSES)

    @invariant()
    def closed_means_a_moment(self) -> None:
        """What is closed says when; what was raised says when; nothing else does."""
        for a in self.alerts.values():
            assert (a.cleared_at is None) == (a.state in (State.PENDING, State.OPEN))
            assert (a.raised_at is None) == (a.state in (State.PENDING, State.DROPPED))

    @invariant()
    def levels_follow_the_counter(self) -> None:
        """The level is what the counter reaches, and never falls while an alert stands."""
        for a in self.alerts.values():
            if a.raised_at is not None:
                assert a.level == self.policy_.level(a.counter)

    @invariant()
    def the_events_are_the_alerts(self) -> None:
        """Replaying the events from the beginning gives the alerts."""
        replayed: dict[int, Alert] = {}
        for number, event in self.log:
            replayed[number] = evolve(replayed.get(number), number, event.changes)
        assert replayed == self.alerts


Alerts.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestAlerts = Alerts.TestCase
