"""A target's evidence as its chart, its summary in words and its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.domain.observation import Observation, Point, Tier
from dabiao.domain.period import PeriodKind
from dabiao.domain.target import Milestone
from dabiao.i18n.format import number, unit, when
from dabiao.services.pages.views import TargetView
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.attributes import aria
from dashboard.figures.target import SYMBOLS, Ahead, TargetChart, Value, target_chart

CHART = "target-chart"


def used_points(view: TargetView) -> list[Point]:
    """The points that the status hangs on: the judged series, with the deciding value in its place."""
    a = view.verdict.assessment
    points = {p.period: p for p in a.series.points} if a.series else {}
    if a.decided_by is not None:
        points[a.decided_by.period] = a.decided_by
    return [points[period] for period in sorted(points)]


def used_ids(view: TargetView) -> set[int]:
    """The observations behind :func:`used_points`."""
    return {p.chosen.id for p in used_points(view)}


def _shown_unit(view: TargetView, asked: Asked) -> str:
    catalogue = asked.app.catalogue
    return unit(catalogue.indicators[view.verdict.declared.target.series.indicator].unit, asked.lang)


def _of_observation(o: Observation, asked: Asked) -> Value:
    assert o.value is not None
    lines = [
        f"<b>{when(str(o.period), asked.lang)}: {number(o.value)}{unit(o.unit, asked.lang)}</b>",
        present.source_kind(o, asked.lang),
        _clip(o.source),
    ]
    return Value(present.position(o.period), float(o.value), "<br>".join(lines))


def _clip(text: str, most: int = 44) -> str:
    plain = text.replace("<", "‹").replace(">", "›")
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def chart_of(view: TargetView, asked: Asked) -> TargetChart:
    """The chart's content, words included."""
    v, say, lang = view.verdict, asked.say, asked.lang
    a, t = v.assessment, v.declared.target
    used = used_points(view)
    ids = used_ids(view)
    others: dict[str, list[Value]] = {}
    for o in view.observations:
        if o.id not in ids and o.value is not None and o.period.kind is PeriodKind.YEAR:
            others.setdefault(present.source_kind(o, lang), []).append(_of_observation(o, asked))
    kinds = list(dict.fromkeys(present.source_kind(p.chosen, lang) for p in used))
    name = say("chart.used", kind=" / ".join(kinds[:2]))
    if a.proxy:
        region = present.region(asked.app.catalogue, t.series.region, lang)
        name = say("chart.used_proxy", kind=" / ".join(kinds[:2]), region=region)
    return TargetChart(
        used=[_of_observation(p.chosen, asked) for p in used],
        used_name=name,
        others={say("chart.other", kind=kind): values for kind, values in others.items()},
        forecast=_ahead(view, asked),
        border=present.border(a.bounds),
        border_short=present.short_level(t, a.bounds, asked.app.catalogue),
        border_label=say("chart.target", goal=present.level(t, a.bounds, asked.app.catalogue, lang)),
        schedule=[(float(year), value) for year, value in view.schedule],
        schedule_label=say("chart.schedule"),
        milestones=[_milestone(m, view, asked) for m in t.milestones],
        milestone_label=say("chart.milestone"),
        deadline=float(t.deadline[:4]) if t.deadline else None,
        now=present.position_of_day(asked.as_of),
        now_label=say("timeline.today") if asked.as_of == asked.today else asked.as_of.isoformat(),
        unit=_shown_unit(view, asked).strip(),
        words={name: say(f"chart.{name}") for name in ("band80", "band95", "forecast")},
    )


def _milestone(m: Milestone, view: TargetView, asked: Asked) -> Value:
    shown = f"{number(m.value)}{_shown_unit(view, asked)}"
    says = asked.say(
        "chart.milestone_says", period=when(m.period, asked.lang), value=shown, document=_clip(m.document)
    )
    return Value(float(m.period[:4]), float(m.value), says)


def _ahead(view: TargetView, asked: Asked) -> list[Ahead]:
    t = view.verdict.declared.target
    if view.forecast is None or not t.deadline:
        return []
    decimals = asked.app.catalogue.indicators[t.series.indicator].decimals
    shown_unit = _shown_unit(view, asked)
    return [
        Ahead(
            float(s.period[:4]),
            s.point,
            s.lower80,
            s.upper80,
            s.lower95,
            s.upper95,
            asked.say(
                "chart.step",
                period=when(s.period, asked.lang),
                point=f"{number(s.point, decimals)}{shown_unit}",
                lower80=number(s.lower80, decimals),
                upper80=number(s.upper80, decimals),
                lower95=number(s.lower95, decimals),
                upper95=number(s.upper95, decimals),
            ),
        )
        for s in view.forecast.steps
        if s.period <= t.deadline[:4]
    ]


def evidence(view: TargetView, asked: Asked) -> list[Any]:
    """The chart, what it says, and its table to open."""
    chart = chart_of(view, asked)
    if not chart.used and not chart.others:
        return [html.P(asked.say("chart.nothing"), className="soft")]
    says = summary(view, asked)
    return [
        frame.chart(target_chart(chart, asked.theme), CHART, says),
        legend(chart),
        html.P(says, className="summary"),
        frame.fold(asked.say("chart.as_table"), [_table(view, asked)]),
    ]


def legend(chart: TargetChart) -> html.Ul:
    """What each line and sign of the chart is."""
    entries = [("observed", chart.used_name)] if chart.used else []
    entries += [("target", chart.border_label)] if chart.border is not None else []
    if chart.forecast:
        entries += [(name, chart.words[name]) for name in ("forecast", "band80", "band95")]
    entries += [("milestone", chart.milestone_label)] if chart.milestones else []
    entries += [("schedule", chart.schedule_label)] if chart.schedule else []
    entries += [(SYMBOLS[i % len(SYMBOLS)], name) for i, name in enumerate(chart.others)]
    return html.Ul(
        [
            html.Li([html.Span(className=f"swatch swatch-{kind}", **aria(hidden="true")), html.Span(said)])
            for kind, said in entries
        ],
        className="legend chart-legend",
    )


def summary(view: TargetView, asked: Asked) -> str:
    """The chart in sentences."""
    say, lang = asked.say, asked.lang
    a, t = view.verdict.assessment, view.verdict.declared.target
    used = used_points(view)
    shown_unit = _shown_unit(view, asked)
    parts: list[str] = []
    if used:
        first, last = used[0], used[-1]
        parts.append(
            say(
                "chart.says_observed" if len(used) > 1 else "chart.says_one",
                count=len(used),
                first=when(str(first.period), lang),
                first_value=f"{number(first.value)}{shown_unit}",
                last=when(str(last.period), lang),
                last_value=f"{number(last.value)}{shown_unit}",
            )
        )
        if len(used) > 1:
            parts.append(_trend(first, last, asked, t.series.indicator))
    if a.forecast is not None and a.point is not None and t.deadline:
        decimals = asked.app.catalogue.indicators[t.series.indicator].decimals
        parts.append(
            say(
                "chart.says_forecast",
                model=say.word(f"model.{a.forecast.model}"),
                deadline=when(t.deadline, lang),
                point=f"{number(a.point, decimals)}{shown_unit}",
            )
        )
    if any(p.chosen.tier is Tier.THIRD_PARTY for p in used):
        parts.append(say("chart.says_third_party"))
    if a.proxy:
        parts.append(
            say("chart.says_proxy", region=present.region(asked.app.catalogue, t.series.region, lang))
        )
    return ("" if lang == "zh-CN" else " ").join(parts)


def _trend(first: Point, last: Point, asked: Asked, indicator: str) -> str:
    """Better or worse, by the indicator's own direction."""
    if first.value == last.value:
        return asked.say("chart.says_same")
    lower_is_better = asked.app.catalogue.indicators[indicator].direction == "lower"
    better = (last.value < first.value) == lower_is_better
    return asked.say("chart.says_better" if better else "chart.says_worse")


def _table(view: TargetView, asked: Asked) -> html.Div:
    say, lang = asked.say, asked.lang
    decimals = asked.app.catalogue.indicators[view.verdict.declared.target.series.indicator].decimals
    headings = [say(f"chart.{h}") for h in ("period", "value", "kind", "interval80", "interval95")]
    rows: list[Sequence[Any]] = [
        [
            when(str(p.period), lang),
            number(p.value),
            present.source_kind(p.chosen, lang),
            present.DASH,
            present.DASH,
        ]
        for p in used_points(view)
    ]
    t = view.verdict.declared.target
    if view.forecast is not None and t.deadline:
        rows += [
            [
                when(s.period, lang),
                number(s.point, decimals),
                say("chart.forecast"),
                f"{number(s.lower80, decimals)}–{number(s.upper80, decimals)}",
                f"{number(s.lower95, decimals)}–{number(s.upper95, decimals)}",
            ]
            for s in view.forecast.steps
            if s.period <= t.deadline[:4]
        ]
    rows += [
        [when(m.period, lang), number(m.value), say("chart.milestone"), present.DASH, present.DASH]
        for m in t.milestones
    ]
    return frame.table(headings, rows, caption=say("chart.as_table"), classes="figures")
