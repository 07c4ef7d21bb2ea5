"""Names of regions, indicators and units that lead to their pages; the day and the language go along."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html

from dabiao.domain.target import Unit
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components.attributes import aria


def region(region_id: str, asked: Asked, *, short: bool = False) -> dcc.Link:
    """A region's name."""
    name = present.short_region if short else present.region
    return dcc.Link(
        name(asked.app.catalogue, region_id, asked.lang),
        href=urls.region(region_id, asked.query.without_filters()),
    )


def indicator(indicator_id: str, asked: Asked) -> dcc.Link:
    """An indicator's name."""
    return dcc.Link(
        present.indicator(asked.app.catalogue, indicator_id, asked.lang),
        href=urls.indicator(indicator_id, asked.query.without_filters()),
    )


def unit(found: Unit, asked: Asked) -> dcc.Link:
    """A unit's name."""
    return dcc.Link(unit_name(found, asked), href=urls.unit(found.id, asked.query.without_filters()))


def units(printed: Sequence[str], declared: Sequence[Unit], asked: Asked) -> html.Span | str:
    """Units as the plan prints them (in English by their declared names), each leading to its page if all are declared."""
    names = present.unit_names(tuple(printed), tuple(declared), asked.lang)
    if len(declared) != len(printed):
        return asked.say.word("when.list").join(names)
    bare = asked.query.without_filters()
    return joined(
        [dcc.Link(name, href=urls.unit(u.id, bare)) for name, u in zip(names, declared, strict=True)], asked
    )


def unit_name(found: Unit, asked: Asked) -> str:
    """A unit's name in the reader's language."""
    return found.zh if asked.lang == "zh-CN" else found.en


def crumbs(parts: Sequence[dcc.Link | str], asked: Asked) -> html.Nav:
    """The way to a page; its own name comes last."""
    *above, here = parts
    return html.Nav(
        html.Ol([*(html.Li(part) for part in above), html.Li(here, **aria(current="page"))]),
        className="crumbs",
        **aria(label=asked.say("target.crumbs")),
    )


def joined(parts: Sequence[dcc.Link], asked: Asked) -> html.Span:
    """Links as a list in a sentence."""
    between = asked.say.word("when.list")
    return html.Span([piece for n, part in enumerate(parts) for piece in ((between, part) if n else (part,))])
