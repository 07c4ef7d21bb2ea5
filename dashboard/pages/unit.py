"""单位 Unit: everything that a unit of government answers for, the worst first."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import dcc, html

from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.pages import places
from dabiao.services.pages.places import UnitView
from dashboard import urls
from dashboard.asked import Asked
from dashboard.components import duties, frame, links, selection
from dashboard.pages import states
from dashboard.pages.page import Page

PREFIX = "/unit/"


def known(app: App, unit_id: str) -> bool:
    """Whether there is a unit of this id that the reader sees something of."""
    return unit_id in app.catalogue.units and unit_id in visible.units(app)


def layout(asked: Asked, unit_id: str) -> Page:
    """One unit's page."""
    view = _view(asked, unit_id)
    if view is None:
        return states.unknown_place("unit", unit_id, _names(asked), asked)
    return Page(asked.say("title", page=links.unit_name(view.unit, asked)), _content(view, asked))


def body(asked: Asked, unit_id: str) -> list[Any]:
    """What follows the address."""
    view = _view(asked, unit_id)
    return [] if view is None else _body(view, asked)


def _view(asked: Asked, unit_id: str) -> UnitView | None:
    return places.unit_view(asked.app, unit_id, asked.as_of, asked.now, asked.lang, {**asked.query.filters})


def _names(asked: Asked) -> dict[str, str]:
    units = asked.app.catalogue.units
    return {u: links.unit_name(units[u], asked) for u in visible.units(asked.app)}


def _content(view: UnitView, asked: Asked) -> list[Any]:
    say, unit = asked.say, view.unit
    other = unit.en if asked.lang == "zh-CN" else unit.zh
    crumbs = links.crumbs(
        [
            dcc.Link(say("pages.units"), href=f"/units{urls.encode(asked.query.without_filters())}"),
            links.region(unit.region, asked),
            links.unit_name(unit, asked),
        ],
        asked,
    )
    written = say("unit.written", names=say.word("when.list").join(unit.aliases)) if unit.aliases else ""
    return [
        crumbs,
        html.Div(
            [
                html.H1(links.unit_name(unit, asked), className="verdict"),
                html.P(other, lang="en" if asked.lang == "zh-CN" else "zh-CN", className="verdict-also"),
                html.P(written, className="soft small") if written else None,
            ],
            className="verdict-head",
        ),
        html.Div(_body(view, asked), id="place-body"),
    ]


def _body(view: UnitView, asked: Asked) -> list[Any]:
    say, query, unit = asked.say, asked.query, view.unit
    address = partial(urls.unit, unit.id)
    tools = [
        frame.button(
            say("shell.export"),
            urls.export(query.with_filter("unit", [unit.id])),
            download=True,
            name="export",
        ),
    ]
    if view.offered:
        tools += [
            frame.button(
                say(f"unit.{kind}"),
                urls.unit_file(unit.id, f"notice.{kind}", query),
                download=True,
                name=kind,
            )
            for kind in ("xlsx", "docx")
        ]
    head = selection.selection(view.seen, view.offered, address, asked, tools)
    if not view.entries:
        return [*head, selection.nothing(address, view.offered, asked)]
    note = say("duties.note", leads=len(view.leads), shares=len(view.offered) - len(view.leads))
    if not duties.asks(view):
        note = say("duties.and", note=note, more=say("duties.no_required"))
    return [*head, frame.panel(say("duties.heading"), duties.duties(view, asked), note=note, name="duties")]
