"""From what was known on a day to a status of each target."""

from __future__ import annotations

import contextlib
import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dabiao.assess.evidence import NOTHING, Evidence
from dabiao.assess.group import judge_each
from dabiao.assess.levels import level_bounds
from dabiao.assess.rules import standing
from dabiao.assess.totals import grows, never_below
from dabiao.assess.verdict import Judged, assess, needs_forecast
from dabiao.domain.assessment import Assessment, Reason, SeriesForecast
from dabiao.domain.steps import step_of
from dabiao.domain.target import Bounds, unrounded
from dabiao.forecast import predictive
from dabiao.forecast.attainment import attainment
from dabiao.services.app import App, stamp
from dabiao.services.declare.targets import DeclaredTarget, targets_as_of
from dabiao.services.judge import deciding, in_year, running
from dabiao.services.judge.deciding import Standing
from dabiao.services.judge.forecast_day import Days
from dabiao.services.judge.forecasting import find_or_fit
from dabiao.services.judge.months import MonthsOf
from dabiao.services.judge.questions import Places, Question, known_places, questions
from dabiao.store import reports


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with its assessment and the evidence behind it: of a group judged by each member, the worst one's."""

    declared: DeclaredTarget
    assessment: Assessment
    evidence: Evidence | None


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: here it would go through some hundred thousand living objects again and again, find
    nothing, and take a quarter of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Kept:
    """What one part of a day's judgement has read and the next may ask for too.

    Args:
        indicators: how many look-ups of series are kept, those asked for last.
    """

    def __init__(self, app: App, as_of: date, indicators: int = 1) -> None:
        self.as_of = as_of
        self.days = Days(app, as_of, indicators)
        self.months = MonthsOf(app, as_of)


@uncollected()
def judge(
    app: App,
    as_of: date,
    now: datetime,
    only: Callable[[DeclaredTarget], bool] | None = None,
    *,
    live: bool = False,
    names: Collection[str] | None = None,
    kept: Kept | None = None,
) -> list[Verdict]:
    """The status of each target as known on ``as_of``. Reads only: a forecast that was never stored is fitted in passing.

    Args:
        only: keeps the targets for which it is true; all by default.
        live: what the values say, whatever was decided and frozen before.
        names: ids of the targets; all by default. Of the others nothing is read.
        kept: what was read of the day before.
    """
    kept = kept or Kept(app, as_of)
    thresholds, deciding_rules = app.thresholds, app.settings.deciding
    with app.store.snapshot():
        declared = [d for d in targets_as_of(app, as_of, names) if only is None or only(d)]
        known = known_places(app, declared, as_of)
        reported = reports.reports_as_of(app.store, as_of, names)
        decided = {} if live else deciding.standing(app, as_of, names)
        put = questions(app.catalogue, declared, Places(known, as_of, thresholds.minimum))
        asked = [
            (q.target, q.evidence.series)
            for q in put
            if q.evidence is not None
            and q.evidence.series is not None
            and needs_forecast(q.target, q.evidence, as_of, thresholds)
        ]
        begun = in_year.find_or_fit(app, running.needs_of(app, asked, as_of, kept.months), stamp(now))
        this_year = {t.id: begun[t.id] for t, _ in asked if running.decides(begun.get(t.id), t)}
        wanted = {
            t.id: (series, int(t.deadline[:4]))
            for t, series in asked
            if t.id not in this_year and t.deadline is not None
        }
        forecasts = running.moved_all(find_or_fit(app, as_of, wanted, stamp(now), kept.days), begun)

    rules = standing(app.settings.lights)
    answers: dict[str, list[tuple[Question, Assessment]]] = defaultdict(list)
    for q in put:
        name = q.target.id
        judged: Judged | Reason | None = None
        if name in this_year or name in wanted:
            judged = _brought(app, q, this_year.get(name) or forecasts[name])
        a = assess(
            q.target,
            q.declared.version,
            app.catalogue.indicators[q.target.indicator],
            q.evidence or NOTHING,
            judged,
            reported.get(name),
            rules,
            as_of,
            thresholds,
            deciding_rules,
        )
        answers[q.declared.target.id].append((q, a))
    return [_verdict(app, d, answers[d.target.id], as_of, decided.get(d.target.id)) for d in declared]


def _brought(app: App, q: Question, forecast: SeriesForecast | Exception) -> Judged | Reason:
    """A question's forecast held against its target."""
    e, indicator = q.evidence, app.catalogue.indicators[q.target.indicator]
    assert e is not None and e.series is not None
    level = level_bounds(q.target, indicator, e.baseline.value if e.baseline else None)
    if not isinstance(forecast, SeriesForecast) or level is None:
        return Reason.FORECAST_FAILED
    if grows(q.target, indicator, e.series):
        forecast = never_below(forecast, float(e.series.last.value))
    return bring(forecast, q.target.deadline or "", *level)


def _verdict(
    app: App,
    d: DeclaredTarget,
    answers: Sequence[tuple[Question, Assessment]],
    as_of: date,
    decided: Standing | None,
) -> Verdict:
    """One target's verdict out of those on its series, under what was decided before."""
    q, a = answers[0]
    evidence = q.evidence
    if q.member is not None:
        end = d.target.deadline_end
        direction = app.catalogue.indicators[d.target.indicator].direction
        parts = [(q.member or "", a) for q, a in answers]
        a = judge_each(parts, direction, app.thresholds, past=end is not None and as_of > end)
        evidence = next((q.evidence for q, _ in answers if q.member == a.worst_member), NOTHING)
    elif q.unpooled is not None:
        reason, lacking = q.unpooled
        a = replace(a, reason=reason, params={**a.params, "members": list(lacking)})
    if a.target_id != d.target.id:
        a = replace(a, target_id=d.target.id)
    return under(Verdict(d, a, evidence), decided)


def under(v: Verdict, decided: Standing | None) -> Verdict:
    """A live verdict under what was decided before: a settled decision stays as it was frozen."""
    if decided is None:
        return v
    return replace(v, assessment=decided.over(v.assessment, v.declared.target.deadline))


def bring(forecast: SeriesForecast, deadline: str, bounds: Bounds, decimals: int) -> Judged | Reason:
    """A series' forecast held against one target: the step of the deadline's year and the mass on the values that meet it."""
    step = step_of(forecast.steps, deadline[:4])
    if step is None:
        return Reason.FORECAST_FAILED
    p = attainment(predictive.from_json(step.distribution), unrounded(bounds, decimals))
    return Judged(forecast, step, p)
