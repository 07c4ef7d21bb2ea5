"""A person whom an identity provider vouches for becomes a session, with the roles of the groups there."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from dabiao.domain.access import EVERYTHING, Account, Role
from dabiao.domain.group_roles import parse, roles_of
from dabiao.errors import AccessRefused
from dabiao.services.access import accounts, sessions
from dabiao.services.access.oidc import Person
from dabiao.services.app import App, stamp
from dabiao.store import sessions as stored_sessions
from dabiao.store.audit import Entry, append

_NOT_OF_A_NAME = re.compile(r"[^\w.@+-]+")


def sign_in(
    app: App, person: Person, now: datetime, *, address: str = "", agent: str = "", instead: str | None = None
) -> str:
    """Sign a person in; returns the secret for the cookie.

    The account is made at the first sign-in. Its roles are those of the groups, each time anew; what of the targets it sees is set here
    and stays. An account with a password is never taken over, whatever its name.

    Args:
        instead: the secret of the browser's session so far, which ends.

    Raises:
        AccessRefused: ``oidc_no_role``, ``oidc_disabled`` or ``oidc_name_taken``.
    """
    roles = roles_of(person.groups, parse(app.settings.oidc_roles))
    account = accounts.external(app, person.subject)
    if account is not None and not account.enabled:
        raise _refused(app, account, "oidc_disabled", now, address)
    if not roles:
        raise _refused(app, account, "oidc_no_role", now, address)
    if account is None:
        account = _made(app, person, roles, now, address)
    elif account.roles != roles:
        account = accounts.change(app, account.name, now, account.name, roles=roles)
    return sessions.open_session(app, account, now, "oidc", address=address, agent=agent, instead=instead)


def name_of(person: Person) -> str:
    """The account's name: as the provider has it, without what no name here has; else one made of its id of the person."""
    plain = _NOT_OF_A_NAME.sub("-", accounts.canonical(person.name)).strip("-.@+")[:64]
    return plain or f"oidc-{hashlib.sha256(person.subject.encode()).hexdigest()[:12]}"


def _made(app: App, person: Person, roles: frozenset[Role], now: datetime, address: str) -> Account:
    try:
        return accounts.add_external(app, name_of(person), person.subject, roles, EVERYTHING, now)
    except AccessRefused as error:
        if error.code != "account_exists":
            raise
        raise _refused(app, None, "oidc_name_taken", now, address, name=name_of(person)) from error


def _refused(
    app: App, account: Account | None, code: str, now: datetime, address: str, **params: str
) -> AccessRefused:
    """A refusal, with its row in the audit; sessions that the person still has end with it."""
    subject = "account:?" if account is None else f"account:{account.name}"
    with app.store.write() as db:
        if account is not None:
            stored_sessions.end_all(db, account.id)
        details = {"how": "oidc", "why": code, "address": address[:64]}
        append(db, stamp(now), [Entry("?", "access.refused", subject, details)])
    return AccessRefused(code, **params)
