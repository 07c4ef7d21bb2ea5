"""From a series' values to what a model is given."""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.domain.target import Indicator, IndicatorType
from dabiao.forecast.interface import History, Scale


def scale_of(indicator: Indicator) -> Scale:
    """``logit`` for shares with both bounds, ``log`` for positive levels, ``identity`` otherwise."""
    low, high = indicator.bounds
    if indicator.type is IndicatorType.SHARE and low is not None and high is not None:
        return "logit"
    if indicator.type is IndicatorType.LEVEL and low is not None and low >= 0:
        return "log"
    return "identity"


def history_of(
    values: Sequence[float | None], indicator: Indicator, season: int = 1, first: int = 0
) -> History:
    """A series on its regular grid with the scale and bounds of its indicator.

    Args:
        values: in time order, ``None`` where a period is missing; the first and the last are observed.
        season: periods in a year.
        first: place of the first value's period in its year.
    """
    low, high = indicator.bounds
    scale = scale_of(indicator)
    if scale == "log" and min(v for v in values if v is not None) <= 0:
        scale = "identity"  # a published zero has no logarithm
    return History(
        tuple(values),
        season=season,
        scale=scale,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        first=first,
        direction=indicator.direction,
    )
