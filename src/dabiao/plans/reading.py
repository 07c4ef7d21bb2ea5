"""A plan's text out of ``.txt``, ``.docx`` and ``.pdf`` files. What cannot be read is refused with the reason and a mend."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dabiao.errors import DabiaoError

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes. A plan of hundreds of pages with pictures is smaller."""

_LARGEST_UNPACKED = 200 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SCANNED_BELOW = 10
"""Characters a page. A scanned page has none, or the number of the page."""


def read_plan_text(path: Path) -> str:
    """The text of a plan file, as one string.

    Args:
        path: a ``.txt`` (UTF-8, UTF-16 with mark or GB18030), ``.docx`` or ``.pdf`` with a text layer.

    Raises:
        DabiaoError: ``file_missing``, ``extract_file_too_big``, ``extract_format_unknown``, ``extract_encoding_unknown``,
            ``extract_not_text``, ``extract_docx_broken``, ``extract_pdf_broken``, ``extract_pdf_encrypted``,
            ``extract_pdf_scanned`` or ``extract_text_empty``.
    """
    if not path.is_file():
        raise DabiaoError("file_missing", path=str(path))
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise DabiaoError(
            "extract_file_too_big", file=path.name, size=round(size / 2**20), limit=LARGEST_FILE // 2**20
        )
    return text_of(path.read_bytes(), path.name)


def text_of(data: bytes, name: str) -> str:
    """The text of a file's bytes; the kind of file is taken from its first bytes, else from its name.

    Raises:
        DabiaoError: as :func:`read_plan_text`.
    """
    suffix = Path(name).suffix.lower()
    if data.startswith(b"%PDF"):
        text = _pdf(data, name)
    elif data.startswith(b"PK\x03\x04"):
        text = _docx(data, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DabiaoError("extract_format_unknown", file=name, suffix=".doc")
    elif suffix in (".pdf", ".docx"):
        raise DabiaoError(f"extract_{suffix[1:]}_broken", file=name)
    elif suffix in (".txt", ".text", ".md", ""):
        text = _plain(data, name)
    else:
        raise DabiaoError("extract_format_unknown", file=name, suffix=suffix)
    if not text.strip():
        raise DabiaoError("extract_text_empty")
    return text


def _plain(data: bytes, name: str) -> str:
    """Bytes to text by a fixed ladder: mark, strict UTF-8, strict GB18030, refuse. Never a detector, never a replacement."""
    rungs = next(([rung] for bom, rung in _BOMS if data.startswith(bom)), ["utf-8", "gb18030"])
    for rung in rungs:
        try:
            text = data.decode(rung)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise DabiaoError("extract_not_text", file=name)
        return text
    raise DabiaoError("extract_encoding_unknown", file=name)


def _docx(data: bytes, name: str) -> str:
    import docx  # noqa: PLC0415  # heavy, and wanted for this kind of file only
    from docx.table import Table  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                raise DabiaoError(
                    "extract_file_too_big",
                    file=name,
                    size=_LARGEST_UNPACKED // 2**20,
                    limit=LARGEST_FILE // 2**20,
                )
        document = docx.Document(io.BytesIO(data))
        lines = [
            line
            for block in document.iter_inner_content()
            for line in (_table_lines(block) if isinstance(block, Table) else [block.text])
        ]
    except DabiaoError:
        raise
    except Exception as error:  # the library lets many kinds through for a damaged file
        raise DabiaoError("extract_docx_broken", file=name) from error
    return "\n".join(lines)


def _table_lines(table: object) -> Iterator[str]:
    """A row a line, cells parted by tabs; a merged cell once."""
    for row in table.rows:  # type: ignore[attr-defined]
        cells: list[str] = []
        seen: list[object] = []
        for cell in row.cells:
            if any(cell._tc is other for other in seen):
                continue
            seen.append(cell._tc)
            cells.append(" ".join(cell.text.split()))
        yield "\t".join(cells)


def _pdf(data: bytes, name: str) -> str:
    import pypdf  # noqa: PLC0415  # heavy, and wanted for this kind of file only
    from pypdf.errors import FileNotDecryptedError  # noqa: PLC0415

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DabiaoError("extract_pdf_encrypted", file=name)
        pages = [page.extract_text() or "" for page in reader.pages]
    except DabiaoError:
        raise
    except FileNotDecryptedError as error:
        raise DabiaoError("extract_pdf_encrypted", file=name) from error
    except Exception as error:  # the library lets many kinds through for a damaged file
        if type(error).__name__ == "DependencyError":  # AES without a crypto library: encrypted all the same
            raise DabiaoError("extract_pdf_encrypted", file=name) from error
        raise DabiaoError("extract_pdf_broken", file=name) from error
    if sum(len("".join(p.split())) for p in pages) < _SCANNED_BELOW * max(1, len(pages)):
        raise DabiaoError("extract_pdf_scanned", file=name, pages=len(pages))
    return "\n".join(pages)
