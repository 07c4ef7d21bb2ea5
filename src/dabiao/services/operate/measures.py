"""What those who watch the service want to see as numbers, worked out when they ask; nothing is counted beside the store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from dabiao.services import jobs
from dabiao.services.app import App
from dabiao.services.keep import backup
from dabiao.services.schedule import JOBS
from dabiao.store import SCHEMA_VERSION, conditions, runs
from dabiao.store import measures as store

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with a value for each combination of labels.

    Attributes:
        name: by the rules of Prometheus: ``dabiao_`` and a unit at the end; a counter's without ``_total``.
        help: what it is, in a sentence.
        values: labels (ids of plans, names of jobs; nothing of persons) and value.
    """

    name: str
    help: str
    kind: Literal["gauge", "counter"]
    values: Sequence[tuple[Labels, float]]


def measures(app: App, now: datetime) -> Iterator[Measure]:
    """Every measure of a store that opens."""
    for group in _GROUPS:
        yield from group(app, now)


def _jobs(app: App, now: datetime) -> Iterator[Measure]:
    good = {
        job: (now - datetime.fromisoformat(at)).total_seconds()
        for job, at in store.last_good(app.store).items()
        if job in JOBS
    }
    yield Measure(
        "dabiao_job_last_good_age_seconds",
        "Seconds since the last good run of a job ended; absent before the first.",
        "gauge",
        [({"job": job}, seconds) for job, seconds in good.items()],
    )
    failed = {r["job"] for r in conditions.failed_jobs(app.store)}
    yield _flags("dabiao_job_failed", "Whether a job's last run failed and is not tried again.", failed)
    yield _flags("dabiao_job_paused", "Whether a job is paused.", runs.pauses(app.store))
    alive = jobs.scheduler_alive(app, now)
    yield _one("dabiao_scheduler_alive", "Whether a scheduler holds its lease.", float(alive))


def _flags(name: str, about: str, set_for: Mapping[str, object] | set[str]) -> Measure:
    return Measure(name, about, "gauge", [({"job": job}, float(job in set_for)) for job in JOBS])


def _one(name: str, about: str, value: float) -> Measure:
    return Measure(name, about, "gauge", [({}, value)])


def _data(app: App, now: datetime) -> Iterator[Measure]:
    day = app.today(now)
    total = store.rows_of_imports(app.store)
    results = ("accepted", "revised", "unchanged", "refused")
    yield Measure(
        "dabiao_import_rows",
        "Rows of all imports by what became of them.",
        "counter",
        [({"result": name}, total[name]) for name in results],
    )
    yield Measure("dabiao_imports", "Imports since the store was made.", "counter", [({}, total["imports"])])
    yield _one("dabiao_quarantine_rows", "Refused rows that wait for someone.", store.held_rows(app.store))
    stale = len(conditions.stale_series(app.store, day))
    yield _one("dabiao_stale_series", "Series on which targets wait and that have gone stale.", stale)
    unfit = len(conditions.failed_forecasts(app.store, day))
    yield _one(
        "dabiao_forecast_failures", "Series on which targets wait and that could not be forecast.", unfit
    )


def _judged(app: App, now: datetime) -> Iterator[Measure]:
    yield Measure(
        "dabiao_targets",
        "Targets by plan and status, as last assessed.",
        "gauge",
        [
            ({"plan": r["plan"], "status": r["status"]}, r["targets"])
            for r in store.statuses(app.store, app.today(now))
        ],
    )
    yield Measure(
        "dabiao_open_alerts",
        "Alerts that are open, by kind and level (1 is the lowest).",
        "gauge",
        [({"kind": r["kind"], "level": str(r["level"])}, r["alerts"]) for r in store.open_alerts(app.store)],
    )


def _kept(app: App, now: datetime) -> Iterator[Measure]:
    yield _one("dabiao_schema_version", "Schema of the store.", SCHEMA_VERSION)
    log = Path(f"{app.store.path}-wal")
    sizes = [
        ({"file": "store"}, app.store.path.stat().st_size),
        ({"file": "log"}, log.stat().st_size if log.is_file() else 0),
    ]
    yield Measure("dabiao_store_bytes", "Size of the store and of its write-ahead log.", "gauge", sizes)
    free = shutil.disk_usage(app.paths.home).free
    yield _one("dabiao_disk_free_bytes", "Room on the disk of the home folder.", free)
    made = backup.backups(app.paths.backups)
    ages: list[tuple[Labels, float]] = [({}, (now - made[-1].at).total_seconds())] if made else []
    yield Measure("dabiao_backup_age_seconds", "Age of the newest backup; absent without one.", "gauge", ages)


_GROUPS: Sequence[Callable[[App, datetime], Iterator[Measure]]] = (_jobs, _data, _judged, _kept)
