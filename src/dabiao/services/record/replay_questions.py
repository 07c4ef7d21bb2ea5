"""Questions that no plan declares, put to the series themselves so that the record is not empty on the first day.

A question reads nothing later than its origin: values by the day on which they were known, limits by the day on which they were
in force. A value that a plan declared later is only a border; no forecast sees it. docs/track-record.md lists the questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from dabiao.assess.evidence import Evidence
from dabiao.assess.levels import level_bounds
from dabiao.assess.rules import Rule, standing
from dabiao.assess.ruling import apply
from dabiao.assess.verdict import Judged, provisional_reasons, unfit
from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.observation import Point, Series, series_of
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.rounding import decimals_of, plain
from dabiao.domain.target import Comparator, DecidingSeries, Indicator, Kind, Measure, Target, meets
from dabiao.domain.track_record import FIRST_YEAR, LEADS, Asked, Case, Mode
from dabiao.forecast.references import References
from dabiao.services.app import App, stamp
from dabiao.services.declare.targets import DeclaredTarget, targets_as_of
from dabiao.services.judge.forecasting import find_or_fit
from dabiao.services.judge.judging import bring
from dabiao.services.record.replay import spoken
from dabiao.standards.limits import limits_on
from dabiao.store import observations as observed

PLAN_YEARS = 5
"""How long before its deadline a question's baseline lies: a five-year plan's."""
_POLLUTANTS = {"pm25": "PM2.5", "pm10": "PM10", "so2": "SO2", "no2": "NO2"}
"""Indicators whose annual mean the ambient air standard limits."""


def origins(as_of: date) -> list[date]:
    """The last day of each year that is over."""
    return [date(year, 12, 31) for year in range(FIRST_YEAR, as_of.year)]


@dataclass(frozen=True, slots=True)
class _Told:
    """A series at an origin, and how it went on.

    Attributes:
        outcomes: the values used as of today, by year.
    """

    series: Series
    indicator: Indicator
    forecast: SeriesForecast
    outcomes: Mapping[int, Point]
    origin: date


def of_series(app: App, as_of: date, now: datetime) -> Iterator[Case]:
    """The cases of all questions to every annual series that could be forecast at an origin and has gone on since."""
    borders = declared_values(targets_as_of(app, as_of))
    came = {name: {p.period.year: p for p in s.points} for name, s in _series(app, as_of).items()}
    rules = standing(app.settings.lights)
    for origin in origins(as_of):
        usable = {
            name: series
            for name, series in _series(app, origin).items()
            if max(came.get(name, [0])) > origin.year
            and unfit(_evidence(series, None), origin, app.thresholds) is None
        }
        asked = {name: (series, origin.year + max(LEADS)) for name, series in usable.items()}
        for name, forecast in find_or_fit(app, origin, asked, stamp(now)).items():
            if isinstance(forecast, SeriesForecast):
                series = usable[name]
                indicator = app.catalogue.indicators[series.indicator]
                told = _Told(series, indicator, forecast, came[name], origin)
                yield from _cases(told, borders.get(series.indicator, ()), rules)


def _series(app: App, day: date) -> dict[str, Series]:
    known = observed.known_observations(app.store, day, kinds={PeriodKind.YEAR})
    return {s.id: s for s in series_of(known, PeriodKind.YEAR, day).values()}


def declared_values(declared: Iterable[DeclaredTarget]) -> dict[str, list[Target]]:
    """The levels that plans declare, by deciding indicator, each once."""
    found: dict[str, dict[tuple[object, ...], Target]] = defaultdict(dict)
    for d in declared:
        t = d.target
        if t.measure is Measure.NUMERIC and t.kind is Kind.LEVEL:
            found[t.series.indicator].setdefault((t.comparator, t.value, t.tolerance), t)
    return {name: list(targets.values()) for name, targets in found.items()}


def questions(
    series: Series, indicator: Indicator, origin: date, declared: Sequence[Target]
) -> Iterator[tuple[Asked, Target]]:
    """What is asked of a series at an origin: the limit in force, the declared values, and no worse than its last value."""
    meeting = Comparator.LE if indicator.direction == "lower" else Comparator.GE
    pollutant = _POLLUTANTS.get(series.indicator)
    limit = limits_on(origin).limit(pollutant, "year") if pollutant else None
    if limit is not None:
        yield Asked.LIMIT, _question(series, meeting, limit)
    for t in declared:
        assert t.comparator is not None
        assert t.value is not None
        yield Asked.DECLARED_VALUE, _question(series, t.comparator, t.value, t.tolerance)
    yield Asked.NO_WORSE, _question(series, meeting, series.last.value)


def _question(
    series: Series, comparator: Comparator, value: Decimal, tolerance: Decimal | None = None
) -> Target:
    return Target(
        id="",
        plan="",
        region=series.region,
        indicator=series.indicator,
        measure=Measure.NUMERIC,
        kind=Kind.LEVEL,
        quote="",
        clause="",
        series=DecidingSeries(series.region, series.indicator, (), proxy=False),
        comparator=comparator,
        value=value,
        tolerance=tolerance,
    )


def _cases(told: _Told, declared: Sequence[Target], rules: Sequence[Rule]) -> Iterator[Case]:
    simple = References(told.series, told.indicator)
    asked = list(questions(told.series, told.indicator, told.origin, declared))
    for lead in LEADS:
        year = told.origin.year + lead
        if year in told.outcomes:
            for kind, question in asked:
                put = replace(question, deadline=str(year), baseline_period=str(year - PLAN_YEARS))
                case = _case(told, kind, put, lead, simple, rules)
                if case is not None:
                    yield case


def _case(
    told: _Told, kind: Asked, put: Target, lead: int, simple: References, rules: Sequence[Rule]
) -> Case | None:
    series, year = told.series, told.origin.year + lead
    level = level_bounds(put, told.indicator, None)
    assert level is not None  # a level hangs on no baseline
    judged = bring(told.forecast, str(year), *level)
    if not isinstance(judged, Judged):
        return None
    base = Period.year_of(year - PLAN_YEARS)
    evidence = _evidence(series, next((p for p in series.points if p.period == base), None))
    said = apply(rules, (), put, told.indicator, evidence, series.last, level, judged.attainment)
    step, outcome = judged.step, told.outcomes[year]
    assert put.value is not None
    return Case(
        mode=Mode.REPLAY,
        asked=kind,
        target_id=None,
        region=series.region,
        indicator=series.indicator,
        basis=str(series.basis),
        comparator=str(put.comparator),
        value=plain(put.value),
        deadline=str(year),
        origin=told.origin,
        lead=lead,
        attainment=judged.attainment,
        climatology=simple.climatology(*level),
        drift=simple.drift(year, *level),
        point=step.point,
        lower80=step.lower80,
        upper80=step.upper80,
        lower95=step.lower95,
        upper95=step.upper95,
        met=meets(outcome.value, level[1], level[0]),
        observed=plain(outcome.value),
        decimals=max(told.indicator.decimals, decimals_of(outcome.value)),
        known_on=outcome.chosen.known_on,
        provisional=bool(provisional_reasons(put, outcome)),
        model=told.forecast.model,
        model_version=told.forecast.model_version,
        vintage=told.forecast.vintage,
        rules=spoken(said),
    )


def _evidence(series: Series, baseline: Point | None) -> Evidence:
    return Evidence(None, series, baseline, True)
