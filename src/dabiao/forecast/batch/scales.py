"""The scale on which changes are comparable, row by row, and the precision of the values.

A concentration that falls from 60 to 54 and one from 30 to 27 have done the same: log. A share that rises from 98 to
99 has halved what is missing: logit. A series that has been zero or negative is put on the inverse hyperbolic sine,
which is linear near zero and a logarithm far from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dabiao.forecast.batch.groups import Flags, Floats, Ints

LOG, LOGIT, SYMMETRIC = 0, 1, 2
SCALE_FIELDS = ("kind", "upper", "margin", "bend", "floor", "quantum")
"""Of :class:`Scales`, in order."""
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Scales:
    """One scale a row.

    Attributes:
        kind: ``LOG``, ``LOGIT`` or ``SYMMETRIC``; shape (rows,).
        upper: the indicator's upper bound, infinite where open.
        margin: how far inside its bounds a share is held, in its unit: a share of exactly 100 has no logit.
        bend: the value at which a symmetric scale turns from linear to logarithmic, in the indicator's unit.
        floor: lowest value that may be forecast: 0 where none below was ever seen, else minus infinity.
        quantum: the step in which the values are published (0.1 for one decimal), 0 where it cannot be told.
    """

    kind: Ints
    upper: Floats
    margin: Floats
    bend: Floats
    floor: Floats
    quantum: Floats

    def take(self, rows: Ints) -> Scales:
        return Scales(
            self.kind[rows],
            self.upper[rows],
            self.margin[rows],
            self.bend[rows],
            self.floor[rows],
            self.quantum[rows],
        )

    def forward(self, values: Floats) -> Floats:
        """Values (rows, …) in the indicator's unit to the scale; missing stays missing."""
        kind, upper, margin, bend = (
            self._wide(a, values) for a in (self.kind, self.upper, self.margin, self.bend)
        )
        share = kind == LOGIT
        with np.errstate(invalid="ignore", divide="ignore"):
            top = np.where(share, upper, 1.0)
            inside = np.clip(values, margin, np.maximum(top - margin, margin))
            logit = np.log(inside / np.where(share, top - inside, 1.0))
            log = np.log(np.maximum(values, 1e-300))
            symmetric = np.arcsinh(values / bend)
        return np.asarray(np.where(share, logit, np.where(kind == LOG, log, symmetric)), dtype=np.float64)

    def back(self, x: Floats) -> Floats:
        """The inverse of :meth:`forward`, within the indicator's bounds."""
        kind, upper, bend, floor = (self._wide(a, x) for a in (self.kind, self.upper, self.bend, self.floor))
        x = np.clip(x, -600.0, 600.0)
        share = kind == LOGIT
        top = np.where(share, upper, 1.0)
        with np.errstate(over="ignore"):
            symmetric = bend * np.sinh(x)
        values = np.where(
            share,
            top / (1.0 + np.exp(-x)),
            np.where(kind == LOG, np.exp(np.where(kind == LOG, x, 0.0)), symmetric),
        )
        return np.clip(values, floor, upper)

    def slope(self, values: Floats) -> Floats:
        """Derivative of :meth:`forward` at ``values``."""
        kind, upper, margin, bend = (
            self._wide(a, values) for a in (self.kind, self.upper, self.margin, self.bend)
        )
        share = kind == LOGIT
        top = np.where(share, upper, 1.0)
        inside = np.where(share, np.clip(values, margin, np.maximum(top - margin, margin)), 0.5)
        logit = top / (inside * (top - inside))
        log = 1.0 / np.maximum(np.abs(values), 1e-300)
        return np.asarray(
            np.where(share, logit, np.where(kind == LOG, log, 1.0 / np.hypot(values, bend))), dtype=np.float64
        )

    @staticmethod
    def _wide(a: Floats | Ints, like: Floats) -> Floats:
        return np.asarray(a, dtype=np.float64).reshape(-1, *[1] * (like.ndim - 1))


def choose(values: Floats, upper: Floats) -> Scales:
    """Scales for rows of values.

    Args:
        values: shape (rows, periods), in the indicators' units, NaN where missing; only what is known at the origin.
        upper: shape (rows,), upper bound of a share, infinite where open.
    """
    seen = np.isfinite(values)
    share = np.isfinite(upper) & (upper > 0)
    quantum = precision(values)
    low = np.where(seen, values, np.inf).min(axis=1, initial=np.inf)
    high = np.where(seen, values, -np.inf).max(axis=1, initial=-np.inf)
    # A value beyond its declared bound makes the bound doubtful: the row is then treated as open.
    share &= (low >= 0) & (high <= np.where(share, upper, np.inf))
    kind = np.where(share, LOGIT, np.where(low > 0, LOG, SYMMETRIC)).astype(np.int64)
    top = np.where(share, upper, 1.0)[:, None]
    with np.errstate(invalid="ignore"):
        gap = np.minimum(
            np.where(seen & (values > 0), values, np.inf), np.where(values < top, top - values, np.inf)
        )
    nearest = gap.min(axis=1, initial=np.inf)
    loose = 0.25 * np.where(np.isfinite(nearest), nearest, 1e-2 * top[:, 0])
    margin = np.where(quantum > 0, np.minimum(quantum, top[:, 0] / 10) / 4, loose)
    # Added up from the left, not in pairs: missing periods in front then change no digit.
    total = np.add.accumulate(np.where(seen, np.abs(values), 0.0), axis=1)[:, -1]
    size = total / np.maximum(seen.sum(axis=1), 1)
    return Scales(
        kind=kind,
        upper=np.where(share, upper, np.inf),
        margin=np.where(share, np.maximum(margin, 1e-12 * top[:, 0]), 0.0),
        # Values too small to divide by are zeros for every purpose.
        bend=np.where(size > 1e-100, 0.1 * size, 1.0),
        floor=np.where(low >= 0, 0.0, -np.inf),
        quantum=quantum,
    )


def precision(values: Floats) -> Floats:
    """The step in which each row's values (rows, periods) are published: 1, 0.1, …, 1e-6; 0 where it cannot be told.

    Fewer than three values tell nothing, since one in ten ends in a zero by chance.
    """
    seen = np.isfinite(values)
    filled = np.where(seen, values, 0.0)
    step = np.zeros(len(values))
    open_: Flags = seen.sum(axis=1) >= 3
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = filled * 10.0**decimals
        whole = (np.abs(scaled - np.rint(scaled)) <= 1e-6 + 1e-9 * np.abs(scaled)).all(axis=1)
        hit = open_ & whole
        step[hit] = 10.0**-decimals
        open_ &= ~whole
    return step
