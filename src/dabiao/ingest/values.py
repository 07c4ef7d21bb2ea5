"""What a cell says of a value: its number, qualifier, unit, or the word by which it is missing. Units and their equals."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from dabiao.domain.observation import Qualifier
from dabiao.ingest.readers.interface import Cell, Hole, shown

_DASHES = re.compile(r"[‐‑‒–—―−﹣－ー─]")
_MISSING = {
    "",
    "-",
    "--",
    "---",
    "/",
    "\\",
    "...",
    "..",
    ".",
    "_",
    "nan",
    "na",
    "n/a",
    "n.a.",
    "null",
    "none",
    "无",
    "缺",
}
_MISSING_WORDS = re.compile(
    r"未监测|断流|缺测|未统计|未评价|未参评|未开展|未进行|无数据|无监测|不参与|暂无|停测|有效监测天数不足|结冰|冰封"
)
_FOOTNOTE = re.compile(
    r"(?:[①-⑳*＊†‡#]|\[\d{1,2}\]|［\d{1,2}］|[(（]?注\d{0,2}[)）]?|(?<=[\d%％])[¹²³⁰⁴-⁹]+)+$"
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
_LARGEST = 15  # digits before the point; more is a damaged number, not a value

_UNITS: dict[str, tuple[str, ...]] = {
    "µg/m3": ("ug/m3", "ugm-3", "微克/立方米", "微克每立方米", "微克/每立方米", "微克/m3", "每立方米微克"),
    "mg/m3": ("mgm-3", "毫克/立方米", "毫克每立方米", "毫克/每立方米", "毫克/m3", "每立方米毫克"),
    "%": ("percent", "pct", "百分比", "百分数", "百分率"),
    "个百分点": ("百分点", "percentagepoints", "pp"),
    "km2": ("平方公里", "平方千米", "sqkm"),
    "km": ("公里", "千米"),
    "m3": ("立方米",),
    "mg/L": ("毫克/升", "毫克每升"),
    "天": ("日", "days", "day", "d"),
}
_CONVERSIONS = {("mg/m3", "µg/m3"): 3}
"""Declared equals, and nothing else: (as printed, as kept) → power of ten. The digits stay, only the point moves."""


class NotAValueError(ValueError):
    """Not a value. ``code`` is ``value_unreadable``, ``value_damaged``, ``value_is_date``, ``formula_no_value`` or ``value_too_large``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """What a cell says.

    Attributes:
        number: ``None`` where the cell marks the value as missing.
        printed: the cell as it came.
        unit: the unit printed with the number, as :func:`unit_of` spells it; ``None`` where there is none.
        footnote: the mark that was taken off the number.
    """

    number: Decimal | None
    printed: str
    qualifier: Qualifier | None = None
    unit: str | None = None
    footnote: str | None = None


def unit_of(text: str) -> str:
    """One spelling for a unit: ``μg/m³``, ``ug/m3`` and ``微克/立方米`` are ``µg/m3``. An unknown one comes back as it is."""
    normal = _unit_key(text)
    return _SPELLINGS.get(normal, text.strip())


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings name one unit."""
    return _unit_key(unit_of(one)) == _unit_key(unit_of(other))


def known_unit(text: str) -> bool:
    """Whether a spelling is among the declared ones."""
    return _unit_key(text) in _SPELLINGS


def converted(number: Decimal, printed: str, kept: str) -> Decimal | None:
    """A number in the unit ``printed``, in the unit ``kept``; ``None`` where the two are no declared equals."""
    if same_unit(printed, kept):
        return number
    power = _CONVERSIONS.get((unit_of(printed), unit_of(kept)))
    return None if power is None else number.scaleb(power)


def parse_value(cell: Cell | Hole) -> ParsedValue:
    """The value of one cell.

    Raises:
        NotAValueError: see the class. Never a guess: "61.%" has lost a digit, "12,5" may be a decimal comma, "89.0—98.4" is a
            range.
    """
    if isinstance(cell, Hole):
        raise NotAValueError("formula_no_value")
    if isinstance(cell, date | time | timedelta):
        raise NotAValueError("value_is_date")
    if isinstance(cell, bool):
        raise NotAValueError("value_unreadable")
    printed = shown(cell)
    if _is_missing(printed):
        return ParsedValue(None, printed)
    mark = _FOOTNOTE.search(printed)
    body = printed[: mark.start()].strip() if mark else printed
    if _is_missing(body):
        return ParsedValue(None, printed, footnote=mark[0] if mark else None)
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", body))
    if _SPLIT.search(text) and not _GROUPED.search(text):
        raise NotAValueError("value_damaged")
    text = re.sub(r"\s+", "", _DASHES.sub("-", text)).casefold()
    number, qualifier, unit = _parts(text)
    return ParsedValue(number, printed, qualifier, unit_of(unit) if unit else None, mark[0] if mark else None)


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
        raise NotAValueError("value_unreadable")
    rest = text[m.end() :]
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
        raise NotAValueError("value_unreadable")
    number = Decimal(m[0].replace(",", ""))
    if number and not -_LARGEST <= number.adjusted() < _LARGEST:
        raise NotAValueError("value_too_large")
    return number, Qualifier(words.pop()) if words else None, unit


@lru_cache(maxsize=4096)
def _unit_key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s()^·]+", "", _DASHES.sub("-", plain)).replace("μ", "u")


_SPELLINGS = {_unit_key(name): unit for unit, names in _UNITS.items() for name in (unit, *names)}
