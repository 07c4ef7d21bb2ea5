"""Final statuses and what has happened to them. Appended, never updated."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from dabiao.domain.assessment import Status
from dabiao.domain.decision import Decision
from dabiao.store import audit
from dabiao.store.database import Row, Store, among, named


def _decision(r: Row) -> Decision:
    return Decision(
        r["target_id"],
        r["version"],
        r["target_version"],
        date.fromisoformat(r["as_of"]),
        Status(r["status"]) if r["status"] else None,
        bool(r["provisional"]),
        r["period"],
        r["value"],
        r["digest"],
        json.loads(r["evidence"]),
        r["by"],
        r["note"],
    )


def decisions_as_of(store: Store, as_of: date, names: Collection[str] | None = None) -> dict[str, Decision]:
    """The decision of each target that stood on a day; of some targets where they are given."""
    found = store.rows(
        f"""SELECT d.* FROM decisions d JOIN (SELECT target_id, max(version) AS version FROM decisions
               WHERE as_of <= :day {among(names)} GROUP BY target_id) USING (target_id, version)""",
        {"day": as_of.isoformat(), "names": named(names)},
    )
    return {r["target_id"]: _decision(r) for r in found}


def latest_decisions(store: Store, names: Collection[str] | None = None) -> dict[str, Decision]:
    """The last decision of each target; of some where they are given."""
    return decisions_as_of(store, date.max, names)


def decision_versions(store: Store, target_id: str) -> list[Decision]:
    """Every version of one target's decision, the oldest first."""
    found = store.rows("SELECT * FROM decisions WHERE target_id = ? ORDER BY version", [target_id])
    return [_decision(r) for r in found]


def last_events(store: Store, as_of: date, names: Collection[str] | None = None) -> dict[str, Row]:
    """The last event of each target by a day; of some targets where they are given."""
    found = store.rows(
        f"""SELECT * FROM decision_events WHERE id IN
               (SELECT max(id) FROM decision_events WHERE as_of <= :day {among(names)} GROUP BY target_id)""",
        {"day": as_of.isoformat(), "names": named(names)},
    )
    return {r["target_id"]: r for r in found}


def event_rows(store: Store, after: int = 0, target_id: str | None = None) -> list[Row]:
    """Events with an id above ``after``, the oldest first; of one target where it is given."""
    where = "" if target_id is None else "AND target_id = :target_id"
    return store.rows(
        f"SELECT * FROM decision_events WHERE id > :after {where} ORDER BY id",
        {"after": after, "target_id": target_id},
    )


def record(
    store: Store,
    decisions: Iterable[Decision],
    events: Iterable[Mapping[str, Any]],
    now: str,
    program: str,
) -> None:
    """Append decisions and events, one transaction."""
    rows = [
        {
            "target_id": d.target_id,
            "version": d.version,
            "target_version": d.target_version,
            "as_of": d.as_of.isoformat(),
            "status": None if d.status is None else str(d.status),
            "provisional": int(d.provisional),
            "period": d.period,
            "value": d.value,
            "digest": d.digest,
            "evidence": json.dumps(d.evidence, ensure_ascii=False, sort_keys=True),
            "by": d.by,
            "note": d.note,
            "recorded_at": now,
            "program": program,
        }
        for d in decisions
    ]
    happened = [{**e, "recorded_at": now} for e in events]
    if not rows and not happened:
        return
    with store.write() as db:
        db.table("decisions").insert_all(rows)
        db.table("decision_events").insert_all(happened)
        audit.append(db, now, [_entry(e) for e in happened])


_TOLD = ("version", "why", "as_of", "period", "from_status", "to_status", "from_value", "to_value", "note")


def _entry(event: Mapping[str, Any]) -> audit.Entry:
    details = {name: event[name] for name in _TOLD}
    subject = f"target:{event['target_id']}"
    return audit.Entry(event["by"] or audit.SYSTEM, f"decision.{event['event']}", subject, details)
