"""The forecasts that a day's series ask for: fitted once a vintage, and kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.observation import Series, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError
from dabiao.forecast.executors import executor
from dabiao.forecast.history import history_of, periods_after
from dabiao.forecast.interface import Fitted, Model
from dabiao.forecast.models import SEASONAL, model
from dabiao.services.app import App, stamp
from dabiao.services.targets import targets_as_of
from dabiao.store import judged as store
from dabiao.store import observations as observed

HORIZON = {PeriodKind.YEAR: 10, PeriodKind.QUARTER: 12, PeriodKind.MONTH: 24}
"""Periods forecast after the last value; a deadline further away asks for more."""


@dataclass(frozen=True)  # without slots: the key is worked out once
class Need:
    """A series, how far it is asked for, and the model that answers."""

    series: Series
    horizon: int
    model: Model

    @cached_property
    def key(self) -> dict[str, Any]:
        """What the forecast is stored under."""
        return {
            "region": self.series.region,
            "indicator": self.series.indicator,
            "kind": str(self.series.kind),
            "basis": str(self.series.basis),
            "vintage": self.series.vintage,
            "model": self.model.name,
            "model_version": self.model.version,
            "horizon": self.horizon,
        }

    @cached_property
    def name(self) -> str:
        """The key as one word."""
        return json.dumps(self.key)


def model_for(app: App, kind: PeriodKind) -> Model:
    """The model of series of one kind of period."""
    return model(app.settings.model if kind is PeriodKind.YEAR else SEASONAL)


def fit(app: App, needs: Sequence[Need], made_at: str) -> list[SeriesForecast | Exception]:
    """Fit each need; a need that fails gives its exception, so that one bad series stops no other."""
    jobs = [
        (n.model, history_of(n.series, app.catalogue.indicators[n.series.indicator]), n.horizon)
        for n in needs
    ]
    fitted = executor(app.settings.fit_processes).map(jobs)
    return [
        f if isinstance(f, Exception) else _forecast(n, f, made_at)
        for n, f in zip(needs, fitted, strict=True)
    ]


def _forecast(need: Need, fitted: Fitted, made_at: str) -> SeriesForecast:
    steps = tuple(
        Step(
            period=str(period),
            point=p.quantile(0.5),
            lower80=p.quantile(0.1),
            upper80=p.quantile(0.9),
            lower95=p.quantile(0.025),
            upper95=p.quantile(0.975),
            distribution=p.to_json(),
        )
        for period, p in zip(periods_after(need.series, need.horizon), fitted.steps, strict=True)
    )
    points = need.series.points
    return SeriesForecast(
        id=0,
        model=need.model.name,
        model_version=need.model.version,
        vintage=need.series.vintage,
        first_period=str(points[0].period),
        last_period=str(points[-1].period),
        observed=len(points),
        params=dict(fitted.params),
        warnings=fitted.warnings,
        made_at=made_at,
        steps=steps,
    )


def horizon_of(series: Series, deadline_year: int | None) -> int:
    """Periods to forecast: the usual number, or as many as reach the deadline."""
    usual = HORIZON[series.kind]
    if deadline_year is None or series.kind is not PeriodKind.YEAR:
        return usual
    return max(usual, deadline_year - series.last.period.year)


def run_forecasts(app: App, as_of: date, now: datetime) -> dict[str, int]:
    """Fit every annual, quarterly and monthly series that is long enough and whose vintage was never fitted.

    Returns:
        counts ``{"series", "fitted", "unchanged", "too_short", "failed"}``.
    """
    known = observed.known_observations(app.store, as_of)
    deadlines: dict[tuple[str, str], int] = {}
    for d in targets_as_of(app, as_of):
        if d.target.measure is Measure.NUMERIC and d.target.deadline:
            place = (d.target.series.region, d.target.series.indicator)
            deadlines[place] = max(deadlines.get(place, 0), int(d.target.deadline[:4]))
    counts = {"series": 0, "fitted": 0, "unchanged": 0, "too_short": 0, "failed": 0}
    needs = []
    for kind in HORIZON:
        chosen = model_for(app, kind)
        minimum = max(chosen.minimum, app.thresholds.minimum if kind is PeriodKind.YEAR else 0)
        for series in series_of(known, kind, as_of).values():
            counts["series"] += 1
            if len(series) < minimum:
                counts["too_short"] += 1
                continue
            wanted = {
                horizon_of(series, None),
                horizon_of(series, deadlines.get((series.region, series.indicator))),
            }
            for horizon in wanted:
                need = Need(series, horizon, chosen)
                if store.forecast_by_key(app.store, need.key) is None:
                    needs.append(need)
                else:
                    counts["unchanged"] += 1
    made_at = stamp(now)
    fitted, failed = [], []
    for need, result in zip(needs, fit(app, needs, made_at), strict=True):
        if isinstance(result, SeriesForecast):
            fitted.append((need.key, result))
        else:
            failed.append({**need.key, "message": _message(result), "failed_at": made_at})
    if fitted:
        counts["fitted"] = store.record_forecasts(app.store, fitted)
    if failed:
        counts["failed"] = len(failed)
        store.record_failures(app.store, failed)
    return counts


def _message(error: Exception) -> str:
    return str(error) if isinstance(error, DabiaoError) else f"{type(error).__name__}: {error}"
