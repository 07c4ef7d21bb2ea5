"""Bytes to text by a fixed ladder: BOM, strict UTF-8, strict GB18030, refuse. Never a detector, never a replacement.

A detector guesses (GB2312 as Big5, as cp949), and a replaced character can no longer be told from the right one.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from dabiao.errors import ImportRefused

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and the rung of the ladder that read it (``utf-8-sig``, ``utf-16``, ``utf-8`` or ``gb18030``)."""

    text: str
    rung: str


def decode(data: bytes, file: str) -> Decoded:
    """Read a text file's bytes.

    Args:
        data: all of the file.
        file: its name, for the message.

    Raises:
        ImportRefused: ``encoding_unknown`` (no rung reads every byte) or ``not_text`` (NUL characters: a binary file, or
            UTF-16 or UTF-32 without its mark).
    """
    for bom, rung in _BOMS:
        if data.startswith(bom):
            try:
                return _text(data.decode(rung), rung, file)
            except UnicodeDecodeError as error:
                raise ImportRefused("encoding_broken", file=file, encoding=rung, byte=error.start) from error
    for rung in ("utf-8", "gb18030"):
        try:
            return _text(data.decode(rung), rung, file)
        except UnicodeDecodeError:
            continue
    raise ImportRefused("encoding_unknown", file=file)


def _text(text: str, rung: str, file: str) -> Decoded:
    if "\0" in text:
        raise ImportRefused("not_text", file=file)
    return Decoded(text.removeprefix("\ufeff") if rung == "gb18030" else text, rung)
