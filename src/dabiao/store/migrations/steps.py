"""Where each step registers itself, and how its statements run."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("dabiao")


def run(db: Database, script: str) -> None:
    """Run statements one by one: ``executescript`` would commit the migration's transaction before it is whole."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
