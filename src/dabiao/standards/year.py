"""A place's days to the official indicators of each year, by the texts in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from dabiao.standards import statistics, validity
from dabiao.standards.aqi import Level, Standard, level, standard_on
from dabiao.standards.exact import rounded
from dabiao.standards.grid import Bools, Days, Indices, index_days
from dabiao.standards.grid import rounded as rounded_days
from dabiao.standards.limits import GB3095_2012, POLLUTANTS
from dabiao.standards.outcome import Derived, Variant, variants
from dabiao.standards.rules import Why
from dabiao.standards.trend import FEWEST, trend

ITEM = {p: f"{p}_8h" if p == "O3" else f"{p}_24h" for p in POLLUTANTS}

_PERCENTILE = ("percentile", "validity_percentile")


def from_hours(row: Derived) -> Derived:
    """The same indicator with the rules by which hours became days."""
    validity_rule = "validity_2026" if row.standard == Standard.HJ633_2026 else "validity_2012"
    ozone = (
        ()
        if row.subject in {p for p in POLLUTANTS if p != "O3"}
        else ("mda8_days", "mda8_windows", "mda8_exceeds")
    )
    return replace(row, rules=tuple(dict.fromkeys((*row.rules, "hour_of_day", validity_rule, *ozone))))


def derive(first: date, days: Mapping[str, Days], exempt: Collection[str] = ()) -> list[Derived]:
    """All indicators of a place.

    Args:
        first: the 1 January that the arrays begin with; they end with a 31 December.
        days: by item (``SO2_24h`` … ``O3_8h``, ``O3_1h``).
        exempt: items never monitored whose absence does not hold the index back.
    """
    size = len(next(iter(days.values())).valid)
    last = first + timedelta(days=size - 1)
    months = np.array([(first + timedelta(days=i)).month for i in range(size)])
    valid, known = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    for one in days.values():
        valid |= one.valid
        known |= one.valid | one.partial
    indices = {s: index_days(s, days, exempt) for s in {standard_on(first), standard_on(last)}}
    found: list[Derived] = []
    for year in range(first.year, last.year + 1):
        for variant in variants(year):
            part = slice((variant.first - first).days, (variant.last - first).days + 1)
            if known[part].sum() > 1 or valid[part].any():  # not for the one hour at the turn of a year
                found += _concentrations(variant, part, days, months)
                found += _of_index(variant, part, indices[variant.standard])
    return [*found, *_trends(found)]


def _concentrations(
    variant: Variant, part: slice, days: Mapping[str, Days], months: np.typing.NDArray[np.int_]
) -> Iterator[Derived]:
    values: dict[str, Decimal] = {}
    used: tuple[str, ...] = ()
    sound, fewest = True, (variant.last - variant.first).days + 1
    for name in POLLUTANTS:
        given = days.get(ITEM[name])
        if given is None or not given.valid[part].any():
            continue
        chosen = given.valid[part]
        numerators = [int(n) for n in given.numerators[part][chosen]]
        why = _validity(variant, months[part][chosen], int(given.partial[part].sum()))
        rules = _rules(
            variant, "validity_2026" if variant.standard is Standard.HJ633_2026 else "validity_2012"
        )
        rules = (*rules, "annual_statistics", "annual_unrounded", "published_decimals")
        places = statistics.PUBLISHED_DECIMALS[name]
        shown: dict[str, Decimal | None] = {"mean": None, "percentile": None}
        for indicator in ("mean", "percentile"):
            if indicator == "mean" and name not in statistics.MEANS:
                continue
            p = statistics.PERCENTILES[name]
            raw = (
                Fraction(sum(numerators), len(numerators))
                if indicator == "mean"
                else statistics.percentile(numerators, p)
            ) / given.denominator
            shown[indicator] = value = rounded(raw, places)
            extra = _PERCENTILE if indicator == "percentile" else ()
            yield _made(
                variant, indicator, name, value, "mg/m3" if name == "CO" else "µg/m3", len(numerators), not why, why,
                (*rules, *extra), raw,
            )  # fmt: skip
            limit = variant.limits.limit(name, "year") if indicator == "mean" else variant.limits.daily(name)
            if limit is not None and (times := statistics.exceedance(value, limit)) is not None:
                yield _made(
                    variant, f"exceedance_{indicator}", name, times, "", len(numerators), not why, why,
                    (*rules, *extra, variant.limits.rule, "exceedance"),
                )  # fmt: skip
        yield from _against_limits(variant, name, given, part, shown, (not why, why, (*rules, *_PERCENTILE)))
        main = shown["mean"] if shown["mean"] is not None else shown["percentile"]
        if main is not None:
            values[name] = main
        sound, fewest, used = sound and not why, min(fewest, len(numerators)), (*rules, *_PERCENTILE)
    total = statistics.ranking_index(variant.limits, values)
    if total is not None:
        yield _made(
            variant, "ranking_index", None, total, "", fewest, sound, () if sound else (Why("part_not_valid"),),
            (*used, variant.limits.rule, "ranking_index", "ranking_rounding", *index_rules(variant)),
        )  # fmt: skip


def _against_limits(
    variant: Variant,
    name: str,
    given: Days,
    part: slice,
    shown: Mapping[str, Decimal | None],
    state: tuple[bool, tuple[Why, ...], tuple[str, ...]],
) -> Iterator[Derived]:
    valid, why, rules = state
    mean, percentile = shown["mean"], shown["percentile"]
    limits = variant.limits
    count = int(given.valid[part].sum())
    unit = 10 if name == "CO" else 1
    within = rounded_days(given, 1 if name == "CO" else 0)[part] <= int(limits.daily(name) * unit)
    kept = int((within & given.valid[part]).sum())
    yield _made(
        variant, "compliant_days", name, statistics.ratio_percent(kept, count), "%", count, None, (),
        (*_rules(variant, limits.rule), "day_ratio", "compliance_rounding"), Fraction(100 * kept, count),
    )  # fmt: skip
    single = statistics.single_index(limits, name, mean, percentile)
    if single is not None:
        yield _made(
            variant, "single_index", name, rounded(single, 2), "", count, valid, why,
            (*rules, limits.rule, "single_index", *index_rules(variant)), single,
        )  # fmt: skip
        if variant.whole:
            extra = (*rules, limits.rule, "compliance")
            yield _made(variant, "compliant", name, single <= 1, "", count, valid, why, extra)


def _of_index(variant: Variant, part: slice, indices: Indices) -> Iterator[Derived]:
    found = indices.aqi[part]
    known = found >= 0
    count, started = int(known.sum()), int(indices.started[part].sum())
    calendar = (variant.last - variant.first).days + 1
    why = tuple(
        reason
        for reason, say in (
            (Why("days_without_index", {"count": count, "calendar": calendar}), count < calendar),
            (Why("index_na", {"count": started - count}), started > count),
        )
        if say
    )
    new = variant.standard is Standard.HJ633_2026
    rules = _rules(
        variant,
        *(("aqi_2026", "aqi_rounding_2026", "aqi_missing_2026") if new
          else ("aqi_2012", "aqi_rounding_2012", "aqi_missing_2012", "aqi_o3_1h_optional")),
    )  # fmt: skip

    def row(
        indicator: str, subject: str | None, hit: Bools, extra: tuple[str, ...] = (), share: str | None = None
    ) -> Iterator[Derived]:
        number = int((hit & known).sum())
        yield _made(variant, indicator, subject, Decimal(number), "d", count, None, why, (*rules, *extra))
        if share is not None and count:
            raw = Fraction(100 * number, count)
            value = statistics.ratio_percent(number, count)
            yield _made(
                variant, share, subject, value, "%", count, None, why, (*rules, *extra, "day_ratio"), raw
            )

    yield from row("index_days", None, known)
    yield from row("good_days", None, found <= 100, share="good_ratio")
    yield from row("heavy_days", None, found > 200, ("heavy_day",), "heavy_ratio")
    levels = np.array([list(Level).index(level(int(n))) for n in np.maximum(found, 0)])
    for place, name in enumerate(Level):
        yield from row("level_days", name, levels == place)
    for item, hit in indices.primary.items():
        yield from row("primary_days", item, hit[part])


def _trends(rows: Collection[Derived]) -> Iterator[Derived]:
    """The trend of each statistic over the last unbroken run of valid years."""
    by_series: dict[tuple[str, str], dict[int, Decimal]] = {}
    for row in rows:
        of_concentration = row.indicator in ("mean", "percentile") and row.variant != "whole_year_2026"
        if of_concentration and row.valid and row.subject and isinstance(row.value, Decimal):
            by_series.setdefault((row.indicator, row.subject), {})[int(row.period)] = row.value
    for (indicator, subject), found in by_series.items():
        last = first = max(found)
        while first - 1 in found:
            first -= 1
        if last - first + 1 < FEWEST:
            continue
        test = trend([found[y] for y in range(first, last + 1)])
        if test.coefficient is None:
            continue
        yield Derived(
            f"{first}/{last}", "in_force", None, None, f"trend_{indicator}", subject, rounded(test.coefficient, 3), "",
            test.periods, None, (Why(f"trend_{test.verdict}", {"periods": test.periods}),),
            ("trend_method", "trend_critical", *(("trend_ties",) if test.ties else ())), test.coefficient,
        )  # fmt: skip


def _validity(variant: Variant, months: np.typing.NDArray[np.int_], partial: int) -> tuple[Why, ...]:
    if not variant.whole:
        return (Why("part_of_year"),)
    why = validity.year([int((months == m).sum()) for m in range(1, 13)]).why
    return (*why, Why("days_partial", {"count": partial})) if why and partial else why


def _rules(variant: Variant, *rules: str) -> tuple[str, ...]:
    return (*rules, "calendar_2026") if variant.mixed else rules


def index_rules(variant: Variant) -> tuple[str, ...]:
    """The rules of indices that are computed from rounded statistics under a variant's limits."""
    return ("index_from_published", *(() if variant.limits is GB3095_2012 else ("index_limits_2026",)))


def _made(
    variant: Variant,
    indicator: str,
    subject: str | None,
    value: Decimal | bool | None,
    unit: str,
    days: int,
    valid: bool | None,
    why: tuple[Why, ...],
    rules: tuple[str, ...],
    unrounded: Fraction | None = None,
) -> Derived:
    return Derived(
        variant.period, variant.id, variant.standard, variant.limits.id, indicator, subject, value, unit, days, valid,
        why, rules, unrounded,
    )  # fmt: skip
