"""Sessions: a secret in a browser's cookie, its digest in the store."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from dabiao.domain.access import Account, Principal
from dabiao.errors import StoreError
from dabiao.services.app import App, stamp
from dabiao.store import accounts
from dabiao.store import sessions as store
from dabiao.store.audit import Entry, append
from dabiao.store.database import Row

How = Literal["password", "oidc"]
SEEN_EVERY = timedelta(seconds=60)
"""A session's last use is noted this often, so that reading a page is hardly ever a write."""


def digest(secret: str) -> str:
    """What the store keeps of a secret. The secret is 256 random bits: there is nothing to guess, so no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    app: App,
    account: Account,
    now: datetime,
    how: How,
    *,
    address: str = "",
    agent: str = "",
    instead: str | None = None,
) -> str:
    """Sign an account in; the audit has a row of it.

    Args:
        how: what showed who it is.
        instead: the secret of the browser's session so far, which ends.

    Returns:
        the secret for the cookie, which nothing else knows.
    """
    secret = secrets.token_urlsafe(32)
    at = stamp(now)
    row = {
        "digest": digest(secret),
        "account_id": account.id,
        "how": how,
        "address": address[:64],
        "agent": agent[:200],
        "created_at": at,
        "seen_at": at,
        "ends_at": stamp(now + timedelta(hours=app.settings.session_hours)),
    }
    with app.store.write() as db:
        store.forget(db, stamp(now - _idle(app)), at)
        if instead and (before := store.find(app.store, digest(instead))) is not None:
            store.end(db, before["id"], before["session_id"])
        store.insert(db, row)
        details = {"how": how, "address": address[:64]}
        append(db, at, [Entry(account.name, "access.signed_in", f"account:{account.name}", details)])
    return secret


def find(app: App, secret: str, now: datetime) -> Principal | None:
    """On whose behalf a cookie speaks; ``None`` if its session is over, was ended, or its account is disabled."""
    row = store.find(app.store, digest(secret))
    if row is None or not row["enabled"] or not _stands(app, row, now):
        return None
    if now - datetime.fromisoformat(row["seen_at"]) >= SEEN_EVERY:
        # Reading goes on while a large import holds the lock or the disk is full; the next request notes it.
        with contextlib.suppress(StoreError):
            store.seen(app.store, row["session_id"], stamp(now))
    account = accounts.account_of(row)
    return Principal(account.name, account.roles, account.scope, session=row["session_id"])


def close(app: App, principal: Principal, now: datetime) -> None:
    """Sign a browser out."""
    if principal.session is None:
        return
    account = accounts.named(app.store, principal.name)
    with app.store.write() as db:
        if account is not None and store.end(db, account.id, principal.session):
            subject = f"account:{principal.name}"
            append(db, stamp(now), [Entry(principal.name, "access.signed_out", subject, {})])


def end(app: App, principal: Principal, number: int, now: datetime) -> bool:
    """End one of the person's own sessions; false if there is none of that number."""
    account = accounts.named(app.store, principal.name)
    if account is None:
        return False
    with app.store.write() as db:
        ended = store.end(db, account.id, number)
        if ended:
            entry = Entry(
                principal.name, "access.session_ended", f"account:{principal.name}", {"session": number}
            )
            append(db, stamp(now), [entry])
    return ended


def own(app: App, principal: Principal, now: datetime) -> Sequence[dict[str, Any]]:
    """The person's sessions that stand, the one used last first; ``current`` marks the one that asks."""
    account = accounts.named(app.store, principal.name)
    if account is None:
        return []
    names = ("id", "how", "address", "agent", "created_at", "seen_at", "ends_at")
    return [
        {**{n: row[n] for n in names}, "current": row["id"] == principal.session}
        for row in store.of_account(app.store, account.id)
        if _stands(app, row, now)
    ]


def _idle(app: App) -> timedelta:
    return timedelta(minutes=app.settings.session_idle_minutes)


def _stands(app: App, row: Row, now: datetime) -> bool:
    return stamp(now) < row["ends_at"] and now - datetime.fromisoformat(row["seen_at"]) < _idle(app)
