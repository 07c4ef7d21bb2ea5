"""The months of regions that a plan takes together: their unweighted mean or their total, where every member has a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from dabiao.assess.part_year.arithmetic import rounded
from dabiao.assess.part_year.observed import Line, mean_over
from dabiao.domain.observation import Basis
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.rounding import decimals_of
from dabiao.domain.target import Together

FINER = 3
"""Places more than the members have: so fine that no rounding of a mean falls on another side of a border."""


def pooled(members: Sequence[Sequence[Line]], together: Together, averaged: bool) -> list[Line]:
    """One line for each basis, its scope aside, that every member has values of.

    Args:
        members: each member's lines.
        together: ``mean`` or ``total``.
        averaged: whether a period is the day-weighted mean of its parts. A figure to date that one member prints is then held
            against the other's months; else a period counts only where every member prints it.
    """
    each = [_one_a_basis(lines) for lines in members]
    shared = set.intersection(*(set(found) for found in each)) if each else set()
    lines = [_line(basis, [found[basis] for found in each], together, averaged) for basis in sorted(shared)]
    return [line for line in lines if line.values]


def _one_a_basis(lines: Sequence[Line]) -> Mapping[Basis, Line]:
    """Each basis without its scope, which is the member; of two scopes the one with most years, in which the target is set."""

    def years(line: Line) -> int:
        return sum(p.kind is PeriodKind.YEAR for p in line.values)

    found: dict[Basis, Line] = {}
    for line in sorted(lines, key=lambda ln: (-years(ln), -len(ln.values), ln.basis)):
        found.setdefault(replace(line.basis, scope=""), line)
    return found


def _line(basis: Basis, lines: Sequence[Line], together: Together, averaged: bool) -> Line:
    values: dict[Period, Decimal] = {}
    halves: dict[Period, Fraction] = {}
    places = FINER + max((decimals_of(v) for line in lines for v in line.values.values()), default=0)
    by = len(lines) if together is Together.MEAN else 1
    for period in sorted({p for line in lines for p in line.values}):
        parts = [_value(line, period, averaged) for line in lines]
        given = [part for part in parts if part is not None]
        if len(given) < len(lines):
            continue
        values[period] = rounded(sum((v for v, _ in given), Fraction(0)) / by, places).normalize()
        halves[period] = sum((half for _, half in given), Fraction(0)) / by
    return Line(basis, values, together=together, halves=halves)


def _value(line: Line, period: Period, averaged: bool) -> tuple[Fraction, Fraction] | None:
    """A member's value of a period and the most that rounding can have moved it."""
    if period in line.values:
        return Fraction(line.values[period]), line.half(period)
    if not averaged or period.kind is PeriodKind.YEAR:
        return None
    months = frozenset(m % 12 for m in range(period.first, period.last + 1))
    tile = mean_over(line, period.year, months)
    if tile is None or tile.error:
        return None
    inside = [line.half(p) for p in line.values if period.first <= p.first and p.last <= period.last]
    return tile.value, max(inside)
