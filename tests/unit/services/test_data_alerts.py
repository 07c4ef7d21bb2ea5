"""Alerts about data and service stand as long as their condition."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dabiao import i18n
from dabiao.domain.alert import DATA_CAUSES, Cause
from dabiao.services.alerts import alert_rows, alerting, data_alerts
from dabiao.services.app import App, stamp
from dabiao.services.intake.importing import import_file
from dabiao.services.keep import audit
from dabiao.services.keep.verifying import Finding
from dabiao.store import alerts as store
from dabiao.store import runs
from tests.unit.services.assessed import say

DAY = timedelta(days=1)


def standing(app: App) -> dict[str, tuple[str, str]]:
    """What stands, by key: cause and severity."""
    return {a.key: (str(a.cause), a.severity) for a in store.listed(app.store) if a.kind == "data"}


def ended(app: App, state: str, at: datetime, message: str = "") -> None:
    """A run of the backup job that ended so."""
    run = runs.start_run(app.store, "backup", stamp(at), "schedule", stamp(at), "0")
    assert run is not None
    runs.finish_run(app.store, run, state, stamp(at), {}, "", message)


def test_nothing_wrong_raises_nothing(walked_app: App, now: datetime) -> None:
    """A store in order has no alert on its data."""
    assert data_alerts.refresh(walked_app, now) == {"raised": 0, "cleared": 0, "escalated": 0, "open": 0}


def test_a_failed_job_until_it_is_done(app: App, now: datetime) -> None:
    """Raised once however often it fails, said with its message; cleared when a run is done."""
    ended(app, "failed", now, "disk full")
    assert data_alerts.refresh(app, now, (Cause.JOB_FAILED,))["raised"] == 1
    ended(app, "failed", now + DAY, "disk full")
    ended(app, "interrupted", now + DAY + timedelta(hours=1))
    assert data_alerts.refresh(app, now + DAY)["raised"] == 0
    assert standing(app) == {"backup": ("job_failed", "high")}
    (row,) = alert_rows.alert_rows(app, app.today(now), "en", kind=None)
    assert "disk full" in row["message"]
    assert (row["target_id"], row["from_status"], row["level"]) == (None, None, None)
    ended(app, "done", now + 2 * DAY)
    assert data_alerts.refresh(app, now + 2 * DAY)["cleared"] == 1
    assert standing(app) == {}
    assert audit.check(app, audit.START)[1] == []


def test_a_file_that_was_refused(app: App, now: datetime) -> None:
    """A file in failed/ is an alert of its name; its reasons are none; it clears when the file goes."""
    app.paths.failed.mkdir(parents=True, exist_ok=True)
    for name in ("坏.csv", "坏.csv.issues.csv", "坏.csv.reasons.txt", ".坏.tmp"):
        (app.paths.failed / name).write_text("x")
    data_alerts.refresh(app, now)
    assert standing(app) == {"坏.csv": ("file_refused", "medium")}
    (app.paths.failed / "坏.csv").unlink()
    assert data_alerts.refresh(app, now)["cleared"] == 1


def test_a_refused_file_that_came_in_later(app: App, now: datetime, tmp_path: Path) -> None:
    """When something of a file of that name was taken since, nothing is left to do."""
    app.paths.failed.mkdir(parents=True, exist_ok=True)
    (app.paths.failed / "a.csv").write_text("x")
    data_alerts.refresh(app, now)
    mended = tmp_path / "a.csv"
    mended.write_text(
        "地区,指标,时间,数值,单位,来源\n吉林省,PM2.5平均浓度,2025年,25.1,µg/m3,省公报\n", encoding="utf-8"
    )
    import_file(app, mended, now=datetime.now().astimezone() + DAY)
    assert data_alerts.refresh(app, now)["cleared"] == 1


@pytest.mark.parametrize(
    ("reason", "cause"), [("stale", "series_stale"), ("forecast_failed", "forecast_failed")]
)
def test_a_series_on_which_a_target_waits(walked_app: App, now: datetime, reason: str, cause: str) -> None:
    """A target without data for its series' sake is an alert of that series, and none of the target's own."""
    say(walked_app, "no_data", reason=reason)
    assert alerting.run_alerts(walked_app, now)["raised"] == 0
    data_alerts.refresh(walked_app, now)
    assert standing(walked_app) == {"220000/pm25": (cause, "low" if reason == "stale" else "medium")}
    say(walked_app, "on_track", 0.9, reason="attainment_high")
    assert data_alerts.refresh(walked_app, now)["cleared"] == 1


def test_what_a_check_found(app: App, now: datetime) -> None:
    """Each finding is an alert of what it is about; figures that change by the day make no second one."""
    low = Finding("disk_low", "warning", {"path": "/data", "free_mb": 10, "needed_mb": 90})
    raw = Finding("raw_changed", "error", {"path": "raw/a", "file": "a.csv"})
    assert data_alerts.check_found(app, now, [low, raw])["raised"] == 2
    assert standing(app) == {
        "disk_low:/data": ("check_failed", "medium"),
        "raw_changed:raw/a": ("check_failed", "high"),
    }
    lower = Finding("disk_low", "warning", {"path": "/data", "free_mb": 5, "needed_mb": 90})
    counts = data_alerts.check_found(app, now, [lower])
    assert (counts["raised"], counts["cleared"]) == (0, 1)
    assert data_alerts.refresh(app, now)["cleared"] == 0, "what only a check can see is left to it"
    assert data_alerts.check_found(app, now, [])["cleared"] == 1


def test_a_data_alert_can_be_acknowledged(app: App, now: datetime) -> None:
    """Someone takes it on as any other."""
    ended(app, "failed", now)
    data_alerts.refresh(app, now)
    (alert,) = store.listed(app.store)
    alerting.acknowledge(app, alert.id, "甲", "", None, now)
    assert data_alerts.refresh(app, now)["raised"] == 0
    events = alert_rows.event_rows(app, alert.id)
    assert [e["change"] for e in events] == ["raised", "acknowledged"]
    assert json.dumps(events, ensure_ascii=False)


@pytest.mark.parametrize("cause", DATA_CAUSES)
def test_every_cause_has_its_sentence(cause: Cause) -> None:
    """What can be raised can be said; what a check finds has the check's own sentence."""
    assert i18n.has(f"alert.cause.{cause}")
    assert cause is Cause.CHECK_FAILED or i18n.has(f"alert.data.{cause}")
