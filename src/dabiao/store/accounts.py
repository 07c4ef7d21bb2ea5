"""Accounts: names, digests of passwords, roles, and what of the targets each is limited to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from dabiao.domain.access import Account, Role, Scope
from dabiao.store.database import Row, Store


def any_account(store: Store) -> bool:
    """Whether there is any account, enabled or not."""
    return store.row("SELECT 1 FROM accounts LIMIT 1") is not None


def named(store: Store, name: str) -> Account | None:
    """The account of a name."""
    row = store.row("SELECT * FROM accounts WHERE name = ?", [name])
    return None if row is None else account_of(row)


def external(store: Store, subject: str) -> Account | None:
    """The account that a person has by an identity provider."""
    row = store.row("SELECT * FROM accounts WHERE external = ?", [subject])
    return None if row is None else account_of(row)


def by_id(store: Store, number: int) -> Account | None:
    """The account of a number."""
    row = store.row("SELECT * FROM accounts WHERE id = ?", [number])
    return None if row is None else account_of(row)


def listed(store: Store) -> list[Account]:
    """Every account, by name."""
    return [account_of(row) for row in store.rows("SELECT * FROM accounts ORDER BY name")]


def password(store: Store, number: int) -> str | None:
    """The digest of an account's password; ``None`` where it has none."""
    row = store.row("SELECT password FROM accounts WHERE id = ?", [number])
    return None if row is None else row["password"]


def insert(db: Database, account: Account, digest: str | None, at: str) -> int:
    """Keep an account; its number is given here."""
    row = {
        "name": account.name,
        "password": digest,
        "external": account.external,
        "enabled": int(account.enabled),
        "created_at": at,
        "changed_at": at,
        **_words(account),
    }
    db.table("accounts").insert(row)
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def update(db: Database, account: Account, at: str) -> None:
    """Store an account's roles, scope and whether it is enabled."""
    db.execute(
        "UPDATE accounts SET roles = :roles, scope = :scope, enabled = :enabled, changed_at = :at WHERE id = :id",
        {**_words(account), "enabled": int(account.enabled), "at": at, "id": account.id},
    )


def set_password(db: Database, number: int, digest: str, at: str) -> None:
    """Store the digest of an account's password."""
    db.execute("UPDATE accounts SET password = ?, changed_at = ? WHERE id = ?", [digest, at, number])


def _words(account: Account) -> Mapping[str, Any]:
    return {"roles": json.dumps(sorted(account.roles)), "scope": json.dumps(account.scope.to_json())}


def account_of(row: Row) -> Account:
    """The account of a row."""
    return Account(
        id=row["id"],
        name=row["name"],
        roles=frozenset(Role(r) for r in json.loads(row["roles"])),
        scope=Scope.from_json(json.loads(row["scope"])),
        enabled=bool(row["enabled"]),
        external=row["external"],
    )
