"""Where quotes stand in a text, and the text cut so that every piece knows its quotes. Pure: strings in, spans out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """A quote's characters ``start`` to ``end``; ``key`` is its place in the list that was asked for."""

    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text.

    Attributes:
        keys: the quotes that it belongs to, the shortest first: none, one, or several where quotes overlap.
        begins: the quotes that begin with it.
        closes: the quotes that end with it, in the order asked for.
    """

    text: str
    keys: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()


def locate(text: str, quotes: Sequence[tuple[str, str]]) -> list[Span]:
    """The place of each ``(clause, quote)``, which stand in the order of the text. One that is not there has none.

    A quote that stands in several places is taken from between its neighbours: after the last quote before it that
    stands in one place only. The same quote of the same clause is the same place; of another clause, the next one.
    """
    found: list[Span] = []
    anchor = 0
    taken: dict[str, tuple[str, int]] = {}
    for key, (clause, quote) in enumerate(quotes):
        places = occurrences(text, quote)
        if not places:
            continue
        if len(places) == 1:
            start = anchor = places[0]
        else:
            before = taken.get(quote)
            if before is not None and before[0] == clause:
                start = before[1]
            else:
                floor = anchor if before is None else max(anchor, before[1] + 1)
                start = next((p for p in places if p >= floor), places[-1])
            taken[quote] = (clause, start)
        found.append(Span(key, start, start + len(quote)))
    return found


def occurrences(text: str, quote: str) -> list[int]:
    """Every place at which a quote begins."""
    found: list[int] = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def cut(text: str, spans: Sequence[Span]) -> list[Piece]:
    """The text in pieces at every border of a span; together they are the text, and no span is lost."""
    within = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    borders = sorted({0, len(text), *(s.start for s in within), *(s.end for s in within)})
    pieces = []
    for start, end in pairwise(borders):
        over = sorted((s for s in within if s.start < end and s.end > start), key=_length)
        pieces.append(
            Piece(
                text[start:end],
                tuple(s.key for s in over),
                tuple(sorted(s.key for s in over if s.start == start)),
                tuple(sorted(s.key for s in over if s.end == end)),
            )
        )
    return pieces


def _length(span: Span) -> tuple[int, int]:
    return span.end - span.start, span.key
