"""Accounts: made, changed, disabled. Whatever changes what an account may do ends its sessions in the same write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from dabiao.domain.access import EVERYTHING, Account, Role, Scope
from dabiao.errors import AccessRefused, UnknownName
from dabiao.services.access import lockout, passwords
from dabiao.services.app import App, stamp
from dabiao.store import accounts as store
from dabiao.store import declared, sessions
from dabiao.store.audit import Entry, append

_NAME = re.compile(r"[\w][\w.@+-]{0,63}")


def canonical(name: str) -> str:
    """A name as it is kept: one spelling, small letters."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def any_account(app: App) -> bool:
    """Whether anyone has an account; where nobody has, there is nobody to sign in."""
    return store.any_account(app.store)


def any_admin(app: App) -> bool:
    """Whether an enabled account manages the others."""
    return any(a.enabled and Role.ADMIN in a.roles for a in store.listed(app.store))


def known(app: App, name: str) -> Account:
    """The account of a name.

    Raises:
        UnknownName: ``account_unknown``.
    """
    found = store.named(app.store, canonical(name))
    if found is None:
        raise UnknownName("account_unknown", name=name)
    return found


def add(
    app: App, name: str, password: str, roles: Iterable[Role], scope: Scope, now: datetime, by: str
) -> Account:
    """Make an account with a password.

    Raises:
        AccessRefused: the name, the password or the roles cannot be had; an account of the name is there.
        UnknownName: ``scope_unknown``.
    """
    made = _checked(app, Account(0, canonical(name), frozenset(roles), scope))
    passwords.check(password, made.name)
    return _keep(app, made, passwords.digest(password), now, by)


def add_external(
    app: App, name: str, subject: str, roles: Iterable[Role], scope: Scope, now: datetime
) -> Account:
    """Make an account for a person whom an identity provider vouches for; it has no password here.

    Raises:
        AccessRefused: as :func:`add`.
    """
    made = _checked(app, Account(0, canonical(name), frozenset(roles), scope, external=subject))
    return _keep(app, made, None, now, made.name)


def external(app: App, subject: str) -> Account | None:
    """The account of an identity provider's subject."""
    return store.external(app.store, subject)


def _keep(app: App, made: Account, digest: str | None, now: datetime, by: str) -> Account:
    with app.store.write() as db:
        if store.named(app.store, made.name) is not None:
            raise AccessRefused("account_exists", name=made.name)
        number = store.insert(db, made, digest, stamp(now))
        _note(db, by, "account.added", made, now)
    return replace(made, id=number)


def change(
    app: App,
    name: str,
    now: datetime,
    by: str,
    *,
    roles: Iterable[Role] | None = None,
    scope: Scope | None = None,
    enabled: bool | None = None,
) -> Account:
    """Change what an account may do; its sessions end at once.

    Raises:
        UnknownName: ``account_unknown`` or ``scope_unknown``.
        AccessRefused: ``account_without_role``.
    """
    before = known(app, name)
    after = replace(
        before,
        roles=before.roles if roles is None else frozenset(roles),
        scope=before.scope if scope is None else scope,
        enabled=before.enabled if enabled is None else enabled,
    )
    if after == before:
        return before
    _checked(app, after)
    with app.store.write() as db:
        store.update(db, after, stamp(now))
        sessions.end_all(db, after.id)
        _note(db, by, "account.changed", after, now)
    return after


def set_password(
    app: App, name: str, password: str, now: datetime, by: str, *, keeping: int | None = None
) -> None:
    """Give an account a password; its sessions end at once.

    Args:
        keeping: the session that stays, where its owner asks for this.

    Raises:
        UnknownName: ``account_unknown``.
        AccessRefused: the password cannot be had; ``password_elsewhere`` where an identity provider has it.
    """
    account = known(app, name)
    if account.external is not None:
        raise AccessRefused("password_elsewhere", name=account.name)
    passwords.check(password, account.name)
    kept = passwords.digest(password)
    with app.store.write() as db:
        store.set_password(db, account.id, kept, stamp(now))
        sessions.end_all(db, account.id, but=keeping)
        append(db, stamp(now), [Entry(by, "account.password", f"account:{account.name}", {})])
    lockout.forgive(app, account.name, now)


def listed(app: App) -> list[dict[str, Any]]:
    """Every account, by name."""
    return [
        {
            "name": a.name,
            "roles": sorted(a.roles),
            "enabled": a.enabled,
            **a.scope.to_json(),
            "external": a.external is not None,
        }
        for a in store.listed(app.store)
    ]


def _checked(app: App, account: Account) -> Account:
    if not _NAME.fullmatch(account.name):
        raise AccessRefused("account_name_wrong", name=account.name)
    if not account.roles:
        raise AccessRefused("account_without_role", name=account.name)
    if account.scope != EVERYTHING:
        plans = {row["id"] for row in declared.plan_rows(app.store)}
        _in_catalogue("plan", account.scope.plans, plans)
        _in_catalogue("region", account.scope.regions, app.catalogue.regions)
        _in_catalogue("unit", account.scope.units, app.catalogue.units)
    return account


def _in_catalogue(kind: str, given: Iterable[str], there: Iterable[str]) -> None:
    if unknown := sorted(set(given) - set(there)):
        raise UnknownName("scope_unknown", kind=kind, name=", ".join(unknown))


def _note(db: Database, by: str, action: str, account: Account, now: datetime) -> None:
    details = {
        "roles": sorted(account.roles),
        "scope": account.scope.to_json(),
        "enabled": account.enabled,
        "external": account.external is not None,
    }
    append(db, stamp(now), [Entry(by, action, f"account:{account.name}", details)])
