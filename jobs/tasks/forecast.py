"""Series to forecasts."""

from __future__ import annotations

from dabiao.services.forecasting import run_forecasts
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Fit every series that has changed since it was last fitted."""
    return run_forecasts(work.app, work.app.today(work.now), work.now)
