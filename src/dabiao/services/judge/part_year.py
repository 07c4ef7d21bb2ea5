"""The year in progress of a target: its panel and its forecast, as known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dabiao.assess.levels import level_bounds
from dabiao.assess.part_year.makeup import makeup_of
from dabiao.assess.part_year.observed import Line, agree
from dabiao.assess.part_year.panel import Goal, Held, Panel, panel
from dabiao.assess.verdict import needs_forecast
from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.observation import Observation, Series
from dabiao.domain.period import LONG_KINDS, Period, PeriodKind
from dabiao.domain.target import Indicator, Measure, Target, members
from dabiao.forecast import in_year as model
from dabiao.services.app import App, stamp
from dabiao.services.declare.targets import targets_as_of
from dabiao.services.judge import in_year, running
from dabiao.services.judge.judging import Verdict, bring
from dabiao.services.judge.months import Months, taken_together
from dabiao.services.judge.questions import Places, known_places, questions
from dabiao.store import forecasts as forecast_store
from dabiao.store import observations as observed


@dataclass(frozen=True, slots=True)
class PartYear:
    """A target's year in progress as known on a day.

    Attributes:
        why: where there is no panel, the reason (``part_year.why``).
        lines: the values of the deciding place that may stand in it, of bases that nothing sets apart; of a target on the
            mean or total of several places theirs taken ``together``.
        lacking: those of them of which nothing of the year is known, where others have some of it.
        forecast: the in-year forecast, ``None`` where the months do not bear one; ``attainment``: that the year's figure
            meets the goal.
    """

    verdict: Verdict
    year: int
    panel: Panel | None
    why: str | None = None
    lines: tuple[Line, ...] = ()
    together: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    forecast: SeriesForecast | None = None
    attainment: float | None = None

    @property
    def as_of(self) -> date:
        return self.verdict.assessment.as_of


def part_year(app: App, v: Verdict) -> PartYear:
    """A target's year in progress on the day of its verdict, with its in-year forecast. Reads only."""
    return with_forecast(app, in_progress(app, v))


def in_progress(app: App, v: Verdict) -> PartYear:
    """A target's year in progress from its values alone, without a forecast. Reads only."""
    t, day = judged_target(v), v.assessment.as_of
    indicator = app.catalogue.indicators[t.series.indicator]
    made, why = makeup_of(indicator), refused(v, indicator)
    together = taken_together(app.catalogue, t)
    if why is not None or made is None:
        return PartYear(v, day.year, None, why, together=together)
    known = observed.known_observations(app.store, day, kinds=LONG_KINDS, places=running.places_of(app, t))
    lines = _lines(v, Months(known, day).lines(t, indicator, together))
    found: Panel | None = None
    for year in _years(v, day):
        goal = goal_of(v, indicator, year)
        found = panel(lines, year, goal, indicator, made) if lines and goal is not None else None
        if found is not None:
            break
    if found is None:
        lacking = _lacking(t, known, together, day.year)
        why = "members_lack" if lacking else _nothing(t, known, lines)
        return PartYear(v, day.year, None, why, tuple(lines), together, lacking)
    return PartYear(v, found.year, found, None, tuple(lines), together)


def judged_target(v: Verdict) -> Target:
    """The target with the series that it is judged by: of a region group the worst member's."""
    t, worst = v.declared.target, v.assessment.worst_member
    return t if worst is None else replace(t, series=replace(t.series, region=worst))


def refused(v: Verdict, indicator: Indicator) -> str | None:
    """Why a target can have no panel whatever is observed; ``None`` if it can."""
    t = v.declared.target
    if t.measure is not Measure.NUMERIC:
        return "not_numeric"
    if t.deadline is not None and in_year.whole_year(t) is None:
        return "part_of_year"
    if goal_of(v, indicator, v.assessment.as_of.year) is None:
        return "no_level"
    return None if makeup_of(indicator) is not None else "not_made_of_parts"


def goal_of(v: Verdict, indicator: Indicator, year: int) -> Goal | None:
    """What a year is held against: the target in its own year or after it, before it the milestone issued for the year."""
    t, baseline = v.declared.target, v.evidence.baseline if v.evidence else None
    base = baseline.value if baseline else None
    due = in_year.whole_year(t)
    held = Held.LATER if due is None or year < due else Held.TARGET if year == due else Held.PAST
    asked: Target = t
    if held is Held.LATER:
        issued = next((m for m in t.milestones if m.period == str(year)), None)
        if issued is not None:
            held, asked = Held.MILESTONE, replace(t, value=issued.value)
    level = level_bounds(asked, indicator, base)
    return None if level is None else Goal(*level, held)


def _years(v: Verdict, day: date) -> Iterator[int]:
    """The year of the day; before anything of it is known, the year before while its own figure is awaited."""
    yield day.year
    undecided = v.evidence is None or v.evidence.deciding is None
    if undecided and in_year.whole_year(v.declared.target) == day.year - 1:
        yield day.year - 1


def _lines(v: Verdict, lines: list[Line]) -> list[Line]:
    """Those that agree with the annual series, of its own basis first; without such a series with the fullest, which is first."""
    annual = v.evidence.series if v.evidence else None
    if annual is not None:
        return sorted(
            (ln for ln in lines if agree(ln.basis, annual.basis)), key=lambda ln: ln.basis != annual.basis
        )
    lines.sort(key=lambda ln: -len(ln.values))
    return [ln for ln in lines if agree(ln.basis, lines[0].basis)]


def _nothing(t: Target, known: Sequence[Observation], lines: Sequence[Line]) -> str:
    def parts(periods: Sequence[Period]) -> bool:
        return any(p.kind is not PeriodKind.YEAR for p in periods)

    if any(parts(list(line.values)) for line in lines):
        return "none_of_year"
    return "other_basis" if parts([o.period for o in known if o.tier in t.series.tiers]) else "annual_only"


def _lacking(t: Target, known: Sequence[Observation], together: Sequence[str], year: int) -> tuple[str, ...]:
    """The members of which nothing of the year is known while others have some of it."""
    there = {o.region for o in known if o.tier in t.series.tiers and o.period.year == year}
    return tuple(m for m in together if m not in there) if there else ()


def with_forecast(app: App, view: PartYear) -> PartYear:
    """The panel with its in-year forecast brought to its goal, the verdict's own where it has one. Nothing is stored."""
    own = view.verdict.assessment.forecast
    if view.panel is None:
        return view
    if (
        own is not None
        and own.model == model.NAME
        and own.steps[0].period == str(view.year)
        and not view.panel.line.typed
    ):
        return brought(view, own)
    need = need_for(app, view)
    if need is None:
        return view
    found = in_year.find_or_fit(app, {"year": need}, made_at="").get("year")
    return brought(view, found)


def need_for(app: App, view: PartYear) -> in_year.Need | None:
    """What the year would be forecast from."""
    v = view.verdict
    t = judged_target(v)
    indicator = app.catalogue.indicators[t.series.indicator]
    if view.panel is None or not in_year.forecastable(indicator, t if view.together else None):
        return None
    known = observed.known_observations(app.store, view.as_of, indicator=t.series.indicator, kinds=LONG_KINDS)
    months = Months(known, view.as_of)
    annual = v.evidence.series if v.evidence else None
    if annual is not None and not view.panel.line.typed:
        return in_year.need_of(months, t, indicator, annual, view.year, view.together)
    return _need_of_lines(months, view, indicator, annual)


def _need_of_lines(
    months: Months, view: PartYear, indicator: Indicator, annual: Series | None
) -> in_year.Need | None:
    t = judged_target(view.verdict)
    for line in view.lines:
        bridged = in_year.bridge_years(line, annual, view.year) if annual is not None else []
        if annual is not None and line.basis != annual.basis and not bridged:
            continue
        need = in_year.need_of_line(months, line, t.series.region, indicator, view.year, bridged)
        if need is not None and need.sound:
            return need
    return None


def brought(view: PartYear, forecast: SeriesForecast | None) -> PartYear:
    """A forecast of the year held against the panel's goal."""
    if forecast is None or view.panel is None:
        return view
    judged = bring(forecast, str(view.year), view.panel.goal.bounds, view.panel.goal.decimals)
    return replace(view, forecast=forecast, attainment=getattr(judged, "attainment", None))


def keep(app: App, as_of: date, now: datetime) -> int:
    """Fit and store the in-year forecast of every target whose year in progress, or a year after it, its months bear on; how
    many were new.
    """
    declared = [
        d
        for d in targets_as_of(app, as_of)
        if d.target.measure is Measure.NUMERIC
        and (d.target.deadline or "")[:4] >= str(as_of.year)
        and in_year.forecastable(app.catalogue.indicators[d.target.series.indicator])
    ]
    there = observed.places_with(
        app.store, {(m, i) for d in declared for m, i in _judged_places(app, d.target)}, running.PARTS
    )
    declared = [d for d in declared if _judged_places(app, d.target) & there]
    if not declared:
        return 0
    places = Places(known_places(app, declared, as_of), as_of, app.thresholds.minimum)
    asked = [
        (q.target, q.evidence.series)
        for q in questions(app.catalogue, declared, places)
        if q.evidence is not None
        and q.evidence.series is not None
        and needs_forecast(q.target, q.evidence, as_of, app.thresholds)
    ]
    needs = running.needs_of(app, asked, as_of)
    found = in_year.find_or_fit(app, needs, stamp(now))
    new = {f.vintage: (needs[name].key, f) for name, f in found.items() if f.id == 0}
    return forecast_store.record_forecasts(app.store, list(new.values())) if new else 0


def _judged_places(app: App, t: Target) -> set[tuple[str, str]]:
    """The regions and indicators by which a target is judged, every member's of a group."""
    regions = members(t, app.catalogue.regions[t.region]) or (t.series.region,)
    return {(region, t.series.indicator) for region in regions}
