"""Forecasts and targets to assessments."""

from __future__ import annotations

from dabiao.services.judge.assessing import run_assessments
from dabiao.services.record.track_record import refresh
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Judge every target as of today, keep what has changed, and score what has been decided."""
    today = work.app.today(work.now)
    counts = run_assessments(
        work.app,
        today,
        work.now,
        progress=lambda done, total: work.told(done, total, "targets"),
        between=work.stop.check,
    )
    refresh(work.app, today, work.now)
    return counts
