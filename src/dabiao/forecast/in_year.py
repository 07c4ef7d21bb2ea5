"""The year in progress of one series: its known part fixed, the rest forecast, day-weighted.

The engine is :mod:`dabiao.forecast.batch.season`, run over the series and its companions (the same indicator elsewhere),
whose months of this year say what season and weather have done so far. What is added here is what a target's year needs:
figures to date that stand for their months, and the step from a mean of months to the figure that is published for a year.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from dabiao.errors import SeriesTooShort
from dabiao.forecast.batch.groups import Floats, Ints
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.priors import SeasonPriors, shipped
from dabiao.forecast.batch.season import YEARS, Outlook, outlook
from dabiao.forecast.interface import Direction, Fitted
from dabiao.forecast.scaled_t import ScaledT

NAME = "in_year"
PARTS = {12: 2, 4: 1}
"""Fewest months or quarters of the year that must be known: the record of the model begins with February."""
_BRIDGE_SPREAD = 0.02
"""By how much, on the series' scale, a published annual figure is taken to differ from the mean of its months before any year
has shown it; counts as one year (ours)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of known periods with its mean: a published figure to date, or what two of them leave between."""

    first: int
    last: int
    mean: float


@dataclass(frozen=True, slots=True)
class YearInProgress:
    """What the model is given.

    Attributes:
        panel: the series and its companions, months or quarters; its last column is the last period known.
        row: the series in the panel.
        days: days of each period of the year, shape (season,).
        spans: known stretches of the year in period numbers (year * season + place); they do not overlap, and what they
            say goes before the single values.
        annual: published annual figure and mean of the months of earlier years, in the indicator's unit.
        low, high: bounds of the indicator, ``None`` where open.
    """

    panel: Panel
    row: int
    year: int
    days: Floats
    spans: tuple[Span, ...] = ()
    annual: tuple[tuple[float, float], ...] = ()
    low: float | None = None
    high: float | None = None


def panel_of(
    rows: Sequence[tuple[str, Mapping[int, float]]],
    season: int,
    last: int,
    direction: Direction,
    upper: float | None,
) -> Panel:
    """Series of one indicator as a panel that ends at ``last``; what lies after it, or before the model's window, is left out.

    Args:
        rows: ids and values by period number, in an order that hangs on nothing but the ids.
        upper: upper bound of a share, ``None`` where open.
    """
    first = last - YEARS * season + 1
    values = np.full((len(rows), last - first + 1), np.nan)
    for row, (_, known) in enumerate(rows):
        for number, value in known.items():
            if first <= number <= last:
                values[row, number - first] = value
    same = np.zeros(len(rows), dtype=np.int64)
    return Panel(
        ids=pd.Index([name for name, _ in rows]),
        values=values,
        first=first,
        season=season,
        sign=np.full(len(rows), 1.0 if direction == "higher" else -1.0),
        upper=np.full(len(rows), np.inf if upper is None else upper),
        indicator=same,
        source=same,
    )


def enough(panel: Panel, row: int, year: int, known: Sequence[int] = ()) -> bool:
    """Whether a series may be asked: some of the year known, and every place of the year seen within the window.

    Args:
        known: further period numbers of the year that figures to date cover.
    """
    season = panel.season
    numbers = panel.first + np.flatnonzero(np.isfinite(panel.values[row]))
    of_year = {int(n) for n in numbers if n // season == year} | set(known)
    places = {int(n) % season for n in numbers} | {n % season for n in known}
    before = int((numbers // season < year).sum())
    return len(of_year) >= PARTS[season] and len(places) == season and before >= season


@cache
def version() -> str:
    """Of the formulae, and of the priors that they are filled with."""
    digest = hashlib.sha256(json.dumps(asdict(shipped().season), sort_keys=True).encode()).hexdigest()
    return f"1+{digest[:8]}"


def fit(given: YearInProgress) -> Fitted:
    """The distribution of the year's figure: one step.

    Raises:
        SeriesTooShort: :func:`enough` is false.
    """
    panel, row, season = given.panel, given.row, given.panel.season
    covered = [n for s in given.spans for n in range(s.first, s.last + 1)]
    if not enough(panel, row, given.year, covered):
        seen = int(np.isfinite(panel.values[row]).sum())
        raise SeriesTooShort("series_too_short", model=NAME, observed=seen, minimum=season + PARTS[season])
    priors = shipped().season
    panel = _filled(given, priors)
    periods = given.year * season + np.arange(season) - panel.first
    view = outlook(panel, panel.values.shape[1] - 1, periods, given.days, priors)
    at = int(np.flatnonzero(view.series == row)[0])
    scales = view.scales.take(np.array([at]))
    mean = float(view.mean[at]) + _published_less_months(given, panel)
    offset, bridge = _bridge(given.annual, view, at)
    location = float(scales.forward(np.array([_within(mean, given)]))[0]) + offset
    left = 0.0 if view.settled[at] else float(view.spread[at])
    numbers = {
        "location": location,
        "spread": float(np.hypot(left, bridge)),
        "freedom": priors.freedom,
        **{
            name: float(getattr(scales, name)[0])
            for name in ("kind", "upper", "margin", "bend", "floor", "quantum")
        },
    }
    known = np.isfinite(panel.values[row, np.clip(periods, 0, panel.values.shape[1] - 1)]) & (
        periods < panel.values.shape[1]
    )
    return Fitted(
        [ScaledT(numbers, given.low, given.high, priors.extreme)],
        {
            "expected": mean,
            "days_known": float(given.days[known].sum() / given.days.sum()),
            "spread_rest": left,
            "bridge": offset,
            "bridge_spread": bridge,
            "bridge_years": len(given.annual),
            "companions": len(panel.values) - 1,
        },
    )


def _within(x: float, given: YearInProgress) -> float:
    x = x if given.low is None else max(x, given.low)
    return x if given.high is None else min(x, given.high)


def _filled(given: YearInProgress, priors: SeasonPriors) -> Panel:
    """The panel with the periods inside a span that have no value of their own: as expected, scaled to the span's mean."""
    panel, values = given.panel, given.panel.values.copy()
    for span in given.spans:
        inside = np.arange(span.first, span.last + 1) - panel.first
        missing = inside[~np.isfinite(values[given.row, inside])]
        if len(missing) == 0:
            continue
        days = given.days[(inside + panel.first) % panel.season]
        seen = np.isfinite(values[given.row, inside])
        left = span.mean * days.sum() - float((values[given.row, inside[seen]] * days[seen]).sum())
        expected = np.array([_expected(panel, given.row, number, priors) for number in missing])
        share = left / float((expected * days[~seen]).sum())
        values[given.row, missing] = expected * share if share > 0 else expected
    return replace(panel, values=values)


def _expected(panel: Panel, row: int, period: int, priors: SeasonPriors) -> float:
    asked: Ints = np.array([period], dtype=np.int64)
    view: Outlook = outlook(panel, panel.values.shape[1] - 1, asked, np.ones(1), priors)
    return float(view.mean[np.flatnonzero(view.series == row)[0]])


def _published_less_months(given: YearInProgress, panel: Panel) -> float:
    """What the spans' own figures add to the year's mean over those of their periods."""
    added = 0.0
    for span in given.spans:
        inside = np.arange(span.first, span.last + 1) - panel.first
        days = given.days[(inside + panel.first) % panel.season]
        added += span.mean * days.sum() - float((panel.values[given.row, inside] * days).sum())
    return added / float(given.days.sum())


def _bridge(annual: Sequence[tuple[float, float]], view: Outlook, at: int) -> tuple[float, float]:
    """How the published annual figure differs from the mean of the months, on the scale: by how much, and how surely."""
    scales = view.scales.take(np.array([at]))

    def on_scale(x: float) -> float:
        return float(scales.forward(np.array([x]))[0])

    steps = [on_scale(figure) - on_scale(mean) for figure, mean in annual]
    offset = sum(steps) / (len(steps) + 1)
    squares = sum((s - offset) ** 2 for s in steps) + _BRIDGE_SPREAD**2
    return offset, float(np.sqrt(squares / (len(steps) + 1)))
