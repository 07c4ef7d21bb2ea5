"""Observations, their sources and the imports that brought them. Appended and superseded, never updated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from dabiao.domain.observation import Basis, Observation, Qualifier, State, Tier
from dabiao.domain.period import Period
from dabiao.store.database import Row, Store

_SELECT = """
    SELECT o.*, s.region, s.indicator, s.basis, c.title AS source, c.url AS source_url
    FROM observations o JOIN series s ON s.id = o.series_id JOIN sources c ON c.id = o.source_id
"""


def _observation(r: Row) -> Observation:
    return Observation(
        id=r["id"],
        region=r["region"],
        indicator=r["indicator"],
        period=Period.parse(r["period"]),
        value=None if r["value"] is None else Decimal(r["value"]),
        printed=r["printed"],
        unit=r["unit"],
        basis=Basis.parse(r["basis"]),
        tier=Tier(r["tier"]),
        state=State(r["state"]),
        source=r["source"],
        source_url=r["source_url"] or None,
        known_on=date.fromisoformat(r["known_on"]),
        known_rule=r["known_rule"],
        qualifier=Qualifier(r["qualifier"]) if r["qualifier"] else None,
        published=date.fromisoformat(r["published"]) if r["published"] else None,
        recorded_at=r["recorded_at"],
        note=r["note"],
    )


def known_observations(
    store: Store, as_of: date, region: str | None = None, indicator: str | None = None
) -> list[Observation]:
    """What was known on a day: rows known by then and not superseded by a row that was known by then too."""
    where, params = ["o.known_on <= :day"], {"day": as_of.isoformat()}
    if region is not None:
        where.append("s.region = :region")
        params["region"] = region
    if indicator is not None:
        where.append("s.indicator = :indicator")
        params["indicator"] = indicator
    found = store.rows(
        f"""{_SELECT} WHERE {" AND ".join(where)} AND NOT EXISTS (
                SELECT 1 FROM observations n WHERE n.supersedes = o.id AND n.known_on <= :day)
            ORDER BY o.id""",
        params,
    )
    return [_observation(r) for r in found]


def series_id(db: Database, region: str, indicator: str, basis: Basis) -> int:
    """The id of a series, made if it is new. Inside a write."""
    key = [region, indicator, str(basis)]
    db.execute("INSERT OR IGNORE INTO series (region, indicator, basis) VALUES (?, ?, ?)", key)
    return int(
        db.execute("SELECT id FROM series WHERE region = ? AND indicator = ? AND basis = ?", key).fetchone()[
            0
        ]
    )


def source_id(db: Database, title: str, url: str) -> int:
    """The id of a source, made if it is new. Inside a write."""
    db.execute("INSERT OR IGNORE INTO sources (title, url) VALUES (?, ?)", [title, url])
    return int(db.execute("SELECT id FROM sources WHERE title = ? AND url = ?", [title, url]).fetchone()[0])


def said_before(db: Database, series: int, source: int, sha256: str) -> list[Row]:
    """Everything that one source has ever said of one series; ``same_file`` where these very bytes brought it."""
    rows: list[Row] = db.execute(
        """SELECT o.id, o.period, o.state, o.value, o.printed, o.qualifier, o.tier, o.published, o.known_on, o.known_rule,
                  i.sha256 = ? AS same_file, n.id IS NOT NULL AS superseded
           FROM observations o JOIN imports i ON i.id = o.import_id LEFT JOIN observations n ON n.supersedes = o.id
           WHERE o.series_id = ? AND o.source_id = ?""",
        [sha256, series, source],
    ).fetchall()
    return rows


def append(db: Database, rows: Sequence[dict[str, Any]]) -> None:
    """Append observation rows. Inside a write."""
    db.table("observations").insert_all(rows)


def import_by_sha256(store: Store, sha256: str) -> Row | None:
    """The first import of a file with these bytes."""
    return store.row("SELECT * FROM imports WHERE sha256 = ? ORDER BY id LIMIT 1", [sha256])


def record_import(db: Database, row: dict[str, Any]) -> int:
    """Append an import's row and give its id. Inside a write."""
    db.table("imports").insert(row)
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def record_issues(db: Database, import_id: int, issues: Iterable[dict[str, Any]]) -> None:
    """Keep every refused or warned row with its cells. Inside a write."""
    db.table("issues").insert_all(
        [
            {
                **i,
                "import_id": import_id,
                "params": json.dumps(i["params"], ensure_ascii=False),
                "raw": json.dumps(i["raw"], ensure_ascii=False),
            }
            for i in issues
        ]
    )
