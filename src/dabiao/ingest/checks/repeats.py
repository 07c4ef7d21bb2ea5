"""Rows of one file that state one figure twice: alike they are one value, unlike both are refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dabiao.ingest.checks.columns import Columns, Flags, Ints, group_starts


@dataclass(frozen=True, slots=True)
class Repeats:
    """Of each value, whether another row of the file states the same figure.

    Attributes:
        repeated: it says the same as an earlier row, :attr:`other`.
        contradicted: some row, :attr:`other` for one, says something else.
        other: place of that row; -1 where the figure is stated once.
    """

    repeated: Flags
    contradicted: Flags
    other: Ints


def repeats(columns: Columns, said: NDArray[np.int32], mark: NDArray[np.int32]) -> Repeats:
    """Compare the rows that state one figure: one series and period, said by one source in one state on one day.

    Args:
        columns: in order.
        said: a number for who said it, in which state and when; rows of another number state another figure.
        mark: a number for what stands beside the value (以上, the word of a missing one); as much a part of it as its digits.
    """
    size = len(columns)
    found = Repeats(np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.full(size, -1, np.int64))
    key = columns.key
    same = np.concatenate([[False], key[1:] == key[:-1]]) if size else np.zeros(0, np.bool_)
    close = np.flatnonzero(same | np.concatenate([same[1:], [False]])) if size else same
    if not len(close):
        return found
    at = close[np.lexsort((columns.row[close], said[close], key[close]))].astype(np.int64)
    begins = np.concatenate([[True], (key[at][1:] != key[at][:-1]) | (said[at][1:] != said[at][:-1])])
    group = np.cumsum(begins) - 1
    starts = group_starts(group)
    count = np.diff(np.append(starts, len(at)))
    first, second = at[starts], at[np.minimum(starts + 1, len(at) - 1)]
    value, beside = columns.value[at], mark[at]
    as_first = _same(value, columns.value[first][group]) & (beside == mark[first][group])
    several = count[group] > 1
    unlike = np.bincount(group, weights=~as_first, minlength=len(starts))[group] > 0
    found.repeated[at] = several & ~unlike & ~begins
    found.contradicted[at] = several & unlike
    found.other[at] = np.where(several, np.where(begins, second[group], first[group]), -1)
    return found


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> Flags:
    both: Flags = (one == other) | (np.isnan(one) & np.isnan(other))
    return both
