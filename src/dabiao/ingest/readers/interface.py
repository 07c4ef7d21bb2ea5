"""The seam between file formats and table shapes: a reader gives sheets of cells, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Protocol, TypeAlias

Cell: TypeAlias = str | int | float | bool | date | time | timedelta | None
"""A cell as the format holds it; ``None`` where it is empty. ``date`` includes ``datetime``."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A cell that shows something but has no value of its own in the file.

    Attributes:
        code: why, as :class:`dabiao.ingest.values.NotAValueError` says it: ``formula_no_value`` (a formula without a stored
            result), ``cell_error`` (its result is an error) or ``value_merged`` (one cell merged over several).
        shown: what a person sees there.
    """

    code: str = "formula_no_value"
    shown: str = "=?"

    def __str__(self) -> str:
        return self.shown


HOLE = Hole()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells.

    Attributes:
        name: the sheet's name; ``None`` for text files.
        rows: all rows from the top, ragged; row ``n`` of a spreadsheet is ``rows[n - 1]``.
        merged: ranges of merged cells as 0-based ``(top, left, bottom, right)``, ends included. Only the first cell of a range
            holds anything.
    """

    name: str | None
    rows: list[list[Cell | Hole]]
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets, and how they were read (plain JSON)."""

    sheets: tuple[Sheet, ...]
    description: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost. Beyond that it is refused; it is never read in part.

    Attributes:
        cells: cells of all sheets together; of a workbook, those of each sheet's used rectangle.
        columns: cells of one row. A spreadsheet program has 16,384.
        unpacked_mb: MiB of a zipped workbook once unpacked.
        seconds: how long a workbook may take.
        memory_mb: MiB of address space of the process that reads a workbook.
    """

    cells: int = 5_000_000
    columns: int = 16_384
    unpacked_mb: int = 512
    seconds: int = 60
    memory_mb: int = 1_024


LIMITS = Limits()


class Reader(Protocol):
    """Reads one format."""

    def read(self, data: bytes, name: str, limits: Limits = LIMITS) -> Book:
        """All sheets of a file.

        Raises:
            ImportRefused: the bytes are not that format, are damaged, or would cost more than the limits.
        """
        ...


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))  # without width; copied from web pages


def blank(cell: Cell | Hole) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell is None or (
        isinstance(cell, str) and not (cell.isascii() and cell.strip()) and not shown(cell)
    )


def shown(cell: Cell | Hole) -> str:
    """A cell as a person reads it, without characters that have no width. A whole float loses its ``.0``; a float keeps the 15 digits that Excel shows."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15g")
    text = str(cell)
    return text.strip() if text.isascii() else text.translate(_INVISIBLE).strip()
