"""Series to forecasts."""

from __future__ import annotations

from dabiao.services.judge import part_year
from dabiao.services.judge.forecasting import run_forecasts
from jobs.tasks import Work


def run(work: Work) -> dict[str, int]:
    """Fit every series that has changed since it was last fitted."""
    today = work.app.today(work.now)
    counts = run_forecasts(
        work.app,
        today,
        work.now,
        progress=lambda done, total: work.told(done, total, "series"),
        between=work.stop.check,
    )
    return {**counts, "fitted": counts["fitted"] + part_year.keep(work.app, today, work.now)}
