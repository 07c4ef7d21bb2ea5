"""How listings are printed: a table for a person, JSON or CSV for a program. Progress and errors go to standard error."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from dabiao import i18n, settings
from dabiao.domain.rounding import plain
from dabiao.errors import DabiaoError


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def language() -> str:
    """The language of messages; the default if the settings themselves are what is wrong."""
    try:
        return settings.load().lang
    except DabiaoError:
        return settings.Settings.model_fields["lang"].default  # type: ignore[no-any-return]


def say_error(error: DabiaoError) -> None:
    """An error as one sentence on standard error."""
    print(i18n.text(f"error.{error.code}", language(), **error.params), file=sys.stderr)


def note(text: str) -> None:
    """Progress, on standard error: standard output carries the result alone."""
    print(text, file=sys.stderr, flush=True)


def emit(rows: Sequence[Mapping[str, Any]], form: Format, columns: Sequence[tuple[str, str]]) -> None:
    """Print a listing.

    Args:
        columns: ``(field, heading)`` of the table; JSON and CSV have every field.
    """
    if form is Format.JSON:
        print(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    if form is Format.CSV:
        out = io.StringIO()
        names = list(rows[0]) if rows else [field for field, _ in columns]
        if not names:
            return
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_cell(r.get(n)) for n in names] for r in rows])
        sys.stdout.write(out.getvalue())
        return
    table([[_shown(r.get(field)) for field, _ in columns] for r in rows], [heading for _, heading in columns])


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, list):
        return "、".join(str(v) for v in value)
    return str(value)


def width(text: str) -> int:
    """Columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _cut(text: str, limit: int) -> str:
    if width(text) <= limit:
        return text
    kept, used = "", 0
    for ch in text:
        used += width(ch)
        if used > limit - 1:
            break
        kept += ch
    return kept + "…"


def table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    """Aligned columns, cut to the terminal's width; whole where the output is no terminal."""
    widths = [max([width(h), *(width(r[i]) for r in rows)]) for i, h in enumerate(headings)]
    if sys.stdout.isatty():
        room = shutil.get_terminal_size((120, 40)).columns
        while sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > 12:
            widths[widths.index(max(widths))] -= 1
    for row in [headings, *rows]:
        cells = []
        for text, limit in zip(row, widths, strict=True):
            shown = _cut(text, limit)
            cells.append(shown + " " * (limit - width(shown)))
        print("  ".join(cells).rstrip())
