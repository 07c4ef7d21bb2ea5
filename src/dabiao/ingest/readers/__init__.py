"""One reader a format. :func:`reader_for` picks it by the file's suffix and refuses the formats that cannot be read."""

from __future__ import annotations

from pathlib import PurePath

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.guarded import GuardedReader
from dabiao.ingest.readers.interface import Reader
from dabiao.ingest.readers.text import TextReader

READERS: dict[str, Reader] = {
    ".csv": TextReader(),
    ".tsv": TextReader(),
    ".xlsx": GuardedReader(),
    ".xls": GuardedReader(),
    ".ods": GuardedReader(),
}
_MACROS = {".xlsm", ".xltm", ".xlam"}


def reader_for(name: str) -> Reader:
    """The reader of a file.

    Raises:
        ImportRefused: ``workbook_macros``, ``workbook_binary`` or ``format_unknown``.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _MACROS:
        raise ImportRefused("workbook_macros", file=name)
    if suffix == ".xlsb":
        raise ImportRefused("workbook_binary", file=name)
    if suffix not in READERS:
        raise ImportRefused(
            "format_unknown", file=name, suffix=suffix or "–", known=" ".join(sorted(READERS))
        )
    return READERS[suffix]
