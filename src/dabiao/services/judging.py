"""From what was known on a day to a status of each target, and the jobs that keep the results."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from dabiao import __version__
from dabiao.assess.evidence import Evidence, gather
from dabiao.assess.rules import RULES
from dabiao.assess.verdict import Judged, assess, level_bounds, needs_forecast
from dabiao.domain.assessment import Assessment, Reason, SeriesForecast, Step
from dabiao.domain.observation import Observation, Series, series_of
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Bounds, Measure, unrounded
from dabiao.errors import DabiaoError
from dabiao.forecast import predictive
from dabiao.forecast.attainment import attainment
from dabiao.forecast.executors import executor
from dabiao.forecast.history import history_of, periods_after
from dabiao.forecast.interface import Fitted, Model
from dabiao.forecast.models import SEASONAL, model
from dabiao.services.app import App, stamp
from dabiao.services.targets import DeclaredTarget, targets_as_of
from dabiao.store import judged as store
from dabiao.store import observations as observed

HORIZON = {PeriodKind.YEAR: 10, PeriodKind.QUARTER: 12, PeriodKind.MONTH: 24}
"""Periods forecast after the last value; a deadline further away asks for more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with its assessment and the evidence behind it."""

    declared: DeclaredTarget
    assessment: Assessment
    evidence: Evidence | None


@dataclass(frozen=True)  # without slots: the key is worked out once
class _Need:
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


def _model_for(app: App, kind: PeriodKind) -> Model:
    return model(app.settings.model if kind is PeriodKind.YEAR else SEASONAL)


def _fit(app: App, needs: Sequence[_Need], made_at: str) -> list[SeriesForecast | Exception]:
    jobs = [
        (n.model, history_of(n.series, app.catalogue.indicators[n.series.indicator]), n.horizon)
        for n in needs
    ]
    fitted = executor(app.settings.fit_processes).map(jobs)
    return [
        f if isinstance(f, Exception) else _forecast(n, f, made_at)
        for n, f in zip(needs, fitted, strict=True)
    ]


def _forecast(need: _Need, fitted: Fitted, made_at: str) -> SeriesForecast:
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


def _horizon(series: Series, deadline_year: int | None) -> int:
    usual = HORIZON[series.kind]
    if deadline_year is None or series.kind is not PeriodKind.YEAR:
        return usual
    return max(usual, deadline_year - series.last.period.year)


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
        wanted: dict[str, _Need] = {}
        for d in declared:
            e = evidence.get(d.target.id)
            if e is not None and e.series is not None and needs_forecast(d.target, e, as_of, app.thresholds):
                assert d.target.deadline is not None
                horizon = _horizon(e.series, int(d.target.deadline[:4]))
                wanted[d.target.id] = _Need(e.series, horizon, _model_for(app, e.series.kind))
        forecasts: dict[str, SeriesForecast | Exception] = {}
        missing: dict[str, _Need] = {}
        for need in wanted.values():
            if need.name in forecasts or need.name in missing:
                continue
            stored = store.forecast_by_key(app.store, need.key)
            if stored is None:
                missing[need.name] = need
            else:
                forecasts[need.name] = stored
    forecasts |= dict(zip(missing, _fit(app, list(missing.values()), stamp(now)), strict=True))

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


# -- jobs ------------------------------------------------------------------------------------------------------


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
        chosen = _model_for(app, kind)
        minimum = max(chosen.minimum, app.thresholds.minimum if kind is PeriodKind.YEAR else 0)
        for series in series_of(known, kind, as_of).values():
            counts["series"] += 1
            if len(series) < minimum:
                counts["too_short"] += 1
                continue
            wanted = {
                _horizon(series, None),
                _horizon(series, deadlines.get((series.region, series.indicator))),
            }
            for horizon in wanted:
                need = _Need(series, horizon, chosen)
                if store.forecast_by_key(app.store, need.key) is None:
                    needs.append(need)
                else:
                    counts["unchanged"] += 1
    made_at = stamp(now)
    fitted, failed = [], []
    for need, result in zip(needs, _fit(app, needs, made_at), strict=True):
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


def run_assessments(app: App, as_of: date, now: datetime) -> dict[str, int]:
    """Judge every target and store each whose assessment differs from the last one stored.

    Returns:
        counts ``{"targets", "changed", "unchanged"}``.
    """
    verdicts = judge(app, as_of, now)
    before = store.latest_assessments(app.store)
    rows = []
    for v in verdicts:
        row = assessment_row(v, now)
        last = before.get(row["target_id"])
        if last is None or last["digest"] != row["digest"]:
            rows.append(row)
    store.record_assessments(app.store, rows)
    return {"targets": len(verdicts), "changed": len(rows), "unchanged": len(verdicts) - len(rows)}


def assessment_row(v: Verdict, now: datetime) -> dict[str, Any]:
    """An assessment as stored. The digest leaves out when it was made, so that a repeat is no change."""
    a = v.assessment
    content = {
        "deadline": v.declared.target.deadline,
        "provisional": [str(p) for p in a.provisional],
        "rules": [
            {
                "rule": r.rule,
                "outcome": r.outcome,
                "figure": r.figure,
                "favourable": r.favourable,
                "decides": r.decides,
                "message": r.message,
                "params": dict(r.params),
            }
            for r in a.rules
        ],
        "forecast": None
        if a.forecast is None
        else {
            "model": a.forecast.model,
            "model_version": a.forecast.model_version,
            "vintage": a.forecast.vintage,
            "last_period": a.forecast.last_period,
        },
        "decided_by": None
        if a.decided_by is None
        else [a.decided_by.chosen.id, *(o.id for o in a.decided_by.others)],
        "late": a.late,
        "params": dict(a.params),
    }
    row = {
        "target_id": a.target_id,
        "target_version": a.target_version,
        "status": str(a.status),
        "provisional": int(bool(a.provisional)),
        "reason": str(a.reason),
        "attainment": a.attainment,
        "point": a.point,
        "lower80": a.lower80,
        "upper80": a.upper80,
        "latest_period": str(a.latest.period) if a.latest else None,
        "latest_value": str(a.latest.value) if a.latest else None,
        "basis": str(a.basis) if a.basis else None,
        "proxy": int(a.proxy),
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
        "program": __version__,
    }
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    return {**row, "as_of": a.as_of.isoformat(), "made_at": stamp(now), "digest": digest}
