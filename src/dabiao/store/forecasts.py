"""Forecasts as stored: by what made them, one row each. Looked up and written many at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.steps import Steps
from dabiao.store.database import Store

KEY = ("region", "indicator", "kind", "basis", "vintage", "panel", "model", "model_version", "horizon")
"""What a forecast is stored under; ``panel`` may be left out where it is empty."""
_TOGETHER = 500
_JOIN = " AND ".join(f"f.{name} = json_extract(k.value, '$[{place}]')" for place, name in enumerate(KEY))

Key = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Panel:
    """The series that forecasts learned from.

    Attributes:
        digest: of their ids and vintages.
        day: the day as of which they were known, ISO.
        series: how many they are.
    """

    digest: str
    indicator: str
    kind: str
    day: str
    series: int


@dataclass(frozen=True, slots=True)
class Made:
    """A forecast as it is kept: under its key, with its parameters as JSON."""

    key: Key
    first_period: str
    last_period: str
    observed: int
    steps: Steps
    params: str
    warnings: tuple[str, ...]
    made_at: str


def forecast_by_key(store: Store, key: Key) -> SeriesForecast | None:
    """The stored forecast of a vintage by a model version, ``None`` if it was never made.

    Args:
        key: :data:`KEY`.
    """
    return forecasts_by_key(store, [key])[0]


def forecasts_by_key(store: Store, keys: Sequence[Key]) -> list[SeriesForecast | None]:
    """:func:`forecast_by_key` of many, in their order."""
    return [None if r is None else _forecast(*r) for r in _found(store, keys, _KEPT)]


def are_stored(store: Store, keys: Sequence[Key]) -> list[bool]:
    """Which of the forecasts are stored, in the keys' order."""
    return [r is not None for r in _found(store, keys, "f.id")]


_KEPT = """f.id, f.model, f.model_version, f.vintage, f.first_period, f.last_period, f.observed, f.params, f.warnings, f.made_at,
    f.first_step, f.quantiles, f.distribution, f.panel, p.day, p.series"""


def _found(store: Store, keys: Sequence[Key], columns: str) -> list[tuple[Any, ...] | None]:
    """Those columns of each forecast, in the keys' order."""
    found: list[tuple[Any, ...] | None] = []
    for start in range(0, len(keys), _TOGETHER):
        asked = [[k.get(name, "") for name in KEY] for k in keys[start : start + _TOGETHER]]
        rows = store.rows(
            f"""SELECT k.key, {columns} FROM json_each(?) k JOIN forecasts f ON {_JOIN}
                LEFT JOIN forecast_panels p ON p.digest = f.panel""",
            [json.dumps(asked)],
        )
        by_place = {r[0]: tuple(r)[1:] for r in rows}
        found += [by_place.get(place) for place in range(len(asked))]
    return found


def _forecast(
    number: int,
    model: str,
    model_version: str,
    vintage: str,
    first_period: str,
    last_period: str,
    observed: int,
    params: str,
    warnings: str,
    made_at: str,
    first_step: str,
    quantiles: bytes,
    distribution: str,
    panel: str,
    panel_day: str | None,
    panel_series: int | None,
) -> SeriesForecast:
    """A row of :data:`_KEPT` as the domain has it."""
    return SeriesForecast(
        number,
        model,
        model_version,
        vintage,
        first_period,
        last_period,
        observed,
        json.loads(params),
        () if warnings == "[]" else tuple(json.loads(warnings)),
        made_at,
        Steps(first_step, quantiles, distribution),
        panel,
        panel_day or "",
        panel_series or 1,
    )


def record_forecasts(store: Store, forecasts: Iterable[tuple[Key, SeriesForecast]]) -> int:
    """:func:`record` of forecasts as the domain has them."""
    return record(store, [made_of(key, forecast) for key, forecast in forecasts])


def made_of(key: Key, f: SeriesForecast) -> Made:
    """A forecast as it is kept."""
    steps = f.steps if isinstance(f.steps, Steps) else Steps.of_all(f.steps)
    params = json.dumps(dict(f.params), sort_keys=True)
    return Made(key, f.first_period, f.last_period, f.observed, steps, params, f.warnings, f.made_at)


def record(store: Store, made: Iterable[Made], panels: Iterable[Panel] = ()) -> int:
    """Keep forecasts, one transaction; one that another process has kept meanwhile is left as it is.

    Args:
        panels: those that the forecasts name; one that is known is left as it is too.

    Returns:
        how many forecasts were new.
    """
    with store.write() as db:
        before = db.conn.total_changes
        db.conn.executemany(_INSERT, (_row(m) for m in made))
        new = db.conn.total_changes - before
        db.conn.executemany(
            "INSERT OR IGNORE INTO forecast_panels (digest, indicator, kind, day, series) VALUES (?, ?, ?, ?, ?)",
            [(p.digest, p.indicator, p.kind, p.day, p.series) for p in panels],
        )
    return new


_COLUMNS = (
    *KEY, "first_period", "last_period", "observed", "first_step", "quantiles", "distribution", "params", "warnings",
    "made_at",
)  # fmt: skip
_INSERT = (
    f"INSERT OR IGNORE INTO forecasts ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
)


def _row(m: Made) -> tuple[object, ...]:
    return (
        *(m.key.get(name, "") for name in KEY),
        m.first_period,
        m.last_period,
        m.observed,
        m.steps.first,
        m.steps.quantiles,
        m.steps.distribution,
        m.params,
        json.dumps(m.warnings),
        m.made_at,
    )


def record_failures(store: Store, failures: Iterable[Mapping[str, object]]) -> None:
    """Keep why a series could not be fitted, once a vintage and model."""
    with store.write() as db:
        for f in failures:
            db.execute(
                """INSERT INTO forecast_failures (region, indicator, kind, basis, vintage, model, model_version,
                       message, failed_at)
                   SELECT :region, :indicator, :kind, :basis, :vintage, :model, :model_version, :message, :failed_at
                   WHERE NOT EXISTS (SELECT 1 FROM forecast_failures WHERE region = :region
                       AND indicator = :indicator AND kind = :kind AND basis = :basis AND vintage = :vintage
                       AND model = :model AND model_version = :model_version)""",
                dict(f),
            )
