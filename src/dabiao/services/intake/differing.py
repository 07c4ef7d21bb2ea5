"""A file's values against what the store has been told: which are new, which revise, which only repeat.

A statement is never overwritten. It is superseded by a later one of the same source on the same figure; one that was
published before what stands is kept beside it, known from its own day, so that an as-of view of that day finds it.

Almost every figure is stated once by the file and at most once by the store: those are settled side by side, as arrays. What is
left (a figure stated several times, a missing mark) is settled figure by figure, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from dabiao.domain.period import PeriodKind, codes_of
from dabiao.domain.progress import Progress, silent
from dabiao.ingest.bulk.cells import DIGITS, Codes, Flags, Ints, joined
from dabiao.ingest.bulk.values import PERIOD_BITS, Manner, Values
from dabiao.services.judge.statements import Statement, of_file, of_store, stands_for
from dabiao.store import observations as table
from dabiao.store.database import Row

_KINDS = np.array(sorted(codes_of(kind)[0] for kind in PeriodKind))


SLAB = 250_000
"""Values compared at once."""


@dataclass(slots=True)
class Said:
    """What the store has been told of the figures of some values, by series, period and id.

    Attributes:
        key: as :attr:`Values.key`.
        rows: of :func:`dabiao.store.observations.said_before`.
        provenances: by id; of :func:`dabiao.store.observations.provenances_of`.
        voices: source and state → a number.
    """

    key: Ints
    rows: Sequence[Row]
    provenances: dict[int, Row]
    voices: dict[tuple[int, str], int]


@dataclass(slots=True)
class Diff:
    """What becomes of each value of a file.

    Attributes:
        fresh: the values to append.
        supersedes: id of the row that a value supersedes, by the value's place; ``-1 - place`` for another value of the file.
        refused: places of missing marks over a number, and that number as printed.
        series: the store's id of each series of the values.
        sources: the store's id of each manner's source.
    """

    fresh: Flags
    supersedes: dict[int, int] = field(default_factory=dict)
    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    series: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)


def difference(db: Database, values: Values, sha256: str, progress: Progress = silent) -> Diff:
    """What becomes of each value. Inside a write: series and sources that are new are made.

    Args:
        db: the connection of :meth:`Store.write`.
        values: in order.
        sha256: of the file they are from.
        progress: told how far it is.
    """
    diff = Diff(np.zeros(len(values), np.bool_))
    diff.series = table.series_ids(db, values.keys)
    sources: dict[tuple[str, str], int] = {}
    for m in values.manners:
        if (m.source, m.source_url) not in sources:
            sources[m.source, m.source_url] = table.source_id(db, m.source, m.source_url)
    diff.sources = [sources[m.source, m.source_url] for m in values.manners]
    for slab in _slabs(values):
        progress("compare", slab.stop / len(values))
        _compare(values.take(slab), _said(db, values.take(slab), diff.series, sha256), slab.start, diff)
    return diff


def _slabs(values: Values) -> Iterator[slice]:
    """The values in parts that leave all of a series and period together."""
    start = 0
    while start < len(values):
        stop = min(start + SLAB, len(values))
        while stop < len(values) and (
            values.series[stop] == values.series[stop - 1] and values.period[stop] == values.period[stop - 1]
        ):
            stop += 1
        yield slice(start, stop)
        start = stop


def _said(db: Database, values: Values, series: Sequence[int], sha256: str) -> Said:
    """What the store has of the figures of some values."""
    begins = np.flatnonzero(
        _changes(values.series) | _changes(np.searchsorted(_KINDS, values.period, "right"))
    )
    ends = np.append(begins[1:], len(values)) - 1
    spans = [
        (series[s], first, last)
        for s, first, last in zip(
            values.series[begins].tolist(),
            values.period[begins].tolist(),
            values.period[ends].tolist(),
            strict=True,
        )
    ]
    rows = table.said_before(db, spans)
    place = {id_: i for i, id_ in enumerate(series)}
    key = np.array([(place[r["series_id"]] << PERIOD_BITS) | r["period"] for r in rows], np.int64)
    shared = {p["id"]: p for p in table.provenances_of(db, {r["provenance_id"] for r in rows}, sha256)}
    return Said(key, rows, shared, {})


def _changes(column: NDArray[np.generic]) -> Flags:
    return np.concatenate([[True], column[1:] != column[:-1]])


def _compare(values: Values, said: Said, start: int, diff: Diff) -> None:
    """What becomes of some of the values; ``start`` is the place of the first."""
    key = values.key
    fresh = diff.fresh[start : start + len(values)]
    if not len(said.rows) and bool((key[1:] > key[:-1]).all()):
        fresh[:] = True
        diff.accepted += len(values)
        return
    figure, told = _figures(values, key, said, diff.sources)
    size = int(max(figure.max(initial=-1), told.max(initial=-1))) + 1
    once = np.bincount(figure, minlength=size)[figure] == 1
    by_store = np.bincount(told, minlength=size)[figure]
    alone = once & (by_store == 0)
    fresh |= alone
    diff.accepted += int(alone.sum())
    pairs = np.flatnonzero(once & (by_store == 1))
    rest = ~alone
    if len(pairs):
        at = np.zeros(size, np.int64)
        at[told] = np.arange(len(told))
        settled = _settle(values, said, pairs, at[figure[pairs]], start, diff)
        rest[pairs[settled]] = False
    _one_by_one(values, said, np.flatnonzero(rest), figure, told, start, diff)


def _figures(values: Values, key: Ints, said: Said, sources: Sequence[int]) -> tuple[Codes, Codes]:
    """A number for each figure (series, period, source and state): of the file's values, and of the store's rows."""

    def voice(source: int, state: str) -> int:
        return said.voices.setdefault((source, state), len(said.voices))

    mine = np.array([voice(s, str(m.state)) for s, m in zip(sources, values.manners, strict=True)], np.int32)
    theirs = {i: voice(p["source_id"], p["state"]) for i, p in said.provenances.items()}
    both = np.array([theirs[r["provenance_id"]] for r in said.rows], np.int32)
    codes, _ = joined([np.concatenate([key, said.key]), np.concatenate([mine[values.manner], both])])
    return codes[: len(values)], codes[len(values) :]


def _settle(values: Values, said: Said, mine: Ints, theirs: Ints, start: int, diff: Diff) -> Flags:
    """Settle figures that the file and the store state once each, as numbers; which of them could be settled so."""
    rows = [said.rows[i] for i in theirs.tolist()]
    plain = np.array(
        [r["value"] is not None and len(r["value"]) <= DIGITS and not r["superseded"] for r in rows], np.bool_
    )
    long_ = np.array([n is None or len(format(n, "f")) > DIGITS for n, _ in values.words] + [False], np.bool_)
    plain &= ~long_[values.word[mine]]
    theirs_number = np.array([float(r["value"]) if ok else np.nan for r, ok in zip(rows, plain, strict=True)])
    provenance = np.array([r["provenance_id"] for r in rows], np.int64)
    pair, first = joined([values.manner[mine], provenance])
    rules = np.array(
        [
            _rules(values.manners[m], said.provenances[p])
            for m, p in zip(values.manner[mine][first].tolist(), provenance[first].tolist(), strict=True)
        ],
        np.bool_,
    ).reshape(-1, 3)[pair]
    alike, repeats, later = rules.T
    equal = (values.number[mine] == theirs_number) & alike
    same = plain & equal & repeats
    revises = plain & ~same & (later | equal)
    beside = plain & ~same & ~revises
    diff.fresh[start + mine[revises | beside]] = True
    ids = np.array([r["id"] for r in rows], np.int64)
    diff.supersedes.update(zip((start + mine[revises]).tolist(), ids[revises].tolist(), strict=True))
    diff.unchanged += int(same.sum())
    diff.revised += int(revises.sum())
    diff.accepted += int(beside.sum())
    return plain


def _rules(manner: Manner, provenance: Row) -> tuple[bool, bool, bool]:
    """Whether two statements are alike but for the number, whether like ones repeat, whether the file's is as late or later."""
    mine, theirs = of_file(manner, None, "", 0), of_store(provenance, None, "", 0, superseded=False)
    alike = mine.qualifier == theirs.qualifier and mine.tier == theirs.tier
    return alike, stands_for(theirs, mine), mine.known_on >= theirs.known_on


def _one_by_one(
    values: Values, said: Said, places: Ints, figure: Codes, told: Codes, start: int, diff: Diff
) -> None:
    """Settle figure by figure, in the order in which the values became known."""
    wanted = set(figure[places].tolist())
    histories: dict[int, list[Statement]] = {code: [] for code in wanted}
    for i in np.flatnonzero(np.isin(told, figure[places])).tolist():
        r = said.rows[i]
        number = None if r["value"] is None else Decimal(r["value"])
        printed = r["value"] if r["printed"] is None else r["printed"]
        provenance = said.provenances[r["provenance_id"]]
        superseded = bool(r["superseded"])
        histories[int(told[i])].append(of_store(provenance, number, printed, r["id"], superseded=superseded))
    for place in places.tolist():
        number, printed = values.said(place)
        mine = of_file(values.manners[values.manner[place]], number, printed, -1 - start - place)
        _settle_one(mine, histories[int(figure[place])], start + place, diff)


def _settle_one(mine: Statement, history: list[Statement], place: int, diff: Diff) -> None:
    if any(s.equals(mine) and stands_for(s, mine) for s in history):
        diff.unchanged += 1
        return
    standing = [s for s in history if not s.superseded]
    latest = max(standing, key=lambda s: (s.known_on, s.id if s.id > 0 else 2**62 - s.id), default=None)
    if latest is not None and mine.number is None and latest.number is not None:
        diff.refused.append((place, latest.printed))
        return
    if latest is not None and (mine.known_on >= latest.known_on or latest.equals(mine)):
        diff.supersedes[place] = latest.id
        latest.superseded = True
        diff.revised += 1
    else:  # nothing stands yet, or what stands was published later: both are kept, each known from its own day
        diff.accepted += 1
    diff.fresh[place] = True
    history.append(mine)
