"""The parts of a region's page: indicators against statuses, the latest values, the members of a group, the places around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.assessment import Status
from dabiao.domain.observation import Point, Series
from dabiao.domain.target import Indicator, Measure
from dabiao.i18n.format import number, unit, when
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.places import RegionView, Stands
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame, links, selection, verdict_details
from dashboard.components.status import legend, mark, shape
from dashboard.figures.sparkline import Spark, sparkline

MOST = 40
"""Rows of latest values."""

OPEN = 14
"""Rows of indicators that are shown; the rest are folded away."""


def by_status(verdicts: Sequence[Verdict], asked: Asked) -> list[Any]:
    """A row an indicator, a column a status, and a mark for each target where they cross; numeric targets first."""
    say = asked.say
    rows: dict[str, dict[Status, list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    numeric = [v for v in verdicts if v.declared.target.measure is Measure.NUMERIC]
    for v in numeric:
        rows[v.declared.target.indicator][v.assessment.status].append(v)
    if not rows:
        return [html.P(say("matrix.none"), className="soft")]
    columns = [s for s in Status if any(s in cells for cells in rows.values())]
    headings: list[Any] = [say("columns.indicator")]
    headings += [html.Span([shape(s), html.Span(say.status(s))], className="shape-name") for s in columns]

    def table(chosen: Sequence[str]) -> html.Div:
        cells = [[links.indicator(i, asked), *(_marks(rows[i][s], asked) for s in columns)] for i in chosen]
        return frame.table(headings, cells, caption=say("region.by_status"), classes="matrix by-status")

    names = list(rows)
    parts: list[Any] = [table(names[:OPEN]), legend(asked.lang, [], say("matrix.provisional"))]
    if any(v.assessment.proxy for v in numeric):
        parts.append(html.P(say("matrix.proxy"), className="soft small"))
    if names[OPEN:]:
        parts.append(
            frame.fold(say("region.more_indicators", count=len(names) - OPEN), [table(names[OPEN:])])
        )
    return parts


def _marks(verdicts: Sequence[Verdict], asked: Asked) -> Any:
    if not verdicts:
        return html.Span(asked.say("matrix.no_target"), className="unseen")
    marks = [
        mark(
            v.assessment.status,
            bool(v.assessment.provisional),
            present.describe(v, asked.app.catalogue, asked.lang),
            urls.target(v.declared.target.id, asked.query),
            "*" if v.assessment.proxy else "",
        )
        for v in verdicts
    ]
    return html.Div(marks, className="marks")


def latest(view: RegionView, asked: Asked) -> list[Any]:
    """The latest annual value of every indicator that the region has values of, with its course."""
    say = asked.say
    if not view.latest:
        return [html.P(say("region.no_values"), className="calm")]
    headings = [say(f"region.{h}") for h in ("indicator", "value", "change", "course", "basis")]
    table = frame.table(
        headings,
        [_latest(s, asked) for s in view.latest[:MOST]],
        caption=say("region.latest"),
        classes="latest",
    )
    if len(view.latest) <= MOST:
        return [table]
    return [table, html.P(say("region.more", shown=MOST, total=len(view.latest)), className="soft small")]


def _latest(series: Series, asked: Asked) -> list[Any]:
    lang = asked.lang
    indicator = asked.app.catalogue.indicators[series.indicator]
    shown = unit(indicator.unit, lang)
    last = series.last
    course: Any = html.Span(present.DASH, className="soft")
    if len(series) > 1:
        says = asked.say(
            "attention.course_says",
            count=len(series),
            first=series.points[0].period.year,
            last=last.period.year,
            value=f"{number(last.value)}{shown}",
        )
        drawn = sparkline(Spark([present.of_point(p) for p in series.points]), asked.theme)
        course = frame.picture(drawn, says, "spark")
    return [
        links.indicator(series.indicator, asked),
        html.Div(
            [
                html.Div(f"{number(last.value)}{shown}", className="figure"),
                html.Div(when(str(last.period), lang), className="soft"),
            ]
        ),
        change(series.points, indicator, asked),
        course,
        html.Span(present.source_kind(last.chosen, lang), className="soft small"),
    ]


def change(points: Sequence[Point], indicator: Indicator, asked: Asked) -> Any:
    """How far the last value is from the one before, and whether that is better or worse."""
    say = asked.say
    shown = unit("个百分点" if indicator.unit == "%" else indicator.unit, asked.lang)
    if len(points) < 2:
        return html.Span(present.DASH, className="soft")
    before, after = points[-2], points[-1]
    gone = after.value - before.value
    since = html.Div(say("region.since", period=when(str(before.period), asked.lang)), className="soft small")
    if gone == 0:
        return html.Div([html.Div(say("region.same")), since])
    better = (gone < 0) == (indicator.direction == "lower")
    signed = ("+" if gone > 0 else "−") + number(abs(gone), indicator.decimals)
    word = html.Span(
        say("cards.better" if better else "cards.worse"), className="better" if better else "worse"
    )
    return html.Div([html.Div([f"{signed}{shown} ", word], className="nowrap"), since])


def group(verdicts: Sequence[Verdict], asked: Asked) -> list[Any]:
    """For each target that every member of a group must meet: its members, the worst marked."""
    parts: list[Any] = []
    for v in verdicts:
        t = v.declared.target
        said = verdict_details.members(v, asked)
        if not said:
            continue
        name = present.indicator(asked.app.catalogue, t.indicator, asked.lang)
        title = f"{name} {present.goal(t, asked.app.catalogue, asked.lang)}"
        heading = html.H3(dcc.Link(title, href=urls.target(t.id, asked.query)), className="group-target")
        parts += [heading, html.P(present.deadline(t, asked.lang), className="soft small"), *said]
    return parts


def places(found: Sequence[Stands], caption: str, asked: Asked) -> html.Div:
    """Places with the number of their targets by status, those with targets first."""
    say = asked.say
    ordered = sorted(found, key=lambda s: s.total == 0)
    return frame.table(
        [say("columns.region"), say("region.targets"), say("region.stands")],
        [
            [
                links.region(s.id, asked),
                str(s.total) if s.total else html.Span(say("region.none"), className="soft"),
                selection.counts(s.counts, asked) if s.total else "",
            ]
            for s in ordered
        ],
        caption=caption,
        classes="places",
    )
