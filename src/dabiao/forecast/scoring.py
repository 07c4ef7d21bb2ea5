"""Scores of probabilities and intervals against what came. Pure arithmetic over pairs.

Brier score and its decomposition by bins: Brier (1950), Murphy (1973); interval of a share: Wilson (1927); reference for a
share of few earlier cases: (k + 1/2) / (n + 1), the mean under Jeffreys' prior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054
BINS = 10
"""Bins of a calibration curve, equally wide from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of few cases with its 95 % Wilson interval; ``None`` where there is no case."""

    count: int
    of: int
    share: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a calibration curve: the probabilities said in it, on average, and the share that came true.

    Attributes:
        low, high: its borders; the highest bin holds 1 as well.
        said: mean of the probabilities in it.
        came: how often what was asked came true.
    """

    low: float
    high: float
    said: float
    came: Share


def share_of(count: int, of: int) -> Share:
    """A share with its Wilson interval at 95 %."""
    if of == 0:
        return Share(0, 0, None, None, None)
    p, z2 = count / of, Z95**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(p * (1 - p) / of + z2 / (4 * of**2))
    return Share(count, of, p, max(0.0, middle - half), min(1.0, middle + half))


def earlier_share(met: Iterable[bool]) -> float:
    """Climatology: the share of earlier cases, drawn to a half where there are few."""
    told = list(met)
    return (sum(told) + 0.5) / (len(told) + 1)


def brier(said: Sequence[tuple[float, bool]]) -> float | None:
    """Mean squared distance of probabilities from what came (0 is best, 0.25 says nothing); ``None`` of no case."""
    if not said:
        return None
    return math.fsum((p - met) ** 2 for p, met in said) / len(said)


def skill(score: float | None, reference: float | None) -> float | None:
    """1 − score / reference: 1 is perfect, 0 no better than the reference; ``None`` where that is missing or perfect."""
    if score is None or not reference:
        return None
    return 1 - score / reference


def calibration(said: Sequence[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """The bins that hold any case, from low to high."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for p, met in said:
        held.setdefault(min(int(p * bins), bins - 1), []).append((p, met))
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            math.fsum(p for p, _ in cases) / len(cases),
            share_of(sum(met for _, met in cases), len(cases)),
        )
        for number, cases in sorted(held.items())
    ]
