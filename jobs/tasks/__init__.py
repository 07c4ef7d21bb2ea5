"""One module a job. A task takes :class:`Work`, does its part, and gives counts; it may run twice with no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dabiao.services.app import App
from jobs.control import Stop
from jobs.progress import Told, untold


@dataclass(frozen=True, slots=True)
class Work:
    """What a task is given.

    Attributes:
        app: its store writes only while the lease is held and no stop was asked.
        now: the moment of the run.
        stop: to be looked at between two units of work.
        report: takes the run's progress.
    """

    app: App
    now: datetime
    stop: Stop
    report: Told = untold

    def told(self, done: float, total: int | None, unit: str) -> None:
        """Say how far the work is, between two units of it.

        Raises:
            Stopped: the end was asked for.
        """
        self.stop.check()
        self.report(done, total, unit)


class Incomplete(Exception):
    """A task did a part of its work: ``counts`` say which. Raised from what stopped it."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__("incomplete")
        self.counts = counts


Task = Callable[[Work], dict[str, int]]
