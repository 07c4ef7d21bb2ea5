"""The values of a file side by side: what the store compares and takes in, ten million or ten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dabiao.domain.observation import Basis, Qualifier, State, Tier
from dabiao.domain.rounding import decimals_of
from dabiao.ingest.bulk.cells import DIGITS, Codes, Flags, Ints, joined
from dabiao.ingest.checks.columns import Columns
from dabiao.ingest.model import Candidate

PERIOD_BITS = 25  # every Period.code is below 2 ** 25


class SeriesKey(NamedTuple):
    """What makes a series."""

    region: str
    indicator: str
    basis: Basis


class Manner(NamedTuple):
    """How a value is said: all that rows of one source and day have in common."""

    tier: Tier
    state: State
    source: str
    source_url: str
    published: date | None
    known_on: date
    known_rule: str
    qualifier: Qualifier | None
    unit: str
    note: str | None
    sheet: str | None


@dataclass(slots=True)
class Values:
    """Values in the order of series, period, the day they became known, and the file.

    Attributes:
        keys: the series, by region first, so that a region's stand together.
        manners: see :class:`Manner`.
        words: value and print of the numbers that :attr:`number` and :attr:`places` cannot give back: missing ones, those with
            their unit or 以上 in print, those of more than 15 digits.
        series: place in ``keys``.
        period: :attr:`dabiao.domain.period.Period.code`.
        number: in the indicator's unit, NaN where missing.
        places: decimals as printed.
        manner: place in ``manners``.
        word: place in ``words``; -1 for a plain number.
        row: row of the file.
        origin: what the value is found again by: its row, or its place among the candidates it was read from.
    """

    keys: list[SeriesKey]
    manners: list[Manner]
    words: list[tuple[Decimal | None, str]]
    series: Codes
    period: Codes
    number: NDArray[np.float64]
    places: NDArray[np.int8]
    manner: Codes
    word: Codes
    row: Codes
    origin: Codes

    def __len__(self) -> int:
        return len(self.series)

    def take(self, chosen: Ints | Flags | slice) -> Values:
        """The values at some places."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in _ARRAYS})

    def put(self, order: Ints) -> None:
        """Put the values themselves into another order, one array after the other: there is no room for two of each."""
        shared = self.origin is self.row
        for name in _ARRAYS[:-1] if shared else _ARRAYS:
            setattr(self, name, getattr(self, name)[order])
        if shared:
            self.origin = self.row

    @property
    def key(self) -> Ints:
        """Series and period as one number, in the order of both."""
        return (self.series.astype(np.int64) << PERIOD_BITS) | self.period

    def columns(self, *, bounds_are_values: bool = True) -> Columns:
        """As the checks read them. ``bounds_are_values``: 98%以上 counts as 98, else it is no number."""
        number = self.number
        if not bounds_are_values:
            bound = np.array([m.qualifier is not None for m in self.manners], np.bool_)
            number = np.where(bound[self.manner], np.nan, number)
        half = 0.5 * 10.0 ** -self.places.astype(np.float64)
        return Columns(self.series, self.period.astype(np.int64), number, half, self.origin.astype(np.int64))

    def said(self, at: int) -> tuple[Decimal | None, str]:
        """One value exactly, and as printed."""
        word = int(self.word[at])
        if word >= 0:
            return self.words[word]
        text = f"{self.number[at]:.{self.places[at]}f}"
        return Decimal(text), text


_ARRAYS = tuple(f.name for f in fields(Values) if f.name not in ("keys", "manners", "words"))


@dataclass(slots=True)
class Gathered:
    """Candidates on their way into :class:`Values`, without their cells."""

    keys: dict[SeriesKey, int] = field(default_factory=dict)
    manners: dict[Manner, int] = field(default_factory=dict)
    words: dict[tuple[Decimal | None, str], int] = field(default_factory=dict)
    rows: list[tuple[int, int, float, int, int, int, int, int]] = field(default_factory=list)
    parts: list[NDArray[np.void]] = field(default_factory=list)

    def add(self, c: Candidate, origin: int) -> None:
        """Take in a candidate that is found again by ``origin``."""
        key = SeriesKey(c.region, c.indicator, c.basis)
        manner = Manner(
            c.tier, c.state, c.source, c.source_url, c.published, c.known_on, c.known_rule, c.qualifier, c.unit, c.note, c.sheet,
        )  # fmt: skip
        places = 0 if c.value is None else min(decimals_of(c.value), 127)
        self.rows.append(
            (
                self.keys.setdefault(key, len(self.keys)),
                c.period.code,
                np.nan if c.value is None else float(c.value),
                places,
                self.manners.setdefault(manner, len(self.manners)),
                -1 if is_plain(c) else self.words.setdefault((c.value, c.printed), len(self.words)),
                c.row,
                origin,
            )
        )
        if len(self.rows) >= 1 << 16:
            self._pack()

    def _pack(self) -> None:
        self.parts.append(np.array(self.rows, _ROW))
        self.rows = []

    def values(self) -> Values:
        """What was gathered, in the order in which it came."""
        self._pack()
        packed = np.concatenate(self.parts)
        return Values(
            list(self.keys),
            list(self.manners),
            list(self.words),
            *(np.ascontiguousarray(packed[name]) for name in _ARRAYS),
        )


_ROW = np.dtype(
    [
        ("series", np.int32),
        ("period", np.int32),
        ("number", np.float64),
        ("places", np.int8),
        ("manner", np.int32),
        ("word", np.int32),
        ("row", np.int32),
        ("origin", np.int32),
    ]
)


def is_plain(c: Candidate) -> bool:
    """Whether a value is given back by its float and its decimals, and printed so."""
    if c.value is None:
        return False
    text = format(c.value, "f")
    return text == c.printed and len(text) <= DIGITS and not (c.value.is_signed() and not c.value)


def values_of(candidates: Iterable[Candidate]) -> Values:
    """Candidates as values in order; each is found again by its place."""
    gathered = Gathered()
    for place, candidate in enumerate(candidates):
        gathered.add(candidate, place)
    return in_order(gathered.values())


def merged(one: Values, other: Values) -> Values:
    """All values of two, by their rows."""
    keys = {key: i for i, key in enumerate(one.keys)}
    manners = {manner: i for i, manner in enumerate(one.manners)}
    series = np.array([keys.setdefault(k, len(keys)) for k in other.keys], np.int32)
    manner = np.array([manners.setdefault(m, len(manners)) for m in other.manners], np.int32)
    if not len(other):
        return one
    moved = replace(
        other,
        series=series[other.series],
        manner=manner[other.manner],
        word=np.where(other.word < 0, other.word, other.word + len(one.words)).astype(np.int32),
    )
    both = Values(
        list(keys),
        list(manners),
        one.words + other.words,
        *(np.concatenate([getattr(one, name), getattr(moved, name)]) for name in _ARRAYS),
    )
    return both.take(np.argsort(both.row, kind="stable"))


def in_order(values: Values) -> Values:
    """The same values in the order of the class; ``values`` are in the order of the file. Their arrays are let go."""
    values = replace(values)
    ranked = sorted(range(len(values.keys)), key=lambda i: (*values.keys[i][:2], str(values.keys[i].basis)))
    place = np.empty(len(ranked), np.int32)
    place[ranked] = np.arange(len(ranked), dtype=np.int32)
    values.keys = [values.keys[i] for i in ranked]
    values.series = place[values.series]
    key = values.key
    if not bool((key[1:] >= key[:-1]).all()):
        order = np.argsort(key, kind="stable")
        del key
        values.put(order)
        del order
        key = values.key
    _by_day(values, key)
    return values


def _by_day(values: Values, key: Ints) -> None:
    """Where a figure is stated more than once, what became known first stands first."""
    same = np.concatenate([[False], key[1:] == key[:-1]]) if len(key) else np.zeros(0, np.bool_)
    close = np.flatnonzero(same | np.concatenate([same[1:], [False]])) if len(key) else same
    days = np.array([m.known_on.toordinal() for m in values.manners], np.int64)
    if not len(close) or len(set(days.tolist())) == 1:
        return
    order = np.arange(len(values))
    order[close] = close[np.lexsort((close, days[values.manner[close]], key[close]))]
    values.put(order)


def slabs(values: Values, size: int) -> Iterable[slice]:
    """The values in parts of at least ``size``, each with all series of its regions."""
    region: dict[str, int] = {}
    number = np.array([region.setdefault(k.region, len(region)) for k in values.keys], np.int32)
    of_row = number[values.series] if len(values) else np.zeros(0, np.int32)
    bounds = np.flatnonzero(np.diff(of_row)) + 1
    start = 0
    for bound in [*bounds.tolist(), len(values)]:
        if bound - start >= size or bound == len(values) > start:
            yield slice(start, bound)
            start = bound


def text_of(values: Values) -> tuple[Sequence[str | None], Sequence[str | None]]:
    """The values as the store keeps them: text, and the print where it is another (``None`` where it is not)."""
    plain = values.word < 0
    number, places = values.number[plain], values.places[plain]
    code, first = joined([pd.factorize(number)[0].astype(np.int32), places.astype(np.int32)])
    shapes = zip(number[first].tolist(), places[first].tolist(), strict=True)
    known = np.array([f"{x:.{n}f}" for x, n in shapes], object)
    value = np.empty(len(values), object)
    printed = np.full(len(values), None, object)
    value[plain] = known[code]
    for at in np.flatnonzero(~plain).tolist():
        exact, print_ = values.words[values.word[at]]
        value[at] = None if exact is None else format(exact, "f")
        printed[at] = None if value[at] == print_ else print_
    return value.tolist(), printed.tolist()
