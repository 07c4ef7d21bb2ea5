"""Stores of every schema that was ever released, with rows as the program of that schema wrote them, brought forward whole."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from dabiao.domain.period import Period
from dabiao.services.keep import backup
from dabiao.store import SCHEMA_VERSION, Store, audit, copies
from dabiao.store.migrations import STEPS, migrations

RELEASED = 14
"""The last schema whose rows stand here. A new step adds its rows in the change that releases it."""

NO = "0" * 64

WRITTEN: Mapping[int, str] = {
    1: """
        INSERT INTO regions VALUES ('220000', '吉林省', 'Jilin', '吉林', NULL, 'province', '[]', '[]');
        INSERT INTO indicators VALUES ('pm25', '细颗粒物', 'PM2.5', 'µg/m3', 'level', 'lower', '0', NULL, 1, 'annual', '[]');
        INSERT INTO units VALUES ('jl-eco', '220000', '省生态环境厅', 'Department', '[]');
        INSERT INTO plans VALUES ('jl', '规划', 'Plan', '规划', 'Plan', NULL, NULL, '2024-01-01', NULL, '220000', 2024, 2027,
            NULL, 'ab', '全文');
        INSERT INTO target_versions VALUES ('jl-pm25', 1, 'jl', 1, '2024-01-01', '2024-02-01T00:00:00Z', 0,
            '{"id": "jl-pm25"}', 'cd');
        INSERT INTO declared_files VALUES ('plans/jl.yaml', 'ef', '2024-02-01T00:00:00Z')""",
    2: """
        INSERT INTO sources VALUES (1, '公报', 'https://example.org/a');
        INSERT INTO imports (id, file, sha256, size, raw_path, imported_at, published, reading, accepted, revised, unchanged,
            refused, warned) VALUES (1, 'a.csv', '11', 10, 'raw/11/a.csv', '2024-03-01T00:00:00Z', NULL, '{}', 2, 0, 0, 1, 0);
        INSERT INTO series VALUES (1, '220000', 'pm25', 'official');
        INSERT INTO issues VALUES (1, 1, 'Sheet1', 4, 'value', 'not_a_number', '{"text": "约三十"}', 'error', '["约三十"]')""",
    3: """
        INSERT INTO assessments VALUES (1, 'jl-pm25', 1, '2024-04-01', 'off_track', 0, 'probability', 0.2, 30, 28, 32, '2023',
            '29.9', 'official', 0, '{}', 'd1', '2024-04-01T00:00:00Z', '0.1');
        INSERT INTO reports (id, target_id, version, state, reported_on, "by", evidence, note, recorded_at)
            VALUES (1, 'jl-pm25', 1, 'under_way', '2024-05-01', '省生态环境厅', '文件', '进行中', '2024-05-01T00:00:00Z')""",
    4: """
        INSERT INTO job_runs (id, job, scheduled_for, trigger, state, started_at, finished_at, counts, message, program)
            VALUES (1, 'import', '2024-06-01T00:00:00Z', 'schedule', 'done', '2024-06-01T00:00:01Z',
                    '2024-06-01T00:00:05Z', '{"files": 1}', '', '0.1');
        INSERT INTO leases VALUES ('work', 'host:1', '2024-06-01T00:00:00Z', '2024-06-01T00:00:00Z', '2024-06-01T00:01:00Z')""",
    5: """
        INSERT INTO plan_reviews VALUES ('r1', '2024-07-01T00:00:00Z', '{"plan": "x"}', '文本', '22', '[]',
            '2024-07-02T00:00:00Z')""",
    6: f"""
        INSERT INTO provenances VALUES (90, 1, 'official', 'final', 'µg/m3', NULL, '2025-01-10', '2025-01-10', 'published',
            '2025-01-11T00:00:00Z', 1, NULL, NULL);
        INSERT INTO observations VALUES (1, {Period.parse("2024").code}, 90, '28.4', NULL, 90, 7, NULL)""",
    7: """
        INSERT INTO quarantine VALUES (50, 1, NULL, 9, '["x"]', '[{"code": "not_a_number"}]', 'dismissed');
        INSERT INTO quarantine_events VALUES (1, 50, 'dismissed', '2024-08-01T00:00:00Z', NULL, '重复', NULL);
        INSERT INTO series_flags VALUES (1, 'heaping', '{}', '2024-08-01T00:00:00Z', 1);
        INSERT INTO corrections VALUES ('c1', 1, 2, '33', '{}', '2024-08-02T00:00:00Z')""",
    8: """
        INSERT INTO derivations VALUES (1, 1, '2024', 'own', '2025-01-10', NULL, 'valid', '28', '28.04', 350, 'HJ 663',
            'GB 3095', '[]', 'A', '[]', '[]', '44', '2025-01-11T00:00:00Z', '0.1')""",
    9: """
        INSERT INTO forecast_panels VALUES ('p1', 'pm25', 'year', '2024-09-01', 3);
        INSERT INTO forecasts VALUES (5, '220000', 'pm25', 'year', 'official', 'v1', 'p1', 'pooled', '1', 2, '2015', '2024',
            10, '2025', x'0000', '{}', '{}', '[]', '2024-09-01T00:00:00Z')""",
    10: """
        INSERT INTO decisions VALUES (1, 'jl-pm25', 1, 1, '2028-03-01', 'met', 0, '2027', '26.9', '55', '[]', 'system', '',
            '2028-03-01T00:00:00Z', '0.1');
        INSERT INTO decision_events VALUES (1, 'jl-pm25', 1, 'decided', NULL, '2028-03-01', '2027', NULL, 'met', NULL, '26.9',
            '55', 'system', '', '2028-03-01T00:00:00Z')""",
    11: """
        INSERT INTO job_runs VALUES (9, 'assess', '2024-10-01T00:00:00Z', 'schedule', 'retrying', 'error',
            '2024-10-01T00:00:01Z', NULL, '{}', 'disk full', '0.1', '', 11, 3, 2, '2024-10-01T00:05:00Z', 'line');
        INSERT INTO job_attempts VALUES (9, 1, '2024-10-01T00:00:01Z', '2024-10-01T00:00:02Z', 'failed', 'disk full');
        INSERT INTO job_pauses VALUES ('notices', '2024-10-02T00:00:00Z', '甲', '休假')""",
    12: "",
    13: """
        INSERT INTO report_withdrawals VALUES (1, '2024-11-01', '乙', '误报', '2024-11-01T00:00:00Z');
        INSERT INTO track_record_state VALUES ('series', '66', '2024-11-02T00:00:00Z', '2024-11-02', '0.1')""",
    14: """
        INSERT INTO notices VALUES (1, '2024-10', '{}', 'zh-CN', '2024-11-08', '77', '十月通报', '[]', '2024-11-08T00:00:00Z');
        INSERT INTO deliveries VALUES (1, 'k1', 1, 'office', 'folder:///srv', 'waiting', 0, '2024-11-08T00:00:00Z',
            '2024-11-08T00:00:00Z', NULL, '')""",
}
"""Rows by the schema that wrote them: into the tables that its step made, as that program wrote them."""

AS_TEXT = """
    INSERT INTO observations VALUES (1, 1, '2022', '31', '31', NULL, 'µg/m3', 'official', 'final', 1, '2023-06-05',
        '2023-06-05', 'published', '2024-03-01T00:00:00Z', 1, 'Sheet1', 2, NULL, NULL);
    INSERT INTO observations VALUES (2, 1, '2022', '31.2', '31.20', NULL, 'µg/m3', 'official', 'final', 1, '2023-07-05',
        '2023-07-05', 'published', '2024-03-01T00:00:00Z', 1, 'Sheet1', 3, '更正', 1)"""
ALERT = """
    INSERT INTO alerts VALUES (1, 'jl-pm25', '2024-04-01T00:00:00Z', '2024-04-01', 'on_track', 'off_track', 'medium', 0.2, 1,
        '["省生态环境厅"]', NULL);
    INSERT INTO alert_acknowledgements VALUES (1, 1, '甲', '2024-04-02T00:00:00Z', '已知')"""

KEPT: Mapping[int, Mapping[str, list[tuple[Any, ...]]]] = {
    1: {
        "SELECT id, zh FROM regions": [("220000", "吉林省")],
        "SELECT id, zh FROM units": [("jl-eco", "省生态环境厅")],
        "SELECT id, text FROM plans": [("jl", "全文")],
        "SELECT target_id, version, known_on, content FROM target_versions": [
            ("jl-pm25", 1, "2024-01-01", '{"id": "jl-pm25"}')
        ],
        "SELECT name, sha256 FROM declared_files": [("plans/jl.yaml", "ef")],
    },
    2: {
        "SELECT file, raw_path, accepted, refused FROM imports": [("a.csv", "raw/11/a.csv", 2, 1)],
        "SELECT id, period, value, printed, note, row, sheet, supersedes, known_on FROM observed WHERE id < 90 ORDER BY id": [
            (1, "2022", "31", "31", None, 2, "Sheet1", None, "2023-06-05"),
            (2, "2022", "31.2", "31.20", "更正", 3, "Sheet1", 1, "2023-07-05"),
        ],
        "SELECT row, state, raw FROM quarantine WHERE row = 4": [(4, "open", '["约三十"]')],
    },
    3: {
        "SELECT id, status, attainment FROM assessments": [(1, "off_track", 0.2)],
        "SELECT id, key, state, to_status, acknowledged_by, note FROM alerts": [
            (1, "jl-pm25", "open", "off_track", "甲", "已知")
        ],
        "SELECT id, unit, evidence, evidence_kind, note FROM reports": [
            (1, "省生态环境厅", "文件", "text", "进行中")
        ],
    },
    4: {
        "SELECT job, scheduled_for, state, counts, attempt FROM job_runs WHERE id = 1": [
            ("import", "2024-06-01T00:00:00Z", "done", '{"files": 1}', 1)
        ]
    },
    5: {"SELECT id, text, head FROM plan_reviews": [("r1", "文本", '{"plan": "x"}')]},
    6: {"SELECT period, value, printed, row FROM observed WHERE id = 90": [("2024", "28.4", "28.4", 7)]},
    7: {
        "SELECT q.state, e.note FROM quarantine q JOIN quarantine_events e ON e.quarantine_id = q.id": [
            ("dismissed", "重复")
        ],
        "SELECT code FROM series_flags": [("heaping",)],
        "SELECT id, corrected_id FROM corrections": [("c1", 2)],
    },
    8: {"SELECT period, value, unrounded, count FROM derivations": [("2024", "28", "28.04", 350)]},
    9: {"SELECT id, model, quantiles FROM forecasts": [(5, "pooled", b"\x00\x00")]},
    10: {
        "SELECT d.status, d.value, e.event FROM decisions d JOIN decision_events e USING (target_id, version)": [
            ("met", "26.9", "decided")
        ]
    },
    11: {
        "SELECT state, retry_at, log FROM job_runs WHERE id = 9": [
            ("retrying", "2024-10-01T00:05:00Z", "line")
        ],
        "SELECT job, by, note FROM job_pauses": [("notices", "甲", "休假")],
    },
    12: {},
    13: {
        "SELECT report_id, by, note FROM report_withdrawals": [(1, "乙", "误报")],
        "SELECT part, digest FROM track_record_state": [("series", "66")],
    },
    14: {
        "SELECT n.title, d.recipient, d.state FROM notices n JOIN deliveries d ON d.notice_id = n.id": [
            ("十月通报", "office", "waiting")
        ]
    },
}
"""What must stand in the store of today, by the schema that wrote it: a query and its rows."""


def made(path: Path, version: int) -> Path:
    """A store of a schema: each step in turn, and after it the rows of a program of its time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = Database(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.row_factory = sqlite3.Row
        names = [step.__name__.rpartition(".")[2] for step in STEPS]
        for number in range(1, version + 1):
            if number < len(names):
                migrations.apply(db, stop_before=names[number])
            else:
                migrations.apply(db)
            connection.executescript(WRITTEN[number] + {2: ";" + AS_TEXT, 3: ";" + ALERT}.get(number, ""))
        connection.execute(f"PRAGMA user_version = {version}")
    return path


def check_kept(path: Path, version: int) -> None:
    """Everything that schemas up to this one wrote stands in the store, which is whole, of today's schema and chained."""
    store = Store.open(path)
    try:
        for written in range(1, version + 1):
            for query, rows in KEPT[written].items():
                assert [tuple(r) for r in store.rows(query)] == rows, f"of schema {written}: {query}"
        assert store.schema_version() == SCHEMA_VERSION
        length, broken = audit.check(store)
        assert length > 0
        assert broken is None
    finally:
        store.close()
    assert copies.faults(path) == []


@pytest.mark.parametrize("version", range(1, RELEASED + 1))
def test_every_released_schema_comes_forward(tmp_path: Path, version: int) -> None:
    """A store of any age is migrated in one go, without the loss of a word; a second time changes nothing."""
    path = made(tmp_path / "dabiao.sqlite", version)
    Store.create(path).close()
    check_kept(path, version)
    Store.create(path).close()
    check_kept(path, version)


@pytest.mark.parametrize("version", [5, 9, 12, RELEASED])
def test_a_backup_of_an_older_schema_is_restored_forward(tmp_path: Path, version: int) -> None:
    """The restored home is of today's schema; the backup itself stays as it was, byte for byte."""
    folder = tmp_path / "20240101T000000Z"
    folder.mkdir()
    store = made(folder / backup.STORE, version)
    with closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        rows = copies.row_counts(db)
    digest = hashlib.sha256(store.read_bytes()).hexdigest()
    manifest = {
        "format": 1,
        "program": "0.1",
        "made_at": "2024-01-01T00:00:00Z",
        "schema": version,
        "rows": rows,
    }
    (folder / backup.MANIFEST).write_text(json.dumps(manifest | {"files": {backup.STORE: digest}}), "utf-8")
    home = tmp_path / "home"
    backup.restore(folder, home)
    check_kept(home / backup.STORE, version)
    assert hashlib.sha256(store.read_bytes()).hexdigest() == digest


def test_a_migration_that_is_cut_off_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps are one unit of work: the store is as it was, and the next attempt brings it forward."""
    path = made(tmp_path / "dabiao.sqlite", 5)

    apply = migrations.apply

    def cut_off(db: Database) -> None:
        apply(db)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "apply", cut_off)
        with pytest.raises(OSError, match="No space"):
            Store.create(path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 5
        assert "alert_acknowledgements" in copies.row_counts(db)
    Store.create(path).close()
    check_kept(path, 5)
