"""One indicator in all its regions: side by side, as small charts on shared axes, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dabiao.i18n.format import number, unit, when
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.places import Compared, IndicatorView
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import attainment, frame, links
from dashboard.components.region_parts import change
from dashboard.components.status import badge
from dashboard.figures.compare import Panel, Standing, compare, multiple

COMPARE = "compare-chart"

CHARTS = 24
"""Small charts, and rows of the chart that compares; the table has every region."""


def comparison(view: IndicatorView, asked: Asked) -> list[Any]:
    """The chart of latest values, its summary, and its signs explained; a sentence where nothing was observed."""
    rows = [row for row in view.rows if row.series is not None][:CHARTS]
    say = asked.say
    if not rows:
        return [html.P(say("indicator.no_values"), className="calm")]
    better = view.indicator.direction == "lower"
    rows.sort(key=_value, reverse=not better)
    standings = [_standing(row, view, asked) for row in rows]
    first, last = standings[0], standings[-1]
    held = sum(1 for row in rows if row.verdicts)
    says = say("indicator.compare_says", count=len(rows), held=held, best=first.name, best_value=first.shown)
    if len(rows) > 1:
        gap = "" if asked.lang == "zh-CN" else " "
        says += gap + say("indicator.compare_worst", worst=last.name, worst_value=last.shown)
    figure = compare(standings, asked.theme, unit(view.indicator.unit, asked.lang).strip())
    signs = html.Ul(
        [
            html.Li([html.Span(className="swatch swatch-border"), html.Span(say("indicator.sign_target"))]),
            html.Li(
                [html.Span(className="swatch swatch-circle-open"), html.Span(say("indicator.sign_unjudged"))]
            ),
        ],
        className="legend",
    )
    table_of = _as_table(standings, asked)
    return [frame.chart(figure, COMPARE, says), signs, html.P(says, className="summary"), table_of]


def _as_table(standings: Sequence[Standing], asked: Asked) -> html.Details:
    say = asked.say
    rows = [[s.name, s.shown, say.status(s.status) if s.status else present.DASH] for s in standings]
    headings = [say("columns.region"), say("columns.latest"), say("columns.status")]
    return frame.fold(say("chart.as_table"), [frame.table(headings, rows, caption=say("chart.as_table"))])


def _value(row: Compared) -> float:
    assert row.series is not None
    return float(row.series.last.value)


def _standing(row: Compared, view: IndicatorView, asked: Asked) -> Standing:
    assert row.series is not None
    lang, last = asked.lang, row.series.last
    shown = f"{number(last.value)}{unit(view.indicator.unit, lang)}"
    name = present.short_region(asked.app.catalogue, row.region, lang)
    lines = [f"<b>{name} {when(str(last.period), lang)}: {shown}</b>", present.source_kind(last.chosen, lang)]
    if not row.verdicts:
        return Standing(name, float(last.value), shown, detail="<br>".join(lines))
    v = row.verdicts[0]
    lines.append(
        f"{asked.say.status(v.assessment.status)} {present.goal(v.declared.target, asked.app.catalogue, lang)}"
    )
    border = present.border(v.assessment.bounds)
    return Standing(name, float(last.value), shown, border, v.assessment.status, "<br>".join(lines))


# -- small multiples --------------------------------------------------------------------------------------------------


def multiples(view: IndicatorView, asked: Asked) -> list[Any]:
    """A small chart a region, all on the same axes so that they can be compared."""
    rows = [row for row in view.rows if row.series is not None][:CHARTS]
    if not rows:
        return []
    panels = [_panel(row) for row in rows]
    xs = [x for p in panels for x, _ in p.observed] + [x for p in panels for x, _ in p.borders]
    ys = [y for p in panels for _, y in p.observed] + [b for p in panels for _, b in p.borders]
    ys += [edge for p in panels for step in p.forecast for edge in step[2:]]
    years, values = (min(xs), max(xs)), (min(ys), max(ys))
    if values[0] == values[1]:
        values = (values[0] - 1, values[1] + 1)
    return [
        html.Ul(
            [
                html.Li(_multiple(row, panel, n, (years, values), view, asked))
                for n, (row, panel) in enumerate(zip(rows, panels, strict=True))
            ],
            className="multiples",
        ),
        frame.fold(asked.say("chart.as_table"), [_by_year(rows, asked)]),
    ]


def _by_year(rows: Sequence[Compared], asked: Asked) -> html.Div:
    """The values of the small charts: a row a region, a column a year."""
    found = {
        row.region: {p.period.year: number(p.value) for p in row.series.points} for row in rows if row.series
    }
    years = sorted({year for values in found.values() for year in values})
    cells = [
        [links.region(region, asked), *(values.get(year, present.DASH) for year in years)]
        for region, values in found.items()
    ]
    headings = [asked.say("columns.region"), *(str(year) for year in years)]
    return frame.table(headings, cells, caption=asked.say("chart.as_table"), classes="years")


def _panel(row: Compared) -> Panel:
    assert row.series is not None
    borders = []
    steps: list[tuple[float, float, float, float]] = []
    for v in row.verdicts:
        border, deadline = present.border(v.assessment.bounds), v.declared.target.deadline
        if border is not None and deadline:
            borders.append((float(deadline[:4]), border))
        forecast = v.assessment.forecast
        if forecast is not None and deadline and not steps:
            ahead = [s for s in forecast.steps if s.period[:4] <= deadline[:4]]
            steps = [(float(s.period[:4]), s.point, s.lower80, s.upper80) for s in ahead]
    return Panel([present.of_point(p) for p in row.series.points], steps, borders)


def _multiple(
    row: Compared,
    panel: Panel,
    position: int,
    axes: tuple[tuple[float, float], tuple[float, float]],
    view: IndicatorView,
    asked: Asked,
) -> html.Article:
    assert row.series is not None
    say, lang, points = asked.say, asked.lang, row.series.points
    shown = unit(view.indicator.unit, lang)
    says = say(
        "attention.course_says",
        count=len(points),
        first=points[0].period.year,
        last=points[-1].period.year,
        value=f"{number(points[-1].value)}{shown}",
    )
    marks = [badge(v.assessment.status, bool(v.assessment.provisional), lang) for v in row.verdicts[:1]]
    proxied = row.series.region != row.region
    lines: list[Any] = [html.H3(links.region(row.region, asked, short=True)), *marks]
    below = [html.Span(_goals(row.verdicts, asked) or say("indicator.no_target"), className="soft small")]
    if proxied:
        place = present.short_region(asked.app.catalogue, row.series.region, lang)
        below.append(html.Span(say("indicator.proxy", region=place), className="soft small"))
    return html.Article(
        [
            html.Div(lines, className="multiple-head"),
            frame.chart(multiple(panel, *axes, asked.theme), f"multiple-{position}", says, static=True),
            html.P(below, className="multiple-foot"),
        ]
    )


def _goals(verdicts: Sequence[Verdict], asked: Asked) -> str:
    goals = (
        asked.say(
            "indicator.goal",
            goal=present.goal(v.declared.target, asked.app.catalogue, asked.lang),
            deadline=present.deadline(v.declared.target, asked.lang),
        )
        for v in verdicts[:2]
    )
    return asked.say.word("when.list").join(goals)


# -- the table --------------------------------------------------------------------------------------------------------


def table(view: IndicatorView, regions: Sequence[Compared], asked: Asked) -> Any:
    """Regions with each of their targets and their latest value; those that have values alone come last of all."""
    say = asked.say
    columns = ("region", "status", "aim", "latest", "change", "attainment", "basis")
    headings = [say(f"indicator.{c}") for c in columns]
    rows = [cells for row in regions for cells in _rows(row, view, asked)]
    return frame.table(headings, rows, caption=say("indicator.table"), classes="comparison")


def _rows(row: Compared, view: IndicatorView, asked: Asked) -> list[list[Any]]:
    quiet = html.Span(present.DASH, className="soft")
    latest, moved, basis = _values(row, view, asked)
    region = links.region(row.region, asked)
    if not row.verdicts:
        return [
            [
                region,
                html.Span(asked.say("indicator.no_target"), className="soft"),
                quiet,
                latest,
                moved,
                quiet,
                basis,
            ]
        ]
    found = []
    for v in row.verdicts:
        a = v.assessment
        mark = badge(a.status, bool(a.provisional), asked.lang)
        found.append([region, mark, _goal(v, asked), latest, moved, _outlook(v, asked), basis])
    return found


def _values(row: Compared, view: IndicatorView, asked: Asked) -> tuple[Any, Any, Any]:
    """Latest value, change and basis of a region."""
    lang = asked.lang
    if row.series is None:
        quiet = html.Span(present.DASH, className="soft")
        return quiet, quiet, quiet
    shown = unit(view.indicator.unit, lang)
    last = row.series.last
    value = html.Div(
        [
            html.Div(f"{number(last.value)}{shown}", className="figure"),
            html.Div(when(str(last.period), lang), className="soft"),
        ]
    )
    moved = change(row.series.points, view.indicator, asked)
    basis = [html.Div(present.source_kind(last.chosen, lang))]
    if row.series.region != row.region:
        place = present.short_region(asked.app.catalogue, row.series.region, lang)
        basis.append(html.Div(asked.say("indicator.proxy", region=place)))
    return value, moved, html.Div(basis, className="soft small")


def _goal(v: Verdict, asked: Asked) -> html.Div:
    t = v.declared.target
    return html.Div(
        [
            dcc.Link(
                present.goal(t, asked.app.catalogue, asked.lang),
                href=urls.target(t.id, asked.query),
                className="figure",
            ),
            html.Div(present.deadline(t, asked.lang), className="soft"),
        ]
    )


def _outlook(v: Verdict, asked: Asked) -> Any:
    a, settings = v.assessment, asked.app.settings
    if a.attainment is None:
        return html.Span(asked.say.word(f"reason.{a.reason}"), className="soft")
    return attainment.bar(
        a.attainment, present.attainment(a), a.status, settings.off_track, settings.on_track, asked.say
    )
