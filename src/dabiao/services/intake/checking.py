"""A file's values held against their series, as the store and the file together have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sqlite_utils import Database

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.domain.period import LONG_KINDS, PeriodKind, codes_of
from dabiao.ingest.checks.columns import Columns, Ints, one_a_period
from dabiao.ingest.checks.facts import Key, with_partners
from dabiao.ingest.checks.heaping import THRESHOLDS, Heap
from dabiao.ingest.checks.rows import review_rows, series_of
from dabiao.ingest.model import Candidate
from dabiao.store import history

HEAPING = "heaping"
NEAR = 400
"""Days before and after a file's own days and hours that its values are held against: a year and the season's turn."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks of a file's series found: warnings, and what stands around the thresholds of each series."""

    issues: tuple[Issue, ...] = ()
    heaps: tuple[tuple[Key, Heap], ...] = ()


def check_series(db: Database, rows: Sequence[Candidate], catalogue: Catalogue, file: str) -> Checked:
    """Hold a file's values against their series; every finding is a warning. Reads the store, writes nothing."""
    if not rows:
        return Checked()
    keys = with_partners((series_of(c) for c in rows), catalogue)
    codes = np.array([c.period.code for c in rows], np.int64)
    issues, heaps = review_rows(rows, keys, stored_columns(db, keys, spans_of(codes)), catalogue, file)
    return Checked(tuple(issues), tuple((keys[h.series], h) for h in heaps))


def spans_of(codes: Ints) -> list[tuple[int, int]]:
    """The periods whose values a file's are held against, by the codes of its own: all longer ones, the days and hours near by."""
    found = [(0, max(codes_of(kind)[1] for kind in LONG_KINDS) - 1)]
    for kind, a_day in ((PeriodKind.DAY, 1), (PeriodKind.HOUR, 24)):
        low, high = codes_of(kind)
        inside = codes[(codes >= low) & (codes < high)]
        if len(inside):
            around = NEAR * a_day
            found.append((int(inside.min()) - around, int(inside.max()) + around))
    return found


def stored_columns(db: Database, keys: Sequence[Key], spans: Sequence[tuple[int, int]]) -> Columns:
    """What the store has of some series, one number a period; ``series`` is the place in ``keys``, ``row`` is -1.

    Args:
        db: the connection.
        keys: the series.
        spans: codes of first and last periods.
    """
    ids = history.series_ids(db, keys)
    place = {ids[key]: number for number, key in enumerate(keys) if key in ids}
    asked = [(s, *span) for s, number in place.items() for span in _wider(keys[number], spans)]
    rows = history.standing_numbers(db, asked)
    series, period, value, decimals, rank = zip(*rows, strict=True) if rows else ((),) * 5
    columns = Columns(
        np.array([place[s] for s in series], np.int32),
        np.array(period, np.int64),
        np.array(value, np.float64),
        0.5 * 10.0 ** -np.array(decimals, np.float64),
        np.full(len(rows), -1, np.int64),
    )
    return one_a_period(columns, np.array(rank, np.int64))


def _wider(key: Key, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The spans of one series: every day of one whose days may heap under a threshold, for that takes years to tell."""
    low, high = codes_of(PeriodKind.DAY)
    if key[1] not in THRESHOLDS:
        return spans
    return [*(s for s in spans if not low <= s[1] < high + NEAR), (low, high - 1)]


def flag_series(db: Database, checked: Checked, at: str, import_id: int) -> None:
    """Raise the flag of every series whose days heap under a threshold, lower it where they no longer do. Inside a write."""
    ids = history.series_ids(db, [key for key, _ in checked.heaps])
    for key, heap in checked.heaps:
        params = asdict(heap) if heap.flagged else None
        if params:
            del params["series"]
        history.set_flag(db, ids[key], HEAPING, params, at, import_id)
