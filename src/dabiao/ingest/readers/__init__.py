"""One reader a format. :func:`reader_for` picks it by the file's suffix and refuses the formats that cannot be read."""

from __future__ import annotations

from pathlib import PurePath

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.interface import Reader
from dabiao.ingest.readers.text import TextReader
from dabiao.ingest.readers.workbook import WorkbookReader

READERS: dict[str, Reader] = {
    ".csv": TextReader(),
    ".tsv": TextReader(),
    ".xlsx": WorkbookReader(),
    ".xls": WorkbookReader(),
    ".ods": WorkbookReader(),
}
_MACROS = {".xlsm", ".xlsb", ".xltm", ".xlam"}


def reader_for(name: str) -> Reader:
    """The reader of a file.

    Raises:
        ImportRefused: ``workbook_macros`` or ``format_unknown``.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _MACROS:
        raise ImportRefused("workbook_macros", file=name)
    if suffix not in READERS:
        raise ImportRefused(
            "format_unknown", file=name, suffix=suffix or "–", known=" ".join(sorted(READERS))
        )
    return READERS[suffix]
