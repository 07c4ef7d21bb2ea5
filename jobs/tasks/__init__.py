"""One module a job. A task takes :class:`Work`, does its part, and gives counts; it may run twice with no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dabiao.services.app import App
from jobs.control import Stop


@dataclass(frozen=True, slots=True)
class Work:
    """What a task is given.

    Attributes:
        app: its store writes only while the lease is held and no stop was asked.
        now: the moment of the run.
        stop: to be looked at between two units of work.
    """

    app: App
    now: datetime
    stop: Stop


Task = Callable[[Work], dict[str, int]]
