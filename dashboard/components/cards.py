"""The counts by status, each a way to the targets behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dash import dcc, html

from dabiao.domain.assessment import Status
from dashboard import urls
from dashboard.asked import Say
from dashboard.components.status import shape

CARDS: tuple[tuple[Status, ...], ...] = (
    (Status.MISSED,),
    (Status.OFF_TRACK,),
    (Status.AT_RISK,),
    (Status.ON_TRACK,),
    (Status.MET,),
    (Status.AWAITING,),
    (Status.UNREPORTED, Status.REPORTED),
    (Status.NO_DATA,),
)
"""In the order in which a person should meet them."""

_MORE_IS = {
    Status.MISSED: -1,
    Status.OFF_TRACK: -1,
    Status.AT_RISK: -1,
    Status.ON_TRACK: 1,
    Status.MET: 1,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers on the cards."""

    counts: Mapping[Status, int]
    provisional: Mapping[Status, int]
    change: Mapping[Status, int]


def cards(
    counted: Counted, query: urls.Query, say: Say, address: Callable[[urls.Query], str] = urls.overview
) -> html.Ul:
    """One card a group of statuses. The card that the filter already shows takes the filter away again.

    Args:
        address: the page that the cards filter.
    """
    return html.Ul(
        [html.Li(_card(group, counted, query, say, address)) for group in CARDS], className="cards"
    )


def _card(
    group: Sequence[Status],
    counted: Counted,
    query: urls.Query,
    say: Say,
    address: Callable[[urls.Query], str],
) -> dcc.Link:
    total = sum(counted.counts.get(s, 0) for s in group)
    provisional = sum(counted.provisional.get(s, 0) for s in group)
    values = tuple(str(s) for s in group)
    chosen = query.filters.get("status") == values
    lead = group[0]
    lines = [html.Span(say("cards.provisional", count=provisional))] if provisional else []
    if len(group) > 1:
        lines.append(html.Span(say("cards.reported", count=counted.counts.get(group[1], 0))))
    lines.append(_change(lead, sum(counted.change.get(s, 0) for s in group), say))
    alarming = total > 0 and lead in (Status.MISSED, Status.OFF_TRACK)
    name = say("cards.reports") if len(group) > 1 else say.status(lead)
    return dcc.Link(
        [
            html.Span([shape(lead), html.Span(name)], className="card-name"),
            html.Span(str(total), className="card-count"),
            html.Span(lines, className="card-lines"),
        ],
        href=address(query.with_filter("status", () if chosen else values)),
        className=f"card is-{lead}" + (" alarming" if alarming else "") + (" chosen" if chosen else ""),
        title=say("cards.clear") if chosen else say("cards.show", status=name),
    )


def _change(status: Status, change: int, say: Say) -> html.Span:
    """The change with better or worse in words; an arrow up would not say which."""
    if change == 0:
        return html.Span(say("cards.same"), className="card-change")
    signed = f"+{change}" if change > 0 else f"−{-change}"
    side = _MORE_IS.get(status, 0) * change
    word = "" if side == 0 else say("cards.better" if side > 0 else "cards.worse")
    return html.Span(
        [
            html.Span(say("cards.change", change=signed)),
            html.Span(word, className="better" if side > 0 else "worse"),
        ],
        className="card-change",
    )
