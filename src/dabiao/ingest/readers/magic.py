"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = (ZIP, OLE, b"%PDF-", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c")
OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
"""A stream of records without a container: Excel 2.1, 3.0, 4.0 and 5.0, of before 1995."""

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|style|script|div)\b", re.IGNORECASE)
_XML_SHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_LOOKED_AT = 4_096


def is_html(data: bytes) -> bool:
    """Whether it is a web page. Many systems write one and call it ``.xls``; Excel opens it with a warning."""
    head = _head(data)
    return head.startswith(b"<") and _HTML.search(head) is not None and _XML_SHEET not in head


def is_xml_sheet(data: bytes) -> bool:
    """Whether it is a workbook as Excel 2003 wrote it in XML."""
    head = _head(data)
    return head.startswith(b"<") and _XML_SHEET in head


def is_text(data: bytes) -> bool:
    """Whether its first bytes hold no control character that text has not."""
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", _head(data))


def _head(data: bytes) -> bytes:
    """The first bytes without mark and blanks; of UTF-16, its ASCII characters as bytes."""
    head = data[:_LOOKED_AT]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
