"""The forecasts that a day's series ask for: fitted once a vintage and panel, and kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np

from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.observation import Series
from dabiao.domain.period import PeriodKind
from dabiao.domain.steps import Steps, period_after
from dabiao.errors import DabiaoError
from dabiao.forecast.executors import Serial, executor
from dabiao.forecast.history import history_of
from dabiao.forecast.interface import Executor, Outcome, Packed, Task
from dabiao.forecast.tasks import SingleTask
from dabiao.services.app import App, stamp
from dabiao.services.judge.forecast_day import (
    HORIZON,
    SEASONS,
    Day,
    Days,
    Job,
    Need,
    horizon_of,
    least,
    model_for,
)
from dabiao.services.judge.panels import row_of
from dabiao.store import declared
from dabiao.store import forecasts as store

_TOGETHER = 1000
"""Forecasts of one transaction: what an interruption can cost."""

Progress = Callable[[int, int], None]
"""Told after each transaction how many of how many are done."""


def run_forecasts(
    app: App,
    as_of: date,
    now: datetime,
    *,
    scheduler: str | None = None,
    progress: Progress | None = None,
    between: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Fit every annual, quarterly and monthly series that is long enough and whose forecast was never stored.

    What is fitted is stored in transactions of a thousand: an interrupted run goes on where it was.

    Args:
        scheduler: address of a Dask cluster; by default here, in as many processes as the settings say.
        between: called after each task of a model; it may raise to stop.

    Returns:
        counts ``{"series", "fitted", "unchanged", "too_short", "failed"}``.
    """
    deadlines: dict[str, set[int]] = defaultdict(set)
    for indicator, year in declared.deadlines(app.store, as_of):
        deadlines[indicator].add(year)
    counts = {"series": 0, "fitted": 0, "unchanged": 0, "too_short": 0, "failed": 0}
    work: list[tuple[Day, list[Need]]] = []
    for kind in HORIZON:
        day = Day(app, kind, as_of)
        there, enough = day.observed > 0, day.observed >= least(app, kind)
        counts["series"] += int(there.sum())
        counts["too_short"] += int((there & ~enough).sum())
        asked = []
        for row in np.flatnonzero(enough).tolist():
            years = deadlines.get(day.table.columns.indicators[row], ())
            last = int(day.last[row]) // SEASONS[kind]
            asked += [(row, h) for h in sorted({horizon_of(kind, last, y) for y in (None, *years)})]
        needs = day.needs(asked)
        stored = store.are_stored(app.store, [n.key for n in needs])
        missing = [n for n, there_is in zip(needs, stored, strict=True) if not there_is]
        counts["unchanged"] += len(needs) - len(missing)
        work.append((day, missing))
    fits = executor(app.settings.fit_processes, scheduler)
    total = sum(len(missing) for _, missing in work)
    made_at = stamp(now)
    for day, missing in work:
        for part in _parts(_outcomes(fits, day.jobs(missing), between)):
            _keep(app, day, part, made_at, counts)
            if progress is not None:
                progress(counts["fitted"] + counts["failed"], total)
    return counts


def _outcomes(
    fits: Executor, jobs: Iterator[Job], between: Callable[[], None] = lambda: None
) -> Iterator[tuple[Need, Outcome]]:
    """Each need with its outcome, as they come in."""
    handed_out: list[Job] = []

    def tasks() -> Iterator[Task]:
        for job in jobs:
            handed_out.append(job)
            yield job.task

    for outcomes in fits.run(tasks()):
        between()
        yield from zip(handed_out.pop(0).needs, outcomes, strict=True)


def _parts(outcomes: Iterable[tuple[Need, Outcome]]) -> Iterator[list[tuple[Need, Outcome]]]:
    part: list[tuple[Need, Outcome]] = []
    for one in outcomes:
        part.append(one)
        if len(part) == _TOGETHER:
            yield part
            part = []
    if part:
        yield part


def _keep(
    app: App, day: Day, part: Sequence[tuple[Need, Outcome]], made_at: str, counts: dict[str, int]
) -> None:
    fitted, failed, panels = [], [], {}
    for need, outcome in part:
        if isinstance(outcome, Packed):
            fitted.append(day.made(need, outcome, made_at))
            if need.panel is not None:
                panels[need.panel.digest] = need.panel
        else:
            failed.append({**need.key, "message": message(outcome), "failed_at": made_at})
    if fitted:
        store.record(app.store, fitted, panels.values())
        counts["fitted"] += len(fitted)
    if failed:
        store.record_failures(app.store, failed)
        counts["failed"] += len(failed)


def find_or_fit(
    app: App,
    as_of: date,
    asked: Mapping[str, tuple[Series, int | None]],
    made_at: str,
    days: Days | None = None,
) -> dict[str, SeriesForecast | Exception]:
    """The forecasts of some series: the stored ones, the others fitted in passing. A series that fails has its exception.

    Args:
        asked: by any name, a series as known on the day, and the year of the deadline.
        days: what was read of the day before.
    """
    found: dict[str, SeriesForecast | Exception] = {}
    kinds: dict[PeriodKind, list[str]] = defaultdict(list)
    for name, (series, _) in asked.items():
        kinds[series.kind].append(name)
    days = days or Days(app, as_of)
    for kind, names in kinds.items():
        day = days.of(kind, frozenset(asked[name][0].indicator for name in names))
        rows: dict[tuple[int, int], list[str]] = defaultdict(list)
        for name in names:
            series, year = asked[name]
            horizon = horizon_of(kind, series.last.period.year, year)
            row = row_of(day.table, series)
            if row is None:
                found[name] = alone(app, series, horizon, made_at)
            else:
                rows[row, horizon].append(name)
        needs = day.needs(rows)
        stored = store.forecasts_by_key(app.store, [n.key for n in needs])
        known = {(n.row, n.horizon): f for n, f in zip(needs, stored, strict=True) if f is not None}
        missing = [n for n in needs if (n.row, n.horizon) not in known]
        fresh: dict[tuple[int, int], SeriesForecast | Exception] = {**known}
        for need, outcome in _outcomes(Serial(), day.jobs(missing)):
            fresh[need.row, need.horizon] = (
                day.forecast(need, outcome, made_at) if isinstance(outcome, Packed) else outcome
            )
        for place, asking in rows.items():
            found |= dict.fromkeys(asking, fresh[place])
    return found


def alone(app: App, series: Series, horizon: int, made_at: str) -> SeriesForecast | Exception:
    """The forecast of a series that is put together in passing, from its own values."""
    chosen = model_for(app, series.kind)
    size = 12 // SEASONS[series.kind]
    by_start = {p.period.first: float(p.value) for p in series.points}
    first, last = series.points[0].period, series.last.period
    indicator = app.catalogue.indicators[series.indicator]
    history = history_of(
        [by_start.get(start) for start in range(first.first, last.first + 1, size)],
        indicator,
        SEASONS[series.kind],
        first.first % 12 // size,
    )
    (outcome,) = SingleTask(chosen.name, [history], [horizon]).run()
    if not isinstance(outcome, Packed):
        return outcome
    return SeriesForecast(
        id=0,
        model=chosen.name,
        model_version=chosen.version,
        vintage=series.vintage,
        first_period=str(first),
        last_period=str(last),
        observed=len(series),
        params=json.loads(outcome.params),
        warnings=outcome.warnings,
        made_at=made_at,
        steps=Steps(str(period_after(last, 1)), outcome.quantiles, outcome.distribution),
    )


def message(error: Exception) -> str:
    """What is kept of a failure."""
    return str(error) if isinstance(error, DabiaoError) else f"{type(error).__name__}: {error}"
