"""The compact table says what the one of text said; nothing is lost on the way, and it is read by kind of period."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from dabiao.domain.observation import Basis
from dabiao.domain.period import LONG_KINDS, Period, PeriodKind
from dabiao.services.app import App
from dabiao.store import Store, imports
from dabiao.store import observations as table
from dabiao.store.migrations import migrations

AS_TEXT = """
    SELECT o.*, s.region, s.indicator, s.basis, c.title AS source, c.url AS source_url
    FROM observations o JOIN series s ON s.id = o.series_id JOIN sources c ON c.id = o.source_id ORDER BY o.id
"""
COLUMNS = (
    "id", "region", "indicator", "basis", "period", "value", "printed", "qualifier", "unit", "tier", "state", "source",
    "source_url", "published", "known_on", "known_rule", "recorded_at", "import_id", "sheet", "row", "note", "supersedes",
)  # fmt: skip
ROWS = [
    # id, period, value, printed, qualifier, state, published, known_on, rule, sheet, row, note, supersedes
    (3, "2024", "27.0", "27.0", None, "final", "2025-01-10", "2025-01-10", "published", None, 2, None, None),
    (
        4,
        "2024",
        "26.9",
        "26.9微克",
        None,
        "final",
        "2025-06-04",
        "2025-06-04",
        "published",
        "表1",
        3,
        "改",
        3,
    ),
    (7, "2024-Q1", "98", "98%以上", ">=", "final", None, "2024-04-02", "imported", None, 4, None, None),
    (8, "2024-03", None, "—", None, "flash", "2024-04-02", "2024-04-02", "published", None, 5, None, None),
    (
        9,
        "2024-01/2024-05",
        "1E+3",
        "1e3",
        None,
        "to_date",
        None,
        "2024-06-02",
        "imported",
        None,
        6,
        None,
        None,
    ),
    (
        12,
        "2023-12",
        "30.50",
        "30.50",
        None,
        "final",
        None,
        "2024-01-02",
        "period_end",
        None,
        None,
        None,
        None,
    ),
]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of the schema before, with data."""
    path = tmp_path / "dabiao.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    db = Database(connection)
    migrations.apply(db, stop_before="m006_compact_observations")
    db.execute(
        "INSERT INTO regions VALUES ('220000', '吉林省', 'Jilin', '吉林', NULL, 'province', '[]', '[]')"
    )
    db.execute(
        "INSERT INTO indicators VALUES ('pm25', 'PM2.5', 'PM2.5', 'µg/m3', 'level', 'lower', NULL, NULL, 1, 'annual', '[]')"
    )
    db.execute("INSERT INTO sources VALUES (1, '公报', ''), (2, '年鉴', 'https://example.org')")
    db.execute("INSERT INTO imports VALUES (1, 'a.csv', '0', 1, NULL, 'now', NULL, '{}', 1, 0, 0, 0, 0)")
    db.execute("INSERT INTO series VALUES (1, '220000', 'pm25', 'official|unknown|unknown||')")
    for (
        id_,
        period,
        value,
        printed,
        qualifier,
        state,
        published,
        known_on,
        rule,
        sheet,
        row,
        note,
        before,
    ) in ROWS:
        db.execute(
            "INSERT INTO observations VALUES (?,1,?,?,?,?,'µg/m3','official',?,?,?,?,?,'2026-01-01T00:00:00Z',1,?,?,?,?)",
            [
                id_, period, value, printed, qualifier, state, 1 + (id_ == 12), published, known_on, rule, sheet, row, note, before,
            ],
        )  # fmt: skip
    db.execute("PRAGMA user_version = 5")
    connection.close()
    return path


def test_the_migration_keeps_every_word(old: Path) -> None:
    """Every column of every row, ids included, reads after the migration as before; new ids go on from the highest."""
    with sqlite3.connect(old) as connection:
        connection.row_factory = sqlite3.Row
        before = [tuple(r[c] for c in COLUMNS) for r in connection.execute(AS_TEXT)]
    connection.close()
    store = Store.create(old)
    found = store.rows(f"SELECT {', '.join(COLUMNS)} FROM observed ORDER BY id")
    assert [tuple(r) for r in found] == before
    assert [tuple(r) for r in store.rows("PRAGMA foreign_key_check")] == []
    assert store.row("SELECT 1 FROM sqlite_master WHERE name IN ('ranked', 'observations_as_text')") is None
    with store.write() as db:
        assert table.next_id(db) == 13
    store.close()


def test_what_was_known_on_a_day_is_the_same_after_the_migration(old: Path) -> None:
    """The view of a day finds the rows that the old store found, with their exact digits."""
    store = Store.create(old)
    early = {o.id: (str(o.period), o.value and str(o.value), o.printed) for o in table.known_observations(store, date(2025, 3, 1))}  # fmt: skip
    assert early == {
        3: ("2024", "27.0", "27.0"),
        7: ("2024-Q1", "98", "98%以上"),
        8: ("2024-03", None, "—"),
        9: ("2024-01/2024-05", "1E+3", "1e3"),
        12: ("2023-12", "30.50", "30.50"),
    }
    assert [o.id for o in table.known_observations(store, date(2025, 7, 1))] == [4, 7, 8, 9, 12]
    store.close()


@pytest.fixture
def told(app: App) -> App:
    """A year, a month, a day and an hour of one series."""
    row: dict[str, Any] = {
        "value": "20", "printed": "20", "unit": "µg/m3", "tier": "official", "state": "final", "known_on": "2025-01-10",
        "known_rule": "published", "published": "2025-01-10", "recorded_at": "now", "import_id": 1, "supersedes": None,
    }  # fmt: skip
    counts = dict.fromkeys(("accepted", "revised", "unchanged", "refused", "warned"), 0)
    with app.store.write() as db:
        file = {"file": "a", "sha256": "0", "size": 1, "imported_at": "now", "reading": "{}", **counts}
        row["import_id"] = imports.record_import(db, file)
        row["series_id"] = table.series_id(db, "220000", "pm25", Basis("official"))
        row["source_id"] = table.source_id(db, "公报", "")
        table.append(
            db,
            [{**row, "period": p} for p in ("2024", "2024-03", "2024-03-05", "2024-03-05T14", "2024-12-31")],
        )
    return app


def test_only_the_kinds_asked_for_are_read(told: App) -> None:
    """Years and months come without the days and hours beside them, and these without those."""
    day = date(2025, 2, 1)

    def periods(*kinds: PeriodKind) -> list[str]:
        return [str(o.period) for o in table.known_observations(told.store, day, kinds=kinds or None)]

    assert periods() == ["2024", "2024-03", "2024-03-05", "2024-03-05T14", "2024-12-31"]
    assert periods(*LONG_KINDS) == ["2024", "2024-03"]
    assert periods(PeriodKind.DAY) == ["2024-03-05", "2024-12-31"]
    assert periods(PeriodKind.YEAR, PeriodKind.HOUR) == ["2024", "2024-03-05T14"]


def test_the_latest_period_of_any_kind_is_the_reach(told: App) -> None:
    """The store reaches to the end of its last period, be it a day or a year; an empty store reaches nowhere."""
    assert table.reaches_to(told.store) == date(2024, 12, 31)


def test_the_view_spells_every_period(told: App) -> None:
    """SQL spells a period as the program does."""
    found = told.store.rows(
        "SELECT o.period AS code, v.period FROM observations o JOIN observed v ON v.id = o.id"
    )
    assert {Period.from_code(r["code"]) for r in found} == {Period.parse(r["period"]) for r in found}
    assert len(found) == 5
