"""The track record as stored: the cases of one part are replaced together, with what they were made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date

from dabiao.domain.period import PeriodKind, codes_of
from dabiao.domain.track_record import Asked, Case, Mode, Part
from dabiao.store.database import Row, Store

_FIELDS = tuple(f.name for f in fields(Case))
FILTERS = ("mode", "asked", "indicator", "region", "lead", "target_id")


def state(store: Store) -> dict[Part, Row]:
    """What each part's cases were made from, and when."""
    return {Part(r["part"]): r for r in store.rows("SELECT * FROM track_record_state")}


def inputs(store: Store) -> Row:
    """What the cases hang on in the store, as numbers that change whenever it does."""
    found = store.row(
        """SELECT (SELECT last FROM id_counters WHERE name = 'observations') AS observations,
               (SELECT count(*) FROM target_versions) AS targets,
               (SELECT ifnull(max(loaded_at), '') FROM declared_files) AS declared,
               (SELECT ifnull(max(id), 0) FROM assessments) AS assessments,
               (SELECT ifnull(max(id), 0) FROM decision_events) AS decisions"""
    )
    assert found is not None
    return found


def annual_series(store: Store) -> int:
    """How many annual series there are, at most as many as a question can be put to."""
    low, high = codes_of(PeriodKind.YEAR)
    found = store.row(
        "SELECT count(DISTINCT series_id) AS n FROM observations WHERE period >= ? AND period < ?",
        [low, high],
    )
    return int(found["n"]) if found else 0


def replace(
    store: Store, part: Part, cases: Iterable[Case], digest: str, *, as_of: date, now: str, program: str
) -> int:
    """Put these cases in the place of the part's earlier ones, one transaction. Returns how many they are."""
    rows = [_row(c) for c in cases]
    marks = ", ".join("?" for _ in _FIELDS)
    which = "=" if part is Part.TARGETS else "<>"
    with store.write() as db:
        db.execute(f"DELETE FROM track_record WHERE asked {which} ?", [Asked.DECLARED])
        db.conn.executemany(f"INSERT INTO track_record ({', '.join(_FIELDS)}) VALUES ({marks})", rows)
        made = {
            "part": str(part),
            "digest": digest,
            "made_at": now,
            "as_of": as_of.isoformat(),
            "program": program,
        }
        db.table("track_record_state").upsert(made, pk="part")
    return len(rows)


def cases(store: Store, until: date, filters: Mapping[str, object] | None = None) -> list[Case]:
    """The cases whose outcome was known on a day, by origin.

    Args:
        until: the day.
        filters: of :data:`FILTERS`, the value that each must have; ``None`` lets everything pass.
    """
    asked = {name: value for name, value in (filters or {}).items() if value is not None}
    where = "".join(f" AND {name} = :{name}" for name in FILTERS if name in asked)
    found = store.rows(
        f"SELECT * FROM track_record WHERE known_on <= :until{where} ORDER BY origin, id",
        {**asked, "until": until.isoformat()},
    )
    return [_case(r) for r in found]


def standing_on(store: Store, day: date, targets: Sequence[str]) -> dict[str, Row]:
    """The stored assessment that stood on a day for each target, where it gave a probability and was made by then."""
    found = store.rows(
        """SELECT * FROM assessments WHERE attainment IS NOT NULL AND id IN (SELECT max(id) FROM assessments
               WHERE as_of <= :day AND date(made_at) <= date(:day, '+1 day')
                   AND target_id IN (SELECT value FROM json_each(:targets)) GROUP BY target_id)""",
        {"day": day.isoformat(), "targets": json.dumps(targets)},
    )
    return {r["target_id"]: r for r in found}


def _row(c: Case) -> tuple[object, ...]:
    return tuple(_stored(getattr(c, name)) for name in _FIELDS)


def _stored(value: object) -> object:
    if isinstance(value, Mapping):
        return json.dumps(dict(value), sort_keys=True)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _case(r: Row) -> Case:
    read = {
        "mode": Mode(r["mode"]),
        "asked": Asked(r["asked"]),
        "origin": date.fromisoformat(r["origin"]),
        "known_on": date.fromisoformat(r["known_on"]),
        "met": bool(r["met"]),
        "provisional": bool(r["provisional"]),
        "rules": json.loads(r["rules"]),
    }
    return Case(**{name: read.get(name, r[name]) for name in _FIELDS})
