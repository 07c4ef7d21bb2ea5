"""What the different texts of a file mean: each combination is read once, as the row in which it stands would be."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

import numpy as np

from dabiao.domain.observation import State, Tier
from dabiao.domain.period import PeriodKind
from dabiao.ingest.bulk.cells import Codes, Flags, firsts, paired
from dabiao.ingest.bulk.scanning import Scanned
from dabiao.ingest.bulk.single import TOGETHER, Cells, RowReader
from dabiao.ingest.bulk.values import Manner, SeriesKey, Values
from dabiao.ingest.model import Candidate
from dabiao.ingest.places import OF_DAYS
from dabiao.ingest.resolve import Context

_DAYS = (PeriodKind.DAY, PeriodKind.HOUR)
_ONE = "1"  # stands for a plain number, which says nothing beside itself
_Said = tuple[Tier, str, str, str, str | None, str | None]
_Known = tuple[State, date | None, date, str]
_Thing = TypeVar("_Thing", bound=Hashable)


class Resolved:
    """The combinations of a scanned file as read.

    A spot (place, indicator, unit, source …) and a time (period, publication …) say nothing of each other: read once beside any
    sound time, a spot stands for all rows that have it. A combination that gives an issue, or a value other than the number
    printed, is none of these: its rows are read by themselves.
    """

    def __init__(self, rows: RowReader, context: Context, scanned: Scanned) -> None:
        self._rows, self._context, self._scanned = rows, context, scanned
        self._what, self._when = scanned.what.cells(), scanned.when.cells()
        self._width = max((c for part in (scanned.what, scanned.when) for c in part.columns), default=0) + 1
        self._width = max(self._width, rows.table.fields["value"].column + 1)
        self._spots: list[Candidate | None] = [None] * len(self._what)
        self._times: list[Candidate | None] = [None] * len(self._when)
        self._settle()

    def plain(self) -> Flags:
        """Which rows are read by their combinations and their number alone."""
        spots = np.array([c is not None for c in self._spots], np.bool_)
        times = np.array([c is not None for c in self._times], np.bool_)
        scanned = self._scanned
        found: Flags = spots[scanned.spot] & times[scanned.time]
        # The one thing that place and time settle together: what a bare name means of a longer period.
        of_days = np.array([c is not None and c.indicator in OF_DAYS for c in self._spots], np.bool_)
        if of_days.any():
            longer = np.array([c is not None and c.period.kind not in _DAYS for c in self._times], np.bool_)
            found &= ~(of_days[scanned.spot] & longer[scanned.time])
        return found

    def values(self, plain: Flags) -> Values:
        """The values of those rows, in the order of the file."""
        chosen: Flags | slice = slice(None) if plain.all() else plain
        scanned = self._scanned
        spot, time = scanned.spot[chosen], scanned.time[chosen]
        keys, series = _numbered(_series(c) if c else None for c in self._spots)
        said, by_spot = _numbered(_said(c) if c else None for c in self._spots)
        known, by_time = _numbered(_known(c) if c else None for c in self._times)
        period = np.array([0 if c is None else c.period.code for c in self._times], np.int32)
        manner, pairs = paired(by_spot[spot], by_time[time])
        row = scanned.row[chosen]
        return Values(
            keys,
            [_manner(said[s], known[t]) for s, t in pairs],
            [],
            series[spot],
            period[time],
            scanned.number[chosen],
            scanned.places[chosen],
            manner,
            np.full(len(row), -1, np.int32),
            row,
            row,
        )

    def _settle(self) -> None:
        """Read each combination in its first row; what then seems faulty, beside what has proved sound."""
        spot, time = self._scanned.spot, self._scanned.time
        by_spot, by_time = firsts(spot), firsts(time)
        self._read([(s, int(time[at])) for s, at in enumerate(by_spot.tolist()) if at >= 0])
        self._read(
            [(int(spot[at]), t) for t, at in enumerate(by_time.tolist()) if at >= 0 and not self._times[t]]
        )
        good_spot = next((s for s, c in enumerate(self._spots) if c), None)
        good_time = next((t for t, c in enumerate(self._times) if c), None)
        if good_spot is not None and good_time is not None:
            self._read([(s, good_time) for s, c in enumerate(self._spots) if c is None])
            self._read([(good_spot, t) for t, c in enumerate(self._times) if c is None])

    def _read(self, probes: Sequence[tuple[int, int]]) -> None:
        """Read spots beside times; both halves of what comes out sound are sound."""
        for start in range(0, len(probes), TOGETHER):
            part = probes[start : start + TOGETHER]
            found = self._rows.read([(n, self._cells(*probe)) for n, probe in enumerate(part)], self._context)
            faulty = {i.row for i in found.issues}
            for n, (s, t) in enumerate(part):
                c = found.candidates.get(n)
                if c is not None and n not in faulty and _is_one(c):
                    self._spots[s] = self._spots[s] or c
                    self._times[t] = self._times[t] or c

    def _cells(self, spot: int, time: int) -> Cells:
        cells: Cells = [None] * self._width
        for column, text in (*self._what[spot].items(), *self._when[time].items()):
            cells[column] = text if text.strip() else None
        cells[self._rows.table.fields["value"].column] = _ONE
        return cells


def _is_one(c: Candidate) -> bool:
    return c.value == Decimal(_ONE) and c.printed == _ONE and c.qualifier is None and c.change is None


def _series(c: Candidate) -> SeriesKey:
    return SeriesKey(c.region, c.indicator, c.basis)


def _said(c: Candidate) -> _Said:
    return (c.tier, c.source, c.source_url, c.unit, c.note, c.sheet)


def _known(c: Candidate) -> _Known:
    return (c.state, c.published, c.known_on, c.known_rule)


def _manner(said: _Said, known: _Known) -> Manner:
    tier, source, url, unit, note, sheet = said
    state, published, known_on, rule = known
    return Manner(tier, state, source, url, published, known_on, rule, None, unit, note, sheet)


def _numbered(things: Iterable[_Thing | None]) -> tuple[list[_Thing], Codes]:
    """The different things, and the number of each; 0 for none."""
    known: dict[_Thing, int] = {}
    numbers = [0 if thing is None else known.setdefault(thing, len(known)) for thing in things]
    return list(known), np.array(numbers, np.int32)
