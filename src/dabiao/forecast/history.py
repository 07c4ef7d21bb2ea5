"""From a series of observations to what a model is given."""

from __future__ import annotations

from dabiao.domain.observation import Series
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Indicator, IndicatorType
from dabiao.forecast.interface import History, Scale

_MONTHS = {PeriodKind.YEAR: 12, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}


def scale_of(indicator: Indicator) -> Scale:
    """``logit`` for shares with both bounds, ``log`` for positive levels, ``identity`` otherwise."""
    low, high = indicator.bounds
    if indicator.type is IndicatorType.SHARE and low is not None and high is not None:
        return "logit"
    if indicator.type is IndicatorType.LEVEL and low is not None and low >= 0:
        return "log"
    return "identity"


def history_of(series: Series, indicator: Indicator) -> History:
    """A series on its regular grid, ``None`` where a period is missing.

    Raises:
        ValueError: cumulative periods, which are no regular grid.
    """
    months = _MONTHS.get(series.kind)
    if months is None:
        raise ValueError(f"a series of {series.kind} periods has no regular grid")
    by_start = {p.period.first: float(p.value) for p in series.points}
    first, last = series.points[0].period.first, series.last.period.first
    values = tuple(by_start.get(start) for start in range(first, last + 1, months))
    low, high = indicator.bounds
    scale = scale_of(indicator)
    if scale == "log" and min(v for v in values if v is not None) <= 0:
        scale = "identity"  # a published zero has no logarithm
    return History(
        values,
        season=12 // months,
        scale=scale,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        first=first % 12 // months,
        direction=indicator.direction,
    )


def periods_after(series: Series, horizon: int) -> list[Period]:
    """The ``horizon`` periods that follow a series."""
    months = _MONTHS[series.kind]
    first = series.last.period.last + 1
    return [Period(first + i * months, first + (i + 1) * months - 1) for i in range(horizon)]
