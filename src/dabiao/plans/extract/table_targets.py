"""From the rows of an indicator table to targets: the column's year is the deadline, the first column may be the baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dabiao.domain.target import Kind, Measure
from dabiao.plans.extract import rules
from dabiao.plans.extract.comparing import compare, read_after, read_before
from dabiao.plans.extract.found import Found
from dabiao.plans.extract.naming import Namer
from dabiao.plans.extract.normal import Normal
from dabiao.plans.extract.numbers import Quantity, quantities
from dabiao.plans.extract.outline import Clause
from dabiao.plans.extract.places import Place, split_place
from dabiao.plans.extract.tables import ELSEWHERE, Row, Table, at_offset, unit_of
from dabiao.plans.extract.timing import Bound

Period = tuple[int, int] | None

_UNIT_TAIL = re.compile(r"\(([^()]{1,14})\)$")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}\)?[.、]?|[①-⑳])(?=[\u4e00-\u9fffA-Z])")


def read_tables(
    normal: Normal, tables: list[Table], clauses: list[Clause], namer: Namer, own: Place, period: Period
) -> list[Found]:
    """The targets of the tables."""
    return [
        found
        for table in tables
        for row in table.rows
        for found in _targets(normal, clauses, namer, own, period, row, list(table.columns))
    ]


def _targets(
    normal: Normal,
    clauses: list[Clause],
    namer: Namer,
    own: Place,
    period: Period,
    row: Row,
    columns: list[str],
) -> Iterator[Found]:
    if row.name is None:
        return
    name = _NUMBERED.sub("", row.name.words)
    tail = _UNIT_TAIL.search(name)
    unit = row.unit
    if tail and (unit_of(tail[1]) or tail[1] == "无量纲"):
        unit = unit_of(tail[1])
        name = name[: tail.start()]
    place, taken = split_place(name, namer.catalogue, own)
    name = name[taken:] or name
    columns = columns[-len(row.values) :] if len(row.values) < len(columns) else columns
    base_value: Decimal | None = None
    base_year: str | None = None
    start = at_offset(normal, row.name.start)
    clause = next((c for c in clauses if c.start <= start < c.end), clauses[0])
    for column, cell in zip(columns, row.values, strict=False):
        year = column.removeprefix("base:")
        number = _number(cell.words, unit)
        past = column.startswith("base:") or (year.isdigit() and period is not None and int(year) < period[0])
        if past:
            base_value, base_year = (number.value if number else None), (year or None)
            continue
        deadline = year if year.isdigit() else (str(period[1]) if period else None)
        bound = Bound(deadline, () if year.isdigit() else ("deadline_plan_end",), "date:table_column")
        end = at_offset(normal, cell.end)
        if number is None:
            if ELSEWHERE.search(cell.words):
                named = namer.name(name, None, numeric=False)
                yield Found(
                    start, end, clause, named, place, bound, Measure.DELEGATED, Kind.LEVEL,
                    flags=("from_table", *named.flags, *place.flags), rules=("table:row",),
                )  # fmt: skip
            continue
        yield _one(
            namer, clause, place, bound, name, unit, number, cell.words, (start, end), base_year, base_value
        )


def _number(words: str, unit: str | None) -> Quantity | None:
    """The one number of a value cell."""
    plain = re.sub(r"[〔〕\[\]*]", "", words)
    plain = re.sub(r"^\((.*)\)$", r"\1", plain)
    read = [q for q in quantities(plain) if q.kind != "time"]
    if not read:
        bare = re.fullmatch(r"\D*?(-?\d[\d,]*(?:\.\d+)?)\D*", plain)
        if bare is None:
            return None
        value = Decimal(bare[1].replace(",", ""))
        return Quantity(0, bare.start(1), bare.end(1), value, unit, "none", "table")
    return read[0]


def _one(
    namer: Namer,
    clause: Clause,
    place: Place,
    bound: Bound,
    name: str,
    unit: str | None,
    number: Quantity,
    words: str,
    span: tuple[int, int],
    base_year: str | None,
    base_value: Decimal | None,
) -> Found:
    own_unit = number.unit or unit
    plain = re.sub(r"[〔〕\[\]*]", "", words)
    before = read_before(plain[: number.start])
    after = read_after(plain[number.end :])[0]
    named = namer.name(name, own_unit, numeric=True)
    changing = own_unit in ("%", "个百分点") and bool(
        before.has("down", "up")
        or rules.CHANGE_PHRASE.search(name)
        or re.search(r"(?:下降|降低|减少|削减)$", name)
    )
    share = own_unit == "%"
    comparator, flags = compare(
        before,
        after,
        lower=named.lower_is_better() and not changing,
        share=share,
        hundred=share and number.value == 100,
    )
    return Found(
        span[0], span[1], clause, named, place, bound, Measure.NUMERIC,
        Kind.CHANGE if changing else Kind.LEVEL, comparator, number.value, own_unit,
        stretch=bool(rules.STRETCH.search(words)),
        baseline_period=base_year,
        baseline_value=base_value if base_year else None,
        change=("absolute" if own_unit == "个百分点" else "relative") if changing else None,
        flags=("from_table", *flags, *named.flags, *place.flags, *(("baseline_assumed",) if changing and not base_year else ())),
        rules=("table:row", f"unit:{number.rule}"),
    )  # fmt: skip
