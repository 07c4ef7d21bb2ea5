"""What is wrong with the data and the jobs at this moment."""

from __future__ import annotations

from datetime import date

from dabiao.store.database import Row, Store


def stale_series(store: Store, day: date) -> list[Row]:
    """Series on which targets wait and that have gone stale: ``key, latest, targets``."""
    return _without(store, day, "stale")


def failed_forecasts(store: Store, day: date) -> list[Row]:
    """Series on which targets wait and that could not be forecast: ``key, latest, targets``."""
    return _without(store, day, "forecast_failed")


def _without(store: Store, day: date, reason: str) -> list[Row]:
    return store.rows(
        """SELECT coalesce(v.content ->> '$.series.region', v.content ->> '$.region') || '/' ||
               coalesce(v.content ->> '$.series.indicator', v.content ->> '$.indicator') AS key,
               max(a.latest_period) AS latest, count(*) AS targets
           FROM (SELECT target_id, reason, latest_period, max(as_of || printf('#%012d', id)) AS place
                 FROM assessments WHERE as_of <= :day GROUP BY target_id) a
           JOIN (SELECT target_id, withdrawn, content, max(version) AS version FROM target_versions
                 WHERE known_on <= :day GROUP BY target_id) v USING (target_id)
           WHERE a.reason = :reason AND v.withdrawn = 0 GROUP BY 1 ORDER BY 1""",
        {"day": day.isoformat(), "reason": reason},
    )


def taken_since(store: Store, file: str, at: str) -> bool:
    """Whether something of a file of that name was taken since a moment."""
    found = store.row(
        "SELECT 1 FROM imports WHERE file = ? AND imported_at > ? AND accepted + revised + unchanged > 0",
        [file, at],
    )
    return found is not None


def failed_jobs(store: Store) -> list[Row]:
    """Jobs whose last finished run failed and is not tried again: ``job, message, reason``."""
    return store.rows(
        """SELECT r.job, r.message, r.reason FROM job_runs r
           WHERE r.state = 'failed' AND r.id =
               (SELECT id FROM job_runs WHERE job = r.job AND state IN ('done', 'failed')
                ORDER BY finished_at DESC, id DESC LIMIT 1) ORDER BY r.job"""
    )
