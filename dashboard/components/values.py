"""Every value that bears on a target, with its source, used or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.domain.observation import Observation
from dabiao.domain.period import PeriodKind
from dabiao.i18n.format import number, unit, when
from dabiao.services.contract import basis_text
from dabiao.services.pages.views import TargetView
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.evidence import used_ids

MOST = 150
"""Rows of the values that are not annual; the file to take away has them all."""

_DIFFERING = re.compile(r"CONFLICT: ([\d./]+)")
"""How the bundled observations mark a period of which sources give several values."""

COLUMNS = ("period", "value", "printed", "used", "tier", "state", "basis", "source", "published", "known")


def values(view: TargetView, asked: Asked) -> list[Any]:
    """Annual values open, all others to unfold."""
    say = asked.say
    used = used_ids(view)
    annual = [o for o in view.observations if o.period.kind is PeriodKind.YEAR or o.id in used]
    rest = [o for o in view.observations if o.period.kind is not PeriodKind.YEAR and o.id not in used]
    if not view.observations:
        return [html.P(say("values.none"), className="soft")]
    parts: list[Any] = [_table(annual, used, asked)] if annual else []
    if rest:
        parts.append(
            frame.fold(
                say("values.rest", count=len(rest), shown=min(MOST, len(rest))),
                [_table(rest[-MOST:], used, asked)],
            )
        )
    return parts


def _table(observations: Sequence[Observation], used: set[int], asked: Asked) -> html.Div:
    say = asked.say
    return frame.table(
        [say(f"values.{c}") for c in COLUMNS],
        [_row(o, o.id in used, asked) for o in observations],
        caption=say("values.heading"),
        classes="values",
        row_classes=["used" if o.id in used else "" for o in observations],
    )


def _remarks(note: str | None, asked: Asked) -> list[html.Div]:
    """What the collector remarked, as written; the mark of figures that differ between sources in the reader's words."""
    if not note:
        return []
    found = _DIFFERING.search(note)
    written = _DIFFERING.sub("", note).strip(" ;；")
    said = [html.Div(written, className="soft small", lang="zh-CN")] if written else []
    if found:
        listed = asked.say.word("when.list").join(found[1].split("/"))
        said.append(html.Div(asked.say("values.differing", values=listed), className="soft small"))
    return said


def _row(o: Observation, used: bool, asked: Asked) -> list[Any]:
    say, lang = asked.say, asked.lang
    value = present.DASH if o.value is None else f"{number(o.value)}{unit(o.unit, lang)}"
    safe = (o.source_url or "").startswith(("https://", "http://"))
    source: Any = o.source
    if safe:
        source = html.A(o.source, href=o.source_url, target="_blank", rel="noreferrer noopener")
    return [
        when(str(o.period), lang),
        value,
        f"{o.qualifier or ''}{o.printed}",
        html.Span(say("values.is_used"), className="strong") if used else say("values.not_used"),
        say.word(f"tier.{o.tier}"),
        say.word(f"state.{o.state}"),
        basis_text(o.basis, lang),
        html.Div([source, *_remarks(o.note, asked)]),
        o.published.isoformat() if o.published else present.DASH,
        html.Span(
            say(f"values.known_{o.known_rule}", day=o.known_on.isoformat()), title=say("values.known_title")
        ),
    ]
