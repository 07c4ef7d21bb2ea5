"""The cells of a block as arrays: where each begins and ends, which of them are alike, and the plain numbers among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

LONGEST = 256
"""Bytes of a cell that is compared here; a row with a longer one is read by itself."""
DIGITS = 15
"""A number of so many digits is the nearest to one float64 and no other has that nearest: digits and floats are equal alike."""

_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FEED = 10
_FEW = 1 << 26


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a block that have as many cells as the heading.

    Attributes:
        data: the block's bytes and eight more.
        row: place of each such row in the block, from 0.
        start, end: of each cell in ``data``, shape (rows, columns).
        other: places of the rows that have more cells, or fewer.
    """

    data: NDArray[np.uint8]
    row: Ints
    start: Ints
    end: Ints
    other: Ints


def grid(data: bytes, lines: int, delimiter: str, columns: int) -> Grid:
    """Cut a block of lines into cells. ``columns``: those of the heading."""
    padded = np.frombuffer(data + bytes(8), np.uint8)
    held = padded[:-8]
    marks = np.flatnonzero((held == ord(delimiter)) | (held == _FEED))
    if len(marks) == lines * columns and bool((held[marks[columns - 1 :: columns]] == _FEED).all()):
        end, other = marks.reshape(lines, columns), np.empty(0, np.int64)
        row, begin = np.arange(lines), end[:-1, -1] + 1
        begin = np.concatenate([[0], begin]) if lines else row
    else:
        feeds = np.flatnonzero(held[marks] == _FEED)
        whole = np.diff(feeds, prepend=-1) == columns
        row, other = np.flatnonzero(whole), np.flatnonzero(~whole)
        begin = np.concatenate([[0], marks[feeds[:-1]] + 1])[row]
        end = marks[feeds[row][:, None] + np.arange(1 - columns, 1)]
    start = np.empty_like(end)
    start[:, 0] = begin
    start[:, 1:] = end[:, :-1] + 1
    if b"\r" in data:
        returned = (held[end[:, -1] - 1] == 13) & (end[:, -1] > start[:, -1])
        end = end.copy()
        end[:, -1] -= returned
    return Grid(padded, row, start, end, other)


def alike(data: NDArray[np.uint8], start: Ints, end: Ints) -> tuple[Codes, Ints, Flags]:
    """Number the cells of a column so that cells of one text have one number.

    Returns:
        the number of each cell; for each number the place of its first cell; and which cells are not numbered: longer than
        :data:`LONGEST` bytes, or by an accident of mixing not told apart.
    """
    length = end - start
    long_ = length > LONGEST
    words = [_word(data, start, length, at) for at in range(0, min(int(length.max(initial=0)), LONGEST), 8)]
    if len(words) > 1:
        key = words[0].copy()
        for word in words[1:]:
            key = (key ^ (key >> np.uint64(29))) * _MIX + word
    else:
        key = words[0] if words else np.zeros(len(start), np.uint64)
    codes = pd.factorize(key)[0].astype(np.int32)
    first = firsts(codes)
    apart = long_ | (length != length[first][codes])
    if len(words) > 1:
        for word in words:
            apart = apart | (word != word[first][codes])
    return codes, first, apart


def _word(data: NDArray[np.uint8], start: Ints, length: Ints, at: int) -> NDArray[np.uint64]:
    """Eight bytes of each cell from one place on, zero beyond its end."""
    left = np.clip(length - at, 0, 8)
    view = np.lib.stride_tricks.as_strided(data[:1].view(np.uint8), (len(data) - 7, 8), (1, 1))
    where = np.minimum(start + at, len(data) - 8)
    found = np.ascontiguousarray(view[where]).view("<u8")[:, 0]
    return np.asarray(found & _MASKS[left], np.uint64)


def firsts(codes: Codes) -> Ints:
    """Place of the first cell of each number; numbers are given in the order of first cells."""
    size = int(codes.max(initial=-1)) + 1
    first = np.full(size, -1, np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def texts(data: bytes, start: Ints, end: Ints, rung: str) -> list[str]:
    """Cells as text."""
    return [data[a:b].decode(rung) for a, b in zip(start.tolist(), end.tolist(), strict=True)]


def plain_numbers(found: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """The numbers written as the store writes them (``-12.50``, no sign of plus, no needless zero before), and their decimals.

    NaN for every other text, and for more than :data:`DIGITS` digits: it is read like a single cell.
    """
    values = np.full(len(found), np.nan)
    places = np.zeros(len(found), np.int8)
    for i, cell in enumerate(found):
        text = cell.strip()
        if _PLAIN.fullmatch(text) and len(text) <= DIGITS and (number := float(text) or text[0] != "-"):
            values[i] = number if number is not True else 0.0
            places[i] = len(text) - 1 - text.find(".") if "." in text else 0
    return values, places


def joined(parts: Sequence[Codes | Ints]) -> tuple[Codes, Ints]:
    """Number rows by several numbers at once: rows alike in all of them have one; and the first row of each."""
    key = parts[0].astype(np.int64)
    for part in parts[1:]:
        top = int(part.max(initial=0)) + 1
        if int(key.max(initial=0)) >= 2**62 // top:
            key = pd.factorize(key)[0].astype(np.int64)
        key = key * top + part
    codes = pd.factorize(key)[0].astype(np.int32)
    return codes, firsts(codes)


def paired(one: Codes, other: Codes) -> tuple[Codes, list[tuple[int, int]]]:
    """Number rows by two numbers at once, of which there are few; and the two of each number."""
    top = int(other.max(initial=0)) + 1
    size = (int(one.max(initial=0)) + 1) * top
    if size > _FEW:
        codes, first = joined([one, other])
        return codes, list(zip(one[first].tolist(), other[first].tolist(), strict=True))
    key = one * np.int32(top) + other
    there = np.zeros(size, np.bool_)
    there[key] = True
    rank = (np.cumsum(there) - 1).astype(np.int32)
    return rank[key], [divmod(k, top) for k in np.flatnonzero(there).tolist()]
