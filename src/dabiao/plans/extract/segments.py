"""Sentences and the pieces between their commas. Brackets, book titles and numbers (1,040) are never cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATOM = re.compile(r"\([^()\n。]{0,120}\)|《[^《》\n]{0,80}》|“[^“”\n。]{0,40}”|\d,(?=\d{3}(?!\d))")
_STOP = re.compile(r"[。!?\n]")
_LONGEST_SENTENCE = 2000
_LONGEST_PIECE = 400
"""Characters. What is longer is no prose (a page of numbers, a text without stops) and is cut, so that reading a text
takes time in proportion to its length."""

_CUT = re.compile(r"[,;:]")
_GLUED = re.compile(r"(?:任务|工程|改造|整治|标准|要求|排查)(?=(?:到|至)?20\d\d年)")
"""A lost comma before a date."""
_CIRCLED = re.compile(r"[①-⑳]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch without a comma."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch up to a full stop, in pieces; ``paragraph`` is where its paragraph begins."""

    start: int
    end: int
    paragraph: int
    pieces: tuple[Piece, ...]


def sentences(text: str, start: int, end: int) -> list[Sentence]:
    """The sentences between two offsets."""
    found: list[Sentence] = []
    at, paragraph = start, start
    for match in _STOP.finditer(text, start, end):
        if match.start() > at:
            found.append(Sentence(at, match.start(), paragraph, _pieces(text, at, match.start())))
        at = match.end()
        if match[0] == "\n":
            paragraph = at
    if end > at:
        found.append(Sentence(at, end, paragraph, _pieces(text, at, end)))
    return [part for sentence in found for part in _cut(sentence)]


def _cut(sentence: Sentence) -> list[Sentence]:
    """A sentence in parts that are not too long."""
    if sentence.end - sentence.start <= _LONGEST_SENTENCE:
        return [sentence]
    parts: list[Sentence] = []
    kept: list[Piece] = []
    for piece in sentence.pieces:
        if kept and piece.end - kept[0].start > _LONGEST_SENTENCE:
            parts.append(Sentence(kept[0].start, kept[-1].end, sentence.paragraph, tuple(kept)))
            kept = []
        kept.append(piece)
    if kept:
        parts.append(Sentence(kept[0].start, kept[-1].end, sentence.paragraph, tuple(kept)))
    return parts


def _pieces(text: str, start: int, end: int) -> tuple[Piece, ...]:
    atoms = [m.span() for m in _ATOM.finditer(text, start, end)]
    cuts = [
        m.start() for m in _CUT.finditer(text, start, end) if not any(a <= m.start() < b for a, b in atoms)
    ]
    cuts += [m.start() for m in _CIRCLED.finditer(text, start, end)]
    found: list[Piece] = []
    at = start
    glued = {m.end() for m in _GLUED.finditer(text, start, end) if not any(a < m.end() < b for a, b in atoms)}
    for cut in sorted({*cuts, *glued, end}):
        found.extend(Piece(low, min(cut, low + _LONGEST_PIECE)) for low in range(at, cut, _LONGEST_PIECE))
        at = cut if cut in glued else cut + 1
    return tuple(found)
