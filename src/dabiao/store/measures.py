"""Counts of what is kept, for those who watch the service: no row of these queries says whose or what."""

from __future__ import annotations

from datetime import date

from dabiao.store.database import Row, Store


def last_good(store: Store) -> dict[str, str]:
    """When the last good run of each job ended, by job; jobs that never had one are left out."""
    found = store.rows("SELECT job, max(finished_at) AS at FROM job_runs WHERE state = 'done' GROUP BY job")
    return {r["job"]: r["at"] for r in found}


def rows_of_imports(store: Store) -> Row:
    """Rows of all imports: ``accepted, revised, unchanged, refused, imports``."""
    found = store.row(
        """SELECT ifnull(sum(accepted), 0) AS accepted, ifnull(sum(revised), 0) AS revised,
               ifnull(sum(unchanged), 0) AS unchanged, ifnull(sum(refused), 0) AS refused, count(*) AS imports
           FROM imports"""
    )
    assert found is not None
    return found


def statuses(store: Store, day: date) -> list[Row]:
    """Targets as last assessed: ``plan, status, targets``; withdrawn ones are left out."""
    return store.rows(
        """SELECT v.plan, a.status, count(*) AS targets
           FROM (SELECT target_id, status, max(as_of || printf('#%012d', id)) FROM assessments
                 WHERE as_of <= :day GROUP BY target_id) a
           JOIN (SELECT target_id, withdrawn, plan, max(version) FROM target_versions
                 WHERE known_on <= :day GROUP BY target_id) v USING (target_id)
           WHERE v.withdrawn = 0 GROUP BY 1, 2 ORDER BY 1, 2""",
        {"day": day.isoformat()},
    )


def open_alerts(store: Store) -> list[Row]:
    """Alerts that are open: ``kind, level, alerts``."""
    return store.rows(
        "SELECT kind, level, count(*) AS alerts FROM alerts WHERE state = 'open' GROUP BY 1, 2 ORDER BY 1, 2"
    )


def held_rows(store: Store) -> int:
    """Refused rows that wait to be mended or dismissed."""
    found = store.row("SELECT count(*) AS n FROM quarantine WHERE state = 'open'")
    assert found is not None
    return int(found["n"])
