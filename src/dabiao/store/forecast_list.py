"""Stored forecasts one after another, whatever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dabiao.domain.assessment import SeriesForecast
from dabiao.store.database import Store
from dabiao.store.forecasts import KEY, forecasts_by_key

_OF_SERIES = ("region", "indicator", "basis")


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored forecast with the series that it is of."""

    region: str
    indicator: str
    basis: str
    forecast: SeriesForecast


def count(store: Store, wanted: Mapping[str, str]) -> int:
    """How many forecasts :func:`listed` has."""
    row = store.row(f"SELECT count(*) AS n FROM forecasts WHERE {_where(wanted)}", dict(wanted))
    return int(row["n"]) if row else 0


def listed(store: Store, wanted: Mapping[str, str], limit: int, offset: int) -> list[Kept]:
    """Stored forecasts, the last made first.

    Args:
        store: the store.
        wanted: the ``region``, ``indicator`` and ``basis`` that they must have, as far as given.
        limit: at most how many.
        offset: how many are passed over.
    """
    keys = store.rows(
        f"""SELECT {", ".join(KEY)} FROM forecasts WHERE {_where(wanted)}
            ORDER BY id DESC LIMIT :limit OFFSET :offset""",
        {**wanted, "limit": limit, "offset": offset},
    )
    found = forecasts_by_key(store, [dict(k) for k in keys])
    return [
        Kept(k["region"], k["indicator"], k["basis"], f)
        for k, f in zip(keys, found, strict=True)
        if f is not None
    ]


def _where(wanted: Mapping[str, str]) -> str:
    return " AND ".join(["TRUE", *(f"{n} = :{n}" for n in _OF_SERIES if n in wanted)])
