"""What is derived: the series it is derived from, how each value was made, and how far each input has been taken in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlite_utils import Database

from dabiao.domain.observation import Basis
from dabiao.store.database import Row, Store


class Input(NamedTuple):
    """A series that something is derived from."""

    series_id: int
    region: str
    indicator: str
    basis: Basis


class Mark(NamedTuple):
    """How far an input has been taken in: the last provenance then, the day, and the version of the rules."""

    seen: int
    derived_on: date
    program: str


class Told(NamedTuple):
    """One statement of an input, superseded or not."""

    period: int
    id: int
    value: str | None
    provenance_id: int
    supersedes: int | None


class Moment(NamedTuple):
    """A span as evaluated by one text, as known from a day on."""

    period: str
    variant: str
    known_on: str


def inputs(store: Store, indicators: Collection[str], authorities: Collection[str]) -> list[Input]:
    """The series of some indicators whose authority is one of these, by id."""
    rows = store.rows(
        """SELECT id, region, indicator, basis FROM series WHERE indicator IN (SELECT value FROM json_each(?))
           ORDER BY id""",
        [json.dumps(sorted(indicators))],
    )
    found = (Input(r["id"], r["region"], r["indicator"], Basis.parse(r["basis"])) for r in rows)
    return [i for i in found if i.basis.authority in authorities]


def last_told(store: Store) -> int:
    """The last provenance of what was not derived here; 0 in an empty store. Each import has provenances of its own."""
    row = store.row("SELECT ifnull(max(id), 0) AS last FROM provenances WHERE known_rule != 'derived'")
    assert row is not None
    return int(row["last"])


def became_known(store: Store, mark: Mark, today: date) -> bool:
    """Whether something that was there at a mark, published for a later day, has become known since."""
    row = store.row(
        "SELECT 1 FROM provenances WHERE id <= ? AND known_on > ? AND known_on <= ? AND known_rule != 'derived' LIMIT 1",
        [mark.seen, mark.derived_on.isoformat(), today.isoformat()],
    )
    return row is not None


def reach(store: Store, series: int, low: int, high: int, after: int = 0) -> tuple[int, int] | None:
    """The first and last period code in ``low`` … ``high - 1`` of the rows of a series that came in after a provenance."""
    row = store.row(
        """SELECT min(period), max(period) FROM observations
           WHERE series_id = ? AND period >= ? AND period < ? AND provenance_id > ?""",
        [series, low, high, after],
    )
    assert row is not None
    return None if row[0] is None else (int(row[0]), int(row[1]))


def told(store: Store, series: int, low: int, high: int) -> list[tuple[Any, ...]]:
    """Every statement of a series on the periods of codes ``low`` … ``high - 1``, as plain tuples of :class:`Told`, by period
    and id.
    """
    cursor = store.db.conn.cursor()
    cursor.row_factory = None  # half a million rows: plain tuples are much faster
    found: list[tuple[Any, ...]] = cursor.execute(
        """SELECT period, id, value, provenance_id, supersedes FROM observations
           WHERE series_id = ? AND period >= ? AND period < ?""",
        [series, low, high],
    ).fetchall()
    return found


def provenances(store: Store, ids: Collection[int]) -> list[Row]:
    """What rows share, of these ids: ``id, tier, state, published, known_on, qualifier``."""
    return store.rows(
        """SELECT id, tier, state, published, known_on, qualifier FROM provenances
           WHERE id IN (SELECT value FROM json_each(?))""",
        [json.dumps(sorted(ids))],
    )


def mark(store: Store, series: int) -> Mark | None:
    """How far an input has been taken in; ``None`` if it never was."""
    row = store.row("SELECT * FROM derivation_marks WHERE series_id = ?", [series])
    if row is None:
        return None
    return Mark(row["seen"], date.fromisoformat(row["derived_on"]), row["program"])


def set_mark(db: Database, series: int, found: Mark) -> None:
    """Note how far an input has been taken in. Inside a write."""
    db.execute(
        "INSERT OR REPLACE INTO derivation_marks VALUES (?, ?, ?, ?)",
        [series, found.seen, found.derived_on.isoformat(), found.program],
    )


def digests(db: Database, region: str) -> dict[Moment, set[str]]:
    """What the derived values of a region rest on: the inputs' digests of the last derivations of each moment."""
    rows = db.execute(
        """SELECT d.period, d.variant, d.known_on, d.digest, max(d.id) FROM series s
           JOIN derivations d ON d.series_id = s.id
           WHERE s.region = ? GROUP BY d.series_id, d.period, d.variant, d.known_on""",
        [region],
    ).fetchall()
    found: dict[Moment, set[str]] = {}
    for r in rows:
        found.setdefault(Moment(r["period"], r["variant"], r["known_on"]), set()).add(r["digest"])
    return found


def standing(db: Database, series: Sequence[int], periods: Sequence[int]) -> list[tuple[int, int, int, str]]:
    """Rows of some series on some period codes that no row supersedes: series, period, id, known_on; by id. Inside a write."""
    rows = db.execute(
        """SELECT o.series_id, o.period, o.id, p.known_on
           FROM json_each(:series) s CROSS JOIN json_each(:periods) t
           JOIN observations o ON o.series_id = s.value AND o.period = t.value
           JOIN provenances p ON p.id = o.provenance_id
           WHERE NOT EXISTS (SELECT 1 FROM observations n WHERE n.supersedes = o.id) ORDER BY o.id""",
        {"series": json.dumps(series), "periods": json.dumps(periods)},
    ).fetchall()
    return [tuple(r) for r in rows]


def append(db: Database, rows: Iterable[dict[str, Any]]) -> None:
    """Append derivations. Inside a write."""
    db.table("derivations").insert_all(rows)


def of_observation(store: Store, observation_id: int) -> Row | None:
    """How a value was derived, with its series; ``None`` if it was not."""
    return store.row(f"{_WHOLE} WHERE d.observation_id = ? ORDER BY d.id DESC LIMIT 1", [observation_id])


def known(store: Store, as_of: date, region: str | None = None, indicator: str | None = None) -> list[Row]:
    """The derivation of each series and period that was in force on a day, by region, indicator, period."""
    return store.rows(
        f"""{_WHOLE} WHERE d.id = (
                SELECT n.id FROM derivations n WHERE n.series_id = d.series_id AND n.period = d.period
                AND n.known_on <= :day ORDER BY n.known_on DESC, n.id DESC LIMIT 1)
            AND (:region IS NULL OR s.region = :region) AND (:indicator IS NULL OR s.indicator = :indicator)
            ORDER BY s.region, s.indicator, d.period, s.basis""",
        {"day": as_of.isoformat(), "region": region, "indicator": indicator},
    )


def series(store: Store, ids: Collection[int]) -> dict[int, Input]:
    """Series by their ids."""
    rows = store.rows(
        "SELECT id, region, indicator, basis FROM series WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(ids))],
    )
    return {r["id"]: Input(r["id"], r["region"], r["indicator"], Basis.parse(r["basis"])) for r in rows}


_WHOLE = """
    SELECT d.*, s.region, s.indicator, s.basis FROM derivations d JOIN series s ON s.id = d.series_id
"""
