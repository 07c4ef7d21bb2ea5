"""Tables as CSV that a spreadsheet opens rightly: UTF-8 with BOM, CRLF, text that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

BOM = b"\xef\xbb\xbf"
"""Without it Excel reads the file in the system's code page."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text cell that opens with one of these would be run, or may be after trimming. East-Asian spreadsheets take the
full-width signs too."""


def text_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before it where it might."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def cell(value: object) -> str:
    """One value as a CSV cell.

    Numbers are written alone, without exponent, a ``Decimal`` with its own decimals; a number that is none (NaN,
    infinity) and ``None`` are empty; dates are ISO; anything else is text and made safe by :func:`text_cell`.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if math.isfinite(value) else ""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return text_cell(str(value))


def csv_bytes(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as the bytes of a CSV file. The same table gives the same bytes.

    Raises:
        ValueError: a row has another number of cells than there are headings.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([text_cell(h) for h in headings])
    for number, row in enumerate(rows, 1):
        if len(row) != len(headings):
            raise ValueError(f"row {number} has {len(row)} cells under {len(headings)} headings")
        writer.writerow([cell(value) for value in row])
    return BOM + out.getvalue().encode("utf-8", errors="replace")
