"""What calamine does not tell of an ``.ods`` file: percentages, formulas without a result, merged cells."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.package import Marks, stream_xml

_MARK_LIMIT = 4_000_000


@dataclass(slots=True)
class _State:
    """Where the scan stands: 0-based place of the current cell, and what it has said so far."""

    row: int = -1
    rows: int = 1
    column: int = 0
    columns: int = 1
    percent: bool = False
    boolean: bool = False
    error: bool = False
    formula: bool = False
    filled: bool = False
    count: int = 0
    sheets: dict[str, Marks] = field(default_factory=dict)
    merged: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    sheet: str = ""


def scan_ods(
    archive: zipfile.ZipFile, name: str
) -> tuple[dict[str, Marks], dict[str, list[tuple[int, int, int, int]]]]:
    """Marks and merged ranges of each sheet, by the sheet's name.

    Raises:
        ImportRefused: ``workbook_damaged`` or ``workbook_too_large``.
    """
    state = _State()

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("|")[2]
        said = {key.rpartition("|")[2]: value for key, value in attributes.items()}
        if kind == "table" and "name" in said:
            state.sheet, state.row, state.rows = said["name"], 0, 0
            state.sheets[state.sheet], state.merged[state.sheet] = Marks(), []
        elif kind == "table-row":
            state.row += state.rows
            state.rows, state.column, state.columns = _number(said.get("number-rows-repeated")), 0, 0
        elif kind in ("table-cell", "covered-table-cell"):
            state.column += state.columns
            state.columns = _number(said.get("number-columns-repeated"))
            types = {value for key, value in attributes.items() if key.endswith("|value-type")}
            state.percent = "percentage" in types
            state.boolean = "boolean" in types
            state.error = "error" in types
            state.formula = "formula" in said
            state.filled = bool(said.get("value") or said.get("string-value") or said.get("date-value"))
            down, right = (
                _number(said.get("number-rows-spanned")),
                _number(said.get("number-columns-spanned")),
            )
            if state.sheet and (down > 1 or right > 1):
                state.merged[state.sheet].append(
                    (state.row, state.column, state.row + down - 1, state.column + right - 1)
                )

    def characters(text: str) -> None:
        if text.strip():
            state.filled = True

    def end(tag: str) -> None:
        if tag.rpartition("|")[2] != "table-cell" or not state.sheet:
            return
        marks = state.sheets[state.sheet]
        hole = state.error or (state.formula and not state.filled)
        if hole:
            places = marks.holes
        elif state.percent or state.boolean:
            places = marks.percents if state.percent else marks.booleans
        else:
            return
        state.count += state.rows * state.columns
        if state.count > _MARK_LIMIT:
            raise ImportRefused("workbook_too_large", file=name, unpacked_mb=state.count * 50 >> 20)
        for row in range(state.row, state.row + state.rows):
            for column in range(state.column, state.column + state.columns):
                places.add((row, column))

    if "content.xml" in archive.namelist():
        stream_xml(archive, "content.xml", name, start, end, characters)
    return state.sheets, state.merged


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 1
