"""Leases: one holder at a time, whatever clocks and processes do."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from dabiao.services.app import App
from dabiao.store import Store, runs
from jobs.control import Stop, Stopped
from jobs.lease import Lease, LeasedStore, kept


def lease(app: App, holder: str, clock: Any, ttl: float = 30.0) -> Lease:
    return Lease(app.store, "work", holder, clock, ttl)


def test_one_holder_at_a_time(app: App, clock: Any) -> None:
    """A lease that is held is refused to another until it expires or is dropped; its holder renews it freely."""
    a, b = lease(app, "a", clock), lease(app, "b", clock)
    assert a.take() is None
    standing = b.take()
    assert standing is not None
    assert standing["holder"] == "a"
    clock.pass_by(seconds=29)
    assert a.take() is None
    clock.pass_by(seconds=29)
    assert b.take() is not None
    clock.pass_by(seconds=1)
    assert b.take() is None
    assert a.take() is not None
    b.drop()
    assert a.take() is None


def test_dropping_anothers_lease_does_nothing(app: App, clock: Any) -> None:
    """Only the holder can give a lease back."""
    lease(app, "a", clock).take()
    lease(app, "b", clock).drop()
    assert lease(app, "b", clock).take() is not None


def test_clock_set_back_holds_nobody_up(app: App, clock: Any) -> None:
    """A dead holder's lease is taken over after its lifetime even if the clock was set back by a day."""
    lease(app, "dead", clock, ttl=0.2).take()
    clock.pass_by(days=-1)
    told: list[str] = []
    started = time.monotonic()
    assert lease(app, "b", clock, ttl=0.2).wait(Stop(), lambda row: told.append(row["holder"]), patience=10)
    assert told == ["dead"]
    assert time.monotonic() - started < 5


def test_waiting_ends_when_asked(app: App, clock: Any) -> None:
    """Who waits for a lease stops waiting at once when asked to stop, and without patience gives up."""
    lease(app, "a", clock).take()
    stop = Stop()
    threading.Timer(0.2, stop.ask, ["stopped"]).start()
    assert not lease(app, "b", clock).wait(stop, lambda _: None)
    assert not lease(app, "b", clock).wait(Stop(), lambda _: None, patience=0.1)


def test_writes_end_with_the_lease(app: App, clock: Any) -> None:
    """Work that has lost its lease is stopped inside its next transaction; nothing of it is written."""
    mine = lease(app, "a", clock)
    mine.take()
    store = LeasedStore(app.store.path, 1000, mine, Stop())
    runs.start_run(store, "import", "1", "manual", "1", "0")
    clock.pass_by(hours=1)
    lease(app, "b", clock).take()
    with pytest.raises(Stopped) as stopped:
        runs.start_run(store, "import", "2", "manual", "1", "0")
    assert stopped.value.reason == "lease_lost"
    assert len(runs.runs(app.store)) == 1
    store.close()


def test_a_write_renews_the_lease(app: App, clock: Any) -> None:
    """A write that takes longer than the lease lasts has it renewed when it commits."""
    mine = lease(app, "a", clock)
    mine.take()
    store = LeasedStore(app.store.path, 1000, mine, Stop())
    with store.write():
        clock.pass_by(hours=1)
    assert lease(app, "b", clock).take() is not None
    store.close()


def test_no_write_begins_after_a_stop(app: App, clock: Any) -> None:
    """Once a stop is asked for, the write in hand is finished and none begins after it."""
    mine, stop = lease(app, "a", clock), Stop()
    mine.take()
    store = LeasedStore(app.store.path, 1000, mine, stop)
    with store.write() as db:
        stop.ask("stopped")
        db.execute("INSERT INTO sources (title) VALUES ('t')")
    assert len(app.store.rows("SELECT * FROM sources")) == 1
    with pytest.raises(Stopped), store.write():
        raise AssertionError("a write began")
    store.close()


def test_a_lost_lease_is_noticed(app: App, clock: Any) -> None:
    """The holder learns within a third of the lease's lifetime that another process has taken it."""
    lost = threading.Event()
    mine = lease(app, "a", clock, ttl=0.3)
    mine.take()
    with kept(mine, lost.set):
        clock.pass_by(hours=1)
        other = Store(app.store.path)
        deadline = time.monotonic() + 60
        while runs.take_lease(other, "work", "b", "9999", "9999-1") is not None:
            assert time.monotonic() < deadline
        assert lost.wait(60)
        other.close()


def test_asking_a_parent_asks_its_children() -> None:
    """A stop reaches every child, those made after it too, and the first reason stands."""
    parent = Stop()
    before = Stop(parent)
    parent.ask("stopped")
    parent.ask("again")
    after = Stop(parent)
    assert [s.reason for s in (parent, before, after)] == ["stopped"] * 3
    with pytest.raises(Stopped):
        after.sleep(60)
