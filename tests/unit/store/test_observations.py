"""Observations are appended and superseded; every day finds what was known on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dabiao.domain.observation import Basis
from dabiao.services.app import App
from dabiao.store import imports
from dabiao.store import observations as table

OFFICIAL = Basis("official")


@pytest.fixture
def add(app: App) -> Any:
    """Append one value of 吉林省's PM2.5 of 2024, known from a day; gives its id."""

    def append(known_on: str, value: str | None, supersedes: int | None = None, **more: Any) -> int:
        with app.store.write() as db:
            row: dict[str, Any] = {
                "series_id": table.series_id(db, "220000", "pm25", OFFICIAL),
                "period": "2024",
                "value": value,
                "printed": value or "—",
                "unit": "µg/m3",
                "tier": "official",
                "state": "final",
                "source_id": table.source_id(db, "公报", ""),
                "published": known_on,
                "known_on": known_on,
                "known_rule": "published",
                "recorded_at": "2026-11-21T02:00:00Z",
                "import_id": 1,
                "supersedes": supersedes,
            }
            if not db.execute("SELECT 1 FROM imports").fetchone():
                imports.record_import(
                    db,
                    {
                        "file": "a.csv",
                        "sha256": "0",
                        "size": 1,
                        "imported_at": "now",
                        "reading": "{}",
                        "accepted": 1,
                        "revised": 0,
                        "unchanged": 0,
                        "refused": 0,
                        "warned": 0,
                    },
                )
            table.append(db, [{**row, **more}])
            return int(db.execute("SELECT max(id) FROM observations").fetchone()[0])

    return append


def seen(app: App, day: str) -> list[str | None]:
    return [
        None if o.value is None else str(o.value)
        for o in table.known_observations(app.store, date.fromisoformat(day), "220000", "pm25")
    ]


def test_a_value_is_known_from_its_day(app: App, add: Any) -> None:
    """A value enters the view of its own day, and no day before."""
    add("2025-06-04", "26.9")
    assert seen(app, "2025-06-03") == []
    assert seen(app, "2025-06-04") == ["26.9"]


def test_a_superseded_value_stands_until_the_revision_is_known(app: App, add: Any) -> None:
    """As of a day between two statements the first one stands; from the second's day only the second does."""
    first = add("2025-01-10", "27")
    add("2025-06-04", "26.9", supersedes=first)
    assert seen(app, "2025-06-03") == ["27"]
    assert seen(app, "2025-06-04") == ["26.9"]
    assert len(app.store.rows("SELECT * FROM observations")) == 2


def test_a_revision_of_a_revision(app: App, add: Any) -> None:
    """A chain of statements gives each day its own; a value is superseded once only."""
    first = add("2025-01-10", "27")
    second = add("2025-03-01", "26.5", supersedes=first)
    add("2025-06-04", "26.9", supersedes=second)
    assert [seen(app, d) for d in ("2025-02-01", "2025-04-01", "2025-07-01")] == [["27"], ["26.5"], ["26.9"]]
    with pytest.raises(Exception, match="UNIQUE"):
        add("2025-07-01", "1", supersedes=first)


def test_a_value_keeps_its_digits(app: App, add: Any) -> None:
    """27.0 comes back as 27.0, and a missing value as missing with the word that the source prints."""
    add("2025-06-04", "27.0")
    add("2025-06-05", None, printed="缺测")
    assert seen(app, "2026-01-01") == ["27.0", None]
    found = table.known_observations(app.store, date(2026, 1, 1), "220000", "pm25")
    assert found[1].printed == "缺测"


def test_series_and_sources_are_made_once(app: App) -> None:
    """The same region, indicator and basis are one series; the same title and address one source."""
    with app.store.write() as db:
        ids = {table.series_id(db, "220000", "pm25", OFFICIAL) for _ in range(3)}
        other = table.series_id(db, "220000", "pm25", Basis("official", dust="deducted"))
        sources = {table.source_id(db, "公报", "") for _ in range(3)}
        elsewhere = table.source_id(db, "公报", "http://example.org")
    assert len(ids) == len(sources) == 1
    assert other not in ids
    assert elsewhere not in sources


def test_filters_of_region_and_indicator(app: App, add: Any) -> None:
    """Asked for one region and indicator, nothing of another comes along."""
    add("2025-06-04", "26.9")
    day = date(2026, 1, 1)
    assert len(table.known_observations(app.store, day)) == 1
    assert table.known_observations(app.store, day, region="350500") == []
    assert table.known_observations(app.store, day, indicator="good_day_ratio") == []
