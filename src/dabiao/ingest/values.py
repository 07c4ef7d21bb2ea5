"""What a cell says of a value: its number, qualifier, unit, or the word by which it is missing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from dabiao.domain.observation import Qualifier
from dabiao.ingest.readers.interface import Cell, Hole, shown
from dabiao.ingest.units import unit_of

_DASHES = re.compile(r"[‐‑‒–—―−﹣－ー─]")
_MISSING = frozenset((
    "", "-", "--", "/", "//", "\\", "...", "..", ".", "_", "__", "*", "×", "nan", "na", "n/a", "n.a.", "null", "none", "nil", "无", "缺", "空",
))  # fmt: skip
_MISSING_WORDS = re.compile(
    r"未监测|断流|缺测|未统计|未评价|未参评|未开展|未进行|无数据|无监测|不参与|暂无|停测|有效监测天数(?:不足|[^0-9]*为?\d+天)|结冰|冰封|无水|干涸|未参与|未采样"
    r"|无有效数据|数据缺失"
)
FOOTNOTE = re.compile(
    r"(?:[①-⑳⑴-⒇㊀-㊉*＊※☆★†‡#]|\[\d{1,2}\]|［\d{1,2}］|[(（]?注\d{0,2}[)）]?|(?<=[\d%％])[¹²³⁰⁴-⁹]+)+$"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?")
_SPLIT = re.compile(r"\d\s+\d")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:\s\d{3})+(?!\s?\d)")
_BEFORE = {
    "≥": ">=", ">=": ">=", ">": ">=", "大于等于": ">=", "大于": ">=", "不低于": ">=", "不少于": ">=", "不小于": ">=",
    "高于": ">=", "优于": ">=", "超过": ">=", "超": ">=", "至少": ">=",
    "≤": "<=", "<=": "<=", "<": "<=", "小于等于": "<=", "小于": "<=", "不高于": "<=", "不超过": "<=", "不大于": "<=",
    "低于": "<=", "不足": "<=", "至多": "<=",
    "约": "~", "大约": "~", "约为": "~", "近": "~", "~": "~", "≈": "~",
}  # fmt: skip
_AFTER = {
    "以上": ">=", "及以上": ">=", "余": ">=", "+": ">=",
    "以下": "<=", "及以下": "<=", "以内": "<=",
    "左右": "~", "上下": "~",
}  # fmt: skip
_PREFIXES = sorted(_BEFORE, key=len, reverse=True)
_SUFFIXES = sorted(_AFTER, key=len, reverse=True)
_BELOW = "l"  # behind a detection limit: the value is below it (HJ/T 91-2002)
_LARGEST = 15  # digits before the point; more is a damaged number, not a value
_SPOKEN = re.compile(r"[\u4e00-\u9fff]")
_TELLING = (
    ("cell_error", re.compile(r"^(?:#(?:div/0!|n/a|value!|ref!|name\?|num!|null!|spill!|calc!)|err:\d{3})$")),
    ("value_is_rank", re.compile(r"^(?:并列)?第[一二三四五六七八九十百\d]+(?:名|位)?$|^并列")),
    (
        "value_is_change",
        re.compile(
            r"^(?:同比|环比)|^(?:上升|下降|升高|降低|增加|减少|提高|增长|改善|恶化)[\d了约]|^(?:基本)?持平$|^(?:无|没有)变化$"
        ),
    ),
    ("value_not_detected", re.compile(r"^(?:未检出|(?:低于|小于|<)检出限|n\.?d\.?|bdl|<?(?:lod|mdl|dl))$")),
    ("value_with_name", re.compile(r"^[^\d(]*[\u4e00-\u9fff][^\d(]*\([^()]*\d[^()]*\)")),
)
"""Texts that are no values, each with the code that says what they are. Compared after normalising."""


class NotAValueError(ValueError):
    """Not a value. ``code`` says why; each has its sentence under ``issue.``.

    ``value_unreadable``, ``value_in_words`` (全部达标), ``value_not_detected`` (未检出), ``value_damaged`` (61.%), ``value_is_date``, ``value_is_rank``, ``value_is_change``,
    ``value_with_name`` (呼和浩特市(77.4%)), ``value_too_large``, ``cell_error``, or the code of a :class:`Hole`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """What a cell says.

    Attributes:
        number: ``None`` where the cell marks the value as missing.
        printed: the cell as it came.
        unit: the unit printed with the number, as :func:`dabiao.ingest.units.unit_of` spells it; ``None`` where there is none.
            ``万`` or ``亿`` alone where only that stands behind the number.
        footnote: the mark that was taken off the number.
    """

    number: Decimal | None
    printed: str
    qualifier: Qualifier | None = None
    unit: str | None = None
    footnote: str | None = None


def parse_value(cell: Cell | Hole, missing: Collection[str] = ()) -> ParsedValue:
    """The value of one cell.

    Args:
        cell: the cell as its format holds it.
        missing: words by which this file marks a value as missing, beside the declared ones.

    Raises:
        NotAValueError: see the class. Never a guess: "61.%" has lost a digit, "12,5" may be a decimal comma, "89.0—98.4" is a
            range.
    """
    if isinstance(cell, Hole):
        raise NotAValueError(cell.code)
    if isinstance(cell, date | time | timedelta):
        raise NotAValueError("value_is_date")
    if isinstance(cell, bool):
        raise NotAValueError("value_unreadable")
    printed = shown(cell)
    if printed in missing or _is_missing(printed):
        return ParsedValue(None, printed)
    mark = FOOTNOTE.search(printed)
    body = printed[: mark.start()].strip() if mark else printed
    if body in missing or _is_missing(body):
        return ParsedValue(None, printed, footnote=mark[0] if mark else None)
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", _unquoted(body)))
    if _SPLIT.search(text) and not _GROUPED.search(text):
        raise NotAValueError("value_damaged")
    text = re.sub(r"\s+", "", _DASHES.sub("-", text)).casefold()
    number, qualifier, unit = _parts(text)
    return ParsedValue(number, printed, qualifier, unit_of(unit) if unit else None, mark[0] if mark else None)


def _unquoted(text: str) -> str:
    """A number that was written as text for a spreadsheet's sake: ``'35`` and ``="35"``."""
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]
    return text[1:] if text[:1] in "'＇’" and text[1:2].isdigit() else text


def _is_missing(text: str) -> bool:
    plain = (
        re.sub(r"\s+", "", unicodedata.normalize("NFKC", _DASHES.sub("-", text)))
        .casefold()
        .replace("…", "...")
    )
    plain = re.sub(r"\.{3,}", "...", re.sub(r"-{2,}", "--", plain))
    return plain in _MISSING or (bool(_MISSING_WORDS.search(plain)) and not _NUMBER.match(plain))


def _parts(text: str) -> tuple[Decimal, Qualifier | None, str]:
    before = next((p for p in _PREFIXES if text.startswith(p)), "")
    m = _NUMBER.match(text, len(before))
    if not m:
        raise NotAValueError(_told(text))
    rest = text[m.end() :]
    if rest == _BELOW:
        rest = "以下"
    if rest.startswith((".", ",")) or rest[:1].isdigit():
        raise NotAValueError("value_damaged")
    after = next((s for s in _SUFFIXES if rest.endswith(s)), "")
    words = {w for w in (_BEFORE.get(before), _AFTER.get(after)) if w}
    unit = rest.removesuffix(after)
    if after and not unit:  # "98以上%": the word may stand before the unit
        unit = ""
    elif not after:
        inner = next((s for s in _SUFFIXES if rest.startswith(s)), "")
        if inner:
            words |= {_AFTER[inner]}
            unit = rest.removeprefix(inner)
    if (
        len(words) > 1
        or re.search(r"\d(?<!m3)(?<!m2)", unit.replace("m-3", ""))
        or "-" in unit.replace("m-3", "")
    ):
        raise NotAValueError(_told(text))
    number = Decimal(m[0].replace(",", ""))
    if number and not -_LARGEST <= number.adjusted() < _LARGEST:
        raise NotAValueError("value_too_large")
    return number, Qualifier(words.pop()) if words else None, unit


def _told(text: str) -> str:
    """Which code says best what a text is that is no value."""
    for code, shape in _TELLING:
        if shape.search(text):
            return code
    spoken = bool(_SPOKEN.search(text)) and not re.search(r"\d", text)
    return "value_in_words" if spoken else "value_unreadable"
