"""What the pages and the command line show: read models, one query each. They write nothing and keep nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from dabiao.assess.rules.linear_schedule import path
from dabiao.assess.sentences import judged_region
from dabiao.domain.alert import Alert
from dabiao.domain.assessment import SeriesForecast, Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Observation, Series, series_of
from dabiao.domain.period import LONG_KINDS, PeriodKind
from dabiao.domain.target import Measure, Together, members
from dabiao.services.app import App
from dabiao.services.jobs import scheduler_alive
from dabiao.services.judge import judging
from dabiao.services.judge.judging import Verdict
from dabiao.services.schedule import Due, next_due
from dabiao.settings import Settings
from dabiao.store import alerts as stored_alerts
from dabiao.store import assessments, declared, observations, runs
from dabiao.store.database import Row

FILTERS = ("plan", "region", "unit", "indicator", "deadline", "status", "measure")
"""Names of the filters, the same in the URL, the command line and the exports."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh what is shown is.

    Attributes:
        data_to: the last period for which anything was observed.
        imported_at, assessed_at: UTC stamps of the last import and the last assessment run; ``None`` if never.
        next_runs: the next time of each job that is not paused, if a scheduler holds the lease; empty if none runs.
        paused: names of the jobs that are.
    """

    data_to: str | None
    imported_at: str | None
    assessed_at: str | None
    next_runs: tuple[Due, ...]
    paused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overview:
    """All targets as of a day, filtered, with counts.

    Attributes:
        verdicts: the worst first (:func:`urgency`).
        counts, provisional: by status.
        change: counts now less counts a month before, by status.
        total: targets before filtering.
    """

    as_of: date
    verdicts: tuple[Verdict, ...]
    counts: Mapping[Status, int]
    provisional: Mapping[Status, int]
    change: Mapping[Status, int]
    total: int


@dataclass(frozen=True, slots=True)
class TargetView:
    """Everything a target's page shows.

    Attributes:
        plan: the plan's row.
        observations: every known value of the deciding region and indicator, used or not.
        series: all annual series of them, one a basis; the judged one is ``verdict.assessment.series``.
        forecast: of the judged series, also when the status did not need one (a decided target has none).
        schedule: points ``(year, value)`` of the linear schedule line; empty without a baseline.
        history: stored assessments, the oldest first.
        alerts: alerts of this target, the newest first.
    """

    verdict: Verdict
    plan: Row
    observations: tuple[Observation, ...]
    series: tuple[Series, ...]
    forecast: SeriesForecast | None
    schedule: tuple[tuple[int, float], ...]
    history: tuple[Row, ...]
    alerts: tuple[Alert, ...]


def urgency(v: Verdict) -> tuple[Any, ...]:
    """Sorts what needs a person first: worst status, then lowest attainment, then nearest deadline."""
    a = v.assessment
    order = list(Status).index(a.status)
    attainment = 1.0 if a.attainment is None else a.attainment
    return (
        order,
        attainment,
        v.declared.target.deadline or "9999",
        v.declared.target.plan,
        v.declared.position,
    )


def verdicts(app: App, as_of: date, now: datetime) -> tuple[Verdict, ...]:
    """Every target's verdict as of a day.

    Kept for as long as nothing in the store has changed: the key holds the store's data version, so that two processes
    can never disagree.
    """
    return _verdicts(_key(app, as_of, now))


def _key(app: App, as_of: date, now: datetime) -> _Key:
    return _Key(app.store.path, app.settings, app.store.data_version(), as_of, app, now)


@dataclass(frozen=True, slots=True)
class _Key:
    """What verdicts hang on. The app and the moment come along for the computation but are no part of the key."""

    store: Path
    settings: Settings
    data_version: str
    as_of: date
    app: App = field(compare=False)
    now: datetime = field(compare=False)


@lru_cache(maxsize=32)
def _verdicts(key: _Key) -> tuple[Verdict, ...]:
    return tuple(judging.judge(key.app, key.as_of, key.now))


@lru_cache(maxsize=256)
def _verdict(key: _Key, target_id: str) -> Verdict | None:
    """One target judged alone: what is read of the others is what its own forecast hangs on."""
    return next(iter(judging.judge(key.app, key.as_of, key.now, names=[target_id], kept=_kept(key))), None)


@lru_cache(maxsize=2)
def _kept(key: _Key) -> judging.Kept:
    return judging.Kept(key.app, key.as_of, indicators=8)


def matches(v: Verdict, filters: Mapping[str, Sequence[str]], catalogue: Catalogue) -> bool:
    """Whether a verdict passes the filters: any of the values of each filter given. A region also lets its children in."""
    t = v.declared.target
    values: dict[str, set[str]] = {
        "plan": {t.plan},
        "region": {t.region, *parents(t.region, catalogue)},
        "unit": {u.id for u in v.declared.units},
        "indicator": {t.indicator},
        "deadline": {(t.deadline or "none")[:4]},
        "status": {str(v.assessment.status)},
        "measure": {str(t.measure)},
    }
    return all(values[name] & set(wanted) for name, wanted in filters.items() if wanted)


def parents(region: str, catalogue: Catalogue) -> list[str]:
    """The regions that contain a region, the nearest first."""
    found = []
    parent = catalogue.regions[region].parent
    while parent is not None:
        found.append(parent)
        parent = catalogue.regions[parent].parent
    return found


def overview(
    app: App, as_of: date, now: datetime, filters: Mapping[str, Sequence[str]] | None = None
) -> Overview:
    """All targets as of a day that pass the filters, the most urgent first, counted against a month before."""
    filters = filters or {}
    everything = verdicts(app, as_of, now)
    shown = sorted((v for v in everything if matches(v, filters, app.catalogue)), key=urgency)
    before = [v for v in verdicts(app, _month_before(as_of), now) if matches(v, filters, app.catalogue)]
    counts = Counter(v.assessment.status for v in shown)
    earlier = Counter(v.assessment.status for v in before)
    return Overview(
        as_of,
        tuple(shown),
        counts,
        Counter(v.assessment.status for v in shown if v.assessment.provisional),
        {s: counts[s] - earlier[s] for s in Status},
        len(everything),
    )


def _month_before(day: date) -> date:
    if (day.year, day.month) == (1, 1):
        return date.min
    last_of_previous = day.replace(day=1) - timedelta(days=1)
    return last_of_previous.replace(day=min(day.day, last_of_previous.day))


def find(app: App, target_id: str, as_of: date, now: datetime) -> Verdict | None:
    """One target's verdict, ``None`` if it was not declared on that day."""
    return _verdict(_key(app, as_of, now), target_id)


def target_view(app: App, target_id: str, as_of: date, now: datetime) -> TargetView | None:
    """Everything a target's page shows, ``None`` if it was not declared on that day."""
    v = find(app, target_id, as_of, now)
    if v is None:
        return None
    t = v.declared.target
    plan = next(p for p in declared.plan_rows(app.store) if p["id"] == t.plan)
    known: list[Observation] = []
    if t.measure is Measure.NUMERIC:
        pooled = t.together in (Together.MEAN, Together.TOTAL) and members(t, app.catalogue.regions[t.region])
        for region in pooled or (judged_region(v.assessment, t),):
            known += observations.known_observations(app.store, as_of, region, t.series.indicator, LONG_KINDS)
    annual = tuple(series_of(known, PeriodKind.YEAR, as_of).values())
    return TargetView(
        verdict=v,
        plan=plan,
        observations=tuple(sorted(known, key=lambda o: (o.period, o.precedence))),
        series=annual,
        forecast=v.assessment.forecast,
        schedule=_schedule(v),
        history=tuple(assessments.assessment_history(app.store, target_id)),
        alerts=target_alerts(app, target_id),
    )


def target_alerts(app: App, target_id: str) -> tuple[Alert, ...]:
    """The alerts that a target has raised, the newest first."""
    found = stored_alerts.listed(app.store, everything=True, target_id=target_id)
    return tuple(a for a in found if a.raised_at)


def _schedule(v: Verdict) -> tuple[tuple[int, float], ...]:
    a, t = v.assessment, v.declared.target
    if a.bounds is None or v.evidence is None or v.evidence.baseline is None or not t.deadline:
        return ()
    border = a.bounds.low if a.bounds.high is None else a.bounds.high
    if border is None:
        return ()
    first, base, last = v.evidence.baseline.period.year, float(v.evidence.baseline.value), int(t.deadline[:4])
    line = [(year, path(first, base, last, float(border), year)) for year in range(first, last + 1)]
    return tuple((year, value) for year, value in line if value is not None)


def freshness(app: App, now: datetime) -> Freshness:
    """How fresh the store is."""
    last = app.store.row("SELECT max(imported_at) AS at FROM imports")
    made = app.store.row("SELECT made_at AS at FROM assessments ORDER BY id DESC LIMIT 1")
    run = runs.last_run(app.store, "assess", "done")
    paused = frozenset(runs.pauses(app.store))
    assessed = [t for t in (made["at"] if made else None, run["finished_at"] if run else None) if t]
    return Freshness(
        data_to=_last_month(app),
        imported_at=last["at"] if last else None,
        assessed_at=max(assessed) if assessed else None,
        next_runs=tuple(d for d in next_due(app.settings, now) if d.job not in paused)
        if scheduler_alive(app, now)
        else (),
        paused=paused,
    )


def _last_month(app: App) -> str | None:
    """The last month that any observation reaches: ``2026-10`` for 2026-01/2026-10, ``2025-12`` for 2025."""
    last = observations.reaches_to(app.store)
    return last.isoformat()[:7] if last else None
