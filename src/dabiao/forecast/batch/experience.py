"""How large earlier errors were against what was said: the panel's own record, up to each origin.

For every lead the forecasts made at earlier origins are held against the outcomes known by now. The mean ratio of
absolute error to expected absolute error, first over a source, then over an indicator, corrects the spread. One year
counts as one piece of evidence, however many series it has: their errors come from the same weather and economy.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from dabiao.forecast.batch.groups import Flags, Floats, Ints
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.priors import TrendPriors
from dabiao.forecast.batch.trend import Trend
from dabiao.forecast.batch.windows import Windows

LEADS = 4
"""Longest lead whose errors are followed; longer ones take its factor."""
SPAN = 8
"""Origins of each lead that are looked back on: with the shipped memory the score of more of them is the same."""
REACH = LEADS + SPAN - 1
"""Periods before an origin that its factors may hang on."""
_LEAST_VALUES = 4
_LARGEST_RATIO = 6.0
_SERIES_OF_A_FULL_YEAR = {"source": 5.0, "indicator": 2.0}


def factors(panel: Panel, windows: Windows, trend: Trend, priors: TrendPriors) -> Floats:
    """Factors of the error scale, shape (rows, 4): one for each lead."""
    rows = np.arange(len(windows.series))
    expected = _mean_absolute_t(trend.freedom)
    periods = panel.values.shape[1]
    source_of = np.zeros(windows.indicator.max(initial=0) + 1, dtype=np.int64)
    source_of[windows.indicator] = windows.source
    out = np.ones((len(rows), LEADS))
    for lead in range(1, LEADS + 1):
        ahead = np.full(len(rows), float(lead))
        miss = np.abs(windows.outcome(panel, lead) - trend.location(rows, ahead)) / trend.scale(rows, ahead)
        known = np.isfinite(miss) & (windows.count >= _LEAST_VALUES)
        ratio = np.where(known, np.minimum(miss, _LARGEST_RATIO) / expected, 0.0)
        pull = 1.0 + 0.5 * (lead - 1)
        by_source = _record(windows.source, windows.origin, ratio, known, periods, "source")
        total, weight = _lagged(by_source, lead, priors.experience_memory)
        anchor = priors.experience_source * pull
        source = (anchor + total) / (anchor + weight)
        by_indicator = _record(windows.indicator, windows.origin, ratio, known, periods, "indicator")
        total, weight = _lagged(by_indicator, lead, priors.experience_memory)
        anchor = priors.experience_indicator * pull
        indicator = (anchor * source[source_of] + total) / (anchor + weight)
        out[:, lead - 1] = indicator[windows.indicator, windows.origin]
    return out


def _record(
    code: Ints, origin: Ints, ratio: Floats, known: Flags, periods: int, kind: str
) -> tuple[Floats, Floats]:
    """Sum of a year's mean ratios and their weight, (codes, periods) each, by the origin of the forecasts."""
    cell = code * periods + origin
    length = (int(code.max(initial=0)) + 1) * periods
    total = np.bincount(cell, weights=ratio, minlength=length).reshape(-1, periods)
    number = np.bincount(cell, weights=known.astype(np.float64), minlength=length).reshape(-1, periods)
    weight = number / (number + _SERIES_OF_A_FULL_YEAR[kind])
    return weight * total / np.maximum(number, 1.0), weight


def _lagged(record: tuple[Floats, Floats], lead: int, memory: float) -> tuple[Floats, Floats]:
    """Sums over the last :data:`SPAN` origins whose outcome is known at each period: ``lead`` periods ago and before."""
    out = []
    for cells in record:
        total = np.zeros_like(cells)
        for back in range(min(lead + SPAN, cells.shape[1]) - 1, lead - 1, -1):
            total[:, back:] += memory ** (back - lead) * cells[:, : cells.shape[1] - back]
        out.append(total)
    return out[0], out[1]


def _mean_absolute_t(freedom: Floats) -> Floats:
    """E|T| of Student's t with more than one degree of freedom."""
    return np.asarray(2.0 * np.sqrt(freedom) / ((freedom - 1.0) * special.beta(freedom / 2.0, 0.5)))
