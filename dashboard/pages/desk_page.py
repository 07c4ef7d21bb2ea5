"""The frame of the pages at which people work: heading, sub-menu, listings with pages, forms that the browser sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dabiao.services.pages.data_views import Paged
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components import frame
from dashboard.components.attributes import aria, data
from dashboard.pages.page import Page

TICK = "desk-tick"
TICK_MS = 3000


def skeleton(say: Say) -> list[Any]:
    """What stands in the frame of every page: where the browser notes that something was done, and where it says so."""
    return [
        dcc.Store(id="acted"),
        dcc.Store(id="ticked"),
        html.Div(id="said", role="status", className="review-message", **data(offline=say("desk.offline"))),
    ]


def parts() -> Sequence[Any]:
    """What the callbacks name beside the skeleton."""
    return [html.Div(id="desk"), html.Div(id="target-alerts"), dcc.Interval(id=TICK, disabled=True)]


def page(title: str, children: Sequence[Any], asked: Asked) -> Page:
    """A page that is filled anew when its address changes or something was done."""
    return Page(asked.say("title", page=title), [html.Div(list(children), id="desk")])


def unknown(asked: Asked, what: str, name: str, back: str) -> Page:
    """Nothing has this id; the way back to where such things are listed."""
    say = asked.say
    link = dcc.Link(say("desk.back"), href=urls.desk(back, asked.query), className="button")
    state = frame.empty(say(f"desk.unknown_{what}"), say("desk.unknown_says", name=name[:40]), [link])
    return page(say("pages.not_found"), [state], asked)


def number_of(text: str) -> int:
    """The number of an address; -1, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def live(children: Sequence[Any]) -> list[Any]:
    """A page that also follows by itself what happens, while someone looks at it."""
    return [*children, dcc.Interval(id=TICK, interval=TICK_MS)]


def pager(paged: Paged[Any], path: str, asked: Asked) -> html.Nav | None:
    """Where in a listing this is, with the pages before and after; nothing where one page has it all."""
    if paged.pages == 1:
        return None
    say = asked.say

    def link(key: str, to: int) -> Any:
        href = path + urls.encode(asked.query.with_own(page=to if to > 1 else ""))
        return dcc.Link(say(f"desk.{key}"), href=href, className="button")

    return html.Nav(
        [
            link("before", paged.page - 1) if paged.page > 1 else None,
            html.Span(say("desk.page", page=paged.page, pages=paged.pages, total=paged.total)),
            link("after", paged.page + 1) if paged.page < paged.pages else None,
        ],
        className="pager",
        **aria(label=say("desk.pages")),
    )
