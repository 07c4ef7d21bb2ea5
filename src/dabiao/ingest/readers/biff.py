"""What calamine does not tell of an ``.xls`` file: percentages, and formulas without a result. Format: [MS-CFB], [MS-XLS].

Only the few records that say so are read; everything else of the file is calamine's work.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.formats import PERCENT_BUILTIN, is_percentage
from dabiao.ingest.readers.interface import LIMITS, Limits
from dabiao.ingest.readers.package import Extent, Marks

_HEADER = 512
_IN_HEADER = 109  # sectors of the allocation table that the header lists itself
_FREE = 0xFFFFFFFA  # and above: no sector
_STREAMS = ("Workbook", "Book")
_MARK_LIMIT = 4_000_000
_BOF, _EOF, _FORMULA, _FORMAT, _XF, _BOUNDSHEET = 0x809, 0x0A, 0x06, 0x41E, 0xE0, 0x85
_FILEPASS = 0x2F
_NUMBER, _RK, _MULRK, _BOOLERR = 0x203, 0x27E, 0xBD, 0x205
_LABEL, _LABELSST, _RSTRING = 0x204, 0xFD, 0xD6
_CELLS = (_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABEL, _LABELSST, _RSTRING)


def scan_xls(data: bytes, name: str, limits: Limits = LIMITS) -> list[Marks]:
    """Marks of each sheet, in the order of the file.

    Raises:
        ImportRefused: ``workbook_damaged``, ``workbook_encrypted``, ``workbook_too_large``, or as :class:`Extent`.
    """
    try:
        stream = _workbook_stream(data)
        percents, begins = _globals(stream, name)
        return [_sheet(stream, begin, percents, name, limits) for begin in begins]
    except (struct.error, IndexError, ValueError) as error:
        raise ImportRefused("workbook_damaged", file=name, detail=str(error) or "OLE") from error


def _workbook_stream(data: bytes) -> bytes:
    """The stream that holds the workbook, out of the sectors of the compound file.

    Raises:
        ValueError: there is none, or its chain of sectors does not end.
    """
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    count, directory, _, cutoff, mini_table, mini_count, more, more_count = struct.unpack_from(
        "<I I I I I I I I", data, 44
    )
    size = 1 << min(shift, 16)

    def sector(number: int) -> bytes:
        return data[_HEADER + number * size : _HEADER + (number + 1) * size]

    def numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    most = len(data) // size + 1  # sectors; a chain or table of more is not of this file
    for _ in range(min(more_count, most)):
        if more >= _FREE:
            break
        *found, more = numbers(sector(more))
        places += found
    table = [n for place in places[: min(count, most)] if place < _FREE for n in numbers(sector(place))]

    def chain(start: int, links: list[int], steps: int = most) -> Iterator[int]:
        for _ in range(steps):
            if start >= _FREE:
                return
            yield start
            start = links[start]
        raise ValueError("endless chain of sectors")

    entries = b"".join(sector(n) for n in chain(directory, table))
    root: tuple[int, int] = (_FREE, 0)
    wanted: tuple[int, int] | None = None
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        title = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, extent = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root = (start, extent)
        elif kind == 2 and title in _STREAMS and wanted is None:
            wanted = (start, extent)
    if wanted is None:
        raise ValueError("no workbook")
    start, extent = wanted
    if extent >= cutoff:
        return b"".join(sector(n) for n in chain(start, table))[:extent]
    small = b"".join(sector(n) for n in chain(root[0], table))
    links = [n for place in chain(mini_table, table) for n in numbers(sector(place))] if mini_count else []
    mini = 1 << min(mini_shift, 16)
    return b"".join(small[n * mini : (n + 1) * mini] for n in chain(start, links, len(links) + 1))[:extent]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, without those of substreams inside it (charts)."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _globals(stream: bytes, name: str) -> tuple[frozenset[int], list[int]]:
    """Indices of the cell styles that print a percentage, and where each sheet begins."""
    formats, styles, begins = set(PERCENT_BUILTIN), [], []
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise ImportRefused("workbook_encrypted", file=name)
        if kind == _FORMAT and is_percentage(_format_code(body)):
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _BOUNDSHEET:
            begins.append(struct.unpack_from("<I", body)[0])
    return frozenset(i for i, number in enumerate(styles) if number in formats), begins


def _format_code(body: bytes) -> str:
    """The text of a FORMAT record, of BIFF8 (length, flag, one or two bytes a character) or BIFF5 (length, bytes)."""
    if len(body) > 5 and body[4] in (0, 1) and body[3] == 0:
        return body[5:].decode("utf-16-le" if body[4] else "latin-1", "replace")
    return body[3:].decode("latin-1")


def _sheet(stream: bytes, begin: int, percents: frozenset[int], name: str, limits: Limits) -> Marks:
    marks = Marks()
    extent = Extent(name, limits)
    for kind, body in _records(stream, begin):
        if kind in _CELLS:
            extent.add(*struct.unpack_from("<HH", body))
        if kind == _MULRK:
            row, column = struct.unpack_from("<HH", body)
            extent.add(row, column + (len(body) - 6) // 6 - 1)
            for i in range((len(body) - 6) // 6):
                if struct.unpack_from("<H", body, 4 + 6 * i)[0] in percents:
                    marks.percents.add((row, column + i))
        elif kind in (_NUMBER, _RK, _FORMULA, _BOOLERR):
            row, column, style = struct.unpack_from("<HHH", body)
            if (kind == _FORMULA and _no_result(body)) or (kind == _BOOLERR and body[7]):
                marks.holes.add((row, column))
            elif style in percents:
                marks.percents.add((row, column))
        if len(marks.percents) + len(marks.holes) > _MARK_LIMIT:
            raise ImportRefused("workbook_too_large", file=name, unpacked_mb=len(stream) >> 20)
    return marks


def _no_result(body: bytes) -> bool:
    """Whether a formula's stored result is an error or nothing."""
    return body[12:14] == b"\xff\xff" and body[6] in (2, 3)
