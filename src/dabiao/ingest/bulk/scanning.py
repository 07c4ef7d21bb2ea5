"""A tidy text file cut into cells: its different texts numbered, its plain numbers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.progress import Progress
from dabiao.ingest.bulk.cells import Codes, Flags, Grid, alike, grid, joined, plain_numbers, texts
from dabiao.ingest.bulk.lines import Block, blocks
from dabiao.ingest.layouts.interface import Table
from dabiao.ingest.readers.interface import blank

WHEN = ("period", "year", "month", "quarter", "hour", "published", "known_on", "state")
"""What is read together of time: the period, and from when its value is known. All else says what is measured, where, by whom."""


@dataclass(slots=True)
class Part:
    """Some columns that are read together, and the different combinations of their texts."""

    columns: tuple[int, ...]
    texts: tuple[dict[str, int], ...]
    known: dict[tuple[int, ...], int] = field(default_factory=dict)

    def number(self, block: Mapping[int, Codes], size: int) -> Codes:
        """The number of each row's combination."""
        if not self.columns:
            self.known.setdefault((), 0)
            return np.zeros(size, np.int32)
        codes, first = joined([block[c] for c in self.columns])
        combined = zip(*(block[c][first].tolist() for c in self.columns), strict=True)
        numbers = [self.known.setdefault(key, len(self.known)) for key in combined]
        return np.array(numbers, np.int32)[codes]

    def cells(self) -> list[dict[int, str]]:
        """Of each combination, the text of each column."""
        said = [list(t) for t in self.texts]
        return [{c: said[i][key[i]] for i, c in enumerate(self.columns)} for key in self.known]


@dataclass(slots=True)
class Scanned:
    """A file cut into cells; row by row what was numbered.

    Attributes:
        what, when: the columns but the value's.
        spot, time: the combination of each row.
        number, places: the value and its decimals.
        row: the row of the file.
        apart: rows that hold no plain number, to be read by themselves.
        ragged: rows that have another number of cells than the heading; the same.
        rows: all rows of the file.
        ignored: cells that hold something in columns that are not read, in the other rows.
    """

    what: Part
    when: Part
    spot: Codes
    time: Codes
    number: NDArray[np.float64]
    places: NDArray[np.int8]
    row: Codes
    apart: Codes
    ragged: Codes
    rows: int
    ignored: int


def scan(
    path: Path, rung: str, delimiter: str, table: Table, columns: int, progress: Progress, block_size: int
) -> Scanned:
    """Cut a file into cells and number its texts.

    Args:
        path: the file.
        rung, delimiter: how it is cut.
        table: its heading, of the tidy layout, in one row.
        columns: cells of the heading row.
        progress: told how far it is.
        block_size: bytes that are read at once.

    Raises:
        ImportRefused: see :func:`dabiao.ingest.bulk.lines.blocks`.
    """
    size = max(path.stat().st_size, 1)
    scanner = _Scanner(table, rung)
    found = tuple(_Growing(kind) for kind in (np.int32, np.int32, np.float64, np.int8, np.int32))
    lone, ragged, rows = _Growing(np.int32), _Growing(np.int32), 0
    for block in blocks(path, rung, delimiter, block_size):
        cut = grid(block.data, block.rows, delimiter, columns)
        below = cut.row + block.first > table.heading_row
        if not below.all():
            cut = Grid(cut.data, cut.row[below], cut.start[below], cut.end[below], cut.other)
        arrays, apart = scanner.block(block, cut)
        lone.add(arrays[-1][apart])
        other = cut.other + block.first
        ragged.add(other[other > table.heading_row])
        done = block.at / size
        for whole, array in zip(found, arrays, strict=True):
            whole.add(array[~apart] if apart.any() else array, done)
        rows = block.first + block.rows - 1
        progress("read", done)
    spot, time, number, places, row = (whole.array() for whole in found)
    return Scanned(
        scanner.what,
        scanner.when,
        spot,
        time,
        number,
        places,
        row,
        lone.array(),
        ragged.array(),
        rows,
        scanner.ignored,
    )


class _Growing:
    """An array in one piece of memory, with room for as much as is likely to come.

    Many small pieces, joined in the end, would leave as much memory again in holes that the system does not get back.
    """

    def __init__(self, kind: type[np.generic]) -> None:
        self._held: NDArray[Any] = np.empty(0, kind)
        self._size = 0

    def add(self, array: NDArray[Any], done: float = 1.0) -> None:
        """Add values; ``done`` is the share of all that will then have come."""
        size = self._size + len(array)
        if size > len(self._held):
            held = np.empty(max(2 * self._size, int(1.1 * size / max(done, 0.001))), self._held.dtype)
            held[: self._size] = self.array()
            self._held = held
        self._held[self._size : size] = array
        self._size = size

    def array(self) -> NDArray[Any]:
        """What was added."""
        return self._held[: self._size]


class _Scanner:
    """What is known of a file's texts so far."""

    def __init__(self, table: Table, rung: str) -> None:
        used = {name: h.column for name, h in table.fields.items() if name != "value"}
        when = tuple(used.pop(name) for name in WHEN if name in used)
        what = tuple(used.values())
        self.what = Part(what, tuple({} for _ in what))
        self.when = Part(when, tuple({} for _ in when))
        self.ignored = 0
        self._value = table.fields["value"].column
        self._beside = [h.column for h in table.ignored]
        self._edge = table.edge
        self._codec = "utf-8" if rung == "utf-8-sig" else rung

    def block(self, block: Block, cut: Grid) -> tuple[tuple[NDArray[Any], ...], Flags]:
        """Spot, time, value, decimals and row of a block's rows; and which of them are read by themselves."""
        size = len(cut.row)
        apart: Flags = np.any(cut.end[:, self._edge :] > cut.start[:, self._edge :], axis=1)
        numbered: dict[int, Codes] = {}
        for part in (self.what, self.when):
            for column, known in zip(part.columns, part.texts, strict=True):
                said, codes, unclear = self._column(block, cut, column)
                apart |= unclear
                numbers = [known.setdefault(text, len(known)) for text in said]
                numbered[column] = np.array(numbers, np.int32)[codes]
        said, codes, unclear = self._column(block, cut, self._value)
        number, places = plain_numbers(said)
        apart |= unclear | np.isnan(number[codes])
        for column in self._beside:
            texts_, held, _ = self._column(block, cut, column)
            full = np.array([not blank(t) for t in texts_], np.bool_)
            self.ignored += int((full[held] & ~apart).sum())
        arrays = (
            self.what.number(numbered, size),
            self.when.number(numbered, size),
            number[codes],
            places[codes],
            (cut.row + block.first).astype(np.int32),
        )
        return arrays, apart

    def _column(self, block: Block, cut: Grid, column: int) -> tuple[Sequence[str], Codes, Flags]:
        """The different texts of a column, which of them each cell has, and which cells are not told apart."""
        start, end = cut.start[:, column], cut.end[:, column]
        codes, first, unclear = alike(cut.data, start, end)
        return texts(block.data, start[first], end[first], self._codec), codes, unclear
