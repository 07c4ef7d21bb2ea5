"""How far the run in hand is, for whoever looks: a small file that is replaced at most once a second."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from dabiao.services.app import App
from dabiao.services.jobs import PROGRESS

EVERY = 1.0  # seconds

Told = Callable[[float, int | None, str], None]
"""Told units done, units in all (``None``: not known before the end), and what the units are."""


def untold(_done: float, _total: int | None, _unit: str) -> None:
    """Tells nobody."""


class Report:
    """The progress of one run, written beside the store: a run that writes for minutes holds the store's lock.

    A file that cannot be written stops no run.
    """

    def __init__(self, app: App, run_id: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._path: Path = app.paths.home / PROGRESS
        self._run_id = run_id
        self._monotonic = monotonic
        self._next = monotonic()

    def __call__(self, done: float, total: int | None, unit: str) -> None:
        if self._monotonic() < self._next:
            return
        self._next = self._monotonic() + EVERY
        partial = self._path.with_suffix(".tmp")
        with contextlib.suppress(OSError):
            partial.write_text(
                json.dumps({"run_id": self._run_id, "done": round(done, 3), "total": total, "unit": unit}),
                "utf-8",
            )
            partial.replace(self._path)

    def end(self) -> None:
        """Nothing is in hand any more."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
