"""The model's numbers, fitted once on the reference panel and shipped in ``data/priors/attainment.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

_FILE = "attainment.json"


@dataclass(frozen=True, slots=True)
class FamilyPriors:
    """Numbers that differ between an indicator seen in a few series and one seen in a hundred places.

    Attributes:
        memory: weight of a common change relative to that of a year later.
        drift_pull: years of evidence that the prior drift counts for.
        damping: share of the drift that is left a year later.
        scale_pull: years of evidence that the family's scale counts for.
        freedom: degrees of freedom of the errors' t distribution.
        spread: error scale one year ahead, in mean absolute changes.
        growth: exponent of the lead in the error scale of a series that is all noise.
        momentum: log prior odds of filters with a trend of their own.
    """

    memory: float
    drift_pull: float
    damping: float
    scale_pull: float
    freedom: float
    spread: float
    growth: float
    momentum: float


@dataclass(frozen=True, slots=True)
class TrendPriors:
    """Numbers of the annual model.

    Attributes:
        small, large: for families of at most 5 and at least 80 series; in between by the logarithm of the size.
        drift: mean improvement a year of indicators in general, in mean absolute changes; ``drift_share`` for shares.
        drift_families: families that this prior counts for against the panel's own.
        scale: log mean absolute yearly change of indicators in general, on their scale.
        scale_series: series that this prior counts for.
        common_pull: series that the common change of a family is held towards zero by.
        common_kept: part of the family's last unexpected change that lasts.
        smoothing: log prior odds of smoothing a series' own changes entirely away, against keeping them.
        own_weight, family_weight: how far a series' and its family's past errors choose between filters.
        trend_damping: share of a filter's own trend that is left a year later.
        error_weight: how far the chosen filters' past errors set the error scale, against the changes' size.
        noise_growth: by how much the growth exponent rises from all noise to none.
        convergence_pull: weight of "regions do not converge", in squared mean absolute changes.
        experience_source, experience_indicator: years of evidence that "errors are as large as said" counts for.
        experience_memory: weight of an error relative to that of a year later.
        extreme: nearest a probability comes to 0 and 1.
        unknown: probability given where nothing is known: how often targets were met in the reference panel.
    """

    small: FamilyPriors
    large: FamilyPriors
    drift: float
    drift_share: float
    drift_families: float
    scale: float
    scale_series: float
    common_pull: float
    common_kept: float
    smoothing: float
    own_weight: float
    family_weight: float
    trend_damping: float
    error_weight: float
    noise_growth: float
    convergence_pull: float
    experience_source: float
    experience_indicator: float
    experience_memory: float
    extreme: float
    unknown: float


@dataclass(frozen=True, slots=True)
class PathPriors:
    """Covariance of one seasonal path: standard deviations on the indicator's scale, of months.

    Attributes:
        step: random walk of the level, a month.
        season: what one month of the year differs by from the level, every year again.
        noise: what one month differs by from level and season.
        persistence: correlation of the noise with the next month's.
    """

    step: float
    season: float
    noise: float
    persistence: float


@dataclass(frozen=True, slots=True)
class SeasonPriors:
    """Numbers of the in-year model.

    Attributes:
        common: of what the series of one indicator have in common; ``own``: of what each has for itself.
        drift: improvement a year, on the indicator's scale.
        common_pull: series that the common path is held towards zero by.
        freedom: degrees of freedom of the errors' t distribution.
        spread: factor of the error scale.
        extreme: nearest a probability comes to 0 and 1.
    """

    common: PathPriors
    own: PathPriors
    drift: float
    common_pull: float
    freedom: float
    spread: float
    extreme: float


@dataclass(frozen=True, slots=True)
class Priors:
    """All numbers of the batch model."""

    trend: TrendPriors
    season: SeasonPriors

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(plain: dict[str, Any]) -> Priors:
    """Priors from plain numbers.

    Raises:
        TypeError: a number is missing or one is not known.
    """
    trend, season = dict(plain["trend"]), dict(plain["season"])
    for name in ("small", "large"):
        trend[name] = FamilyPriors(**trend[name])
    for name in ("common", "own"):
        season[name] = PathPriors(**season[name])
    return Priors(TrendPriors(**trend), SeasonPriors(**season))


@cache
def shipped() -> Priors:
    """The priors that come with the program."""
    root = Path(__file__).parents[2]
    packaged = root / "_data"
    folder = packaged if packaged.is_dir() else root.parents[1] / "data"
    return from_json(json.loads((folder / "priors" / _FILE).read_text(encoding="utf-8"))["priors"])


FAMILY_NAMES = tuple(f.name for f in fields(FamilyPriors))
