"""The views of the wall: few words, large, each with a heading of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html

from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import view_extras
from dabiao.services.pages.views import Overview
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import attainment, attention, frame, matrix, selection
from dashboard.components.attributes import aria
from dashboard.components.cards import CARDS
from dashboard.components.status import badge, shape

ROWS = 5
"""Rows of the list of what comes first: more would not be read from across a hall."""
REGIONS = 7
PLANS = 6
YEARS = 6


def counts(seen: Overview, asked: Asked) -> list[Any]:
    """How many targets have which status."""
    say = asked.say
    tiles = []
    for group in CARDS:
        lead, total = group[0], sum(seen.counts.get(s, 0) for s in group)
        name = say("cards.reports") if len(group) > 1 else say.status(lead)
        provisional = sum(seen.provisional.get(s, 0) for s in group)
        alarming = total > 0 and lead in (Status.MISSED, Status.OFF_TRACK)
        notes = [say("cards.provisional", count=provisional)] if provisional else []
        notes.append(_change(seen, group, asked))
        tiles.append(
            html.Li(
                [
                    html.Span([shape(lead), html.Span(name)], className="card-name"),
                    html.Span(str(total), className="card-count"),
                    html.Span([html.Span(n) for n in notes], className="card-lines"),
                ],
                className=f"card is-{lead}" + (" alarming" if alarming else ""),
            )
        )
    return [html.Ul(tiles, className="wall-cards")]


def _change(seen: Overview, group: Sequence[Status], asked: Asked) -> str:
    change = sum(seen.change.get(s, 0) for s in group)
    if change == 0:
        return asked.say("cards.same")
    return asked.say("cards.change", change=f"+{change}" if change > 0 else f"−{-change}")


def first(seen: Overview, asked: Asked) -> list[Any]:
    """What needs a person first, and after that what is watched."""
    say = asked.say
    urgent = attention.pick(seen.verdicts, attention.FIRST)
    found = [*urgent, *attention.pick(seen.verdicts, attention.NEXT)]
    if not found:
        return [html.P(say("attention.none"), className="wall-calm")]
    headings = [say(f"attention.{h}") for h in ("status", "target", "goal", "attainment")]
    rows = [_row(v, asked) for v in found[:ROWS]]
    more = len(urgent) - len(rows)
    parts: list[Any] = [frame.table(headings, rows, caption=say("wall.first"), classes="wall-table")]
    return [*parts, html.P(say("wall.more", count=more), className="soft")] if more > 0 else parts


def _row(v: Verdict, asked: Asked) -> list[Any]:
    a, t, lang, catalogue = v.assessment, v.declared.target, asked.lang, asked.app.catalogue
    settings = asked.app.settings
    stands: Any = html.Div(
        [
            html.Div(present.latest(a, catalogue, t, lang), className="figure"),
            html.Div(present.latest_period(a, lang), className="soft"),
        ]
    )
    if a.attainment is not None:
        shown = present.attainment(a)
        stands = attainment.bar(
            a.attainment, shown, a.status, settings.off_track, settings.on_track, asked.say
        )
    return [
        badge(a.status, bool(a.provisional), lang),
        html.Div(
            [
                html.Div(present.indicator(catalogue, t.indicator, lang), className="strong"),
                html.Div(present.short_region(catalogue, t.region, lang), className="soft"),
            ]
        ),
        html.Div(
            [
                html.Div(present.goal(t, catalogue, lang), className="figure"),
                html.Div(present.deadline(t, lang), className="soft"),
            ]
        ),
        stands,
    ]


def regions(seen: Overview, asked: Asked) -> list[Any]:
    """Regions against indicators, for the regions with most numeric targets."""
    numeric = Counter(
        v.declared.target.region for v in seen.verdicts if v.declared.target.measure is Measure.NUMERIC
    )
    widest = {region for region, _ in numeric.most_common(REGIONS)}
    return matrix.matrix([v for v in seen.verdicts if v.declared.target.region in widest], asked)


def plans(seen: Overview, asked: Asked) -> list[Any]:
    """How the targets of each plan stand, as a bar of statuses."""
    column = "short_zh" if asked.lang == "zh-CN" else "short_en"
    rows = view_extras.plans(asked.app)
    found: dict[str, Counter[Status]] = {}
    for v in seen.verdicts:
        found.setdefault(v.declared.target.plan, Counter())[v.assessment.status] += 1
    ordered = sorted(found, key=lambda p: (rows[p]["issued"], p), reverse=True)[:PLANS]
    return [
        html.Ul([html.Li(_bar(rows[p][column], found[p], asked)) for p in ordered], className="wall-bars")
    ]


def deadlines(seen: Overview, asked: Asked) -> list[Any]:
    """How many targets fall due in each year, those still to come first."""
    found: dict[int, Counter[Status]] = {}
    for v in seen.verdicts:
        due = v.declared.target.deadline
        if due:
            found.setdefault(int(due[:4]), Counter())[v.assessment.status] += 1
    years = sorted(found, key=lambda y: (y < asked.as_of.year, abs(y - asked.as_of.year)))[:YEARS]
    bars = [html.Li(_bar(asked.say("wall.year", year=y), found[y], asked)) for y in sorted(years)]
    return [html.Ul(bars, className="wall-bars")]


def _bar(name: str, counted: Counter[Status], asked: Asked) -> html.Div:
    total = sum(counted.values())
    ordered = [s for s in Status if counted[s]]
    strip = html.Div(
        [html.Div(className=f"stretch is-{s}", style={"flexGrow": counted[s]}) for s in ordered],
        className="strip",
        **aria(hidden="true"),
    )
    head = html.Div(
        [
            html.Span(name, className="strong"),
            html.Span(asked.say("plan.count", count=total), className="soft"),
        ],
        className="wall-bar-head",
    )
    return html.Div([head, strip, selection.counts(counted, asked)])


VIEWS: Mapping[str, Callable[[Overview, Asked], list[Any]]] = {
    "counts": counts,
    "first": first,
    "regions": regions,
    "plans": plans,
    "deadlines": deadlines,
}
"""Every view by the name that the address gives it, in the order in which they turn."""
