"""What a person must know of the values behind a status: codes, each with its figures. They change no status.

The borders are ours: a window is short below eight values; rounding is coarse where the published step is larger than the usual
change of a year; values heap where at least four in five end in 0 or 5, which one series in 150 does by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from dabiao.assess.evidence import Evidence
from dabiao.assess.totals import counts_up, falls
from dabiao.domain.assessment import Caution, Warned
from dabiao.domain.observation import Series, Tier
from dabiao.domain.rounding import decimals_of
from dabiao.domain.target import Indicator, Target

SHORT = 8
HEAPED = 0.8
_FEW = 5


def cautions(target: Target, indicator: Indicator, evidence: Evidence, as_of: date) -> tuple[Warned, ...]:
    """The cautions of a target's evidence, the gravest first."""
    series = evidence.series
    if series is None:
        return ()
    return (*_of_basis(evidence), *_of_values(target, indicator, series, as_of), *_of_source(target, series))


def _of_basis(evidence: Evidence) -> Iterator[Warned]:
    assert evidence.series is not None
    if evidence.replaced is not None:
        year = evidence.series.points[0].period.year
        yield Warned(Caution.BASIS_CHANGED, {"year": year, "count": len(evidence.replaced)})


def _of_values(target: Target, indicator: Indicator, series: Series, as_of: date) -> Iterator[Warned]:
    values = [p.value for p in series.points]
    years = [p.period.first // 12 for p in series.points]
    if counts_up(target, indicator) and falls(series):
        yield Warned(Caution.TOTAL_FALLS)
    if (late := as_of.year - 1 - years[-1]) > 0:
        yield Warned(Caution.STALE, {"last": years[-1], "count": late})
    if len(values) < SHORT:
        yield Warned(Caution.SHORT_WINDOW, {"count": len(values)})
    if len(years) <= years[-1] - years[0]:
        yield Warned(Caution.GAP_YEARS, {"years": sorted(set(range(years[0], years[-1])) - set(years))})
    if len(values) >= 3 and all(v == values[0] for v in values):
        at_bound = values[0] in indicator.bounds
        yield Warned(Caution.AT_BOUND if at_bound else Caution.CONSTANT, {"value": str(values[0])})
        return
    if len(values) < _FEW:
        return
    places = [decimals_of(v) for v in values]
    finest = max(places)
    step = Decimal(1).scaleb(-finest)
    # In steps, as whole numbers: exact, and in a fifth of the time that decimals take.
    steps = [int(v.scaleb(finest)) for v in values]
    if median([abs(later - earlier) for earlier, later in pairwise(steps)]) < 1:
        yield Warned(Caution.COARSE_ROUNDING, {"step": str(step)})
    if _heaped([n for n, own in zip(steps, places, strict=True) if own == finest]):
        yield Warned(Caution.HEAPING, {"step": str(5 * step)})


def _heaped(steps: Sequence[int]) -> bool:
    """Whether values that are published to the last place end in 0 or 5 far more often than one in five."""
    return len(steps) >= _FEW and sum([n % 5 == 0 for n in steps]) >= HEAPED * len(steps)


def _of_source(target: Target, series: Series) -> Iterator[Warned]:
    if target.series.proxy:
        yield Warned(Caution.PROXY, {"region": series.region})
    if not {p.chosen.tier for p in series.points}.isdisjoint((Tier.THIRD_PARTY, Tier.DERIVED_THIRD_PARTY)):
        yield Warned(Caution.THIRD_PARTY)
