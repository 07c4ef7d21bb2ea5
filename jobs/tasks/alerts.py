"""Assessments, data and jobs to alerts, and the list to the exports folder."""

from __future__ import annotations

from dabiao.services.alerts import data_alerts
from dabiao.services.alerts.alerting import run_alerts
from dabiao.services.publish.exporting import export_alerts
from jobs.tasks import Work

STEPS = 3


def run(work: Work) -> dict[str, int]:
    """Raise and clear alerts of targets and of the data, then write the list of what is off track or missed."""
    app = work.app
    work.told(0, STEPS, "steps")
    counts = run_alerts(app, work.now)
    work.told(1, STEPS, "steps")
    data = data_alerts.refresh(app, work.now)
    work.told(2, STEPS, "steps")
    files = export_alerts(app, app.today(work.now), work.now, app.paths.exports, app.settings.lang)
    return {**counts, **{f"data_{name}": count for name, count in data.items()}, "files": len(files)}
