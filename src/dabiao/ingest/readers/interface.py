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
    """A cell whose formula has no stored result: its value is not in the file."""

    def __str__(self) -> str:
        return "=?"


HOLE = Hole()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells.

    Attributes:
        name: the sheet's name; ``None`` for text files.
        rows: all rows from the top, ragged; row ``n`` of a spreadsheet is ``rows[n - 1]``.
    """

    name: str | None
    rows: list[list[Cell | Hole]]


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets, and how they were read (plain JSON)."""

    sheets: tuple[Sheet, ...]
    description: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    """Reads one format."""

    def read(self, data: bytes, name: str) -> Book:
        """All sheets of a file.

        Raises:
            ImportRefused: the bytes are not that format, are damaged, or would grow beyond what is allowed.
        """
        ...


def blank(cell: Cell | Hole) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell | Hole) -> str:
    """A cell as a person reads it. A whole float loses its ``.0``; a float keeps the 15 digits that Excel shows."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15g")
    return str(cell).strip()
