"""地区、单位、指标 Regions, units, indicators: the lists that lead to one of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import html

from dabiao.domain.assessment import Status
from dabiao.services.pages import places
from dabiao.services.pages.places import Stands
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import forms, frame, links, selection
from dashboard.pages import desk_page
from dashboard.pages.page import Page

JUDGED = (
    Status.MISSED,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.ON_TRACK,
    Status.MET,
    Status.AWAITING,
)
"""Statuses for which there are values to see."""


def regions(asked: Asked) -> Page:
    """Every region below the one that contains it; those that no target binds, directly or within, are folded away."""
    say, catalogue = asked.say, asked.app.catalogue
    found = {s.id: s for s in places.regions(asked.app, asked.as_of, asked.now)}
    ordered = _tree(asked)
    sought = _sought(asked)
    ordered = [(r, depth) for r, depth in ordered if sought(present.region(catalogue, r, asked.lang), r)]
    named = [(r, depth) for r, depth in ordered if found[r].total]
    rest = [(r, depth) for r, depth in ordered if not found[r].total]

    def rows(chosen: Sequence[tuple[str, int]]) -> list[list[Any]]:
        return [
            [
                html.Span(links.region(r, asked), className=f"depth-{min(depth, 3)}"),
                say(f"region.level.{catalogue.regions[r].level}"),
                str(found[r].total),
                selection.counts(found[r].counts, asked),
            ]
            for r, depth in chosen
        ]

    headings = [say("columns.region"), say("region.kind"), say("region.targets"), say("region.stands")]
    parts: list[Any] = []
    if named:
        parts.append(frame.table(headings, rows(named), caption=say("regions.heading"), classes="places"))
    if rest:
        more = html.Ul([html.Li(links.region(r, asked)) for r, _ in rest], className="names")
        parts.append(frame.fold(say("regions.rest", count=len(rest)), [more]))
    return _page("regions", len(named), parts, asked)


def _tree(asked: Asked) -> list[tuple[str, int]]:
    """Regions with their depth, each below its parent, in the catalogue's order."""
    children: dict[str | None, list[str]] = {}
    for region in asked.app.catalogue.regions.values():
        children.setdefault(region.parent, []).append(region.id)
    found: list[tuple[str, int]] = []

    def walk(parent: str | None, depth: int) -> None:
        for region_id in children.get(parent, ()):
            found.append((region_id, depth))
            walk(region_id, depth + 1)

    walk(None, 0)
    return found


def units(asked: Asked) -> Page:
    """Units by the region whose they are, those with most that needs a person first."""
    catalogue = asked.app.catalogue
    sought = _sought(asked)
    found = [
        s
        for s in places.units(asked.app, asked.as_of, asked.now)
        if s.total and sought(links.unit_name(catalogue.units[s.id], asked), s.id)
    ]
    by_region: dict[str, list[Stands]] = {}
    for s in found:
        by_region.setdefault(catalogue.units[s.id].region, []).append(s)
    headings = [asked.say("filters.unit"), asked.say("region.targets"), asked.say("region.stands")]
    parts: list[Any] = []
    for region_id in (r for r in catalogue.regions if r in by_region):
        ordered = sorted(by_region[region_id], key=lambda s: -s.total)
        name = present.region(catalogue, region_id, asked.lang)
        parts.append(html.H2(links.region(region_id, asked), className="group-target"))
        parts.append(
            frame.table(
                headings,
                [
                    [
                        links.unit(catalogue.units[s.id], asked),
                        str(s.total),
                        selection.counts(s.counts, asked),
                    ]
                    for s in ordered
                ],
                caption=name,
                classes="places",
            )
        )
    return _page("units", len(found), parts, asked)


def indicators(asked: Asked) -> Page:
    """Indicators, the most often named first; those of a single target without a verdict are folded away."""
    say, sought, catalogue = asked.say, _sought(asked), asked.app.catalogue
    found = [
        s
        for s in places.indicators(asked.app, asked.as_of, asked.now)
        if sought(present.indicator(catalogue, s.id, asked.lang), s.id, *catalogue.indicators[s.id].aliases)
    ]
    shared = [s for s in found if s.total > 1 or any(s.counts.get(status) for status in JUDGED)]
    single = [s for s in found if s not in shared]
    parts = [_indicator_table(shared, asked)] if shared else []
    if single:
        more = say("indicators.rest", count=len(single))
        parts.append(
            frame.fold(more, [_indicator_table(single, asked)], opened=bool(asked.query.own.get("q")))
        )
    return _page("indicators", len(found), parts, asked)


def _indicator_table(found: Sequence[Stands], asked: Asked) -> Any:
    say = asked.say
    headings = [say("columns.indicator"), say("region.targets"), say("region.stands")]
    rows = [[links.indicator(s.id, asked), str(s.total), selection.counts(s.counts, asked)] for s in found]
    return frame.table(headings, rows, caption=say("indicators.heading"), classes="places")


def _sought(asked: Asked) -> Callable[..., bool]:
    """Whether any of a thing's names holds the words that are looked for."""
    words = asked.query.own.get("q", "").casefold().split()
    return lambda *names: all(any(word in name.casefold() for name in names) for word in words)


def _page(name: str, count: int, parts: Sequence[Any], asked: Asked) -> Page:
    say = asked.say
    day = asked.as_of.isoformat()
    wanted = asked.query.own.get("q", "")
    content: list[Any] = list(parts)
    if not parts and wanted:
        content = [html.P(say("index.none", words=wanted), className="calm", role="status")]
    elif not parts:
        content = [frame.empty(say("select.none"), say("select.none_says", day=day))]
    box = forms.search(f"/{name}", asked, say("index.search"), say("index.hint"))
    return desk_page.page(
        say(f"pages.{name}"),
        [
            html.Div(
                [
                    html.H1(say(f"{name}.heading"), className="verdict"),
                    html.P(say(f"{name}.count", count=count, day=day), className="verdict-also"),
                ],
                className="verdict-head",
            ),
            html.Section([box, *content], className="panel index"),
        ],
        asked,
    )
