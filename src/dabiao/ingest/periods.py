"""The spellings of a period that officials use → :class:`~dabiao.domain.period.Period`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Literal

from dabiao.domain.period import Period
from dabiao.ingest.readers.interface import Cell, Hole, shown

_DASH = r"(?:-|至|到)"
_NOISE = re.compile(r"\s+")
_DASHES = re.compile(r"[‐‑‒–—―−﹣~～〜∼]+")
_YEAR = re.compile(r"(\d{4})(?:年度?|年?全年)?")
_MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?)?")
_COMPACT = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_DAY = re.compile(
    r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:T?(\d{1,2})(?::00(?::00(?:\.0+)?)?(?:Z|\+0?8:?0?0?)?|时|点))?"
)
_ISO_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2})")
_COMPACT_DAY = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_QUARTER = re.compile(r"(\d{4})[-年]?(?:[qQ]([1-4])|第?([一二三四1-4])季度?)")
_SPAN = re.compile(
    rf"(\d{{4}})(?:年|[-/.])(\d{{1,2}})月?(?:份)?(?:{_DASH}|/)(?:(\d{{4}})(?:年|[-/.]))?(\d{{1,2}})(?:月份?)?"
)
_ACCUMULATED = re.compile(r"(月|季度|半年)(?:份)?(?:的)?累计(?:值)?$")
_SHORT_YEAR = re.compile(r"['’]?\d{2}年.*|\d{2}[-/.]\d{1,2}(?:[-/.]\d{1,2})?")
_LOST_DIGIT = re.compile(r"20\d{2,4}月(?:份)?.*|20\d[年].*|(?:19|20)\d{2}\d{1,2}月(?:份)?")
_SERIAL = range(29_221, 73_416)  # day numbers of 1980 to 2100 in a spreadsheet that counts from 1900
_WORD = re.compile(r"(\d{4})年?(上半年|前三季度|全年|年度|年均|年平均)")
_ENGLISH = re.compile(r"([a-z]{3,9})\.?[-,]?(\d{4})|(\d{4})[-,]?([a-z]{3,9})\.?")
_BARE_MONTH = re.compile(r"(\d{1,2})月(?:份)?")
_BARE_SPAN = re.compile(rf"(\d{{1,2}})月?{_DASH}(\d{{1,2}})月(?:份)?")
_BARE_QUARTER = re.compile(r"[qQ]([1-4])|第?([一二三四1-4])季度")
_BARE_WORD = re.compile(r"上半年|前三季度|全年|年度|年均|年平均")
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


Grain = Literal["month", "day", "hour"]
"""The finest stretch of time that a column holds: a first of the month is a month among months and a day among days."""


class PeriodError(ValueError):
    """Not a period. ``code`` says why; each has its sentence under ``issue.``.

    ``period_unreadable``, ``period_needs_year``, ``period_not_from_january``, ``period_year_short`` (24年1月), ``period_damaged``
    (20238月份), ``period_is_serial`` (45292).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Full width to half, one dash for all dashes, no spaces."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", _DASHES.sub("-", text)))


def parse_period(cell: Cell | Hole, *, year: int | None = None, grain: Grain = "month") -> Period:
    """The period of one cell.

    A date on the first of a month is that month: it is what a spreadsheet makes of "2024-03". Among days it is a day. An hour is
    named by its end; midnight is the last hour of the day before.

    Args:
        cell: the cell as its format holds it.
        year: completes "3月", "1-7月", "一季度", where the year stands elsewhere in the row or the heading.
        grain: what the column holds; see :func:`grain_of`.

    Raises:
        PeriodError: see the class.
    """
    if isinstance(cell, bool | Hole | timedelta):
        raise PeriodError("period_unreadable")
    try:
        if isinstance(cell, datetime):
            if cell.minute or cell.second:
                raise PeriodError("period_unreadable")
            return _day(cell.date(), cell.hour, grain, timed=cell.hour > 0 or grain == "hour")
        if isinstance(cell, date):
            return _day(cell, 0, grain, timed=False)
        if isinstance(cell, float) and not cell.is_integer():
            raise PeriodError("period_unreadable")  # 2024.1 may be January or, its zero lost, October
        text = plain(shown(cell))
        return _from_text(_ACCUMULATED.sub(r"\1", text), year, grain)
    except PeriodError:
        raise
    except (ValueError, OverflowError) as error:
        raise PeriodError("period_unreadable") from error


def grain_of(cell: Cell | Hole) -> Grain:
    """How fine a cell is: an hour, a date that is not the first of a month, or anything longer."""
    if isinstance(cell, datetime):
        return "hour" if cell.hour else "day" if cell.day != 1 else "month"
    if isinstance(cell, date):
        return "day" if cell.day != 1 else "month"
    if not isinstance(cell, str | int):
        return "month"
    text = plain(shown(cell))
    if m := _DAY.fullmatch(text):
        return "hour" if m[4] and int(m[4]) else "day" if int(m[3]) != 1 else "month"
    if m := _COMPACT_DAY.fullmatch(text):
        return "day"
    return "hour" if _ISO_HOUR.fullmatch(text) else "month"


def _from_text(text: str, year: int | None, grain: Grain) -> Period:
    if m := _YEAR.fullmatch(text):
        return Period.parse(m[1])
    if _ISO_HOUR.fullmatch(text):
        return Period.parse(text)
    if m := _DAY.fullmatch(text):
        hour = int(m[4] or 0)
        return _day(
            date(int(m[1]), int(m[2]), int(m[3])),
            hour,
            grain,
            timed=hour > 0 or bool(m[4] and grain == "hour"),
        )
    if m := _COMPACT_DAY.fullmatch(text):
        return Period.day_of(date(int(m[1]), int(m[2]), int(m[3])))
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
        raise PeriodError(_told(text))
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


def _day(day: date, hour: int, grain: Grain, *, timed: bool) -> Period:
    if timed:
        return Period.hour_of(day - timedelta(days=1), 24) if hour == 0 else Period.hour_of(day, hour)
    if day.day == 1 and grain == "month":
        return _month(day.year, day.month)
    return Period.day_of(day)


def _told(text: str) -> str:
    """Which code says best what a text is that is no period."""
    if text.isdigit() and int(text) in _SERIAL:
        return "period_is_serial"
    if _SHORT_YEAR.fullmatch(text):
        return "period_year_short"
    return "period_damaged" if _LOST_DIGIT.fullmatch(text) else "period_unreadable"


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
