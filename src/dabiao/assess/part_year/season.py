"""Where the figure to date should stand for the year to come out at the target, by the season of earlier years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dabiao.assess.part_year.makeup import Makeup
from dabiao.assess.part_year.observed import Line, mean_over

YEARS = 5
"""Earlier years that make the profile: the pattern of older ones has changed."""
PRIOR_YEARS = Fraction(1, 2)
"""Years for which "every month alike" counts against the own years. Of 0 to 2 it has the least error over 397 city-years of
monthly PM2.5: 0.151 of the year's mean, against 0.165 without it and 0.271 without any season."""
WHOLE = frozenset(range(12))


@dataclass(frozen=True, slots=True)
class Path:
    """The figure to date that would end at the target.

    Attributes:
        seasonal: with the months' shares of earlier years, shrunk towards every month alike; ``None`` without such years.
        linear: with every month alike. Ours both; no document asks for either.
        years: the earlier years used.
        ratio: what the months so far were of the whole year's figure.
    """

    seasonal: Fraction | None
    linear: Fraction
    years: tuple[int, ...]
    ratio: Fraction | None


def path(
    lines: Sequence[Line],
    year: int,
    months: frozenset[int],
    border: Fraction,
    makeup: Makeup,
    days: Mapping[str, int],
    rises: bool,
) -> Path:
    """The figure to date that would end at ``border``.

    Args:
        months: those of the year that are known, January being 0.
        days: of the known part (``known``) and the year (``total``), for totals.
        rises: whether higher is better; the season of a share of good days is that of the days that are not.
    """
    linear = border * days["known"] / days["total"] if makeup is Makeup.TOTAL else border
    top = Fraction(100) if makeup is Makeup.DAYS and rises else None
    ratios: dict[int, Fraction] = {}
    first = min((line.first_year for line in lines if line.values), default=year)
    for earlier in range(year - 1, first - 1, -1) if makeup is not Makeup.TOTAL else ():
        if len(ratios) == YEARS:
            break
        ratio = next((r for line in lines if (r := _ratio(line, earlier, months, top)) is not None), None)
        if ratio is not None:
            ratios[earlier] = ratio
    if not ratios:
        return Path(None, linear, (), None)
    ratio = (sum(ratios.values(), Fraction(0)) + PRIOR_YEARS) / (len(ratios) + PRIOR_YEARS)
    seasonal = border * ratio if top is None else top - (top - border) * ratio
    return Path(seasonal, linear, tuple(sorted(ratios)), ratio)


def _ratio(line: Line, year: int, months: frozenset[int], top: Fraction | None) -> Fraction | None:
    so_far, whole = mean_over(line, year, months), mean_over(line, year, WHOLE)
    if so_far is None or whole is None:
        return None
    part, all_of_it = so_far.value, whole.value
    if top is not None:
        part, all_of_it = top - part, top - all_of_it
    return part / all_of_it if all_of_it > 0 else None
