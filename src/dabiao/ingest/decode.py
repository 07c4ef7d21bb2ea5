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
_PIECE = 1 << 20


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
        ImportRefused: as :func:`rung_of`.
    """
    rung = rung_of(data, file)
    return Decoded(data.decode(rung).removeprefix("\ufeff"), rung)


def rung_of(data: bytes, file: str) -> str:
    """The rung that reads every byte. Piece by piece: the text, up to four times the bytes, is not made for this.

    Raises:
        ImportRefused: ``encoding_unknown`` (no rung reads every byte), ``encoding_broken`` (not what its mark says) or
            ``not_text`` (NUL characters: a binary file, or UTF-16 or UTF-32 without its mark).
    """
    for bom, rung in _BOMS:
        if data.startswith(bom):
            broken = _broken_at(data, rung, file)
            if broken is not None:
                raise ImportRefused("encoding_broken", file=file, encoding=rung, byte=broken)
            return rung
    for rung in ("utf-8", "gb18030"):
        if _broken_at(data, rung, file) is None:
            return rung
    raise ImportRefused("encoding_unknown", file=file)


def _broken_at(data: bytes, rung: str, file: str) -> int | None:
    """About where the bytes stop being of that encoding; ``None`` if nowhere."""
    decoder = codecs.getincrementaldecoder(rung)("strict")
    for start in range(0, len(data) or 1, _PIECE):
        end = start + _PIECE
        try:
            text = decoder.decode(data[start:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            return start + error.start
        if "\0" in text:
            raise ImportRefused("not_text", file=file)
    return None
