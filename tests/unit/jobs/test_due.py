"""When jobs are due, at the borders of calendars and clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dabiao.services.app import App, stamp
from dabiao.services.schedule import WallTrigger
from dabiao.settings import Settings
from dabiao.store import runs
from jobs.due import COUNTED, TRIES, behind, coalesced, last_due, missed, wait_before

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def fires(cron: str, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    wall = WallTrigger(Settings(job_forecast=cron, timezone=zone), "forecast")
    found = wall.get_next_fire_time(None, start)
    while found is not None and found.astimezone(UTC) < end.astimezone(UTC):
        yield found
        found = wall.get_next_fire_time(found, found)


@pytest.mark.parametrize(
    ("number", "name"), list(enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
)
def test_weekday_is_the_one_named(number: int, name: str) -> None:
    """A weekday's name means that day in the settings' timezone, whatever numbers other programs give it."""
    (only,) = fires(f"0 6 * * {name}", SHANGHAI, at("2026-11-16"), at("2026-11-23"))
    assert (only.weekday(), only.hour) == (number, 6)


@pytest.mark.parametrize("weekday", ["0", "1-5", "mon,3", "7"])
def test_numbered_weekday_is_refused(weekday: str) -> None:
    """A weekday by number is refused: two programs read two days in it."""
    with pytest.raises(ValidationError, match="weekday"):
        Settings(job_forecast=f"0 6 * * {weekday}")


def test_day_begins_in_the_settings_timezone() -> None:
    """06:00 is six in the office's timezone, in a zone without summer time on every day of the year."""
    year = list(fires("0 6 * * *", SHANGHAI, at("2026-01-01"), at("2027-01-01")))
    assert len(year) == 365
    assert {t.astimezone(UTC).hour for t in year} == {22}


def test_daily_job_runs_once_on_each_day_of_a_zone_with_summer_time() -> None:
    """A job of a fixed hour runs once a day, also in the night without that hour and in the one that has it twice."""
    year = list(fires("30 2 * * *", BERLIN, at("2026-01-01", BERLIN), at("2027-01-01", BERLIN)))
    assert [t.date().toordinal() for t in year] == list(range(year[0].toordinal(), year[0].toordinal() + 365))


@pytest.mark.parametrize(
    ("cron", "zone", "day", "times"),
    [
        ("30 2 * * *", BERLIN, "2026-03-29", ["01:30"]),  # 02:30 is left out: an hour later by the clock
        ("30 2 * * *", BERLIN, "2026-10-25", ["00:30"]),  # 02:30 comes twice: the first one
        ("0 2,3 * * *", BERLIN, "2026-03-29", ["01:00"]),  # both names mean one moment
        ("0 2,3 * * *", BERLIN, "2026-10-25", ["00:00", "02:00"]),
        ("0 2 * * sun", BERLIN, "2026-03-29", ["01:00"]),
        ("0 0 * * *", "Africa/Cairo", "2026-04-24", ["22:00"]),  # a day without its midnight
        ("0 0 * * *", "America/Havana", "2026-03-08", ["05:00"]),
        ("30 0 * * *", "America/Havana", "2026-11-01", ["04:30"]),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-04", ["15:45"]),  # clocks move by half an hour
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-05", ["14:45"]),
        ("0 6 * * *", "Pacific/Apia", "2011-12-31", ["16:00"]),  # the 30th did not take place
        ("30 2 * * *", SHANGHAI, "2026-03-29", ["18:30"]),
    ],
)
def test_a_named_time_is_run_once(cron: str, zone: str, day: str, times: list[str]) -> None:
    """In a night without the hour it is run later by as much, in one that has it twice the first time: never not, never twice."""
    start = at(day, zone)
    found = [
        t.astimezone(UTC).strftime("%H:%M") for t in fires(cron, zone, start, at(f"{day}T23:59:59", zone))
    ]
    assert found == times


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(
        [SHANGHAI, BERLIN, "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    year=st.sampled_from([2024, 2026, 2028]),
)
def test_a_daily_job_runs_once_on_every_day(zone: str, hour: int, minute: int, year: int) -> None:
    """Whatever the zone and the time, every day of a year has one run, and no two are at one moment."""
    year_of = list(
        fires(f"{minute} {hour} * * *", zone, at(f"{year}-01-01", zone), at(f"{year + 1}-01-01", zone))
    )
    days = [t.date().toordinal() for t in year_of]
    assert days == list(range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    assert all(a.astimezone(UTC) < b.astimezone(UTC) for a, b in pairwise(year_of))


def test_the_31st() -> None:
    """A job of the 31st runs in the seven months that have one, and is not moved to another day."""
    months = [t.month for t in fires("0 6 31 * *", SHANGHAI, at("2026-01-01"), at("2027-01-01"))]
    assert months == [1, 3, 5, 7, 8, 10, 12]
    chosen = Settings(job_forecast="0 6 31 * *")
    assert last_due(chosen, "forecast", at("2027-01-01")) == at("2026-12-31T06:00")
    assert last_due(chosen, "forecast", at("2026-12-31T05:59:59")) == at("2026-10-31T06:00")


def test_frequent_job_goes_on_through_the_doubled_hour() -> None:
    """A job of every ten minutes never pauses for an hour when clocks are set back, nor runs twice at one moment."""
    night = [
        t.astimezone(UTC)
        for t in fires("*/10 * * * *", BERLIN, at("2026-10-25", BERLIN), at("2026-10-25T06:00", BERLIN))
    ]
    assert {b - a for a, b in pairwise(night)} == {timedelta(minutes=10)}


def test_year_end() -> None:
    """A yearly job of 1 January, looked back on a moment before and after, belongs to the right year."""
    chosen = Settings(job_forecast="0 0 1 jan *")
    assert last_due(chosen, "forecast", at("2026-12-31T23:59:59")) == at("2026-01-01")
    assert last_due(chosen, "forecast", at("2027-01-01T00:00:00")) == at("2027-01-01")


def test_leap_day() -> None:
    """A job of 29 February runs in leap years only, and is found again years later."""
    chosen = Settings(job_forecast="0 6 29 feb *")
    assert last_due(chosen, "forecast", at("2027-03-01")) == at("2024-02-29T06:00")
    assert last_due(chosen, "forecast", at("2028-02-29T06:00")) == at("2028-02-29T06:00")
    assert list(fires("0 6 29 feb *", SHANGHAI, at("2025-01-01"), at("2028-02-01"))) == []


def test_last_day_of_month() -> None:
    """`last` is the month's own last day."""
    days = [t.day for t in fires("0 6 last * *", SHANGHAI, at("2028-01-01"), at("2028-05-01"))]
    assert days == [31, 29, 31, 30]


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, "Asia/Kathmandu", "Pacific/Apia"])
@pytest.mark.parametrize("cron", ["*/10 * * * *", "0 6 * * *", "0 6 * * mon", "0 6 1 * *"])
def test_last_due_is_the_last_of_all_times(cron: str, zone: str) -> None:
    """What last_due finds is the last of the times that the trigger gives up to now."""
    now = at("2026-10-26T05:03:07", zone)
    *_, last = fires(cron, zone, now - timedelta(days=40), now + timedelta(seconds=1))
    assert last_due(Settings(job_forecast=cron, timezone=zone), "forecast", now) == last


# -- missed ----------------------------------------------------------------------------------------------------

NOW = at("2026-11-21T12:00")
DUE = at("2026-11-21T06:00")


def record(app: App, when: datetime, state: str, reason: str = "", job: str = "forecast") -> None:
    run_id = runs.start_run(app.store, job, stamp(when), "schedule", stamp(when), "0")
    assert run_id is not None
    if state != "running":
        runs.finish_run(app.store, run_id, state, stamp(when), {}, reason, "")


def test_a_job_that_never_ran_is_due(app: App) -> None:
    """Without any run the last scheduled time is caught up."""
    assert missed(app.store, app.settings, "forecast", NOW) == DUE


def test_many_missed_times_are_one(app: App) -> None:
    """After a week down, only the last of the missed times is caught up."""
    record(app, DUE - timedelta(days=7), "done")
    assert missed(app.store, app.settings, "forecast", NOW) == DUE


@pytest.mark.parametrize("state", ["done", "failed", "running"])
def test_a_time_that_was_run_is_not_missed(app: App, state: str) -> None:
    """A run for the last time or later, whatever started it and even if it failed, leaves nothing to catch up."""
    record(app, DUE + timedelta(hours=1), state)
    assert missed(app.store, app.settings, "forecast", NOW) is None


@pytest.mark.parametrize(("state", "reason"), [("interrupted", "stopped"), ("skipped", "missed")])
def test_a_time_that_was_begun_or_skipped_is_missed(app: App, state: str, reason: str) -> None:
    """A run that was stopped half way or came too late is caught up."""
    record(app, DUE, state, reason)
    assert missed(app.store, app.settings, "forecast", NOW) == DUE


def test_a_run_that_keeps_killing_the_process_is_left(app: App) -> None:
    """After three kills the job waits for its next time, so that it cannot keep the service from starting."""
    for minute in range(TRIES):
        assert missed(app.store, app.settings, "forecast", NOW) == DUE
        record(app, DUE + timedelta(minutes=minute), "interrupted", "killed")
    assert missed(app.store, app.settings, "forecast", NOW) is None
    assert missed(app.store, app.settings, "forecast", NOW + timedelta(days=1)) == DUE + timedelta(days=1)


def test_a_paused_time_is_not_missed(app: App) -> None:
    """What was left out on purpose is not caught up; the next time is."""
    record(app, DUE, "skipped", "paused")
    assert missed(app.store, app.settings, "forecast", NOW) is None
    assert missed(app.store, app.settings, "forecast", NOW + timedelta(days=1)) == DUE + timedelta(days=1)


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 0), (2, 1), (8, 7), (5000, COUNTED)])
def test_a_run_says_how_many_it_stands_in_for(app: App, days: int, count: int) -> None:
    """The times between the last record and a run that have none; at most a thousand are counted."""
    record(app, DUE, "done")
    assert coalesced(app.store, app.settings, "forecast", DUE + timedelta(days=days)) == count
    assert coalesced(app.store, app.settings, "assess", DUE) == 0


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 60), (2, 240), (3, 960), (4, 3600), (5, 3600), (6, None), (7, None)]
)
def test_waits_grow_up_to_a_cap(attempt: int, seconds: int | None) -> None:
    """Each wait is the one before times the factor, never longer than the cap; after the last attempt there is none."""
    wait = wait_before(Settings(retry_tries=6), attempt)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_clock_set_back_repeats_nothing(app: App) -> None:
    """When the clock is set back before runs that are recorded, nothing counts as missed."""
    record(app, DUE, "done")
    assert missed(app.store, app.settings, "forecast", NOW - timedelta(days=3)) is None


# -- behind ----------------------------------------------------------------------------------------------------


def imported(app: App, accepted: int) -> None:
    with app.store.write() as db:
        db.execute(
            """INSERT INTO imports (file, sha256, size, imported_at, reading, accepted, revised, unchanged, refused,
               warned) VALUES ('a.csv', 'x', 1, '2026-11-21T00:00:00Z', '{}', ?, 0, 0, 0, 0)""",
            [accepted],
        )


def seen(app: App, when: datetime, imports: int) -> None:
    run_id = runs.start_run(app.store, "forecast", stamp(when), "schedule", stamp(when), "0")
    assert run_id is not None
    runs.finish_run(app.store, run_id, "done", stamp(when), {"imports_seen": imports}, "", "")


def test_only_an_import_that_brought_something_is_followed(app: App) -> None:
    """A job is behind from the moment observations come in until it has run, and never for an empty import."""
    assert not behind(app.store, "forecast")
    imported(app, 0)
    assert not behind(app.store, "forecast")
    imported(app, 3)
    assert behind(app.store, "forecast")
    seen(app, DUE, 2)
    assert not behind(app.store, "forecast")
    imported(app, 1)
    assert behind(app.store, "forecast")
