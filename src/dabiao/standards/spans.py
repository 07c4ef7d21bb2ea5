"""The indicators that are kept of a year's days: of each month, of the months so far and of the year, by the texts in force.

What is not evaluated (:mod:`dabiao.standards.validity`) has its value all the same, marked, with the reason: whoever keeps it
decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

import numpy as np

from dabiao.standards import statistics, validity
from dabiao.standards.aqi import SIX, Standard, standard_on
from dabiao.standards.exact import rounded
from dabiao.standards.grid import Days, Indices, Ints, index_days
from dabiao.standards.limits import GB3095_2012, GB3095_2026_TRANSITION, POLLUTANTS, limits_on
from dabiao.standards.outcome import Derived, Variant, variants
from dabiao.standards.rules import Why
from dabiao.standards.year import ITEM, index_rules

INDEX, COMPOSITE = "index", "composite"
PARTS = MappingProxyType(
    {p: (ITEM[p],) for p in POLLUTANTS}
    | {INDEX: (*SIX, "O3_1h"), COMPOSITE: tuple(ITEM[p] for p in POLLUTANTS)}
)
"""What is computed apart from the rest, and the items that it rests on: a changed item touches these parts alone."""

_MAIN = MappingProxyType({"CO": "percentile", "O3": "percentile"})
"""The one statistic of the composite index; for all others it is the mean."""


def spans(year: int) -> list[Variant]:
    """Every stretch of a year that is kept, ordered by its last day: months, January to N, the year.

    Of 2026 what reaches over 1 March comes by either text, and March to December by the text then in force.
    """
    found = []
    for month in range(1, 13):
        last = (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)
        found.append(_in_force(date(year, month, 1), last))
        if month == 12:
            found += [v for v in variants(year) if v.last == last]
        elif month > 1:
            found += _so_far(date(year, 1, 1), last)
    return found


def _in_force(first: date, last: date) -> Variant:
    return Variant("in_force", first, last, standard_on(first), limits_on(first))


def _so_far(first: date, last: date) -> list[Variant]:
    if standard_on(first) is standard_on(last):
        return [_in_force(first, last)]
    return [
        Variant("whole_year_2012", first, last, Standard.HJ633_2012, GB3095_2012),
        Variant("whole_year_2026", first, last, Standard.HJ633_2026, GB3095_2026_TRANSITION),
    ]


def months(year: int) -> Ints:
    """The month of each day of a year."""
    days = np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"))
    return np.asarray(days.astype("datetime64[M]").astype(np.int64) % 12 + 1)


@dataclass(frozen=True)  # without slots: the indices are worked out once
class Year:
    """The days of a calendar year by item (``PM2.5_24h`` …), all 365 or 366 long.

    Attributes:
        rules: by item, the rules by which hours and sites became its days.
    """

    year: int
    days: Mapping[str, Days]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _indices: dict[Standard, Indices] = field(default_factory=dict, repr=False)

    @cached_property
    def months(self) -> Ints:
        """The month of each day."""
        return months(self.year)

    def part(self, span: Variant) -> slice:
        """The days of a span."""
        start = date(self.year, 1, 1)
        return slice((span.first - start).days, (span.last - start).days + 1)

    def indices(self, standard: Standard) -> Indices:
        """The air quality index of each day."""
        if standard not in self._indices:
            self._indices[standard] = index_days(standard, self.days)
        return self._indices[standard]


def evaluate(part: str, span: Variant, year: Year) -> list[Derived]:
    """What one part of :data:`PARTS` gives of one span; nothing where there is no data for it.

    Concentrations do not hang on the text by which an index is computed, so of two variants of one stretch only the later
    has them.
    """
    if part == INDEX:
        return list(_of_index(span, year))
    if part == COMPOSITE:
        return list(_composite(span, year))
    return [] if span.id == "whole_year_2012" else list(_statistics(part, span, year))


def _statistics(name: str, span: Variant, year: Year) -> Iterator[Derived]:
    given = year.days.get(ITEM[name])
    part = year.part(span)
    if given is None or not (given.valid | given.partial)[part].any():
        return
    chosen = given.valid[part]
    why = _validity(span, year.months[part][chosen], int(given.partial[part].sum()))
    rules = (
        *_evaluated(span),
        "annual_statistics",
        "annual_unrounded",
        "published_decimals",
        *year.rules.get(ITEM[name], ()),
    )
    numerators = given.numerators[part][chosen].tolist()
    unit = "mg/m3" if name == "CO" else "µg/m3"
    if not numerators:
        indicator = "percentile" if name in _MAIN else "mean"
        yield _row(span, None, indicator, name, None, unit, 0, why, rules)
        return
    if name in statistics.MEANS:
        mean = Fraction(sum(numerators), len(numerators)) / given.denominator
        yield _row(span, None, "mean", name, mean, unit, len(numerators), why, rules)
    if name not in statistics.MEANS or span.whole:
        raw = statistics.percentile(numerators, statistics.PERCENTILES[name]) / given.denominator
        extra = (*rules, "percentile", "validity_percentile")
        yield _row(span, None, "percentile", name, raw, unit, len(numerators), why, extra)


def _composite(span: Variant, year: Year) -> Iterator[Derived]:
    values: dict[str, Decimal] = {}
    fewest, valid, used = (span.last - span.first).days + 1, True, dict[str, None]()
    for name in POLLUTANTS:
        for row in _statistics(name, span, year):
            if row.indicator == _MAIN.get(name, "mean") and isinstance(row.value, Decimal):
                values[name] = row.value
                fewest, valid = min(fewest, row.days), valid and bool(row.valid)
                used |= dict.fromkeys(row.rules)
    total = statistics.ranking_index(span.limits, values)
    if total is None:
        return
    rules = (*used, span.limits.rule, "ranking_index", "ranking_rounding", *index_rules(span))
    why = () if valid else (Why("part_not_valid"),)
    yield Derived(
        span.period, span.id, span.standard, span.limits.id, "ranking_index", None, total, "", fewest, valid, why,
        tuple(dict.fromkeys(rules)), Fraction(total),
    )  # fmt: skip


def _of_index(span: Variant, year: Year) -> Iterator[Derived]:
    if not all(i in year.days and (year.days[i].valid[year.part(span)]).any() for i in SIX):
        return
    part = year.part(span)
    indices = year.indices(span.standard)
    found = indices.aqi[part]
    known = found >= 0
    count, started = int(known.sum()), int(indices.started[part].sum())
    why = _validity(span, year.months[part][known], started - count)
    text = "2026" if span.standard is Standard.HJ633_2026 else "2012"
    rules = (
        *_evaluated(span), "validity_index", f"aqi_{text}", f"aqi_rounding_{text}", f"aqi_missing_{text}",
        *(("aqi_o3_1h_optional",) if text == "2012" else ()), *(r for i in PARTS[INDEX] for r in year.rules.get(i, ())), "day_ratio",
    )  # fmt: skip
    for indicator, ratio, hit, extra in (
        ("good_days", "good_ratio", found <= 100, ()),
        ("heavy_days", "heavy_ratio", found > 200, ("heavy_day",)),
    ):
        number = int((hit & known).sum())
        yield _row(span, span.standard, indicator, None, Fraction(number), "天", count, why, (*rules, *extra))
        share = Fraction(100 * number, count) if count else None
        yield _row(span, span.standard, ratio, None, share, "%", count, why, (*rules, *extra))


def _row(
    span: Variant, standard: str | None, indicator: str, subject: str | None, raw: Fraction | None, unit: str, days: int,
    why: tuple[Why, ...], rules: tuple[str, ...],
) -> Derived:  # fmt: skip
    places = 1 if unit == "%" else 0 if subject is None else statistics.PUBLISHED_DECIMALS[subject]
    return Derived(
        span.period, span.id, standard, None, indicator, subject, None if raw is None else rounded(raw, places), unit,
        days, not why, why, tuple(dict.fromkeys(rules)), raw,
    )  # fmt: skip


def _validity(span: Variant, months: Ints, partial: int) -> tuple[Why, ...]:
    counts = {m: int((months == m).sum()) for m in range(span.first.month, span.last.month + 1)}
    why = (validity.year(list(counts.values())) if span.whole else validity.months(counts)).why
    return (*why, Why("days_partial", {"count": partial})) if why and partial else why


def _evaluated(span: Variant) -> tuple[str, ...]:
    rule = "validity_2026" if span.standard is Standard.HJ633_2026 else "validity_2012"
    return (rule, *(() if span.whole else ("validity_month",)), *(("calendar_2026",) if span.mixed else ()))
