"""An annual forecast moved by what the year in progress has shown so far.

The year in progress is a last value that is not sure yet. Two forecasts of it are at hand: the annual model's, from the years
before, and the in-year model's, from the months. They are weighed by their errors, which hang together because both know the
years before. What that moves the year, it moves the later years by :data:`GAIN`, and the year's doubt is added, by as much, to
the errors that the annual model has from a known last value.

Both numbers are round ones, near the best over wide ranges of the reference cases (``benchmarks/later_years.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy import special

from dabiao.forecast.interface import Fitted, Predictive
from dabiao.forecast.scaled_t import ScaledT

NAME = "carried"
VERSION = "1"
GAIN = 0.8
"""Share of a year's surprise that lasts. On 12,578 annual cases (China, UK, USA) 0.8 to 0.9 score best."""
SHARED = 0.4
"""Correlation of the two forecasts' errors: 0.6 in February to 0.3 in November, in 82 city-years of the reference panel."""
_UPPER = 0.9


def carry(annual: Sequence[ScaledT], running: Predictive) -> Fitted:
    """The annual steps with the year in progress taken for the first of them.

    Args:
        annual: the distributions of the years after the last annual value, the year in progress first.
        running: the in-year model's distribution of that year.

    Returns:
        as many steps; the first is ``running`` as it was given. ``params``: ``weight`` of the months in what is expected of the
        year, ``year_expected`` that expectation in the indicator's unit, ``moved`` by how much it differs from the annual
        model's and ``doubt`` its error scale, both on the series' scale.
    """
    first = annual[0]
    low, middle, high = (
        float(first.scales.forward(np.array([running.quantile(p)]))[0]) for p in (1 - _UPPER, 0.5, _UPPER)
    )
    own, location = first.numbers["spread"], first.numbers["location"]
    doubt = (high - low) / 2 / float(special.stdtrit(first.numbers["freedom"], _UPPER))
    weight, left = _together(own, doubt)
    moved = weight * (middle - location)
    later = [
        replace(
            step,
            numbers={
                **step.numbers,
                "location": step.numbers["location"] + GAIN * moved,
                "spread": float(np.hypot(before.numbers["spread"], GAIN * left)),
            },
        )
        for before, step in pairwise(annual)
    ]
    expected = replace(first, numbers={**first.numbers, "location": location + moved}).quantile(0.5)
    return Fitted(
        [running, *later], {"year_expected": expected, "weight": weight, "moved": moved, "doubt": left}
    )


def _together(annual: float, running: float) -> tuple[float, float]:
    """Weight of the in-year forecast beside the annual one, and the error of both together.

    The best linear combination of two forecasts whose errors correlate (Bates & Granger, The Combination of Forecasts, 1969).
    """
    shared = SHARED * annual * running
    weight = (annual**2 - shared) / (annual**2 + running**2 - 2 * shared)
    weight = min(max(weight, 0.0), 1.0)
    variance = (weight * running) ** 2 + ((1 - weight) * annual) ** 2 + 2 * weight * (1 - weight) * shared
    return weight, float(np.sqrt(variance))
