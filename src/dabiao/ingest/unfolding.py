"""Web tables that were copied as one cell a line, folded back into rows. Only where nothing has to be guessed."""

from __future__ import annotations

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import ImportRefused
from dabiao.ingest.headings import names_a_place
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown
from dabiao.ingest.words import is_average

_FEWEST = 6  # lines; fewer are a note, not a table


def unfolded(sheet: Sheet, file: str, catalogue: Catalogue) -> Sheet:
    """The sheet, or its rows again where every line holds one cell.

    The heading begins at the first line that names a column of places, or a numbering before it; it ends before the first line that
    is a declared place. Every row must then begin with a place, or be an average, and be whole.

    Raises:
        ImportRefused: ``cells_on_lines``: such a file that does not come out even.
    """
    lines = [(i, next(c for c in row if not blank(c))) for i, row in enumerate(sheet.rows) if _full(row) == 1]
    if sheet.name is not None or len(lines) < _FEWEST or any(_full(row) > 1 for row in sheet.rows):
        return sheet
    start = next((n for n, (_, cell) in enumerate(lines) if names_a_place(shown(cell))), None)
    if start is None:
        return sheet
    lead = 1 if start and shown(lines[start - 1][1]) in ("序号", "排名", "名次") else 0
    first = next((n for n in range(start + 1, len(lines)) if _place(lines[n][1], catalogue)), None)
    if first is None:
        return sheet
    width = first - start
    begin = start - lead
    body = lines[begin:]
    places = [cell for _, cell in body[lead + width :: width]]
    if (
        width < 2
        or len(body) % width
        or not all(_place(c, catalogue) or is_average(shown(c)) for c in places)
    ):
        raise ImportRefused("cells_on_lines", file=file, columns=width, cells=len(body) - width)
    rows: list[list[Cell | Hole]] = [[] for _ in sheet.rows]
    for index, cell in lines[:begin]:
        rows[index] = [cell]
    for at in range(0, len(body), width):
        rows[body[at][0]] = [cell for _, cell in body[at : at + width]]
    return Sheet(sheet.name, rows)


def _full(row: list[Cell | Hole]) -> int:
    return sum(not blank(c) for c in row)


def _place(cell: Cell | Hole, catalogue: Catalogue) -> bool:
    looked = catalogue.find_region(shown(cell))
    return looked.found is not None or bool(looked.among)
