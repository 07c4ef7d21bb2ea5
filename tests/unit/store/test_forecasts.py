"""Forecasts under what made them, looked up and written many at a time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.steps import Steps
from dabiao.store import Store
from dabiao.store import forecasts as table
from dabiao.store.migrations import migrations

NOW = "2026-11-21T02:00:00Z"
KEY = {
    "region": "220000", "indicator": "pm25", "kind": "year", "basis": "official|unknown|unknown||", "vintage": "v1",
    "panel": "p1", "model": "pooled", "model_version": "1", "horizon": 2,
}  # fmt: skip
STEPS = Steps.of_all(
    [
        Step(str(y), 25.1, 20.0, 30.0, 18.0, 33.0, {"family": "x", "location": 0.1, "spread": 0.2})
        for y in (2025, 2026)
    ]
)
FORECAST = SeriesForecast(
    0,
    "pooled",
    "1",
    "v1",
    "2015",
    "2024",
    10,
    {"drift": 1 / 3},
    ("not_converged",),
    NOW,
    STEPS,
    "p1",
    "2026-06-27",
    9,
)
PANEL = table.Panel("p1", "pm25", "year", "2026-06-27", 9)


def keep(store: Store, *keys: dict[str, object]) -> int:
    made = [table.made_of(k, FORECAST) for k in keys]
    return table.record(store, made, [PANEL])


def test_a_forecast_comes_back_as_it_was(empty_store: Store) -> None:
    """With its panel's day and size, to the digit."""
    assert keep(empty_store, KEY) == 1
    found = table.forecast_by_key(empty_store, KEY)
    assert found is not None
    assert replace(found, id=0) == FORECAST
    assert tuple(found.steps) == tuple(STEPS)


@pytest.mark.parametrize(("name", "other"), [(n, 3 if n == "horizon" else "other") for n in table.KEY])
def test_every_part_of_the_key_counts(empty_store: Store, name: str, other: object) -> None:
    """Another panel, vintage, version, horizon or place is another forecast."""
    keep(empty_store, KEY)
    assert table.forecast_by_key(empty_store, {**KEY, name: other}) is None
    assert keep(empty_store, {**KEY, name: other}, KEY) == 1


def test_many_are_found_in_their_order(empty_store: Store) -> None:
    """More keys than one query takes: each answer stands in its key's place, absent ones and repeats too."""
    keys = [{**KEY, "region": f"{i:06d}"} for i in range(1200)]
    keep(empty_store, *keys[::2])
    assert table.are_stored(empty_store, keys) == [i % 2 == 0 for i in range(1200)]
    found = table.forecasts_by_key(empty_store, [keys[0], keys[1], keys[0]])
    assert [f is None for f in found] == [False, True, False]
    assert table.forecasts_by_key(empty_store, []) == []


def test_one_that_another_process_kept_stays(empty_store: Store) -> None:
    """The second of two writers leaves what is there, and counts nothing."""
    keep(empty_store, KEY)
    later = replace(FORECAST, made_at="2027-01-01T00:00:00Z")
    assert table.record_forecasts(empty_store, [(KEY, later)]) == 0
    found = table.forecast_by_key(empty_store, KEY)
    assert found is not None
    assert found.made_at == NOW


def test_a_failure_is_kept_once_a_vintage(empty_store: Store) -> None:
    """The same failure of the same data is said once; of other data again."""
    failure = {**KEY, "message": "no", "failed_at": NOW}
    table.record_failures(empty_store, [failure, failure, {**failure, "vintage": "v2"}])
    assert len(empty_store.rows("SELECT * FROM forecast_failures")) == 2


def test_stored_forecasts_are_packed_by_the_migration(tmp_path: Path) -> None:
    """A forecast of the earlier schema keeps its id, its figures to the digit and its distribution."""
    path = tmp_path / "old.sqlite"
    db = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db, stop_before="m009_forecasts")
    db.table("forecasts").insert(
        {**{k: v for k, v in KEY.items() if k != "panel"}, "id": 7, "first_period": "2015", "last_period": "2024",
         "observed": 10, "params": "{}", "warnings": "[]", "made_at": NOW}
    )  # fmt: skip
    stored = '{"family": "scaled_t", "numbers": {"location": 0.1, "spread": 0.3}, "low": 0.0}'
    db.table("forecast_steps").insert_all(
        {"forecast_id": 7, "period": str(y), "point": 1 / 3, "lower80": 0.1, "upper80": 0.2, "lower95": 0.3,
         "upper95": 0.4, "distribution": stored} for y in (2025, 2026)
    )  # fmt: skip
    db.close()
    store = Store.create(path)
    found = table.forecast_by_key(store, {**KEY, "panel": ""})
    store.close()
    assert found is not None
    assert found.id == 7
    assert [s.period for s in found.steps] == ["2025", "2026"]
    assert found.steps[1].point == 1 / 3
    assert found.steps[0].distribution == {"family": "scaled_t", "low": 0.0, "location": 0.1, "spread": 0.3}
