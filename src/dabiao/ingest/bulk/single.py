"""Rows of a large file that are read by themselves, by the same steps as a small file's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from dabiao.domain.issue import Issue
from dabiao.ingest.bulk.cells import Codes
from dabiao.ingest.bulk.lines import blocks
from dabiao.ingest.headings import names_a_place
from dabiao.ingest.layouts.interface import Table
from dabiao.ingest.mapping import Mapping
from dabiao.ingest.model import Candidate, Record
from dabiao.ingest.readers.interface import Cell, Hole, Sheet
from dabiao.ingest.records import Counted, Reader
from dabiao.ingest.resolve import Context, resolve

TOGETHER = 5_000
"""Rows that are held at once."""

Cells = list[Cell | Hole]


class NotTidy(Exception):
    """The file is more than one tidy table, or its columns have shifted: it is no case for this room."""


@dataclass(slots=True)
class Rows:
    """Some rows of a file as read.

    Attributes:
        candidates: by row.
        issues: what was found at them.
        refused: how many values were.
        ignored: cells that are not read.
        shifted: how many rows go beyond the heading.
    """

    candidates: dict[int, Candidate] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: int = 0
    ignored: int = 0
    shifted: int = 0


@dataclass(slots=True)
class RowReader:
    """Finds rows of a file again and reads them.

    Attributes:
        path, rung, delimiter: the file and how it is cut.
        table: its heading.
        mapping: what a mapping file settles.
    """

    path: Path
    rung: str
    delimiter: str
    table: Table
    mapping: Mapping
    block_size: int
    name: str

    def cells(self, rows: Codes) -> Iterator[list[tuple[int, Cells]]]:
        """The cells of some rows, in order, some thousand at a time; one pass over the file."""
        found: list[tuple[int, Cells]] = []
        for block in blocks(self.path, self.rung, self.delimiter, self.block_size) if len(rows) else ():
            end = block.first + block.rows
            wanted = rows[np.searchsorted(rows, block.first) : np.searchsorted(rows, end)].tolist()
            lines = block.data.split(b"\n") if wanted else []
            for row in wanted:
                line = lines[row - block.first].removesuffix(b"\r").decode(self._codec)
                cells = block.quoted.get(row) or line.split(self.delimiter)
                found.append((row, [cell if cell.strip() else None for cell in cells]))
                if len(found) == TOGETHER:
                    yield found
                    found = []
        if found:
            yield found

    @property
    def _codec(self) -> str:
        return "utf-8" if self.rung == "utf-8-sig" else self.rung

    def records(self, rows: Sequence[tuple[int, Cells]], found: Rows) -> list[Record]:
        """The records of some rows; what is said of the rows beside goes to ``found``.

        Raises:
            NotTidy: see the class.
        """
        columns = {h.column for h in self.table.fields.values()} | {0, 1, 2}
        for _, cells in rows:
            if any(c < len(cells) and _heads(cells[c]) for c in columns):
                raise NotTidy
        above = self.table.first_data_row - 1
        blank: list[Cells] = [[] for _ in range(above)]
        sheet = Sheet(None, [*blank, *(cells for _, cells in rows)])
        counted = Counted()
        table = replace(self.table, last_row=None)
        records = list(Reader(sheet, table, self.name, self.mapping).records(counted))
        number = [row for row, _ in rows]
        found.ignored += counted.ignored
        found.issues += [
            replace(i, row=number[i.row - above - 1])
            for i in counted.issues
            if i.row is not None and i.row > above
        ]
        return [replace(r, row=number[r.row - above - 1]) for r in records]

    def notes(self) -> list[Issue]:
        """What is said of the table as a whole: its columns that are not read."""
        counted = Counted()
        list(Reader(Sheet(None, []), self.table, self.name, self.mapping).records(counted))
        return counted.issues

    def read(self, rows: Sequence[tuple[int, Cells]], context: Context) -> Rows:
        """Some rows as read."""
        found = Rows()
        for record in self.records(rows, found):
            candidate, issues = resolve(record, context)
            found.shifted += "overflow" in record.fields
            found.issues += issues
            if candidate is None:
                found.refused += 1
            else:
                found.candidates[record.row] = candidate
        return found


def _heads(cell: Cell | Hole) -> bool:
    return isinstance(cell, str) and len(cell) < 16 and names_a_place(cell)
