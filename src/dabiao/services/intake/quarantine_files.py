"""Refused rows as a file that a person mends: each with its original cells, its id and what is wrong with it."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.errors import DabiaoError, ImportRefused
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import Cell, Hole, Limits, blank, shown
from dabiao.reports.tables import FORMULA_STARTS, csv_bytes
from dabiao.reports.workbook import xlsx_bytes
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.files import explained, write_whole
from dabiao.services.intake.quarantine import said
from dabiao.store import quarantine as table
from dabiao.store.database import Row

ID = "dabiao_quarantine_id"
"""Heading of the id column. It is how a mended file is known."""

_OURS = ("file", "sheet", "row", "reason")
_PEEK = 1 << 20
_TEXT_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml")
_Column = tuple[str, int]
"""A column by its heading, and the how manyth of that heading it is."""


@dataclass(frozen=True, slots=True)
class MendedRow:
    """A row of a mended file.

    Attributes:
        id: of the refused row.
        line: 1-based row of the mended file.
        columns: the headings of its cells.
        cells: as text.
    """

    id: int
    line: int
    columns: tuple[_Column, ...]
    cells: tuple[str, ...]

    def under(self, headings: Sequence[str], file: str) -> tuple[list[str], list[str] | None]:
        """The cells in the order of the original columns; and the headings, where those were mended.

        Raises:
            ImportRefused: ``quarantine_columns``: a column is gone, or there is one more.
        """
        at = {column: i for i, column in enumerate(self.columns)}
        wanted = columns_of(headings)
        if all(column in at or not column[0] for column in wanted):  # an empty column may have gone on saving
            return [self.cells[at[column]] if column in at else "" for column in wanted], None
        if len(self.columns) != len(headings):
            raise ImportRefused("quarantine_columns", file=file, row=self.line, columns=len(headings))
        return list(self.cells), [text for text, _ in self.columns]


def columns_of(headings: Iterable[str]) -> tuple[_Column, ...]:
    """Headings with their number among those of the same text, so that two columns without a heading are two."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        found.append((heading, seen[heading]))
    return tuple(found)


def headings_of(imported: Row, sheet: str | None, cells: int) -> tuple[int | None, list[str]]:
    """Row and cells of a sheet's heading as it was imported, one for each of the given number of cells."""
    known: Mapping[str, Any] = json.loads(imported["reading"]).get("headings", {}).get(sheet or "", {})
    found = list(known.get("cells", ()))
    return known.get("row"), found + [""] * (cells - len(found))


def export(
    app: App,
    target: Path,
    lang: str,
    *,
    file: str | None = None,
    code: str | None = None,
    state: str = table.OPEN,
) -> int:
    """Write refused rows to a ``.csv`` or ``.xlsx`` file; gives their number.

    Raises:
        DabiaoError: another suffix, or no row fits.
        StoreUnwritable: the file cannot be written.
    """
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise DabiaoError("quarantine_suffix", file=target.name)
    seen = visible.own_imports(app)
    rows = [r for r in table.listed(app.store, file, code, state) if seen is None or r["import_id"] in seen]
    if not rows:
        raise DabiaoError("quarantine_empty")
    import_of = cache(lambda number: table.import_of(app.store, number))
    columns: dict[_Column, None] = {}
    held = []
    for r in rows:
        raw = json.loads(r["raw"])
        _, headings = headings_of(import_of(r["import_id"]), r["sheet"], len(raw))
        own = dict(zip(columns_of(headings), raw, strict=False))
        columns |= dict.fromkeys(columns_of(headings))
        held.append((r, own))
    head = [
        ID,
        *(i18n.text(f"quarantine.column.{name}", lang) for name in _OURS),
        *(text for text, _ in columns),
    ]
    lines = [
        [str(r["id"]), r["file"], r["sheet"] or "", str(r["row"]), said(json.loads(r["reasons"]), lang)]
        + [own.get(column, "") for column in columns]
        for r, own in held
    ]
    with explained(target):
        write_whole(
            target, csv_bytes(head, lines) if suffix == ".csv" else xlsx_bytes("dabiao", [head, *lines])
        )
    return len(rows)


def is_mended(path: Path) -> bool:
    """Whether a file has the id column: looked for in its first part, without reading it as a table.

    Raises:
        OSError: it cannot be read.
    """
    spellings = (ID.encode(), ID.encode("utf-16-le"), ID.encode("utf-16-be"))
    with path.open("rb") as file:
        head = file.read(_PEEK)
        if not head.startswith(b"PK\x03\x04"):
            return any(s in head for s in spellings)
        try:
            with zipfile.ZipFile(file) as archive:
                return any(
                    spellings[0] in _start(archive, name)
                    for name in archive.namelist()
                    if name in _TEXT_PARTS
                )
        except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
            return False  # its reader says what is wrong with it


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PEEK)


def mended_rows(data: bytes, name: str, limits: Limits) -> list[MendedRow]:
    """The rows of a mended file.

    Raises:
        ImportRefused: it cannot be read, or an id is no number or stands twice.
    """
    found: dict[int, MendedRow] = {}
    for sheet in reader_for(name).read(data, name, limits).sheets:
        head: Sequence[str] = ()
        for line, row in enumerate(sheet.rows, 1):
            texts = [shown(c) for c in row]
            if ID in texts:
                head = texts
            elif head and not all(blank(c) for c in row):
                mended = _mended(head, row, line, name)
                if mended.id in found:
                    raise ImportRefused("quarantine_id_twice", file=name, row=line, text=str(mended.id))
                found[mended.id] = mended
    return list(found.values())


def _mended(head: Sequence[str], row: Sequence[Cell | Hole], line: int, name: str) -> MendedRow:
    texts = [_plain(shown(c)) for c in row] + [""] * (len(head) - len(row))
    at = head.index(ID)
    id_text = texts[at].strip()
    if not id_text.isascii() or not id_text.isdigit():
        raise ImportRefused("quarantine_id_wrong", file=name, row=line, text=id_text[:40])
    own = _own_columns(head)
    return MendedRow(int(id_text), line, columns_of(head[i] for i in own), tuple(texts[i] for i in own))


def _own_columns(head: Sequence[str]) -> list[int]:
    """The places of the original columns: all but the id and what the export put beside it."""
    at = head.index(ID)
    beside = {i18n.text(f"quarantine.column.{name}", lang) for name in _OURS for lang in ("zh-CN", "en")}
    ours = {at}
    for i in range(at + 1, min(at + 1 + len(_OURS), len(head))):
        if head[i] in beside:
            ours.add(i)
    return [i for i in range(len(head)) if i not in ours]


def _plain(text: str) -> str:
    """A text without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
