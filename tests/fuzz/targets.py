"""What is fuzzed: bytes to a reader, which gives a book or refuses. Anything else that comes out is a fault of ours.

A panic of the parser passes: it cannot be mended here, and the process that reads workbooks turns it into a refusal.
"""

from __future__ import annotations

from collections.abc import Callable

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.interface import Book, Limits
from dabiao.ingest.readers.text import TextReader
from dabiao.ingest.readers.workbook import WorkbookReader
from tests import workbooks as made
from tests.fuzz import seeds

LIMITS = Limits(cells=100_000, unpacked_mb=16)


def _text(data: bytes) -> None:
    _held(lambda: TextReader().read(data, "a.csv", LIMITS))


def _workbook(suffix: str) -> Callable[[bytes], None]:
    return lambda data: _held(lambda: WorkbookReader().read(data, f"a.{suffix}", LIMITS))


def _sheet(data: bytes) -> None:
    _workbook("xlsx")(seeds.workbook(data))


def _table(data: bytes) -> None:
    _workbook("ods")(
        made.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": data})
    )


def _stream(data: bytes) -> None:
    _workbook("xls")(made.compound({"Workbook": data[:50_000]}))


def _held(read: Callable[[], Book]) -> None:
    try:
        book = read()
    except ImportRefused as error:
        str(error)  # raises where it cannot be said
        return
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            return
        raise
    assert all(isinstance(row, list) for sheet in book.sheets for row in sheet.rows)


TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]] = {
    "text": (_text, seeds.TEXTS),
    "xlsx": (_workbook("xlsx"), seeds.XLSX),
    "sheet": (_sheet, tuple(s.encode() for s in seeds.SHEETS)),
    "ods": (_workbook("ods"), seeds.ODS),
    "table": (_table, tuple(made.content_xml(rows).encode() for rows in seeds.TABLES)),
    "xls": (_workbook("xls"), seeds.XLS),
    "stream": (_stream, seeds.STREAMS),
}
"""Targets by name with their seeds. ``sheet``, ``table`` and ``stream`` fuzz what stands inside a sound container."""
