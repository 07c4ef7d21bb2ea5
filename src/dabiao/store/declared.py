"""Regions, indicators, plans and target versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec.json import decode

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Indicator, IndicatorType, Region, Unit
from dabiao.store.database import Row, Store, among, named


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One version of a target as stored; ``content`` is the plan file's entry, normalised."""

    target_id: str
    version: int
    plan: str
    position: int
    known_on: str
    content: Mapping[str, Any]


def file_digests(store: Store) -> dict[str, str]:
    """Declared files that were loaded: ``{name: sha256}``."""
    return {r["name"]: r["sha256"] for r in store.rows("SELECT name, sha256 FROM declared_files")}


def replace_catalogue(
    store: Store,
    *,
    regions: Iterable[Mapping[str, Any]],
    indicators: Iterable[Mapping[str, Any]],
    units: Iterable[Mapping[str, Any]],
    plans: Iterable[Mapping[str, Any]],
    targets: Iterable[tuple[str, str, int, str, Mapping[str, Any]]],
    digests: Mapping[str, str],
    now: str,
    today: date,
) -> dict[str, int]:
    """Store what the declared files say, in one transaction.

    Regions, indicators, units and plans are brought up to date in place (they are names, not judgements). A target whose content
    has changed gets a new version known from its ``since``, else from ``today``; one that is gone is withdrawn from
    ``today``; an unchanged one is left alone but for its place in the plan. A file may tell a target's history: entries
    of one id, the oldest first.

    Args:
        targets: ``(target id, plan id, position, known_on of a first version, content)``.

    Returns:
        counts ``{"added", "changed", "withdrawn", "unchanged"}`` of targets.
    """
    counts = {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 0}
    with store.write() as db:
        for table, rows in (
            ("regions", regions),
            ("indicators", indicators),
            ("units", units),
            ("plans", plans),
        ):
            db.table(table).upsert_all([dict(r) for r in rows], pk="id")
        current = {
            r["target_id"]: r
            for r in db.execute(
                """SELECT target_id, max(version) AS version, sha256, withdrawn FROM target_versions
                   GROUP BY target_id"""
            ).fetchall()
        }
        every = {
            (r["target_id"], r["sha256"])
            for r in db.execute("SELECT target_id, sha256 FROM target_versions").fetchall()
        }
        declared: dict[str, list[tuple[str, int, str, Mapping[str, Any], str, str]]] = {}
        for target_id, plan, position, known_on, content in targets:
            text = json.dumps(content, ensure_ascii=False, sort_keys=True)
            sha = hashlib.sha256(text.encode()).hexdigest()
            declared.setdefault(target_id, []).append((plan, position, known_on, content, text, sha))
        fresh: list[dict[str, Any]] = []
        for target_id, told in declared.items():
            before = current.get(target_id)
            plan, position, _, _, _, last_sha = told[-1]
            if before is not None and before["sha256"] == last_sha and not before["withdrawn"]:
                counts["unchanged"] += 1
                db.execute(
                    "UPDATE target_versions SET position = ? WHERE target_id = ? AND version = ?",
                    [position, target_id, before["version"]],
                )
                continue
            counts["added" if before is None else "changed"] += 1
            number = 0 if before is None else int(before["version"])
            for plan, position, known_on, content, text, sha in told:
                if sha != last_sha and (target_id, sha) in every:
                    continue  # an earlier version that the file still tells
                number += 1
                since = content.get("since")
                fresh.append(
                    {
                        "target_id": target_id,
                        "version": number,
                        "plan": plan,
                        "position": position,
                        "known_on": since or (known_on if number == 1 else today.isoformat()),
                        "recorded_at": now,
                        "withdrawn": 0,
                        "content": text,
                        "sha256": sha,
                    }
                )
        for target_id, before in current.items():
            if target_id not in declared and not before["withdrawn"]:
                counts["withdrawn"] += 1
                last = db.execute(
                    "SELECT * FROM target_versions WHERE target_id = ? AND version = ?",
                    [target_id, before["version"]],
                ).fetchone()
                fresh.append(
                    {
                        **dict(last),
                        "version": before["version"] + 1,
                        "known_on": today.isoformat(),
                        "recorded_at": now,
                        "withdrawn": 1,
                    }
                )
        db.table("target_versions").insert_all(fresh)
        for r in db.execute("SELECT name FROM declared_files").fetchall():
            if r["name"] not in digests:
                db.execute("DELETE FROM declared_files WHERE name = ?", [r["name"]])
        db.table("declared_files").upsert_all(
            [{"name": n, "sha256": s, "loaded_at": now} for n, s in digests.items()], pk="name"
        )
    return counts


def deadlines(store: Store, as_of: date) -> list[tuple[str, int]]:
    """Indicators and years for which a numeric target was ever declared by a day, withdrawn or corrected since or not."""
    rows = store.rows(
        """SELECT DISTINCT coalesce(json_extract(content, '$.series.indicator'), json_extract(content, '$.indicator')) AS i,
               CAST(substr(json_extract(content, '$.deadline'), 1, 4) AS INTEGER) AS year
           FROM target_versions WHERE known_on <= ? AND json_extract(content, '$.measure') = 'numeric'
               AND json_extract(content, '$.deadline') IS NOT NULL ORDER BY i, year""",
        [as_of.isoformat()],
    )
    return [(r["i"], r["year"]) for r in rows]


def _valid(names: Collection[str] | None) -> str:
    """The words of a query after its columns: the version of each target that was valid on a day and not withdrawn."""
    return f"""FROM target_versions v
        JOIN (SELECT target_id, max(version) AS version FROM target_versions WHERE known_on <= :day {among(names)}
              GROUP BY target_id) USING (target_id, version)
        WHERE v.withdrawn = 0 ORDER BY v.plan, v.position"""


def indicators_as_of(store: Store, as_of: date) -> list[tuple[str, str]]:
    """Id and deciding indicator of each target that was valid on a day, in the order of the plans' texts."""
    rows = store.rows(
        f"""SELECT v.target_id, coalesce(json_extract(content, '$.series.indicator'), json_extract(content, '$.indicator'))
                AS indicator {_valid(None)}""",
        {"day": as_of.isoformat()},
    )
    return [(r["target_id"], r["indicator"]) for r in rows]


def targets_as_of(store: Store, as_of: date, names: Collection[str] | None = None) -> list[TargetRow]:
    """The version of each target that was valid on a day, in the order of the plans' texts; withdrawn ones are left out.

    Args:
        names: only these targets; all by default.
    """
    found = store.rows(f"SELECT v.* {_valid(names)}", {"day": as_of.isoformat(), "names": named(names)})
    return [
        TargetRow(r["target_id"], r["version"], r["plan"], r["position"], r["known_on"], decode(r["content"]))
        for r in found
    ]


def is_known(store: Store, target_id: str) -> bool:
    """Whether a target of this id was ever declared, withdrawn since or not."""
    return (
        store.row("SELECT 1 AS one FROM target_versions WHERE target_id = ? LIMIT 1", (target_id,))
        is not None
    )


def plan_rows(store: Store) -> list[Row]:
    """The loaded plans."""
    return store.rows("SELECT * FROM plans ORDER BY id")


def catalogue(store: Store) -> Catalogue:
    """The regions, indicators and units that are loaded."""

    def bound(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    regions = {
        r["id"]: Region(
            r["id"],
            r["zh"],
            r["en"],
            r["short_zh"],
            r["parent"],
            r["level"],
            _words(r["members"]),
            _words(r["aliases"]),
        )
        for r in store.rows("SELECT * FROM regions ORDER BY rowid")
    }
    indicators = {
        r["id"]: Indicator(
            r["id"],
            r["zh"],
            r["en"],
            r["unit"],
            IndicatorType(r["type"]),
            r["direction"],
            (bound(r["low"]), bound(r["high"])),
            r["decimals"],
            r["frequency"],
            _words(r["aliases"]),
        )
        for r in store.rows("SELECT * FROM indicators ORDER BY rowid")
    }
    units = {
        r["id"]: Unit(r["id"], r["region"], r["zh"], r["en"], _words(r["aliases"]))
        for r in store.rows("SELECT * FROM units ORDER BY rowid")
    }
    return Catalogue(regions, indicators, units)


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    """A JSON list of words; most of tens of thousands are empty."""
    return tuple(json.loads(text))
