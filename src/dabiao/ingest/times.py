"""Which period a record is for, and from which day on its value could be known."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from dabiao.domain.observation import State
from dabiao.domain.period import Period, PeriodKind
from dabiao.ingest.findings import Cells, Findings, text_of
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers.interface import Cell, blank, shown

_BARE = re.compile(r"\d{1,2}(?:\s*[-–—―−~～至－]\s*\d{1,2})?")  # 3 and 1-3 under 月


def period_of(found: Findings, cells: Cells) -> Period | None:
    """The period of a record."""
    cell, year = cells.get("period"), None
    name = "period" if "period" in cells else "year"
    if blank(cell):
        name = next((n for n in ("month", "quarter") if not blank(cells.get(n))), name)
    if not blank(cells.get("year")):
        try:
            year = parse_period(cells["year"]).year
        except PeriodError:
            found.add("period_unreadable", "year", text=text_of(cells, "year")[:80])
            return None
    if blank(cell):
        cell = _composed(cells)
    cell = found.context.mapping.name_of("period", shown(cell)) or cell
    if blank(cell):
        found.add("period_missing", name)
        return None
    try:
        period = _with_hour(parse_period(cell, year=year, grain=found.context.grain), cells)
    except PeriodError as error:
        found.add(error.code, name, text=shown(cell)[:80])
        return None
    if year is not None and period.year != year:
        found.add("period_conflict", name, one=str(period), other=str(year))
        return None
    if period.start > found.context.today:
        found.add("period_not_begun", name, period=str(period), today=found.context.today.isoformat())
    return period


def _with_hour(period: Period, cells: Cells) -> Period:
    """A day with the hour that stands in a column of its own; 0 is the last hour of the day before."""
    text = text_of(cells, "hour").removesuffix("时").removesuffix("点").removesuffix(":00")
    if not text or period.kind is not PeriodKind.DAY:
        return period
    if not text.isdigit() or int(text) > 24:
        raise PeriodError("period_unreadable")
    hour = int(text)
    return (
        Period.hour_of(period.start, hour) if hour else Period.hour_of(period.start - timedelta(days=1), 24)
    )


def _composed(cells: Cells) -> Cell:
    """The period's own words where year, month and quarter stand in columns of their own."""
    for name, sign in (("month", "月"), ("quarter", "季度")):
        text = text_of(cells, name)
        if text:
            return f"{text}{sign}" if _BARE.fullmatch(text) else text
    return text_of(cells, "year")


def date_of(found: Findings, cells: Cells, name: str) -> date | None:
    """The day in a field; ``None`` where there is none."""
    cell = cells.get(name)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cells, name)
    if not text:
        return None
    plain = text.translate(str.maketrans("年月/.", "----", "日 "))
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except ValueError:
        found.add("date_unreadable", name, text=text[:40])
        return None


def known_of(
    found: Findings, cells: Cells, published: date | None, period: Period | None
) -> tuple[date, str]:
    """The first day on which the value may enter an as-of view, and how that was settled."""
    today = found.context.today
    stated = date_of(found, cells, "known_on")
    if published and stated and published != stated:
        found.add("known_on_conflict", "known_on", one=stated.isoformat(), other=published.isoformat())
    known_on = published or stated or today
    name = "published" if published else "known_on"
    if known_on > today:
        found.add("date_in_future", name, text=known_on.isoformat(), today=today.isoformat())
    elif period is not None and known_on < period.start <= today:
        found.add("known_before_period", name, text=known_on.isoformat(), period=str(period))
    return known_on, "published" if published else "period_end" if stated else "imported"


def state_of(found: Findings, word: str | None, period: Period, known_on: date) -> State:
    """Final, unless the file says otherwise or the period had not ended when the value was known."""
    if known_on > period.end:
        return State(word) if word else State.FINAL
    if word is None:
        found.add("period_not_ended", "period", "warning", period=str(period), known_on=known_on.isoformat())
    elif word == State.FINAL:
        found.add("final_before_end", "state", period=str(period), known_on=known_on.isoformat())
    return State(word) if word else State.TO_DATE
