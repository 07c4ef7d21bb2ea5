"""A value outside what its indicator can be, as a share over 100."""

from __future__ import annotations

import numpy as np

from dabiao.ingest.checks.columns import Columns, Facts, Flags


def outside(columns: Columns, facts: Facts) -> Flags:
    """Values below the lowest or above the highest possible one. The bounds themselves are possible."""
    low, high = facts.low[columns.series], facts.high[columns.series]
    found: Flags = np.less(columns.value, low) | np.greater(columns.value, high)
    return found
