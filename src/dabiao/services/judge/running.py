"""The year in progress in the verdicts: it takes the place of a forecast in its own year, and moves those of later years."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.observation import Series
from dabiao.domain.period import PeriodKind
from dabiao.domain.steps import QUANTILES, Steps, pack, pack_quantiles
from dabiao.domain.target import Target
from dabiao.forecast import carried
from dabiao.forecast.predictive import from_json
from dabiao.forecast.scaled_t import ScaledT
from dabiao.services.app import App
from dabiao.services.judge.in_year import Need, forecastable, need_of, whole_year
from dabiao.services.judge.months import MonthsOf, taken_together
from dabiao.store.observations import places_with

PARTS = (PeriodKind.QUARTER, PeriodKind.MONTH, PeriodKind.CUMULATIVE)
"""Kinds of periods that a year may be made of."""

Forecast = SeriesForecast | Exception


def needs_of(
    app: App, asked: Iterable[tuple[Target, Series]], as_of: date, months: MonthsOf | None = None
) -> dict[str, Need]:
    """What the years in progress are forecast from, by target, of those whose months bear it.

    Args:
        asked: undecided targets with the annual series that would be forecast otherwise.
        months: what was read of the day before.
    """
    months = months or MonthsOf(app, as_of)
    made: dict[tuple[Any, ...], Need | None] = {}
    found = {}
    for t, series in _with_parts(app, asked):
        indicator, together = app.catalogue.indicators[t.series.indicator], taken_together(app.catalogue, t)
        for year in years_in_progress(t, series, as_of):
            key = (t.series, t.together if together else None, series.basis, series.vintage, year)
            if key not in made:
                known = months.of(indicator.id)
                made[key] = need_of(known, t, indicator, series, year, together)
            need = made[key]
            if need is not None:
                found[t.id] = need
                break
    return found


def places_of(app: App, target: Target) -> set[tuple[str, str]]:
    """The regions and indicators whose months a target's year is made of."""
    regions = taken_together(app.catalogue, target) or (target.series.region,)
    return {(region, target.series.indicator) for region in regions}


def _with_parts(app: App, asked: Iterable[tuple[Target, Series]]) -> list[tuple[Target, Series]]:
    """Those all of whose places have parts of years at all, by indicator: of most series only years are known."""
    may = [
        (t, series, places_of(app, t))
        for t, series in asked
        if series.kind is PeriodKind.YEAR and forecastable(app.catalogue.indicators[t.series.indicator])
    ]
    there = places_with(app.store, set().union(*(places for _, _, places in may)), PARTS)
    kept = [(t, series) for t, series, places in may if places <= there]
    return sorted(kept, key=lambda one: one[0].series.indicator)


def years_in_progress(target: Target, series: Series, as_of: date) -> list[int]:
    """The years that may count as in progress: the day's where it is the deadline's, else the first without an annual value."""
    found = [as_of.year] if whole_year(target) == as_of.year else []
    following = series.last.period.year + 1
    if target.deadline is not None and following <= as_of.year and following < int(target.deadline[:4]):
        found.append(following)
    return found


def decides(running: SeriesForecast | None, target: Target) -> bool:
    """Whether a year in progress is the one that a target is due in."""
    return (
        running is not None and target.deadline is not None and running.steps[0].period == target.deadline[:4]
    )


def moved_all(
    forecasts: Mapping[str, Forecast], running: Mapping[str, SeriesForecast]
) -> dict[str, Forecast]:
    """The forecasts, by any name, each moved by its year in progress where it has one."""
    made: dict[tuple[int, int], Forecast] = {}
    found = {}
    for name, annual in forecasts.items():
        key = (id(annual), id(running.get(name)))
        if key not in made:
            made[key] = moved(annual, running.get(name))
        found[name] = made[key]
    return found


def moved(annual: Forecast, running: SeriesForecast | None) -> Forecast:
    """An annual forecast moved by its year in progress; as it is where there is none, or where the annual model is not one of
    those for which it was tried.
    """
    if running is None or not isinstance(annual, SeriesForecast):
        return annual
    if annual.steps[0].period != running.steps[0].period:
        return annual
    steps = [from_json(s.distribution) for s in annual.steps]
    own = [s for s in steps if isinstance(s, ScaledT)]
    if len(own) < len(steps):
        return annual
    fitted = carried.carry(own, from_json(running.steps[0].distribution))
    said = f"{annual.vintage}|{annual.panel}|{running.vintage}"
    return SeriesForecast(
        id=0,
        model=carried.NAME,
        model_version=f"{carried.VERSION}/{annual.model} {annual.model_version}/{running.model_version}",
        vintage=hashlib.sha256(said.encode()).hexdigest()[:16],
        first_period=annual.first_period,
        last_period=running.last_period,
        observed=annual.observed,
        params={**annual.params, **fitted.params},
        warnings=(*annual.warnings, *running.warnings),
        made_at=annual.made_at,
        steps=Steps(
            annual.steps[0].period,
            pack_quantiles([_quantiles(running.steps[0]), *_all_quantiles(fitted.steps[1:])]),
            pack([s.to_json() for s in fitted.steps]),
        ),
        panel=annual.panel,
        panel_day=annual.panel_day,
        panel_series=annual.panel_series,
    )


def _quantiles(step: Step) -> list[float]:
    return [step.point, step.lower80, step.upper80, step.lower95, step.upper95]


def _all_quantiles(steps: Iterable[Any]) -> list[list[float]]:
    return [[step.quantile(p) for p in QUANTILES] for step in steps]
