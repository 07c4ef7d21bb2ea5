"""What a forecast is made of, in words: level, drift and how much of it is believed, season, uncertainty, influential values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dabiao import i18n
from dabiao.domain.assessment import SeriesForecast, Step
from dabiao.domain.observation import Point, Series
from dabiao.domain.target import Bounds, Indicator
from dabiao.forecast.batch.scales import SCALE_FIELDS, Scales
from dabiao.i18n.format import number, percent, unit, when
from dabiao.services.app import App
from dabiao.services.judge.forecasting import alone
from dabiao.services.judge.judging import bring

RECENT, SHOWN = 6, 3
"""Last values that are left out one by one, and how many of them are named."""
_NEEDED = (
    "anchor",
    "unit",
    "drift",
    "jump",
    "damping",
    "spread",
    "seen_drift",
    "drift_weight",
    "scale_weight",
)
_PER_80 = 2 * 1.2815515655446004
"""Widths of a normal 80 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A forecast's parts in the indicator's unit, at its last value.

    Attributes:
        level: where the forecast starts; ``taken_back`` of the last value is held for passing.
        drift: change a year expected at first; ``seen`` what the values show, ``usual`` what it is held towards.
        believed: weight of ``seen`` in ``drift``; ``None`` where the drift is the series' own.
        kept: share of the drift left a year later.
        spread: typical error one year ahead; ``own`` the share of it that is the series' own.
    """

    level: float
    taken_back: float
    drift: float
    seen: float | None
    usual: float | None
    believed: float | None
    kept: float | None
    spread: float
    own: float | None


def parts_of(f: SeriesForecast, last: float) -> Parts:
    """The parts of a forecast: of a shrunk model from its numbers, of any other from its first steps."""
    p, first = f.params, f.steps[0]
    if not all(name in p for name in _NEEDED) or not all(name in first.distribution for name in SCALE_FIELDS):
        later = f.steps[1].point if len(f.steps) > 1 else first.point
        drift = later - first.point
        return Parts(first.point - drift, 0.0, drift, None, None, None, None, _spread(first), None)
    back = _back(first.distribution)

    def moved(units: float) -> float:
        return back(p["anchor"] + p["unit"] * units) - back(p["anchor"])

    weight = p["drift_weight"]
    held = p.get("family_drift", p["drift"])
    usual = (held - weight * p["seen_drift"]) / (1 - weight) if weight < 1 else held
    return Parts(
        level=last + moved(p["jump"]),
        taken_back=-moved(p["jump"]),
        drift=moved(p["drift"]),
        seen=moved(p["seen_drift"]),
        usual=moved(usual),
        believed=weight,
        kept=p["damping"],
        spread=_spread(first),
        own=p["scale_weight"],
    )


def _spread(step: Step) -> float:
    return (step.upper80 - step.lower80) / _PER_80


def _back(distribution: Mapping[str, Any]) -> Callable[[float], float]:
    """From a series' own scale to the indicator's unit."""
    one = {name: np.array([float(distribution[name])]) for name in SCALE_FIELDS}
    scales = Scales(**{**one, "kind": one["kind"].astype(np.int64)})
    return lambda z: float(scales.back(np.array([z]))[0])


def parts_said(indicator: Indicator, f: SeriesForecast, last: Point, lang: str) -> Iterator[str]:
    """The parts of an annual forecast in sentences, figures with their unit and one place more than the indicator has."""
    parts, places, shown = parts_of(f, float(last.value)), indicator.decimals + 1, unit(indicator.unit, lang)

    def say(key: str, **params: object) -> str:
        return i18n.text(f"explain.parts.{key}", lang, unit=shown, **params)

    def figure(value: float | None) -> str:
        return number(0.0 if value is None else value, places)

    period = when(str(last.period), lang)
    if parts.believed is None:
        yield say("level_plain", level=figure(parts.level), last=number(last.value), period=period)
        yield say("drift_plain", drift=figure(parts.drift))
        yield say("no_season")
        yield say("spread_plain", spread=figure(parts.spread))
        return
    yield say(
        "level",
        level=figure(parts.level),
        last=number(last.value),
        period=period,
        taken_back=figure(parts.taken_back),
    )
    yield say(
        "drift" if f.panel_series <= 1 else "drift_family",
        drift=figure(parts.drift),
        seen=figure(parts.seen),
        weight=percent(parts.believed),
        usual=figure(parts.usual),
        count=f.panel_series,
    )
    yield say("damping", kept=percent(parts.kept or 0.0))
    yield say("no_season")
    own = parts.own or 0.0
    yield say("spread", spread=figure(parts.spread), weight=percent(own), prior=percent(1 - own))


def influences(
    app: App, series: Series, deadline: str, level: tuple[Bounds, int], made_at: str
) -> list[tuple[Point, float, float, float, float]]:
    """The recent values that move the forecast most: each with point and attainment without it, and with it.

    Each is left out by itself and the series is fitted again from its own values alone, so that what moves is that value and
    not what other series say. The last values count; the first of a series that is too short without it is passed over.
    """
    year = int(deadline[:4])

    def brought(points: tuple[Point, ...]) -> tuple[float, float] | None:
        short = replace(series, points=points)
        made = alone(app, short, max(year - short.last.period.year, 1), made_at)
        judged = bring(made, deadline, *level) if isinstance(made, SeriesForecast) else None
        return (
            (judged.step.point, judged.attainment)
            if judged is not None and not isinstance(judged, str)
            else None
        )

    whole = brought(series.points)
    found = []
    for point in series.points[-RECENT:]:
        without = brought(tuple(p for p in series.points if p is not point))
        if whole is not None and without is not None:
            found.append((point, *without, *whole))
    return sorted(found, key=lambda i: (-abs(i[1] - i[3]), i[0].period))[:SHOWN]


def influences_said(
    app: App,
    indicator: Indicator,
    series: Series,
    deadline: str,
    level: tuple[Bounds, int],
    made_at: str,
    lang: str,
) -> Iterator[str]:
    """:func:`influences` in sentences."""
    shown = unit(indicator.unit, lang)
    for value, point, attainment, before_point, before in influences(app, series, deadline, level, made_at):
        yield i18n.text(
            "explain.influence.one",
            lang,
            period=when(str(value.period), lang),
            value=number(value.value),
            unit=shown,
            deadline=when(deadline[:4], lang),
            point=number(point, indicator.decimals + 1),
            moved=number(point - before_point, indicator.decimals + 1),
            attainment=percent(attainment),
            before=percent(before),
        )
