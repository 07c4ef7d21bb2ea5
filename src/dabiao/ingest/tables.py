"""Where the tables of a sheet stand: one heading or several, side by side or under each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.issue import Issue
from dabiao.ingest.headings import Heading, is_period, names_a_place, read_path, split_unit
from dabiao.ingest.layouts import LAYOUTS
from dabiao.ingest.layouts.interface import Row, Surroundings, Table, as_text
from dabiao.ingest.mapping import Mapping
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown
from dabiao.ingest.stacked import MOST_ROWS, spread, stacked_height, unclear
from dabiao.ingest.titles import surroundings
from dabiao.ingest.units import known_unit, unit_of
from dabiao.ingest.words import NEUTRAL, apart

HEADING_ROWS = 30  # the first heading is not looked for further down
_TALLEST = 6  # rows of a merged cell of a heading


@dataclass(slots=True)
class Found:
    """The tables of a sheet, and what kept others from being read.

    Attributes:
        clashes: tables whose heading could be read in two ways, each with the first of its issues.
    """

    tables: list[Table] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    clashes: list[tuple[Table, Issue]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the tables of one sheet. ``given``: what the import or a mapping says of every value."""

    sheet: Sheet
    catalogue: Catalogue
    file: str
    mapping: Mapping

    def find(self) -> Found:
        """Every table from the top, each with what its own title says."""
        found = Found()
        at, title_from = self._first()
        above: list[Row] = []
        while at is not None:
            top, height = at
            above = list(self.sheet.rows[title_from : top - 1]) or above
            here = self._tables_at(top, height, above)
            end = self._next(top + height - 1, here)
            last = end[0] - 1 if end else self.mapping.last_row or len(self.sheet.rows)
            title_from = self._title_of(last, top + height - 1) if end else last
            here = [replace(t, last_row=title_from) for t in here]
            self._settle(here, found, top + height - 1)
            at = (end[0], self._height(end[0])) if end else None
        return found

    def _first(self) -> tuple[tuple[int, int] | None, int]:
        rows = self.mapping.heading_rows
        if rows == (0,):
            return (1, 0), 0
        if rows:
            return (rows[0], len(rows)), 0
        for top in range(1, min(HEADING_ROWS, len(self.sheet.rows)) + 1):
            if sum(not blank(c) for c in self.sheet.rows[top - 1]) < 2:
                continue
            tallest = self._height(top)
            for height in dict.fromkeys((tallest, 1)):
                if self._tables_at(top, height, self.sheet.rows[: top - 1]):
                    return (top, height), 0
        return None, 0

    def _first_row(self) -> int:
        """The first row that holds more than one cell, or names none: what stands above is the sheet's title."""
        rows = self.sheet.rows[:HEADING_ROWS]
        return next((n for n, row in enumerate(rows, 1) if sum(not blank(c) for c in row) > 1), 1)

    def _next(self, below: int, tables: Sequence[Table]) -> tuple[int, int] | None:
        """The next row under a heading that begins another table: it names a column of places and a layout takes it."""
        if self.mapping.heading_rows is not None or not tables:
            return None
        columns = {h.column for t in tables for h in t.fields.values()} | {0, 1, 2}
        for number, row in enumerate(self.sheet.rows[below:], below + 1):
            for column in columns:
                cell = row[column] if column < len(row) else None
                if type(cell) is str and len(cell) < 16 and names_a_place(cell):
                    if self._tables_at(
                        number, self._height(number), self.sheet.rows[: tables[0].heading_row]
                    ):
                        return number, column
                    break
        return None

    def _title_of(self, last: int, heading: int) -> int:
        """Where the title lines above a further heading begin: rows of one text cell that is no place."""
        number = last
        while number > heading:
            full = [c for c in self.sheet.rows[number - 1] if not blank(c)]
            if len(full) > 1 or (full and self.catalogue.find_region(shown(full[0])).found):
                break
            number -= 1
        return number

    def _height(self, top: int) -> int:
        """How many rows the heading at a row has, by its merged cells; where it has none, by what they would have left."""
        if not self._merged(top, MOST_ROWS):
            return stacked_height(self.sheet.rows[top - 1 : top - 1 + MOST_ROWS], self.catalogue)
        rows = 1
        for r0, c0, r1, c1 in self.sheet.merged:
            if r0 != top - 1 or r1 - r0 >= _TALLEST:
                continue
            others = sum(not blank(c) for i, c in enumerate(self.sheet.rows[r0]) if not c0 <= i <= c1)
            if others:
                rows = max(rows, r1 - r0 + 1 + (c1 > c0))
        return min(rows, max(len(self.sheet.rows) - top, 1))

    def _tables_at(self, top: int, height: int, above: Sequence[Row]) -> list[Table]:
        """The tables under a heading: none, one, or several side by side."""
        headings = self._headings(top, height)
        if not headings:
            return []
        bottom = top + height - 1
        blocks = _side_by_side(headings)
        if len(blocks) > 1:
            tables = [self._recognised(bottom, block, above, several=True) for block in blocks]
            if all(tables):
                edge = max(h.column for h in headings if h.kind != "blank") + 1
                return [replace(t, heading_rows=height, edge=edge) for t in tables if t]
        table = self._recognised(bottom, headings, above, several=False)
        return [replace(table, heading_rows=height)] if table else []

    def _headings(self, top: int, height: int) -> list[Heading]:
        if height == 0:
            width = max((len(row) for row in self.sheet.rows[:HEADING_ROWS]), default=0)
            return [read_path(c, (), self.catalogue, self.mapping) for c in range(width)]
        rows = self._heading_rows(top, height)
        if height > 1 and not self._merged(top, height):
            rows = spread(rows)
        width = max(len(row) for row in rows)
        return [
            read_path(c, [row[c] if c < len(row) else None for row in rows], self.catalogue, self.mapping)
            for c in range(width)
        ]

    def _merged(self, top: int, height: int) -> bool:
        """Whether a merged cell reaches into some rows."""
        return any(r0 < top - 1 + height and r1 >= top - 1 for r0, _, r1, _ in self.sheet.merged)

    def _heading_rows(self, top: int, height: int) -> list[list[Cell | Hole]]:
        """The rows of a heading with their merged cells filled."""
        return [self._heading_row(number) for number in range(top, top + height)]

    def _heading_row(self, number: int) -> list[Cell | Hole]:
        row = list(self.sheet.rows[number - 1]) if number <= len(self.sheet.rows) else []
        for r0, c0, r1, c1 in self.sheet.merged:
            if r0 <= number - 1 <= r1 and r1 - r0 < _TALLEST:
                row.extend([None] * (c1 + 1 - len(row)))
                anchor = self.sheet.rows[r0]
                for column in range(c0, c1 + 1):
                    row[column] = anchor[c0] if c0 < len(anchor) else None
        return row

    def _recognised(
        self, row: int, headings: Sequence[Heading], above: Sequence[Row], *, several: bool
    ) -> Table | None:
        full = [h.column for h in headings if h.kind != "blank"]
        around = self._around(above, min(full, default=0), max(full, default=0), several=several)
        single = _first_of_each(headings)
        for layout in LAYOUTS:
            table = layout.recognise(row, single, around)
            if table is not None:
                return replace(table, units=self._unit_row(table))
        return None

    def _around(self, above: Sequence[Row], left: int, right: int, *, several: bool) -> Surroundings:
        """What stands above a table; of lines that give each of several tables its own title, only its own."""
        lines: list[list[Cell | Hole]] = []
        for row in above:
            full = [(i, c) for i, c in enumerate(row) if not blank(c)]
            own = several and len(full) > 1
            lines.append([c for i, c in full if not own or left <= i <= right])
        outer = self.sheet.rows[: self._first_row() - 1]
        around = surroundings(lines, outer, self.sheet.name, self.file, self.catalogue)
        return replace(around, constants=self.mapping.constants.model_dump(exclude_none=True))

    def _unit_row(self, table: Table) -> dict[int, str]:
        """Units by column, where the row below the heading holds nothing else."""
        if table.heading_row == 0 or table.heading_row >= len(self.sheet.rows):
            return {}
        row = self.sheet.rows[table.heading_row]
        full = {i: shown(c).strip("()（） ") for i, c in enumerate(row) if not blank(c) and i < table.edge}
        keys = {h.column for h in table.fields.values()} - {h.column for h in table.values}
        if not full or keys & full.keys() or not all(known_unit(text) for text in full.values()):
            return {}
        return {i: unit_of(text) for i, text in full.items()}

    def _settle(self, tables: Sequence[Table], found: Found, row: int) -> None:
        """Take the tables of one heading, or refuse them where the heading could be read in two ways."""
        for table in tables:
            clash = self._clash(table, row)
            if clash:
                found.issues.extend(clash)
                found.clashes.append((table, clash[0]))
            else:
                found.tables.append(table)

    def _clash(self, table: Table, row: int) -> list[Issue]:
        headings = self._headings(row - table.heading_rows + 1, table.heading_rows)
        inside = [h for h in headings if table.left <= h.column < table.right]
        raw = as_text(self.sheet.rows[row - 1]) if row else ()
        found = [
            Issue(self.file, code, self.sheet.name, row or None, h.label, params, raw=raw)
            for code, h, params in _ambiguities(inside, table)
        ]
        if not found and (other := self._unclear(table, row, headings) or self._sub_heading(table)):
            numbers = range(row - table.heading_rows + 1, other + 1)
            params = {"row": other, "rows": f"[{', '.join(map(str, numbers))}]"}
            raw = as_text(self.sheet.rows[other - 1])
            found.append(
                Issue(self.file, "heading_rows_unclear", self.sheet.name, other, None, params, raw=raw)
            )
        return found

    def _unclear(self, table: Table, row: int, headings: Sequence[Heading]) -> int | None:
        """The last row of a heading that has lost its merged cells, if there is more than one way to put it together."""
        top, height = row - table.heading_rows + 1, table.heading_rows
        if height < 2 or self.mapping.heading_rows is not None or self._merged(top, height):
            return None
        return row if unclear(self._heading_rows(top, height), headings, self.catalogue) else None

    def _sub_heading(self, table: Table) -> int | None:
        """The row below a heading, if it goes on with the heading: words of headings and no place."""
        number = table.heading_row + 1
        if self.mapping.heading_rows is not None or table.units or number > len(self.sheet.rows):
            return None
        row = self.sheet.rows[number - 1]
        places = [h.column for n, h in table.fields.items() if n in ("region", "adcode")]
        full = [(i, c) for i, c in enumerate(row) if not blank(c)]
        if (
            len(full) < 2
            or not all(isinstance(c, str) for _, c in full)
            or {i for i, _ in full} & set(places)
        ):
            return None
        texts = [split_unit(shown(c))[0] for _, c in full]
        words = sum(bool(apart(t)) or normalise_name(t) in NEUTRAL or is_period(t) for t in texts)
        return number if words * 2 > len(full) else None


def _ambiguities(headings: Sequence[Heading], table: Table) -> Iterator[tuple[str, Heading, dict[str, str]]]:
    """Headings that mean several things, and things that several headings mean."""
    for h in headings:
        if h.kind == "ambiguous" or (h.among and h in table.values):
            yield "heading_ambiguous", h, {"heading": h.printed, "among": " / ".join(h.among)}
    by_meaning: dict[str, list[Heading]] = {}
    for h in headings:
        if h.kind == "field":
            by_meaning.setdefault(h.name, []).append(h)
        elif h in table.values:
            by_meaning.setdefault(repr(sorted(h.says.items())), []).append(h)
    for same in by_meaning.values():
        if len(same) > 1:
            named = same[0].name or same[0].printed
            yield "heading_twice", same[1], {"headings": " / ".join(h.label for h in same), "meaning": named}


def _first_of_each(headings: Sequence[Heading]) -> list[Heading]:
    """The headings without the second of a field: which of the two is meant is asked once the table is known."""
    seen: set[str] = set()
    found = []
    for h in headings:
        if h.kind == "field" and h.name in seen:
            continue
        if h.kind == "field":
            seen.add(h.name)
        found.append(h)
    return found


def _side_by_side(headings: Sequence[Heading]) -> list[list[Heading]]:
    """The headings cut where a column of places comes again; the columns before the first belong to it (排名, 城市, …)."""
    full = [h for h in headings if h.kind != "blank"]
    for name in ("region", "adcode"):
        places = [h.column for h in full if h.kind == "field" and h.name == name]
        if len(places) > 1:
            lead = places[0] - full[0].column
            cuts = [p - lead for p in places]
            ends = [*cuts[1:], headings[-1].column + 1]
            return [
                [h for h in headings if start <= h.column < end]
                for start, end in zip(cuts, ends, strict=True)
            ]
    return [list(headings)]
