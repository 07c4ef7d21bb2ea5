"""A wrong row of a file: a value that is collected and stored, not an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong at one place of a file, and what would mend it.

    Attributes:
        file: the file's name as it came.
        sheet: the sheet's name; ``None`` for text files.
        row: 1-based row as a spreadsheet shows it (the heading is usually row 1); ``None`` for the whole file.
        column: the heading as printed, else the spreadsheet's letter; ``None`` for the whole row.
        code: key under ``issue.`` in the message catalogues; each has a sentence that says what is wrong and the mend.
        params: values for the sentence.
        severity: ``error`` (the row is refused) or ``warning`` (it is kept, with the warning).
        raw: the refused row's cells as they came, so that nothing is lost.
    """

    file: str
    code: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"
    raw: tuple[str, ...] = ()
