"""A store with nothing declared in it, and a clock that stands where a test puts it."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.blocking import BlockingScheduler

from dabiao.domain.catalogue import Catalogue
from dabiao.services.app import App, Paths
from dabiao.settings import Settings
from dabiao.store import Store
from jobs.scheduler import Scheduler


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 21, 4, 0, tzinfo=UTC))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = empty_app(tmp_path)
    yield made
    made.store.close()


@contextlib.contextmanager
def planned(made: Scheduler) -> Iterator[None]:
    """A scheduler whose jobs have their next times, and that starts none of them."""
    made.clockwork.start = functools.partial(super(BlockingScheduler, made.clockwork).start, paused=True)
    made.clockwork.start()
    made.clockwork._event = threading.Event()
    try:
        yield
    finally:
        made.clockwork.shutdown(wait=False)


def empty_app(home: Path, **settings: Any) -> App:
    paths = Paths(home, home)
    return App(Settings(home=home, **settings), paths, Store.create(paths.store), Catalogue({}, {}))
