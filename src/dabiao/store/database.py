"""Connections, transactions and the schema's age. Nothing else opens the file."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from dabiao.errors import MigrationNeeded, StoreBusy, StoreMissing, StoreTooNew, StoreUnwritable
from dabiao.store.migrations import SCHEMA_VERSION, migrations

Row = sqlite3.Row
SYNCHRONOUS = "FULL"
"""What is committed is on the disk, and outlives a power cut; with ``NORMAL`` it would outlive no more than its process."""
_CACHE, _LARGE_CACHE = -2_000, -64_000  # KiB of pages held in memory; the first is SQLite's own default


class Store:
    """One SQLite file; a connection a thread.

    Reads go through :meth:`rows` and :meth:`row`, writes through ``with store.write() as db``. A store that is older or
    newer than the program is refused at :meth:`open`; :meth:`create` makes it or brings it forward.
    """

    def __init__(self, path: Path, busy_timeout_ms: int = 5000) -> None:
        self.path = path
        self.busy_timeout_ms = busy_timeout_ms
        self._local = threading.local()

    # -- opening -----------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path, busy_timeout_ms: int = 5000) -> Store:
        """Open a store that exists and has this program's schema.

        Raises:
            StoreMissing: there is no such file.
            MigrationNeeded: it is older; the message names the command that migrates.
            StoreTooNew: a newer program wrote it.
            StoreUnwritable: not a database, or damaged.
        """
        if not path.is_file():
            raise StoreMissing("store_missing", path=str(path))
        store = cls(path, busy_timeout_ms)
        version = store.schema_version()
        if version < SCHEMA_VERSION:
            raise MigrationNeeded("migration_needed", path=str(path), found=version, needed=SCHEMA_VERSION)
        if version > SCHEMA_VERSION:
            raise StoreTooNew("store_too_new", path=str(path), found=version, needed=SCHEMA_VERSION)
        return store

    @classmethod
    def create(cls, path: Path, busy_timeout_ms: int = 5000) -> Store:
        """Open a store, making it or migrating it forward first. Safe to repeat, and by two processes at once.

        Raises:
            StoreTooNew, StoreUnwritable: as :meth:`open`.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnwritable("store_read_only", path=str(path)) from error
        store = cls(path, busy_timeout_ms)
        version = store.schema_version()
        if version > SCHEMA_VERSION:
            raise StoreTooNew("store_too_new", path=str(path), found=version, needed=SCHEMA_VERSION)
        store._switch_to_wal()
        if version < SCHEMA_VERSION:
            with store.write() as db:
                migrations.apply(db)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        return store

    def _switch_to_wal(self) -> None:
        """Switch the file to WAL. SQLite does not wait for the lock here, whatever the busy timeout: so it is asked again."""
        deadline = time.monotonic() + self.busy_timeout_ms / 1000
        while True:
            try:
                with explained(self.path):
                    self.db.execute("PRAGMA journal_mode = WAL")
                return
            except StoreBusy:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.01)

    def schema_version(self) -> int:
        with explained(self.path):
            return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    @property
    def db(self) -> Database:
        """This thread's connection."""
        found: Database | None = getattr(self._local, "db", None)
        if found is None:
            with explained(self.path):
                connection = sqlite3.connect(
                    self.path, isolation_level=None, timeout=self.busy_timeout_ms / 1000
                )
                connection.row_factory = sqlite3.Row
                connection.execute(f"PRAGMA busy_timeout = {int(self.busy_timeout_ms)}")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            found = self._local.db = Database(connection)
        return found

    def close(self) -> None:
        """Close this thread's connection."""
        found: Database | None = getattr(self._local, "db", None)
        if found is not None:
            found.close()
            self._local.db = None

    # -- reading and writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def write(self, *, large: bool = False) -> Iterator[Database]:
        """One unit of work: all of it is stored, or nothing.

        ``BEGIN IMMEDIATE`` takes the write lock at once: a deferred transaction that reads first and writes later fails
        with ``SQLITE_BUSY_SNAPSHOT`` without waiting when another process has written in between.

        Args:
            large: millions of rows, made with all that they refer to in this very unit of work: references are not looked up
                again row by row, more pages are held in memory, and the write-ahead log, which grows to the size of what is
                written, is given back afterwards (while someone reads, by the next large write or the last connection).

        Raises:
            StoreBusy: another process held the lock for longer than the timeout.
            StoreUnwritable: read-only, full or damaged.
        """
        db = self.db
        with explained(self.path), _prepared(db) if large else contextlib.nullcontext():
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if _in_transaction(db):
                    db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one state of the store, whatever others write meanwhile."""
        db = self.db
        if _in_transaction(db):
            yield
            return
        with explained(self.path):
            db.execute("BEGIN")
            try:
                yield
            finally:
                if _in_transaction(db):
                    db.execute("COMMIT")

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        with explained(self.path):
            return list(self.db.execute(sql, params).fetchall())

    def tuples(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """:meth:`rows` without names of columns: of a hundred thousand rows these are not needed."""
        with explained(self.path):
            cursor = self.db.conn.cursor()
            cursor.row_factory = None
            return cursor.execute(sql, params).fetchall()

    def row(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        with explained(self.path):
            found: Row | None = self.db.execute(sql, params).fetchone()
            return found

    def data_version(self) -> str:
        """Changes whenever anything that a page shows has changed; equal for all processes that see one state."""
        row = self.row(
            """SELECT (SELECT last FROM id_counters WHERE name = 'observations') AS o, (SELECT ifnull(max(id), 0) FROM assessments) AS a,
                      (SELECT ifnull(max(id), 0) FROM imports) AS i, (SELECT ifnull(max(id), 0) FROM reports) AS r, (SELECT count(*) FROM report_withdrawals) AS w,
                      (SELECT count(*) FROM target_versions) AS t, (SELECT ifnull(max(loaded_at), '') FROM declared_files) AS d,
                      (SELECT ifnull(max(audit_id), 0) FROM alerts) AS l,
                      (SELECT ifnull(max(id), 0) FROM decision_events) AS v"""
        )
        assert row is not None
        return "-".join(str(v) for v in tuple(row))


@contextlib.contextmanager
def _prepared(db: Database) -> Iterator[None]:
    """A connection that is about to write millions of rows, and is itself again afterwards."""
    db.execute(f"PRAGMA cache_size = {_LARGE_CACHE}")
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = {_CACHE}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def among(names: Collection[str] | None, column: str = "target_id") -> str:
    """The words of a query that asks for some names alone; empty for ``None``, which asks for all."""
    return "" if names is None else f"AND {column} IN (SELECT value FROM json_each(:names))"


def named(names: Collection[str] | None) -> str:
    """The parameter ``:names`` of :func:`among`."""
    return json.dumps(list(names or ()))


def _in_transaction(db: Database) -> bool:
    return bool(db.conn.in_transaction)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's refusals into errors that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreBusy("store_busy", path=str(path)) from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise StoreUnwritable("store_read_only", path=str(path)) from error
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise StoreUnwritable("store_disk_full", path=str(path), detail=str(error)) from error
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise StoreUnwritable("store_damaged", path=str(path), detail=str(error)) from error
        raise
    except PermissionError as error:
        raise StoreUnwritable("store_read_only", path=str(path)) from error
