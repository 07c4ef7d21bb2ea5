"""What needs a person first: one row a target, with its course, its probability and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from dabiao.domain.assessment import Status
from dabiao.domain.catalogue import Catalogue
from dabiao.services.judge.judging import Verdict
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import attainment, frame
from dashboard.components.status import badge
from dashboard.figures.sparkline import Spark, sparkline

FIRST = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
"""Statuses that need action."""

NEXT = (Status.AWAITING, Status.ON_TRACK)
"""What is watched after them: deciding values that are due, and targets still on their way."""

MOST = 8
"""Rows of each list; the rest stand in the full table."""


def pick(verdicts: Sequence[Verdict], statuses: Sequence[Status]) -> list[Verdict]:
    """The verdicts of some statuses, in the order given (which is by urgency)."""
    return [v for v in verdicts if v.assessment.status in statuses]


def attention(verdicts: Sequence[Verdict], asked: Asked, name: str) -> html.Div:
    """The rows of one list."""
    say = asked.say
    headings = [say(f"attention.{h}") for h in ("status", "target", "goal", "course", "attainment", "next")]
    rows = [_row(v, asked) for v in verdicts]
    return frame.table(headings, rows, caption=say(f"attention.{name}"), classes="attention")


def _row(v: Verdict, asked: Asked) -> list[object]:
    a, t, lang = v.assessment, v.declared.target, asked.lang
    catalogue = asked.app.catalogue
    units = present.units_short(v.declared, lang, 2 if lang == "zh-CN" else 1)
    place = present.short_region(catalogue, t.region, lang)
    where = asked.say("attention.where", region=place, unit=units) if units else place
    if units.startswith(place):
        where = units
    return [
        badge(a.status, bool(a.provisional), lang),
        html.Div(
            [
                dcc.Link(
                    present.indicator(catalogue, t.indicator, lang),
                    href=urls.target(t.id, asked.query),
                    className="strong",
                ),
                html.Div(where, className="soft"),
            ]
        ),
        html.Div(
            [
                html.Div(present.goal(t, catalogue, lang), className="figure"),
                html.Div(present.deadline(t, lang), className="soft"),
            ]
        ),
        _course(v, asked),
        _probability(v, asked),
        html.Div(_next(v, asked), className="soft next"),
    ]


def spark(v: Verdict) -> Spark | None:
    """A target's course, ``None`` where nothing was observed."""
    a, t = v.assessment, v.declared.target
    if a.series is None or len(a.series) < 2:
        return None
    deadline = float(t.deadline[:4]) if t.deadline else None
    steps = a.forecast.steps if a.forecast else ()
    return Spark(
        [present.of_point(p) for p in a.series.points],
        [
            (float(s.period[:4]), s.point, s.lower80, s.upper80)
            for s in steps
            if deadline is None or float(s.period[:4]) <= deadline
        ],
        present.border(a.bounds),
        deadline,
    )


def _course(v: Verdict, asked: Asked) -> object:
    drawn = spark(v)
    if drawn is None:
        return html.Span(present.DASH, className="soft")
    says = asked.say(
        "attention.course_says",
        count=len(drawn.observed),
        first=f"{drawn.observed[0][0]:.0f}",
        last=f"{drawn.observed[-1][0]:.0f}",
        value=present.latest(v.assessment, asked.app.catalogue, v.declared.target, asked.lang),
    )
    return frame.picture(sparkline(drawn, asked.theme), says, "spark")


def _probability(v: Verdict, asked: Asked) -> object:
    a = v.assessment
    if a.attainment is None:
        said = present.latest(a, asked.app.catalogue, v.declared.target, asked.lang)
        return html.Div(
            [
                html.Div(said, className="figure"),
                html.Div(present.latest_period(a, asked.lang), className="soft"),
            ]
        )
    settings = asked.app.settings
    return attainment.bar(
        a.attainment, present.attainment(a), a.status, settings.off_track, settings.on_track, asked.say
    )


def _next(v: Verdict, asked: Asked) -> str:
    a, t, say = v.assessment, v.declared.target, asked.say
    if a.status is Status.AWAITING:
        return say("attention.wait", period=present.deadline(t, asked.lang))
    if a.status is Status.MISSED:
        return say("attention.settle") if a.provisional else say("attention.decided")
    assert t.deadline_end is not None
    days = (t.deadline_end - asked.as_of).days
    return say("attention.days", deadline=present.deadline(t, asked.lang), months=max(1, round(days / 30.4)))


def proxies(verdicts: Sequence[Verdict], catalogue: Catalogue, lang: str) -> list[str]:
    """The places whose series stand in for another's among these verdicts."""
    found = {v.declared.target.series.region for v in verdicts if v.assessment.proxy}
    return [present.short_region(catalogue, r, lang) for r in catalogue.regions if r in found]
