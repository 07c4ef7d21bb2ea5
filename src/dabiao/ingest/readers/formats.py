"""Number formats of spreadsheet cells: which of them print a stored 0.952 as 95.2%."""

from __future__ import annotations

import re

PERCENT_BUILTIN = frozenset((9, 10))
"""Indices of the percentages among the formats that every spreadsheet program knows."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def is_percentage(code: str) -> bool:
    """Whether a format code multiplies by 100. A quoted or escaped sign (``0.0"%"``) is only printed behind the number."""
    return "%" in _LITERAL.sub("", code)
