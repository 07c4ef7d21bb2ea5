"""The parts of a review: the list of proposals, the one in hand with its fields, the plan's head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dabiao.domain.target import Comparator, Kind, Measure
from dabiao.i18n.format import COMPARATORS
from dabiao.services.declare.review_files import Remark
from dabiao.services.declare.reviewing import Proposed, Review
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components import frame
from dashboard.components.attributes import aria
from dashboard.components.review_words import goal, indicator_hint, indicator_name, region_hint
from dashboard.present import DASH

FIRST = ("indicator", "region", "measure", "kind", "comparator", "value", "unit", "deadline", "stretch")
WORDS = ("quote", "clause", "lead_units", "responsible_units")
MORE = (
    "id", "tolerance", "tolerance_note", "baseline_period", "baseline_value", "change", "deadline_note", "same_as",
    "printed", "read_as", "read_why", "note",
)  # fmt: skip
_LINES = ("quote", "lead_units", "responsible_units", "same_as")
NOTHING = "none"
"""What a box with fixed choices says where a field is empty."""

_SUGGESTED = {"indicator": "known-indicators", "region": "known-regions"}


def field_id(name: Any) -> dict[str, Any]:
    """The id of a field of the proposal in hand, or of all of them."""
    return {"review-field": name}


def head_id(name: Any) -> dict[str, Any]:
    """The id of a field of the plan's head."""
    return {"review-head": name}


def stores() -> list[Any]:
    """What the browser notes of a review: what was pressed, how often something was done, what it has scrolled to."""
    return [dcc.Store(id=f"review-{name}") for name in ("pressed", "done", "followed")]


def suggestions(asked: Asked) -> list[Any]:
    """The declared indicators and regions, offered while typing."""
    catalogue, chinese = asked.app.catalogue, asked.lang == "zh-CN"
    return [
        html.Datalist(
            [html.Option(value=i.id, label=i.zh if chinese else i.en) for i in catalogue.indicators.values()],
            id="known-indicators",
        ),
        html.Datalist(
            [html.Option(value=r.id, label=r.zh if chinese else r.en) for r in catalogue.regions.values()],
            id="known-regions",
        ),
    ]


def the_list(review: Review, current: int, wrong: Mapping[int, int], asked: Asked) -> html.Ol:
    """Every proposal with what was decided on it; each leads to itself."""
    return html.Ol(
        [_line(p, review, p.index == current, wrong, asked) for p in review.proposals], className="proposals"
    )


def _line(p: Proposed, review: Review, current: bool, wrong: Mapping[int, int], asked: Asked) -> html.Li:
    say = asked.say
    notes: list[Any] = []
    if p.uncertain and p.decision is None:
        notes.append(html.Span(say("review.doubts", count=len(p.uncertain)), className="soft small"))
    if wrong.get(p.index):
        notes.append(html.Span(say("review.faults", count=wrong[p.index]), className="fault-count small"))
    return html.Li(
        dcc.Link(
            [
                html.Span(str(p.index + 1), className="plan-number"),
                html.Span(
                    [
                        html.Span(indicator_name(p, review, asked)),
                        html.Span(goal(p, asked), className="figure"),
                    ],
                    className="proposal-what",
                ),
                *notes,
                decision_chip(p.decision, say),
            ],
            href=urls.review(review.id, asked.query.in_hand(p.index + 1)),
            className="proposal" + (" current" if current else ""),
        ),
        **(aria(current="true") if current else {}),
    )


def decision_chip(decision: str | None, say: Say) -> html.Span:
    """What was decided, as a sign and a word."""
    word = decision or "open"
    return html.Span(say(f"review.decision.{word}"), className=f"chip decision decision-{word}")


def in_hand(p: Proposed, review: Review, remarks: Sequence[Remark], asked: Asked) -> list[Any]:
    """The proposal to decide on: quote, doubts, buttons, fields."""
    say = asked.say
    doubts = [html.Li(say.word(f"extract.uncertain.{code}")) for code in p.uncertain]
    buttons = [
        html.Button(say("review.accept"), id="review-accept", className="button primary"),
        html.Button(say("review.mend"), id="review-mend", className="button"),
        html.Button(say("review.drop"), id="review-drop", className="button"),
        html.Button(
            say("review.reopen"), id="review-reopen", className="button", disabled=p.decision is None
        ),
    ]
    return [
        html.Div(
            [
                html.H3(
                    say("review.number", number=p.index + 1, total=len(review.proposals)),
                    id="proposal-heading",
                    tabIndex="-1",
                ),
                decision_chip(p.decision, say),
                _steps(p, review, asked),
            ],
            className="proposal-head",
        ),
        html.Blockquote(html.P(p.fields["quote"], lang="zh-CN"), className="quote"),
        html.Div(
            [html.P(say("review.uncertain"), className="strong"), html.Ul(doubts, className="doubts")]
            if doubts
            else html.P(say("review.no_doubt"), className="calm"),
        ),
        remark_list(remarks, asked) if remarks else None,
        html.Div(buttons, className="tools decide", role="group", **aria(label=say("review.decide"))),
        html.Div([_field(n, p.fields, review, asked, n in p.edits) for n in FIRST], className="fields"),
        html.Div([_field(n, p.fields, review, asked, n in p.edits) for n in WORDS], className="fields words"),
        frame.fold(
            say("review.more"),
            [html.Div([_field(n, p.fields, review, asked, n in p.edits) for n in MORE], className="fields")],
            opened=any(n in p.edits for n in MORE),
        ),
        html.P([say("review.rules"), " ", html.Code("  ".join(p.rules))], className="soft small"),
    ]


def _steps(p: Proposed, review: Review, asked: Asked) -> html.Span:
    say, last = asked.say, len(review.proposals)
    steps = []
    for key, to in (("before", p.index), ("after", p.index + 2)):
        if 1 <= to <= last:
            href = urls.review(review.id, asked.query.in_hand(to))
            steps.append(dcc.Link(say(f"review.{key}"), href=href, className="button"))
    return html.Span(steps, className="tools")


def remark_list(remarks: Sequence[Remark], asked: Asked) -> html.Ul:
    """What the check finds, each with its field."""
    return html.Ul(
        [html.Li(remark_words(r, asked.say), className=f"remark remark-{r.severity}") for r in remarks],
        className="remarks",
    )


def remark_words(r: Remark, say: Say) -> str:
    """One remark in words."""
    said = say.word(r.key, **r.params)
    return said if r.about is None else say("review.about", field=say(f"field.{_known(r.about)}"), says=said)


def _known(name: str) -> str:
    return (
        name
        if name not in ("baseline", "period")
        else {"baseline": "baseline_period", "period": "period_start"}[name]
    )


def head_fields(review: Review, names: Sequence[str], say: Say) -> html.Div:
    """The plan's head to fill in."""
    boxes = [
        dmc.TextInput(
            id=head_id(n),
            label=say(f"field.head_{n}"),
            value=review.head.get(n, ""),
            size="sm",
            className="field",
        )
        for n in names
    ]
    return html.Div(boxes, className="fields")


def _field(name: str, fields: Mapping[str, str], review: Review, asked: Asked, edited: bool) -> Any:
    say, value = asked.say, fields.get(name, "")
    label = say(f"field.{name}")
    classes = "field" + (" edited" if edited else "")
    if name in _SUGGESTED:
        hint = indicator_hint(value, review, asked) if name == "indicator" else region_hint(value, asked)
        box = dcc.Input(
            id=field_id(name), type="text", value=value, list=_SUGGESTED[name], autoComplete="off"
        )
        return html.Div(
            [html.Label([html.Span(label), box]), html.P(hint, className="soft small")], className=classes
        )
    offered = _choices(name, say)
    if offered is not None:
        return dmc.Select(
            id=field_id(name), label=label, data=offered, value=value or NOTHING, allowDeselect=False, size="sm",
            className=classes, comboboxProps={"withinPortal": True},
        )  # fmt: skip
    if name in _LINES:
        return dmc.Textarea(
            id=field_id(name),
            label=label,
            value=value,
            autosize=True,
            minRows=1,
            size="sm",
            className=classes,
        )
    return dmc.TextInput(id=field_id(name), label=label, value=value, size="sm", className=classes)


def _choices(name: str, say: Say) -> list[dict[str, str]] | None:
    """What a field may be, where that is a fixed list."""
    offered: dict[str, list[tuple[str, str]]] = {
        "measure": [(str(m), say.word(f"measure.{m}")) for m in Measure],
        "kind": [(str(k), say.word(f"kind.{k}")) for k in Kind],
        "comparator": [(str(c), COMPARATORS[c]) for c in Comparator],
        "change": [(c, say(f"review.change.{c}")) for c in ("relative", "absolute")],
        "stretch": [("true", say("export.yes")), (NOTHING, say("export.no"))],
    }
    for name_without in ("comparator", "change"):
        offered[name_without].append((NOTHING, DASH))
    found = offered.get(name)
    return None if found is None else [{"value": value, "label": label} for value, label in found]
