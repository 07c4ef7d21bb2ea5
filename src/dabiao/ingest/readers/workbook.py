"""Excel and OpenDocument workbooks by calamine: raw cells, no typing of whole columns, no guessing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.interface import HOLE, Book, Cell, Hole, Sheet, shown
from dabiao.ingest.readers.package import Marks, check_ods, open_zip, scan_xlsx

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class WorkbookReader:
    """Reads ``.xlsx``, ``.xls`` and ``.ods``; refuses macros, passwords and what would unfold beyond bounds."""

    def read(self, data: bytes, name: str) -> Book:
        """All visible worksheets. Hidden ones are named in the description and not read."""
        suffix = PurePath(name).suffix.lower()
        marks: dict[str, Marks] = {}
        if data.startswith(_OLE):
            if _ENCRYPTED in data:
                raise ImportRefused("workbook_encrypted", file=name)
            if _MACROS in data:
                raise ImportRefused("workbook_macros", file=name)
        elif data.startswith(_ZIP):
            with open_zip(data, name) as archive:
                marks = scan_xlsx(archive, name)
                check_ods(archive, name)
        else:
            raise ImportRefused("workbook_damaged", file=name, detail=f"not {suffix}")
        try:
            return self._book(data, marks)
        except PasswordError as error:
            raise ImportRefused("workbook_encrypted", file=name) from error
        except CalamineError as error:
            raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error

    def _book(self, data: bytes, marks: dict[str, Marks]) -> Book:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets, hidden = [], []
        for meta in workbook.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            if meta.visible is not SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            sheets.append(Sheet(meta.name, _marked(rows, marks.get(meta.name, Marks()))))
        return Book(tuple(sheets), {"format": "workbook", "hidden_sheets": hidden})


def _marked(rows: Sequence[Sequence[Cell]], marks: Marks) -> list[list[Cell | Hole]]:
    found: list[list[Cell | Hole]] = [[None if cell == "" else cell for cell in row] for row in rows]
    for row, column in marks.percents:
        if row < len(found) and column < len(found[row]):
            cell = found[row][column]
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                found[row][column] = f"{(Decimal(shown(cell)) * 100).normalize():f}%"
    for row, column in marks.holes:
        while len(found) <= row:
            found.append([])
        found[row].extend([None] * (column + 1 - len(found[row])))
        found[row][column] = HOLE
    return found
