"""Predictive distributions: Student's t on the scale on which a series changes, brought back to its unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy import special

from dabiao.forecast.interface import Predictive, Scale

_EDGE = 5e-4
"""How near to its bounds a share may come before the logit: 0.05 of a percentage point, half of what is published."""


@dataclass(frozen=True, slots=True)
class Transform:
    """To the scale on which changes are comparable, and back.

    ``log`` for concentrations, ``logit`` between the bounds for shares, ``identity`` otherwise. A value on its bound
    (a good-day share of 100 %) is moved inside by 0.05 % of the range, so that its logit is finite.
    """

    scale: Scale
    low: float | None = None
    high: float | None = None

    def forward(self, x: float) -> float:
        if self.scale == "log":
            return math.log(max(x - (self.low or 0.0), 1e-9))
        if self.scale == "logit":
            assert self.low is not None and self.high is not None
            share = (x - self.low) / (self.high - self.low)
            share = min(max(share, _EDGE), 1 - _EDGE)
            return math.log(share / (1 - share))
        return x

    def back(self, z: float) -> float:
        if self.scale == "log":
            return (self.low or 0.0) + math.exp(min(z, 700.0))
        if self.scale == "logit":
            assert self.low is not None and self.high is not None
            share = 1 / (1 + math.exp(-z)) if z > -700 else 0.0
            # What the forward step moved inside goes back onto the bound: 99.95 % is "100 %".
            share = 0.0 if share <= _EDGE else 1.0 if share >= 1 - _EDGE else share
            return self.low + share * (self.high - self.low)
        x = z
        if self.low is not None:
            x = max(x, self.low)
        if self.high is not None:
            x = min(x, self.high)
        return x


@dataclass(frozen=True, slots=True)
class StudentT:
    """Location, scale and degrees of freedom on the transformed scale; ``df = inf`` is the normal."""

    transform: Transform
    location: float
    spread: float
    df: float

    def cdf(self, x: float) -> float:
        """P(value ≤ x); 0 below and 1 at or above the bounds."""
        low, high = self.transform.low, self.transform.high
        if high is not None and x >= high:
            return 1.0
        if low is not None and x < low:
            return 0.0
        z = (self.transform.forward(x) - self.location) / self.spread
        return float(special.stdtr(self.df, z) if math.isfinite(self.df) else special.ndtr(z))

    def quantile(self, p: float) -> float:
        z = float(special.stdtrit(self.df, p) if math.isfinite(self.df) else special.ndtri(p))
        return self.transform.back(self.location + self.spread * z)

    def to_json(self) -> dict[str, Any]:
        return {
            "family": "student_t",
            "scale": self.transform.scale,
            "low": self.transform.low,
            "high": self.transform.high,
            "location": self.location,
            "spread": self.spread,
            "df": self.df if math.isfinite(self.df) else None,
        }


def from_json(stored: Mapping[str, Any]) -> Predictive:
    """Rebuild a stored distribution to the digit.

    Raises:
        ValueError: a family that this program does not know.
    """
    if stored.get("family") == "scaled_t":
        from dabiao.forecast.scaled_t import ScaledT  # noqa: PLC0415 - NumPy only where it is needed

        return ScaledT.from_json(stored)
    if stored.get("family") != "student_t":
        raise ValueError(f"unknown distribution family: {stored.get('family')!r}")
    df = stored["df"]
    return StudentT(
        Transform(stored["scale"], stored["low"], stored["high"]),
        stored["location"],
        stored["spread"],
        math.inf if df is None else df,
    )
