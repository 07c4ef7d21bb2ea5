"""What is looked at inside a zipped workbook before it is parsed: the extent of its sheets, and the cells that the parser
would not tell apart from empty or plain ones.

The parser lays a sheet out as a full rectangle, so two cells at opposite corners of a sheet would cost gigabytes; and it
gives a formula without a stored result as an empty cell, and 95.2 % as 0.952.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.archive import parts
from dabiao.ingest.readers.formats import PERCENT_BUILTIN, is_percentage
from dabiao.ingest.readers.interface import LIMITS, Limits

_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(slots=True)
class Marks:
    """Cells of one sheet that need their own reading, as 0-based ``(row, column)``."""

    holes: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    booleans: set[tuple[int, int]] = field(default_factory=set)


class Extent:
    """The rectangle that one sheet's cells span; refuses the file when it grows beyond the limits."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._count = self._height = self._width = 0

    def add(self, bottom: int, right: int, count: int = 1) -> None:
        """Take in ``count`` cells, the last of them at a 0-based row and column.

        Raises:
            ImportRefused: ``too_many_cells`` or ``too_many_columns``.
        """
        self._count += count  # one place may be given many times over
        if bottom < self._height and right < self._width and self._count <= self._limits.cells:
            return
        self._height, self._width = max(self._height, bottom + 1), max(self._width, right + 1)
        if max(self._count, self._height * self._width) > self._limits.cells:
            raise ImportRefused("too_many_cells", file=self._name, limit=self._limits.cells)
        if self._width > self._limits.columns:
            raise ImportRefused(
                "too_many_columns", file=self._name, line=bottom + 1, limit=self._limits.columns
            )


def scan_xlsx(archive: zipfile.ZipFile, name: str, limits: Limits = LIMITS) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises:
        ImportRefused: ``workbook_damaged``, ``too_many_cells`` or ``too_many_columns``.
    """
    present = parts(archive)
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("|Relationship"):
            target = attributes.get("Target", "").lower().replace("\\", "/")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("|sheet"):
            sheets.append((attributes.get("name", ""), attributes.get(f"{_RELATION}|id", "")))

    if "xl/workbook.xml" not in present or "xl/_rels/workbook.xml.rels" not in present:
        return {}
    stream_xml(archive, present["xl/_rels/workbook.xml.rels"], name, relation)
    stream_xml(archive, present["xl/workbook.xml"], name, sheet)
    styles = present.get("xl/styles.xml")
    percents = _percent_styles(archive, styles, name) if styles else frozenset()
    return {
        title: _scan_sheet(archive, present[targets[key]], name, percents, limits)
        for title, key in sheets
        if targets.get(key) in present
    }


def check_ods(archive: zipfile.ZipFile, name: str, limits: Limits = LIMITS) -> None:
    """Refuse an OpenDocument table whose repeated cells would unfold into more than a sheet may have.

    Raises:
        ImportRefused: as :func:`scan_xlsx`.
    """
    extent = Extent(name, limits)
    top = rows = left = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal extent, top, rows, left
        kind = tag.rpartition("|")[2]
        if kind == "table":
            extent, top, rows = Extent(name, limits), 0, 0
        elif kind == "table-row":
            top, rows, left = top + rows, _repeated(attributes, "number-rows-repeated"), 0
        elif kind in ("table-cell", "covered-table-cell"):
            columns = _repeated(attributes, "number-columns-repeated")
            left += columns
            if any(k.endswith("|value-type") for k in attributes):
                extent.add(top + rows - 1, left - 1, rows * columns)

    stream_xml(archive, parts(archive)["content.xml"], name, start)


def _repeated(attributes: dict[str, str], what: str) -> int:
    for key, value in attributes.items():
        if key.endswith(f"|{what}") and value.isdigit():
            return int(value)
    return 1


def _percent_styles(archive: zipfile.ZipFile, path: str, name: str) -> frozenset[int]:
    """Indices of the cell styles that print a number as a percentage."""
    formats = set(PERCENT_BUILTIN)
    styles: set[int] = set()
    state = {"inside": False, "index": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("|")[2]
        if kind == "numFmt" and is_percentage(attributes.get("formatCode", "")):
            formats.add(int(attributes.get("numFmtId", "-1")))
        elif kind in ("cellXfs", "cellStyles"):
            state["inside"] = kind == "cellXfs"
        elif kind == "xf" and state["inside"]:
            if int(attributes.get("numFmtId", "0")) in formats:
                styles.add(state["index"])
            state["index"] += 1

    stream_xml(archive, path, name, start)
    return frozenset(styles)


def _scan_sheet(
    archive: zipfile.ZipFile, path: str, name: str, percents: frozenset[int], limits: Limits
) -> Marks:
    marks = Marks()
    extent = Extent(name, limits)
    printed = {str(style) for style in percents}
    row, column = 0, -1  # a row or cell that does not say its place follows the one before it
    next_row = 0
    formula = error = inside = value = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, next_row, formula, error, inside, value
        kind = tag.rpartition("|")[2]
        if kind == "c":
            given = attributes.get("r")
            row, column = (row, column + 1) if given is None else _at(given, name)
            formula = value = False
            said = attributes.get("t", "n")
            error = said == "e"
            extent.add(row, column)
            if said == "n" and attributes.get("s") in printed:
                marks.percents.add((row, column))
        elif kind in ("v", "is"):
            inside = True
        elif kind == "row":
            row, column = _row(attributes.get("r", ""), next_row), -1
            next_row = row + 1
        elif kind == "f":
            formula = True

    def end(tag: str) -> None:
        nonlocal inside
        kind = tag.rpartition("|")[2]
        if kind in ("v", "is"):
            inside = False
        elif kind == "c" and (error or (formula and not value)):
            marks.holes.add((row, column))

    def characters(text: str) -> None:
        nonlocal value
        value = value or (inside and bool(text))

    stream_xml(archive, path, name, start, end, characters)
    return marks


def _row(number: str, following: int) -> int:
    return int(number) - 1 if re.fullmatch("[1-9][0-9]{0,6}", number) else following


def _at(reference: str, name: str) -> tuple[int, int]:
    m = _REFERENCE.fullmatch(reference)
    if m is None:  # the parser would make some place or other of it
        raise ImportRefused("workbook_damaged", file=name, detail=reference[:30])
    return int(m[2]) - 1, _column(m[1])


@lru_cache(1_024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def stream_xml(
    archive: zipfile.ZipFile,
    path: str,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Stream one XML part through handlers. Tags and attributes come as ``namespace|name``."""
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if characters is not None:
        parser.CharacterDataHandler = characters

    def doctype(*_: Any) -> None:  # no office program writes one; entities in it can grow without end
        raise ImportRefused("workbook_damaged", file=name, detail="DOCTYPE")

    parser.StartDoctypeDeclHandler = doctype
    try:
        with archive.open(path) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error
    except Exception as error:
        if type(error).__module__ == "zlib":  # zlib.error has no public base but Exception
            raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error
        raise
