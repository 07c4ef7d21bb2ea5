"""Plans under review: what was proposed and what was decided on each. No part of the register."""

from __future__ import annotations

from sqlite_utils import Database

from dabiao.store.migrations.steps import migrations, run


@migrations()
def m005_reviews(db: Database) -> None:
    """Plans under review: what was proposed and what was decided on each."""
    run(
        db,
        """
        CREATE TABLE plan_reviews (
            id TEXT PRIMARY KEY, created_at TEXT NOT NULL, head TEXT NOT NULL CHECK (json_valid(head)),
            text TEXT NOT NULL, sha256 TEXT NOT NULL, proposals TEXT NOT NULL CHECK (json_valid(proposals)),
            updated_at TEXT NOT NULL
        ) STRICT;
        """,
    )
