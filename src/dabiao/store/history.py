"""What the store has of some series, as the checks of a file read it, and what is flagged of a series."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from dabiao.store.database import Row, Store


def series_ids(db: Database, keys: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    """The ids of those series, by region, indicator and basis, that the store has."""
    rows = db.execute(
        """SELECT s.id, s.region, s.indicator, s.basis FROM json_each(?) k JOIN series s
           ON s.region = k.value ->> 0 AND s.indicator = k.value ->> 1 AND s.basis = k.value ->> 2""",
        [json.dumps(keys)],
    )
    return {(r["region"], r["indicator"], r["basis"]): r["id"] for r in rows}


def standing_numbers(
    db: Database, spans: Sequence[tuple[int, int, int]]
) -> list[tuple[int, int, float, int, int]]:
    """Every number that stands in some spans (series id, codes of the first and last period).

    Each is series, period code, value, decimals as stored, rank by precedence (smaller first).
    Rows are in the order of series and period; bounds ("98%以上") and missing values are no numbers.
    """
    rows = db.execute(
        """SELECT o.series_id, o.period, CAST(o.value AS REAL),
                  CASE instr(o.value, '.') WHEN 0 THEN 0 ELSE length(o.value) - instr(o.value, '.') END,
                  (CASE p.tier WHEN 'official' THEN 0 WHEN 'press' THEN 8 ELSE 16 END
                   + CASE p.state WHEN 'final' THEN 0 WHEN 'flash' THEN 1 ELSE 2 END) * 10000000
                  - CAST(ifnull(julianday(p.published), 0) AS INTEGER)
           FROM json_each(?) j CROSS JOIN observations o ON o.series_id = j.value ->> 0
               AND o.period BETWEEN j.value ->> 1 AND j.value ->> 2
           CROSS JOIN provenances p ON p.id = o.provenance_id
           WHERE o.value IS NOT NULL AND p.qualifier IS NULL
             AND NOT EXISTS (SELECT 1 FROM observations n WHERE n.supersedes = o.id)
           ORDER BY o.series_id, o.period, o.id""",
        [json.dumps(spans)],
    ).fetchall()
    return [tuple(r) for r in rows]


def set_flag(
    db: Database, series: int, code: str, params: dict[str, Any] | None, at: str, import_id: int | None
) -> None:
    """Raise, renew or (``params`` is ``None``) lower a flag of a series. Inside a write. One that says the same stays as it is."""
    if params is None:
        db.execute("DELETE FROM series_flags WHERE series_id = ? AND code = ?", [series, code])
        return
    db.execute(
        """INSERT INTO series_flags (series_id, code, params, raised_at, import_id) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (series_id, code) DO UPDATE SET params = excluded.params, raised_at = excluded.raised_at,
               import_id = excluded.import_id WHERE params != excluded.params""",
        [series, code, json.dumps(params, sort_keys=True), at, import_id],
    )


def flags_by_series(store: Store) -> dict[tuple[str, str, str], list[str]]:
    """The codes of the flags of each series that has one, by region, indicator and basis."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for r in flags(store):
        found.setdefault((r["region"], r["indicator"], r["basis"]), []).append(r["code"])
    return found


def flags(store: Store, region: str | None = None, indicator: str | None = None) -> list[Row]:
    """Every flag that is raised, with its series."""
    return store.rows(
        """SELECT f.series_id, s.region, s.indicator, s.basis, f.code, f.params, f.raised_at, f.import_id
           FROM series_flags f JOIN series s ON s.id = f.series_id
           WHERE (:region IS NULL OR s.region = :region) AND (:indicator IS NULL OR s.indicator = :indicator)
           ORDER BY s.region, s.indicator, s.basis, f.code""",
        {"region": region, "indicator": indicator},
    )
