"""Season, then the middle of four smoothing forecasts: see :mod:`dabiao.forecast.batch.blend`."""

from __future__ import annotations

import numpy as np

from dabiao.errors import SeriesTooShort
from dabiao.forecast.batch import blend
from dabiao.forecast.batch.ahead import Ahead
from dabiao.forecast.batch.batch import Batch, batch_of
from dabiao.forecast.batch.groups import Ints
from dabiao.forecast.interface import Fitted, History


class Blend:
    """For monthly, quarterly and annual series, each by itself; bears gaps."""

    name = "blend"
    version = "1"
    minimum = 4
    pooled = False

    def ahead(self, batch: Batch, wanted: Ints, horizon: int) -> Ahead:
        """Forecast the series ``wanted``; no series says anything of another."""
        own = batch.take(wanted)
        fitted = blend.fit(own.ending(), own.upper, own.season, horizon)
        return Ahead(
            location=fitted.location,
            spread=fitted.spread,
            freedom=np.full(len(wanted), blend.FREEDOM),
            scales=fitted.scales,
            low=own.low,
            high=own.high,
            extreme=blend.EXTREME,
            params={
                "level": fitted.level,
                "drift": fitted.drift,
                "season": fitted.swing,
                "kept": fitted.kept,
                "error": fitted.error,
            },
        )

    def fit(self, history: History, horizon: int) -> Fitted:
        """Forecast one series.

        Raises:
            SeriesTooShort: fewer than four values.
        """
        if history.observed < self.minimum:
            raise SeriesTooShort(
                "series_too_short", model=self.name, observed=history.observed, minimum=self.minimum
            )
        return self.ahead(batch_of([history]), np.zeros(1, dtype=np.int64), horizon).fitted(0, horizon)
