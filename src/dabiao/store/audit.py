"""The audit table: what was done, by whom, and when. Appended to, never changed; each row is chained to the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from dabiao.domain.chain import BEGINNING, canonical, link
from dabiao.store.database import Row, Store

SYSTEM = "system"
_TOGETHER = 5000
_CHAINED = ("previous", "id", "at", "actor", "action", "subject", "details")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done.

    Attributes:
        actor: a person's name, or :data:`SYSTEM`.
        action: what was done, ``<family>.<word>``.
        subject: to what, ``<family>:<id>``.
        details: figures and words, JSON types only.
    """

    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]


def append(db: Database, at: str, entries: Iterable[Entry]) -> range:
    """Append entries. Inside a write: its lock is what keeps two writers from chaining to one row.

    Returns:
        their ids.
    """
    last = db.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    first, digest = (1, BEGINNING) if last is None else (last[0] + 1, last[1])
    rows = []
    for number, e in enumerate(entries, start=first):
        text = canonical(e.details)
        previous, digest = digest, link(digest, number, at, e.actor, e.action, e.subject, text)
        rows.append((number, at, e.actor, e.action, e.subject, text, previous, digest))
    db.conn.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return range(first, first + len(rows))


def head(store: Store) -> tuple[int, str]:
    """The number and digest of the last row; 0 and :data:`BEGINNING` where there is none."""
    row = store.row("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return (0, BEGINNING) if row is None else (row["id"], row["hash"])


def last_of(store: Store, subject: str) -> Row | None:
    """The last row about a subject."""
    return store.row("SELECT * FROM audit WHERE subject = ? ORDER BY id DESC LIMIT 1", [subject])


def rows(
    store: Store, after: int = 0, *, action: str | None = None, subject: str | None = None
) -> Iterator[Row]:
    """Rows with an id above ``after``, the oldest first, read in parts.

    Args:
        action: the beginning of the actions wanted, such as ``alert.``.
    """
    while True:
        found = store.rows(
            """SELECT * FROM audit WHERE id > :after AND (:action IS NULL OR substr(action, 1, length(:action)) = :action)
                   AND (:subject IS NULL OR subject = :subject) ORDER BY id LIMIT :most""",
            {"after": after, "action": action, "subject": subject, "most": _TOGETHER},
        )
        yield from found
        if len(found) < _TOGETHER:
            return
        after = found[-1]["id"]


def subjects(store: Store, kind: str, action: str, actor: str) -> list[str]:
    """What of a kind somebody did something with, such as the imports that an account brought; found by the index of subjects."""
    found = store.rows(
        """SELECT DISTINCT subject FROM audit WHERE subject > :kind || ':' AND subject < :kind || ';'
               AND action = :action AND actor = :actor""",
        {"kind": kind, "action": action, "actor": actor},
    )
    return [r["subject"] for r in found]


def read(store: Store, action: str) -> Iterator[tuple[Row, Mapping[str, Any]]]:
    """Rows of a family of actions with their details, the oldest first."""
    for row in rows(store, action=action):
        yield row, json.loads(row["details"])


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the chain does not hold: ``missing``, ``changed`` or ``unlinked``."""

    row: int
    why: str


def check(store: Store, start: int = 1, anchor: str | None = None) -> tuple[int, Broken | None]:
    """Follow the chain from a row to its end.

    Args:
        start: the first row that is checked against its own digest; those before it are trusted.
        anchor: the digest that row ``start`` is known to have had.

    Returns:
        how many rows hold, and the first that does not.
    """
    held = 0
    previous: str | None = BEGINNING if start == 1 else None
    for row in rows(store, start - 1):
        number = start + held
        if row["id"] != number:
            return held, Broken(number, "missing")
        if previous is not None and row["previous"] != previous:
            return held, Broken(number, "unlinked")
        digest = link(*(row[name] for name in _CHAINED))
        if digest != row["hash"] or (held == 0 and anchor is not None and row["hash"] != anchor):
            return held, Broken(number, "changed")
        previous = row["hash"]
        held += 1
    if held == 0:
        return 0, Broken(start, "missing")
    return held, None
