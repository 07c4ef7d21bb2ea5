"""成绩 Track record: what the service has said of what has been decided since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dabiao.domain.track_record import Case, Record
from dabiao.services.record import track_record as records
from dashboard import present
from dashboard.asked import Asked
from dashboard.components import frame, track_record
from dashboard.pages.page import Page


def layout(asked: Asked) -> Page:
    """The records one under another, never added together: live, replayed, and questions put to the series."""
    say = asked.say
    title = say("title", page=say("pages.track_record"))
    found = records.cases(asked.app, asked.as_of)
    by_record = records.by_record(found)
    head = html.Div(
        [
            html.H1(say("track.heading"), className="verdict"),
            html.P(_summary(by_record, asked), className="verdict-also"),
        ],
        className="verdict-head",
    )
    if not found:
        tools = [frame.command("dabiao track-record replay")]
        return Page(title, [head, frame.empty(say("track.none"), say("track.none_says"), tools)])
    return Page(
        title,
        [
            head,
            _looked_back(by_record, asked),
            *(_record(name, cases, asked) for name, cases in by_record.items()),
            _words(asked),
        ],
    )


def _summary(by_record: dict[Record, list[Case]], asked: Asked) -> str:
    say = asked.say
    made = records.worked_out_on(asked.app)
    counts = {str(name): len(cases) for name, cases in by_record.items()}
    said = say("track.summary", **counts)
    if made is None:
        return said
    at = present.moment(made, asked.app.settings.timezone, asked.today, asked.lang)
    return said + say("track.made", at=at)


def _looked_back(by_record: dict[Record, list[Case]], asked: Asked) -> Any:
    say = asked.say
    rows = [
        (name, row) for name in (Record.LIVE, Record.REPLAY) for row in records.looked_back(by_record[name])
    ]
    content = (
        track_record.looked_back(rows, asked) if rows else [html.P(say("track.no_targets"), className="calm")]
    )
    return frame.panel(
        say("track.looked_back"), content, note=say("track.looked_back_note"), name="looked-back"
    )


def _record(name: Record, cases: Sequence[Case], asked: Asked) -> Any:
    say = asked.say
    heading, note = say.word(f"track_record.record.{name}"), say(f"track.note_{name}")
    if not cases:
        return frame.panel(
            heading, [html.P(say(f"track.no_{name}"), className="calm")], note=note, name=f"track-{name}"
        )
    left = track_record.curve(records.curve(cases), str(name), asked)
    right = [
        *track_record.scores(records.scores(cases), asked),
        *track_record.rules(cases, asked),
        *track_record.parts(name, cases, asked),
    ]
    columns = html.Div([html.Div(left), html.Div(right, className="stack")], className="columns track")
    return frame.panel(heading, [columns], note=note, name=f"track-{name}")


def _words(asked: Asked) -> Any:
    """What the figures mean, for someone who has never met them."""
    say = asked.say
    names = ("brier", "skill", "climatology", "drift", "calibration", "interval", "replay", "rules")
    pairs = [(say(f"track.word_{n}"), say(f"track.word_{n}_says", few=records.FEW)) for n in names]
    return frame.panel(say("track.words"), [frame.facts(pairs)], name="track-words")
