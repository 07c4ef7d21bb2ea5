"""A year in progress as sentences and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dabiao import i18n
from dabiao.assess.part_year.observed import Tile
from dabiao.assess.part_year.panel import Goal, Panel
from dabiao.assess.part_year.words import Chance, Fact, facts
from dabiao.assess.sentences import region_name
from dabiao.domain.period import Period
from dabiao.domain.target import Bounds, Indicator
from dabiao.i18n.format import COMPARATORS, listed, number, unit
from dabiao.services.app import App
from dabiao.services.contract import basis_text, json_number
from dabiao.services.judge.part_year import PartYear


def chance_of(view: PartYear) -> Chance | None:
    """The forecast's figures for the sentence."""
    if view.forecast is None or view.attainment is None:
        return None
    step = view.forecast.steps[0]
    return Chance(
        view.attainment,
        step.point,
        step.lower80,
        step.upper80,
        view.forecast.last_period,
        int(view.forecast.params["companions"]),
        int(view.forecast.params["bridge_years"]),
    )


def goal_text(bounds: Bounds, indicator: Indicator, lang: str) -> str:
    """The values that meet the goal, in words: ``≤ 27 µg/m³``."""
    sides = []
    if bounds.low is not None and bounds.low == bounds.high:
        sides = [f"= {number(bounds.low)}"]
    else:
        for border, border_in, closed, open_ in (
            (bounds.low, bounds.low_in, ">=", ">"),
            (bounds.high, bounds.high_in, "<=", "<"),
        ):
            if border is not None:
                sides.append(f"{COMPARATORS[closed if border_in else open_]} {number(border)}")
    return " ".join(sides) + unit(indicator.unit, lang)


def facts_of(app: App, view: PartYear, lang: str) -> list[Fact]:
    """The panel's lines; empty where there is none."""
    if view.panel is None:
        return []
    indicator = app.catalogue.indicators[view.verdict.declared.target.series.indicator]
    goal = goal_text(view.panel.goal.bounds, indicator, lang)
    return [*_together(app, view, lang), *facts(view.panel, indicator, goal, chance_of(view), lang)]


def _together(app: App, view: PartYear, lang: str) -> list[Fact]:
    """How several places are taken together, where the target asks for it."""
    if not view.together:
        return []
    key = f"part_year.together.{view.verdict.declared.target.together}"
    return [Fact("together", i18n.text(key, lang, members=_names(app, view.together, lang)))]


def _names(app: App, regions: Sequence[str], lang: str) -> str:
    return listed((region_name(app.catalogue.regions[r], lang) for r in regions), lang)


def why_text(app: App, view: PartYear, lang: str) -> str:
    """Why there is no panel."""
    params: dict[str, Any] = {"year": view.year} if view.why in ("none_of_year", "members_lack") else {}
    if view.lacking:
        params["members"] = _names(app, view.lacking, lang)
    return i18n.text(f"part_year.why.{view.why}", lang, **params)


def part_year_json(app: App, view: PartYear, lang: str) -> dict[str, Any]:
    """One panel as ``dabiao part-year --format json`` prints it; what does not apply is ``null``."""
    v, p, f = view.verdict, view.panel, view.forecast
    annual = v.evidence.series if v.evidence else None
    return {
        "target_id": v.declared.target.id,
        "as_of": view.as_of.isoformat(),
        "year": view.year,
        "why": view.why,
        "together": str(v.declared.target.together) if view.together else None,
        "members": list(view.together),
        "lacking": list(view.lacking),
        "held_against": None if p is None else str(p.goal.held),
        "goal": None if p is None else _goal_json(p.goal),
        "makeup": None if p is None else str(p.makeup),
        "basis": None if p is None else str(p.line.basis),
        "basis_text": None if p is None else basis_text(p.line.basis, lang),
        "annual_basis": str(annual.basis) if annual else None,
        "to_date": None if p is None else _to_date_json(p),
        "months": [] if p is None else _months_json(p),
        "year_on_year": None if p is None else _change_json(p),
        "required": None if p is None else _required_json(p),
        "reached": []
        if p is None
        else [{"year": r.year, "value": float(r.mean.value), "enough": r.enough} for r in p.reached],
        "allowance": None if p is None else _allowance_json(p),
        "path": None if p is None else _path_json(p),
        "outlook": None if p is None or p.outlook is None else str(p.outlook),
        "attainment": view.attainment,
        "point": None if f is None else f.steps[0].point,
        "lower80": None if f is None else f.steps[0].lower80,
        "upper80": None if f is None else f.steps[0].upper80,
        "model": None if f is None else f"{f.model} {f.model_version}",
        "vintage": None if f is None else f.vintage,
        "says": [{"fact": x.name, "text": x.said} for x in facts_of(app, view, lang)]
        if p is not None
        else [{"fact": "why", "text": why_text(app, view, lang)}],
    }


def _goal_json(goal: Goal) -> dict[str, Any]:
    b = goal.bounds
    return {
        "low": json_number(b.low),
        "high": json_number(b.high),
        "low_in": b.low_in,
        "high_in": b.high_in,
        "decimals": goal.decimals,
    }


def _to_date_json(p: Panel) -> dict[str, Any]:
    gone = (p.known.last.end - Period.year_of(p.year).start).days + 1
    return {
        "value": float(p.to_date),
        "made": str(p.known.made),
        "until": str(p.known.last),
        "days_known": p.known.days,
        "days_elapsed": gone,
        "days_total": p.days_total,
        "share_elapsed": gone / p.days_total,
        "missing": [str(m) for m in p.known.gaps],
        "progress": float(p.progress.attainment)
        if p.progress and p.progress.attainment is not None
        else None,
    }


def _months_json(p: Panel) -> list[dict[str, Any]]:
    def value(tile: Tile | None) -> float | None:
        return None if tile is None else float(tile.value)

    return [
        {
            "period": str(m.period),
            "value": value(m.tile),
            "made": None if m.tile is None else str(m.tile.made),
            "error": None if m.tile is None else float(m.tile.error),
            "covered": m.covered,
            "last_year": value(m.before),
        }
        for m in p.months
    ]


def _change_json(p: Panel) -> dict[str, Any] | None:
    y = p.year_on_year
    if y is None:
        return None
    return {
        "value": float(y.before.value),
        "difference": float(y.difference),
        "percent": None if y.percent is None else float(y.percent),
        "other_basis": str(y.other_basis) if y.other_basis else None,
    }


def _required_json(p: Panel) -> dict[str, Any] | None:
    r = p.required
    if r is None:
        return None

    def plain(x: Fraction | None) -> float | None:
        return None if x is None else float(x)

    return {
        "at_most": json_number(r.at_most),
        "at_least": json_number(r.at_least),
        "exact_at_most": plain(r.rest.high),
        "exact_at_least": plain(r.rest.low),
        "without_rounding": plain(r.strict),
        "days": r.days,
        "months": [str(m) for m in p.known.rest],
    }


def _allowance_json(p: Panel) -> dict[str, Any] | None:
    a = p.allowance
    if a is None:
        return None
    return {
        "of": str(p.makeup),
        "total": a.total,
        "allowed": a.allowed,
        "allowed_strict": a.allowed_strict,
        "used": a.used,
        "used_low": a.used_low,
        "used_high": a.used_high,
        "left": a.left,
        "rest": a.rest,
        "needed": a.needed,
        "calendar_days_known": p.days.calendar if p.days else None,
        "valid_days_known": p.days.valid if p.days else None,
    }


def _path_json(p: Panel) -> dict[str, Any] | None:
    if p.path is None:
        return None
    return {
        "seasonal": None if p.path.seasonal is None else float(p.path.seasonal),
        "linear": float(p.path.linear),
        "ratio": None if p.path.ratio is None else float(p.path.ratio),
        "years": list(p.path.years),
    }
