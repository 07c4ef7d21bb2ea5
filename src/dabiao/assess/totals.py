"""Counts that can only grow: finish N of something, the values being totals so far."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.observation import Series
from dabiao.domain.target import Indicator, Kind, Target


def counts_up(target: Target, indicator: Indicator) -> bool:
    """Whether a target asks to finish a number of things, so that its values are totals so far."""
    return target.kind is Kind.COUNT and indicator.direction == "higher"


def falls(series: Series) -> bool:
    """Whether the values fall somewhere: they are then no running total, but perhaps each year's own."""
    return any(later.value < earlier.value for earlier, later in pairwise(series.points))


def grows(target: Target, indicator: Indicator, series: Series) -> bool:
    """Whether a series is the running total of a count."""
    return counts_up(target, indicator) and not falls(series)


def never_below(forecast: SeriesForecast, total: float) -> SeriesForecast:
    """The forecast of a running total: what would lie below the last total stands at it.

    The probability to pass any higher border is left as the model gives it. A border that the last total has reached needs no
    probability: the count is done.
    """

    def held(s: Step) -> Step:
        return replace(
            s,
            point=max(s.point, total),
            lower80=max(s.lower80, total),
            upper80=max(s.upper80, total),
            lower95=max(s.lower95, total),
            upper95=max(s.upper95, total),
        )

    return replace(forecast, steps=tuple(held(s) for s in forecast.steps))
