"""Forecasts and targets to assessments."""

from __future__ import annotations

from dabiao.services.assessing import run_assessments
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Judge every target as of today and keep what has changed."""
    return run_assessments(work.app, work.app.today(work.now), work.now)
