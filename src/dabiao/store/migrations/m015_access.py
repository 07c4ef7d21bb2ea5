"""Accounts, their sessions and tokens, and how often a sign-in failed."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m015_access(db: Database) -> None:
    """Who may come in. Of passwords, sessions and tokens only digests are kept, of failed sign-ins only digests of what was tried."""
    run(
        db,
        """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT, external TEXT UNIQUE,
            roles TEXT NOT NULL CHECK (json_valid(roles)), scope TEXT NOT NULL CHECK (json_valid(scope)),
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)), created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
            CHECK (password IS NULL OR external IS NULL)
        ) STRICT;
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, account_id INTEGER NOT NULL REFERENCES accounts (id),
            how TEXT NOT NULL CHECK (how IN ('password', 'oidc')), address TEXT NOT NULL, agent TEXT NOT NULL,
            created_at TEXT NOT NULL, seen_at TEXT NOT NULL, ends_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sessions_account ON sessions (account_id);
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, account_id INTEGER NOT NULL REFERENCES accounts (id),
            label TEXT NOT NULL, rights TEXT NOT NULL CHECK (json_valid(rights)), created_at TEXT NOT NULL,
            ends_at TEXT NOT NULL, revoked_at TEXT
        ) STRICT;
        CREATE TABLE failed_sign_ins (
            key TEXT PRIMARY KEY, count INTEGER NOT NULL, at TEXT NOT NULL, until TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX alerts_audit ON alerts (audit_id);
        """,
    )
