"""API tokens: a secret for a program, which acts for an account with some of its rights and for some time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from dabiao.domain.access import Principal, Right
from dabiao.errors import AccessRefused, UnknownName
from dabiao.services.access.accounts import known
from dabiao.services.access.sessions import digest
from dabiao.services.app import App, stamp
from dabiao.store import accounts
from dabiao.store import tokens as store
from dabiao.store.audit import Entry, append

PREFIX = "dbt_"
"""With it a token is known as one where it should not be: in a file, in a log."""

LONGEST_DAYS = 730


def add(
    app: App, name: str, label: str, rights: Iterable[Right], days: int, now: datetime, by: str
) -> tuple[int, str]:
    """Make a token of an account.

    Returns:
        its number, and its secret, which is shown once and not kept.

    Raises:
        UnknownName: ``account_unknown``.
        AccessRefused: ``token_days_wrong``.
    """
    account = known(app, name)
    if not 1 <= days <= LONGEST_DAYS:
        raise AccessRefused("token_days_wrong", days=days, most=LONGEST_DAYS)
    secret = PREFIX + secrets.token_urlsafe(32)
    words = sorted(rights)
    row = {
        "digest": digest(secret),
        "account_id": account.id,
        "label": label.strip()[:100],
        "rights": json.dumps(words),
        "created_at": stamp(now),
        "ends_at": stamp(now + timedelta(days=days)),
    }
    with app.store.write() as db:
        number = store.insert(db, row)
        details = {"account": account.name, "rights": words, "ends_at": row["ends_at"], "label": row["label"]}
        append(db, stamp(now), [Entry(by, "token.added", f"token:{number}", details)])
    return number, secret


def authenticate(app: App, secret: str, now: datetime) -> Principal | None:
    """On whose behalf a token speaks; ``None`` if it is unknown, over or revoked, or its account is disabled."""
    if not secret.startswith(PREFIX):
        return None
    row = store.find(app.store, digest(secret))
    if row is None or not row["enabled"] or row["revoked_at"] is not None or row["ends_at"] <= stamp(now):
        return None
    account = accounts.account_of(row)
    rights = frozenset(Right(r) for r in json.loads(row["rights"]))
    return Principal(account.name, account.roles, account.scope, limited_to=rights)


def revoke(app: App, number: int, now: datetime, by: str) -> None:
    """Revoke a token, at once.

    Raises:
        UnknownName: ``token_unknown``, also for one that was revoked before.
    """
    with app.store.write() as db:
        if store.revoke(db, number, stamp(now)) is None:
            raise UnknownName("token_unknown", name=number)
        append(db, stamp(now), [Entry(by, "token.revoked", f"token:{number}", {})])


def listed(app: App, now: datetime) -> list[dict[str, Any]]:
    """Every token, the newest first: whose, for what, until when, and whether it still stands."""
    return [
        {
            **{n: row[n] for n in ("id", "account", "label", "created_at", "ends_at", "revoked_at")},
            "rights": json.loads(row["rights"]),
            "stands": row["revoked_at"] is None and row["ends_at"] > stamp(now),
        }
        for row in store.listed(app.store)
    ]
