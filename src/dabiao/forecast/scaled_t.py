"""One predictive distribution of the batch models: Student's t on the series' own scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from dabiao.forecast.batch.distribution import Predictive as Rows
from dabiao.forecast.batch.scales import LOG, LOGIT, SCALE_FIELDS, Scales

FAMILY = "scaled_t"
_NUMBERS = ("location", "spread", "freedom", *SCALE_FIELDS)


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

    @property
    def scales(self) -> Scales:
        """The series' own scale, of one row."""
        one = {name: np.array([self.numbers[name]]) for name in SCALE_FIELDS}
        return Scales(**{**one, "kind": one["kind"].astype(np.int64)})

    def _rows(self) -> Rows:
        location, spread, freedom = (
            np.array([self.numbers[name]]) for name in ("location", "spread", "freedom")
        )
        scales = self.scales
        return Rows(location, spread, freedom, scales, scales.quantum, self.extreme)

    def cdf(self, x: float) -> float:
        """P(value ≤ x)."""
        if self.high is not None and x >= self.high:
            return 1.0
        if self.low is not None and x < self.low:
            return 0.0
        return min(max(self._below(x), self.extreme), 1.0 - self.extreme)

    def _below(self, x: float) -> float:
        """:meth:`dabiao.forecast.batch.distribution.Predictive.below` of the one row, without the cost of arrays."""
        n = self.numbers
        upper, margin = n["upper"], n["margin"]
        if x >= upper:
            return 1.0
        if x < n["floor"]:
            return 0.0
        if n["kind"] == LOGIT:
            inner = min(max(x, 2 * margin), upper - 2 * margin)
            inside = min(max(inner, margin), max(upper - margin, margin))
            z = math.log(inside / (upper - inside))
        elif n["kind"] == LOG:
            z = math.log(max(x, 1e-300))
        else:
            z = math.asinh(x / n["bend"])
        return float(special.stdtr(n["freedom"], (z - n["location"]) / n["spread"]))

    def quantile(self, p: float) -> float:
        x = float(self._rows().quantile(p)[0])
        x = x if self.low is None else max(x, self.low)
        return x if self.high is None else min(x, self.high)

    def to_json(self) -> dict[str, Any]:
        return {
            "family": FAMILY,
            "low": self.low,
            "high": self.high,
            "extreme": self.extreme,
            **{name: plain(float(value)) for name, value in self.numbers.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ScaledT:
        """Rebuild a stored distribution to the digit."""
        numbers = {name: float(stored[name]) for name in _NUMBERS}
        return cls(numbers, stored["low"], stored["high"], stored["extreme"])


def plain(value: float) -> float | str:
    """A number as JSON can have it: an infinite one as its word."""
    return value if math.isfinite(value) else str(value)
