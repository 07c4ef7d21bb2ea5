"""A text file of any size as blocks of whole lines, its encoding settled before the first is read."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dabiao.domain.progress import Progress, silent
from dabiao.errors import ImportRefused
from dabiao.ingest.readers.interface import LIMITS
from dabiao.ingest.readers.text import FIELD_LIMIT, ROOM

PIECE = 1 << 23
"""Bytes of one read."""
LONGEST_ROW = LIMITS.columns * ROOM
_QUOTE, _RETURN, _FEED = b'"', b"\r", b"\n"


Stamp = tuple[int, int, int]
"""Size, time of the last change and identity of a file: the same, and its bytes are the same."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the bytes tells.

    Attributes:
        sha256: of all bytes.
        stamp: which file it was, and of when.
        rung: the rung of the decoding ladder that reads every byte: ``utf-8-sig``, ``utf-8`` or ``gb18030``.
    """

    sha256: str
    stamp: Stamp
    rung: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file.

    Attributes:
        first: 1-based number of the first row.
        data: the rows, each ended by a line feed. No cell is quoted or holds a delimiter or a line's end: a row that has such a
            cell stands here as an empty line.
        rows: how many.
        quoted: the cells of those rows, by row number.
        at: bytes of the file up to the block's end.
    """

    first: int
    data: bytes
    rows: int
    quoted: dict[int, list[str]]
    at: int


def survey(path: Path, progress: Progress = silent) -> Survey | None:
    """Digest and encoding of a file, in one pass; in two where it is not UTF-8.

    ``None`` for what is neither UTF-8 nor GB18030 (UTF-16, a binary file): it is no case for this room.

    Raises:
        OSError: it cannot be read.
    """
    digest, size, sound = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    marked = False
    with path.open("rb") as file:
        stamp = stamp_of(file)
        while piece := file.read(PIECE):
            if b"\0" in piece:
                return None
            digest.update(piece)
            marked = marked or (size == 0 and piece.startswith(codecs.BOM_UTF8))
            size += len(piece)
            sound = sound and _decodes(decoder, piece)
            progress("survey", min(size / max(stamp[0], 1), 1.0))
    if sound and _decodes(decoder, b"", final=True):
        return Survey(digest.hexdigest(), stamp, "utf-8-sig" if marked else "utf-8")
    if not marked and _is_gb18030(path):
        return Survey(digest.hexdigest(), stamp, "gb18030")
    return None


def stamp_of(file: BinaryIO) -> Stamp:
    """Which file is open, as it is by now."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns, status.st_ino


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_gb18030(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if not _decodes(decoder, piece):
                return False
    return _decodes(decoder, b"", final=True)


def blocks(path: Path, rung: str, delimiter: str, size: int = PIECE) -> Iterator[Block]:
    """The rows of a file as the csv module reads them, block by block.

    In UTF-8 and in GB18030 the bytes of delimiters, quotes and line ends stand for nothing else, so that rows and cells can be cut
    as bytes (a bar in GB18030 is the exception; see :func:`dabiao.ingest.bulk.reading.read_large`).

    Raises:
        ImportRefused: ``line_too_long``, ``cell_too_long`` or ``csv_broken``.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if rung == "utf-8-sig":
            rung = "utf-8"
            file.seek(len(codecs.BOM_UTF8))
        elif rung == "gb18030" and file.read(4) != "\ufeff".encode("gb18030"):
            file.seek(0)
        first, rest = 1, b""
        while True:
            piece = file.read(size)
            data, rest = _whole_lines(rest + piece, last=not piece)
            if len(rest) > LONGEST_ROW:
                raise ImportRefused(
                    "line_too_long",
                    file=path.name,
                    line=first + data.count(_FEED),
                    limit=LONGEST_ROW,
                )
            if not data and not piece:
                return
            quoted: dict[int, list[str]] = {}
            if _QUOTE in data or (_RETURN in data and data.count(_RETURN) != data.count(b"\r\n")):
                rows, rest = _rows(data, rest, file, rung, delimiter, first)
                data, quoted = _plain(rows, rung, delimiter, first)
            lines = data.count(_FEED)
            yield Block(first, data, lines, quoted, file.tell() - len(rest))
            first += lines


def _whole_lines(data: bytes, last: bool) -> tuple[bytes, bytes]:
    if last:
        return (data if data.endswith(_FEED) or not data else data + _FEED), b""
    end = data.rfind(_FEED) + 1
    return data[:end], data[end:]


def _rows(
    data: bytes, rest: bytes, file: BinaryIO, rung: str, delimiter: str, first: int
) -> tuple[list[list[str]], bytes]:
    """Lines with quotes, read by the csv module, with as many more lines as the last quoted cell needs; what is left over."""
    name = Path(file.name).name
    between, length = True, 0

    def lines() -> Iterator[str]:
        nonlocal between, length, rest
        more = data
        while more:
            for line in io.StringIO(more.decode(rung), newline=""):
                between, length = False, length + len(line)
                if length > LONGEST_ROW:
                    raise ImportRefused(
                        "line_too_long", file=name, line=first + len(found), limit=LONGEST_ROW
                    )
                yield line
            more = b""
            if not between:
                more, rest = rest + file.readline(LONGEST_ROW), b""

    found: list[list[str]] = []
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            between, length = True, 0
            if any(len(cell) > FIELD_LIMIT for cell in row):
                raise ImportRefused("cell_too_long", file=name, line=first + len(found), limit=FIELD_LIMIT)
            found.append(row)
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "csv_broken"
        raise ImportRefused(code, file=name, line=first + len(found), limit=FIELD_LIMIT) from error
    return found, rest


def _plain(
    rows: list[list[str]], rung: str, delimiter: str, first: int
) -> tuple[bytes, dict[int, list[str]]]:
    """Rows as lines again, without quotes; apart, the rows that cannot do without."""
    lines: list[str] = []
    quoted: dict[int, list[str]] = {}
    for number, row in enumerate(rows, first):
        line = delimiter.join(row)
        if line.count(delimiter) != max(len(row) - 1, 0) or "\n" in line or "\r" in line:
            quoted[number] = row
            line = ""
        lines.append(line)
    return "".join(f"{line}\n" for line in lines).encode(rung), quoted
