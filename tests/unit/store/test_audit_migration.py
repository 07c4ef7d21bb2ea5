"""Alerts and acknowledgements of a store of schema 11 are carried into the chain with every word."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from dabiao import bootstrap
from dabiao.services.app import App
from dabiao.services.keep import audit as service
from dabiao.store import Store, alerts, audit
from dabiao.store.migrations import migrations
from tests.factories import settings_of

_ASSESSMENT = """INSERT INTO assessments (id, target_id, target_version, as_of, status, provisional, reason, proxy, content,
    digest, made_at, program) VALUES (?, ?, 2, '2026-01-01', ?, 0, 'value_misses', 0, '{}', '', '', '')"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of the schema before, with two alerts, one of them cleared, and three acknowledgements."""
    path = tmp_path / "dabiao.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    db = Database(connection)
    migrations.apply(db, stop_before="m012_audit")
    for number, (target, status) in enumerate((("a", "off_track"), ("b", "missed")), start=1):
        db.execute(_ASSESSMENT, [number, target, status])
    db.execute(
        """INSERT INTO alerts VALUES
           (3, 'a', '2026-01-02T00:00:00Z', '2026-01-02', 'on_track', 'off_track', 'medium', 0.25, 1, '["市局"]',
            '2026-02-01T00:00:00Z'),
           (7, 'b', '2026-03-02T00:00:00Z', '2026-03-02', NULL, 'missed', 'high', NULL, 2, '[]', NULL)"""
    )
    db.execute(
        """INSERT INTO alert_acknowledgements VALUES (1, 7, '甲', '2026-03-03T00:00:00Z', '看到'),
           (2, 3, '丙', '2026-02-02T00:00:00Z', ''), (3, 7, '乙', '2026-03-04T00:00:00Z', '已转办')"""
    )
    db.execute("PRAGMA user_version = 11")
    connection.close()
    return path


def opened(path: Path) -> App:
    app, _ = bootstrap.initialise(settings_of(path.parent), datetime(2026, 11, 21, tzinfo=UTC))
    return app


def test_every_word_is_kept(old: Path) -> None:
    """Ids, statuses, moments and the last acknowledgement stand as before; the chain holds each word as an event."""
    store = Store.create(old)
    first, second = alerts.every(store)
    assert (first.id, first.state, first.cause, first.key) == (3, "cleared", "off_track", "a")
    assert (first.from_status, first.to_status, first.severity) == ("on_track", "off_track", "medium")
    assert (first.attainment, first.lead_units, first.target_version) == (0.25, ("市局",), 2)
    assert (first.raised_at, first.cleared_at) == ("2026-01-02T00:00:00Z", "2026-02-01T00:00:00Z")
    assert (first.acknowledged_by, first.note) == ("丙", None)
    assert (second.id, second.state, second.cause) == (7, "open", "missed")
    assert (second.acknowledged_by, second.acknowledged_at, second.note) == (
        "乙",
        "2026-03-04T00:00:00Z",
        "已转办",
    )
    actions = [(r["action"], r["subject"]) for r in audit.rows(store)]
    assert actions == [
        ("store.chained", "store:1"),
        ("alert.carried", "alert:3"),
        ("alert.acknowledged", "alert:3"),
        ("alert.carried", "alert:7"),
        ("alert.acknowledged", "alert:7"),
        ("alert.acknowledged", "alert:7"),
    ]
    assert store.rows("PRAGMA foreign_key_check(alerts)") == []
    store.close()


def test_what_was_carried_over_replays(old: Path) -> None:
    """The chain holds, and its events make the alerts that were carried over."""
    app = opened(old)
    held, faults = service.check(app, service.START)
    assert (held >= 6, faults) == (True, [])
    app.store.close()
