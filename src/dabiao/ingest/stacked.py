"""Headings of several rows that have lost their merged cells: in text files, and in workbooks that only look merged.

An office merges 2024年 over its columns and 城市 over its rows. Saved as text, only the first cell of each is left. The rows are put
together again only where there is one way to do so.
"""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.ingest.headings import Heading, read_heading, split_unit
from dabiao.ingest.readers.interface import Cell, Hole, blank, shown
from dabiao.ingest.units import known_unit
from dabiao.ingest.words import NEUTRAL, basis_words

Row = Sequence[Cell | Hole]
MOST_ROWS = 4  # of one heading


def stacked_height(rows: Sequence[Row], catalogue: Catalogue) -> int:
    """How many of these rows, from the first, are one heading.

    A row goes on with the heading above it where it leaves the columns of fields (城市, 时间 …) empty, and where what it holds reads
    as headings. A first row without any field needs one in the next: 2024年 | 2023年 over 城市 | PM2.5 | PM2.5.
    """
    height = 1
    while height < min(MOST_ROWS, len(rows)) and _goes_on(rows[:height], rows[height], catalogue):
        height += 1
    if height == 1 or _fields(rows[:height], catalogue):
        return height
    return 1


def _goes_on(above: Sequence[Row], row: Row, catalogue: Catalogue) -> bool:
    full = {i: cell for i, cell in enumerate(row) if not blank(cell)}
    if not full or all(known_unit(shown(c).strip("()（） ")) for c in full.values()):
        return False  # a row of units is read as one
    fields = _fields(above, catalogue)
    if any(i in fields and shown(cell) != shown(_at(above[fields[i]], i)) for i, cell in full.items()):
        return False
    under = {i: cell for i, cell in full.items() if i not in fields}
    if any(not blank(_at(upper, i)) for i in _fields([row], catalogue) if i in under for upper in above):
        return False  # a title with more than one cell stands over 城市
    over = {(n, c) for n, upper in enumerate(above) for i in under if (c := _anchor(upper, i)) is not None}
    if not over or not all(_understood(_at(above[n], c), catalogue) for n, c in over):
        return False
    understood = [_understood(cell, catalogue) for cell in under.values()]
    if not all(known or _is_word(cell) for known, cell in zip(understood, under.values(), strict=True)):
        return False
    return sum(understood) * 2 > len(under)


def _anchor(row: Row, column: int) -> int | None:
    """The column of the filled cell at a column or nearest to its left."""
    return next((c for c in range(min(column, len(row) - 1), -1, -1) if not blank(row[c])), None)


def _fields(rows: Sequence[Row], catalogue: Catalogue) -> dict[int, int]:
    """The columns of fields, each with the row that names it. 数值 is none: it stands below PM2.5 as 排名 does."""
    return {
        column: number
        for number, row in reversed(list(enumerate(rows)))
        for column, cell in enumerate(row)
        if not blank(cell)
        and (heading := read_heading(column, cell, catalogue)).kind == "field"
        and heading.name != "value"
    }


def _understood(cell: Cell | Hole, catalogue: Catalogue) -> bool:
    if read_heading(0, cell, catalogue).kind not in ("unknown", "blank"):
        return True
    text = split_unit(shown(cell))[0]
    return normalise_name(text) in NEUTRAL or bool(basis_words(text)) or known_unit(text)


def _is_word(cell: Cell | Hole) -> bool:
    return isinstance(cell, str) and any(c.isalpha() for c in cell) and not any(c.isdigit() for c in cell)


def spread(rows: Sequence[Row]) -> list[list[Cell | Hole]]:
    """The rows of a heading with the cells that merging has left empty: each takes the one on its left, where the heading goes on
    below it and nothing above begins another.
    """
    width = max((len(row) for row in rows), default=0)
    filled = [[_at(row, column) for column in range(width)] for row in rows]
    for number, row in enumerate(filled[:-1]):
        for column in range(1, width):
            if blank(row[column]) and _begins(rows, number, column):
                row[column] = row[column - 1]
    return filled


def _begins(rows: Sequence[Row], number: int, column: int) -> bool:
    """Whether an empty cell of a heading stands over something and under nothing of its own."""
    below = any(not blank(_at(row, column)) for row in rows[number + 1 :])
    return below and all(blank(_at(row, column)) for row in rows[:number])


def unclear(rows: Sequence[Row], headings: Sequence[Heading], catalogue: Catalogue) -> bool:
    """Whether a column of such a heading could belong to more than one cell above it, or its rows contradict each other.

    Args:
        rows: of the heading, as the file has them.
        headings: what the rows say together, a column each.
    """
    filled = spread(rows)
    for number, row in enumerate(filled[:-1]):
        for column in range(1, len(row)):
            if blank(row[column]) or not blank(_at(rows[number], column)):
                continue
            first = _anchor(rows[number], column)
            if first is None or all(blank(_at(below, first)) for below in rows[number + 1 :]):
                return True  # the cell on the left has nothing below it: it was not merged over columns
    for heading in headings:
        parts = [row[heading.column] for row in filled if not blank(row[heading.column])]
        if heading.kind == "unknown" and len(parts) > 1 and all(_understood(p, catalogue) for p in parts):
            return True
    return False


def _at(row: Row, column: int) -> Cell | Hole:
    return row[column] if column < len(row) else None
