"""When jobs are due, and which were missed while no scheduler ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.base import BaseTrigger

from dabiao.services.app import App, stamp
from dabiao.services.schedule import trigger
from dabiao.settings import Settings
from dabiao.store import runs

TRIES = 3
"""A run that was killed so often in a row is not caught up again before its next time: it may be what kills the process."""

FOLLOWING = ("forecast", "assess", "alerts")
"""What new observations set going, in order."""

_WINDOWS = tuple(timedelta(hours=h) for h in (1, 25, 24 * 32, 24 * 367, 24 * 366 * 9))
"""How far to look back for the last time: the leap day of a century comes once in eight years."""


class WallTrigger(BaseTrigger):  # type: ignore[misc]
    """A job's cron trigger, by which a job of a fixed hour runs once in the night that has that hour twice.

    Jobs that run every hour or every few minutes go on through both.
    """

    def __init__(self, settings: Settings, job: str) -> None:
        self.cron = trigger(settings, job)
        self.fixed_hour = not getattr(settings, f"job_{job}").split()[1].startswith("*")

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next time after the previous one, or from ``now`` on."""
        at: datetime | None = self.cron.get_next_fire_time(previous_fire_time, now)
        while at is not None and at.fold and self.fixed_hour:
            at = self.cron.get_next_fire_time(at, at)
        return at

    def __getstate__(self) -> Any:
        raise TypeError("jobs are kept in memory only")


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


def missed(app: App, job: str, now: datetime) -> datetime | None:
    """The time for which a job has to be caught up; ``None`` if nothing was missed.

    However many times were missed, only the last counts. A run that failed is not missed; one that was interrupted is,
    unless it was killed :data:`TRIES` times.
    """
    due = last_due(app.settings, job, now)
    if due is None:
        return None
    killed = 0
    for run in runs.runs(app.store, job, limit=200):
        if run["scheduled_for"] < stamp(due):
            continue
        if run["state"] in ("done", "failed", "running"):
            return None
        killed += run["reason"] == "killed"
    return due if killed < TRIES else None


def imports_seen(app: App) -> int:
    """The last import that brought anything."""
    found = app.store.row("SELECT ifnull(max(id), 0) AS id FROM imports WHERE accepted + revised > 0")
    assert found is not None
    return int(found["id"])


def behind(app: App, job: str) -> bool:
    """Whether observations came in that a job has not seen: by the record of its last finished run."""
    found = app.store.row(
        """SELECT ifnull(json_extract(counts, '$.imports_seen'), 0) AS seen FROM job_runs
           WHERE job = ? AND state IN ('done', 'failed') ORDER BY id DESC LIMIT 1""",
        [job],
    )
    if imports_seen(app) <= (int(found["seen"]) if found is not None else 0):
        return False
    last = runs.runs(app.store, job, limit=TRIES)
    return not (len(last) == TRIES and all(r["reason"] == "killed" for r in last))
