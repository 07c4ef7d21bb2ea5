"""Status changes to alerts: one open alert a target, cleared when its status goes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from dabiao.services import alerting
from dabiao.services.app import App
from dabiao.store import judged as store

KEY = "jilin-2024-pm25"


def say(app: App, status: str, attainment: float | None = None) -> None:
    """Store another assessment of the target, as the daily job would after new data."""
    last = dict(store.latest_assessments(app.store)[KEY])
    del last["id"]
    digest = hashlib.sha256(
        f"{status}{attainment}{len(store.assessment_history(app.store, KEY))}".encode()
    ).hexdigest()
    store.record_assessments(
        app.store, [{**last, "status": status, "attainment": attainment, "digest": digest}]
    )


def opened(app: App) -> tuple[str, str, str | None] | None:
    """The target's open alert: to, severity, from."""
    row = store.open_alerts(app.store).get(KEY)
    return None if row is None else (row["to_status"], row["severity"], row["from_status"])


def test_the_life_of_an_alert(walked_app: App, now: datetime) -> None:
    """Off track raises one alert; staying so raises none; missing it replaces the alert; meeting it clears it."""
    app = walked_app
    start = store.latest_assessments(app.store)[KEY]["status"]
    assert opened(app) is None
    say(app, "off_track", 0.2)
    counts = alerting.run_alerts(app, now)
    assert (counts["raised"], counts["cleared"]) == (1, 0)
    assert opened(app) == ("off_track", "medium", start)
    say(app, "off_track", 0.1)
    assert alerting.run_alerts(app, now)["raised"] == 0
    say(app, "missed")
    counts = alerting.run_alerts(app, now + timedelta(days=1))
    assert (counts["raised"], counts["cleared"]) == (1, 1)
    assert opened(app) == ("missed", "high", "off_track")
    say(app, "met")
    assert alerting.run_alerts(app, now + timedelta(days=2))["cleared"] == 1
    assert opened(app) is None
    rows = [r for r in store.alert_rows(app.store, include_cleared=True) if r["target_id"] == KEY]
    assert [(r["to_status"], r["cleared_at"] is not None) for r in rows] == [
        ("missed", True),
        ("off_track", True),
    ]


def test_at_risk_raises_nothing(walked_app: App, now: datetime) -> None:
    """Only off track and missed are taken to someone's desk."""
    for status in ("at_risk", "on_track", "awaiting", "no_data", "reported", "unreported", "met"):
        say(walked_app, status)
        assert alerting.run_alerts(walked_app, now)["raised"] == 0


def test_it_comes_back(walked_app: App, now: datetime) -> None:
    """A target that leaves the list and returns gets a new alert."""
    for status, raised in (("off_track", 1), ("at_risk", 0), ("off_track", 1)):
        say(walked_app, status)
        assert alerting.run_alerts(walked_app, now)["raised"] == raised
