"""Workbooks made byte by byte, sound and hostile: what no office program writes, a test has to."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(rows: str, before: str = "") -> str:
    """A worksheet part; ``rows`` is what stands in its ``sheetData``."""
    return f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx_parts(sheet: str | bytes | None = None) -> dict[str, bytes | str]:
    """The parts of the smallest workbook; its sheet holds 1 in A1 unless another is given."""
    package = "http://schemas.openxmlformats.org/package/2006"
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="T" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: sheet if sheet is not None else sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'),
    }


def xlsx(sheet: str | bytes | None = None, **more: bytes | str) -> bytes:
    """The smallest workbook with another sheet, and other or further parts (``__`` for ``/``, ``_dot_`` for ``.``)."""
    named = {k.replace("__", "/").replace("_dot_", "."): v for k, v in more.items()}
    return zipped({**xlsx_parts(sheet), **named})


def ods(rows: str, before: str = "", manifest: str = "") -> bytes:
    """An OpenDocument table; ``rows`` is what stands in its one table."""
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest:manifest {space}>{manifest}</manifest:manifest>",
            "content.xml": before + content_xml(rows),
        }
    )


def content_xml(rows: str) -> str:
    """The content of an OpenDocument table."""
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    return (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="T">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )


def forged(name: str, content: bytes, declared: int, parts: Mapping[str, bytes | str]) -> bytes:
    """An archive in which one more part is deflated already and declares a size of its maker's choice."""
    data = bytearray(zipped({**parts, name: b"x"}, zipfile.ZIP_STORED))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
        directory = archive.start_dir
    start = entry.header_offset + 30 + len(name)
    central = bytes(data[directory:])
    body = bytes(data[:start]) + content
    sizes = struct.pack("<LL", len(content), declared)
    body = _patched(body, entry.header_offset + 8, struct.pack("<H", zipfile.ZIP_DEFLATED))
    body = _patched(body, entry.header_offset + 18, sizes)
    at = central.index(name.encode()) - 46
    central = _patched(_patched(central, at + 10, struct.pack("<H", zipfile.ZIP_DEFLATED)), at + 20, sizes)
    end = central.rindex(b"PK\x05\x06")
    return body + _patched(central, end + 16, struct.pack("<L", len(body)))


def overlapping(count: int) -> bytes:
    """An archive whose table lists one part ``count`` times under different names."""
    name, content = "a000", zlib.compress(bytes(1 << 20))[2:-4]
    local = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(bytes(1 << 20)), len(content), 1 << 20, 4, 0
    )
    body = local + name.encode() + content
    table = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, zlib.crc32(bytes(1 << 20)), len(content), 1 << 20, 4,
                    0, 0, 0, 0, 0, 0) + f"a{n:03d}".encode()
        for n in range(count)
    )  # fmt: skip
    return body + table + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), len(body), 0)


def zeros(mebibytes: int) -> bytes:
    """A raw deflate stream of so many MiB of zeros, made without making them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mebibytes + zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


# -- Excel 97: records in a stream in a compound file ([MS-XLS], [MS-CFB]) -------------------------------------------


def record(kind: int, body: bytes = b"") -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


def biff(
    cells: Sequence[tuple[int, int, float | str]],
    *,
    before: bytes = b"",
    sheet_type: int = 0,
    inside: bytes = b"",
) -> bytes:
    """The stream of a workbook of one sheet.

    Args:
        cells: ``(row, column, value)``, 0-based.
        before: records that stand first among the globals.
        sheet_type: 0 a worksheet, 1 a sheet of Excel 4 macros.
        inside: records that stand last in the sheet.
    """
    begin = struct.pack("<HHHHLL", 0x600, 5, 0, 1996, 0, 0)
    bound = struct.pack("<BBBB", 0, sheet_type, 1, 0) + b"T"
    opening = record(0x809, begin) + before
    at = len(opening) + len(record(0x85, bytes(4) + bound)) + len(record(0x0A))
    found = opening + record(0x85, struct.pack("<L", at) + bound) + record(0x0A)
    found += record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0, 1996, 0, 0))
    for row, column, value in cells:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            found += record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        else:
            found += record(0x203, place + struct.pack("<d", value))
    return found + inside + record(0x0A)


def compound(
    streams: Mapping[str, bytes],
    *,
    links: Mapping[int, int] | None = None,
    header: Mapping[int, int] | None = None,
) -> bytes:
    """A compound file.

    Args:
        streams: their contents by name; short ones are filled up, so that none goes into the mini stream.
        links: sectors of the allocation table to forge.
        header: 32-bit words of the header to forge, by their offset.
    """
    contents = {name: data.ljust(4_096, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    table: list[int] = [_FAT]
    starts: dict[str, int] = {}
    entries_at = 1
    table.append(_END)
    for name, data in contents.items():
        starts[name] = len(table)
        pieces = [data[i : i + _SECTOR].ljust(_SECTOR, b"\0") for i in range(0, len(data), _SECTOR)]
        table += [len(table) + i + 1 for i in range(len(pieces) - 1)] + [_END]
        sectors += pieces
    assert len(table) <= _SECTOR // 4, "one sector of table holds 64 KiB of streams"
    for sector, following in (links or {}).items():
        table[sector] = following
    entries = _entry("Root Entry", 5, _END, 0)
    for name, data in contents.items():
        entries += _entry(name, 2, starts[name], len(data))
    entries = entries.ljust(_SECTOR, b"\0")
    fat = struct.pack(f"<{_SECTOR // 4}L", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    head = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6),
        0, 1, entries_at, 0, 4_096, _END, 0, _END, 0,
    ) + struct.pack("<109L", 0, *[_FREE] * 108)  # fmt: skip
    for at, word in (header or {}).items():
        head = _patched(head, at, struct.pack("<L", word))
    return head + fat + entries[:_SECTOR] + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(encoded), kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
        + bytes(36)
        + struct.pack("<LLL", start, size, 0)
    )


def xls(
    cells: Sequence[tuple[int, int, float | str]] = ((0, 0, "地区"), (0, 1, 20.5)),
    *,
    before: bytes = b"",
    sheet_type: int = 0,
    inside: bytes = b"",
) -> bytes:
    """A workbook of Excel 97; arguments as of :func:`biff`."""
    return compound({"Workbook": biff(cells, before=before, sheet_type=sheet_type, inside=inside)})
