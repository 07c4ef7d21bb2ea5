"""A case written as a row of text: what ``dabiao rules apply`` reads (PRODUCT §6)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from dabiao.assess.rules.interface import Due, RuleInput
from dabiao.domain.rounding import decimals_of
from dabiao.domain.target import Bounds, Comparator, Direction, accepted

NEEDED = ("case_id", "direction")
READ = (
    *NEEDED,
    "base_period",
    "base",
    "period",
    "current",
    "target",
    "target_period",
    "limit",
    "values",
    "milestones",
    "attainment",
    "days_elapsed",
    "days_total",
)
_DIRECTIONS: Mapping[str, Direction] = {
    "1": "higher",
    "+1": "higher",
    "1.0": "higher",
    "higher": "higher",
    "-1": "lower",
    "-1.0": "lower",
    "lower": "lower",
}
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?")


class CaseWrong(ValueError):
    """A cell that cannot be read: its column, its text and the key of the mend (``mend.<mend>``)."""

    def __init__(self, column: str, text: str, mend: str) -> None:
        super().__init__(f"{column}: {text}")
        self.column, self.text, self.mend = column, text, mend


def case_of(row: Mapping[str, str]) -> RuleInput:
    """The input of a rule. An empty or absent cell is nothing given; no direction is refused, never guessed.

    The value is held against the target as both are written, without rounding: the peers compare so. ``current`` and
    ``base`` that are not given are looked up in ``values``.

    Raises:
        CaseWrong: a cell cannot be read.
    """

    def cell(column: str) -> str:
        return (row.get(column) or "").strip()

    def number(column: str) -> float | None:
        return _number(column, cell(column), "number") if cell(column) else None

    def year(column: str) -> int | None:
        return _year(column, cell(column), "year") if cell(column) else None

    direction = _DIRECTIONS.get(cell("direction").lower())
    if direction is None:
        raise CaseWrong("direction", cell("direction"), "direction")
    comparator = Comparator.GE if direction == "higher" else Comparator.LE
    series = {
        _year("values", when, "values"): _number("values", value, "values")
        for when, value in _pairs("values", cell("values"))
    }
    current_year, current = year("period"), number("current")
    if current_year is None and current is None and series:
        current_year = max(series)
    if current is None and current_year is not None:
        current = series.get(current_year)
    base_year, base = year("base_period"), number("base")
    if base is None and base_year is not None:
        base = series.get(base_year)
    values = [(t, y) for t, y in sorted(series.items()) if current_year is None or t < current_year]
    if current is not None and current_year is not None:
        values.append((current_year, current))
    target = number("target")
    attainment = number("attainment")
    if attainment is not None and not 0 <= attainment <= 1:
        raise CaseWrong("attainment", cell("attainment"), "probability")
    holds = False
    if current is not None and target is not None:
        holds = current >= target if direction == "higher" else current <= target
    return RuleInput(
        direction=direction,
        base_year=base_year,
        base=base,
        current_year=current_year,
        current=current,
        current_holds=holds,
        target=target,
        target_year=year("target_period"),
        bounds=Bounds(None, None)
        if target is None
        else accepted(comparator, Decimal(cell("target")), None, direction),
        values=tuple(values),
        limit=number("limit"),
        attainment=attainment,
        milestones=tuple(
            _milestone(when, value, comparator, direction)
            for when, value in _pairs("milestones", cell("milestones"))
        ),
        days=_days(cell("days_elapsed"), cell("days_total")),
    )


def _milestone(when: str, value: str, comparator: Comparator, direction: Direction) -> Due:
    border = _number("milestones", value, "values")
    printed = Decimal(value.strip())
    bounds = accepted(comparator, printed, None, direction)
    return Due(_year("milestones", when, "values"), border, bounds, decimals_of(printed))


def _days(elapsed: str, total: str) -> tuple[int, int] | None:
    if not elapsed and not total:
        return None
    if not (elapsed.isdecimal() and int(elapsed) > 0):
        raise CaseWrong("days_elapsed", elapsed, "days")
    if not (total.isdecimal() and int(total) >= int(elapsed)):
        raise CaseWrong("days_total", total, "days")
    return int(elapsed), int(total)


def _pairs(column: str, text: str) -> list[tuple[str, str]]:
    found = []
    for part in text.split(";"):
        if part.strip():
            when, colon, value = part.partition(":")
            if not colon:
                raise CaseWrong(column, part, "values")
            found.append((when, value))
    if len({when.strip() for when, _ in found}) < len(found):
        raise CaseWrong(column, text, "values")
    return found


def _number(column: str, text: str, mend: str) -> float:
    try:
        found = float(Decimal(text.strip()))
    except InvalidOperation:
        raise CaseWrong(column, text, mend) from None
    if not math.isfinite(found):
        raise CaseWrong(column, text, mend)
    return found


def _year(column: str, text: str, mend: str) -> int:
    found = _YEAR.fullmatch(text.strip())
    if found is None:
        raise CaseWrong(column, text, mend)
    return int(found[1])
