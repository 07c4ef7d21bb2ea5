"""What is looked at in a zipped workbook before any parser sees it: what it unpacks to, and what it holds."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

from dabiao.errors import ImportRefused
from dabiao.ingest.readers.interface import LIMITS, Limits

RATIO_LIMIT = 200  # unpacked to packed, over RATIO_FROM bytes
RATIO_FROM = 16 << 20
ENTRY_LIMIT = 5_000
_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")


def open_zip(data: bytes, name: str, limits: Limits = LIMITS) -> zipfile.ZipFile:
    """The archive, once it has been unpacked, held against its own table and found bearable. What the table declares
    is the word of whoever made the file; another parser need not go by it.

    Raises:
        ImportRefused: ``workbook_damaged``, ``workbook_too_large`` or ``workbook_encrypted``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error
    entries = archive.infolist()
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if (
        len(entries) > ENTRY_LIMIT
        or unpacked > limits.unpacked_mb << 20
        or (unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * max(packed, 1))
    ):
        raise ImportRefused("workbook_too_large", file=name, unpacked_mb=unpacked >> 20)
    if any(e.flag_bits & 1 for e in entries):
        raise ImportRefused("workbook_encrypted", file=name)
    end = 0
    try:
        for entry in sorted(entries, key=lambda e: e.header_offset):
            archive.open(entry).close()  # the entry's own header says the same as the table
            start = _content_at(data, entry)
            if entry.header_offset < end:
                raise zipfile.BadZipFile("overlapping entries")
            end = start + entry.compress_size
            _unpack(data[start:end], entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError) as error:
        raise ImportRefused("workbook_damaged", file=name, detail=str(error)) from error
    return archive


def _content_at(data: bytes, entry: zipfile.ZipInfo) -> int:
    name_length, extra_length = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    return entry.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)


def _unpack(content: bytes, entry: zipfile.ZipInfo) -> None:
    """Unpack one entry, keeping nothing: it must give the bytes that it declares, neither more nor less."""
    size, crc = 0, 0
    for piece in _pieces(content, entry):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        if size > entry.file_size:
            break
    if size != entry.file_size or crc != entry.CRC:
        raise zipfile.BadZipFile(f"{entry.filename}: size or CRC")


def _pieces(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED:
        yield content
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(f"compression {entry.compress_type}")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = content
    while rest and not inflater.eof:
        yield inflater.decompress(rest, _CHUNK)
        rest = inflater.unconsumed_tail
    while not inflater.eof and (piece := inflater.flush()):
        yield piece


def kind_of(archive: zipfile.ZipFile, name: str) -> Literal["xlsx", "ods"]:
    """Which workbook an archive holds.

    Raises:
        ImportRefused: ``workbook_macros``, ``workbook_binary``, ``workbook_encrypted``, or ``workbook_damaged`` where it
            holds none.
    """
    names = parts(archive)
    if any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets/") for n in names):
        raise ImportRefused("workbook_macros", file=name)
    if "xl/workbook.bin" in names:
        raise ImportRefused("workbook_binary", file=name)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" not in names:
        raise ImportRefused("workbook_damaged", file=name, detail="no workbook inside")
    if "meta-inf/manifest.xml" in names:
        with archive.open(names["meta-inf/manifest.xml"]) as part:
            if b"encryption-data" in part.read(_CHUNK):
                raise ImportRefused("workbook_encrypted", file=name)
    return "ods"


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of the parts as the parser looks them up, in small letters and with ``/``, to those in the archive."""
    return {n.lower().replace("\\", "/"): n for n in archive.namelist()}
