"""One statement of a figure, by a file or in the store, and what makes two of them one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dabiao.ingest.bulk.values import Manner
from dabiao.store.database import Row


@dataclass(slots=True)
class Statement:
    """One statement of a figure: of the store, or of the file before the one at hand."""

    id: int
    number: Decimal | None
    printed: str
    qualifier: str | None
    tier: str
    published: str | None
    known_on: str
    known_rule: str
    same_file: bool
    superseded: bool

    def equals(self, other: Statement) -> bool:
        if (self.number is None) != (other.number is None):
            return False
        same = self.printed == other.printed if other.number is None else self.number == other.number
        return same and self.qualifier == other.qualifier and self.tier == other.tier


def stands_for(said: Statement, mine: Statement) -> bool:
    """Whether an equal statement of the store is this one: it stands, or was published the same day, or came with these bytes.

    A value that stood undated and comes again with its publication date is no repetition: it moves to that day.
    """
    if said.same_file:
        return True
    if mine.published is not None and said.known_rule != "published":
        return False
    return not said.superseded or (mine.published is not None and said.published == mine.published)


def of_file(manner: Manner, number: Decimal | None, printed: str, id_: int) -> Statement:
    """What a value of a file states; ``id_`` below zero, for it is no row yet."""
    return Statement(
        id_,
        number,
        printed,
        str(manner.qualifier) if manner.qualifier else None,
        str(manner.tier),
        manner.published.isoformat() if manner.published else None,
        manner.known_on.isoformat(),
        manner.known_rule,
        same_file=False,
        superseded=False,
    )


def of_store(p: Row, number: Decimal | None, printed: str, id_: int, *, superseded: bool) -> Statement:
    """What a row of the store states. ``p``: of :func:`dabiao.store.observations.provenances_of`."""
    return Statement(
        id_,
        number,
        printed,
        p["qualifier"],
        p["tier"],
        p["published"],
        p["known_on"],
        p["known_rule"],
        bool(p["same_file"]),
        superseded,
    )
