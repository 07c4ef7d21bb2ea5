"""Reports, alerts and acknowledgements are appended; each day finds its own."""

from __future__ import annotations

from datetime import date

import pytest

from dabiao.domain.assessment import Report
from dabiao.services.app import App
from dabiao.store import Store
from dabiao.store import judged as table

NOW = "2026-11-21T02:00:00Z"


def report(state: str, on: str) -> Report:
    return Report(state, date.fromisoformat(on), "某局", "", "")


def test_the_latest_report_by_a_day(empty_store: Store) -> None:
    """Each report is a version; as of a day the last one dated by then speaks."""
    assert table.record_report(empty_store, "t", report("under_way", "2026-03-01"), NOW) == 1
    assert table.record_report(empty_store, "t", report("done", "2026-06-01"), NOW) == 2
    assert table.reports_as_of(empty_store, date(2026, 2, 28)) == {}
    assert table.reports_as_of(empty_store, date(2026, 3, 1))["t"].state == "under_way"
    assert table.reports_as_of(empty_store, date(2026, 6, 1))["t"].state == "done"


def test_a_correction_of_a_report_counts(empty_store: Store) -> None:
    """A report recorded later with an earlier date corrects what was said before: the later record speaks."""
    table.record_report(empty_store, "t", report("done", "2026-06-01"), NOW)
    table.record_report(empty_store, "t", report("not_done", "2026-05-01"), NOW)
    assert table.reports_as_of(empty_store, date(2026, 7, 1))["t"].state == "not_done"


def test_acknowledging_keeps_every_word(walked_app: App) -> None:
    """An acknowledgement is appended, the list shows the latest; it clears nothing; an unknown alert is refused."""
    store = walked_app.store
    alert = next(iter(table.open_alerts(store).values()))["id"]
    before = store.data_version()
    assert table.acknowledge(store, alert, "甲", "看到", NOW)
    assert table.acknowledge(store, alert, "乙", "已转办", NOW)
    row = next(r for r in table.alert_rows(store) if r["id"] == alert)
    assert (row["acknowledged_by"], row["note"]) == ("乙", "已转办")
    assert len(store.rows("SELECT * FROM alert_acknowledgements")) == 2
    assert store.data_version() != before
    assert not table.acknowledge(store, 999999, "甲", "", NOW)


def test_a_cleared_alert_leaves_the_list_but_stays(walked_app: App) -> None:
    """Clearing an alert changes what pages show, and the alert stays among all alerts."""
    store = walked_app.store
    alert = next(iter(table.open_alerts(store).values()))["id"]
    before = store.data_version()
    table.change_alerts(store, [], [alert], NOW)
    assert alert not in {r["id"] for r in table.alert_rows(store)}
    assert alert in {r["id"] for r in table.alert_rows(store, include_cleared=True)}
    assert store.data_version() != before


def test_one_open_alert_a_target(walked_app: App) -> None:
    """The store itself refuses a second open alert of one target."""
    row = dict(next(iter(table.open_alerts(walked_app.store).values())))
    del row["id"]
    with pytest.raises(Exception, match="UNIQUE"):
        table.change_alerts(walked_app.store, [row], [], NOW)
