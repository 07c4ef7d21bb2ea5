"""What stands behind a verdict beside its evidence: a group's members, a decision that must be confirmed, cautions."""

from __future__ import annotations

import shlex
from typing import Any

from dash import html

from dabiao.assess.sentences import caution
from dabiao.domain.assessment import Group, Part
from dabiao.i18n.format import number, percent, unit, when
from dabiao.services.judge.judging import Verdict
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame, links
from dashboard.components.status import badge


def members(v: Verdict, asked: Asked) -> list[Any]:
    """The members of a region group, the worst one marked; empty for a target that no group decides."""
    group = v.assessment.group
    if group is None:
        return []
    say = asked.say
    headings = [say(f"members.{h}") for h in ("member", "status", "value", "attainment", "reason")]
    ranked = sorted(group.parts, key=lambda part: part.region != group.worst)
    return [
        frame.table(
            headings,
            [_member(part, group, v, asked) for part in ranked],
            caption=say("members.heading"),
            classes="members",
            row_classes=["used" if part.region == group.worst else "" for part in ranked],
        )
    ]


def _member(part: Part, group: Group, v: Verdict, asked: Asked) -> list[Any]:
    say, lang = asked.say, asked.lang
    name: list[Any] = [links.region(part.region, asked)]
    if part.region == group.worst:
        name += [" ", html.Span(say("members.worst"), className="chip severity-high")]
    value: Any = html.Span(present.DASH, className="soft")
    if part.value is not None and part.period is not None:
        shown = unit(asked.app.catalogue.indicators[v.declared.target.series.indicator].unit, lang)
        value = html.Div(
            [
                html.Div(f"{number(part.value)}{shown}", className="figure"),
                html.Div(when(part.period, lang), className="soft"),
            ]
        )
    return [
        html.Span(name),
        badge(part.status, False, lang),
        value,
        present.DASH if part.attainment is None else percent(part.attainment),
        say.word(f"reason.{part.reason}"),
    ]


def reopened(v: Verdict, asked: Asked) -> html.Div | None:
    """That the final status is frozen against what is known by now, and the command by which a person settles it."""
    found = v.assessment.reopened
    if found is None:
        return None
    say, target_id = asked.say, v.declared.target.id
    since = say("reopened.since", day=found.since.isoformat()) if found.since else ""
    words = [
        "dabiao",
        "decisions",
        "confirm",
        target_id,
        "--by",
        say("alerts.name"),
        "--note",
        say("reopened.note"),
    ]
    return html.Div(
        [
            html.P(
                [
                    html.Span(say("reopened.badge"), className="chip severity-high strong"),
                    html.Span(say.word(f"reopened.{found.why}")),
                    html.Span(since, className="soft"),
                ],
                className="reopened-says",
            ),
            html.P(
                [html.Span(say("reopened.would_be")), badge(found.status, False, asked.lang)],
                className="reopened-says",
            ),
            html.P(say("reopened.how"), className="soft small"),
            frame.command(shlex.join(words)),
        ],
        className="reopened",
        role="status",
        id="reopened",
    )


def cautions(v: Verdict, asked: Asked) -> list[Any]:
    """What a person must know of the values; empty where there is nothing to say."""
    said = [caution(w, asked.app.catalogue, asked.lang) for w in v.assessment.warnings]
    return [html.Ul([html.Li(s) for s in said], className="cautions")] if said else []
