"""What a batch model says of many series: the distributions of their next periods, and how each is kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from dabiao.domain.steps import QUANTILES, dump
from dabiao.forecast.batch.groups import Floats, Ints
from dabiao.forecast.batch.scales import SCALE_FIELDS, Scales
from dabiao.forecast.interface import Fitted, Packed
from dabiao.forecast.scaled_t import FAMILY, ScaledT, plain


@dataclass(frozen=True, slots=True)
class Ahead:
    """Distributions of the periods ``1 … horizon`` after each row's last value.

    Attributes:
        location, spread: (rows, horizon), of Student's t on the rows' scales.
        freedom: (rows,), its degrees of freedom.
        low, high: (rows,), bounds of the indicators, infinite where open.
        extreme: nearest a probability comes to 0 and 1.
        params: the fitted numbers by name, each (rows,).
    """

    location: Floats
    spread: Floats
    freedom: Floats
    scales: Scales
    low: Floats
    high: Floats
    extreme: float
    params: Mapping[str, Floats]

    def quantiles(self) -> Floats:
        """Values at :data:`dabiao.domain.steps.QUANTILES`, shape (rows, horizon, 5)."""
        kinds, kind = np.unique(self.freedom, return_inverse=True)
        out = np.empty((*self.location.shape, len(QUANTILES)))
        for number, p in enumerate(QUANTILES):
            t = special.stdtrit(kinds, p)[kind.ravel()]
            value = self.scales.back(self.location + self.spread * t[:, None])
            out[:, :, number] = np.clip(value, self.low[:, None], self.high[:, None])
        return out

    def fitted(self, row: int, horizon: int) -> Fitted:
        """One row as every model gives it."""
        own = {name: float(getattr(self.scales, name)[row]) for name in SCALE_FIELDS}
        bounds = (_open(self.low[row]), _open(self.high[row]))
        steps = [
            ScaledT(
                {
                    "location": float(self.location[row, lead]),
                    "spread": float(self.spread[row, lead]),
                    "freedom": float(self.freedom[row]),
                    **own,
                },
                *bounds,
                self.extreme,
            )
            for lead in range(horizon)
        ]
        return Fitted(steps, {name: float(values[row]) for name, values in self.params.items()})

    def packed(self, horizons: Ints) -> list[Packed]:
        """Each row as it is kept, cut to its own horizon: the same as :meth:`fitted` packed one by one."""
        quantiles = np.ascontiguousarray(self.quantiles(), dtype="<f8")
        low, high, freedom = self.low.tolist(), self.high.tolist(), self.freedom.tolist()
        scales = {name: getattr(self.scales, name).astype(np.float64).tolist() for name in SCALE_FIELDS}
        params = {name: values.tolist() for name, values in self.params.items()}
        rows = []
        for row, horizon in enumerate(horizons.tolist()):
            same = {
                "family": FAMILY,
                "low": _open(low[row]),
                "high": _open(high[row]),
                "extreme": self.extreme,
                "freedom": freedom[row],
                **{name: plain(values[row]) for name, values in scales.items()},
            }
            each = {
                "location": self.location[row, :horizon].tolist(),
                "spread": self.spread[row, :horizon].tolist(),
            }
            own = json.dumps({name: values[row] for name, values in params.items()}, sort_keys=True)
            rows.append(Packed(quantiles[row, :horizon].tobytes(), dump(same, each), own))
        return rows


def _open(bound: float) -> float | None:
    return float(bound) if math.isfinite(bound) else None
