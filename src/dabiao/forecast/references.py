"""What a forecast is measured against: how often it was so before, and a random walk with drift."""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.domain.observation import Series
from dabiao.domain.target import Bounds, Indicator, meets, unrounded
from dabiao.errors import SeriesTooShort
from dabiao.forecast.attainment import attainment
from dabiao.forecast.history import history_of
from dabiao.forecast.interface import Predictive
from dabiao.forecast.models import model
from dabiao.forecast.scoring import earlier_share

_AHEAD = 10
"""Years for which the random walk is asked."""


class References:
    """The two simple forecasts of one annual series, from what it held on a day."""

    def __init__(self, series: Series, indicator: Indicator) -> None:
        self._values = [p.value for p in series.points]
        by_year = {p.period.year: float(p.value) for p in series.points}
        self._last = max(by_year)
        years = range(min(by_year), self._last + 1)
        self._history = history_of([by_year.get(year) for year in years], indicator)
        self._walk: Sequence[Predictive] | None = None

    def climatology(self, bounds: Bounds, decimals: int) -> float:
        """The share of the series' years so far that would have met it."""
        return earlier_share(meets(value, decimals, bounds) for value in self._values)

    def drift(self, year: int, bounds: Bounds, decimals: int) -> float | None:
        """The probability that the random walk gives; ``None`` for a series that is too short, or a year not ahead."""
        if self._walk is None:
            try:
                self._walk = model("drift").fit(self._history, _AHEAD).steps
            except SeriesTooShort:
                self._walk = ()
        lead = year - self._last
        if not 0 < lead <= len(self._walk):
            return None
        return attainment(self._walk[lead - 1], unrounded(bounds, decimals))
