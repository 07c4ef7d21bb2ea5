"""What an assessment does to a target's alerts: each rule at its border."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dabiao.assess.alert_policy import Policy, parse_levels
from dabiao.assess.alerts import Seen, step
from dabiao.domain.alert import FOLLOWS, Alert, Cause, Change, State, evolve
from dabiao.domain.assessment import Status

DAY = date(2026, 3, 10)
POLICY = Policy(
    2,
    3,
    0.33,
    0.10,
    0.40,
    parse_levels("关注/Attention 0, 预警/Warning 2, 通报/Notice 4, 约谈建议/Talk advised 6"),
    {"off_track": 1, "reopened": 1, "provisional": 2, "missed": 3},
    3,
    90,
)


class Book:
    """One target's alerts, as the store would keep them."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.alerts: dict[int, Alert] = {}
        self.policy = policy

    def look(self, day: date, status: str | None, attainment: float | None = None, **more: Any) -> list[str]:
        """Look at the target on a day; gives what happened. ``status=None``: it was withdrawn."""
        seen = None
        if status is not None:
            given: dict[str, Any] = {
                "version": 1,
                "provisional": False,
                "assessment_id": 1,
                "before": "on_track",
            }
            given |= {"before_on": "2026-01-01", "deadline_end": date(2030, 12, 31)}
            seen = Seen("t", status=Status(status), attainment=attainment, **(given | more))
        standing = {a.cause: a for a in self.alerts.values() if a.cleared_at is None}
        last = {
            a.cause: a
            for a in self.alerts.values()
            if a.cleared_at is not None and a.state is not State.DROPPED
        }
        happened = []
        for event in step(seen, standing, last, day, f"{day}T02:00:00Z", self.policy):
            number = event.alert if event.alert is not None else len(self.alerts) + 1
            before = self.alerts.get(number)
            assert (None if before is None else before.state) in FOLLOWS[event.change]
            self.alerts[number] = evolve(before, number, event.changes)
            happened.append(str(event.change))
        return happened

    def says(self, **words: Any) -> None:
        """A person's word on the only alert."""
        (number,) = self.alerts
        self.alerts[number] = evolve(self.alerts[number], number, words)

    @property
    def last(self) -> Alert:
        return self.alerts[max(self.alerts)]


def days(count: int) -> list[date]:
    return [DAY + timedelta(days=n) for n in range(count)]


# -- raising -----------------------------------------------------------------------------------------------------


def test_it_is_raised_when_it_has_held() -> None:
    """Two of three days across the border raise it; the first makes it pending, and nothing is listed yet."""
    book = Book()
    one, two, three = days(3)
    assert book.look(one, "off_track", 0.3) == ["pending"]
    assert book.last.raised_at is None
    assert book.look(two, "at_risk", 0.35) == ["seen"]
    assert book.look(three, "off_track", 0.3) == ["raised"]
    assert (book.last.from_status, book.last.to_status, book.last.severity) == (
        "on_track",
        "off_track",
        "medium",
    )
    assert (book.last.as_of, book.last.level, book.last.counter) == ("2026-03-12", 1, 0)


def test_what_does_not_hold_is_dropped() -> None:
    """When no day in the window is across the border any more, it is dropped without ever having been raised."""
    book = Book()
    happened = [
        book.look(day, s, 0.3 if s == "off_track" else 0.5)
        for day, s in zip(days(4), ("off_track", "at_risk", "at_risk", "at_risk"), strict=True)
    ]
    assert happened == [["pending"], ["seen"], ["seen"], ["dropped"]]
    assert book.look(days(5)[4], "off_track", 0.3) == ["pending"]
    assert len(book.alerts) == 2


def test_one_day_looked_at_twice_is_one_day() -> None:
    """Repeating the job on a day is no further evidence; the day's last look counts."""
    book = Book()
    assert book.look(DAY, "off_track", 0.3) == ["pending"]
    assert book.look(DAY, "off_track", 0.3) == []
    assert book.look(DAY, "at_risk", 0.5) == ["dropped"]


@pytest.mark.parametrize(
    ("attainment", "happened"), [(0.0999, "raised"), (0.10, "pending"), (None, "pending")]
)
def test_what_is_sure_is_raised_at_once(attainment: float | None, happened: str) -> None:
    """Below the sure border one day is enough; on it, it is not."""
    assert Book().look(DAY, "off_track", attainment) == [happened]


def test_a_pending_one_that_gets_sure_is_raised() -> None:
    """A pending alert is raised on the day on which it is beyond doubt."""
    book = Book()
    book.look(DAY, "off_track", 0.3)
    assert book.look(DAY, "off_track", 0.05) == ["raised"]


def test_the_first_assessment_needs_no_evidence() -> None:
    """A target that was never assessed otherwise is raised at once: it has not worsened from anything."""
    book = Book()
    assert book.look(DAY, "off_track", 0.3, before=None, before_on=None) == ["raised"]
    assert book.last.from_status is None


def test_no_data_is_no_evidence() -> None:
    """Without data a pending alert neither gains nor loses a day."""
    book = Book()
    book.look(DAY, "off_track", 0.3)
    for day in days(9)[1:]:
        assert book.look(day, "no_data") == []
    assert book.look(days(10)[9], "off_track", 0.3) == ["raised"]


@pytest.mark.parametrize(
    "status", ["at_risk", "on_track", "awaiting", "no_data", "reported", "unreported", "met"]
)
def test_other_statuses_raise_nothing(status: str) -> None:
    """Only what is off track or missed is taken to someone's desk."""
    assert Book().look(DAY, status, 0.2) == []


@pytest.mark.parametrize(
    ("before_attainment", "before_version", "quiet"),
    [(0.3299, 1, True), (0.33, 1, False), (None, 1, False), (0.2, 0, False)],
)
def test_a_moved_border_raises_quietly(
    before_attainment: float | None, before_version: int, quiet: bool
) -> None:
    """Where the assessment before would be off track too by this day's border, the border moved: the alert is quiet."""
    book = Book()
    more = {"before": "at_risk", "before_attainment": before_attainment, "before_version": before_version}
    book.look(DAY, "off_track", 0.05, **more)
    assert (book.last.quiet, book.last.reason) == (quiet, "border_moved" if quiet else None)


@pytest.mark.parametrize(
    ("provisional", "severity", "level", "counter"), [(False, "high", 3, 4), (True, "medium", 2, 2)]
)
def test_a_miss_is_raised_at_once(provisional: bool, severity: str, level: int, counter: int) -> None:
    """A missed target needs no evidence; one that is not settled weighs less and begins lower."""
    book = Book()
    assert book.look(DAY, "missed", provisional=provisional) == ["raised"]
    assert (book.last.severity, book.last.level, book.last.counter) == (severity, level, counter)


def test_a_miss_that_is_settled_weighs_more() -> None:
    """When the official value settles a provisional miss, the same alert gets high and rises to its level."""
    book = Book()
    book.look(DAY, "missed", provisional=True)
    book.says(snoozed_until="2027-01-01")
    assert book.look(DAY, "missed") == ["changed"]
    assert (book.last.severity, book.last.level, book.last.snoozed_until) == ("high", 3, None)
    assert book.look(DAY, "missed") == []


def test_a_miss_settled_in_a_later_month_counts_from_its_level() -> None:
    """The month that has passed is counted on top of where a settled miss begins, not of where the provisional one stood."""
    book = Book()
    book.look(DAY, "missed", provisional=True)
    assert book.look(DAY + timedelta(days=31), "missed") == ["changed", "counted"]
    assert (book.last.level, book.last.counter) == (3, 5)


# -- clearing ----------------------------------------------------------------------------------------------------


def raised(**more: Any) -> Book:
    book = Book()
    assert book.look(DAY, "off_track", 0.05, **more) == ["raised"]
    return book


@pytest.mark.parametrize(
    ("status", "attainment", "happened", "reason"),
    [
        ("at_risk", 0.33, [], None),
        ("at_risk", 0.3999, [], None),
        ("at_risk", 0.40, ["cleared"], "above_border"),
        ("at_risk", 0.70, ["cleared"], "above_border"),
        ("at_risk", None, [], None),
        ("on_track", 0.66, ["cleared"], "on_track"),
        ("met", None, ["cleared"], "met"),
        ("no_data", None, [], None),
        ("reported", None, ["cleared"], "target_changed"),
    ],
)
def test_it_clears_at_another_border(
    status: str, attainment: float | None, happened: list[str], reason: str | None
) -> None:
    """Between the two borders it stands, as without data; at the clearing border and above it is cleared."""
    book = raised()
    assert book.look(DAY + timedelta(days=1), status, attainment) == happened
    assert book.last.reason == reason


def test_a_changed_target_has_no_old_border() -> None:
    """When the target itself was changed and is not off track, the alert of the old one is cleared."""
    book = raised()
    assert book.look(DAY, "at_risk", 0.35, version=2) == ["cleared"]
    assert book.last.reason == "target_changed"


def test_a_changed_target_that_is_still_off_track_keeps_its_alert() -> None:
    """Still off track, the alert stands and names the new version."""
    book = raised()
    assert book.look(DAY, "off_track", 0.05, version=2) == ["changed"]
    assert book.last.target_version == 2


def test_a_withdrawn_target_closes_its_alerts() -> None:
    """Whatever its state: an open one is withdrawn, a pending one dropped, each with the reason."""
    book = raised()
    assert book.look(DAY, None) == ["withdrawn"]
    assert book.last.reason == "target_withdrawn"
    assert book.look(DAY, None) == []
    pending = Book()
    pending.look(DAY, "off_track", 0.3)
    assert pending.look(DAY, None) == ["dropped"]


def test_the_deadline_ends_it_and_the_result_is_recorded() -> None:
    """After the deadline the alert expires; when the value is in, it tells what became of the target."""
    book = raised(deadline_end=DAY)
    after = DAY + timedelta(days=1)
    assert book.look(after, "awaiting", deadline_end=DAY) == ["expired"]
    assert book.last.final_status is None
    assert book.look(after, "awaiting", deadline_end=DAY) == []
    assert book.look(after, "met", deadline_end=DAY) == ["recorded"]
    assert book.last.final_status == "met"
    assert book.look(after, "met", deadline_end=DAY) == []


def test_the_result_is_recorded_beside_a_second_doubt() -> None:
    """A value that came and was taken back lets a second alert begin; what decides then is written into the first all the same."""
    book = raised(deadline_end=DAY)
    after = DAY + timedelta(days=1)
    assert book.look(after, "awaiting", deadline_end=DAY) == ["expired"]
    assert book.look(after, "off_track", 0.3) == ["pending"]
    assert book.look(after, "missed", deadline_end=DAY, before="off_track") == [
        "recorded",
        "dropped",
        "raised",
    ]
    assert book.look(after, "missed", deadline_end=DAY, before="off_track") == []
    assert book.alerts[1].final_status == "missed"


def test_a_miss_follows_what_was_off_track() -> None:
    """The forecast's alert expires into the miss, and the miss is an alert of its own."""
    book = raised(deadline_end=DAY)
    after = DAY + timedelta(days=1)
    assert book.look(after, "missed", deadline_end=DAY, before="off_track") == ["expired", "raised"]
    assert [(a.cause, a.state, a.final_status) for a in book.alerts.values()] == [
        (Cause.OFF_TRACK, State.EXPIRED, "missed"),
        (Cause.MISSED, State.OPEN, None),
    ]


@pytest.mark.parametrize(
    ("status", "reason"), [("met", "met"), ("awaiting", "undecided"), ("on_track", "undecided")]
)
def test_a_miss_that_is_none_any_more(status: str, reason: str) -> None:
    """A value that meets, or that is taken back, clears the alert of a miss."""
    book = Book()
    book.look(DAY, "missed")
    assert book.look(DAY, status, 0.9) == ["cleared"]
    assert book.last.reason == reason


@pytest.mark.parametrize(
    ("days_later", "due", "provisional", "happened"),
    [
        (89, None, False, []),
        (90, None, False, ["expired"]),
        (90, None, True, ["changed"]),
        (90, "2026-06-08", False, []),
        (90, "2026-06-07", False, ["expired"]),
    ],
)
def test_a_settled_miss_that_was_seen_is_filed(
    days_later: int, due: str | None, provisional: bool, happened: list[str]
) -> None:
    """So many days after its acknowledgement, its promised day over; a miss that is not settled is not filed."""
    book = Book()
    book.look(DAY, "missed")
    book.says(acknowledged_by="张三", acknowledged_at="2026-03-10T02:00:00Z", due=due, counted="2099-01")
    assert book.look(DAY + timedelta(days=days_later), "missed", provisional=provisional) == happened


def test_what_was_filed_is_not_raised_again() -> None:
    """The same miss is told once; one after a value that met is another."""
    book = Book()
    book.look(DAY, "missed")
    book.says(acknowledged_by="张三", acknowledged_at="2026-03-10T02:00:00Z", counted="2099-01")
    later = DAY + timedelta(days=100)
    assert book.look(later, "missed") == ["expired"]
    assert book.look(later + timedelta(days=1), "missed") == []
    again = {"before": "met", "before_on": later.isoformat()}
    assert book.look(later + timedelta(days=2), "missed", **again) == ["raised"]


# -- escalating --------------------------------------------------------------------------------------------------


def test_it_escalates_by_the_month() -> None:
    """Each further month in which it stands is counted once; at its months the next level is reached, and it ends at the last."""
    book = raised()
    happened = {}
    for month in range(3, 11):
        for day in (1, 15):
            if found := book.look(date(2026, month, max(day, 10)), "off_track", 0.05):
                happened[month] = (found, book.last.level, book.last.counter)
    assert happened == {
        4: (["counted"], 1, 1),
        5: (["escalated"], 2, 2),
        6: (["counted"], 2, 3),
        7: (["escalated"], 3, 4),
        8: (["counted"], 3, 5),
        9: (["escalated"], 4, 6),
        10: (["counted"], 4, 7),
    }


def test_months_between_the_borders_do_not_count() -> None:
    """Only a month in which it was looked at and across the border counts."""
    book = raised()
    assert book.look(date(2026, 4, 10), "at_risk", 0.35) == []
    assert book.look(date(2026, 7, 10), "off_track", 0.2) == ["counted"]
    assert book.last.counter == 1


def test_a_promise_holds_the_escalation() -> None:
    """Until the promised day is over nothing is counted; after it the month counts, once."""
    book = raised()
    book.says(acknowledged_by="张三", acknowledged_at="2026-03-10T02:00:00Z", due="2026-05-20")
    assert book.look(date(2026, 4, 10), "off_track", 0.2) == []
    assert book.look(date(2026, 5, 20), "off_track", 0.2) == []
    assert book.look(date(2026, 5, 21), "off_track", 0.2) == ["counted"]


def test_escalating_ends_a_snooze() -> None:
    """A higher level is worth waking for."""
    book = raised()
    book.says(snoozed_until="2026-12-31")
    book.look(date(2026, 4, 10), "off_track", 0.2)
    assert book.last.snoozed_until == "2026-12-31"
    book.look(date(2026, 5, 10), "off_track", 0.2)
    assert book.last.snoozed_until is None


@pytest.mark.parametrize(("month", "level", "counter"), [(7, 2, 2), (8, 1, 0)])
def test_the_counter_begins_anew_after_the_reset(month: int, level: int, counter: int) -> None:
    """Raised again before the reset months are over, it goes on where it was; later it begins anew."""
    book = raised()
    book.look(date(2026, 4, 10), "off_track", 0.05)
    book.look(date(2026, 5, 10), "off_track", 0.05)
    assert book.look(date(2026, 5, 20), "on_track", 0.7) == ["cleared"]
    assert book.look(date(2026, month, 10), "off_track", 0.05) == ["raised"]
    assert (book.last.level, book.last.counter) == (level, counter)


# -- decisions ---------------------------------------------------------------------------------------------------


def test_a_contradicted_decision_waits_for_a_person() -> None:
    """It is raised once with both sides, follows what the values say, and clears when the decision is settled."""
    book = Book()
    assert book.look(DAY, "met", reopened="missed") == ["raised"]
    assert (book.last.cause, book.last.from_status, book.last.to_status) == (Cause.REOPENED, "met", "missed")
    assert book.look(DAY, "met", reopened="missed") == []
    assert book.look(DAY, "met", reopened="awaiting") == ["changed"]
    assert book.look(DAY, "met") == ["cleared"]


def test_every_change_is_one_that_can_follow() -> None:
    """Each kind of event names the states that it may meet."""
    assert set(FOLLOWS) == set(Change)
