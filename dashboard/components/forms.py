"""Forms that the browser sends to an action, and the box that narrows a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import gate, rights
from dashboard.asked import Asked
from dashboard.components import days


def form(action: str, children: Sequence[Any], *, classes: str = "", name: str | None = None) -> html.Form:
    """Fields that are sent to one action; the script in ``assets`` sends them and shows the answer.

    Who may not do it gets none of it.
    """
    if not may(action):
        return html.Form(hidden=True)
    more: dict[str, Any] = {"id": name} if name else {}
    return html.Form(
        list(children), action=f"/do/{action}", method="post", className=f"act {classes}".strip(), **more
    )


def may(action: str) -> bool:
    """Whether the reader may do an action."""
    right = rights.ACTIONS.get(action)
    return right is not None and gate.principal().may(right)


def by_field(label: str, value: str = "") -> html.Label | None:
    """The box for the name of whoever does it; who is signed in does it in the account's name and is not asked."""
    return None if gate.principal().name else text_field("by", label, value=value, required=True)


def drop_zone(name: str, choose: str, or_drop: str) -> dcc.Upload:
    """The place to choose or drop a file; what becomes of it is the business of the script or callback that knows its name."""
    return dcc.Upload(
        html.Div(
            [
                html.Button(choose, className="button primary", type="button"),
                html.Span(or_drop, className="soft"),
            ],
            className="upload-inner",
        ),
        id=name,
        className="upload",
        className_active="upload upload-active",
        style_active={},
    )


def hidden(name: str, value: object) -> dcc.Input:
    """A field that nobody sees."""
    return dcc.Input(type="hidden", name=name, value=str(value))


def text_field(
    name: str, label: str, *, value: str = "", required: bool = False, hint: str = ""
) -> html.Label:
    """A box with its name over it."""
    return html.Label(
        [
            html.Span(label),
            dcc.Input(
                name=name,
                type="text",
                value=value,
                required=required,
                placeholder=hint,
                autoComplete="name" if name == "by" else "off",
            ),
        ],
        className="field",
    )


def date_field(
    name: str, label: str, asked: Asked, *, value: str = "", required: bool = False
) -> dmc.DateInput:
    """A day with its name over it."""
    return days.day_field(
        asked.say, name=name, label=label, value=value, required=required, size="sm", className="field"
    )


def search(path: str, asked: Asked, label: str, hint: str) -> html.Form:
    """A box whose words narrow the list; the script in ``assets`` puts them into the address."""
    return html.Form(
        [
            html.Label(
                [
                    html.Span(label, className="unseen"),
                    dcc.Input(name="q", type="search", value=asked.query.own.get("q", ""), placeholder=hint),
                ],
                className="field",
            ),
            html.Button(asked.say("desk.search"), className="button", type="submit"),
        ],
        action=path,
        method="get",
        className="narrow",
        role="search",
    )
