"""指标 Indicator: what it is, and every region that has it beside the others."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import dcc, html

from dabiao.i18n.format import number, unit
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.contract import basis_text
from dabiao.services.pages import places
from dabiao.services.pages.about import stages_of
from dabiao.services.pages.data_views import Paged
from dabiao.services.pages.places import IndicatorView
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import comparison, frame, links, selection, standards_parts
from dashboard.pages import desk_page, states
from dashboard.pages.page import Page

PREFIX = "/indicator/"

WHOLE = 100
"""Regions of a table that is shown in one."""

REGIONS = 40
"""Regions of a page of a longer one."""


def known(app: App, indicator_id: str) -> bool:
    """Whether there is an indicator of this id that the reader sees something of."""
    return indicator_id in app.catalogue.indicators and indicator_id in visible.indicators(app)


def layout(asked: Asked, indicator_id: str) -> Page:
    """One indicator's page."""
    view = _view(asked, indicator_id)
    if view is None:
        catalogue = asked.app.catalogue
        known = {i: present.indicator(catalogue, i, asked.lang) for i in visible.indicators(asked.app)}
        return states.unknown_place("indicator", indicator_id, known, asked)
    title = present.indicator(asked.app.catalogue, indicator_id, asked.lang)
    parts = [*_head(title, asked), html.Div(_body(view, asked), id="place-body"), *_definition(view, asked)]
    return Page(asked.say("title", page=title), parts)


def body(asked: Asked, indicator_id: str) -> list[Any]:
    """What follows the address."""
    view = _view(asked, indicator_id)
    return [] if view is None else _body(view, asked)


def _view(asked: Asked, indicator_id: str) -> IndicatorView | None:
    return places.indicator_view(asked.app, indicator_id, asked.as_of, asked.now, asked.query.filters)


def _head(title: str, asked: Asked) -> list[Any]:
    href = f"/indicators{urls.encode(asked.query.without_filters())}"
    crumbs = links.crumbs([dcc.Link(asked.say("pages.indicators"), href=href), title], asked)
    return [crumbs, html.Div(html.H1(title, className="verdict"), className="verdict-head")]


def _body(view: IndicatorView, asked: Asked) -> list[Any]:
    say, query, indicator = asked.say, asked.query, view.indicator
    address = partial(urls.indicator, indicator.id)
    export = urls.export(query.with_filter("indicator", [indicator.id]))
    tools = [frame.button(say("shell.export"), export, download=True, name="export")]
    head = selection.selection(view.seen, view.offered, address, asked, tools) if view.offered else []
    if not view.rows:
        return [*head, selection.nothing(address, view.offered, asked)]
    note = say(f"indicator.better_{indicator.direction}")
    name = present.indicator(asked.app.catalogue, indicator.id, asked.lang)
    compared = comparison.comparison(view, asked)
    title = say("indicator.compare_title", indicator=name, day=asked.as_of.isoformat())
    saved = [frame.png(comparison.COMPARE, title, say)] if len(compared) > 1 else []
    charts = [frame.panel(say("indicator.compare"), compared, note=note, tools=saved, name="compare")]
    small = comparison.multiples(view, asked)
    if small:
        small_note = say("indicator.multiples_note")
        charts.append(frame.panel(say("indicator.multiples"), small, note=small_note, name="multiples"))
    paged = Paged.of(view.rows, query.page, WHOLE if len(view.rows) <= WHOLE else REGIONS)
    table = frame.panel(
        say("indicator.table"),
        [comparison.table(view, paged.rows, asked), desk_page.pager(paged, address(urls.Query()), asked)],
        note=say("indicator.table_note"),
        name="table",
    )
    return [*head, html.Div(charts, className="columns compared"), table]


def _definition(view: IndicatorView, asked: Asked) -> list[Any]:
    say, lang, indicator = asked.say, asked.lang, view.indicator
    chinese = lang == "zh-CN"
    low, high = (present.DASH if b is None else number(b) for b in indicator.bounds)
    shown_unit = unit(indicator.unit, lang).strip()
    bases = html.Ul(
        [
            html.Li(say("indicator.basis_count", basis=basis_text(basis, lang) or "", count=count))
            for basis, count in sorted(view.bases.items(), key=lambda item: (-item[1], str(item[0])))
        ]
    )
    facts = frame.facts(
        [
            (
                say("region.in_english" if chinese else "region.in_chinese"),
                html.Span(indicator.en if chinese else indicator.zh, lang="en" if chinese else "zh-CN"),
            ),
            (say("indicator.id"), html.Code(indicator.id)),
            (say("indicator.unit"), shown_unit or say("indicator.no_unit")),
            (say("indicator.direction"), say(f"indicator.better_{indicator.direction}")),
            (say("indicator.type"), say(f"indicator.type_{indicator.type}")),
            (say("indicator.bounds"), say("indicator.bounds_says", low=low, high=high)),
            (say("indicator.decimals"), str(indicator.decimals)),
            (
                say("indicator.aliases"),
                html.Span(say.word("when.list").join(indicator.aliases), lang="zh-CN")
                if indicator.aliases
                else None,
            ),
            (say("indicator.bases"), bases if view.bases else None),
        ]
    )
    panels = [frame.panel(say("indicator.definition"), [facts], name="definition")]
    stages = stages_of(indicator.id, asked.as_of)
    if stages:
        table = standards_parts.stages(stages, say("standards.heading"), asked, unit(indicator.unit, lang))
        note = say("standards.note", day=asked.as_of.isoformat())
        panels.append(frame.panel(say("standards.heading"), [table], note=note, name="standards"))
    return [html.Div(panels, className="columns halves")]
