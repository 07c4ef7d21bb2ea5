"""审核 Review, where it begins: bring a plan, or go on with one."""

from __future__ import annotations

import json
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dabiao import i18n
from dabiao.errors import DabiaoError
from dabiao.services.declare import reviewing
from dabiao.services.declare.reviewing import LARGEST_UPLOAD
from dashboard import present, urls
from dashboard.asked import Asked, Say
from dashboard.components import forms, frame
from dashboard.components.attributes import aria, data
from dashboard.pages.page import Page

SUFFIXES = ".txt,.docx,.pdf"


def layout(asked: Asked) -> Page:
    """Upload or paste, and the reviews under way."""
    say = asked.say
    return Page(
        say("title", page=say("pages.review")),
        [
            html.H1(say("review.heading"), className="verdict"),
            html.P(say("review.promise"), className="verdict-also"),
            dcc.Loading(
                html.Div(id="review-error", **aria(live="assertive")),
                delay_show=200,
                type="dot",
                color="var(--accent)",
            ),
            html.Div(
                [
                    frame.panel(say("review.bring"), bring(say), note=say("review.bring_note"), name="bring"),
                    frame.panel(say("review.under_way"), _under_way(asked), name="under-way"),
                ],
                className="columns halves review-start",
            ),
        ],
    )


def bring(say: Say) -> list[Any]:
    """A file, or pasted words, and what the text does not say."""
    return [
        forms.drop_zone("review-upload", say("review.choose"), say("review.drop_here")),
        # the script in ``assets`` shows this one instead of sending a file that would be refused
        html.Div(
            _refused(say("review.too_large", limit=LARGEST_UPLOAD // 2**20), say),
            id="review-too-large",
            hidden=True,
            **data(limit=str(LARGEST_UPLOAD), accept=SUFFIXES),
        ),
        dmc.Textarea(
            id="review-paste",
            label=say("review.paste"),
            placeholder=say("review.paste_hint"),
            minRows=5,
            maxRows=16,
            autosize=True,
            className="field",
        ),
        frame.fold(
            say("review.hints"),
            [
                html.Div(
                    [
                        dmc.TextInput(
                            id="review-region",
                            label=say("review.region"),
                            placeholder=say("review.region_hint"),
                            className="field",
                            size="sm",
                        ),
                        dmc.TextInput(
                            id="review-period",
                            label=say("review.period"),
                            placeholder="2026-2030",
                            className="field",
                            size="sm",
                        ),
                    ],
                    className="fields",
                )
            ],
        ),
        html.Div(html.Button(say("review.read"), id="review-read", className="button"), className="tools"),
    ]


def refusal(error: DabiaoError, say: Say) -> html.Div:
    """Why a plan could not be taken for review, and what would mend it."""
    return _refused(i18n.text(f"error.{error.code}", say.lang, **error.params), say)


def _refused(says: str, say: Say) -> html.Div:
    return html.Div([html.H2(say("review.refused")), html.P(says)], className="refusal", role="alert")


def _under_way(asked: Asked) -> list[Any]:
    say = asked.say
    rows = reviewing.listing(asked.app)
    if not rows:
        return [html.P(say("review.none"), className="calm")]
    items = []
    for row in rows:
        head = json.loads(row["head"])
        at = present.moment(row["updated_at"], asked.app.settings.timezone, asked.today, asked.lang)
        items.append(
            html.Li(
                [
                    dcc.Link(
                        html.Span(head["fields"].get("title") or head["how"]["file"], lang="zh-CN"),
                        href=urls.review(row["id"], asked.query.in_hand(None)),
                    ),
                    html.P(
                        say(
                            "review.state",
                            file=head["how"]["file"],
                            decided=row["decided"],
                            total=row["proposals"],
                            at=at,
                        ),
                        className="soft small",
                    ),
                ]
            )
        )
    return [html.Ul(items, className="review-list")]
