"""The attainment model for annual series that learn from each other.

Drift, spread and error tails of a series are shrunk to those of its companions (the same indicator elsewhere), theirs to
priors from a reference panel. See :mod:`dabiao.forecast.batch` and docs/adr/0012.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

import numpy as np

from dabiao.errors import SeriesTooShort
from dabiao.forecast.batch import pooled
from dabiao.forecast.batch.ahead import Ahead
from dabiao.forecast.batch.batch import Batch, batch_of
from dabiao.forecast.batch.groups import Ints
from dabiao.forecast.batch.priors import shipped
from dabiao.forecast.interface import Fitted, History


@cache
def priors_digest() -> str:
    """Of the annual numbers: other priors give other digits."""
    return hashlib.sha256(json.dumps(shipped().to_json()["trend"], sort_keys=True).encode()).hexdigest()[:8]


class Pooled:
    """For annual series. Gives an answer from three values on; what is shown is up to the setting ``minimum_years``."""

    name = "pooled"
    minimum = 3
    pooled = True

    @property
    def version(self) -> str:
        """Of the formulae, and of the priors that they are filled with."""
        return f"1+{priors_digest()}"

    def ahead(self, batch: Batch, wanted: Ints, horizon: int) -> Ahead:
        """Forecast the series ``wanted``; all series of the batch are each other's companions."""
        return pooled.ahead(batch, wanted, horizon, shipped().trend)

    def fit(self, history: History, horizon: int) -> Fitted:
        """Forecast a series that has no companions."""
        if history.observed < self.minimum:
            raise SeriesTooShort(
                "series_too_short", model=self.name, observed=history.observed, minimum=self.minimum
            )
        return self.ahead(batch_of([history]), np.zeros(1, dtype=np.int64), horizon).fitted(0, horizon)
