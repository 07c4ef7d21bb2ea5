"""The values of a large file held against their series: the same checks, region by region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlite_utils import Database

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.progress import Progress
from dabiao.ingest.bulk.issues import IssueLog
from dabiao.ingest.bulk.reading import Large
from dabiao.ingest.bulk.values import Values, slabs
from dabiao.ingest.checks.columns import Columns, Found, one_a_period
from dabiao.ingest.checks.facts import Key, facts, with_partners
from dabiao.ingest.checks.heaping import Heap
from dabiao.ingest.checks.review import review
from dabiao.ingest.checks.rows import issues_of, rank_of
from dabiao.services.intake.checking import Checked, spans_of, stored_columns

SLAB = 300_000
"""Values checked at once, at least; a region's series are never parted."""


def check_values(
    db: Database, large: Large, catalogue: Catalogue, log: IssueLog, progress: Progress
) -> Checked:
    """Hold a file's values against their series; every finding is a warning, and goes to ``log``. Reads the store only."""
    values = large.values
    ranks = np.array([rank_of(m.tier, m.state, m.published) for m in values.manners], np.int64)
    heaps: list[tuple[Key, Heap]] = []
    found: list[tuple[Found, Columns]] = []
    for slab in slabs(values, SLAB):
        part = values.take(slab)
        keys, columns = _columns(part, catalogue)
        stored = stored_columns(db, keys, spans_of(columns.period))
        merged = one_a_period(columns, ranks[part.manner], stored)
        here, heaped = review(merged, facts(keys, catalogue))
        found += [(replace(f, at=np.arange(len(f.at))), merged.take(f.at)) for f in here]
        heaps += [(keys[h.series], h) for h in heaped]
        progress("check", slab.stop / len(values))
    _report(found, large, catalogue, log)
    return Checked((), tuple(heaps))


def _columns(values: Values, catalogue: Catalogue) -> tuple[list[Key], Columns]:
    """The values as columns of their own series, with the partners of these."""
    present = np.unique(values.series)
    own = [(k.region, k.indicator, str(k.basis)) for k in (values.keys[i] for i in present.tolist())]
    keys = with_partners(own, catalogue)
    number = {key: i for i, key in enumerate(keys)}
    place = np.zeros(len(values.keys), np.int32)
    place[present] = [number[key] for key in own]
    columns = values.columns(bounds_are_values=False)
    return keys, replace(columns, series=place[columns.series])


def _report(found: list[tuple[Found, Columns]], large: Large, catalogue: Catalogue, log: IssueLog) -> None:
    """The issues of what was found, row by row of the file."""
    rows = np.unique(np.concatenate([np.zeros(0, np.int64), *(c.row for _, c in found)]))
    for candidates in large.candidates(rows.astype(np.int32)):
        first, last = min(candidates), max(candidates)
        issues = []
        for f, columns in found:
            chosen = (columns.row >= first) & (columns.row <= last)
            if chosen.any():
                issues += issues_of(f.only(chosen), columns, candidates, catalogue, large.file)
        log.add(issues)
