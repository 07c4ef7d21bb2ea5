"""Alerts as stored: the rows that their events in the audit table make, and what the daily look at the targets reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlite_utils import Database

from dabiao.domain.alert import FIELDS, Alert, Cause, Event, Kind, evolve
from dabiao.domain.chain import canonical
from dabiao.store.audit import Entry, append
from dabiao.store.database import Row, Store

_STANDING = "state IN ('pending', 'open')"
_JSON = ("lead_units", "evidence", "params")
_COLUMNS = (*FIELDS, "audit_id")
_UPSERT = f"""INSERT INTO alerts ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in _COLUMNS if c != "id")}"""

Mine = tuple[dict[Cause, Alert], dict[Cause, Alert]]
"""Of one key: the alerts that stand, and the last closed one, by cause."""


def alert_of(row: Row) -> Alert:
    """A stored alert."""
    values = {name: row[name] for name in FIELDS if name != "id"}
    for name in _JSON:
        values[name] = json.loads(values[name])
    return evolve(None, row["id"], values)


def by_id(store: Store, number: int) -> Alert | None:
    """One alert, whatever its state."""
    row = store.row("SELECT * FROM alerts WHERE id = ?", [number])
    return None if row is None else alert_of(row)


def listed(store: Store, *, everything: bool = False, target_id: str | None = None) -> list[Alert]:
    """Alerts, the newest first: those that stand, or every one that was ever raised."""
    where = "TRUE" if everything else _STANDING
    found = store.rows(
        f"SELECT * FROM alerts WHERE {where} AND (:target IS NULL OR target_id = :target) ORDER BY id DESC",
        {"target": target_id},
    )
    return [alert_of(r) for r in found]


def every(store: Store) -> list[Alert]:
    """Every alert, dropped ones too, the oldest first."""
    return [alert_of(r) for r in store.rows("SELECT * FROM alerts ORDER BY id")]


def standing_and_last(store: Store, kind: Kind) -> dict[str, Mine]:
    """Of each key of a kind, the alerts that stand and the last closed one of each cause."""
    found: dict[str, Mine] = defaultdict(lambda: ({}, {}))
    rows = store.rows(
        f"""SELECT * FROM alerts WHERE kind = :kind AND ({_STANDING} OR id IN
                (SELECT max(id) FROM alerts WHERE NOT {_STANDING} AND state <> 'dropped' GROUP BY key, cause))""",
        {"kind": str(kind)},
    )
    for row in rows:
        alert = alert_of(row)
        found[alert.key][alert.cleared_at is not None][alert.cause] = alert
    return dict(found)


def last_day(store: Store) -> str | None:
    """The last day of which any target's alert tells."""
    row = store.row("SELECT max(as_of) AS day FROM alerts WHERE kind = 'target'")
    return row["day"] if row else None


def happen(
    db: Database, at: str, actor: str, events: Iterable[Event], before: Mapping[int, Alert]
) -> list[Alert]:
    """Append events to the audit table and bring the alerts to what they make of them. Inside a write.

    Args:
        before: the alerts that the events are about, by id.

    Returns:
        the alerts that changed.
    """
    last = db.execute("SELECT ifnull(max(id), 0) FROM alerts").fetchone()[0]
    changed: dict[int, Alert] = {}
    entries = []
    for event in events:
        number = event.alert
        if number is None:
            last += 1
            number = last
        alert = changed.get(number) or before.get(number)
        changed[number] = evolve(alert, number, event.changes)
        entries.append((number, Entry(actor, f"alert.{event.change}", f"alert:{number}", event.changes)))
    ids = append(db, at, [entry for _, entry in entries])
    audit = {number: row for row, (number, _) in zip(ids, entries, strict=True)}
    # One that closes goes before one that takes its place: of a cause and key one stands at a time.
    ordered = sorted(changed.values(), key=lambda a: (a.cleared_at is None, a.id))
    db.conn.executemany(_UPSERT, [_cells(a, audit[a.id]) for a in ordered])
    return list(changed.values())


_VALUES = attrgetter(*FIELDS)
_WRITTEN: Mapping[int, Callable[[Any], str]] = {
    **{FIELDS.index(name): str for name in ("kind", "cause", "state")},
    **{FIELDS.index(name): canonical for name in _JSON},
}


def _cells(alert: Alert, audit_id: int) -> tuple[Any, ...]:
    cells = [*_VALUES(alert), audit_id]
    for place, written in _WRITTEN.items():
        cells[place] = written(cells[place])
    return tuple(cells)


# -- what the daily look reads ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Last:
    """The last assessment of a target: of the latest day, and of that day the one stored last.

    Attributes:
        place: sorts a target's assessments.
        reopened: the status that contradicts a frozen decision; ``None`` where none does.
    """

    id: int
    status: str
    place: str
    reopened: str | None


def last_assessments(store: Store, day: date) -> dict[str, Last]:
    """The last assessment of each target by a day. Read from an index alone: with their content they are many pages."""
    reopened = dict(
        tuple(r)
        for r in store.rows(
            """SELECT id, json_extract(content, '$.reopened[1]') FROM assessments WHERE instr(content, '"reopened": [')"""
        )
    )
    rows = store.rows(
        """SELECT target_id, status, id, max(as_of || printf('#%012d', id)) AS place
           FROM assessments WHERE as_of <= ? GROUP BY target_id""",
        [day.isoformat()],
    )
    return {r[0]: Last(r[2], r[1], r[3], reopened.get(r[2])) for r in rows}


def assessments_of(store: Store, ids: Iterable[int]) -> dict[str, Row]:
    """What alerts say of some assessments, by target."""
    found = store.rows(
        """SELECT id, target_id, target_version, provisional, attainment FROM assessments
           WHERE id IN (SELECT value FROM json_each(?))""",
        [json.dumps(list(ids))],
    )
    return {r["target_id"]: r for r in found}


def before_these(store: Store, places: Mapping[str, tuple[str, str]]) -> dict[str, Row]:
    """The last assessment of another status before a given one, by target; left out where there is none.

    Args:
        places: of each target, the ``place`` of its assessment and its status.
    """
    asked = [[target, place, status] for target, (place, status) in places.items()]
    found = store.rows(
        """SELECT a.target_id, a.target_version, a.status, a.as_of, a.attainment,
               max(a.as_of || printf('#%012d', a.id)) AS place
           FROM json_each(?) q JOIN assessments a ON a.target_id = q.value ->> 0
           WHERE a.as_of || printf('#%012d', a.id) < q.value ->> 1 AND a.status <> q.value ->> 2
           GROUP BY a.target_id""",
        [json.dumps(asked)],
    )
    return {r["target_id"]: r for r in found}


@dataclass(frozen=True, slots=True)
class Head:
    """What an alert says of a target."""

    deadline: str | None
    lead_units: tuple[str, ...]


def heads(store: Store, day: date, targets: Sequence[str]) -> dict[str, Head]:
    """Those of some targets that were declared and not withdrawn on a day."""
    found = store.rows(
        """SELECT v.target_id, json_extract(v.content, '$.deadline') AS deadline,
               json_extract(v.content, '$.lead_units') AS lead_units
           FROM target_versions v JOIN
               (SELECT v.target_id, max(v.version) AS version FROM json_each(:asked) q
                JOIN target_versions v ON v.target_id = q.value WHERE v.known_on <= :day GROUP BY v.target_id)
               USING (target_id, version)
           WHERE v.withdrawn = 0""",
        {"day": day.isoformat(), "asked": json.dumps(list(targets))},
    )
    return {r["target_id"]: Head(r["deadline"], tuple(json.loads(r["lead_units"] or "[]"))) for r in found}
