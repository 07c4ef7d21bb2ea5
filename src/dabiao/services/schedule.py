"""When each job is due, from the cron words of the settings. Used by the scheduler and by the pages that show the next run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from dabiao.errors import SettingsError
from dabiao.settings import Settings

JOBS = ("import", "derive", "forecast", "assess", "alerts", "notices", "backup", "check", "retention")
"""The jobs, in the order in which one feeds the next; those that look after the store come last."""

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
_LOOK_BACK = timedelta(hours=25)
"""More than any clock was ever set forward at once: Samoa left out a whole day."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next time of a job."""

    job: str
    at: datetime


class WallTrigger(BaseTrigger):  # type: ignore[misc]
    """The times of a job by the office's clock on the wall.

    A job of a fixed hour runs once for each time that the cron words name: the first time in a night that has its hour twice;
    in a night without that hour as much later as the clock was set forward. (APScheduler's own trigger runs twice in the one,
    and leaves out a midnight that there is not.) Jobs that run every hour or every few minutes go on through both.

    Raises:
        SettingsError: a cron word that means nothing.
    """

    def __init__(self, settings: Settings, job: str) -> None:
        words = getattr(settings, f"job_{job}").split()
        self._zone = ZoneInfo(settings.timezone)
        self._fixed_hour = not words[1].startswith("*")
        # A fixed hour is looked for in a calendar whose days all have 24 hours.
        calendar = UTC if self._fixed_hour else self._zone
        try:
            self._cron = CronTrigger(**dict(zip(_FIELDS, words, strict=True)), timezone=calendar)
        except ValueError as error:
            raise SettingsError("cron_wrong", name=f"job_{job}", text=" ".join(words)) from error

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next time after the previous one, or from ``now`` on."""
        if not self._fixed_hour:
            found: datetime | None = self._cron.get_next_fire_time(previous_fire_time, now)
            return found
        start = now.astimezone(UTC)
        if previous_fire_time is not None:
            start = min(start, previous_fire_time.astimezone(UTC)) + timedelta(microseconds=1)
        named = start.astimezone(self._zone).replace(tzinfo=UTC, fold=0) - _LOOK_BACK
        at: datetime | None = self._cron.get_next_fire_time(None, named)
        while at is not None:
            real = at.replace(tzinfo=self._zone).astimezone(UTC)
            if real >= start:
                return real.astimezone(self._zone)
            at = self._cron.get_next_fire_time(at, at)
        return None

    def __getstate__(self) -> Any:
        raise TypeError("jobs are kept in memory only")


def next_due(settings: Settings, now: datetime) -> list[Due]:
    """The next time of each job after ``now``."""
    found = []
    for job in JOBS:
        at = WallTrigger(settings, job).get_next_fire_time(None, now)
        if at is not None:
            found.append(Due(job, at))
    return found
