"""What each rule says of a target, the probability first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.assess.sentences import rule_says
from dabiao.domain.assessment import NOT_APPLICABLE, RuleResult
from dabiao.services.judge.judging import Verdict
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import attainment, frame
from dashboard.components.attributes import aria
from dashboard.components.status import badge


def rules(v: Verdict, asked: Asked) -> list[Any]:
    """The table of rules and the thresholds beside the light."""
    say, settings = asked.say, asked.app.settings
    headings = [say("rules.rule"), say("rules.says"), say("rules.outcome")]
    spoke = [r for r in v.assessment.rules if r.outcome != NOT_APPLICABLE]
    silent = [r for r in v.assessment.rules if r.outcome == NOT_APPLICABLE]
    rows = [_probability(v, asked), *(_rule(r, asked) for r in spoke)]
    agreement = say.word("verdict.also.agreement", **v.assessment.agreement._asdict())
    note = say("rules.thresholds", on=f"{settings.on_track:.0%}", off=f"{settings.off_track:.0%}")
    return [
        frame.table(headings, rows, caption=say("rules.heading"), classes="rules"),
        *([html.P(agreement, className="soft")] if v.assessment.rules else []),
        *([_silent(silent, headings, asked)] if silent else []),
        html.P(note, className="soft small"),
    ]


def _silent(silent: Sequence[RuleResult], headings: Sequence[str], asked: Asked) -> html.Details:
    """The rules that do not apply, with why."""
    says = asked.say("rules.not_applied", count=len(silent))
    table = frame.table(headings, [_rule(r, asked) for r in silent], caption=says, classes="rules")
    return frame.fold(says, [table])


def _probability(v: Verdict, asked: Asked) -> list[Any]:
    a, say, settings = v.assessment, asked.say, asked.app.settings
    name = say("rules.attainment")
    outcome = badge(a.status, bool(a.provisional), asked.lang)
    if a.attainment is None:
        return [name, say.word(f"reason.{a.reason}"), outcome]
    shown = attainment.bar(
        a.attainment, present.attainment(a), a.status, settings.off_track, settings.on_track, say
    )
    return [name, shown, outcome]


def _rule(r: RuleResult, asked: Asked) -> list[Any]:
    word = asked.say.word(f"outcome.{r.outcome}")
    if r.favourable is None:
        outcome = html.Span(word, className="soft")
    else:
        sign = "✔" if r.favourable else "✘"
        outcome = html.Span(
            [html.Span(f"{sign} ", **aria(hidden="true")), word],
            className="better" if r.favourable else "worse",
        )
    return [asked.say.word(f"rule.{r.rule}.name"), present.minus(rule_says(r, asked.lang)), outcome]
