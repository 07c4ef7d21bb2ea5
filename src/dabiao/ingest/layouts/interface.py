"""The seam between table shapes and values: a layout finds the parts of a table, one record is made of each value.

A layout decides only where things stand. What they mean is settled once, in :mod:`dabiao.ingest.resolve`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dabiao.domain.period import Period
from dabiao.domain.target import Indicator
from dabiao.ingest.headings import Heading, Kind
from dabiao.ingest.readers.interface import Cell, Hole, blank, shown


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a table's title, sheet name and file name say of all its values; each only where they say one thing.

    Attributes:
        year, period: the one year or period they mention; ``period_from`` says where (``title``, ``sheet``, ``file``).
        indicator: the indicator that is the sheet's name or a title.
        unit: from "单位:μg/m3".
        region: the one declared region that they name in full.
        words: what they say of the basis: 剔除沙尘, 实况, 国考断面.
        title: the lines themselves.
        constants: what a mapping file says of every value.
    """

    year: int | None = None
    period: Period | None = None
    period_from: str = ""
    indicator: Indicator | None = None
    unit: str | None = None
    region: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading that a layout has recognised, and the rows and columns that stand under it.

    Attributes:
        heading_row: last row of the heading, 1-based; 0 where a mapping says that there is none.
        fields: field name → its column.
        values: the columns that hold values (one for tidy tables).
        ignored: columns whose cells are not read as values: not understood, ranks, comparisons.
        heading_rows: how many rows the heading has.
        last_row: last row of the table; ``None`` for the end of the sheet.
        left, right: its columns, 0-based, ``right`` excluded.
        edge: columns of the whole sheet that have a heading; a row that goes beyond has shifted.
        units: column → unit, from a row of units below the heading.
    """

    layout: str
    heading_row: int
    fields: Mapping[str, Heading]
    values: tuple[Heading, ...]
    ignored: tuple[Heading, ...]
    surroundings: Surroundings = field(default_factory=Surroundings)
    heading_rows: int = 1
    last_row: int | None = None
    left: int = 0
    right: int = 0
    edge: int = 0
    units: Mapping[int, str] = field(default_factory=dict)

    @property
    def first_data_row(self) -> int:
        """1-based; the row below the heading and its units."""
        return self.heading_row + (2 if self.units else 1)

    def described(self) -> dict[str, Any]:
        """How the table was read, as plain JSON."""
        around = self.surroundings
        return {
            "layout": self.layout,
            "heading_row": self.heading_row,
            "heading_rows": self.heading_rows,
            "last_row": self.last_row,
            "fields": {name: h.printed for name, h in self.fields.items()},
            "values": [
                {"heading": h.printed, "as": h.name or h.kind, "unit": h.unit or self.units.get(h.column)}
                for h in self.values
            ],
            "ignored": [h.printed for h in self.ignored],
            "columns": [
                {**h.described(self._role(h)), "unit": h.unit or self.units.get(h.column)}
                for h in self.headings
            ],
            "title": {
                "text": around.title,
                "year": around.year,
                "period": str(around.period) if around.period else None,
                "period_from": around.period_from or None,
                "indicator": around.indicator.id if around.indicator else None,
                "unit": around.unit,
                "region": around.region,
                "words": dict(around.words),
            },
            "constants": dict(around.constants),
        }

    @property
    def headings(self) -> list[Heading]:
        """Every heading of the table, from left to right."""
        found = {h.column: h for h in (*self.ignored, *self.values, *self.fields.values())}
        return [found[column] for column in sorted(found)]

    def _role(self, heading: Heading) -> str:
        if heading in self.values:
            return "value"
        return "field" if heading in self.fields.values() else "ignored"


class Layout(Protocol):
    """One table shape."""

    name: str

    def recognise(self, row: int, headings: Sequence[Heading], around: Surroundings) -> Table | None:
        """The table under a heading, or ``None`` if this is no heading of this shape.

        Args:
            row: 1-based; the last row of the heading.
            headings: of every column; no field stands twice.
            around: what the title and names say.
        """
        ...


Row = Sequence[Cell | Hole]
_PERIODS = frozenset(("period", "year"))


def fields_of(headings: Sequence[Heading]) -> dict[str, Heading]:
    """The columns that are fields."""
    return {h.name: h for h in headings if h.kind == "field"}


def table_of(
    name: str, row: int, headings: Sequence[Heading], around: Surroundings, values: Collection[Heading]
) -> Table:
    """The table whose value columns are given; every other column is a field or not read."""
    fields = fields_of(headings)
    rest = tuple(h for h in headings if h.kind not in ("blank", "field") and h not in values)
    full = [h.column for h in headings if h.kind != "blank"]
    left, right = min(full, default=0), max(full, default=-1) + 1
    return Table(name, row, fields, tuple(values), rest, around, left=left, right=right, edge=right)


def of_kind(headings: Sequence[Heading], *kinds: Kind) -> tuple[Heading, ...]:
    """The headings of some kinds."""
    return tuple(h for h in headings if h.kind in kinds)


def has_region(headings: Sequence[Heading], around: Surroundings) -> bool:
    """Whether every value's region is said: by a column, a mapping, or a title over columns that are all understood."""
    fields = fields_of(headings)
    if "region" in fields or "adcode" in fields or "region" in around.constants:
        return True
    return around.region is not None and not of_kind(headings, "unknown", "ambiguous", "region")


def has_period(headings: Sequence[Heading], around: Surroundings) -> bool:
    """Whether every value's period is said: by a column, the title or a mapping."""
    fields = fields_of(headings)
    said = _PERIODS & fields.keys() or _PERIODS & around.constants.keys() or around.period is not None
    return bool(said) or ("month" in fields and around.year is not None)


def has_indicator(headings: Sequence[Heading], around: Surroundings) -> bool:
    """Whether every value's indicator is said: by a column, the title or a mapping."""
    return (
        "indicator" in fields_of(headings) or around.indicator is not None or "indicator" in around.constants
    )


def base_fields(row: Row, table: Table) -> dict[str, Any]:
    """What a row and all that stands around the table say of each of the row's values, by field name."""
    around = table.surroundings
    cells: dict[str, Any] = {
        name: row[h.column] if h.column < len(row) else None for name, h in table.fields.items()
    }
    for name, said in around.constants.items():
        if blank(cells.get(name)):
            cells[name] = said
    for name, said in around.words.items():
        cells[f"title_{name}"] = said
    if "indicator" not in cells and around.indicator:
        cells["indicator"] = around.indicator.id
    if "region" not in cells and "adcode" not in cells and around.region:
        cells["region"] = around.region
    if not (_PERIODS & cells.keys()):
        if {"month", "quarter"} & cells.keys() and around.year is not None:
            cells["year"] = around.year
        elif around.period is not None:
            cells["period"] = str(around.period)
    if any(not blank(c) for c in row[table.edge :]):
        cells["overflow"] = "1"  # a comma within a number has shifted the columns
    return cells


def as_text(row: Row) -> tuple[str, ...]:
    """A row's cells as text, for the quarantine."""
    return tuple(shown(c) for c in row)


def value_cells(row: Row, table: Table) -> Iterator[tuple[Heading, Cell | Hole]]:
    """The value cells of a row that hold something: an empty one under a month says only that nothing is in yet."""
    for heading in table.values:
        cell = row[heading.column] if heading.column < len(row) else None
        if not blank(cell):
            yield heading, cell
