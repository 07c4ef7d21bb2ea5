"""What a series said when: its statements as values that begin to hold on a day, ready to be replayed in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

import numpy as np
import numpy.typing as npt

from dabiao.domain.observation import State, Tier, precedence
from dabiao.domain.rounding import decimals_of, round_gbt8170
from dabiao.standards.grid import LARGEST, Ints
from dabiao.store import Store
from dabiao.store import derivations as table

ABSENT = -1
MOST_DECIMALS = 6
"""Places of an input that count; a finer one is rounded to them by GB/T 8170."""
STATES = tuple(State)


@dataclass(frozen=True, slots=True)
class Shared:
    """What rows of one provenance share.

    Attributes:
        known_on: proleptic ordinal of the day.
        rank: sorts the statement to use first.
        state: place in :data:`STATES`.
        bound: whether the number is a bound ("98%以上") and no value.
    """

    known_on: int
    rank: tuple[int, int, int, int]
    state: int
    bound: bool


@dataclass(slots=True)
class Events:
    """The statements of one series, as (slot, day from which, value, state), by day.

    Attributes:
        slots: places in the arrays of a year.
        since: ordinals of days, ascending; several of one slot in the order in which they replace each other.
        values: scaled integers, :data:`ABSENT` for a value that no longer holds.
        states: how settled each is.
        scale: value = integer / scale.
    """

    slots: Ints
    since: Ints
    values: Ints
    states: npt.NDArray[np.int8]
    scale: int
    _next: int = 0

    def up_to(self, day: int) -> slice:
        """The statements not yet replayed that hold on a day. Each call goes on where the last one ended."""
        start, self._next = self._next, int(np.searchsorted(self.since, day, side="right"))
        return slice(start, self._next)


class Provenances:
    """What rows share, read once each."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, Shared] = {}

    def of(self, ids: Sequence[int]) -> Mapping[int, Shared]:
        """All of these, and perhaps more."""
        missing = set(ids) - self._known.keys()
        for r in table.provenances(self._store, missing) if missing else ():
            tier, state = Tier(r["tier"]), State(r["state"])
            known_on = date.fromisoformat(r["known_on"])
            published = date.fromisoformat(r["published"]) if r["published"] else None
            rank = precedence(tier, state, published, known_on)
            self._known[r["id"]] = Shared(
                known_on.toordinal(), rank, STATES.index(state), r["qualifier"] is not None
            )
        return self._known


def events(store: Store, shared: Provenances, series: int, low: int, high: int) -> Events | None:
    """The statements of a series on the periods of codes ``low`` … ``high - 1``; ``None`` if there are none.

    The slot of a period is its code less ``low``.
    """
    rows = table.told(store, series, low, high)
    if not rows:
        return None
    periods, _, texts, provenances, _ = zip(*rows, strict=True)
    known = shared.of(sorted(set(provenances)))
    numbers, scale = scaled(set(texts))
    codes = np.array(periods, np.int64)
    several = np.zeros(len(codes), np.bool_)
    again = np.diff(codes) == 0
    several[1:] |= again
    several[:-1] |= again
    since = _mapped({p: known[p].known_on for p in set(provenances)}, provenances)
    bound = _mapped({p: known[p].bound for p in set(provenances)}, provenances).astype(np.bool_)
    states = _mapped({p: known[p].state for p in set(provenances)}, provenances)
    values = np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))
    values[bound] = ABSENT
    kept = ~several
    parts = [(codes[kept] - low, since[kept], values[kept], states[kept])]
    if several.any():
        chosen = [rows[i] for i in np.flatnonzero(several)]
        changes = list(replaced(chosen, known, numbers, low))
        parts.append(tuple(np.array(c, np.int64) for c in zip(*changes, strict=True)))  # type: ignore[arg-type]
    slots, days, found, stood = (np.concatenate(c) for c in zip(*parts, strict=True))
    order = np.argsort(days, kind="stable")
    return Events(slots[order], days[order], found[order], stood[order].astype(np.int8), scale)


def scaled(texts: set[str | None]) -> tuple[dict[str | None, int], int]:
    """Numbers as integers over one scale, :data:`ABSENT` for none; one below zero or too large to be computed is none."""
    known: dict[str | None, Decimal | None] = {}
    for text in texts:
        value = None if text is None else Decimal(text)
        if value is not None and decimals_of(value) > MOST_DECIMALS:
            value = round_gbt8170(value, MOST_DECIMALS)
        known[text] = value if value is not None and value >= 0 else None
    scale = 10 ** max((decimals_of(v) for v in known.values() if v is not None), default=0)
    return {
        t: ABSENT if v is None or v * scale > LARGEST else int(v * scale) for t, v in known.items()
    }, scale


def _mapped(known: Mapping[int, int], keys: Sequence[int]) -> Ints:
    return np.fromiter(map(known.__getitem__, keys), np.int64, len(keys))


def replaced(
    rows: Sequence[tuple[int, int, str | None, int, int | None]],
    known: Mapping[int, Shared],
    numbers: Mapping[str | None, int],
    low: int,
) -> Iterator[tuple[int, int, int, int]]:
    """Of periods with several statements, the one to use from each day on which another became known."""
    for period, said in groupby(rows, key=lambda r: r[0]):
        statements = list(said)
        ends = {s[4]: known[s[3]].known_on for s in statements if s[4] is not None}
        last: tuple[int, int] | None = None
        for day in sorted({known[s[3]].known_on for s in statements}):
            standing = [
                s
                for s in statements
                if known[s[3]].known_on <= day
                and ends.get(s[1], day + 1) > day
                and numbers[s[2]] != ABSENT
                and not known[s[3]].bound
            ]
            best = min(standing, key=lambda s: (*known[s[3]].rank, -s[1]), default=None)
            now = (ABSENT, 0) if best is None else (numbers[best[2]], known[best[3]].state)
            if now != last:
                yield period - low, day, *now
                last = now


@dataclass(slots=True)
class Replayed:
    """A year of one series as it stands on the day up to which it was replayed."""

    events: Events
    values: Ints
    states: npt.NDArray[np.int8] = field(init=False)

    def __post_init__(self) -> None:
        self.states = np.zeros(len(self.values), np.int8)

    @classmethod
    def empty(cls, events: Events, size: int) -> Replayed:
        """Before anything was known."""
        return cls(events, np.full(size, ABSENT, np.int64))

    def forward(self, day: int) -> Ints:
        """Take in what became known up to a day; the slots that changed."""
        new = self.events.up_to(day)
        slots = self.events.slots[new]
        self.values[slots] = self.events.values[new]
        self.states[slots] = self.events.states[new]
        return slots
