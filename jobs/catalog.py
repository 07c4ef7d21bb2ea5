"""The jobs by name. A new job is a module under ``jobs/tasks``, a line here, its time in the settings, its name in
``dabiao.services.schedule.JOBS``.
"""

from __future__ import annotations

from collections.abc import Mapping

from dabiao.services.schedule import JOBS
from jobs.tasks import Task, alerts, assess, backup, check, derive, forecast, importing, notices, retention

CATALOG: Mapping[str, Task] = {
    "import": importing.run,
    "derive": derive.run,
    "forecast": forecast.run,
    "assess": assess.run,
    "alerts": alerts.run,
    "notices": notices.run,
    "backup": backup.run,
    "check": check.run,
    "retention": retention.run,
}

assert tuple(CATALOG) == JOBS, "the schedule and the catalogue name the same jobs in the same order"
