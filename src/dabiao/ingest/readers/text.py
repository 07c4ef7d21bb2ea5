"""CSV and TSV. Delimiter: tab for ``.tsv``; for ``.csv`` the one of comma, semicolon, tab and bar that makes a table."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import PurePath
from typing import TextIO

from dabiao.errors import ImportRefused
from dabiao.ingest.decode import rung_of
from dabiao.ingest.readers.interface import LIMITS, Book, Cell, Hole, Limits, Sheet
from dabiao.ingest.readers.magic import BINARY, is_html

FIELD_LIMIT = 131_072  # characters in one cell; a longer one is a lost quotation mark or an attack
ROOM = 64  # characters that a row has for each column it may have
_SAMPLE = 30
_DELIMITERS = (",", ";", "\t", "|")


class TextReader:
    """Reads delimited text of any encoding of the ladder."""

    def read(self, data: bytes, name: str, limits: Limits = LIMITS) -> Book:
        """One sheet without a name. Row numbers count records, as a spreadsheet would show them."""
        if data.startswith(BINARY):
            raise ImportRefused("not_text", file=name)
        if is_html(data):
            raise ImportRefused("file_is_html", file=name)
        rung = rung_of(data, name)
        tab = PurePath(name).suffix.lower() == ".tsv"
        delimiter = "\t" if tab else _sniff(data, rung, name, limits)
        rows: list[list[Cell | Hole]] = []
        cells = 0
        for row in _rows(data, rung, delimiter, name, limits):
            cells += len(row)
            if cells > limits.cells:
                raise ImportRefused("too_many_cells", file=name, limit=limits.cells)
            rows.append([cell if cell.strip() else None for cell in row])
        return Book((Sheet(None, rows),), {"format": "text", "encoding": rung, "delimiter": delimiter})


class _Lines:
    """A file's lines. No row, be it one line or a quoted cell over many, grows beyond the room that rows have."""

    def __init__(self, text: TextIO, limit: int, name: str) -> None:
        self._text, self._limit, self._name = text, limit, name
        self._number = 0
        self._row = 0  # characters of the row being read

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limit + 1)
        if not line:
            raise StopIteration
        if self._number == 0:
            line = line.removeprefix("\ufeff")
        self._number += 1
        self._row += len(line)
        if self._row > self._limit:
            raise ImportRefused("line_too_long", file=self._name, line=self._number, limit=self._limit)
        return line

    def row_ended(self) -> None:
        self._row = 0


def _rows(data: bytes, rung: str, delimiter: str, name: str, limits: Limits) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=rung, newline="")
    lines = _Lines(text, limits.columns * ROOM, name)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            lines.row_ended()
            if len(row) > limits.columns:
                raise ImportRefused("too_many_columns", file=name, line=reader.line_num, limit=limits.columns)
            if any(len(cell) > FIELD_LIMIT for cell in row):
                raise ImportRefused("cell_too_long", file=name, line=reader.line_num, limit=FIELD_LIMIT)
            yield row
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "csv_broken"
        raise ImportRefused(code, file=name, line=reader.line_num, limit=FIELD_LIMIT) from error


def _sniff(data: bytes, rung: str, name: str, limits: Limits) -> str:
    """The delimiter that gives most rows of the sample the same number of columns, more than one; a comma if none does."""
    best, best_score = ",", (0, 0)
    refusal: ImportRefused | None = None
    read_one = False
    for delimiter in _DELIMITERS:
        try:
            sample = itertools.islice(_rows(data, rung, delimiter, name, limits), _SAMPLE)
            widths = [len(row) for row in sample if any(c.strip() for c in row)]
        except ImportRefused as error:
            refusal = refusal or error
            continue
        read_one = True
        common = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
        score = (widths.count(common), common) if common > 1 else (0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    if not read_one and refusal is not None:
        raise refusal
    return best
