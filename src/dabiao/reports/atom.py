"""An Atom feed (RFC 4287) as bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an id that never changes, its moments (UTC, ISO), words."""

    id: str
    title: str
    published: str
    updated: str
    summary: str
    category: str


def atom_bytes(feed_id: str, title: str, lang: str, author: str, items: Sequence[Item]) -> bytes:
    """The feed; ``updated`` is that of its last entry, so that the same entries give the same bytes."""
    updated = max((item.updated for item in items), default="1970-01-01T00:00:00Z")
    entries = "".join(
        f"<entry><id>{_text(i.id)}</id><title>{_text(i.title)}</title><published>{i.published}</published>"
        f"<updated>{i.updated}</updated><category term={quoteattr(i.category)}/>"
        f'<summary type="text">{_text(i.summary)}</summary></entry>\n'
        for i in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
        f"<id>{_text(feed_id)}</id><title>{_text(title)}</title><updated>{updated}</updated>"
        f"<author><name>{_text(author)}</name></author>\n{entries}</feed>\n"
    ).encode()


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text))
