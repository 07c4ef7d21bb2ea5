"""The attainment model for one series alone: drift, spread and error tails shrunk to priors from a reference panel.

The numbers of ten thousand real cases stand behind a series of five values: how large changes usually are, how much of a
drift lasts, how much of a last surprise is taken back, how fast the errors grow. See :mod:`dabiao.forecast.batch`, which
does the same for many series at once and lets them learn from each other; here a series has no companions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dabiao.errors import SeriesTooShort
from dabiao.forecast.batch import experience, trend, windows
from dabiao.forecast.batch.distribution import Predictive as Rows
from dabiao.forecast.batch.panel import Panel
from dabiao.forecast.batch.priors import shipped
from dabiao.forecast.batch.scales import Scales
from dabiao.forecast.interface import Fitted, History

FAMILY = "scaled_t"
_SCALE_FIELDS = ("kind", "upper", "margin", "bend", "floor", "quantum")


@dataclass(frozen=True, slots=True)
class ScaledT:
    """Student's t on the series' own scale (log, logit or inverse hyperbolic sine), within the indicator's bounds.

    Attributes:
        numbers: location, spread, freedom, and the scale's own numbers (:class:`dabiao.forecast.batch.scales.Scales`).
        low, high: bounds of the indicator, ``None`` where open.
        extreme: nearest a probability comes to 0 and 1: no model is surer than its own record.
    """

    numbers: Mapping[str, float]
    low: float | None
    high: float | None
    extreme: float

    def _rows(self) -> Rows:
        n = self.numbers
        one = {name: np.array([n[name]]) for name in _SCALE_FIELDS}
        one["kind"] = one["kind"].astype(np.int64)
        return Rows(
            np.array([n["location"]]),
            np.array([n["spread"]]),
            np.array([n["freedom"]]),
            Scales(**one),
            one["quantum"],
            self.extreme,
        )

    def cdf(self, x: float) -> float:
        """P(value ≤ x)."""
        if self.high is not None and x >= self.high:
            return 1.0
        if self.low is not None and x < self.low:
            return 0.0
        p = float(self._rows().below(np.array([x]))[0])
        return min(max(p, self.extreme), 1.0 - self.extreme)

    def quantile(self, p: float) -> float:
        x = float(self._rows().quantile(p)[0])
        x = x if self.low is None else max(x, self.low)
        return x if self.high is None else min(x, self.high)

    def to_json(self) -> dict[str, Any]:
        plain = {name: (value if np.isfinite(value) else str(value)) for name, value in self.numbers.items()}
        return {
            "family": FAMILY,
            "numbers": plain,
            "low": self.low,
            "high": self.high,
            "extreme": self.extreme,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ScaledT:
        """Rebuild a stored distribution to the digit."""
        numbers = {name: float(value) for name, value in stored["numbers"].items()}
        return cls(numbers, stored["low"], stored["high"], stored["extreme"])


@cache
def _version() -> str:
    digest = hashlib.sha256(json.dumps(shipped().to_json(), sort_keys=True).encode()).hexdigest()
    return f"1+{digest[:8]}"


class Shrunk:
    """For annual series. Gives an answer from three values on; what is shown is up to the setting ``minimum_years``."""

    name = "shrunk"
    minimum = 3

    @property
    def version(self) -> str:
        """Of the formulae, and of the priors that they are filled with: other priors give other digits."""
        return _version()

    def fit(self, history: History, horizon: int) -> Fitted:
        if history.observed < self.minimum:
            raise SeriesTooShort(
                "series_too_short", model=self.name, observed=history.observed, minimum=self.minimum
            )
        priors = shipped().trend
        share = history.scale == "logit" and history.high is not None
        panel = Panel(
            ids=pd.Index(["series"]),
            values=np.array([[np.nan if v is None else v for v in history.values]]),
            first=0,
            season=1,
            sign=np.array([1.0 if history.direction == "higher" else -1.0]),
            upper=np.array([history.high if share else np.inf], dtype=np.float64),
            indicator=np.zeros(1, dtype=np.int64),
            source=np.zeros(1, dtype=np.int64),
        )
        known = windows.build(panel)
        fitted = trend.fit(known, priors)
        factors = experience.factors(panel, known, fitted, priors)
        row = np.array([len(known.series) - 1])
        scales = known.scales.take(row)
        own = {name: float(getattr(scales, name)[0]) for name in _SCALE_FIELDS}
        steps = []
        for lead in range(1, horizon + 1):
            years = np.array([float(lead)])
            factor = factors[row, min(lead, experience.LEADS) - 1]
            numbers = {
                "location": float(fitted.location(row, years)[0]),
                "spread": float((fitted.scale(row, years) * factor)[0]),
                "freedom": float(fitted.freedom[row][0]),
                **own,
            }
            steps.append(ScaledT(numbers, history.low, history.high, priors.extreme))
        names = (
            "anchor",
            "unit",
            "drift",
            "jump",
            "momentum",
            "damping",
            "spread",
            "growth",
            "freedom",
            "kept",
        )
        params = {name: float(getattr(fitted, name)[row][0]) for name in names}
        return Fitted(steps, params)
