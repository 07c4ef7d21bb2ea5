"""关于 About: by what the program judges, which standards are in force, and what it is made of."""

from __future__ import annotations

from typing import Any

from dash import html

from dabiao.services.pages.about import About, about
from dashboard.asked import Asked
from dashboard.components import frame, standards_parts
from dashboard.pages.page import Page

SOURCES = 60
"""Sources that are listed."""


def layout(asked: Asked) -> Page:
    """The page."""
    say = asked.say
    found = about(asked.app, asked.as_of)
    tools = html.Span(frame.printer(say("shell.print")), className="tools")
    return Page(
        say("title", page=say("pages.about")),
        [
            html.Div(
                [
                    html.Div(
                        [html.H1(say("about.heading"), className="verdict"), tools], className="verdict-line"
                    ),
                    html.P(say("about.says"), className="verdict-also"),
                ],
                className="verdict-head",
            ),
            html.Div(
                [
                    html.Div([_verdicts(asked), _rules(found, asked)], className="stack"),
                    html.Div([_versions(found, asked), _tiers(found, asked)], className="stack"),
                ],
                className="columns wide-left",
            ),
            _standards(found, asked),
            _clauses(found, asked),
            _sources(found, asked),
        ],
    )


def _verdicts(asked: Asked) -> html.Section:
    say, s = asked.say, asked.app.settings
    rows = [
        (say("about.on_track"), say("about.on_track_says", on=f"{s.on_track:.0%}")),
        (say("about.at_risk"), say("about.at_risk_says", off=f"{s.off_track:.0%}", on=f"{s.on_track:.0%}")),
        (say("about.off_track"), say("about.off_track_says", off=f"{s.off_track:.0%}")),
        (say("about.decided"), say("about.decided_says")),
        (say("about.provisional"), say("about.provisional_says")),
        (say("about.rounding"), say("about.rounding_says")),
        (
            say("about.deciding"),
            say.word("when.list").join(say.word(f"rule.{name}.name") for name in s.deciding)
            or say("about.deciding_none"),
        ),
        (say("about.minimum"), say("about.minimum_says", count=s.minimum_years)),
        (say("about.stale"), say("about.stale_says", count=s.stale_years)),
        (
            say("about.alerts"),
            say("about.alerts_says", evidence=s.alert_evidence, margin=f"{s.alert_margin:.0%}"),
        ),
    ]
    return frame.panel(
        say("about.verdicts"), [frame.facts(rows)], note=say("about.verdicts_note"), name="verdicts"
    )


def _rules(found: About, asked: Asked) -> html.Section:
    say = asked.say
    rows: list[list[Any]] = [
        [
            say.word(f"rule.{rule.name}.name"),
            say.word(f"rule.{rule.name}.source"),
            say.word(f"rule.{rule.name}.applies"),
            say("about.decides") if rule.name in asked.app.settings.deciding else say("about.beside"),
        ]
        for rule in found.rules
    ]
    headings = [say(f"about.{h}") for h in ("rule", "source", "applies", "part")]
    table = frame.table(headings, rows, caption=say("about.rules"), classes="rules-list")
    return frame.panel(say("about.rules"), [table], note=say("about.rules_note"), name="rules")


def _versions(found: About, asked: Asked) -> html.Section:
    say = asked.say
    rows: list[tuple[str, Any]] = [
        (say("about.program"), found.program),
        (say("about.schema"), str(found.schema)),
        (say("about.standards_version"), found.standards),
    ]
    for use, (name, version) in found.models.items():
        said = say("about.model_says", model=say.word(f"model.{name}"), version=version)
        rows.append((say(f"about.model_{use}"), said))
    rows += [
        (say("about.licence"), say("about.licence_says")),
        (say("about.data_licence"), say("about.data_says")),
    ]
    note = html.P(say("about.model_note"), className="soft small")
    return frame.panel(say("about.versions"), [frame.facts(rows), note], name="versions")


def _tiers(found: About, asked: Asked) -> html.Section:
    say = asked.say
    rows = [
        [say.word(f"tier.{tier}"), say(f"about.tier_{tier}"), str(count)]
        for tier, count in found.tiers.items()
    ]
    headings = [say(f"about.{h}") for h in ("tier", "tier_says", "tier_sources")]
    content: list[Any] = [frame.table(headings, rows, caption=say("about.tiers"))]
    if not rows:
        content = [html.P(say("values.none"), className="calm")]
    return frame.panel(say("about.tiers"), content, name="tiers")


def _standards(found: About, asked: Asked) -> html.Div:
    say = asked.say
    note = say("standards.note", day=asked.as_of.isoformat())
    panels = [
        frame.panel(
            say(f"about.{name}"),
            [standards_parts.stages(stages, say(f"about.{name}"), asked)],
            note=note,
            name=name,
        )
        for name, stages in (("limits", found.limits), ("indices", found.indices))
    ]
    return html.Div(panels, className="columns halves")


def _clauses(found: About, asked: Asked) -> html.Section:
    say = asked.say
    rows: list[list[Any]] = [
        [
            say.word(f"standards.rule.{rule.id}"),
            say(f"standards.certainty_{rule.certainty}"),
            standards_parts.read_at(rule.id, asked),
        ]
        for rule in found.clauses
    ]
    headings = [say("about.clause"), say("standards.certainty"), say("standards.source")]
    table = frame.table(headings, rows, caption=say("about.clauses"), classes="clauses")
    folded = frame.fold(say("about.clauses_open", count=len(rows)), [table])
    return frame.panel(say("about.clauses"), [folded], note=say("about.clauses_note"), name="clauses")


def _sources(found: About, asked: Asked) -> html.Section:
    say = asked.say
    joined = say.word("when.list").join
    rows: list[list[Any]] = [
        [
            html.Span(_linked(source.title, source.url), lang="zh-CN"),
            joined(say.word(f"tier.{tier}") for tier in source.tiers),
            source.known_on,
        ]
        for source in found.sources[:SOURCES]
    ]
    if not rows:
        return frame.panel(
            say("about.sources"), [html.P(say("values.none"), className="calm")], name="sources"
        )
    headings = [say("about.source_title"), say("about.tier"), say("about.known_on")]
    table = frame.table(headings, rows, caption=say("about.sources"), classes="sources")
    note = say("about.sources_note", count=len(found.sources), shown=len(rows), day=asked.as_of.isoformat())
    opened = frame.fold(say("about.sources_open"), [table])
    return frame.panel(say("about.sources"), [opened], note=note, name="sources")


def _linked(title: str, url: str) -> Any:
    if not url.startswith(("https://", "http://")):
        return title
    return html.A(title, href=url, target="_blank", rel="noreferrer noopener")
