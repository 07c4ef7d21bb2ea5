"""When each job is due, from the cron words of the settings. Used by the scheduler and by the pages that show the next run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from dabiao.errors import SettingsError
from dabiao.settings import Settings

JOBS = ("import", "forecast", "assess", "alerts")
"""The jobs, in the order in which one feeds the next."""

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")


@dataclass(frozen=True, slots=True)
class Due:
    """The next time of a job."""

    job: str
    at: datetime


def trigger(settings: Settings, job: str) -> CronTrigger:
    """The trigger of a job.

    Raises:
        SettingsError: a cron word that means nothing.
    """
    words = getattr(settings, f"job_{job}").split()
    try:
        return CronTrigger(**dict(zip(_FIELDS, words, strict=True)), timezone=ZoneInfo(settings.timezone))
    except ValueError as error:
        raise SettingsError("cron_wrong", name=f"job_{job}", text=" ".join(words)) from error


def next_due(settings: Settings, now: datetime) -> list[Due]:
    """The next time of each job after ``now``."""
    found = []
    for job in JOBS:
        at = trigger(settings, job).get_next_fire_time(None, now)
        if at is not None:
            found.append(Due(job, at))
    return found
