"""What corrections find in the store and leave in it: the statement that stands, and which of them are corrections."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from dabiao.store.database import Row, Store


def standing(
    store: Store, region: str, indicator: str, period: int, source: str, basis: str | None, state: str | None
) -> list[Row]:
    """What stands of one source on one figure, with the correction (id, digest, what it corrected) that it may be."""
    return store.rows(
        """SELECT o.id, o.series_id, o.period, o.value, ifnull(o.printed, o.value) AS printed, s.basis, o.row, p.source_id,
                  p.tier, p.state, p.unit, p.published, p.known_on, p.recorded_at, p.sheet,
                  k.id AS correction, k.digest, ifnull(b.printed, b.value) AS corrected_printed, k.corrected_id
           FROM series s JOIN observations o ON o.series_id = s.id JOIN provenances p ON p.id = o.provenance_id
           JOIN sources c ON c.id = p.source_id
           LEFT JOIN corrections k ON k.observation_id = o.id
           LEFT JOIN observations b ON b.series_id = o.series_id AND b.period = o.period AND b.id = k.corrected_id
           WHERE s.region = :region AND s.indicator = :indicator AND o.period = :period AND c.title = :source
             AND (:basis IS NULL OR s.basis = :basis) AND (:state IS NULL OR p.state = :state)
             AND NOT EXISTS (SELECT 1 FROM observations n WHERE n.supersedes = o.id)""",
        {
            "region": region,
            "indicator": indicator,
            "period": period,
            "source": source,
            "basis": basis,
            "state": state,
        },
    )


def record(db: Database, row: dict[str, Any]) -> None:
    """Say that an observation is a correction. Inside a write."""
    db.table("corrections").insert(row)
