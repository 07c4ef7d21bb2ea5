"""Reports are appended, superseded and withdrawn; each day finds its own."""

from __future__ import annotations

from datetime import date

from dabiao.domain.assessment import Report
from dabiao.store import Store, audit
from dabiao.store import reports as table

NOW = "2026-11-21T02:00:00Z"


def record(store: Store, state: str, on: str) -> int:
    return table.record_reports(store, [("t", Report(state, date.fromisoformat(on), "某局", "", ""))], NOW)[0]


def standing(store: Store, day: str) -> str | None:
    found = table.reports_as_of(store, date.fromisoformat(day)).get("t")
    return found.state if found else None


def test_the_latest_report_by_a_day(empty_store: Store) -> None:
    """Each report is a version; as of a day the last one dated by then speaks."""
    assert record(empty_store, "under_way", "2026-03-01") == 1
    assert record(empty_store, "done", "2026-06-01") == 2
    days = ("2026-02-28", "2026-03-01", "2026-06-01")
    assert [standing(empty_store, d) for d in days] == [None, "under_way", "done"]
    assert table.report_rows(empty_store, date.max)[0]["supersedes"] == 1


def test_a_correction_of_a_report_counts(empty_store: Store) -> None:
    """A report recorded later with an earlier date corrects what was said before: the later record speaks."""
    record(empty_store, "done", "2026-06-01")
    record(empty_store, "not_done", "2026-05-01")
    assert standing(empty_store, "2026-07-01") == "not_done"


def test_a_withdrawn_report_stands_until_then(empty_store: Store) -> None:
    """Withdrawing takes a report back from that day on; the one before stands again, and the trail and the cache key know."""
    record(empty_store, "under_way", "2026-03-01")
    record(empty_store, "done", "2026-06-01")
    row, before = table.report_row(empty_store, "t", 2), empty_store.data_version()
    assert row is not None
    table.withdraw(empty_store, row, date(2026, 7, 1), "甲", "误报", NOW)
    assert (standing(empty_store, "2026-06-30"), standing(empty_store, "2026-07-01")) == ("done", "under_way")
    assert empty_store.data_version() != before
    assert [r["action"] for r in audit.rows(empty_store, action="report.")] == [
        "report.added",
        "report.added",
        "report.withdrawn",
    ]
