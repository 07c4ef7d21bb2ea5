"""Every check of a series, over what a file brings and what the store knows. All of them warn; none refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dabiao.ingest.checks.columns import Columns, Facts, Found, Ints, Numbers
from dabiao.ingest.checks.components import larger_than_whole
from dabiao.ingest.checks.heaping import Heap, heaps
from dabiao.ingest.checks.jumps import jumps
from dabiao.ingest.checks.parts import beyond_months
from dabiao.ingest.checks.stuck import stuck
from dabiao.ingest.checks.year_on_year import contradicted

_SOME = 1 << 18


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that a file prints beside its values: the value's row, the change, half a unit of its last place, its kind."""

    row: Ints
    printed: Numbers
    half: Numbers
    kind: NDArray[np.int8]


def review(columns: Columns, facts: Facts, changes: Changes | None = None) -> tuple[list[Found], list[Heap]]:
    """Hold a file's values against their series.

    Args:
        columns: one number a series and period (:func:`dabiao.ingest.checks.columns.one_a_period`); ``row`` is -1 for what
            the store has.
        facts: of each series.
        changes: printed changes, by the ``row`` of their value.

    Returns:
        what was found at values of the file, and what heaps around the thresholds of its series.
    """
    found = [larger_than_whole(columns, facts), beyond_months(columns, facts)]
    for first, some in by_series(columns):
        found += [check(some, facts).moved(first) for check in (jumps, stuck)]
    if changes is not None and len(changes.row):
        found += contradicted(columns, *_placed(columns, changes))
    fresh = [f.only(columns.row[f.at] >= 0) for f in found]
    touched = np.unique(columns.series[columns.row >= 0])
    heaped = heaps(columns.take(np.isin(columns.series, touched)), facts)
    return [f for f in fresh if len(f)], heaped


def by_series(columns: Columns, size: int = _SOME) -> Iterator[tuple[int, Columns]]:
    """Whole series, about so many values together, with the place of the first: what a check needs beside them stays small."""
    first = 0
    while first < len(columns):
        last = min(first + size, len(columns))
        last = int(np.searchsorted(columns.series, columns.series[last - 1], side="right"))
        yield first, columns.part(first, last)
        first = last


def _placed(columns: Columns, changes: Changes) -> tuple[Ints, Numbers, Numbers, NDArray[np.int8]]:
    """The places of the values with a printed change; one whose value is not among the columns is left out."""
    order = np.argsort(columns.row, kind="stable").astype(np.int64)
    rows = columns.row[order]
    at = np.minimum(np.searchsorted(rows, changes.row), max(len(rows) - 1, 0)).astype(np.int64)
    there = rows[at] == changes.row if len(rows) else np.zeros(len(changes.row), np.bool_)
    return order[at[there]], changes.printed[there], changes.half[there], changes.kind[there]
