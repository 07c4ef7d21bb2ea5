"""What is fuzzed: bytes to a reader, which gives a book or refuses; and to what the cells mean. Anything else that comes out is our fault.

A panic of the parser passes: it cannot be mended here, and the process that reads workbooks turns it into a refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from dabiao import i18n
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Indicator, IndicatorType, Region
from dabiao.errors import ImportRefused
from dabiao.ingest.model import Defaults
from dabiao.ingest.read import read_bytes
from dabiao.ingest.readers.interface import Book, Limits
from dabiao.ingest.readers.text import TextReader
from dabiao.ingest.readers.workbook import WorkbookReader
from tests import workbooks as made
from tests.fuzz import seeds

LIMITS = Limits(cells=100_000, unpacked_mb=16)
TODAY = date(2026, 11, 21)
CATALOGUE = Catalogue(
    {
        key: Region(key, zh, zh, zh, None, "prefecture")
        for key, zh in (("350500", "泉州市"), ("220200", "吉林市"), ("220000", "吉林省"))
    },
    {
        name: Indicator(name, zh, name, unit, IndicatorType.LEVEL, "lower", (Decimal(0), None), 1, "annual")
        for name, zh, unit in (("pm25", "PM2.5平均浓度", "µg/m3"), ("good_day_ratio", "优良天数比例", "%"))
    },
)


def _text(data: bytes) -> None:
    _held(lambda: TextReader().read(data, "a.csv", LIMITS))


def _reading(data: bytes) -> None:
    _held(lambda: TextReader().read(data, "a.csv", LIMITS))
    try:
        found = read_bytes(data, "2024年3月.csv", CATALOGUE, Defaults(), today=TODAY, limits=LIMITS)
    except ImportRefused as error:
        str(error)
        return
    for issue in (*found.issues, *found.held):
        assert i18n.text(f"issue.{issue.code}", "zh-CN", **issue.params)
    assert len({(c.sheet, c.row, c.column) for c in found.rows}) == len(found.rows)


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
    "reading": (_reading, (*seeds.TEXTS, *(s.encode() for s in seeds.SHAPES))),
    "xlsx": (_workbook("xlsx"), seeds.XLSX),
    "sheet": (_sheet, tuple(s.encode() for s in seeds.SHEETS)),
    "ods": (_workbook("ods"), seeds.ODS),
    "table": (_table, tuple(made.content_xml(rows).encode() for rows in seeds.TABLES)),
    "xls": (_workbook("xls"), seeds.XLS),
    "stream": (_stream, seeds.STREAMS),
}
"""Targets by name with their seeds. ``sheet``, ``table`` and ``stream`` fuzz what stands inside a sound container."""
