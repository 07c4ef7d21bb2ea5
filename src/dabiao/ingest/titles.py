"""What stands around a table and holds for all its values: titles, the sheet's name, the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.period import Period
from dabiao.domain.target import Indicator
from dabiao.ingest.headings import split_unit
from dabiao.ingest.layouts.interface import Surroundings
from dabiao.ingest.periods import PeriodError, parse_period, plain
from dabiao.ingest.readers.interface import Cell, Hole, blank, shown
from dabiao.ingest.units import known_unit, unit_of
from dabiao.ingest.words import title_words

_DASH = r"(?:-|至|到)"
_SPAN = re.compile(rf"(\d{{4}})年(\d{{1,2}})月?{_DASH}(\d{{1,2}})月")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_PART = re.compile(r"(\d{4})年?(上半年|前三季度|第?[一二三四1-4]季度)")
_BARE_SPAN = re.compile(rf"(?<!\d)\d{{1,2}}月?{_DASH}\d{{1,2}}月")
_BARE_PART = re.compile(r"(?<!\d)\d{1,2}月(?!\d)|上半年|前三季度|第?[一二三四]季度")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|(?!\d))")
_DIGIT_LOST = re.compile(r"(?<!\d)20\d{3,4}月")
_UNIT_LINE = re.compile(r"^[(（]?(?:计量)?单位[:：\s]*(.+?)[)）]?$")
_BUT = re.compile(r"[(（,，;；、]\s*(?:一氧化碳|CO(?![a-z])|其中).*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:附?表|附[件录])\s*[\d一二三四五六七八九十]*(?:[-.]\d+)*[\s:、.]*")
_AROUND = re.compile(
    r"^(?:全省|全市|全区|全国)?各?(?:地区|城市|市县|县市|市|州|县|区|盟|[(（]市、?州[)）]|[(（]市、?区[)）]|、)*|(?:统计|一览|情况)?表$|情况$"
)
_TITLE_LINES = 12


def _flat(text: str) -> str:
    """Without spaces but those between digits: "表2 2024年" is not the year 22024."""
    words = re.split(r"(?<=\d)\s+(?=\d)", unicodedata.normalize("NFKC", text))
    return " ".join(plain(word) for word in words)


def search_years(text: str) -> set[int]:
    """The years that a title or sheet name mentions."""
    return {int(y) for y in _YEAR.findall(_flat(text))}


def search_periods(text: str) -> set[Period]:
    """The parts of years that a title mentions; the years if it mentions none. A title that has lost a digit has none."""
    text = _flat(text)
    if _DIGIT_LOST.search(text):
        return set()
    found: set[Period] = set()
    for shape in (_SPAN, _MONTH, _PART):
        for m in shape.finditer(text):
            try:
                found.add(parse_period(m[0]))
            except PeriodError:
                return set()
        text = shape.sub("", text)
    return found or {Period.year_of(y) for y in search_years(text)}


def surroundings(
    above: Sequence[Sequence[Cell | Hole]],
    outer: Sequence[Sequence[Cell | Hole]],
    sheet: str | None,
    file: str,
    catalogue: Catalogue,
) -> Surroundings:
    """What the rows above a table say; where they are silent the sheet's first title (``outer``), its name, the file's name."""
    lines, first = _lines(above), _lines(outer)
    texts = ("\n".join(lines), "\n".join(first), sheet or "", Path(file).stem)
    found = _dated(Surroundings(title=" / ".join(lines or first)[:200]), texts)
    for text in (*lines, *first, sheet or ""):
        body, unit = split_unit(text)
        if stated := _stated_unit(text):
            unit = stated
        elif found.indicator is None and (looked := _indicator(body, catalogue)):
            found = replace(found, indicator=looked)
        if unit and found.unit is None:
            found = replace(found, unit=unit)
    words = title_words("\n".join(texts))
    return replace(found, words=words, region=_region(texts, catalogue))


def _indicator(title: str, catalogue: Catalogue) -> Indicator | None:
    """The indicator that a title names, once its number, period, places and 统计表 are taken off: 表1 2024年各市PM2.5月均浓度."""
    if looked := catalogue.find_indicator(title).found:
        return looked
    rest = _flat(title)
    for shape in (_SPAN, _MONTH, _PART, _YEAR, _BARE_SPAN, _BARE_PART, _NUMBERED, _AROUND):
        rest = shape.sub("", rest)
    return catalogue.find_indicator(rest).found if rest != title else None


def _lines(rows: Sequence[Sequence[Cell | Hole]]) -> list[str]:
    return [shown(c) for row in rows[-_TITLE_LINES:] for c in row if not blank(c)]


def _dated(found: Surroundings, texts: Sequence[str]) -> Surroundings:
    """The one year and period of the nearest text that mentions one. A month without a year takes it from a text further out.

    Two years in a text are a comparison, which a text further out does not settle.
    """
    bare: set[str] = set()
    for text, where in zip(texts, ("title", "title", "sheet", "file"), strict=True):
        years, periods = search_years(text), search_periods(text)
        if len(years) == 1:
            year = next(iter(years))
            found = replace(found, year=year)
            if bare:
                periods = {parse_period(part, year=year) for part in bare}
        if len(periods) == 1:
            found = replace(found, period=next(iter(periods)), period_from=where)
        if years:
            break
        bare = bare or search_parts(text)
    return found


def search_parts(text: str) -> set[str]:
    """The parts of a year that a text without a year mentions: 1—3月, 3月, 上半年."""
    text, found = _flat(text), set()
    for shape in (_BARE_SPAN, _BARE_PART):
        for part in shape.findall(text):
            try:
                parse_period(part, year=2000)
            except PeriodError:
                return set()
            found.add(part)
        text = shape.sub("", text)
    return found


def _stated_unit(text: str) -> str | None:
    """The unit of a line such as 单位：μg/m³（CO为mg/m³）. What it says of one substance is not said of the others."""
    m = _UNIT_LINE.match(text)
    if not m:
        return None
    for stated in (m[1], _BUT.sub("", m[1])):
        if known_unit(stated):
            return unit_of(stated)
    return None


def _region(texts: Sequence[str], catalogue: Catalogue) -> str | None:
    """The one declared region that the nearest text names in full; ``None`` where it names none or several."""
    for text in texts:
        named = [r for r in catalogue.regions.values() if r.zh in text]
        around = {r.parent for r in named}
        nearest = [
            r.id for r in named if r.id not in around and not any(r.zh in o.zh for o in named if o is not r)
        ]
        if named:
            return nearest[0] if len(nearest) == 1 else None
    return None
