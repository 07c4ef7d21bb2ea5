"""What is new or revised in a file → rows of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlite_utils import Database

from dabiao.domain.progress import Progress, silent
from dabiao.ingest.bulk.cells import Ints
from dabiao.ingest.bulk.values import Manner, Values, text_of
from dabiao.services.intake.differing import Diff
from dabiao.store import observations as table

TOGETHER = 100_000
"""Values made into rows at once."""


def append_values(
    db: Database,
    values: Values,
    diff: Diff,
    import_id: int,
    recorded_at: str,
    progress: Progress = silent,
) -> int:
    """Append the values that :func:`dabiao.services.intake.differing.difference` found fresh, and give their number. Inside a write."""
    shared = table.record_provenances(
        db,
        [
            {**_provenance(m), "source_id": source, "recorded_at": recorded_at, "import_id": import_id}
            for m, source in zip(values.manners, diff.sources, strict=True)
        ],
    )
    series, provenance = np.array(diff.series, np.int64), np.array(shared, np.int64)
    first = number = table.next_id(db)
    ids = np.cumsum(diff.fresh) + (first - 1) if diff.supersedes else None
    for start in range(0, len(values), TOGETHER):
        progress("store", start / len(values))
        places = np.flatnonzero(diff.fresh[start : start + TOGETHER]) + start
        if not len(places):
            continue
        part = values.take(places)
        value, printed = text_of(part)
        columns: list[Sequence[Any]] = [
            series[part.series].tolist(),
            part.period.tolist(),
            range(number, number + len(places)),
            value,
            printed,
            provenance[part.manner].tolist(),
            part.row.tolist(),
            _superseded(diff, places, ids),
        ]
        if not any(columns[4]) and not any(columns[7]):
            del columns[7], columns[4]
        table.append_columns(db, columns)
        number += len(places)
    return number - first


def _superseded(diff: Diff, places: Ints, ids: Ints | None) -> list[int | None]:
    """The id of the row that each value supersedes; ``ids``: of the file's own values."""
    if ids is None:
        return [None] * len(places)
    said = (diff.supersedes.get(place) for place in places.tolist())
    return [int(ids[-1 - s]) if s is not None and s < 0 else s for s in said]


def _provenance(m: Manner) -> dict[str, Any]:
    return {
        "tier": str(m.tier),
        "state": str(m.state),
        "unit": m.unit,
        "qualifier": str(m.qualifier) if m.qualifier else None,
        "published": m.published.isoformat() if m.published else None,
        "known_on": m.known_on.isoformat(),
        "known_rule": m.known_rule,
        "sheet": m.sheet,
        "note": m.note,
    }
