"""Sums over groups of rows that do not depend on the rows of other groups, to the digit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Groups:
    """Rows that share a key.

    Args:
        keys: shape (rows,), one whole number a row. Rows of one key keep their order, so that a group's sum is added up
            in the same order whatever else is in the table.
    """

    def __init__(self, keys: Ints) -> None:
        self._order = np.argsort(keys, kind="stable")
        ordered = keys[self._order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = ordered[1:] != ordered[:-1]
        self._starts = np.flatnonzero(new)
        self.codes: Ints = np.empty(len(keys), dtype=np.int64)
        self.codes[self._order] = np.cumsum(new) - 1
        self.first: Ints = self._order[self._starts]
        self.size: Floats = self.totals(np.ones(len(keys)))[self.codes]

    def totals(self, x: Floats) -> Floats:
        """Sums of ``x`` (rows, …) by group, shape (groups, …)."""
        if len(self._starts) == 0:
            return np.zeros((0, *x.shape[1:]))
        return np.asarray(np.add.reduceat(x[self._order], self._starts, axis=0), dtype=np.float64)

    def sums(self, x: Floats) -> Floats:
        """Each row's group sum, the shape of ``x``."""
        return self.totals(x)[self.codes]

    def means(self, x: Floats, weight: Floats | None = None) -> Floats:
        """Each row's group mean, 0 where the weights of a group are all 0."""
        if weight is None:
            return self.sums(x) / self.size.reshape(-1, *[1] * (x.ndim - 1))
        total = self.sums(weight)
        return self.sums(x * weight) / np.where(total > 0, total, 1.0)
