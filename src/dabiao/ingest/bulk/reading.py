"""A tidy text file of any size → :class:`~dabiao.ingest.bulk.values.Values`.

Ten million rows hold few different texts. Each is read once, by the very functions that read a row by itself, and stands for all
rows that have it; plain numbers are read from the bytes. A row with anything else (a word, a footnote, a missing mark, a fault) is
read by itself. What comes out is, to the digit, what the small way gives (:func:`dabiao.ingest.read.read_bytes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.progress import Progress, silent
from dabiao.errors import ImportRefused
from dabiao.ingest.bulk.cells import Codes, Flags
from dabiao.ingest.bulk.issues import IssueLog
from dabiao.ingest.bulk.lines import PIECE, Survey
from dabiao.ingest.bulk.resolving import Resolved
from dabiao.ingest.bulk.scanning import Scanned, scan
from dabiao.ingest.bulk.single import Cells, NotTidy, RowReader, Rows
from dabiao.ingest.bulk.standing import standing
from dabiao.ingest.bulk.values import Gathered, Values, in_order, merged
from dabiao.ingest.layouts.interface import Table, as_text
from dabiao.ingest.model import Candidate, Defaults, Record
from dabiao.ingest.periods import Grain
from dabiao.ingest.read import assumed, grain_of_all
from dabiao.ingest.readers.text import TextReader
from dabiao.ingest.resolve import Context
from dabiao.ingest.tables import Finder
from dabiao.ingest.words import is_average

SAMPLE = 200  # rows from which the heading is read
_HEAD = 1 << 16  # bytes that hold them
_TRIES = 3  # rows that are tried for a text before it is taken for faulty


@dataclass(slots=True)
class Large:
    """A large file as read; see :class:`~dabiao.ingest.model.Reading`.

    Attributes:
        values: those that can be taken, in order.
        rows: finds a row again by its number.
        context: what rows are read against.
    """

    file: str
    survey: Survey
    values: Values
    refused: int
    repeated: int
    ignored: int
    description: Mapping[str, Any]
    rows: RowReader
    context: Context

    def candidates(self, rows: Codes) -> Iterator[dict[int, Candidate]]:
        """The candidates of some rows again, in order, some thousand at a time."""
        for batch in self.rows.cells(rows):
            yield self.rows.read(batch, self.context).candidates


def read_large(
    path: Path,
    name: str,
    survey: Survey,
    catalogue: Catalogue,
    defaults: Defaults,
    log: IssueLog,
    *,
    today: date,
    progress: Progress = silent,
    block_size: int = PIECE,
) -> Large | None:
    """Read a large file; ``None`` where it is none of one tidy table, for :func:`dabiao.ingest.read.read_bytes` to read.

    Args:
        path: the file. It must not change meanwhile.
        name: its name, for messages and where the source is not said.
        survey: of its bytes.
        catalogue, defaults, today: as :func:`dabiao.ingest.read.read_bytes` has them.
        log: takes in everything refused or warned of.
        progress: told how far it is.
        block_size: bytes that are read at once.

    Raises:
        ImportRefused: the file cannot be read as a whole.
        OSError: the same, of the system.
    """
    opened = _opened(path, name, survey, catalogue, defaults, block_size)
    if opened is None:
        return None
    rows, columns, description = opened
    try:
        return _read(rows, columns, description, survey, catalogue, defaults, log, today, progress)
    except NotTidy:
        return None


def _opened(
    path: Path, name: str, survey: Survey, catalogue: Catalogue, defaults: Defaults, block_size: int
) -> tuple[RowReader, int, dict[str, Any]] | None:
    """The one tidy table that begins a file, the cells of its heading, and how it was read so far."""
    mapping = defaults.mapping
    if mapping.skip_rows or mapping.fill_down or mapping.last_row:
        return None
    with path.open("rb") as file:
        data = file.read(_HEAD)
    data = data[: data.rfind(b"\n") + 1] or data
    data = b"".join(data.splitlines(keepends=True)[:SAMPLE])
    try:
        book = TextReader().read(data, name)
    except ImportRefused:
        return None
    sheet = book.sheets[0]
    found = Finder(sheet, catalogue, name, defaults.mapping).find()
    if len(found.tables) != 1 or found.issues or found.clashes:
        return None
    table = found.tables[0]
    if not _simple(table):
        return None
    table = replace(table, last_row=None)
    delimiter = str(book.description["delimiter"])
    if delimiter == "|" and survey.rung == "gb18030":
        return None  # there the byte of a bar is also the second half of characters
    description = {**book.description, "encoding": survey.rung}
    reader = RowReader(path, survey.rung, delimiter, table, defaults.mapping, block_size, name)
    heading = sheet.rows[table.heading_row - 1]
    description["headings"] = {"": {"row": table.heading_row, "cells": list(as_text(heading))}}
    return reader, len(heading), description


def _simple(table: Table) -> bool:
    """Whether a table is tidy, under one row of headings that are all understood or left aside, without printed changes."""
    if table.layout != "tidy" or table.heading_rows != 1 or table.heading_row < 1 or table.units:
        return False
    named = {h.column for h in table.headings if h.kind != "blank"}
    if set(range(table.left, table.right)) - named or table.left:
        return False
    return not any(h.kind == "comparison" for h in table.ignored) and len(table.values) == 1


def _read(
    rows: RowReader,
    columns: int,
    description: dict[str, Any],
    survey: Survey,
    catalogue: Catalogue,
    defaults: Defaults,
    log: IssueLog,
    today: date,
    progress: Progress,
) -> Large:
    table, name = rows.table, rows.name
    scanned = scan(rows.path, rows.rung, rows.delimiter, table, columns, progress, rows.block_size)
    context = Context(name, catalogue, defaults, today, _grain(rows, scanned))
    log.add(rows.notes())
    resolved = Resolved(rows, context, scanned)
    plain = resolved.plain()
    values = resolved.values(plain)
    single = np.sort(np.concatenate([scanned.apart, scanned.ragged, scanned.row[~plain]]))
    ignored, last_row = scanned.ignored, scanned.rows
    del scanned, resolved
    gathered, refused, done, shifted = Gathered(), 0, 0, 0
    for batch in rows.cells(single):
        found = rows.read(batch, context)
        for row, candidate in found.candidates.items():
            gathered.add(candidate, row)
        log.add(found.issues)
        refused, ignored, done = refused + found.refused, ignored + found.ignored, done + len(batch)
        shifted += found.shifted
        progress("rows", done / len(single))
    if shifted and shifted == refused and not plain.any() and not gathered.manners:
        raise NotTidy
    values = in_order(merged(values, gathered.values()))
    stand = standing(values, catalogue, rows, context, log)
    description |= {
        "sheets": [{"sheet": None, **replace(table, last_row=last_row).described()}],
        "mapping": defaults.mapping.to_json(),
        "assumed": assumed(_imported(stand.values), defaults, name, today),
        "ignored": ignored,
    }
    return Large(
        name,
        survey,
        stand.values,
        refused + stand.refused,
        stand.repeated,
        ignored,
        description,
        rows,
        context,
    )


def _imported(values: Values) -> int:
    """How many values are known from the day of the import, because the file gives no day."""
    by_manner = np.bincount(values.manner, minlength=len(values.manners)).tolist()
    return sum(n for n, m in zip(by_manner, values.manners, strict=True) if m.known_rule == "imported")


def _grain(rows: RowReader, scanned: Scanned) -> Grain:
    """The finest stretch of time among a file's rows; those of means and sums, which are left aside, do not count."""
    at = {name: h.column for name, h in rows.table.fields.items() if name in ("period", "hour")}
    times, single = scanned.when.cells(), scanned.ragged
    if any(is_average(text) for known in scanned.what.texts for text in known):
        used = scanned.time[_taken(rows, scanned)[scanned.spot]]
        times = [times[t] for t in np.unique(used).tolist()]
        single = np.sort(np.concatenate([scanned.ragged, scanned.apart]))
    records = [
        Record(None, 0, "", {name: cells[column] for name, column in at.items()}, {}, ()) for cells in times
    ]
    for batch in rows.cells(single):
        records += rows.records(batch, Rows())
    return grain_of_all(records)


def _taken(rows: RowReader, scanned: Scanned) -> Flags:
    """Of each spot, whether its rows are read: a row of 平均 is not."""
    value = rows.table.fields["value"].column
    probes: list[tuple[int, Cells]] = []
    for spot, said in enumerate(scanned.what.cells()):
        cells: Cells = [None] * (max((value, *said)) + 1)
        for column, text in said.items():
            cells[column] = text if text.strip() else None
        cells[value] = "1"
        probes.append((spot, cells))
    taken = np.zeros(len(probes), np.bool_)
    taken[[record.row for record in rows.records(probes, Rows())]] = True
    return taken
