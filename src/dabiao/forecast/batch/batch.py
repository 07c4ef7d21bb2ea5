"""Series of one kind of period on one calendar, as the batch models take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from dabiao.domain.target import Indicator
from dabiao.forecast.batch.ahead import Ahead
from dabiao.forecast.batch.groups import Floats, Ints
from dabiao.forecast.history import scale_of
from dabiao.forecast.interface import History, Model


@dataclass(frozen=True, slots=True)
class Batch:
    """Series of one kind of period.

    Attributes:
        values: (series, periods) in the indicators' units, NaN where missing; a column is one period.
        season: periods in a year: 1, 4 or 12.
        low, high: (series,), bounds of the indicators, infinite where open.
        upper: (series,), upper bound of a share, infinite for everything else.
        sign: (series,), 1 where higher is better, −1 where lower is.
    """

    values: Floats
    season: int
    low: Floats
    high: Floats
    upper: Floats
    sign: Floats

    @property
    def last(self) -> Ints:
        """Column of each series' last value, −1 where it has none."""
        seen = np.isfinite(self.values)
        found = self.values.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
        return np.where(seen.any(axis=1), found, -1)

    def take(self, rows: Ints) -> Batch:
        """These series alone."""
        return Batch(
            self.values[rows], self.season, self.low[rows], self.high[rows], self.upper[rows], self.sign[rows]
        )

    def ending(self) -> Floats:
        """The values moved so that every series ends in the last column, without the columns that are then empty."""
        last = self.last
        periods = self.values.shape[1]
        at = np.arange(periods) - (periods - 1 - last)[:, None]
        moved = np.where(at >= 0, np.take_along_axis(self.values, np.maximum(at, 0), axis=1), np.nan)
        used = np.isfinite(moved).any(axis=0)
        return moved[:, used.argmax() :] if used.any() else moved[:, :0]


@runtime_checkable
class BatchModel(Model, Protocol):
    """A model that fits many series at once."""

    @property
    def pooled(self) -> bool:
        """Whether the series of a batch learn from each other; else each is as it would be alone."""
        ...

    def ahead(self, batch: Batch, wanted: Ints, horizon: int) -> Ahead:
        """Forecast the series ``wanted``, each from its own last value; rows as in ``wanted``."""
        ...


def batch_of(histories: Sequence[History]) -> Batch:
    """Series that end together, as :class:`Batch` has them.

    Args:
        histories: of one season.
    """
    periods = max(len(h.values) for h in histories)
    values = np.full((len(histories), periods), np.nan)
    for row, h in enumerate(histories):
        values[row, periods - len(h.values) :] = [np.nan if v is None else v for v in h.values]
    high = np.array([np.inf if h.high is None else h.high for h in histories], dtype=np.float64)
    return Batch(
        values=values,
        season=histories[0].season,
        low=np.array([-np.inf if h.low is None else h.low for h in histories], dtype=np.float64),
        high=high,
        upper=np.where([h.scale == "logit" for h in histories], high, np.inf),
        sign=np.array([1.0 if h.direction == "higher" else -1.0 for h in histories]),
    )


def limits_of(indicator: Indicator) -> tuple[float, float, float, float]:
    """Low, high, upper bound of a share, and sign, as :class:`Batch` has them."""
    low, high = (None if b is None else float(b) for b in indicator.bounds)
    share = scale_of(indicator) == "logit"
    return (
        -np.inf if low is None else low,
        np.inf if high is None else high,
        np.inf if not share or high is None else high,
        1.0 if indicator.direction == "higher" else -1.0,
    )
