"""A table's cells → one record a value. Every cell that is not read as a value is counted, and named once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dabiao.domain.catalogue import normalise_name
from dabiao.domain.issue import Issue
from dabiao.domain.period import PeriodKind
from dabiao.ingest.headings import Heading
from dabiao.ingest.layouts.interface import Row, Surroundings, Table, as_text, base_fields, value_cells
from dabiao.ingest.mapping import Mapping, letter
from dabiao.ingest.model import Record
from dabiao.ingest.periods import PeriodError, parse_period, plain
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown
from dabiao.ingest.words import areas_in, is_average

_REMARKS = (
    "注:", "注：", "注1", "备注", "说明", "数据来源", "资料来源", "来源:", "来源：", "Note:", "Notes:", "Source:", "注释",
)  # fmt: skip
_RULE = re.compile(r":?-{3,}:?")
_THIS = {
    "月": (PeriodKind.MONTH,),
    "季": (PeriodKind.QUARTER,),
    "年": (PeriodKind.YEAR,),
    "期": tuple(PeriodKind),
}
_NOTES = {
    "rank": "rank_column", "comparison": "comparison_column", "numbering": "", "ignored": "",
    **dict.fromkeys(("period", "indicator", "region", "crossed"), "column_incomplete"),
}  # fmt: skip
"""Kinds of columns that are not read → the note that says so; none where nobody could take them for values."""


@dataclass(slots=True)
class Counted:
    """What a table gave beside its records.

    Attributes:
        ignored: cells that hold something and are neither read as values nor part of what is said of them.
    """

    ignored: int = 0
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one table of a sheet."""

    sheet: Sheet
    table: Table
    file: str
    mapping: Mapping

    def records(self, counted: Counted) -> Iterator[Record]:
        """One record a value, in the order of the sheet; what is left aside goes into ``counted``."""
        counted.issues.extend(self._notes())
        changes = _changes(self.table)
        columns = {h.column: self._columns(h, changes.get(h.column)) for h in self.table.values}
        filled, merged = _merged(self.sheet, self.table)
        above: dict[str, Cell | Hole] = {}
        unnamed: dict[int, int] = {}
        tidy = self.table.layout == "tidy"
        skipped = frozenset(self.mapping.skip_rows)
        for number, row in data_rows(self.sheet, self.table):
            counted.ignored += self._beside(row, unnamed)
            if number in skipped:
                counted.ignored += sum(1 for _ in value_cells(row, self.table))
                continue
            cells = base_fields(row, self.table)
            self._fill(cells, number - 1, filled, above)
            if self._averages(row, cells):
                counted.ignored += sum(1 for _ in value_cells(row, self.table))
                counted.issues.append(self._issue("average_row", number, self._average_of(row), row))
                continue
            raw = as_text(row)
            for heading in self.table.values:
                cell = merged.get((number - 1, heading.column), _at(row, heading))
                if tidy or not blank(cell):
                    change = changes.get(heading.column)
                    yield self._record(
                        number, heading, cell, cells, row, raw, columns[heading.column], change
                    )
        for column, count in unnamed.items():
            counted.issues.append(self._issue("column_unnamed", None, letter(column), (), count=count))

    def _record(
        self,
        number: int,
        heading: Heading,
        cell: Cell | Hole,
        cells: dict[str, Any],
        row: Row,
        raw: tuple[str, ...],
        columns: dict[str, str],
        change: Heading | None,
    ) -> Record:
        around = self.table.surroundings
        fields = {**cells, **heading.says, "value": cell}
        if "period" in heading.says:
            fields["period"], year = self._period(str(heading.says["period"]), around)
            if year is not None:
                fields.setdefault("year", year)
        unit = heading.unit or self.table.units.get(heading.column)
        measured = heading.indicator or around.indicator
        if unit is None and blank(fields.get("unit")) and (measured is None or measured.unit):
            unit = around.unit  # of a table whose other columns have one, not of an index beside them
        if unit and (blank(fields.get("unit")) or self.table.layout != "tidy"):
            fields["unit"] = unit
        if change is not None:
            fields["change"] = _at(row, change)
        return Record(self.sheet.name, number, columns["value"], fields, columns, raw)

    def _columns(self, heading: Heading, change: Heading | None) -> dict[str, str]:
        """Field → the heading that says it of the values of one column, for issues."""
        columns = {name: h.label for name, h in self.table.fields.items()}
        columns |= dict.fromkeys(("value", *heading.says), heading.label)
        return columns | ({"change": change.printed} if change is not None else {})

    def _period(self, said: str, around: Surroundings) -> tuple[str, int | None]:
        """What a heading says of its values' period, and the year that it needs from elsewhere."""
        named = self.mapping.name_of("period", said)
        if named is not None:
            return named, None
        this = re.match(r"[本当](.)", plain(said))
        if this and around.period is not None and around.period.kind in _THIS.get(this[1], ()):
            return str(around.period), None
        try:
            parse_period(said)
        except PeriodError as error:
            return said, around.year if error.code == "period_needs_year" else None
        return said, None

    def _fill(
        self,
        cells: dict[str, Any],
        row: int,
        filled: dict[tuple[int, int], Cell | Hole],
        above: dict[str, Cell | Hole],
    ) -> None:
        """Give a row the cells that are merged with those above it, and what a mapping says to take from above."""
        for name, heading in self.table.fields.items():
            if blank(cells.get(name)) and (row, heading.column) in filled:
                cells[name] = filled[row, heading.column]
            if name in self.mapping.fill_down:
                if blank(cells.get(name)):
                    cells[name] = above.get(name)
                else:
                    above[name] = cells[name]

    def _averages(self, row: Row, cells: dict[str, Any]) -> bool:
        """Whether a row is the mean or sum of the others: it names no place, or says 平均 instead of one."""
        place = shown(cells.get("region"))
        if place:
            return is_average(place) and self.mapping.name_of("region", place) is None
        return blank(cells.get("adcode")) and "region" in cells and bool(self._average_of(row))

    def _average_of(self, row: Row) -> str:
        held = {h.column for h in self.table.values}
        inside = [shown(c) for i, c in enumerate(row) if isinstance(c, str) and i not in held]
        return next((t for t in inside if is_average(t)), "")

    def _beside(self, row: Row, unnamed: dict[int, int]) -> int:
        """How many cells of a row stand under headings that are not read, or under none."""
        known = {h.column for h in self.table.headings if h.kind != "blank"}
        silent = {h.column for h in self.table.ignored if h.kind != "blank"}
        count = 0
        for column in range(self.table.left, min(self.table.right, len(row))):
            if blank(row[column]):
                continue
            if column in silent:
                count += 1
            elif column not in known:
                count += 1
                unnamed[column] = unnamed.get(column, 0) + 1
        return count

    def _notes(self) -> Iterator[Issue]:
        """One note a column that is not read."""
        for h in self.table.ignored:
            code = _NOTES.get(h.kind, "column_ignored")
            if code:
                params = {"heading": h.printed}
                row = self.table.heading_row or None
                yield Issue(self.file, code, self.sheet.name, row, h.label, params, "warning")
        around = self.table.surroundings
        if "scope" not in self.table.fields and "scope" not in around.constants:
            for word in areas_in(around.title):
                yield self._issue("title_scope_word", None, word, ())

    def _issue(self, code: str, number: int | None, text: str, row: Row, **params: Any) -> Issue:
        params = {"text": text[:40], **params}
        column = text if code == "column_unnamed" else None
        return Issue(self.file, code, self.sheet.name, number, column, params, "warning", as_text(row))


def data_rows(sheet: Sheet, table: Table) -> Iterator[tuple[int, Row]]:
    """Rows of a table that hold something and are no remark, each with its 1-based number."""
    first = table.first_data_row
    for number, row in enumerate(sheet.rows[first - 1 : table.last_row], first):
        full = [c for c in row if not blank(c)]
        if not full or (len(full) == 1 and shown(full[0]).startswith(_REMARKS)):
            continue
        if len(full) > 1 and all(isinstance(c, str) and _RULE.fullmatch(c.strip()) for c in full):
            continue
        if table.right == table.edge == 0 or any(not blank(c) for c in row[table.left :][: _width(table)]):
            yield number, row


def _width(table: Table) -> int | None:
    """Columns of a table; of the last one beside others all that are left, so that no cell is lost."""
    return None if table.right >= table.edge else table.right - table.left


def _at(row: Row, heading: Heading) -> Cell | Hole:
    return row[heading.column] if heading.column < len(row) else None


def _changes(table: Table) -> dict[int, Heading]:
    """Value column → the column that prints its change against the year before: the one that names it, else the next to its right."""
    found: dict[int, Heading] = {}
    for h in table.ignored:
        if h.kind != "comparison" or not re.search(r"同比|[较比][上去]年", h.printed):
            continue
        left = [v for v in table.values if v.column < h.column]
        named = [
            v for v in table.values if v.indicator and _stem(v) and _stem(v) in normalise_name(h.printed)
        ]
        owner = named[0] if len(named) == 1 else left[-1] if left else None
        if len(table.values) == 1:
            owner = table.values[0]
        if owner is not None:
            found.setdefault(owner.column, h)
    return found


def _stem(heading: Heading) -> str:
    """What a heading and that of its change have in common: ``PM2.5`` of ``PM2.5浓度(μg/m3)``."""
    return re.split(r"[(/]|浓度|平均|年均|月均", normalise_name(heading.printed))[0]


def _merged(
    sheet: Sheet, table: Table
) -> tuple[dict[tuple[int, int], Cell | Hole], dict[tuple[int, int], Hole]]:
    """Cells below the heading that are merged with others: those of fields take the first one's text, those of values are holes.

    A range over fields and values is a line of its own (a sub-title), not a value.
    """
    fields = {h.column for h in table.fields.values()} - {h.column for h in table.values}
    values = {h.column for h in table.values}
    filled: dict[tuple[int, int], Cell | Hole] = {}
    holes: dict[tuple[int, int], Hole] = {}
    for r0, c0, r1, c1 in sheet.merged:
        if r0 < table.heading_row or r0 >= len(sheet.rows) or c0 >= len(sheet.rows[r0]):
            continue
        columns, anchor = set(range(c0, c1 + 1)), sheet.rows[r0][c0]
        if blank(anchor) or (columns & fields and columns & values):
            continue
        for row in range(r0, min(r1, len(sheet.rows)) + 1):
            for column in columns & fields:
                filled[row, column] = anchor
            for column in columns & values:
                holes[row, column] = Hole("value_merged", shown(anchor))
    return filled, holes
