"""Where the stored values come from: sources with their tiers."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dabiao.store import Store


class Source(NamedTuple):
    """One source by its title.

    Attributes:
        url: an address of it, empty where none is known.
        tiers: of its values, each once.
        known_on: the last day on which something of it became known, ISO.
    """

    title: str
    url: str
    tiers: tuple[str, ...]
    known_on: str


def sources_as_of(store: Store, as_of: date) -> list[Source]:
    """The sources of which something was known on a day, the latest first."""
    rows = store.rows(
        """SELECT s.title, max(s.url) AS url, group_concat(DISTINCT p.tier) AS tiers, max(p.known_on) AS known_on
           FROM provenances p JOIN sources s ON s.id = p.source_id WHERE p.known_on <= :day
           GROUP BY s.title ORDER BY known_on DESC, s.title""",
        {"day": as_of.isoformat()},
    )
    return [Source(r["title"], r["url"], tuple(r["tiers"].split(",")), r["known_on"]) for r in rows]
