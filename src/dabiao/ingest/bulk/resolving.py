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
from dabiao.ingest.findings import Findings
from dabiao.ingest.model import Candidate, Record
from dabiao.ingest.places import OF_DAYS, region_of
from dabiao.ingest.resolve import Context

_DAYS = (PeriodKind.DAY, PeriodKind.HOUR)
_ONE = "1"  # stands for a plain number, which says nothing beside itself
_Said = tuple[Tier, str, str, str, str | None, str | None]
_Spot = tuple[SeriesKey, _Said]
_Known = tuple[State, date | None, date, str]
_Thing = TypeVar("_Thing", bound=Hashable)


class Resolved:
    """The combinations of a scanned file as read.

    A spot (place, indicator, unit, source …) and a time (period, publication …) say nothing of each other: read once beside any
    sound time, a spot stands for all rows that have it. So do a spot's place and the rest of it, unless the place's name says
    what the rest could say too (泉州市(市区)). A combination that gives an issue, or a value other than the number printed, is none
    of these: its rows are read by themselves.
    """

    def __init__(self, rows: RowReader, context: Context, scanned: Scanned) -> None:
        self._rows, self._context, self._scanned = rows, context, scanned
        self._what, self._when = scanned.what.cells(), scanned.when.cells()
        self._width = max((c for part in (scanned.what, scanned.when) for c in part.columns), default=0) + 1
        self._width = max(self._width, rows.table.fields["value"].column + 1)
        self._halves, self._regions = self._halved()
        self._spots: list[_Spot | None] = [None] * len(self._what)
        self._times: list[Candidate | None] = [None] * len(self._when)
        self._settle()

    def plain(self) -> Flags:
        """Which rows are read by their combinations and their number alone."""
        spots = np.array([spot is not None for spot in self._spots], np.bool_)
        times = np.array([c is not None for c in self._times], np.bool_)
        scanned = self._scanned
        found: Flags = spots[scanned.spot] & times[scanned.time]
        # The one thing that place and time settle together: what a bare name means of a longer period.
        of_days = np.array([s is not None and s[0].indicator in OF_DAYS for s in self._spots], np.bool_)
        if of_days.any():
            longer = np.array([c is not None and c.period.kind not in _DAYS for c in self._times], np.bool_)
            found &= ~(of_days[scanned.spot] & longer[scanned.time])
        return found

    def values(self, plain: Flags) -> Values:
        """The values of those rows, in the order of the file."""
        chosen: Flags | slice = slice(None) if plain.all() else plain
        scanned = self._scanned
        spot, time = scanned.spot[chosen], scanned.time[chosen]
        keys, series = _numbered(s and s[0] for s in self._spots)
        said, by_spot = _numbered(s and s[1] for s in self._spots)
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
        first, rest = self._parted()
        beside = {s: int(time[at]) for s, at in enumerate(firsts(spot).tolist()) if at >= 0}
        self._read([(s, beside[s]) for s in first if s in beside])
        if not any(self._spots):
            self._read([(s, beside[s]) for s in rest if s in beside])
        by_time = enumerate(firsts(time).tolist())
        self._read([(int(spot[at]), t) for t, at in by_time if at >= 0 and not self._times[t]])
        good_spot = next((s for s, found in enumerate(self._spots) if found), None)
        good_time = next((t for t, c in enumerate(self._times) if c), None)
        if good_spot is not None and good_time is not None:
            self._read([(s, good_time) for s in first if not self._spots[s]])
            self._compose(first, rest)
            self._read([(s, good_time) for s in rest if not self._spots[s]])
            self._read([(good_spot, t) for t, c in enumerate(self._times) if c is None])

    def _halved(self) -> tuple[list[tuple[int, int]], list[str | None]]:
        """The place of each spot and the rest of it, numbered; and the region of each place that says no more than that."""
        columns = {n: h.column for n, h in self._rows.table.fields.items() if n in ("region", "adcode")}
        places: dict[tuple[str, ...], int] = {}
        others: dict[tuple[str, ...], int] = {}
        halves = []
        for cells in self._what:
            place = tuple(cells[c] for c in columns.values())
            other = tuple(text for c, text in cells.items() if c not in columns.values())
            halves.append((places.setdefault(place, len(places)), others.setdefault(other, len(others))))
        return halves, [self._bare(dict(zip(columns, place, strict=True))) for place in places]

    def _bare(self, fields: dict[str, str]) -> str | None:
        """The region of a place whose name says nothing but that."""
        found = Findings(self._context, Record(None, 0, "", fields, {}, ()))
        region, scope = region_of(found, fields)
        return None if region is None or scope or found.issues else region.id

    def _parted(self) -> tuple[list[int], list[int]]:
        """The spots that hold between them every place and all else that is said, to be read first; and the others."""
        first: list[int] = []
        rest: list[int] = []
        seen: set[tuple[str, int]] = set()
        for s, (place, other) in enumerate(self._halves):
            halves = {("place", place), ("other", other)}
            (rest if halves <= seen else first).append(s)
            if self._regions[place] is not None:
                seen |= halves
        return first, rest

    def _compose(self, first: Sequence[int], rest: Sequence[int]) -> None:
        """Settle the other spots from their halves, where both have proved sound."""
        sound = [(s, *self._halves[s], spot) for s in first if (spot := self._spots[s])]
        regions = {place: spot[0].region for _, place, _, spot in sound}
        others = {other: spot for _, place, other, spot in sound if self._regions[place] is not None}
        for s in rest:
            place, other = self._halves[s]
            if self._spots[s] is None and regions.get(place) == self._regions[place] and other in others:
                key, said = others[other]
                self._spots[s] = key._replace(region=regions[place]), said

    def _read(self, probes: Sequence[tuple[int, int]]) -> None:
        """Read spots beside times; both halves of what comes out sound are sound."""
        for start in range(0, len(probes), TOGETHER):
            part = probes[start : start + TOGETHER]
            found = self._rows.read([(n, self._cells(*probe)) for n, probe in enumerate(part)], self._context)
            faulty = {i.row for i in found.issues}
            for n, (s, t) in enumerate(part):
                c = found.candidates.get(n)
                if c is not None and n not in faulty and _is_one(c):
                    self._spots[s] = self._spots[s] or (_series(c), _said(c))
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
