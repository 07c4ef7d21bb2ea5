"""Leases: one scheduler at a time, one run at a time, over all processes that share the store.

Two leases stand in the store. ``scheduler`` belongs to the process whose clock starts jobs; ``work`` to the process that
runs one, be it the scheduler or a person's ``run``. Whoever works under a lease that is no longer its own is stopped at
its next write, inside that write's transaction: no clock and no pause of a process can make two work at once.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlite_utils import Database

from dabiao.errors import StoreBusy, StoreError
from dabiao.services.app import stamp
from dabiao.store import Store, runs
from dabiao.store.database import Row
from jobs.control import Stop, Stopped

TTL = 30.0  # seconds after its last renewal that a lease stands
SCHEDULER = "scheduler"
WORK = "work"

Clock = Callable[[], datetime]

log = structlog.get_logger()


def holder_name() -> str:
    """A name for this process that no other has: host, process id, and four random bytes."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Lease:
    """One lease as one process sees it."""

    store: Store
    name: str
    holder: str
    clock: Clock
    ttl: float = TTL

    def take(self) -> Row | None:
        """Take or renew it. ``None`` when it is ours now, else the row of the one who holds it."""
        now = self.clock()
        return runs.take_lease(self.store, self.name, self.holder, stamp(now), self._until(now))

    def take_over(self, standing: Row) -> Row | None:
        """Take a lease that its holder has stopped renewing, whatever the clock says."""
        return runs.take_lease(
            self.store, self.name, self.holder, standing["expires_at"], self._until(self.clock())
        )

    def drop(self) -> None:
        """Give it back at a clean stop."""
        runs.drop_lease(self.store, self.name, self.holder)

    def renew_in(self, db: Database) -> bool:
        """Renew it inside a transaction; false if it is not ours any more."""
        now = self.clock()
        cursor = db.execute(
            "UPDATE leases SET renewed_at = ?, expires_at = ? WHERE name = ? AND holder = ?",
            [stamp(now), self._until(now), self.name, self.holder],
        )
        return bool(cursor.rowcount == 1)

    def _until(self, now: datetime) -> str:
        return stamp(now + timedelta(seconds=self.ttl))

    def wait(self, stop: Stop, told: Callable[[Row], None], patience: float | None = None) -> bool:
        """Wait until the lease is ours.

        A lease is free when it was dropped, when it has expired by the clock, or when it was not renewed for as long as
        it lasts by this process's own count, so that a clock set back cannot hold everyone up.

        ``told`` is called once with the row of each holder who stands in the way; ``patience`` is the number of seconds
        after which to give up, never by default.

        Returns:
            false when stopped or out of patience.
        """
        seen: tuple[str, str] | None = None
        holder = ""
        started = since = time.monotonic()
        while not stop.asked:
            try:
                standing = self.take()
                if standing is not None:
                    mark = (standing["holder"], standing["renewed_at"])
                    if mark != seen:
                        seen, since = mark, time.monotonic()
                    elif time.monotonic() - since > self.ttl + 1:  # stamps are to the second
                        standing = self.take_over(standing)
            except StoreBusy:
                standing = None
                log.warning("store_busy", lease=self.name)
            else:
                if standing is None:
                    return True
                if standing["holder"] != holder:
                    holder = standing["holder"]
                    told(standing)
            if patience is not None and time.monotonic() - started > patience:
                return False
            stop.wait(min(1.0, self.ttl / 5))
        return False


@contextlib.contextmanager
def kept(lease: Lease, lost: Callable[[], None]) -> Iterator[None]:
    """Renew a lease that is ours in the background; ``lost`` is called once if another process has taken it."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(lease.ttl / 3):
                try:
                    if lease.take() is not None:
                        lost()
                        return
                except StoreError as error:  # busy or full: the lease runs on until it expires
                    log.warning("lease_not_renewed", lease=lease.name, error=str(error))
        finally:
            lease.store.close()  # this thread's connection

    thread = threading.Thread(target=keep, name=f"lease-{lease.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=1)


class LeasedStore(Store):
    """A store that writes only while a lease is ours and no stop was asked.

    The check stands inside each transaction, and renews the lease there: a write that takes longer than the lease lasts
    has it renewed when it is committed.
    """

    def __init__(self, path: Path, busy_timeout_ms: int, lease: Lease, stop: Stop) -> None:
        super().__init__(path, busy_timeout_ms)
        self._lease = lease
        self._stop = stop

    @contextlib.contextmanager
    def write(self, *, large: bool = False) -> Iterator[Database]:
        """As :meth:`Store.write`.

        Raises:
            Stopped: a stop was asked, or another process holds the lease; nothing is written.
        """
        self._stop.check()
        with super().write(large=large) as db:
            if not self._lease.renew_in(db):
                raise Stopped("lease_lost")
            yield db
            self._lease.renew_in(db)
