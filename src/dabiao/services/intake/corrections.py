"""Reviewed corrections applied to the store: each supersedes one value of one source from its own day on.

A correction is applied only while the source's value reads as it expects. Where the source has changed meanwhile, it is
not applied and says so; where the source now says what the correction says, it is settled and can go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from dabiao import i18n
from dabiao.domain.issue import Issue
from dabiao.domain.period import Period
from dabiao.errors import CorrectionRefused
from dabiao.ingest.corrections import Correction, Declared, read_corrections
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.services.files import keep_raw
from dabiao.store import corrections as store
from dabiao.store import imports
from dabiao.store import observations as table
from dabiao.store.database import Row

WITHDRAWN = "撤回"
"""What stands in place of a withdrawn value, as a missing one's word."""


class CorrectionState(StrEnum):
    """How a correction stands to what the store has."""

    PENDING = "pending"  # the value reads as expected: it will be applied
    APPLIED = "applied"
    SETTLED = "settled"  # the source itself says so by now
    NOT_YET = "not_yet"  # its day has not come
    NOT_FOUND = "not_found"  # the source has no value for the period
    SEVERAL = "several"  # it has more than one
    SOURCE_CHANGED = "source_changed"  # the guard: the value is not the one that was reviewed
    NAME_UNKNOWN = "name_unknown"
    OUT_OF_BOUNDS = "out_of_bounds"


FAILED = (
    CorrectionState.SEVERAL,
    CorrectionState.SOURCE_CHANGED,
    CorrectionState.NAME_UNKNOWN,
    CorrectionState.OUT_OF_BOUNDS,
)
"""States that a person has to look at."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A correction, its state, the statement that it is about, and what that reads."""

    declared: Declared
    state: CorrectionState
    row: Row | None = None
    found: str = ""

    def to_json(self, lang: str) -> dict[str, Any]:
        """One row of ``corrections list``."""
        c = self.declared.correction
        return {
            "id": c.id,
            "file": self.declared.path.name,
            "state": str(self.state),
            "region": c.region,
            "indicator": c.indicator,
            "period": c.period,
            "source": c.source,
            "expect": c.expect,
            "found": self.found or None,
            "value": None if c.value is None else format(c.value, "f"),
            "withdraw": c.withdraw,
            "date": c.date.isoformat(),
            "reviewer": c.reviewer,
            "reason": c.reason,
            "evidence": c.evidence,
            "message": i18n.text(f"correction.{self.state}", lang, expect=c.expect, found=self.found or "–"),
        }


def files(app: App) -> list[Path]:
    """The correction files that come with the program, then those of this office, in a fixed order."""
    folders = (app.paths.data / "corrections", app.paths.home / "corrections")
    return [path for folder in folders for path in sorted(folder.glob("*.yaml"))]


def stands(app: App, today: date) -> tuple[list[Stand], list[Issue]]:
    """How every declared correction stands, and what is wrong with the files. Reads only."""
    declared, issues = read_corrections(files(app))
    return [_stand(app, d, today) for d in declared], issues


def seen(app: App, found: Iterable[Stand]) -> list[Stand]:
    """Those of series that the reader sees; of a name that nothing has, whoever sees everything."""
    if app.scope.everything:
        return list(found)
    shown, catalogue = visible.SeriesSeen(app), app.catalogue
    return [
        s
        for s in found
        if (r := catalogue.find_region(s.declared.correction.region).found) is not None
        and (i := catalogue.find_indicator(s.declared.correction.indicator).found) is not None
        and shown(r.id, i.id)
    ]


def apply(app: App, now: datetime) -> list[Stand]:
    """Apply what is pending; the state of each correction afterwards. What is applied already is not applied again.

    A file with a fault does not hold up the others; :func:`require_sound` is there for a person who asks.
    """
    found, _ = stands(app, app.today(now))
    if not any(s.state is CorrectionState.PENDING for s in found):
        return found
    with app.store.write() as db:
        again = [
            _stand(app, s.declared, app.today(now)) for s in found
        ]  # another process may have been first
        pending = [s for s in again if s.state is CorrectionState.PENDING]
        for path, group in groupby(pending, key=lambda s: s.declared.path):
            _record(app, db, path, list(group), now)
    return [_stand(app, s.declared, app.today(now)) for s in found]


def require_sound(found: Iterable[Stand], issues: Sequence[Issue]) -> None:
    """Raise if a file has a fault or a guard has failed.

    Raises:
        CorrectionRefused: with how many of either.
    """
    failed = sum(s.state in FAILED for s in found)
    if failed or issues:
        raise CorrectionRefused("corrections_refused", faults=len(issues), failed=failed)


def after_import(app: App, now: datetime) -> list[Issue]:
    """Apply what an import has made ready; a warning for each correction whose source has changed with it."""
    issues = []
    for s in apply(app, now):
        if s.state in FAILED and s.row is not None and s.row["recorded_at"] == stamp(now):
            c = s.declared.correction
            params = {"id": c.id, "expect": c.expect, "found": s.found}
            issues.append(Issue(s.declared.path.name, "correction_guard", params=params, severity="warning"))
    return issues


def _stand(app: App, declared: Declared, today: date) -> Stand:
    c = declared.correction
    region, indicator = (
        app.catalogue.find_region(c.region).found,
        app.catalogue.find_indicator(c.indicator).found,
    )
    if region is None or indicator is None:
        return Stand(
            declared, CorrectionState.NAME_UNKNOWN, found=c.region if region is None else c.indicator
        )
    low, high = indicator.bounds
    if c.value is not None and not ((low is None or c.value >= low) and (high is None or c.value <= high)):
        return Stand(declared, CorrectionState.OUT_OF_BOUNDS)
    rows = store.standing(
        app.store,
        region.id,
        indicator.id,
        Period.parse(c.period).code,
        c.source,
        c.basis,
        str(c.state) if c.state else None,
    )
    if not rows:
        return Stand(declared, CorrectionState.NOT_FOUND)
    if len(rows) > 1:
        reading = [r for r in rows if c.expect in (r["printed"], r["corrected_printed"])]
        if len(reading) != 1:
            return Stand(declared, CorrectionState.SEVERAL, found=" / ".join(r["printed"] for r in rows))
        rows = reading
    return Stand(declared, _state(c, rows[0], today), rows[0], rows[0]["printed"])


def _state(c: Correction, row: Row, today: date) -> CorrectionState:
    if row["correction"] == c.id and row["digest"] == c.digest:
        return CorrectionState.APPLIED
    ours = row["correction"] == c.id
    if c.date > today:
        return CorrectionState.NOT_YET
    if c.expect == (row["corrected_printed"] if ours else row["printed"]):
        return CorrectionState.PENDING
    if c.value is not None and row["value"] is not None and c.value == Decimal(row["value"]):
        return CorrectionState.SETTLED
    return CorrectionState.SOURCE_CHANGED


def _record(app: App, db: Database, path: Path, applied: Sequence[Stand], now: datetime) -> None:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    import_id = imports.record_import(
        db,
        {
            "file": path.name,
            "sha256": digest,
            "size": len(data),
            "raw_path": keep_raw(app.paths.home, digest, path.name, data),
            "imported_at": stamp(now),
            "published": None,
            "reading": json.dumps({"corrections": [s.declared.correction.id for s in applied]}),
            "accepted": 0,
            "revised": len(applied),
            "unchanged": 0,
            "refused": 0,
            "warned": 0,
        },
    )
    ids = table.append(db, [_observation(s, import_id, now) for s in applied])
    for s, number in zip(applied, ids, strict=True):
        assert s.row is not None
        c = s.declared.correction
        ours = s.row["correction"] == c.id
        store.record(
            db,
            {
                "id": c.id,
                "observation_id": number,
                "corrected_id": s.row["corrected_id"] if ours else s.row["id"],
                "digest": c.digest,
                "content": c.model_dump_json(),
                "applied_at": stamp(now),
            },
        )


def _observation(s: Stand, import_id: int, now: datetime) -> dict[str, Any]:
    """The corrected value in the place of the one that stood: the same figure of the same source, known from another day."""
    c, row = s.declared.correction, s.row
    assert row is not None
    value = None if c.value is None else format(c.value, "f")
    kept = ("series_id", "unit", "tier", "state", "source_id", "published", "sheet", "row")
    return {
        **{name: row[name] for name in kept},
        "period": str(Period.from_code(row["period"])),
        "value": value,
        "printed": WITHDRAWN if value is None else value,
        "qualifier": None,
        "known_on": max(c.date.isoformat(), row["known_on"]),
        "known_rule": "imported",
        "recorded_at": stamp(now),
        "import_id": import_id,
        "note": f"{c.reason} ({c.reviewer}, {c.date.isoformat()}; {c.evidence})",
        "supersedes": row["id"],
    }
