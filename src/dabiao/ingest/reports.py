"""Files of what units report: one report a row, under headings in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dabiao.domain.issue import Issue
from dabiao.errors import ImportRefused
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "target": ("target", "target_id", "目标编号", "目标"),
    "quote": ("quote", "原文", "目标原文", "任务"),
    "plan": ("plan", "方案", "方案编号"),
    "state": ("state", "状态", "进展", "完成情况"),
    "date": ("date", "reported_on", "日期", "报告日期"),
    "unit": ("unit", "单位", "责任单位", "报告单位"),
    "evidence": ("evidence", "证明材料", "佐证材料", "依据"),
    "note": ("note", "备注", "说明"),
}
"""What a column may be called."""
STATES: Mapping[str, tuple[str, ...]] = {
    "done": ("done", "已完成", "完成"),
    "under_way": ("under_way", "under way", "进行中", "推进中", "正在推进", "未完成(进行中)"),
    "not_done": ("not_done", "not done", "未完成", "未启动"),
}
"""How a state may be written."""
_NAMES = {word: name for name, words in HEADINGS.items() for word in words}
_STATES = {word: state for state, words in STATES.items() for word in words}
_HEADING_WITHIN = 20
"""Rows among which the headings are looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row as read. ``target`` is an id, else ``quote`` holds words of the plan."""

    row: Row
    target: str
    quote: str
    plan: str
    state: str
    on: date
    unit: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """Where a row stands, and its cells as they came."""

    file: str
    sheet: str | None
    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, str]

    def issue(self, code: str, name: str | None, /, **params: object) -> Issue:
        """What is wrong with a cell of it."""
        column = None if name is None else self.columns.get(name, name)
        return Issue(self.file, code, self.sheet, self.number, column, params, raw=self.cells)


def read_reports(data: bytes, name: str) -> Iterator[Told | Issue]:
    """The rows of a file, those that cannot be read as issues.

    Raises:
        ImportRefused: the file is no table that can be read, or no sheet of it has the headings.
    """
    headed = 0
    for sheet in reader_for(name).read(data, name).sheets:
        top = _heading(sheet)
        if top is not None:
            headed += 1
            yield from _rows(sheet, top, name)
    if not headed:
        raise ImportRefused("reports_no_headings", file=name)


def _columns(cells: list[Cell | Hole]) -> dict[str, int]:
    """The column of each field, by its heading."""
    words = {at: re.sub(r"\s", "", shown(c)).lower() for at, c in enumerate(cells)}
    return {_NAMES[word]: at for at, word in reversed(words.items()) if word in _NAMES}


def _heading(sheet: Sheet) -> int | None:
    for number, cells in enumerate(sheet.rows[:_HEADING_WITHIN]):
        found = _columns(cells)
        if "state" in found and ("target" in found or "quote" in found):
            return number
    return None


def _rows(sheet: Sheet, top: int, file: str) -> Iterator[Told | Issue]:
    columns = _columns(sheet.rows[top])
    printed = {name: shown(sheet.rows[top][at]) for name, at in columns.items()}
    for number, cells in enumerate(sheet.rows[top + 1 :], start=top + 2):
        if not all(blank(c) for c in cells):
            row = Row(file, sheet.name, number, tuple(shown(c) for c in cells), printed)
            yield _told(row, {name: cells[at] for name, at in columns.items() if at < len(cells)})


def _told(row: Row, cells: Mapping[str, Cell | Hole]) -> Told | Issue:
    text = {name: shown(cells.get(name)) for name in HEADINGS}
    if not text["target"] and not text["quote"]:
        return row.issue("report_target_missing", "target" if "target" in row.columns else "quote")
    state = _STATES.get(text["state"].lower())
    if state is None:
        return row.issue("report_state_unknown", "state", text=text["state"][:40] or "—")
    on = _day(cells.get("date"))
    if on is None:
        return row.issue("report_date_unreadable", "date", text=text["date"][:40] or "—")
    return Told(
        row,
        text["target"],
        text["quote"],
        text["plan"],
        state,
        on,
        text["unit"],
        text["evidence"],
        text["note"],
    )


def _day(cell: Cell | Hole) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        period = parse_period(cell, grain="day")
    except PeriodError:
        return None
    return period.start if period.start == period.end else None
