"""What a year would come to if its remaining months were as someone supposes. Nothing of it is ever stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dabiao import i18n
from dabiao.assess.part_year.arithmetic import rounded
from dabiao.assess.part_year.makeup import Makeup, makeup_of
from dabiao.assess.part_year.observed import Line, known_of, mean_over
from dabiao.assess.part_year.panel import Panel, panel
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.target import Indicator
from dabiao.errors import DabiaoError
from dabiao.i18n.format import listed, number, percent, unit, when
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.judge.part_year import PartYear, goal_of, part_year, with_forecast
from dabiao.services.judge.part_year_said import facts_of, goal_text, part_year_json, why_text

AS_LAST_YEAR = "as-last-year"
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed of the months that are left.

    Attributes:
        months: values typed in, by month or quarter.
        rest: whether the other months are as in the year before.
        better: by how much percent better than then; worse if negative.
    """

    months: Mapping[Period, Decimal] = field(default_factory=dict)
    rest: bool = False
    better: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of it.

    Attributes:
        view: the year with what is supposed taken as known, and the forecast of what is still left.
        filled: every supposed value, typed in or from the year before.
        value, meets: the year's figure where nothing is left open, and whether it meets the goal at its precision.
    """

    supposed: Supposed
    view: PartYear
    filled: Mapping[Period, Decimal]
    value: Fraction | None
    meets: bool | None
    attainment: float | None

    @property
    def panel(self) -> Panel:
        assert self.view.panel is not None
        return self.view.panel


def scenario(app: App, v: Verdict, supposed: Supposed) -> Outcome:
    """A target's year with something supposed of its remaining months, as known on the day of its verdict.

    Raises:
        DabiaoError: the target has no part-year; a month that is not of the year, is observed already or has an impossible
            value; a month that the year before does not have either.
    """
    start = part_year(app, v)
    indicator = app.catalogue.indicators[v.declared.target.series.indicator]
    made = makeup_of(indicator)
    if made not in (Makeup.MEAN, Makeup.DAYS) or not (start.panel or start.why == "none_of_year"):
        why = (
            why_text(app, start, app.settings.lang)
            if start.why
            else i18n.text("scenario.not_a_mean", app.settings.lang)
        )
        raise DabiaoError("scenario_impossible", target=v.declared.target.id, why=why)
    lines = start.lines
    line = start.panel.line if start.panel else lines[0]
    _check(supposed, line, start.year, indicator, app.settings.lang)
    filled = {
        **_from_last_year(supposed, line, lines, start.year, indicator, app.settings.lang),
        **supposed.months,
    }
    tried = line.with_typed(filled)
    others = tuple(other for other in lines if other is not line)
    goal = goal_of(v, indicator, start.year)
    assert goal is not None
    found = panel((tried, *others), start.year, goal, indicator, made)
    if found is None:
        raise DabiaoError("scenario_empty", year=start.year)
    view = with_forecast(
        app, replace(start, panel=found, why=None, lines=(tried, *others), forecast=None, attainment=None)
    )
    value = found.year_value
    meets = None if value is None else found.meets(value)
    attainment = view.attainment if view.attainment is not None or meets is None else float(meets)
    return Outcome(supposed, view, filled, value, meets, attainment)


def open_months(view: PartYear) -> tuple[Period, ...]:
    """The months of which something may be supposed: those that no value covers."""
    if view.panel is not None:
        return view.panel.known.rest
    return tuple(Period.month_of(view.year, m) for m in range(1, 13)) if view.why == "none_of_year" else ()


def _check(supposed: Supposed, line: Line, year: int, indicator: Indicator, lang: str) -> None:
    known = known_of(line, year)
    covered = known.months if known else frozenset()
    taken: set[int] = set()
    for period, value in supposed.months.items():
        name = str(period)
        if period.year != year or period.kind not in (PeriodKind.MONTH, PeriodKind.QUARTER):
            raise DabiaoError("scenario_month_wrong", month=name, year=year)
        months = {m % 12 for m in range(period.first, period.last + 1)}
        if months & covered:
            raise DabiaoError("scenario_month_known", month=when(name, lang))
        if months & taken:
            raise DabiaoError("scenario_month_twice", month=when(name, lang))
        taken |= months
        low, high = indicator.bounds
        if not value.is_finite() or (low is not None and value < low) or (high is not None and value > high):
            raise DabiaoError("scenario_value_wrong", month=when(name, lang), value=str(value))


def _from_last_year(
    supposed: Supposed, line: Line, lines: Sequence[Line], year: int, indicator: Indicator, lang: str
) -> dict[Period, Decimal]:
    """The months that are left as in the year before, better by the percentage asked, within the indicator's bounds."""
    if not supposed.rest:
        return {}
    known = known_of(line, year)
    taken = {m % 12 for p in supposed.months for m in range(p.first, p.last + 1)} | (
        known.months if known else set()
    )
    ordered = (line, *(other for other in lines if other is not line))
    found: dict[Period, Decimal] = {}
    missing: list[str] = []
    for month in sorted(set(range(12)) - taken):
        period = Period.month_of(year, month + 1)
        tiles = (mean_over(ln, year - 1, frozenset({month})) for ln in ordered)
        before = next((t for t in tiles if t is not None and t.sure), None)
        if before is None:
            missing.append(when(str(Period.month_of(year - 1, month + 1)), lang))
            continue
        better = Fraction(supposed.better) / 100
        value = before.value * (1 - better if indicator.direction == "lower" else 1 + better)
        found[period] = _within(rounded(value, _PLACES).normalize(), indicator)
    if missing:
        raise DabiaoError("scenario_no_last_year", months=listed(missing, lang))
    return found


def _within(value: Decimal, indicator: Indicator) -> Decimal:
    low, high = indicator.bounds
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def says(app: App, o: Outcome, lang: str) -> list[str]:
    """The outcome in sentences; the first says that it is a scenario."""
    indicator = app.catalogue.indicators[o.view.verdict.declared.target.series.indicator]
    goal = goal_text(o.panel.goal.bounds, indicator, lang)
    shown_unit = unit(indicator.unit, lang)
    decimals = max(indicator.decimals, o.panel.goal.decimals)
    shown = [f"{when(str(p), lang)} {number(x, decimals)}" for p, x in sorted(o.filled.items())]

    def say(key: str, **params: Any) -> str:
        return i18n.text(f"scenario.{key}", lang, **params)

    found = [say("mark", supposed=listed(shown, lang) if shown else say("nothing"))]
    if o.value is not None:
        found.append(
            say(
                "meets" if o.meets else "misses",
                year=o.view.year,
                value=f"{number(rounded(o.value, decimals + 1))}{shown_unit}",
                goal=goal,
                decimals=o.panel.goal.decimals,
            )
        )
    elif o.view.forecast is not None:
        step = o.view.forecast.steps[0]
        found.append(
            say("expected", year=o.view.year, point=f"{number(step.point, decimals)}{shown_unit}", goal=goal)
        )
    else:
        found.append(say("open", year=o.view.year))
    if o.attainment is not None:
        found.append(say("attainment", attainment=percent(o.attainment)))
    kept = ("required", "allowance", "reached") if o.value is None else ()
    return [*found, *(f.said for f in facts_of(app, o.view, lang) if f.name in kept)]


def scenario_json(app: App, o: Outcome, lang: str) -> dict[str, Any]:
    """One scenario as ``dabiao scenario --format json`` prints it: what is supposed, what comes of it, then the panel."""
    return {
        "scenario": True,
        "supposed": [
            {"period": str(p), "value": float(x), "typed": p in o.supposed.months}
            for p, x in sorted(o.filled.items())
        ],
        "better_percent": float(o.supposed.better),
        "year_value": None if o.value is None else float(o.value),
        "meets": o.meets,
        **part_year_json(app, o.view, lang),
        "attainment": o.attainment,
        "says": says(app, o, lang),
    }
