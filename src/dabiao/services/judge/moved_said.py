"""How far the months of the year in progress have moved the forecast of a later year, in words."""

from __future__ import annotations

from collections.abc import Iterator

from dabiao import i18n
from dabiao.assess.levels import level_bounds
from dabiao.assess.verdict import Judged
from dabiao.domain.assessment import SeriesForecast
from dabiao.forecast import carried
from dabiao.i18n.format import number, percent, unit, when
from dabiao.services.app import App
from dabiao.services.judge.forecasting import find_or_fit
from dabiao.services.judge.judging import Verdict, bring


def unmoved(app: App, v: Verdict) -> SeriesForecast | None:
    """The forecast of a verdict as the annual series alone gives it; ``None`` where the verdict has none."""
    a, deadline = v.assessment, v.declared.target.deadline
    if a.forecast is None or a.forecast.model != carried.NAME or a.series is None or deadline is None:
        return a.forecast
    asked = {"": (a.series, int(deadline[:4]))}
    found = find_or_fit(app, a.as_of, asked, a.forecast.made_at)[""]
    return found if isinstance(found, SeriesForecast) else None


def moved_said(app: App, v: Verdict, lang: str) -> Iterator[str]:
    """Which months were used and what they moved; nothing where they moved nothing."""
    a, t = v.assessment, v.declared.target
    if a.forecast is None or a.forecast.model != carried.NAME or t.deadline is None or a.attainment is None:
        return
    before = unmoved(app, v)
    baseline = v.evidence.baseline.value if v.evidence and v.evidence.baseline else None
    level = level_bounds(t, app.catalogue.indicators[t.indicator], baseline)
    judged = None if before is None or level is None else bring(before, t.deadline, *level)
    if before is None or not isinstance(judged, Judged) or a.point is None:
        return
    indicator = app.catalogue.indicators[t.series.indicator]
    shown, places = unit(indicator.unit, lang), indicator.decimals + 1
    yield i18n.text(
        "explain.forecast.moved",
        lang,
        unit=shown,
        year=a.forecast.steps[0].period,
        until=when(a.forecast.last_period, lang),
        alone=number(before.steps[0].point, places),
        expected=number(a.forecast.params["year_expected"], places),
        deadline=when(t.deadline, lang),
        before=number(judged.step.point, places),
        point=number(a.point, places),
        chance=percent(judged.attainment),
        attainment=percent(a.attainment),
    )
