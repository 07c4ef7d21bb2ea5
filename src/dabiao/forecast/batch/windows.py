"""What is known at each origin: the last 25 periods of each series that has a value there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch.groups import Floats, Groups, Ints
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.scales import Scales, choose

WIDTH = 25
"""Periods in a window: older values say little about the next few years and would only cost time."""
_STRANDS = 8


@dataclass(frozen=True, slots=True)
class Windows:
    """Rows: one for each series and each period in which it has a value.

    Attributes:
        series, origin: row's series and period, as indices into the panel.
        values: (rows, at most 25) on the row's scale, the last column is the origin; NaN where missing.
        scales: the rows' scales, chosen from these windows alone.
        sign: 1 where higher is better, −1 where lower is.
        family: rows of one indicator at one origin.
        origins: rows of one source at one origin.
        indicator, source: codes of the same without the origin.
        count: observed values in the window.
    """

    series: Ints
    origin: Ints
    values: Floats
    scales: Scales
    sign: Floats
    family: Groups
    origins: Groups
    indicator: Ints
    source: Ints
    count: Floats

    def outcome(self, panel: Panel, lead: int) -> Floats:
        """What came ``lead`` periods after each row's origin, on the row's scale; NaN where it is not in the panel."""
        at = self.origin + lead
        inside = at < panel.values.shape[1]
        raw = np.where(inside, panel.values[self.series, np.where(inside, at, 0)], np.nan)
        return self.scales.forward(raw)


def build(panel: Panel, until: int | None = None, origins: Ints | None = None) -> Windows:
    """All rows of a panel with an origin up to period index ``until``, ordered by origin, then series.

    Args:
        origins: only rows with these origins. A row does not hang on rows of other origins.
    """
    last = panel.values.shape[1] - 1 if until is None else until
    asked = np.isfinite(panel.values)
    asked[:, last + 1 :] = False
    if origins is not None:
        left_out = np.ones(asked.shape[1], dtype=bool)
        left_out[origins] = False
        asked[:, left_out] = False
    origin, series = np.nonzero(asked.T)
    padded = np.concatenate([np.full((len(panel.values), WIDTH - 1), np.nan), panel.values], axis=1)
    raw = _trimmed(padded[series[:, None], origin[:, None] + np.arange(WIDTH)])
    scales = choose(raw, panel.upper[series])
    indicator, source = panel.indicator[series], panel.source[series]
    return Windows(
        series=series,
        origin=origin,
        values=scales.forward(raw),
        scales=scales,
        sign=panel.sign[series],
        family=Groups(origin * (panel.indicator.max(initial=0) + 1) + indicator),
        origins=Groups(origin * (panel.source.max(initial=0) + 1) + source),
        indicator=indicator,
        source=source,
        count=np.isfinite(raw).sum(axis=1).astype(np.float64),
    )


def _trimmed(raw: Floats) -> Floats:
    """Without the first eight or sixteen columns where no row holds a value in them.

    numpy adds a row up in eight strands. Only whole rounds of nought are left out of them, so that no digit of a row hangs on how
    far back the others reach.
    """
    empty = int(np.isfinite(raw).any(axis=0).argmax())
    return raw[:, min(empty // _STRANDS, 2) * _STRANDS :]
