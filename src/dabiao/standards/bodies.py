"""Sections to the official shares and words of each period: GB 3838 and 环办[2011]22号."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from dabiao.standards.exact import Number
from dabiao.standards.outcome import Derived
from dabiao.standards.rivers import (
    FEW,
    Shares,
    change,
    class_change,
    river_of_means,
    section_grade,
    shares_grade,
)
from dabiao.standards.rules import Why
from dabiao.standards.water import WaterClass, mean_of, section

MONTHS_A_YEAR = 8
"""How many months a section's year needs (certainty C)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of a file: a section in a period, its class as published or its concentrations; ``at`` is its place there."""

    section: str
    period: str
    river: str | None = None
    water_class: WaterClass | None = None
    values: Mapping[str, Number] = field(default_factory=dict)
    lake: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """A section in a period."""

    section: str
    river: str | None
    water_class: WaterClass
    values: Mapping[str, Number]
    lake: bool
    main: tuple[str, ...]
    evaluated: bool
    why: tuple[Why, ...] = ()


def derive(samples: Collection[Sample]) -> list[tuple[str | None, Derived]]:
    """All indicators; each with its place: a section, a river, or ``None`` for all sections of the file together.

    Months with concentrations also give their year: the mean of the months, of which a section needs eight.
    """
    periods: dict[str, dict[str, list[Sample]]] = {}
    for one in samples:
        periods.setdefault(one.period, {}).setdefault(one.section, []).append(one)
    found = {p: {n: _period(rows) for n, rows in sections.items()} for p, sections in periods.items()}
    for period, sections in _years(found).items():
        found.setdefault(period, sections)
    rows: list[tuple[str | None, Derived]] = []
    for period in sorted(found, key=lambda p: (len(p), p)):
        before = max((p for p in found if len(p) == len(period) and p < period), default=None)
        rows += _of_period(period, found[period], found.get(before or "", {}))
    return rows


def _period(rows: list[Sample]) -> _Found:
    first = rows[0]
    known = [r.values for r in rows if r.values]
    means = mean_of(known) if known else {}
    if first.water_class is not None:
        return _Found(first.section, first.river, first.water_class, means, first.lake, (), evaluated=False)
    made = section(means, lake=first.lake)
    return _Found(
        first.section, first.river, made.water_class, means, first.lake, made.main_pollutants, evaluated=True
    )


def _years(found: Mapping[str, Mapping[str, _Found]]) -> dict[str, dict[str, _Found]]:
    months: dict[tuple[str, str], list[_Found]] = {}
    for period, sections in sorted(found.items()):
        if len(period) == 7 and "Q" not in period:
            for name, one in sections.items():
                if one.values:
                    months.setdefault((period[:4], name), []).append(one)
    years: dict[str, dict[str, _Found]] = {}
    for (year, name), parts in months.items():
        first, means = parts[0], mean_of([p.values for p in parts])
        made = section(means, lake=first.lake)
        count = len(parts)
        why = () if count >= MONTHS_A_YEAR else (Why("months", {"count": count, "needed": MONTHS_A_YEAR}),)
        years.setdefault(year, {})[name] = _Found(
            name,
            first.river,
            made.water_class,
            means,
            first.lake,
            made.main_pollutants,
            evaluated=True,
            why=why,
        )
    return years


def _of_period(
    period: str, sections: Mapping[str, _Found], before: Mapping[str, _Found]
) -> Iterator[tuple[str | None, Derived]]:
    for name, one in sections.items():
        yield from ((name, row) for row in _of_section(period, one, before.get(name)))
    rivers = dict.fromkeys(s.river for s in sections.values() if s.river is not None)
    for river in (*rivers, None):
        chosen = [s for s in sections.values() if river is None or s.river == river]
        earlier = [s for s in before.values() if not s.why and (river is None or s.river == river)]
        yield from ((river, row) for row in _of_river(period, chosen, earlier))


def _of_section(period: str, one: _Found, before: _Found | None) -> Iterator[Derived]:
    rules: tuple[str, ...] = (
        ("water_table", "water_equal_limits", "water_indicators", "water_means") if one.evaluated else ()
    )
    rules += ("water_year",) if one.evaluated and len(period) == 4 else ()
    valid = (not one.why) if rules and "water_year" in rules else None
    yield _row(period, "section_class", one.water_class.name, 1, valid, one.why, rules)
    words = "section_words_v" if one.water_class is WaterClass.V else "section_words"
    grade = f"grade.{section_grade(one.water_class)}"
    yield _row(period, "section_grade", grade, 1, valid, one.why, (*rules, words))
    if one.main:
        yield _row(
            period, "main_pollutants", ", ".join(one.main), 1, valid, one.why, (*rules, "main_pollutants")
        )
    if before is not None and not one.why and not before.why:
        word = class_change(before.water_class, one.water_class)
        yield _row(period, "class_change", f"change.{word}", 1, None, (), (*rules, "change_of_class"))


def _of_river(period: str, sections: list[_Found], before: list[_Found]) -> Iterator[Derived]:
    counted = [s for s in sections if not s.why]
    left = len(sections) - len(counted)
    why = (Why("sections_left_out", {"count": left}),) if left else ()
    if not counted:
        return
    shares = Shares.of(s.water_class for s in counted)
    n = shares.sections
    table: tuple[str, ...] = (
        ("water_table", "water_equal_limits", "water_indicators") if any(s.evaluated for s in counted) else ()
    )
    table += ("water_year",) if left else ()
    for count, name in zip(shares.counts[:5], WaterClass, strict=False):
        yield _row(
            period,
            "class_share",
            shares.percent(count),
            n,
            None,
            why,
            (*table, "water_share"),
            "%",
            name.name,
        )
    for indicator, count in (("good_share", shares.good_count), ("worse_share", shares.worse_count)):
        raw = Fraction(100 * count, n)
        yield _row(
            period, indicator, shares.percent(count), n, None, why, (*table, "water_share"), "%", None, raw
        )
    yield _row(period, "worse_gone", shares.worse_gone, n, None, why, (*table, "water_worse_v_gone"))
    yield _grade(period, shares, counted, why, table)
    if before and n >= FEW and len(before) >= FEW:
        old = Shares.of(s.water_class for s in before)
        parts = (old.good_count, old.worse_count, shares.good_count, shares.worse_count)
        percents = [Fraction(100 * c, old.sections if i < 2 else n) for i, c in enumerate(parts)]
        points, word = change(*percents)
        rule = "change_strong" if abs(points) > 20 else "change_bands"
        yield _row(period, "change", f"change.{word}", n, None, why, (*table, rule), "", None, points)


def _grade(
    period: str, shares: Shares, sections: list[_Found], why: tuple[Why, ...], table: tuple[str, ...]
) -> Derived:
    n = shares.sections
    grade = shares_grade(shares)
    if grade is not None:
        rules = ("river_shares", *(("river_exactly_five",) if n == FEW else ()))
        return _row(period, "grade", f"grade.{grade}", n, None, why, (*table, *rules))
    lakes = {s.lake for s in sections}
    if len(lakes) == 1 and all(s.values for s in sections):
        made = river_of_means([s.values for s in sections], lake=lakes.pop())
        words = "section_words_v" if made.water_class is WaterClass.V else "section_words"
        word = f"grade.{section_grade(made.water_class)}"
        return _row(period, "grade", word, n, None, why, (*table, "river_shares", "water_means", words))
    return _row(
        period,
        "grade",
        None,
        n,
        False,
        (*why, Why("few_sections", {"count": n, "needed": FEW})),
        ("river_shares",),
    )


def _row(
    period: str,
    indicator: str,
    value: Decimal | str | bool | None,
    days: int,
    valid: bool | None,
    why: tuple[Why, ...],
    rules: tuple[str, ...],
    unit: str = "",
    subject: str | None = None,
    unrounded: Fraction | None = None,
) -> Derived:
    return Derived(
        period,
        "in_force",
        "GB3838-2002",
        None,
        indicator,
        subject,
        value,
        unit,
        days,
        valid,
        why,
        rules,
        unrounded,
    )
