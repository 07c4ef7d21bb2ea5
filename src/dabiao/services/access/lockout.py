"""Who guesses must wait: ever longer, by account and by address, in the store so that every process knows.

A try is counted before its password is looked at, and taken back if it was right: many tries at once are counted as many.
A name that no account has is counted like one that has, so that nothing tells them apart.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from dabiao.services.app import App, stamp
from dabiao.store import sessions as store

FORGOTTEN = timedelta(hours=24)
LONGEST = 3600
"""Seconds of the longest wait."""

ADDRESS_FACTOR = 4
"""How many times more failures an address may have than an account: an office can have one address."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try to sign in that was counted.

    Attributes:
        wait: seconds until another is looked at; 0 if this one may go on.
        locks: whether a further failure of this name or address has just begun a wait.
    """

    wait: int
    locks: bool = False


def begin(app: App, name: str, address: str, now: datetime) -> Try:
    """Count a try, if it need not wait."""
    with app.store.write() as db:
        rows = {key: store.failures(app.store, key) for key in keys(name, address)}
        waits = [_seconds(row["until"], now) for row in rows.values() if row is not None]
        if wait := max(waits, default=0):
            return Try(wait)
        locks = False
        for key, row in rows.items():
            count = 1 + (row["count"] if row is not None and _fresh(row["at"], now) else 0)
            pause = delay(count, _threshold(app, key), app.settings.lock_seconds)
            locks = locks or pause > 0
            until = now + timedelta(seconds=pause)
            store.set_failures(db, key, count, stamp(now), stamp(until))
        return Try(0, locks)


def take_back(app: App, name: str, address: str, now: datetime) -> None:
    """The try was right: the name's failures are forgotten, the address's are what they were before it."""
    by_name, by_address = keys(name, address)
    with app.store.write() as db:
        store.clear_failures(db, [by_name], stamp(now - FORGOTTEN))
        row = store.failures(app.store, by_address)
        if row is not None:
            count = max(row["count"] - 1, 0)
            store.set_failures(db, by_address, count, row["at"], stamp(now))


def forgive(app: App, name: str, now: datetime) -> None:
    """Let an account try again at once, as after a new password."""
    with app.store.write() as db:
        store.clear_failures(db, [keys(name, "")[0]], stamp(now - FORGOTTEN))


def delay(count: int, threshold: int, first: int) -> int:
    """Seconds to wait after so many failures in a row: none below the threshold, then doubling up to :data:`LONGEST`."""
    if count < threshold:
        return 0
    return int(min(first * 2 ** min(count - threshold, 20), LONGEST))


def keys(name: str, address: str) -> tuple[str, str]:
    """What is counted: digests, since people type passwords into the field of the name."""
    return tuple(  # type: ignore[return-value]
        f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"
        for kind, text in (("account", name), ("address", network(address)))
    )


def network(address: str) -> str:
    """An address as it is counted: of IPv6 the first 64 bits, of which one connection has all."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _threshold(app: App, key: str) -> int:
    return app.settings.lock_after * (ADDRESS_FACTOR if key.startswith("address:") else 1)


def _fresh(at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(at) < FORGOTTEN


def _seconds(until: str, now: datetime) -> int:
    left = (datetime.fromisoformat(until) - now).total_seconds()
    # A clock that was set back would lock everyone out; no wait is longer than the longest.
    return 0 if left > LONGEST + 60 else max(0, int(left + 0.999))
