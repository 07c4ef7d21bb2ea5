"""Plans under review. A decision is written for its own proposal alone, so that two people at once lose nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dabiao.store.database import Row, Store


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A plan under review as stored; ``proposals`` carry their ``decision`` and ``edits``."""

    id: str
    created_at: str
    head: Mapping[str, Any]
    text: str
    sha256: str
    proposals: Sequence[Mapping[str, Any]]
    updated_at: str


def add(store: Store, row: ReviewRow) -> None:
    """Keep a new review."""
    with store.write() as db:
        db.table("plan_reviews").insert(
            {
                "id": row.id,
                "created_at": row.created_at,
                "head": json.dumps(row.head, ensure_ascii=False),
                "text": row.text,
                "sha256": row.sha256,
                "proposals": json.dumps(list(row.proposals), ensure_ascii=False),
                "updated_at": row.updated_at,
            }
        )


def find(store: Store, review_id: str) -> ReviewRow | None:
    """One review, ``None`` if there is none of that id."""
    row = store.row("SELECT * FROM plan_reviews WHERE id = ?", [review_id])
    if row is None:
        return None
    return ReviewRow(
        row["id"],
        row["created_at"],
        json.loads(row["head"]),
        row["text"],
        row["sha256"],
        json.loads(row["proposals"]),
        row["updated_at"],
    )


def listing(store: Store, limit: int = 50) -> list[Row]:
    """The reviews, the last touched first: ``id``, ``created_at``, ``updated_at``, ``head``, ``proposals``, ``decided``."""
    return store.rows(
        """SELECT id, created_at, updated_at, head, json_array_length(proposals) AS proposals,
                  (SELECT count(*) FROM json_each(plan_reviews.proposals) AS p
                   WHERE p.value ->> '$.decision' IS NOT NULL) AS decided
           FROM plan_reviews ORDER BY updated_at DESC, id LIMIT ?""",
        [limit],
    )


def decide(
    store: Store, review_id: str, index: int, decision: str | None, edits: Mapping[str, str], now: str
) -> bool:
    """Write the decision on one proposal, leaving all others as they stand. Whether there is such a proposal."""
    place = f"$[{int(index)}]"
    with store.write() as db:
        cursor = db.execute(
            """UPDATE plan_reviews SET updated_at = ?,
                   proposals = json_set(proposals, ? || '.decision', ?, ? || '.edits', json(?))
               WHERE id = ? AND ? >= 0 AND ? < json_array_length(proposals)""",
            [now, place, decision, place, json.dumps(edits, ensure_ascii=False), review_id, index, index],
        )
        return bool(cursor.rowcount == 1)


def set_head(store: Store, review_id: str, fields: Mapping[str, str], now: str) -> bool:
    """Write some fields of the plan's head, leaving the others as they stand. Whether there is such a review."""
    with store.write() as db:
        cursor = db.execute(
            "UPDATE plan_reviews SET updated_at = ?, head = json_patch(head, ?) WHERE id = ?",
            [now, json.dumps({"fields": dict(fields)}, ensure_ascii=False), review_id],
        )
        return bool(cursor.rowcount == 1)
