"""A whole copy of the store while others read and write, and the proof that a copy is whole."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from dabiao.errors import StoreUnwritable
from dabiao.store.database import Store, explained

PAGES = 2048  # copied between two looks at the progress and at a stop


def copy_store(
    store: Store, target: Path, progress: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Copy the store, as it is at this moment, into a file that is not there yet.

    The copy is made from one read transaction: what others write meanwhile is not in it, and they do not wait.

    Args:
        progress: called with pages done and pages in all.

    Returns:
        rows by table, counted in the same transaction.

    Raises:
        StoreUnwritable: the target's disk is full or read-only, or the store damaged.
    """

    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    with store.snapshot():
        counts = row_counts(store.db.conn)
        with explained(target), contextlib.closing(sqlite3.connect(target)) as copy:
            store.db.conn.backup(copy, pages=PAGES, progress=told, sleep=0)
            # One file, without a log beside it: it can be moved, hashed and opened read-only as it is.
            copy.execute("PRAGMA journal_mode = DELETE")
    return counts


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows by table; SQLite's own tables are left out."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    ).fetchall()
    return {n[0]: connection.execute(f'SELECT count(*) FROM "{n[0]}"').fetchone()[0] for n in names}


def faults(path: Path, counts: Mapping[str, int] | None = None) -> list[str]:
    """What is wrong with a store's file: SQLite's own check, references that lead nowhere, rows that are missing.

    Args:
        counts: rows by table that the file must have; not compared if not given.

    Returns:
        one line a fault, in SQLite's words; empty for a whole file.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as db:
            found = [row[0] for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            found += [
                f"foreign key: {row[0]} row {row[1]} → {row[2]}"
                for row in db.execute("PRAGMA foreign_key_check").fetchmany(20)
            ]
            if counts is not None and not found:
                there = row_counts(db)
                found += [
                    f"{name}: {there.get(name, 0)} rows, {count} expected"
                    for name, count in counts.items()
                    if there.get(name, 0) != count
                ]
            return found
    except sqlite3.DatabaseError as error:
        return [str(error)]


def quick_faults(path: Path) -> list[str]:
    """What SQLite's quick check finds: every page is read, indexes are not compared with their tables."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as db:
            return [row[0] for row in db.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def schema_of(path: Path) -> int:
    """The schema number that a file says it has.

    Raises:
        StoreUnwritable: it is no database.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise StoreUnwritable("store_damaged", path=str(path), detail=str(error)) from error
