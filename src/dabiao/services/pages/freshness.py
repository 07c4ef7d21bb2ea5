"""How fresh what the pages show is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dabiao.services.app import App
from dabiao.services.jobs import scheduler_alive
from dabiao.services.pages.once import Once
from dabiao.services.schedule import Due, next_due
from dabiao.store import assessments, observations, runs

_REACHES: Once[tuple[Path, str], date | None] = Once(2)


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
    # A look at every series, which nothing but another value can change.
    with app.store.snapshot():
        key = (app.store.path, assessments.inputs(app.store))
        last = _REACHES.get(key, lambda: observations.reaches_to(app.store))
    return last.isoformat()[:7] if last else None
