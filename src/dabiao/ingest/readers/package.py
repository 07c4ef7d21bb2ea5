"""What is looked at inside a zipped workbook before it is parsed: its size once unpacked, its extent, and the cells that
the parser would not tell apart from empty or plain ones.

The parser lays a sheet out as a full rectangle, so two cells at opposite corners of a sheet would cost gigabytes; and it
gives a formula without a stored result as an empty cell, and 95.2 % as 0.952.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from dabiao.errors import ImportRefused

UNPACKED_LIMIT = 512 << 20  # bytes in all entries together
RATIO_LIMIT = 200  # unpacked to packed, over RATIO_FROM bytes
RATIO_FROM = 16 << 20
ENTRY_LIMIT = 5_000
CELL_LIMIT = 20_000_000  # rows times columns of one sheet
_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(slots=True)
class Marks:
    """Cells of one sheet that need their own reading, as 0-based ``(row, column)``."""

    holes: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, once its declared size has been found bearable.

    Raises:
        ImportRefused: ``workbook_damaged``, ``workbook_too_large``, ``workbook_encrypted`` or ``workbook_macros``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error
    entries = archive.infolist()
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if (
        len(entries) > ENTRY_LIMIT
        or unpacked > UNPACKED_LIMIT
        or (unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * max(packed, 1))
    ):
        raise ImportRefused("workbook_too_large", file=name, unpacked_mb=unpacked >> 20)
    if any(e.flag_bits & 1 for e in entries):
        raise ImportRefused("workbook_encrypted", file=name)
    if any(e.filename.lower().endswith("vbaproject.bin") for e in entries):
        raise ImportRefused("workbook_macros", file=name)
    return archive


def scan_xlsx(archive: zipfile.ZipFile, name: str) -> dict[str, Marks]:
    """Marks of each sheet, by the sheet's name.

    Raises:
        ImportRefused: as :func:`open_zip`; ``workbook_too_large`` also for a sheet whose used rectangle is.
    """
    present = set(archive.namelist())
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("|Relationship"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("|sheet"):
            sheets.append((attributes.get("name", ""), attributes.get(f"{_RELATION}|id", "")))

    if "xl/workbook.xml" not in present or "xl/_rels/workbook.xml.rels" not in present:
        return {}
    _parse(archive, "xl/_rels/workbook.xml.rels", name, relation)
    _parse(archive, "xl/workbook.xml", name, sheet)
    percents = _percent_styles(archive, name) if "xl/styles.xml" in present else frozenset()
    return {
        title: _scan_sheet(archive, targets[key], name, percents)
        for title, key in sheets
        if targets.get(key) in present
    }


def check_ods(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an OpenDocument table whose repeated cells would unfold into more than a sheet may have.

    Raises:
        ImportRefused: as :func:`scan_xlsx`.
    """
    state = {"rows": 1, "cells": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("|")[2]
        if kind == "table-row":
            state["rows"] = _repeated(attributes, "number-rows-repeated")
        elif kind == "table-cell" and any(k.endswith("value-type") for k in attributes):
            state["cells"] += state["rows"] * _repeated(attributes, "number-columns-repeated")
            if state["cells"] > CELL_LIMIT:
                raise ImportRefused("workbook_too_large", file=name, unpacked_mb=state["cells"] * 50 >> 20)

    if "content.xml" in archive.namelist():
        _parse(archive, "content.xml", name, start)


def _repeated(attributes: dict[str, str], what: str) -> int:
    for key, value in attributes.items():
        if key.endswith(f"|{what}") and value.isdigit():
            return int(value)
    return 1


def _percent_styles(archive: zipfile.ZipFile, name: str) -> frozenset[int]:
    """Indices of the cell styles that print a number as a percentage."""
    formats = {9, 10}
    styles: set[int] = set()
    state = {"inside": False, "index": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("|")[2]
        if kind == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(int(attributes.get("numFmtId", "-1")))
        elif kind in ("cellXfs", "cellStyles"):
            state["inside"] = kind == "cellXfs"
        elif kind == "xf" and state["inside"]:
            if int(attributes.get("numFmtId", "0")) in formats:
                styles.add(state["index"])
            state["index"] += 1

    _parse(archive, "xl/styles.xml", name, start)
    return frozenset(styles)


def _scan_sheet(archive: zipfile.ZipFile, path: str, name: str, percents: frozenset[int]) -> Marks:
    marks = Marks()
    edge = {"top": -1, "right": 0, "bottom": 0}
    cell: dict[str, Any] = {"at": None, "formula": False, "value": False, "error": False}
    inside = {"value": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("|")[2]
        if kind == "c":
            at = _at(attributes.get("r", ""))
            cell.update(at=at, formula=False, value=False, error=attributes.get("t") == "e")
            if at is None:
                return
            edge["right"], edge["bottom"] = max(edge["right"], at[1]), max(edge["bottom"], at[0])
            if (edge["right"] + 1) * (edge["bottom"] + 1) > CELL_LIMIT:
                raise ImportRefused("workbook_too_large", file=name, unpacked_mb=CELL_LIMIT * 50 >> 20)
            style = attributes.get("s", "")
            if style.isdigit() and int(style) in percents and attributes.get("t", "n") == "n":
                marks.percents.add(at)
        elif kind == "f":
            cell["formula"] = True
        elif kind in ("v", "is"):
            inside["value"] = True

    def end(tag: str) -> None:
        kind = tag.rpartition("|")[2]
        if kind in ("v", "is"):
            inside["value"] = False
        elif (
            kind == "c"
            and cell["at"] is not None
            and (cell["error"] or (cell["formula"] and not cell["value"]))
        ):
            marks.holes.add(cell["at"])

    def characters(text: str) -> None:
        if inside["value"] and text:
            cell["value"] = True

    _parse(archive, path, name, start, end, characters)
    return marks


def _at(reference: str) -> tuple[int, int] | None:
    m = _REFERENCE.fullmatch(reference)
    if not m:
        return None
    column = 0
    for letter in m[1]:
        column = column * 26 + ord(letter) - 64
    return int(m[2]) - 1, column - 1


def _parse(
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
