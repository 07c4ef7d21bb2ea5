"""CSV and TSV. Delimiter: tab for ``.tsv``; for ``.csv`` the one of comma, semicolon and tab that makes a table."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from dabiao.errors import ImportRefused
from dabiao.ingest.decode import decode
from dabiao.ingest.readers.interface import Book, Cell, Hole, Sheet

FIELD_LIMIT = 131_072  # characters in one cell; a longer one is a lost quotation mark or an attack
_SAMPLE = 30
_DELIMITERS = (",", ";", "\t")
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class TextReader:
    """Reads delimited text of any encoding of the ladder."""

    def read(self, data: bytes, name: str) -> Book:
        """One sheet without a name. Row numbers count records, as a spreadsheet would show them."""
        if data.startswith(_BINARY):
            raise ImportRefused("not_text", file=name)
        decoded = decode(data, name)
        tab = PurePath(name).suffix.lower() == ".tsv"
        delimiter = "\t" if tab else _sniff(decoded.text, name)
        rows: list[list[Cell | Hole]] = [
            [cell if cell.strip() else None for cell in row] for row in _rows(decoded.text, delimiter, name)
        ]
        return Book(
            (Sheet(None, rows),), {"format": "text", "encoding": decoded.rung, "delimiter": delimiter}
        )


def _rows(text: str, delimiter: str, name: str, limit: int | None = None) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    try:
        for row in reader:
            if any(len(cell) > FIELD_LIMIT for cell in row):
                raise ImportRefused("cell_too_long", file=name, line=reader.line_num, limit=FIELD_LIMIT)
            found.append(row)
            if limit is not None and len(found) >= limit:
                break
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "csv_broken"
        raise ImportRefused(code, file=name, line=reader.line_num, limit=FIELD_LIMIT) from error
    return found


def _sniff(text: str, name: str) -> str:
    """The delimiter that gives most rows of the sample the same number of columns, more than one; a comma if none does."""
    best, best_score = ",", (0, 0)
    refusal: ImportRefused | None = None
    read_one = False
    for delimiter in _DELIMITERS:
        try:
            widths = [
                len(row) for row in _rows(text, delimiter, name, _SAMPLE) if any(c.strip() for c in row)
            ]
        except ImportRefused as error:
            refusal = refusal or error
            continue
        read_one = True
        common = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
        score = (widths.count(common), common) if common > 1 else (0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    if not read_one and refusal is not None:
        raise refusal
    return best
