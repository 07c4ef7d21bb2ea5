"""Forms that the browser sends to an action, and the box that narrows a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.asked import Asked


def form(action: str, children: Sequence[Any], *, classes: str = "", name: str | None = None) -> html.Form:
    """Fields that are sent to one action; the script in ``assets`` sends them and shows the answer."""
    more: dict[str, Any] = {"id": name} if name else {}
    return html.Form(
        list(children), action=f"/do/{action}", method="post", className=f"act {classes}".strip(), **more
    )


def hidden(name: str, value: object) -> dcc.Input:
    """A field that nobody sees."""
    return dcc.Input(type="hidden", name=name, value=str(value))


def text_field(
    name: str, label: str, *, kind: str = "text", value: str = "", required: bool = False, hint: str = ""
) -> html.Label:
    """A box with its name over it."""
    return html.Label(
        [
            html.Span(label),
            dcc.Input(
                name=name,
                type=kind,  # type: ignore[arg-type]  # a date too: the element knows it, the wrapper's list does not
                value=value,
                required=required,
                placeholder=hint,
                autoComplete="name" if name == "by" else "off",
            ),
        ],
        className="field",
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
