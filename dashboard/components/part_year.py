"""The year in progress: what is known of it as a table, and its months beside last year's as a small chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.assess.part_year.makeup import Makeup
from dabiao.assess.part_year.observed import Tile
from dabiao.assess.part_year.panel import Month, Panel
from dabiao.assess.part_year.words import short_month
from dabiao.i18n.format import number, unit
from dabiao.services.judge.part_year import PartYear
from dabiao.services.judge.part_year_said import facts_of, goal_text, why_text
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.attributes import aria
from dashboard.figures.part_year import MonthValue, YearChart, year_chart


def part_year(view: PartYear, asked: Asked) -> list[Any]:
    """The panel; where there is none, why."""
    if view.panel is None:
        return [html.P(why_text(asked.app, view, asked.lang), className="calm")]
    say = asked.say
    rows = [[say.word(f"part_year.fact.{f.name}"), f.said] for f in facts_of(asked.app, view, asked.lang)]
    parts: list[Any] = []
    if any(m.tile is not None or m.before is not None for m in view.panel.months):
        chart = chart_of(view, asked)
        summary = say("part_year.chart", year=view.year)
        figure = year_chart(chart, asked.theme)
        saved = html.Div(frame.png("part-year-chart", summary, say), className="tools")
        parts = [
            frame.chart(figure, "part-year-chart", summary),
            legend(chart),
            html.P(summary, className="summary"),
            saved,
        ]
    table = frame.table(
        [say("part_year.fact"), say("part_year.says")],
        rows,
        caption=say("part_year.heading"),
        classes="facts-table",
    )
    return [table, *parts, frame.fold(say("part_year.months_table"), [_months(view.panel, view, asked)])]


def chart_of(view: PartYear, asked: Asked) -> YearChart:
    """The chart's content, words included."""
    panel, say = view.panel, asked.say
    assert panel is not None
    indicator = asked.app.catalogue.indicators[view.verdict.declared.target.series.indicator]
    required, label = None, ""
    if panel.required is not None and panel.makeup is Makeup.MEAN:
        level = panel.required.at_most if panel.required.at_most is not None else panel.required.at_least
        low, high = indicator.bounds
        possible = level is not None and (low is None or level >= low) and (high is None or level <= high)
        if level is not None and possible:
            required = float(level)
            label = say("part_year.required", value=f"{number(level)}{unit(indicator.unit, asked.lang)}")
    return YearChart(
        this_year=_values([(m, m.tile) for m in panel.months], asked),
        last_year=_values([(m, m.before) for m in panel.months], asked),
        names=(
            say("part_year.this_year", year=view.year),
            say("part_year.last_year", year=view.year - 1),
        ),
        required=required,
        required_label=label,
        rest=[p.first % 12 for p in panel.known.rest],
        months=[_name(m, asked) for m in range(12)],
        unit=unit(indicator.unit, asked.lang).strip(),
    )


def legend(chart: YearChart) -> html.Ul:
    """What each line of the chart is."""
    entries = [("observed", chart.names[0])] if chart.this_year else []
    entries += [("diamond-open", chart.names[1])] if chart.last_year else []
    entries += [("target", chart.required_label)] if chart.required is not None else []
    return html.Ul(
        [
            html.Li([html.Span(className=f"swatch swatch-{kind}", **aria(hidden="true")), html.Span(said)])
            for kind, said in entries
        ],
        className="legend chart-legend",
    )


def _name(month: int, asked: Asked) -> str:
    return asked.say.word("part_year.month", month=short_month(month + 1, asked.lang))


def _values(months: Sequence[tuple[Month, Tile | None]], asked: Asked) -> list[MonthValue]:
    found = []
    for m, tile in months:
        if tile is not None:
            at = m.period.first % 12
            detail = asked.say("part_year.month_value", month=_name(at, asked), value=_shown(tile, asked))
            found.append(MonthValue(at, float(tile.value), detail))
    return found


def _shown(tile: Tile, asked: Asked) -> str:
    if not tile.error:
        return number(round(float(tile.value), 6))
    return number(float(tile.value), 1) + asked.say("part_year.derived", error=number(float(tile.error), 1))


def _months(panel: Panel, view: PartYear, asked: Asked) -> html.Div:
    say = asked.say

    def cell(tile: Tile | None, covered: bool) -> str:
        if tile is not None:
            return _shown(tile, asked)
        return say("part_year.in_to_date") if covered else present.DASH

    rows = [
        [_name(m.period.first % 12, asked), cell(m.tile, m.covered), cell(m.before, False)]
        for m in panel.months
    ]
    indicator = asked.app.catalogue.indicators[view.verdict.declared.target.series.indicator]
    goal = say("part_year.goal", goal=goal_text(panel.goal.bounds, indicator, asked.lang))
    headings = [
        goal,
        say("part_year.this_year", year=view.year),
        say("part_year.last_year", year=view.year - 1),
    ]
    return frame.table(headings, rows, caption=say("part_year.months_table"), classes="figures")
