"""Standards as tables: their stages with the day from which each holds, and how certain each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.i18n.format import number
from dabiao.services.pages.about import Stage
from dabiao.standards.rules import RULES
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame


def stages(found: Sequence[Stage], caption: str, asked: Asked, shown_unit: str = "") -> html.Div:
    """A row a stage; the one in force on the day shown is marked."""
    say = asked.say
    headings = [say(f"standards.{h}") for h in ("stage", "from", "to", "source", "certainty")]
    limited = any(s.limit is not None for s in found)
    if limited:
        headings.insert(1, say("standards.limit"))
    return frame.table(
        headings,
        [_stage(s, limited, shown_unit, asked) for s in found],
        caption=caption,
        classes="stages",
        row_classes=["used" if s.in_force else "" for s in found],
    )


def read_at(rule: str, asked: Asked) -> Any:
    """Where a rule of the standards was read; a rule that was read nowhere says so."""
    if RULES[rule].source is None:
        return html.Span(asked.say("standards.no_source"), className="soft")
    return asked.say(f"read.{rule}")


def _stage(s: Stage, limited: bool, shown_unit: str, asked: Asked) -> list[Any]:
    say = asked.say
    name: list[Any] = [say(f"standards.name.{s.id}")]
    if s.in_force:
        name += [" ", html.Span(say("standards.in_force"), className="chip")]
    cells: list[Any] = [html.Span(name)]
    if limited:
        limit = present.DASH if s.limit is None else f"{number(s.limit)}{shown_unit}"
        cells.append(html.Span(limit, className="figure"))
    return [
        *cells,
        html.Span(s.first.isoformat() if s.first else say("standards.before"), className="nowrap"),
        html.Span(s.last.isoformat() if s.last else say("standards.open"), className="nowrap"),
        read_at(s.rule, asked),
        say(f"standards.certainty_{s.certainty}"),
    ]
