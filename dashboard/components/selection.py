"""What of a place is shown: counts as cards, chips for the rest, and how many of how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import dcc, html

from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.views import Overview
from dashboard import urls
from dashboard.asked import Asked
from dashboard.components import cards, frame
from dashboard.components.chips import chips
from dashboard.components.status import shape

Address = Callable[[urls.Query], str]


def selection(
    seen: Overview, offered: Sequence[Verdict], address: Address, asked: Asked, tools: Sequence[Any] = ()
) -> list[Any]:
    """Cards, chips and the line that counts.

    Args:
        seen: what passes the filters of the address.
        offered: everything that the page could show.
        address: the page's own address for a query.
        tools: what stands beside the count, before the button that prints.
    """
    say, query = asked.say, asked.query
    count = say("select.count", count=len(seen.verdicts), total=len(offered), day=asked.as_of.isoformat())
    parts: list[Any] = [html.Span(count, role="status")]
    if query.filters:
        parts.append(
            dcc.Link(say("filters.clear"), href=address(query.without_filters()), className="button")
        )
    buttons = html.Span([*tools, frame.printer(say("shell.print"))], className="tools")
    return [
        html.Div([*parts, buttons], className="count"),
        cards.cards(cards.Counted(seen.counts, seen.provisional, seen.change), query, say, address),
        _measures(offered, address, asked),
    ]


def _measures(offered: Sequence[Verdict], address: Address, asked: Asked) -> html.Div | None:
    say, query = asked.say, asked.query
    counted = Counter(v.declared.target.measure for v in offered)
    if len(counted) < 2:
        return None
    return html.Div(
        chips(
            say("filters.measure"),
            [(str(m), say.word(f"measure.{m}"), counted[m]) for m in Measure if counted[m]],
            query.filters.get("measure", ()),
            lambda values: address(query.with_filter("measure", values)),
            say("plan.chosen"),
        ),
        className="plan-filters",
    )


def counts(found: Mapping[Status, int], asked: Asked) -> html.Ul:
    """Counts by status in one line, each with its shape and word."""
    return html.Ul(
        [
            html.Li([shape(s), html.Span(asked.say.status(s)), html.Span(str(found[s]), className="strong")])
            for s in Status
            if found.get(s)
        ],
        className="legend counts",
    )


def nothing(address: Address, offered: Sequence[Verdict], asked: Asked) -> html.Div:
    """Nothing passes the filters, or there is nothing that could."""
    say = asked.say
    if not offered:
        return frame.empty(say("select.none"), say("select.none_says", day=asked.as_of.isoformat()))
    clear = dcc.Link(say("filters.clear"), href=address(asked.query.without_filters()), className="button")
    return frame.empty(say("states.no_rows"), say("states.no_rows_says"), [clear])
