"""The table of ``dabiao derive``: its headings, times and numbers. Numbers stay exact: integers with a scale."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dabiao.domain.period import PeriodKind
from dabiao.domain.rounding import decimals_of
from dabiao.errors import DabiaoError
from dabiao.ingest.decode import decode
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import LIMITS, Limits, Sheet, shown
from dabiao.services.derive.spellings import AIR, BY_NAME
from dabiao.standards.grid import LARGEST, Bools, Ints

Times = npt.NDArray[np.datetime64]

MOST_DECIMALS = 9
WORKBOOKS = (".xlsx", ".xls", ".ods")
HEADING_ROWS = 10  # the heading is not looked for further down

_UNIT = re.compile(r"[(\[]([^)\]]*)[)\]]$")
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉（）．", "0123456789().")
_ABSENT = {"", "-", "--", "—", "——", "/", "na", "n/a", "nan", "null", "none", "缺测", "-99", "-999", "-9999"}
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*(\d{1,2})(?:[:时](\d{1,2})?分?(?::(\d{1,2})(?:\.0+)?)?)?)?"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})?()()")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading as printed and its cells."""

    heading: str
    unit: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns by the names above, and the headings that are none of them.

    Attributes:
        first_row: the row of the first cells, as a spreadsheet shows it.
    """

    path: Path
    headings: tuple[str, ...]
    columns: dict[str, Column]
    unused: tuple[str, ...]
    first_row: int = 2


def read(path: Path, limits: Limits = LIMITS) -> Table:
    """Read a CSV or a workbook by its headings, English or Chinese.

    The heading is the first row that names two columns, else the first; of a workbook's sheets the first with such a row.

    Args:
        path: the file; by its suffix ``.xlsx``, ``.xls`` or ``.ods``, else text.
        limits: what reading a workbook may cost.

    Raises:
        DabiaoError: there is no such file, it is no table, or two columns mean the same.
    """
    rows, strict = _rows(path, limits)
    top = _heading(rows)
    if len(rows) < top + 2:
        raise DabiaoError("derive_empty", path=str(path))
    headings = tuple(h.strip() for h in rows[top])
    data = rows[top + 1 :]
    for number, row in enumerate(data, start=top + 2):
        if len(row) != len(headings):
            if strict or len(row) > len(headings):
                raise DabiaoError(
                    "derive_width", path=str(path), row=number, cells=len(row), columns=len(headings)
                )
            row.extend([""] * (len(headings) - len(row)))
    columns: dict[str, Column] = {}
    unused = []
    for heading, cells in zip(headings, zip(*data, strict=True), strict=True):
        name, unit = _named(heading)
        if name is None:
            unused.append(heading)
        elif name in columns:
            raise DabiaoError("derive_same_column", path=str(path), one=columns[name].heading, other=heading)
        else:
            columns[name] = Column(heading, unit, cells)
            _check_unit(path, name, columns[name])
    return Table(path, headings, columns, tuple(unused), top + 2)


def _rows(path: Path, limits: Limits) -> tuple[list[list[str]], bool]:
    """All rows as text, and whether each must be as wide as the heading."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() not in WORKBOOKS:
            return list(csv.reader(io.StringIO(decode(data, path.name).text.rstrip(), newline=""))), True
    except FileNotFoundError as error:
        raise DabiaoError("file_missing", path=str(path)) from error
    except (OSError, csv.Error) as error:
        raise DabiaoError("table_unreadable", path=str(path), detail=str(error)) from error
    book = reader_for(path.name).read(data, path.name, limits)
    sheets = [_sheet(sheet) for sheet in book.sheets]
    known = [s for s in sheets if s and sum(_named(h)[0] is not None for h in s[_heading(s)]) > 1]
    return next(iter([*known, *sheets]), []), False


def _sheet(sheet: Sheet) -> list[list[str]]:
    """A sheet's cells as text. A column of dates without a time of day is one of days."""
    width = max((len(row) for row in sheet.rows), default=0)
    timed = [
        any(isinstance(c, datetime) and c.time() != time() for r in sheet.rows for c in r[n : n + 1])
        for n in range(width)
    ]
    rows = [
        [
            c.date().isoformat() if isinstance(c, datetime) and not timed[n] else shown(c)
            for n, c in enumerate(row)
        ]
        for row in sheet.rows
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return rows


def _heading(rows: Sequence[Sequence[str]]) -> int:
    """Which row is the heading."""
    for number, row in enumerate(rows[:HEADING_ROWS]):
        if sum(_named(h)[0] is not None for h in row) > 1:
            return number
    return 0


def _named(heading: str) -> tuple[str | None, str]:
    plain = heading.translate(_LOW).strip().lower()
    if plain in BY_NAME:
        return BY_NAME[plain], ""
    unit = _UNIT.search(plain)
    return BY_NAME.get(_UNIT.sub("", plain).replace(" ", "")), unit[1].strip() if unit else ""


def _check_unit(path: Path, name: str, column: Column) -> None:
    written = (
        column.unit.replace("μ", "u").replace("µ", "u").replace("³", "3").replace("^", "").replace("/m3", "")
    )
    if name in AIR and written in ("ug", "mg", "ppb", "ppm") and written != ("mg" if name == "CO" else "ug"):
        needed = "mg/m3" if name == "CO" else "µg/m3"
        raise DabiaoError("derive_unit", path=str(path), heading=column.heading, needed=needed)


def cell_number(text: str) -> Decimal | None:
    """The number of a cell, ``None`` if it is absent.

    Raises:
        ValueError: neither a number nor a known word for its absence, or below zero.
    """
    plain = text.strip()
    if plain.lower() in _ABSENT:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value < 0:
        raise ValueError(text)
    return value


def numbers(table: Table, column: Column) -> tuple[Ints, Bools, int]:
    """A column as integers, which of them are there, and the scale: value = integer / scale.

    Raises:
        DabiaoError: a cell is no number.
    """
    known: dict[str, Decimal | None] = {}
    for text in set(column.cells):
        try:
            known[text] = cell_number(text)
        except ValueError:
            row = column.cells.index(text) + table.first_row
            raise DabiaoError(
                "derive_value", path=str(table.path), row=row, column=column.heading, text=text
            ) from None
    places = max((decimals_of(v) for v in known.values() if v is not None), default=0)
    if places > MOST_DECIMALS:
        raise DabiaoError("derive_too_fine", path=str(table.path), column=column.heading)
    scale = 10**places
    scaled = {t: -1 if v is None else int(v * scale) for t, v in known.items()}
    if max(scaled.values(), default=0) > LARGEST:
        raise DabiaoError("derive_too_fine", path=str(table.path), column=column.heading)
    found = np.fromiter(map(scaled.__getitem__, column.cells), np.int64, len(column.cells))
    return found, found >= 0, scale


def times(table: Table) -> tuple[Times, bool]:
    """The time of each row, to the hour, and whether the file is hourly.

    Raises:
        DabiaoError: there is no column of times, or a cell is none.
    """
    column = table.columns.get("datetime") or table.columns.get("date")
    if column is None:
        raise DabiaoError("derive_no_time", path=str(table.path), columns=", ".join(table.headings))
    hours = table.columns.get("hour")
    texts = (
        column.cells
        if hours is None
        else [f"{d.strip()} {h.strip()}" for d, h in zip(column.cells, hours.cells, strict=True)]
    )
    found, hourly = [], False
    for row, text in enumerate(texts, start=table.first_row):
        match = _TIME.fullmatch(text.strip()) or _PACKED.fullmatch(text.strip())
        try:
            if match is None or int(match[5] or 0) or int(match[6] or 0) or int(match[4] or 0) > 24:
                raise ValueError(text)
            when = datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001 - Chinese time throughout
            found.append(when + timedelta(hours=int(match[4] or 0)))
        except ValueError:
            raise DabiaoError(
                "derive_time", path=str(table.path), row=row, column=column.heading, text=text
            ) from None
        hourly = hourly or match[4] is not None
    return np.array(found, "datetime64[h]"), hourly


def places(table: Table) -> list[tuple[str | None, Ints]]:
    """The rows of each place, region, city and site together, in order of appearance."""
    parts: Sequence[Column] = [table.columns[n] for n in ("region", "city", "site") if n in table.columns]
    rows = len(next(iter(table.columns.values())).cells)
    if not parts:
        return [(None, np.arange(rows))]
    found: dict[str, list[int]] = {}
    for row, names in enumerate(zip(*(p.cells for p in parts), strict=True)):
        found.setdefault(" ".join(n.strip() for n in names if n.strip()), []).append(row)
    return [(name, np.array(chosen, np.int64)) for name, chosen in found.items()]


def period(table: Table, column: Column, index: int) -> str:
    """A cell that names a year, quarter or month; a day stands for its month.

    Raises:
        DabiaoError: it names none of them.
    """
    try:
        found = parse_period(column.cells[index])
    except PeriodError:
        raise wrong_cell("derive_time", table, column, index) from None
    if found.kind in (PeriodKind.DAY, PeriodKind.HOUR):
        return found.end.isoformat()[:7]
    if found.kind not in (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH):
        raise wrong_cell("derive_time", table, column, index)
    return str(found)


def wrong_cell(code: str, table: Table, column: Column, index: int) -> DabiaoError:
    """What is wrong with a cell, with its row and column."""
    row, text = index + table.first_row, column.cells[index]
    return DabiaoError(code, path=str(table.path), row=row, column=column.heading, text=text)
