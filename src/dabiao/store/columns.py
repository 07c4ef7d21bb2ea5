"""Observations of one kind of period as columns: what a hundred thousand series are read in."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.observation import Basis, Qualifier, State, Tier
from dabiao.domain.period import PeriodKind, codes_of
from dabiao.store.database import Store

Ints = NDArray[np.int64]

_AT_ONCE = 50_000
_TIERS = {str(tier): rank for rank, tier in enumerate(Tier)}
_STATES = {str(state): rank for rank, state in enumerate(State)}
_OF = "AND s.indicator IN (SELECT value FROM json_each(?))"
_USABLE = (None, str(Qualifier.ABOUT))


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows known on a day, by series and period, as :class:`dabiao.domain.observation.Observation` has them.

    Attributes:
        regions, indicators, bases: of each series that has a row; equal bases are one object.
        series: each row's place in those; ``period`` its code, ``id`` its id.
        values: the value as text; ``usable`` says whether it is a number that may stand for the period.
        known, published: days as ordinals, 0 where a publication day is not known.
        superseded: the day from which another row stands in for it; past every day where none does.
        tier, state: ranks, the most trusted first.
    """

    regions: list[str]
    indicators: list[str]
    bases: list[Basis]
    series: Ints
    period: Ints
    id: Ints
    values: list[str]
    usable: NDArray[np.bool_]
    known: Ints
    published: Ints
    superseded: Ints
    tier: Ints
    state: Ints


def known_columns(
    store: Store, as_of: date, kind: PeriodKind, indicators: Collection[str] | None = None
) -> Columns:
    """Every row of one kind of period that was known on a day, those superseded by then too; of all indicators by default."""
    shared = _provenances(store)
    low, high = codes_of(kind)
    # CROSS JOIN keeps the order of the tables, and with it that of the primary key: nothing is sorted.
    cursor = store.db.conn.cursor()
    cursor.row_factory = None  # plain tuples: a name for each of a million columns is not needed
    cursor.execute(
        f"""SELECT o.series_id, o.period, o.id, o.provenance_id, ifnull(o.supersedes, 0), o.value
           FROM series s CROSS JOIN observations o ON o.series_id = s.id
           WHERE o.period >= ? AND o.period < ? {"" if indicators is None else _OF}
           ORDER BY o.series_id, o.period, o.id""",
        [low, high, *([] if indicators is None else [json.dumps(sorted(indicators))])],
    )
    numbers: list[Ints] = [np.zeros((0, 5), dtype=np.int64)]
    texts: list[str | None] = []
    while rows := cursor.fetchmany(_AT_ONCE):
        *whole, value = zip(*rows, strict=True)
        numbers.append(np.array(whole, dtype=np.int64).T)
        texts += value
    series, period, number, provenance, supersedes = np.concatenate(numbers).T
    there, place = np.unique(series, return_inverse=True)
    regions, names, spelt = _series(store, there, indicators)
    bases = {text: Basis.parse(text) for text in set(spelt)}
    known = shared[provenance, 0]
    keep = np.flatnonzero(known <= as_of.toordinal())
    superseded = _superseded(number, supersedes, known)[keep]
    own = shared[provenance[keep]]
    kept = [texts[i] for i in keep.tolist()]
    return Columns(
        regions=regions,
        indicators=names,
        bases=[bases[text] for text in spelt],
        series=place.ravel()[keep],
        period=period[keep],
        id=number[keep],
        values=[text or "" for text in kept],
        usable=(own[:, 4] > 0) & np.array([text is not None for text in kept], dtype=np.bool_),
        known=own[:, 0],
        published=own[:, 1],
        superseded=superseded,
        tier=own[:, 2],
        state=own[:, 3],
    )


def _series(
    store: Store, ids: Ints, indicators: Collection[str] | None
) -> tuple[list[str], list[str], list[str]]:
    """Region, indicator and basis of some series, which are all of the indicators; in the order of the ids."""
    rows = store.rows(
        f"SELECT s.id, s.region, s.indicator, s.basis FROM series s WHERE 1 {'' if indicators is None else _OF}",
        [] if indicators is None else [json.dumps(sorted(indicators))],
    )
    found = {r[0]: r for r in rows}
    told = [found[i] for i in ids.tolist()]
    return [r[1] for r in told], [r[2] for r in told], [r[3] for r in told]


def _provenances(store: Store) -> Ints:
    """By id: day known, day published, rank of tier, rank of state, whether its value may stand for the period."""
    rows = store.rows("SELECT id, known_on, published, tier, state, qualifier FROM provenances")
    table = np.zeros((max((r["id"] for r in rows), default=0) + 1, 5), dtype=np.int64)
    for r in rows:
        table[r["id"]] = (
            date.fromisoformat(r["known_on"]).toordinal(),
            date.fromisoformat(r["published"]).toordinal() if r["published"] else 0,
            _TIERS[r["tier"]],
            _STATES[r["state"]],
            r["qualifier"] in _USABLE,
        )
    return table


def _superseded(number: Ints, supersedes: Ints, known: Ints) -> Ints:
    """The day from which each row is superseded."""
    until = np.full(len(number), np.iinfo(np.int64).max)
    newer = np.flatnonzero(supersedes)
    order = np.argsort(number, kind="stable")
    older = order[np.searchsorted(number[order], supersedes[newer])]
    until[older] = known[newer]
    return until
