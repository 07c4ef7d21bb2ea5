"""Indicator tables of an annex: rows on a line, or flattened to one cell a line as copying leaves them.

A table is known by its heading: a column 指标 and at least one year or 目标值. After it the cells are read as a stream: an
indicator, then its values in the order of the year columns, then 约束性 or 预期性.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dabiao.plans.extract.normal import Normal, normalise
from dabiao.plans.extract.numbers import quantities

Period = tuple[int, int] | None

_LINE = re.compile(r"[^\n\r]+")
_CELL = re.compile(r"[^\t|｜│┃ \u3000]+")
_INDICATOR = re.compile(r"(?:主要|具体|考核|目标|规划|核心|二级|三级)?指标(?:名称|项|内容)?$")
_YEAR = re.compile(r"(?:至|到)?(20\d\d)年?(?:[^\d]{0,8})$")
_BASE = re.compile(r"现状|基准|基期|基数|实际|完成值")
_GOAL = re.compile(r"^(?:目标值?|规划目标|累计.{0,4}|五年累计|\[?累计\]?|规划期?目标值?)$")
_OTHER = re.compile(
    r"(?:序号|编号|类别|分类|类型|领域|一级指标|目标|单位|计量单位|年份|属性|指标属性|性质|指标性质|备注|说明|(?:责任|牵头|主管|负责)(?:单位|部门)|年均.{0,6}|\(.{0,8}\))$"
)
_MARKS = (
    ("serial", re.compile(r"序号|编号")),
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("nature", re.compile(r"属性|性质")),
)
_NATURE = re.compile(r"^[(\[]?(?:约束性?|预期性?|指导性?|控制性?|参考性?)(?:指标)?[)\]]?$")
_VALUE = re.compile(
    r"^(?:[<>≤≥=]{0,2}|不低于|不高于|不少于|不超过|下降|降低|减少|累计下降|提高|达到|达|约|力争|优于|低于|高于|完成|保持|控制在|稳定在)*"
    r"[〔\[(]?-?\d[\d.,]*[〕\])]?(?:%|‰|个?百分点|[\u4e00-\u9fffμug/m3²³]{0,8})?(?:以上|以下|以内|左右|\+)?(?:[〔\[(].{0,12}[〕\])])?\*?$"
)
_VOID = re.compile(r"^(?:-|/|\\|\*|无|—)+$")
ELSEWHERE = re.compile(
    r"(?:完成|达到|控制在|按).*(?:下达|要求|任务|目标)|省.*下达|待.*(?:下达|确定)|以.*为准"
)
_ENDS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十\d]+[章节条]|注[::]|附(?:件|表)|说明[::])"
)
_UNIT_TAIL = re.compile(r"\(([^()]{1,14})\)$")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}\)?[.、]?|[①-⑳])(?=[\u4e00-\u9fffA-Z])")
_LONGEST_CELL = 50
_HEAD_CELLS = 14
_BASE_GAP = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words in the rules' spelling, and where they stand in the source."""

    start: int
    end: int
    words: str


@dataclass(slots=True)
class Row:
    """A row: its indicator, the unit of its own cell, and its values in the order of the columns."""

    name: Cell | None = None
    unit: str | None = None
    has_unit: bool = False
    values: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the text: its value columns, its rows, and its stretch of the normal text."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    start: int
    end: int


def find_tables(normal: Normal) -> list[Table]:
    """The tables of a text, in order."""
    cells = _cells(normal.source)
    found: list[Table] = []
    index = 0
    while index < len(cells):
        columns, marks, after = _heading(cells, index)
        rows: list[Row] = []
        end = after
        if columns:
            for row, stop in _rows(cells, after, columns, marks):
                rows.append(row)
                end = stop
        if rows:
            start, stop = at_offset(normal, cells[index].start), at_offset(normal, cells[end - 1].end)
            found.append(Table(_with_base(columns), tuple(rows), start, stop))
        index = max(end, index + 1)
    return found


def _with_base(columns: list[str]) -> tuple[str, ...]:
    """Of two years that lie three or more apart the first is where one starts from."""
    years = [int(c) for c in columns if c.isdigit()]
    if (
        len(years) >= 2
        and years[1] - years[0] >= _BASE_GAP
        and not any(c.startswith("base") for c in columns)
    ):
        return tuple(f"base:{c}" if c == str(years[0]) else c for c in columns)
    return tuple(columns)


def _cells(source: str) -> list[Cell]:
    found: list[Cell] = []
    for line in _LINE.finditer(source):
        first = len(found)
        for match in _CELL.finditer(line[0]):
            words = normalise(match[0]).text
            start, end = line.start() + match.start(), line.start() + match.end()
            if not words:
                continue
            if words.startswith("(") and len(found) > first and not _YEAR.search(found[-1].words):
                found[-1] = Cell(found[-1].start, end, found[-1].words + words)
            else:
                found.append(Cell(start, end, words))
    return found


def _heading(cells: list[Cell], index: int) -> tuple[list[str], frozenset[str], int]:
    """The columns of a table whose heading begins at a cell: ``name``, ``base`` or a year, in order; and where it ends."""
    if not (_INDICATOR.match(cells[index].words) or _OTHER.match(cells[index].words)):
        return [], frozenset(), index
    columns: list[str] = []
    marks: set[str] = set()
    at = index
    while at < min(len(cells), index + _HEAD_CELLS):
        words = cells[at].words
        year = _YEAR.match(words)
        if _INDICATOR.match(words) and "一级" not in words:
            columns.append("name")
        elif year:
            columns.append(f"base:{year[1]}" if _BASE.search(words) else year[1])
        elif _GOAL.match(words) and words != "目标":
            columns.append("goal")
        elif _BASE.search(words) and len(words) <= 6:
            columns.append("base:")
        elif not _OTHER.match(words):
            break
        for mark, pattern in _MARKS:
            if pattern.search(words):
                marks.add(mark)
        at += 1
    values = [c for c in columns if c != "name"]
    if "name" not in columns or not values:
        return [], frozenset(), index
    return values, frozenset(marks), at


def _rows(cells: list[Cell], at: int, columns: list[str], marks: frozenset[str]) -> Iterator[tuple[Row, int]]:
    """Rows of the stream of cells, each with the index of the cell after it.

    Args:
        marks: which of ``serial``, ``unit`` and ``nature`` are columns too.
    """
    row, serial = Row(), 1
    while at < len(cells):
        words = cells[at].words
        if _ENDS.match(words) or len(words) > _LONGEST_CELL or "。" in words:
            break
        full = len(row.values) == len(columns)
        if "serial" in marks and words == str(serial) and (not row.values or full):
            if row.values:
                yield row, at
            row, serial = Row(), serial + 1
        elif _NATURE.match(words):
            if row.values:
                yield row, at + 1
            row = Row()
        elif row.name is None or full:
            if row.values:
                yield row, at
            row = Row(name=cells[at]) if re.search(r"[\u4e00-\u9fff]|PM", words) else Row()
        elif "unit" in marks and not row.has_unit:
            row.unit, row.has_unit = unit_of(words), True
        elif not row.values and unit_of(words) and not _VALUE.match(words):
            row.unit = unit_of(words)
        elif _VALUE.match(words) or _VOID.match(words) or ELSEWHERE.search(words):
            row.values.append(cells[at])
        elif row.values and marks & {"nature", "serial"}:
            row.values.append(cells[at])  # words where a number might stand: 面积不减少
        else:
            if row.values:
                yield row, at
            row = Row(name=cells[at]) if re.search(r"[\u4e00-\u9fff]|PM", words) else Row()
        at += 1
    if row.values:
        yield row, at


def unit_of(words: str) -> str | None:
    """The unit that a cell or bracket is, as targets write it."""
    read = quantities(f"1{words}")
    return read[0].unit if read and read[0].unit and read[0].end == len(words) + 1 else None


def at_offset(normal: Normal, offset: int) -> int:
    """The offset in the normal text of one in the source."""
    return bisect.bisect_left(normal.at, offset)
