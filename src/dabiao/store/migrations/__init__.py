"""The schema, as steps forward. Each runs once, in order, inside the transaction of :meth:`Store.migrate`.

A released step is never edited; a change is a new step, in a module of its own that is named here. ``SCHEMA_VERSION`` is
the number of steps and stands in ``PRAGMA user_version``, so that a process can tell an older or newer store before it
reads a row.
"""

from __future__ import annotations

from dabiao.store.migrations import (
    m001_declared,
    m002_observations,
    m003_judged,
    m004_jobs,
    m005_reviews,
    m006_compact_observations,
    m007_quarantine,
    m008_derivations,
    m009_forecasts,
    m010_decisions,
    m011_job_attempts,
    m012_audit,
    m013_reports_and_track_record,
    m014_deliveries,
    m015_access,
)
from dabiao.store.migrations.steps import migrations

STEPS = (
    m001_declared,
    m002_observations,
    m003_judged,
    m004_jobs,
    m005_reviews,
    m006_compact_observations,
    m007_quarantine,
    m008_derivations,
    m009_forecasts,
    m010_decisions,
    m011_job_attempts,
    m012_audit,
    m013_reports_and_track_record,
    m014_deliveries,
    m015_access,
)
SCHEMA_VERSION = len(STEPS)

__all__ = ["SCHEMA_VERSION", "STEPS", "migrations"]
