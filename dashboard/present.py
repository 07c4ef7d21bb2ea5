"""Targets, values and moments as a person reads them. Pure: domain objects in, words out."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name
from dabiao.domain.assessment import Assessment, Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Observation, Point, Tier
from dabiao.domain.period import Period
from dabiao.domain.target import Bounds, Kind, Measure, Target, Unit
from dabiao.i18n.format import COMPARATORS, number, percent, unit, when
from dabiao.services.contract import basis_text
from dabiao.services.declare.targets import DeclaredTarget
from dabiao.services.judge.judging import Verdict

DASH = "—"


def region(catalogue: Catalogue, region_id: str, lang: str) -> str:
    """A region's name."""
    return region_name(catalogue.regions[region_id], lang)


def short_region(catalogue: Catalogue, region_id: str, lang: str) -> str:
    """A region's name for tables."""
    found = catalogue.regions[region_id]
    return found.short_zh if lang == "zh-CN" else found.en


def indicator(catalogue: Catalogue, indicator_id: str, lang: str) -> str:
    """An indicator's name."""
    return indicator_name(catalogue.indicators[indicator_id], lang)


def goal(target: Target, catalogue: Catalogue, lang: str) -> str:
    """What is to be reached: ``≤ 27 µg/m³``, ``比 2020 年下降 10%``, or how it is decided where there is no number."""
    if target.measure is not Measure.NUMERIC or target.comparator is None or target.value is None:
        return i18n.text(f"measure.{target.measure}", lang)
    if target.kind is Kind.CHANGE:
        way = catalogue.indicators[target.indicator].direction
        base = when(target.baseline_period, lang) if target.baseline_period else ""
        shown_unit = "%" if target.change == "relative" else unit(target.unit, lang)
        key = f"dashboard.goal.change_{way}" if base else f"dashboard.goal.change_{way}_undated"
        return i18n.text(key, lang, base=base, value=number(target.value), unit=shown_unit)
    return f"{COMPARATORS[target.comparator]} {number(target.value)}{unit(target.unit, lang)}"


def level(target: Target, bounds: Bounds | None, catalogue: Catalogue, lang: str) -> str:
    """The line of a chart in words: the goal, and for a change against a baseline the level that it comes to."""
    said = goal(target, catalogue, lang)
    line = border(bounds)
    if target.kind is Kind.CHANGE and line is not None:
        shown = catalogue.indicators[target.indicator]
        reached = f"{number(line, shown.decimals)}{unit(shown.unit, lang)}"
        said = i18n.text("dashboard.goal.with_level", lang, goal=said, level=reached)
    return said


def short_level(target: Target, bounds: Bounds | None, catalogue: Catalogue) -> str:
    """The same in the fewest signs, for the end of a line: ``≤ 27``."""
    line = border(bounds)
    if line is None:
        return ""
    if target.kind is Kind.CHANGE or target.comparator is None or target.value is None:
        way = "<=" if catalogue.indicators[target.indicator].direction == "lower" else ">="
        return f"{COMPARATORS[way]} {number(line, catalogue.indicators[target.indicator].decimals)}"
    return f"{COMPARATORS[target.comparator]} {number(target.value)}"


def border(bounds: Bounds | None) -> float | None:
    """Where the line to reach stands."""
    if bounds is None:
        return None
    edge = bounds.low if bounds.high is None else bounds.high
    return None if edge is None else float(edge)


def deadline(target: Target, lang: str) -> str:
    """A target's deadline in words."""
    return when(target.deadline, lang)


def latest(a: Assessment, catalogue: Catalogue, target: Target, lang: str) -> str:
    """The latest value with its unit; a dash where there is none."""
    point = a.decided_by or a.latest
    if point is None:
        return DASH
    return f"{number(point.value)}{unit(catalogue.indicators[target.series.indicator].unit, lang)}"


def latest_period(a: Assessment, lang: str) -> str:
    """The period of :func:`latest`."""
    point = a.decided_by or a.latest
    return when(str(point.period), lang) if point else ""


def attainment(a: Assessment) -> str:
    """The probability in whole percent; a dash where there is none."""
    return DASH if a.attainment is None else percent(a.attainment)


def outlook(v: Verdict, lang: str) -> str:
    """The probability, or in a word why there is none."""
    if v.assessment.attainment is not None:
        return percent(v.assessment.attainment)
    return i18n.text(f"reason.{v.assessment.reason}", lang)


def status_word(status: Status | str, provisional: bool, lang: str) -> str:
    """A status's word, and whether it is provisional."""
    word = i18n.text(f"status.{status}", lang)
    return i18n.text("dashboard.mark.provisional", lang, word=word) if provisional else word


def describe(v: Verdict, catalogue: Catalogue, lang: str) -> str:
    """A mark's name for those who do not see it: place, indicator, goal, deadline, status."""
    t, a = v.declared.target, v.assessment
    return i18n.text(
        "dashboard.mark.label",
        lang,
        region=region(catalogue, t.region, lang),
        indicator=indicator(catalogue, t.indicator, lang),
        goal=goal(t, catalogue, lang),
        deadline=deadline(t, lang),
        status=status_word(a.status, bool(a.provisional), lang),
    )


def unit_names(printed: tuple[str, ...], declared: tuple[Unit, ...], lang: str) -> list[str]:
    """Units as the plan prints them; in English by their declared names where every one has been declared."""
    if lang == "en" and len(declared) == len(printed):
        return [u.en for u in declared]
    return list(printed)


def units(d: DeclaredTarget, lang: str) -> list[str]:
    """Those who answer for a target: the lead units, or the responsible ones where none leads."""
    if d.target.lead_units:
        return unit_names(d.target.lead_units, d.lead, lang)
    return unit_names(d.target.responsible_units, d.responsible, lang)


def units_short(d: DeclaredTarget, lang: str, most: int = 2) -> str:
    """The first of :func:`units`, and how many there are."""
    names = units(d, lang)
    shown = i18n.text("when.list", lang).join(names[:most])
    if len(names) <= most:
        return shown
    return i18n.text("dashboard.attention.more_units", lang, units=shown, count=len(names))


def source_kind(o: Observation, lang: str) -> str:
    """Tier and basis of a value in words."""
    basis = basis_text(o.basis, lang) or ""
    return i18n.text("dashboard.values.quoted", lang, basis=basis) if o.tier is Tier.PRESS else basis


def position(period: Period) -> float:
    """Where a period stands on an axis of years: a year's value in its middle, which is the year's own tick."""
    return (period.first + period.last + 1) / 24 - 0.5


def position_of_day(day: date) -> float:
    """Where a day stands on the same axis: 1 January 2026 at 2025.5, its last day at 2026.5."""
    return day.year - 0.5 + (day.timetuple().tm_yday - 1) / 365.25


def of_point(point: Point) -> tuple[float, float]:
    """A point as a chart takes it."""
    return position(point.period), float(point.value)


_MINUS = re.compile(r"(?<![\w.)-])-(?=\d)")


def minus(text: str) -> str:
    """The same with a true minus before each negative number."""
    return _MINUS.sub("−", text)


def years(first: int, last: int, lang: str) -> str:
    """A plan's years: ``2022—2025 年``, or the one year."""
    return i18n.text(
        "dashboard.plan.year" if first == last else "dashboard.plan.years", lang, first=first, last=last
    )


def moment(stamp: str | datetime, timezone: str, today: date, lang: str) -> str:
    """A moment in the settings' timezone: the time alone for today, with the day otherwise."""
    at = datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp
    local = at.astimezone(ZoneInfo(timezone))
    days = (local.date() - today).days
    key = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days, "day")
    return i18n.text(
        f"dashboard.moment.{key}", lang, day=local.date().isoformat(), time=local.strftime("%H:%M")
    )
