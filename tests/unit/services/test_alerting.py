"""Assessments to alerts in the store, and what people do with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dabiao import bootstrap
from dabiao.domain.alert import Alert, Kind
from dabiao.errors import AlertRefused, UnknownName
from dabiao.services.alerts import alert_rows, alerting
from dabiao.services.app import App
from dabiao.services.keep import audit
from dabiao.store import alerts as store
from dabiao.store import assessments
from tests.factories import settings_of
from tests.unit.services.assessed import KEY, say

DAY = timedelta(days=1)


def opened(app: App) -> tuple[str | None, str, str | None] | None:
    """The target's open alert: to, severity, from."""
    found = [a for a in store.listed(app.store, target_id=KEY) if a.raised_at]
    assert len(found) <= 1
    return (found[0].to_status, found[0].severity, found[0].from_status) if found else None


def whole(app: App) -> bool:
    """The chain holds and its events make the alerts."""
    return audit.check(app, audit.START)[1] == []


def test_the_life_of_an_alert(walked_app: App, now: datetime) -> None:
    """Off track raises one alert; staying so raises none; missing it replaces the alert; meeting it clears it."""
    app = walked_app
    start = assessments.latest_assessments(app.store)[KEY]["status"]
    assert opened(app) is None
    say(app, "off_track", 0.05)
    counts = alerting.run_alerts(app, now)
    assert (counts["raised"], counts["cleared"]) == (1, 0)
    assert opened(app) == ("off_track", "medium", start)
    say(app, "off_track", 0.04)
    assert alerting.run_alerts(app, now)["raised"] == 0
    say(app, "missed")
    counts = alerting.run_alerts(app, now + DAY)
    assert (counts["raised"], counts["cleared"]) == (1, 1)
    assert opened(app) == ("missed", "high", "off_track")
    say(app, "met")
    assert alerting.run_alerts(app, now + 2 * DAY)["cleared"] == 1
    assert opened(app) is None
    rows = store.listed(app.store, everything=True, target_id=KEY)
    assert [(a.to_status, a.cleared_at is not None) for a in rows] == [("missed", True), ("off_track", True)]
    assert whole(app)


def test_it_holds_before_it_is_raised(walked_app: App, now: datetime) -> None:
    """A doubtful one is pending, off the list, and raised when it stands on another day."""
    say(walked_app, "off_track", 0.3)
    counts = alerting.run_alerts(walked_app, now)
    assert (counts["raised"], counts["pending"]) == (0, 1)
    today = walked_app.today(now)
    assert KEY not in {r["target_id"] for r in alert_rows.alert_rows(walked_app, today, "en")}
    (pending,) = alert_rows.alert_rows(walked_app, today, "en", ["pending"])
    assert (pending["target_id"], pending["raised_at"], pending["state"]) == (KEY, None, "pending")
    assert alerting.run_alerts(walked_app, now)["raised"] == 0
    assert alerting.run_alerts(walked_app, now + DAY) | {"open": 0} == {
        "raised": 1, "cleared": 0, "escalated": 0, "pending": 0, "open": 0,
    }  # fmt: skip
    assert whole(walked_app)


def test_the_job_repeated_changes_nothing(walked_app: App, now: datetime) -> None:
    """A second run on the day writes no event and says so."""
    say(walked_app, "off_track", 0.05)
    alerting.run_alerts(walked_app, now)
    version = walked_app.store.data_version()
    counts = alerting.run_alerts(walked_app, now)
    assert (counts["raised"], counts["cleared"], counts["escalated"]) == (0, 0, 0)
    assert walked_app.store.data_version() == version


def test_an_assessment_of_the_past_raises_nothing(walked_app: App, now: datetime) -> None:
    """What is assessed today for an earlier day, or for one to come, is not how the target stands."""
    for day in ("2023-05-01", "2027-05-01"):
        say(walked_app, "missed", as_of=day)
        counts = alerting.run_alerts(walked_app, now)
        assert (counts["raised"], counts["cleared"]) == (0, 0)


def test_a_clock_set_back_changes_nothing(walked_app: App, now: datetime) -> None:
    """On a day before the last alert's there is nothing to say."""
    say(walked_app, "off_track", 0.05)
    alerting.run_alerts(walked_app, now)
    say(walked_app, "met", as_of="2026-01-01")
    before = opened(walked_app)
    assert alerting.run_alerts(walked_app, now - 30 * DAY)["cleared"] == 0
    assert opened(walked_app) == before


def test_the_last_of_a_day_counts(walked_app: App, now: datetime) -> None:
    """Of two assessments of one day the one stored last says how the target stands."""
    say(walked_app, "off_track", 0.05)
    say(walked_app, "on_track", 0.7)
    assert alerting.run_alerts(walked_app, now)["raised"] == 0


def test_moving_the_border_raises_quietly(walked_app: App, now: datetime) -> None:
    """After another off_track border the targets between the two are listed, marked as not having got worse."""
    say(walked_app, "at_risk", 0.4)
    alerting.run_alerts(walked_app, now)
    say(walked_app, "off_track", 0.4)
    moved = bootstrap.open_app(settings_of(walked_app.paths.home, off_track="0.5", alert_evidence="1 of 1"))
    assert alerting.run_alerts(moved, now + DAY)["raised"] == 1
    alert = store.listed(moved.store, target_id=KEY)[0]
    assert (alert.quiet, alert.reason, alert.from_status) == (True, "border_moved", "at_risk")
    moved.store.close()


def test_a_withdrawn_target_closes_its_alert(walked_app: App, now: datetime) -> None:
    """A target taken out of its plan leaves the list with the reason."""
    say(walked_app, "off_track", 0.05)
    alerting.run_alerts(walked_app, now)
    with walked_app.store.write() as db:
        db.execute("UPDATE target_versions SET withdrawn = 1 WHERE target_id = ?", [KEY])
    assert alerting.run_alerts(walked_app, now + DAY)["cleared"] == 1
    alert = store.listed(walked_app.store, everything=True, target_id=KEY)[0]
    assert (alert.state, alert.reason) == ("withdrawn", "target_withdrawn")


def test_a_contradicted_decision_is_an_alert(walked_app: App, now: datetime) -> None:
    """A frozen decision that the values contradict waits on the list beside whatever else the target has."""
    say(walked_app, "met", content='{"reopened": ["value_revised", "missed", "36"]}')
    alerting.run_alerts(walked_app, now)
    (row,) = [
        r for r in alert_rows.alert_rows(walked_app, walked_app.today(now), "en") if r["target_id"] == KEY
    ]
    assert (row["cause"], row["from_status"], row["to_status"]) == ("reopened", "met", "missed")
    assert "dabiao decisions confirm" in row["message"]
    say(walked_app, "missed", content="{}")
    counts = alerting.run_alerts(walked_app, now)
    assert (counts["raised"], counts["cleared"]) == (1, 1)


# -- what people do ----------------------------------------------------------------------------------------------


@pytest.fixture
def alert(walked_app: App, now: datetime) -> Alert:
    """An open alert."""
    say(walked_app, "off_track", 0.05)
    alerting.run_alerts(walked_app, now)
    return store.listed(walked_app.store, target_id=KEY)[0]


def states(app: App, now: datetime, number: int) -> tuple[str, bool]:
    """The alert's state, and whether the list has it."""
    today = app.today(now)
    listed = {r["id"] for r in alert_rows.alert_rows(app, today, "en")}
    return alert_rows.state_of(alert_rows.find(app, number), today), number in listed


def test_acknowledging_keeps_every_word(walked_app: App, alert: Alert, now: datetime) -> None:
    """Each acknowledgement is an event by its person; the list shows the last; it clears nothing."""
    before = walked_app.store.data_version()
    alerting.acknowledge(walked_app, alert.id, " 甲  某 ", "看到", None, now)
    found = alerting.acknowledge(walked_app, alert.id, "乙", " 已转办 ", date(2026, 12, 1), now)
    assert (found.acknowledged_by, found.note, found.due) == ("乙", "已转办", "2026-12-01")
    assert states(walked_app, now, alert.id) == ("acknowledged", True)
    events = alert_rows.event_rows(walked_app, alert.id)
    assert [(e["change"], e["actor"]) for e in events] == [
        ("raised", "system"),
        ("acknowledged", "甲 某"),
        ("acknowledged", "乙"),
    ]
    assert walked_app.store.data_version() != before
    assert whole(walked_app)


@pytest.mark.parametrize(("later", "overdue"), [(0, False), (1, True)])
def test_overdue_begins_after_the_day(
    walked_app: App, alert: Alert, now: datetime, later: int, overdue: bool
) -> None:
    """On the promised day there is still time; from the next on it is overdue."""
    alerting.acknowledge(walked_app, alert.id, "甲", "", walked_app.today(now), now)
    today = walked_app.today(now + later * DAY)
    row = next(r for r in alert_rows.alert_rows(walked_app, today, "en") if r["id"] == alert.id)
    assert row["overdue"] is overdue


def test_a_snoozed_alert_comes_back_on_its_day(walked_app: App, alert: Alert, now: datetime) -> None:
    """Until the day it is off the list, on the day it is back."""
    until = walked_app.today(now + 3 * DAY)
    alerting.snooze(walked_app, alert.id, "甲", until, now)
    assert states(walked_app, now + 2 * DAY, alert.id) == ("snoozed", False)
    assert states(walked_app, now + 3 * DAY, alert.id) == ("open", True)


def test_reopening_takes_back_what_was_said(walked_app: App, alert: Alert, now: datetime) -> None:
    """An acknowledgement and a snooze are taken back, once; the history keeps them."""
    alerting.acknowledge(walked_app, alert.id, "甲", "看到", walked_app.today(now), now)
    alerting.snooze(walked_app, alert.id, "甲", walked_app.today(now + DAY), now)
    found = alerting.reopen(walked_app, alert.id, "乙", now)
    assert (found.acknowledged_by, found.note, found.due, found.snoozed_until) == (None, None, None, None)
    assert states(walked_app, now, alert.id) == ("open", True)
    with pytest.raises(AlertRefused) as caught:
        alerting.reopen(walked_app, alert.id, "乙", now)
    assert caught.value.code == "alert_untouched"
    assert len(alert_rows.event_rows(walked_app, alert.id)) == 4
    assert whole(walked_app)


def test_reopening_keeps_why_an_alert_is_quiet(walked_app: App, now: datetime) -> None:
    """That only the border moved stays said."""
    say(walked_app, "at_risk", 0.05)
    alerting.run_alerts(walked_app, now)
    say(walked_app, "off_track", 0.05)
    alerting.run_alerts(walked_app, now)
    number = store.listed(walked_app.store, target_id=KEY)[0].id
    alerting.acknowledge(walked_app, number, "甲", "", None, now)
    assert alerting.reopen(walked_app, number, "甲", now).reason == "border_moved"


def test_what_cannot_be_done_is_refused(walked_app: App, alert: Alert, now: datetime) -> None:
    """No alert, no name, a day that is over, a closed alert: each is refused with its own sentence, and nothing happens."""
    today = walked_app.today(now)
    version = walked_app.store.data_version()
    with pytest.raises(UnknownName):
        alerting.acknowledge(walked_app, 999999, "甲", "", None, now)
    for by in ("", "  ", "system"):
        with pytest.raises(AlertRefused, match="Name the person"):
            alerting.acknowledge(walked_app, alert.id, by, "", None, now)
    with pytest.raises(AlertRefused, match="is over"):
        alerting.acknowledge(walked_app, alert.id, "甲", "", today - DAY, now)
    with pytest.raises(AlertRefused, match="is over"):
        alerting.snooze(walked_app, alert.id, "甲", today, now)
    assert walked_app.store.data_version() == version
    say(walked_app, "on_track", 0.9)
    alerting.run_alerts(walked_app, now)
    for act in (
        lambda: alerting.acknowledge(walked_app, alert.id, "甲", "", None, now),
        lambda: alerting.snooze(walked_app, alert.id, "甲", today + DAY, now),
        lambda: alerting.reopen(walked_app, alert.id, "甲", now),
    ):
        with pytest.raises(AlertRefused, match="was closed on"):
            act()


def test_a_filed_miss_can_be_taken_up_again(walked_app: App, now: datetime) -> None:
    """A miss that was acknowledged long ago is filed, is not raised again, and is open again when someone asks for it."""
    say(walked_app, "missed")
    alerting.run_alerts(walked_app, now)
    number = store.listed(walked_app.store, target_id=KEY)[0].id
    alerting.acknowledge(walked_app, number, "甲", "", None, now)
    later = now + 90 * DAY
    assert alerting.run_alerts(walked_app, later)["cleared"] == 1
    found = alert_rows.find(walked_app, number)
    assert (found.state, found.reason, found.final_status) == ("expired", "filed", "missed")
    assert alerting.run_alerts(walked_app, later + DAY)["raised"] == 0
    assert alerting.reopen(walked_app, number, "乙", later).state == "open"
    assert alerting.run_alerts(walked_app, later + DAY)["cleared"] == 0
    assert whole(walked_app)


def test_the_store_holds_one_standing_alert_of_a_cause(walked_app: App) -> None:
    """The table itself refuses a second one, whoever writes it."""
    with pytest.raises(Exception, match="UNIQUE"), walked_app.store.write() as db:
        db.execute(
            """INSERT INTO alerts SELECT id + 1000, kind, cause, key, state, severity, as_of, target_id, target_version,
                   from_status, to_status, attainment, assessment_id, lead_units, level, counter, counted, evidence, quiet,
                   reason, raised_at, acknowledged_by, acknowledged_at, note, due, snoozed_until, cleared_at,
                   final_status, params, audit_id FROM alerts WHERE state = 'open'"""
        )


def test_an_alert_changed_by_other_means_is_found(walked_app: App, alert: Alert) -> None:
    """A row that is not what its events make of it is named with the fields that differ; so is one without events."""
    with walked_app.store.write() as db:
        db.execute("UPDATE alerts SET severity = 'low', note = 'x' WHERE id = ?", [alert.id])
    _, (fault,) = audit.check(walked_app, audit.START)
    assert (fault.code, fault.params) == ("differs", {"alert": alert.id, "fields": "severity, note"})
    with walked_app.store.write() as db:
        db.execute("DELETE FROM alerts WHERE id = ?", [alert.id])
    _, (fault,) = audit.check(walked_app, audit.START)
    assert fault.params == {"alert": alert.id, "fields": "id"}


def test_rows_have_one_shape(walked_app: App, alert: Alert, now: datetime) -> None:
    """Every row of the list has every field, whatever its kind and state."""
    rows = alert_rows.alert_rows(walked_app, walked_app.today(now), "zh-CN", alert_rows.STATES, None)
    assert len({tuple(r) for r in rows}) == 1
    row = next(r for r in rows if r["id"] == alert.id)
    assert (row["kind"], row["level"], row["level_name"]) == (str(Kind.TARGET), 1, "关注")
