"""When jobs are due, and which were missed while no scheduler ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dabiao.services.app import stamp
from dabiao.services.schedule import WallTrigger
from dabiao.settings import Settings
from dabiao.store import Store, runs

TRIES = 3
"""A run that was killed so often in a row is not caught up again before its next time: it may be what kills the process."""

COUNTED = 1000
"""Most missed times that are counted."""

FOLLOWING = ("derive", "forecast", "assess", "alerts")
"""What new observations set going, in order."""

_WINDOWS = tuple(timedelta(hours=h) for h in (1, 25, 24 * 32, 24 * 367, 24 * 366 * 9))
"""How far to look back for the last time: the leap day of a century comes once in eight years."""


def last_due(settings: Settings, job: str, now: datetime) -> datetime | None:
    """The last time, ``now`` included, at which a job was due; ``None`` if there was none in nine years."""
    wall = WallTrigger(settings, job)
    for window in _WINDOWS:
        found = None
        at = wall.get_next_fire_time(None, now - window)
        while at is not None and at.astimezone(UTC) <= now.astimezone(UTC):
            found = at
            at = wall.get_next_fire_time(at, at)
        if found is not None:
            return found
    return None


def missed(store: Store, settings: Settings, job: str, now: datetime) -> datetime | None:
    """The time for which a job has to be caught up; ``None`` if nothing was missed.

    However many times were missed, only the last counts. A run that failed or waits to be tried again is not missed, nor is
    the time of a paused job; one that was interrupted is, unless it was killed :data:`TRIES` times.
    """
    due = last_due(settings, job, now)
    if due is None or runs.waiting_retry(store, job) is not None:
        return None
    killed = 0
    for run in runs.runs(store, job, limit=200):
        if run["scheduled_for"] < stamp(due):
            continue
        if run["state"] in ("done", "failed", "running") or run["reason"] == "paused":
            return None
        killed += run["reason"] == "killed"
    return due if killed < TRIES else None


def coalesced(store: Store, settings: Settings, job: str, at: datetime) -> int:
    """How many times between a job's last record and ``at`` have none: a run at ``at`` stands in for them all.

    At most :data:`COUNTED`; none for a job that has never run.
    """
    before = runs.last_before(store, job, stamp(at))
    if before is None:
        return 0
    wall = WallTrigger(settings, job)
    moment = datetime.fromisoformat(before)
    found = 0
    following = wall.get_next_fire_time(None, moment + timedelta(seconds=1))
    while following is not None and following.astimezone(UTC) < at.astimezone(UTC) and found < COUNTED:
        found += 1
        following = wall.get_next_fire_time(following, following)
    return found


def behind(store: Store, job: str) -> bool:
    """Whether observations came in that a job has not seen: by the record of its last finished run."""
    if runs.last_import(store) <= runs.imports_seen(store, job):
        return False
    last = runs.runs(store, job, limit=TRIES)
    return not (len(last) == TRIES and all(r["reason"] == "killed" for r in last))


def wait_before(settings: Settings, attempt: int) -> timedelta | None:
    """How long a run waits after its ``attempt``-th attempt has failed; ``None`` if it stays failed."""
    if attempt >= settings.retry_tries:
        return None
    seconds = min(
        settings.retry_first_seconds * settings.retry_factor ** (attempt - 1),
        float(settings.retry_cap_seconds),
    )
    return timedelta(seconds=seconds)
