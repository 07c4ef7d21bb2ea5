"""Annual series of one indicator forecast together: each learns from all (:mod:`trend`, :mod:`experience`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dabiao.forecast.batch import experience, trend, windows
from dabiao.forecast.batch.ahead import Ahead
from dabiao.forecast.batch.batch import Batch
from dabiao.forecast.batch.groups import Ints
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.priors import TrendPriors

PARAMS = (
    "anchor",
    "unit",
    "drift",
    "family_drift",
    "jump",
    "momentum",
    "damping",
    "spread",
    "growth",
    "freedom",
    "kept",
    "seen_drift",
    "drift_weight",
    "scale_weight",
)
"""What is kept of a fit, in the words of :class:`dabiao.forecast.batch.trend.Trend`."""


def ahead(batch: Batch, wanted: Ints, horizon: int, priors: TrendPriors) -> Ahead:
    """Forecast the series ``wanted``; the others are their companions.

    The digits of a series hang on the batch, not on which others are wanted: of the batch only the origins are worked
    out whose errors a wanted series' experience reaches back to.
    """
    one = np.zeros(len(batch.values), dtype=np.int64)
    panel = Panel(
        ids=pd.Index(np.arange(len(one)).astype(str)),
        values=batch.values,
        first=0,
        season=1,
        sign=batch.sign,
        upper=batch.upper,
        indicator=one,
        source=one,
    )
    last = batch.last[wanted]
    reach = np.arange(-experience.REACH, 1)
    origins = np.unique(np.unique(last)[:, None] + reach)
    known = windows.build(panel, origins=origins[origins >= 0])
    fitted = trend.fit(known, priors)
    factors = experience.factors(panel, known, fitted, priors)
    row_of = np.full(panel.values.shape, -1, dtype=np.int64)
    row_of[known.series, known.origin] = np.arange(len(known.series))
    rows = row_of[wanted, last]
    location, spread = np.empty((len(rows), horizon)), np.empty((len(rows), horizon))
    for lead in range(1, horizon + 1):
        years = np.full(len(rows), float(lead))
        location[:, lead - 1] = fitted.location(rows, years)
        factor = factors[rows, min(lead, experience.LEADS) - 1]
        spread[:, lead - 1] = fitted.scale(rows, years) * factor
    return Ahead(
        location=location,
        spread=spread,
        freedom=fitted.freedom[rows],
        scales=known.scales.take(rows),
        low=batch.low[wanted],
        high=batch.high[wanted],
        extreme=priors.extreme,
        params={name: getattr(fitted, name)[rows] for name in PARAMS},
    )
