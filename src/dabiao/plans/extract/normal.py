"""One spelling of a text for the rules to read, with the way back: every stretch of it is a stretch of the original.

Full width becomes half width, dashes become ``-``, spaces go, and a line break inside a sentence (a PDF's line end) goes.
A line break that ends a paragraph stays. Nothing is ever quoted from here: :meth:`Normal.span` leads back.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass

_DASHES = frozenset("‐‑‒–—―−﹣~～〜∼")
_KEPT = re.compile(r"[\u2160-\u217f\u2460-\u2473。、“”‘’《》〈〉【】〔〕]")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\u2028\u2029]")
_FINAL = tuple("。;；!！?？:：")
_NEW_PARAGRAPH = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[章节条部]|[一二三四五六七八九十]{1,3}\s*[、)）.．]"
    r"|[(（]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|\d{1,2}\s*[.．、)）](?!\d)|[①-⑳]|——|[牵责]\S{0,4}单位|[)）、])"
)
_NUMERIC_CELL = re.compile(r"^\s*[<>≤≥〔\[]?\d[\d.,]*\s*%?\S{0,4}\s*$")
_LONG_LINE = 18
_WRAPPED = 64
"""Lines longer than this are paragraphs, not lines of a page; such a text has no line ends inside a sentence."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in one spelling.

    Attributes:
        at: for each character of ``text`` the offset in ``source`` that it comes from.
    """

    text: str
    at: tuple[int, ...]
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that ``text[start:end]`` was made of."""
        if start >= end:
            return (
                (self.at[start], self.at[start])
                if start < len(self.at)
                else (len(self.source), len(self.source))
            )
        return self.at[start], self.at[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """The source's own characters of ``text[start:end]``."""
        low, high = self.span(start, end)
        return self.source[low:high]


def spell(char: str) -> str:
    """One character in the rules' spelling; Roman numerals and circled numbers keep theirs, they mean something."""
    if char in _DASHES:
        return "-"
    if _KEPT.match(char):
        return char
    plain = unicodedata.normalize("NFKC", char)
    return "".join(_plain(c) for c in plain if not _BLANK.match(c))


def _plain(char: str) -> str:
    if char in _DASHES:
        return "-"
    if char.isdecimal() and not char.isascii():
        return str(unicodedata.decimal(char))  # other scripts' digits, so that a number is always one of ours
    return char


def normalise(source: str) -> Normal:
    """The text as the rules read it."""
    soft = _soft_breaks(source)
    chars: list[str] = []
    at: list[int] = []
    for offset, char in enumerate(source):
        if _BREAK.match(char):
            if offset not in soft and chars and chars[-1] != "\n":
                chars.append("\n")
                at.append(offset)
            continue
        for plain in spell(char):
            chars.append(plain)
            at.append(offset)
    return Normal("".join(chars), tuple(at), source)


def _soft_breaks(source: str) -> set[int]:
    """Offsets of line ends that fall inside a sentence."""
    lines: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(source):
        lines.append((start, match.start()))
        start = match.end()
    lines.append((start, len(source)))
    lengths = sorted(len(_spelt(source[a:b]).strip()) for a, b in lines if source[a:b].strip())
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    soft: set[int] = set()
    for (a, b), (c, d) in itertools.pairwise(lines):
        above, below = (_spelt(source[low:high]) for low, high in ((a, b), (c, d)))
        if _runs_on(above, below, width):
            soft.update(range(b, c))
    return soft


def _spelt(line: str) -> str:
    """A line in the rules' spelling, with its blanks."""
    return "".join(" " if c in " \u3000" else c if c == "\t" else spell(c) for c in line).rstrip()


def _runs_on(above: str, below: str, width: int) -> bool:
    """Whether a line's sentence goes on in the line below."""
    if not above.strip() or not below.strip() or above.endswith(_FINAL) or _NEW_PARAGRAPH.match(below):
        return False
    if "\t" in above or "\t" in below or _NUMERIC_CELL.match(below):
        return False
    if above.endswith((",", "，", "、")):
        return True
    return width <= _WRAPPED and len(above.strip()) >= max(_LONG_LINE, int(width * 0.8))
