"""What the pages and the command line show: read models, one query each. They write nothing and keep nothing."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from dabiao.assess.rules.linear_schedule import path
from dabiao.assess.sentences import judged_region
from dabiao.domain.access import Scope
from dabiao.domain.alert import Alert
from dabiao.domain.assessment import SeriesForecast, Status
from dabiao.domain.observation import Observation, Series, series_of
from dabiao.domain.period import LONG_KINDS, PeriodKind
from dabiao.domain.target import Measure, Together, members
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.judge import judging
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.day import FILTERS, Day, Filters, matches, parents, passing, urgency
from dabiao.services.pages.once import Once
from dabiao.settings import Settings
from dabiao.store import alerts as stored_alerts
from dabiao.store import assessments, declared, observations
from dabiao.store.database import Row


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


def verdicts(app: App, as_of: date, now: datetime) -> tuple[Verdict, ...]:
    """Every target's verdict as of a day, in the order of the plans.

    Kept for as long as nothing that a judgement hangs on has changed in the store: the key holds that state, so that two
    processes can never disagree.
    """
    return day_of(app, as_of, now).verdicts


def urgent(app: App, as_of: date, now: datetime, filters: Filters) -> tuple[Verdict, ...]:
    """Those that pass the filters, the most urgent first."""
    return day_of(app, as_of, now).passing(filters).verdicts


@dataclass(frozen=True, slots=True)
class _Key:
    """What verdicts hang on."""

    store: Path
    settings: Settings
    inputs: str
    as_of: date


def _key(app: App, as_of: date) -> _Key:
    return _Key(app.store.path, app.settings, assessments.inputs(app.store), as_of)


_DAYS: Once[_Key, Day] = Once(4)
"""Two days and the months before them; a day of 10,000 targets takes about 60 MB."""
_SCOPED: Once[tuple[_Key, Scope], Day] = Once(16)
_ALONE: Once[tuple[_Key, str], Verdict | None] = Once(256)
_READ: Once[_Key, judging.Kept] = Once(2)


def day_of(app: App, as_of: date, now: datetime) -> Day:
    """Every target as of a day that the reader sees, kept as :func:`verdicts` says."""

    def made() -> Day:
        day = Day(tuple(judging.judge(app, as_of, now)), app.catalogue)
        gc.freeze()  # or each full collection would walk through millions of objects that stay: seconds of standstill
        return day

    key = _key(app, as_of)
    day = _DAYS.get(key, made)
    return day if app.scope.everything else _SCOPED.get((key, app.scope), lambda: _seen(app, day))


def _seen(app: App, day: Day) -> Day:
    """What the reader sees of a day."""
    return Day(tuple(v for v in day.verdicts if visible.target(app, v.declared)), day.catalogue)


def _alone(app: App, target_id: str, as_of: date, now: datetime) -> Verdict | None:
    """One target judged alone: what is read of the others is what its own forecast hangs on."""
    key = _key(app, as_of)

    def made() -> Verdict | None:
        kept = _READ.get(key, lambda: judging.Kept(app, as_of, indicators=8))
        return next(iter(judging.judge(app, as_of, now, names=[target_id], kept=kept)), None)

    found = _ALONE.get((key, target_id), made)
    return found if found is not None and visible.target(app, found.declared) else None


def overview(app: App, as_of: date, now: datetime, filters: Filters | None = None) -> Overview:
    """All targets as of a day that pass the filters, the most urgent first, counted against a month before."""
    day = day_of(app, as_of, now)
    shown = day.passing(filters or {})
    before = day_of(app, _month_before(as_of), now).passing(filters or {})
    return Overview(
        as_of,
        shown.verdicts,
        shown.counts,
        shown.provisional,
        {s: shown.counts.get(s, 0) - before.counts.get(s, 0) for s in Status},
        len(day.verdicts),
    )


def _month_before(day: date) -> date:
    if (day.year, day.month) == (1, 1):
        return date.min
    last_of_previous = day.replace(day=1) - timedelta(days=1)
    return last_of_previous.replace(day=min(day.day, last_of_previous.day))


def find(app: App, target_id: str, as_of: date, now: datetime) -> Verdict | None:
    """One target's verdict, ``None`` if it was not declared on that day."""
    return _alone(app, target_id, as_of, now)


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
    if not visible.target_ids(app, [target_id]):
        return ()
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


__all__ = [
    "FILTERS", "Day", "Filters", "Overview", "TargetView", "day_of", "find", "matches", "overview", "parents", "passing",
    "target_alerts", "target_view", "urgency", "urgent", "verdicts",
]  # fmt: skip
