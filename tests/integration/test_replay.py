"""What was said on a day can be said again: the store filled as time went on, against as-of views of the store as it ended."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dabiao.services.app import App, stamp
from dabiao.services.declare.setup import bundled_files
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, assessment_rows, forecasting, judging
from dabiao.store.database import Row

DAYS = [
    *(date(year, 12, 31) for year in (2021, 2022, 2023)),
    *(date(2024 + m // 12, m % 12 + 1, 28) for m in range(12, 24)),  # 2025, month by month
    date(2026, 11, 21),
]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def known_between(path: Path, after: date, until: date, to: Path) -> bool:
    """The rows of a bundled file that became known in between, as a file of their own; false if there is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rows = [r for r in reader if after < date.fromisoformat(r["known_on"] or r["published"]) <= until]
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return bool(rows)


def live(app: App, tmp_path: Path, after: date, day: date) -> None:
    """One day of service: the files of the time since, the forecasts, the assessments."""
    for path in bundled_files(app.paths.data):
        part = tmp_path / f"{path.stem}-{day}.csv"
        if known_between(path, after, day, part):
            assert import_file(app, part, now=at(day)).refused == 0
    forecasting.run_forecasts(app, day, at(day))
    assessing.run_assessments(app, day, at(day))


def said(app: App, day: date) -> dict[str, Row]:
    """What was stored of each target by a day."""
    rows = app.store.rows("SELECT * FROM assessments WHERE as_of <= ? ORDER BY id", [day.isoformat()])
    return {r["target_id"]: r for r in rows}


@pytest.fixture
def lived(app: App, tmp_path: Path) -> App:
    """A store that was filled day by day."""
    after = date.min
    for day in DAYS:
        live(app, tmp_path, after, day)
        after = day
    return app


def test_as_of_says_what_was_said_live(lived: App) -> None:
    """Every status of every day is rebuilt to the digit: word, reason, attainment, interval, rules, decision and cautions."""
    seen = set()
    for day in DAYS:
        stored = said(lived, day)
        again = {
            v.declared.target.id: assessment_rows.assessment_row(v, stamp(at(day)))
            for v in judging.judge(lived, day, at(DAYS[-1]))
        }
        assert set(again) == set(stored)
        different = {key for key, row in again.items() if row["digest"] != stored[key]["digest"]}
        assert different == set()
        seen |= {str(row["status"]) for row in again.values()}
    assert {"met", "missed", "awaiting", "on_track", "off_track", "no_data", "unreported"} <= seen
