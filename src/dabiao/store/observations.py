"""Observations, their series and sources. Appended and superseded, never updated.

A row of ``observations`` holds what is its own (series, period, value); what it shares with many others stands once in
``provenances``. The view ``observed`` shows both together, in words.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from sqlite_utils import Database

from dabiao.domain.observation import Basis, Observation, Qualifier, State, Tier
from dabiao.domain.period import Period, PeriodKind, codes_of
from dabiao.store import history
from dabiao.store.database import Row, Store

PROVENANCE = (
    "source_id", "tier", "state", "unit", "qualifier", "published", "known_on", "known_rule", "recorded_at", "import_id",
    "sheet", "note",
)  # fmt: skip
"""What rows share: the columns of ``provenances`` after its id."""

_TOGETHER = 20  # rows of one INSERT: more of them are no faster
_ALL = ("series_id", "period", "id", "value", "printed", "provenance_id", "row", "supersedes")
_PLAIN = ("series_id", "period", "id", "value", "provenance_id", "row")
_PLACES = (
    "json_each(:places) j CROSS JOIN series s ON s.region = j.value ->> 0 AND s.indicator = j.value ->> 1"
)
_SELECT = """
    SELECT o.id, o.period, o.value, o.printed, o.series_id, o.provenance_id, o.supersedes
    FROM {series} JOIN observations o ON o.series_id = s.id WHERE o.period >= :low AND o.period < :high"""

Told = tuple[int, int, int, str | None, str | None, int, int | None, int | None]
"""An observation as it is stored: series_id, period code, id, value, printed (``None`` where it is the value), provenance_id,
row, supersedes."""


def known_observations(
    store: Store,
    as_of: date,
    region: str | None = None,
    indicator: str | None = None,
    kinds: Collection[PeriodKind] | None = None,
    places: Collection[tuple[str, str]] | None = None,
) -> list[Observation]:
    """What was known on a day: rows known by then and not superseded by a row that was known by then too.

    Args:
        store: the store.
        as_of: the day.
        region, indicator: only of these; of all by default.
        kinds: only for periods of these kinds; of all by default. The days and hours of a large store are not read in
            passing where only its years are asked for.
        places: only of these regions and indicators, in pairs.
    """
    where = [_SELECT.format(series="series s" if places is None else f"{_PLACES} CROSS")]
    params: dict[str, Any] = {} if places is None else {"places": json.dumps(sorted(places))}
    if region is not None:
        where.append("s.region = :region")
        params["region"] = region
    if indicator is not None:
        where.append("s.indicator = :indicator")
        params["indicator"] = indicator
    told: list[tuple[Any, ...]] = []
    for low, high in _ranges(kinds):
        told += store.tuples(" AND ".join(where), {**params, "low": low, "high": high})
    series, shared = _series(store, {r[4] for r in told}), _provenances(store, {r[5] for r in told})
    told = [r for r in told if shared[r[5]].known_on <= as_of]
    superseded = {r[6] for r in told}  # by a row of the same series and period, which is therefore among them
    told.sort(key=itemgetter(0))
    return [
        _observation(number, period, value, printed, series[of], shared[by])
        for number, period, value, printed, of, by, _ in told
        if number not in superseded
    ]


def places_with(
    store: Store, places: Collection[tuple[str, str]], kinds: Collection[PeriodKind]
) -> set[tuple[str, str]]:
    """Those of some regions and indicators, in pairs, that have an observation of these kinds, whenever it was known."""
    found: set[tuple[str, str]] = set()
    for low, high in _ranges(kinds):
        rows = store.tuples(
            f"""SELECT s.region, s.indicator FROM {_PLACES} WHERE EXISTS (
                    SELECT 1 FROM observations o WHERE o.series_id = s.id AND o.period >= :low AND o.period < :high)""",
            {"places": json.dumps(sorted(places)), "low": low, "high": high},
        )
        found |= {(region, indicator) for region, indicator in rows}
    return found


def _ranges(kinds: Collection[PeriodKind] | None) -> list[tuple[int, int]]:
    """The period codes of some kinds, as few ranges as hold them and nothing else."""
    wanted = PeriodKind if kinds is None else kinds
    found: list[tuple[int, int]] = []
    follows = False
    for kind in sorted(PeriodKind, key=codes_of):
        low, high = codes_of(kind)
        if kind in wanted:
            found[-1:] = [(found[-1][0], high)] if follows else [*found[-1:], (low, high)]
        follows = kind in wanted
    return found


def _series(store: Store, ids: Collection[int]) -> dict[int, tuple[str, str, Basis]]:
    found = _by_id(store, "SELECT id, region, indicator, basis FROM series", ids)
    bases = {text: Basis.parse(text) for text in {r["basis"] for r in found}}
    return {r["id"]: (r["region"], r["indicator"], bases[r["basis"]]) for r in found}


class _Shared(NamedTuple):
    """What the observations of one provenance share; ``rest`` are their fields after the basis, in order."""

    known_on: date
    unit: str
    rest: tuple[Any, ...]


def _provenances(store: Store, ids: Collection[int]) -> dict[int, _Shared]:
    found = _by_id(
        store,
        """SELECT p.*, c.title, c.url FROM provenances p JOIN sources c ON c.id = p.source_id""",
        ids,
        "p.id",
    )
    return {r["id"]: _shared(r) for r in found}


def _shared(r: Row) -> _Shared:
    known_on = date.fromisoformat(r["known_on"])
    rest = (
        Tier(r["tier"]),
        State(r["state"]),
        r["title"],
        known_on,
        r["known_rule"],
        Qualifier(r["qualifier"]) if r["qualifier"] else None,
        date.fromisoformat(r["published"]) if r["published"] else None,
        r["url"] or None,
        r["recorded_at"],
        r["note"],
    )
    return _Shared(known_on, r["unit"], rest)


def _by_id(store: Store, select: str, ids: Collection[int], key: str = "id") -> list[Row]:
    """Rows by their ids, however many those are."""
    return store.rows(f"{select} WHERE {key} IN (SELECT value FROM json_each(?))", [json.dumps(sorted(ids))])


def _observation(
    number: int,
    period: int,
    value: str | None,
    printed: str | None,
    series: tuple[str, str, Basis],
    shared: _Shared,
) -> Observation:
    region, indicator, basis = series
    amount = None if value is None else Decimal(value)
    said = value if printed is None else printed
    own = (number, region, indicator, Period.from_code(period), amount, said, shared.unit, basis)
    # A hundred thousand of them: the tuple itself is made in a third of the time that naming its fields takes.
    return tuple.__new__(Observation, own + shared.rest)


def reaches_to(store: Store) -> date | None:
    """The last day of the latest period of which there is a value; ``None`` in an empty store."""
    ends = []
    for kind in PeriodKind:
        low, high = codes_of(kind)
        row = store.row(
            """SELECT max((SELECT o.period FROM observations o WHERE o.series_id = s.id AND o.period >= :low
                   AND o.period < :high AND o.value IS NOT NULL ORDER BY o.period DESC LIMIT 1)) AS last FROM series s""",
            {"low": low, "high": high},
        )
        if row is not None and row["last"] is not None:
            ends.append(Period.from_code(row["last"]).end)
    return max(ends, default=None)


def series_id(db: Database, region: str, indicator: str, basis: Basis) -> int:
    """The id of a series, made if it is new. Inside a write."""
    return series_ids(db, [(region, indicator, basis)])[0]


def series_ids(db: Database, keys: Sequence[tuple[str, str, Basis]]) -> list[int]:
    """The ids of some series, each made if it is new. Inside a write."""
    wanted = [(region, indicator, str(basis)) for region, indicator, basis in keys]
    db.conn.executemany("INSERT OR IGNORE INTO series (region, indicator, basis) VALUES (?, ?, ?)", wanted)
    found = history.series_ids(db, wanted)
    return [found[key] for key in wanted]


def source_id(db: Database, title: str, url: str) -> int:
    """The id of a source, made if it is new. Inside a write."""
    db.execute("INSERT OR IGNORE INTO sources (title, url) VALUES (?, ?)", [title, url])
    return int(db.execute("SELECT id FROM sources WHERE title = ? AND url = ?", [title, url]).fetchone()[0])


def said_before(db: Database, spans: Sequence[tuple[int, int, int]]) -> list[Row]:
    """Everything that was ever said of some series, by series, period and id.

    Args:
        db: the connection.
        spans: series id, and the codes of the first and last period.
    """
    rows: list[Row] = db.execute(
        """SELECT o.series_id, o.period, o.id, o.value, o.printed, o.provenance_id, n.id IS NOT NULL AS superseded
           FROM json_each(?) j CROSS JOIN observations o ON o.series_id = j.value ->> 0
               AND o.period BETWEEN j.value ->> 1 AND j.value ->> 2
           LEFT JOIN observations n ON n.supersedes = o.id
           ORDER BY o.series_id, o.period, o.id""",
        [json.dumps(spans)],
    ).fetchall()
    return rows


def provenances_of(db: Database, ids: Collection[int], sha256: str) -> list[Row]:
    """Some provenances; ``same_file`` where the very bytes of a file brought them."""
    rows: list[Row] = db.execute(
        """SELECT p.*, i.sha256 = ? AS same_file FROM provenances p JOIN imports i ON i.id = p.import_id
           WHERE p.id IN (SELECT value FROM json_each(?))""",
        [sha256, json.dumps(sorted(ids))],
    ).fetchall()
    return rows


def next_id(db: Database) -> int:
    """The id of the next observation. Inside a write."""
    return int(db.execute("SELECT last + 1 FROM id_counters WHERE name = 'observations'").fetchone()[0])


def record_provenances(db: Database, rows: Iterable[dict[str, Any]]) -> list[int]:
    """Append what rows share, the columns of :data:`PROVENANCE`, and give the ids. Inside a write."""
    first = int(db.execute("SELECT ifnull(max(id), 0) + 1 FROM provenances").fetchone()[0])
    values = [(number, *(row.get(c) for c in PROVENANCE)) for number, row in enumerate(rows, first)]
    db.conn.executemany(
        f"INSERT INTO provenances (id, {', '.join(PROVENANCE)}) VALUES (?{', ?' * len(PROVENANCE)})", values
    )
    return list(range(first, first + len(values)))


def append_told(db: Database, rows: Sequence[Told]) -> None:
    """Append observations with ids of their own; fastest by series and period. Inside a write."""
    if not rows:
        return
    plain = all(row[4] is None and row[7] is None for row in rows)
    kept = (0, 1, 2, 3, 5, 6) if plain else range(8)
    append_columns(db, [[row[i] for row in rows] for i in kept])


def append_columns(db: Database, columns: Sequence[Sequence[Any]]) -> None:
    """As :func:`append_told`, column by column. Six of them say that no row prints another text than its value or supersedes.

    Many rows in one statement, and no column that is empty throughout: both save a third of the time.
    """
    width, size = len(columns), len(columns[0])
    names = _PLAIN if width == len(_PLAIN) else _ALL
    table = np.empty((size, width), object)
    for at, column in enumerate(columns):
        table[:, at] = column
    flat = table.ravel().tolist()
    insert = f"INSERT INTO observations ({', '.join(names)}) VALUES "
    one = f"({', '.join('?' * width)})"
    step = _TOGETHER * width
    whole = len(flat) - len(flat) % step
    db.conn.executemany(
        insert + ", ".join([one] * _TOGETHER), (flat[i : i + step] for i in range(0, whole, step))
    )
    db.conn.executemany(insert + one, (flat[i : i + width] for i in range(whole, len(flat), width)))
    last = max(columns[names.index("id")])
    db.execute("UPDATE id_counters SET last = max(last, ?) WHERE name = 'observations'", [last])


def append(db: Database, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Append observations given whole and give their ids. Inside a write.

    Args:
        db: the connection of :meth:`Store.write`.
        rows: each with ``series_id, period`` (its spelling), ``value, printed, supersedes``, the columns of
            :data:`PROVENANCE`, ``row``, and perhaps an ``id``.
    """
    known: dict[tuple[Any, ...], int] = {}
    for row in rows:
        known.setdefault(tuple(row.get(c) for c in PROVENANCE), len(known))
    shared = record_provenances(db, [dict(zip(PROVENANCE, key, strict=True)) for key in known])
    free = next_id(db)
    told: list[Told] = []
    for number, row in enumerate(rows):
        value, printed = row["value"], row["printed"]
        told.append(
            (
                row["series_id"],
                Period.parse(row["period"]).code,
                row.get("id", free + number),
                value,
                None if printed == value else printed,
                shared[known[tuple(row.get(c) for c in PROVENANCE)]],
                row.get("row"),
                row.get("supersedes"),
            )
        )
    append_told(db, told)
    return [t[2] for t in told]
