"""地区 Region: the targets that bind a place, what was last observed there, and the places around it."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import dcc, html

from dabiao.domain.target import Region
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.pages import places, view_extras
from dabiao.services.pages.places import RegionView
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import attention, frame, grid, links, region_parts, selection
from dashboard.pages import states
from dashboard.pages.page import Page

PREFIX = "/region/"


def known(app: App, region_id: str) -> bool:
    """Whether there is a region of this id that the reader sees something of."""
    return region_id in app.catalogue.regions and region_id in visible.regions(app)


def layout(asked: Asked, region_id: str) -> Page:
    """One region's page."""
    view = _view(asked, region_id)
    if view is None:
        known = {r: present.region(asked.app.catalogue, r, asked.lang) for r in visible.regions(asked.app)}
        return states.unknown_place("region", region_id, known, asked)
    title = present.region(asked.app.catalogue, region_id, asked.lang)
    content = [
        *_head(view, title, asked),
        html.Div(_body(view, asked), id="place-body"),
        *_around(view, asked),
    ]
    return Page(asked.say("title", page=title), content)


def body(asked: Asked, region_id: str) -> list[Any]:
    """What follows the address."""
    view = _view(asked, region_id)
    return [] if view is None else _body(view, asked)


def _view(asked: Asked, region_id: str) -> RegionView | None:
    return places.region_view(asked.app, region_id, asked.as_of, asked.now, asked.query.filters)


def _head(view: RegionView, title: str, asked: Asked) -> list[Any]:
    say = asked.say
    crumbs = links.crumbs(
        [
            dcc.Link(say("pages.regions"), href=f"/regions{urls.encode(asked.query.without_filters())}"),
            *(links.region(r.id, asked) for r in view.above),
            title,
        ],
        asked,
    )
    return [
        crumbs,
        html.Div([html.H1(title, className="verdict"), _facts(view, asked)], className="verdict-head"),
    ]


def _facts(view: RegionView, asked: Asked) -> html.Dl:
    say, region = asked.say, view.region
    kind = say(f"region.level.{region.level}")

    def named(found: tuple[Region, ...]) -> Any:
        return links.joined([links.region(r.id, asked) for r in found], asked) if found else None

    return frame.facts(
        [
            (
                say("region.kind"),
                say("region.kind_says", kind=kind, code=region.id) if region.adcode else kind,
            ),
            (
                say("region.in_english" if asked.lang == "zh-CN" else "region.in_chinese"),
                _other(region, asked),
            ),
            (say("region.members"), named(view.members)),
            (say("region.groups"), named(view.groups)),
        ]
    )


def _other(region: Region, asked: Asked) -> html.Span:
    chinese = asked.lang == "zh-CN"
    return html.Span(region.en if chinese else region.zh, lang="en" if chinese else "zh-CN")


def _body(view: RegionView, asked: Asked) -> list[Any]:
    say, query, region = asked.say, asked.query, view.region
    address = partial(urls.region, region.id)
    listed = query.with_filter("region", [region.id])
    export = urls.export(listed)
    tools = [frame.button(say("shell.export"), export, download=True, name="export")]
    verdicts = view.seen.verdicts
    latest = frame.panel(say("region.latest"), region_parts.latest(view, asked), name="latest")
    if not view.offered:
        return [selection.nothing(address, view.offered, asked), latest]
    head = selection.selection(view.seen, view.offered, address, asked, tools)
    if not verdicts:
        return [*head, selection.nothing(address, view.offered, asked), latest]
    left = [_first(view, asked), _group(view, asked), latest]
    by_status = region_parts.by_status(verdicts, asked)
    matrix = frame.panel(say("region.by_status"), by_status, note=say("matrix.note_marks"), name="by-status")
    plans = view_extras.plan_names(asked.app, asked.lang)
    return [
        *head,
        html.Div(
            [html.Div([p for p in left if p], className="stack"), html.Div([matrix], className="stack")],
            className="columns wide-left",
        ),
        frame.panel(
            say("list.heading"),
            [grid.grid(verdicts, plans, asked, listed)],
            note=say("list.note", count=len(verdicts)),
            name="list",
        ),
    ]


def _first(view: RegionView, asked: Asked) -> Any:
    say = asked.say
    found = attention.pick(view.seen.verdicts, attention.FIRST)
    if not found:
        return frame.panel(
            say("attention.first"), [html.P(say("attention.none"), className="calm")], name="first"
        )
    return frame.panel(
        say("attention.first"),
        [attention.attention(found[: attention.MOST], asked, "first")],
        note=say("attention.first_note", count=len(found)),
        name="first",
    )


def _group(view: RegionView, asked: Asked) -> Any:
    parts = region_parts.group([*view.seen.verdicts, *view.bound], asked)
    say = asked.say
    return (
        frame.panel(say("members.heading"), parts, note=say("members.note"), name="members")
        if parts
        else None
    )


def _around(view: RegionView, asked: Asked) -> list[Any]:
    say = asked.say
    panels = []
    if view.within:
        table = region_parts.places(view.within, say("region.within"), asked)
        panels.append(frame.panel(say("region.within"), [table], name="within"))
    if view.beside:
        table = region_parts.places(view.beside, say("region.beside"), asked)
        panels.append(frame.panel(say("region.beside"), [table], name="beside"))
    return [html.Div(panels, className="columns halves around")] if panels else []
