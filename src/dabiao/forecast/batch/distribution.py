"""From a location and a spread to a probability, a point and intervals: Student's t on the indicator's scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from dabiao.forecast.batch.groups import Flags, Floats, Ints
from dabiao.forecast.batch.scales import LOGIT, Scales

Texts = NDArray[np.str_]
COMPARATORS = ("<=", "<", ">=", ">", "=", "~=")
_AT_A_BORDER = 1e-6


@dataclass(frozen=True, slots=True)
class Predictive:
    """Distributions of future values, one a row.

    Attributes:
        location, spread: centre and scale of the t distribution, on the rows' scales.
        freedom: its degrees of freedom.
        scales: the rows' scales.
        quantum: step in which the value will be published, 0 for none.
        extreme: nearest a probability comes to 0 and 1.
    """

    location: Floats
    spread: Floats
    freedom: Floats
    scales: Scales
    quantum: Floats
    extreme: float

    def quantile(self, p: float) -> Floats:
        """Values below which the outcome lies with probability ``p``, in the indicators' units, within bounds."""
        return self.scales.back(self.location + self.spread * special.stdtrit(self.freedom, p))

    def below(self, border: Floats) -> Floats:
        """P(value ≤ border) for borders between two publishable values, shape (rows,)."""
        scales = self.scales
        share = scales.kind == LOGIT
        inner = np.where(
            share,
            np.clip(border, 2 * scales.margin, np.where(share, scales.upper, 1.0) - 2 * scales.margin),
            border,
        )
        z = (scales.forward(inner) - self.location) / self.spread
        p = special.stdtr(self.freedom, z)
        p = np.where(border >= scales.upper, 1.0, p)
        return np.asarray(np.where(border < scales.floor, 0.0, p))

    def attainment(self, comparator: Texts, target: Floats, tolerance: Floats, better: Floats) -> Floats:
        """P(the value, as published, meets the target), shape (rows,).

        Args:
            comparator: of ``COMPARATORS``. ``~=`` binds on its worse side only, as officials read 左右.
            target: in the indicator's unit.
            tolerance: of ``~=``; missing counts as 0.
            better: 1 where higher is better, −1 where lower is.
        """
        slack = np.where((comparator == "~=") & np.isfinite(tolerance), tolerance, 0.0)
        about = comparator == "~="
        goal = np.where(about, target - better * slack, target)
        at_most = np.isin(comparator, ("<=", "<")) | (about & (better < 0))
        equal = comparator == "="
        strict = np.isin(comparator, ("<", ">"))
        up, down = self._borders(goal)
        # Up to and including the goal, or below it; at least the goal, or above it.
        under = self.below(np.where(strict, down, up))
        over = 1.0 - self.below(np.where(strict, up, down))
        over = np.where((goal <= self.scales.floor) & ~strict, 1.0, over)
        under = np.where((goal <= self.scales.floor) & strict, 0.0, under)
        under = np.where((goal >= self.scales.upper) & strict, 1.0 - self._at_top(goal), under)
        over = np.where((goal >= self.scales.upper) & ~strict, self._at_top(goal), over)
        over = np.where((goal >= self.scales.upper) & strict, 0.0, over)
        p = np.where(equal, np.maximum(under + over - 1.0, 0.0), np.where(at_most, under, over))
        return np.clip(p, self.extreme, 1.0 - self.extreme)

    def _at_top(self, goal: Floats) -> Floats:
        """P(at the upper bound): what lies above the last publishable value below it."""
        beyond = goal > self.scales.upper + _AT_A_BORDER
        half = np.where(self.quantum > 0, self.quantum / 2, 0.0)
        return np.where(
            beyond, 0.0, 1.0 - self.below(np.minimum(goal - half, self.scales.upper * (1 - 1e-12)))
        )

    def _borders(self, goal: Floats) -> tuple[Floats, Floats]:
        """Borders halfway to the next publishable value: above the last that is at most the goal; below the first
        that is at least the goal. Both are the goal itself where values are not published in steps.
        """
        step = np.where(self.quantum > 0, self.quantum, 1.0)
        steps = goal / step
        up = (np.floor(steps + _AT_A_BORDER) + 0.5) * step
        down = (np.ceil(steps - _AT_A_BORDER) - 0.5) * step
        stepped = self.quantum > 0
        return np.where(stepped, up, goal), np.where(stepped, down, goal)


def judge(value: Floats, comparator: Texts, target: Floats, tolerance: Floats, better: Floats) -> Flags:
    """Whether a known value meets its target, raw against raw."""
    slack = np.where(np.isfinite(tolerance), tolerance, 0.0)
    return np.select(
        [comparator == "<=", comparator == "<", comparator == ">=", comparator == ">", comparator == "="],
        [value <= target, value < target, value >= target, value > target, value == target],
        np.where(better > 0, value >= target - slack, value <= target + slack),
    )


def pick(
    rows: Ints, scales: Scales, location: Floats, spread: Floats, freedom: Floats, extreme: float
) -> Predictive:
    """Distributions of the values of ``rows``, published in the steps of their history."""
    own = scales.take(rows)
    return Predictive(location, spread, freedom, own, own.quantum, extreme)
