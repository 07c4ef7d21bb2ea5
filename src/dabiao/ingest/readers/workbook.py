"""Excel and OpenDocument workbooks by calamine: raw cells, no typing of whole columns, no guessing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.archive import kind_of, open_zip
from dabiao.ingest.readers.biff import scan_xls
from dabiao.ingest.readers.interface import HOLE, LIMITS, Book, Cell, Hole, Limits, Sheet, shown
from dabiao.ingest.readers.magic import OLD_EXCEL, OLE, ZIP, is_html, is_text, is_xml_sheet
from dabiao.ingest.readers.opendocument import scan_ods
from dabiao.ingest.readers.package import Marks, check_ods, scan_xlsx

_Range = tuple[int, int, int, int]
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class WorkbookReader:
    """Reads ``.xlsx``, ``.xls`` and ``.ods``; refuses macros, passwords and what would unfold beyond bounds."""

    def read(self, data: bytes, name: str, limits: Limits = LIMITS) -> Book:
        """All visible worksheets. Hidden ones are named in the description and not read."""
        marks: dict[str, Marks] = {}
        merged: dict[str, list[_Range]] = {}
        by_place: list[Marks] = []
        if data.startswith(OLE):
            if _ENCRYPTED in data:
                raise ImportRefused("workbook_encrypted", file=name)
            if _MACROS in data:
                raise ImportRefused("workbook_macros", file=name)
            by_place = scan_xls(data, name, limits)
        elif data.startswith(ZIP):
            with open_zip(data, name, limits) as archive:
                if kind_of(archive, name) == "xlsx":
                    marks = scan_xlsx(archive, name, limits)
                else:
                    check_ods(archive, name, limits)
                    marks, merged = scan_ods(archive, name)
        else:
            raise _other_kind(data, name)
        try:
            return self._book(data, name, marks, merged, by_place)
        except PasswordError as error:
            raise ImportRefused("workbook_encrypted", file=name) from error
        except CalamineError as error:
            raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error

    def _book(
        self,
        data: bytes,
        name: str,
        marks: dict[str, Marks],
        merged: dict[str, list[_Range]],
        by_place: list[Marks],
    ) -> Book:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets, hidden = [], []
        for place, meta in enumerate(workbook.sheets_metadata):
            if meta.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba):
                raise ImportRefused("workbook_macros", file=name)
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            if meta.visible is not SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            if place < len(by_place):
                marks[meta.name] = by_place[place]
            sheet = workbook.get_sheet_by_name(meta.name)
            rows = _marked(sheet.to_python(skip_empty_area=False), marks.get(meta.name, Marks()))
            ranges = merged.get(meta.name) or [(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
            sheets.append(Sheet(meta.name, rows, tuple(ranges)))
        return Book(tuple(sheets), {"format": "workbook", "hidden_sheets": hidden})


def _other_kind(data: bytes, name: str) -> ImportRefused:
    """What a file that is called a workbook and is none is told to be."""
    if data.startswith(OLD_EXCEL):
        return ImportRefused("workbook_too_old", file=name)
    if is_html(data):
        return ImportRefused("file_is_html", file=name)
    if is_xml_sheet(data):
        return ImportRefused("workbook_is_xml", file=name)
    if is_text(data):
        return ImportRefused("workbook_is_text", file=name)
    return ImportRefused("workbook_damaged", file=name, detail=f"not {PurePath(name).suffix.lower()}")


def _marked(rows: Sequence[Sequence[Cell]], marks: Marks) -> list[list[Cell | Hole]]:
    found: list[list[Cell | Hole]] = [[None if cell == "" else cell for cell in row] for row in rows]
    for row, column in marks.percents:
        if row < len(found) and column < len(found[row]):
            cell = found[row][column]
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                found[row][column] = f"{(Decimal(shown(cell)) * 100).normalize():f}%"
    for row, column in marks.booleans:
        if row < len(found) and column < len(found[row]):
            found[row][column] = bool(found[row][column])
    for row, column in marks.holes:
        while len(found) <= row:
            found.append([])
        found[row].extend([None] * (column + 1 - len(found[row])))
        found[row][column] = HOLE
    return found
