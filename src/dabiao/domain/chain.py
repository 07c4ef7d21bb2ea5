"""Rows that cannot be changed unseen: each carries a digest of itself and of the row before it."""

from __future__ import annotations

import hashlib
import json

BEGINNING = "0" * 64
"""What the first row carries in the place of the row before it."""

canonical = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode
"""The one JSON text of a content: names sorted, no spaces, no escapes. ``ValueError`` for a number that JSON has no word for."""


def link(previous: str, number: int, at: str, actor: str, action: str, subject: str, details: str) -> str:
    """The digest of a row: SHA-256 over the digest before it, the canonical JSON of its head, and its details as stored."""
    head = canonical([number, at, actor, action, subject])
    return hashlib.sha256(f"{previous}{head}{details}".encode()).hexdigest()
