"""From what was known on a day to a status of each target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dabiao.assess.evidence import Evidence, gather
from dabiao.assess.rules import RULES
from dabiao.assess.verdict import Judged, assess, level_bounds, needs_forecast
from dabiao.domain.assessment import Assessment, Reason, SeriesForecast
from dabiao.domain.observation import Observation, Series, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Bounds, Measure, unrounded
from dabiao.forecast import predictive
from dabiao.forecast.attainment import attainment
from dabiao.services.app import App, stamp
from dabiao.services.forecasting import Need, fit, horizon_of, model_for
from dabiao.services.targets import DeclaredTarget, targets_as_of
from dabiao.store import judged as store
from dabiao.store import observations as observed


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with its assessment and the evidence behind it."""

    declared: DeclaredTarget
    assessment: Assessment
    evidence: Evidence | None


def _evidence(
    app: App, declared: Iterable[DeclaredTarget], known: Sequence[Observation], as_of: date
) -> dict[str, Evidence]:
    by_place: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for o in known:
        by_place[o.region, o.indicator].append(o)
    series: dict[tuple[str, str], list[Series]] = {}
    found = {}
    for d in declared:
        if d.target.measure is not Measure.NUMERIC:
            continue
        place = (d.target.series.region, d.target.series.indicator)
        observations = by_place.get(place, [])
        if place not in series:
            series[place] = list(series_of(observations, PeriodKind.YEAR, as_of).values())
        found[d.target.id] = gather(d.target, observations, series[place], as_of, app.thresholds.minimum)
    return found


def judge(
    app: App, as_of: date, now: datetime, only: Callable[[DeclaredTarget], bool] | None = None
) -> list[Verdict]:
    """The status of each target as known on ``as_of``. Reads only: a forecast that was never stored is fitted in passing.

    Args:
        only: keeps the targets for which it is true; all by default.
    """
    with app.store.snapshot():
        declared = [d for d in targets_as_of(app, as_of) if only is None or only(d)]
        known = observed.known_observations(app.store, as_of)
        reports = store.reports_as_of(app.store, as_of)
        evidence = _evidence(app, declared, known, as_of)
        wanted: dict[str, Need] = {}
        for d in declared:
            e = evidence.get(d.target.id)
            if e is not None and e.series is not None and needs_forecast(d.target, e, as_of, app.thresholds):
                assert d.target.deadline is not None
                horizon = horizon_of(e.series, int(d.target.deadline[:4]))
                wanted[d.target.id] = Need(e.series, horizon, model_for(app, e.series.kind))
        forecasts: dict[str, SeriesForecast | Exception] = {}
        missing: dict[str, Need] = {}
        for need in wanted.values():
            if need.name in forecasts or need.name in missing:
                continue
            stored = store.forecast_by_key(app.store, need.key)
            if stored is None:
                missing[need.name] = need
            else:
                forecasts[need.name] = stored
    forecasts |= dict(zip(missing, fit(app, list(missing.values()), stamp(now)), strict=True))

    verdicts = []
    for d in declared:
        t = d.target
        indicator = app.catalogue.indicators[t.indicator]
        e = evidence.get(t.id)
        judged: Judged | Reason | None = None
        if t.id in wanted and e is not None:
            forecast = forecasts[wanted[t.id].name]
            bounds = level_bounds(t, indicator, e.baseline.value if e.baseline else None)
            judged = Reason.FORECAST_FAILED
            if isinstance(forecast, SeriesForecast) and bounds is not None:
                judged = bring(forecast, t.deadline or "", *bounds)
        a = assess(
            t,
            d.version,
            indicator,
            e if e is not None else Evidence(None, None, None, False),
            judged,
            reports.get(t.id),
            RULES,
            as_of,
            app.thresholds,
            app.settings.deciding,
        )
        verdicts.append(Verdict(d, a, e))
    return verdicts


def bring(forecast: SeriesForecast, deadline: str, bounds: Bounds, decimals: int) -> Judged | Reason:
    """A series' forecast held against one target: the step of the deadline's year and the mass on the values that meet it."""
    for step in forecast.steps:
        if step.period == deadline[:4]:
            p = attainment(predictive.from_json(step.distribution), unrounded(bounds, decimals))
            return Judged(forecast, step, p)
    return Reason.FORECAST_FAILED
