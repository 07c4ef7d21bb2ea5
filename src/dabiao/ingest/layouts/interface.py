"""The seam between table shapes and values: a layout finds the parts of a table and gives one record a value.

A layout decides only where things stand. What they mean is settled once, in :mod:`dabiao.ingest.resolve`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dabiao.domain.period import Period
from dabiao.domain.target import Indicator
from dabiao.ingest.headings import Heading
from dabiao.ingest.model import Record
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a table's title, sheet name and file name say of all its values; each only where they say one thing.

    Attributes:
        year, period: the one year or period they mention.
        indicator: the indicator that is the sheet's name or a title.
        unit: from "单位:μg/m3".
    """

    year: int | None = None
    period: Period | None = None
    indicator: Indicator | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A heading row that a layout has recognised.

    Attributes:
        heading_row: 1-based.
        fields: field name → its column.
        values: the columns that hold values (one for tidy tables).
        ignored: headings that are not understood; their cells are not read.
    """

    layout: str
    heading_row: int
    fields: Mapping[str, Heading]
    values: tuple[Heading, ...]
    ignored: tuple[Heading, ...]
    surroundings: Surroundings = field(default_factory=Surroundings)

    def described(self) -> dict[str, Any]:
        """How the table was read, as plain JSON."""
        return {
            "layout": self.layout,
            "heading_row": self.heading_row,
            "fields": {name: h.printed for name, h in self.fields.items()},
            "values": [{"heading": h.printed, "as": h.name or h.kind, "unit": h.unit} for h in self.values],
            "ignored": [h.printed for h in self.ignored],
            "title": {
                "year": self.surroundings.year,
                "period": str(self.surroundings.period) if self.surroundings.period else None,
                "indicator": self.surroundings.indicator.id if self.surroundings.indicator else None,
                "unit": self.surroundings.unit,
            },
        }


class Layout(Protocol):
    """One table shape."""

    name: str

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        """The table under a heading row, or ``None`` if this row is no heading of this shape.

        Args:
            row: 1-based.
            headings: of every cell of the row; no field stands twice.
            around: what the title and names say.
        """
        ...

    def records(self, sheet: Sheet, table: Table) -> Iterator[Record]:
        """One record a value, in the order of the sheet. Rows without any cell give none."""
        ...


Row = Sequence[Cell | Hole]


def data_rows(sheet: Sheet, table: Table) -> Iterator[tuple[int, Row]]:
    """Rows below the heading that hold something and are no footnote, each with its 1-based number."""
    for number, row in enumerate(sheet.rows[table.heading_row :], table.heading_row + 1):
        if any(not blank(c) for c in row) and not is_footnote(row):
            yield number, row


def is_footnote(row: Row) -> bool:
    """Whether a row only holds a remark under the table: one cell that begins with 注, 备注, 数据来源 …"""
    full = [shown(c) for c in row if not blank(c)]
    return len(full) == 1 and full[0].startswith(
        (
            "注:",
            "注：",
            "注1",
            "备注",
            "说明",
            "数据来源",
            "资料来源",
            "来源:",
            "来源：",
            "Note:",
            "Notes:",
            "Source:",
        )
    )


def picked(row: Row, table: Table) -> dict[str, Cell | Hole]:
    """The cells of a row by field name; a short row's missing cells are empty."""
    return {name: row[h.column] if h.column < len(row) else None for name, h in table.fields.items()}


def overflow(row: Row, headings: int) -> bool:
    """Whether a row has cells beyond the last heading: a comma within a number has shifted its columns."""
    return any(not blank(c) for c in row[headings:])


def as_text(row: Row) -> tuple[str, ...]:
    """A row's cells as text, for the quarantine."""
    return tuple(shown(c) for c in row)


def width(table: Table) -> int:
    """Columns up to the last heading."""
    columns = [h.column for h in (*table.fields.values(), *table.values, *table.ignored)]
    return max(columns) + 1
