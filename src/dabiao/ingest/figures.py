"""The number of a record in its indicator's own unit."""

from __future__ import annotations

from decimal import Decimal

from dabiao.domain.observation import Qualifier
from dabiao.domain.rounding import plain
from dabiao.domain.target import Indicator
from dabiao.ingest.findings import NONE, Cells, Findings, text_of
from dabiao.ingest.readers.interface import shown
from dabiao.ingest.units import SCALES, converted, same_unit, scaled, unit_of
from dabiao.ingest.values import NotAValueError, ParsedValue, parse_value

Figure = tuple[Decimal | None, str, Qualifier | None, str]
"""Number (``None``: missing), as printed, qualifier, unit."""

_NOTHING: Figure = (None, "", None, "")


def figure_of(found: Findings, cells: Cells, indicator: Indicator | None) -> Figure:
    """The value of a record. What is wrong with it is added to the findings."""
    try:
        parsed = parse_value(cells.get("value"), found.context.mapping.missing)
    except NotAValueError as error:
        found.add(error.code, "value", text=shown(cells.get("value"))[:80])
        return _NOTHING
    stated = text_of(cells, "unit")
    unit = _unit(found, parsed, stated, indicator)
    if unit is None or indicator is None:
        return _NOTHING
    kept = indicator.unit or ""
    if parsed.number is None:
        return None, parsed.printed, None, kept
    if not unit and kept:
        found.add("unit_missing", "unit" if "unit" in cells else "value", indicator=indicator.zh, unit=kept)
        return _NOTHING
    number = converted(parsed.number, unit, kept) if unit else parsed.number
    if number is None:
        where = "unit" if stated else "value"
        found.add("unit_wrong", where, text=unit[:40], indicator=indicator.zh, unit=kept or NONE)
        return _NOTHING
    if not unit or same_unit(unit, kept):
        return number, parsed.printed, parsed.qualifier, kept
    if not _within(number, indicator) and _within(parsed.number, indicator):
        params = {"text": parsed.printed[:40], "unit": unit_of(unit), "value": plain(number), "kept": kept}
        found.add("unit_suspect", "value", indicator=indicator.zh, **params)
        return _NOTHING
    printed = parsed.printed if parsed.unit else f"{parsed.printed} {unit_of(unit)}"
    return number, printed, parsed.qualifier, kept


def _unit(found: Findings, parsed: ParsedValue, stated: str, indicator: Indicator | None) -> str | None:
    """The unit of the number, ``None`` where two are said. 万 and 亿 behind the number count once, never twice."""
    if parsed.unit is None:
        return stated
    if parsed.unit in SCALES:
        base = stated or (indicator.unit if indicator else None) or ""
        if scaled(base)[0]:
            found.add("unit_scaled_twice", "value", text=parsed.printed[:40], unit=base)
            return None
        if not stated and base:
            found.add("unit_missing", "value", indicator=indicator.zh if indicator else NONE, unit=base)
            return None
        return parsed.unit + base
    if parsed.unit.startswith("("):
        found.add("value_unreadable", "value", text=parsed.printed[:80])
        return None
    if stated and not same_unit(parsed.unit, stated):
        found.add("unit_conflict", "value", one=parsed.unit, other=stated)
        return None
    return parsed.unit


def _within(number: Decimal, indicator: Indicator) -> bool:
    low, high = indicator.bounds
    return (low is None or number >= low) and (high is None or number <= high)
