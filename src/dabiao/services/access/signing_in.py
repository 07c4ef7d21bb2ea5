"""A name and a password become a session, or wait."""

from __future__ import annotations

from datetime import datetime

from dabiao.domain.access import Account
from dabiao.errors import AccessRefused
from dabiao.services.access import lockout, passwords, sessions
from dabiao.services.access.accounts import canonical
from dabiao.services.app import App, stamp
from dabiao.store import accounts
from dabiao.store.audit import Entry, append

UNKNOWN = "account:?"
"""Subject of a failed sign-in under a name that nobody has: what was typed is not kept, it may be a password."""


def sign_in(
    app: App,
    name: str,
    password: str,
    now: datetime,
    *,
    address: str = "",
    agent: str = "",
    instead: str | None = None,
) -> str:
    """Sign in; returns the secret for the cookie.

    Args:
        instead: the secret of the browser's session so far, which ends.

    Raises:
        AccessRefused: ``sign_in_wrong`` (no word on whether the name is one) or ``sign_in_locked`` with ``seconds``.
    """
    typed = canonical(name)
    account = proved(app, typed, password, now, address)
    _renew(app, account, password, now)
    return sessions.open_session(app, account, now, "password", address=address, agent=agent, instead=instead)


def proved(app: App, name: str, password: str, now: datetime, address: str) -> Account:
    """The account whose password this is; a wrong one counts as a failure to sign in.

    Raises:
        AccessRefused: as :func:`sign_in`.
    """
    tried = lockout.begin(app, name, address, now)
    if tried.wait:
        raise AccessRefused("sign_in_locked", seconds=tried.wait)
    account = accounts.named(app.store, name)
    kept = accounts.password(app.store, account.id) if account is not None and account.enabled else None
    if not passwords.matches(password, kept) or account is None:
        _refused(app, account, address, now, locks=tried.locks)
        raise AccessRefused("sign_in_wrong")
    lockout.take_back(app, name, address, now)
    return account


def _renew(app: App, account: Account, password: str, now: datetime) -> None:
    """A digest made with weaker parameters is made anew while the password is at hand."""
    kept = accounts.password(app.store, account.id)
    if kept is not None and passwords.outdated(kept):
        renewed = passwords.digest(password)
        with app.store.write() as db:
            accounts.set_password(db, account.id, renewed, stamp(now))


def _refused(app: App, account: Account | None, address: str, now: datetime, *, locks: bool) -> None:
    subject = UNKNOWN if account is None else f"account:{account.name}"
    entries = [Entry("?", "access.refused", subject, {"address": address[:64]})]
    if locks:
        entries.append(Entry("?", "access.locked", subject, {"address": address[:64]}))
    with app.store.write() as db:
        append(db, stamp(now), entries)
