"""The spellings of a period that officials use → :class:`~dabiao.domain.period.Period`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from dabiao.domain.period import Period
from dabiao.ingest.readers.interface import Cell, Hole, shown

_DASH = r"(?:-|至|到)"
_NOISE = re.compile(r"\s+")
_DASHES = re.compile(r"[‐‑‒–—―−﹣~～〜∼]+")
_YEAR = re.compile(r"(\d{4})(?:年度?|年?全年)?")
_MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?)?")
_COMPACT = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_DAY = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:T?0{1,2}:00(?::00)?)?")
_QUARTER = re.compile(r"(\d{4})[-年]?(?:[qQ]([1-4])|第?([一二三四1-4])季度?)")
_SPAN = re.compile(
    rf"(\d{{4}})(?:年|[-/.])(\d{{1,2}})月?(?:份)?(?:{_DASH}|/)(?:(\d{{4}})(?:年|[-/.]))?(\d{{1,2}})(?:月份?)?"
)
_WORD = re.compile(r"(\d{4})年?(上半年|前三季度|全年|年度|年均|年平均)")
_ENGLISH = re.compile(r"([a-z]{3,9})\.?[-,]?(\d{4})|(\d{4})[-,]?([a-z]{3,9})\.?")
_BARE_MONTH = re.compile(r"(\d{1,2})月(?:份)?")
_BARE_SPAN = re.compile(rf"(\d{{1,2}})月?{_DASH}(\d{{1,2}})月(?:份)?")
_BARE_QUARTER = re.compile(r"[qQ]([1-4])|第?([一二三四1-4])季度")
_BARE_WORD = re.compile(r"上半年|前三季度|全年|年度|年均|年平均")
_IN_TEXT_SPAN = re.compile(rf"(\d{{4}})年(\d{{1,2}})月?{_DASH}(\d{{1,2}})月")
_IN_TEXT_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_IN_TEXT_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|(?!\d))")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}


class PeriodError(ValueError):
    """Not a period. ``code`` is ``period_unreadable``, ``period_needs_year``, ``period_not_from_january`` or ``period_is_day``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Full width to half, one dash for all dashes, no spaces."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", _DASHES.sub("-", text)))


def parse_period(cell: Cell | Hole, *, year: int | None = None, days: bool = False) -> Period:
    """The period of one cell.

    A date on the first of a month is that month: it is what a spreadsheet makes of "2024-03".

    Args:
        cell: the cell as its format holds it.
        year: completes "3月", "1-7月", "一季度", where the year stands elsewhere in the row or the heading.
        days: the column holds days (some date is not a first), so that a first of a month is a day too.

    Raises:
        PeriodError: see the class.
    """
    if isinstance(cell, bool):
        raise PeriodError("period_unreadable")
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day, days)
    if isinstance(cell, float) and not cell.is_integer():
        raise PeriodError("period_unreadable")  # 2024.1 may be January or, its zero lost, October
    text = plain(shown(cell))
    try:
        return _from_text(text, year, days)
    except PeriodError:
        raise
    except ValueError as error:
        raise PeriodError("period_unreadable") from error


def is_day(cell: Cell | Hole) -> bool:
    """Whether a cell holds a date that is not the first of a month."""
    if isinstance(cell, date):
        return cell.day != 1 or (isinstance(cell, datetime) and bool(cell.hour))
    m = _DAY.fullmatch(plain(shown(cell)))
    return bool(m) and int(m[3]) != 1 if m else False


def search_years(text: str) -> set[int]:
    """The years that a title or sheet name mentions."""
    return {int(y) for y in _IN_TEXT_YEAR.findall(plain(text))}


def search_periods(text: str) -> set[Period]:
    """The months and spans of months that a title mentions; the years if it mentions none."""
    text = plain(text)
    found: set[Period] = set()
    for m in _IN_TEXT_SPAN.finditer(text):
        if int(m[2]) == 1 and 1 <= int(m[3]) <= 12:
            found.add(_span(int(m[1]), 1, int(m[3])))
    for m in _IN_TEXT_MONTH.finditer(_IN_TEXT_SPAN.sub("", text)):
        if 1 <= int(m[2]) <= 12:
            found.add(Period.month_of(int(m[1]), int(m[2])))
    return found or {Period.year_of(y) for y in search_years(text)}


def _from_text(text: str, year: int | None, days: bool) -> Period:
    if m := _YEAR.fullmatch(text):
        return Period.parse(m[1])
    if m := _DAY.fullmatch(text):
        return _day(int(m[1]), int(m[2]), int(m[3]), days)
    if m := _MONTH.fullmatch(text):
        return _month(int(m[1]), int(m[2]))
    if m := _COMPACT.fullmatch(text):
        return _month(int(m[1]), int(m[2]))
    if m := _QUARTER.fullmatch(text):
        return _quarter(int(m[1]), m[2] or m[3])
    if m := _SPAN.fullmatch(text):
        if m[3] and m[3] != m[1]:
            raise PeriodError("period_not_from_january")
        return _span(int(m[1]), int(m[2]), int(m[4]))
    if m := _WORD.fullmatch(text):
        return _word(int(m[1]), m[2])
    if m := _ENGLISH.fullmatch(text.lower()):
        name, number = (m[1], m[2]) if m[1] else (m[4], m[3])
        if name in _MONTHS:
            return _month(int(number), _MONTHS[name])
    return _without_year(text, year)


def _without_year(text: str, year: int | None) -> Period:
    english = _MONTHS.get(text.lower().rstrip("."))
    shapes = (_BARE_MONTH, _BARE_SPAN, _BARE_QUARTER, _BARE_WORD)
    if english is None and not any(shape.fullmatch(text) for shape in shapes):
        raise PeriodError("period_unreadable")
    if year is None:
        raise PeriodError("period_needs_year")
    if english is not None:
        return _month(year, english)
    if m := _BARE_MONTH.fullmatch(text):
        return _month(year, int(m[1]))
    if m := _BARE_SPAN.fullmatch(text):
        return _span(year, int(m[1]), int(m[2]))
    if m := _BARE_QUARTER.fullmatch(text):
        return _quarter(year, m[1] or m[2])
    return _word(year, text)


def _month(year: int, month: int) -> Period:
    return Period.parse(f"{year:04d}-{month:02d}")


def _day(year: int, month: int, day: int, days: bool) -> Period:
    date(year, month, day)  # refuses 2024-02-30
    if day != 1 or days:
        raise PeriodError("period_is_day")
    return _month(year, month)


def _quarter(year: int, number: str) -> Period:
    return Period.parse(f"{year:04d}-Q{_CHINESE.get(number) or int(number)}")


def _span(year: int, first: int, last: int) -> Period:
    if first == last:
        return _month(year, first)
    if first != 1:
        if last - first == 2 and first in (4, 7, 10):
            return Period.parse(f"{year:04d}-Q{first // 3 + 1}")
        raise PeriodError("period_not_from_january")
    if last == 3:
        return Period.parse(f"{year:04d}-Q1")
    return Period.parse(f"{year:04d}-01/{year:04d}-{last:02d}")


def _word(year: int, word: str) -> Period:
    last = {"上半年": 6, "前三季度": 9}.get(word)
    return _span(year, 1, last) if last else Period.year_of(year)
