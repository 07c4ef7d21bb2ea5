"""Operations on the service itself: its rules, its track record, its jobs, and what it says of this interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dabiao.domain.access import Right
from dabiao.errors import UnknownName
from dabiao.services import filters, jobs
from dabiao.services.judge.rule_rows import rule_rows
from dabiao.services.record import track_record as records
from dabiao.services.record.track_record_rows import rows_of
from dabiao.services.schedule import JOBS
from dabiao.store import runs as stored_runs
from dashboard.api import answers_service as answers
from dashboard.api import asking
from dashboard.api.operation import Call, Operation, Rows


def rules(call: Call) -> Rows:
    """The published on-track rules."""
    return Rows.of(rule_rows(call.asked.lang))


def track_record(call: Call) -> Rows:
    """What the service has said of what has been decided since."""
    app, query = call.asked.app, call.query
    wanted = {
        "indicator": filters.indicator_id(app, query.indicator),
        "region": filters.region_id(app, query.region),
        "lead": query.lead,
    }
    found = records.by_record(records.cases(app, call.asked.as_of, wanted))
    kept = {name: cases for name, cases in found.items() if query.record in (None, name)}
    return Rows.of(
        [{"record": str(n), **row} for n, cases in kept.items() for row in rows_of(cases, query.by)]
    )


def all_jobs(call: Call) -> Rows:
    """Each job with its schedule and last run."""
    return Rows.of(jobs.job_rows(call.asked.app, call.asked.now))


def runs(call: Call) -> Rows:
    """Runs of the jobs, the newest first."""
    app, job = call.asked.app, call.query.job
    filters.one_of("job", job, JOBS)

    def fetch(offset: int, limit: int) -> Sequence[Mapping[str, Any]]:
        return jobs.history_rows(app, job, limit, offset)

    return Rows(stored_runs.run_count(app.store, job), fetch)


def run(call: Call) -> Mapping[str, Any]:
    """One run."""
    found = jobs.run_row(call.asked.app, call.path["run_id"])
    if found is None:
        raise UnknownName("run_unknown", name=call.path["run_id"])
    return found


def openapi(_call: Call) -> None:
    """The OpenAPI document of this interface; made by :mod:`dashboard.api.serving`, which has all operations."""


def docs(_call: Call) -> None:
    """The same for people; made by :mod:`dashboard.api.serving`."""


OPERATIONS = (
    Operation("rules", "GET", "/rules", Right.READ, "service", rules, asking.Paged, answers.Rule, listing=True),
    Operation(
        "track_record", "GET", "/track-record", Right.READ, "service", track_record, asking.TrackRecord,
        answers.TrackRecordRow, listing=True, by_content=True,
    ),
    Operation(
        "jobs", "GET", "/jobs", Right.READ, "service", all_jobs, asking.Paged, answers.Job, listing=True,
        by_content=True,
    ),
    Operation(
        "runs", "GET", "/jobs/runs", Right.READ, "service", runs, asking.Runs, answers.Run, listing=True,
        by_content=True,
    ),
    Operation(
        "run", "GET", "/jobs/runs/{run_id}", Right.READ, "service", run, asking.Query, answers.Run,
        parts={"run_id": asking.Number}, by_content=True, fails=(404,),
    ),
    Operation(
        "openapi", "GET", "/openapi.json", Right.READ, "service", openapi, asking.Query, None,
        media="application/json",
    ),
    Operation("docs", "GET", "/docs", Right.READ, "service", docs, asking.Query, None, media="text/html"),
)  # fmt: skip
