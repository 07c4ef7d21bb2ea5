"""A target judged from observations, without a store: what the tests of statuses share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dabiao.assess.evidence import NOTHING, Evidence, gather
from dabiao.assess.rules import RULES
from dabiao.assess.verdict import Judged, Thresholds, assess, needs_forecast
from dabiao.domain.assessment import Assessment, Reason, SeriesForecast, Step
from dabiao.domain.observation import Observation, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Indicator, Target
from tests.factories import indicator, observation, target

AS_OF = date(2025, 6, 1)
THRESHOLDS = Thresholds()


def values(of: Mapping[str | int, str], **more: Any) -> list[Observation]:
    """One official value a period, each known on the day after it."""
    start = more.pop("id", 1)
    return [observation(str(p), v, id=start + i, **more) for i, (p, v) in enumerate(of.items())]


def known(observations: Sequence[Observation], t: Target, as_of: date = AS_OF) -> Evidence:
    """The evidence of a target on a day."""
    seen = [o for o in observations if o.known_on <= as_of]
    annual = list(series_of(seen, PeriodKind.YEAR, as_of).values())
    return gather(t, seen, annual, as_of, THRESHOLDS.minimum) if seen else NOTHING


def likely(attainment: float, period: str = "2027") -> Judged:
    """A forecast with that attainment."""
    step = Step(period, 27.8, 24.2, 31.3, 22.0, 34.0, {})
    made = SeriesForecast(0, "drift", "1", "v", "2019", "2023", 5, {}, (), "2025-06-01", (step,))
    return Judged(made, step, attainment)


def judged(
    observations: Sequence[Observation],
    t: Target | None = None,
    of: Indicator | None = None,
    as_of: date = AS_OF,
    forecast: Judged | Reason | None = None,
) -> Assessment:
    """The status of a target; a forecast that it does not need is not looked at."""
    t, of = t or target(), of or indicator()
    evidence = known(observations, t, as_of)
    brought = forecast if needs_forecast(t, evidence, as_of, THRESHOLDS) else None
    return assess(t, 1, of, evidence, brought, None, RULES, as_of, THRESHOLDS)
