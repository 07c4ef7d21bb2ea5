"""Parts of a page that no callback touches, sent as finished HTML.

A component costs a browser a node of two trees and a subscription to the store of the page; a page of a thousand of them is
ready half a second later than the same page as text. What stands still is therefore written here once, from the same
components, and ``assets/still.js`` puts it in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup, escape

_NAMES = {
    "className": "class",
    "htmlFor": "for",
    "tabIndex": "tabindex",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
}
"""Attributes that HTML names otherwise."""

_SAME = frozenset(
    {"alt", "download", "hidden", "href", "id", "lang", "open", "role", "scope", "src", "start", "title", "type"}
)  # fmt: skip
"""Attributes of the same name; any other is a mistake of the caller's."""

_VOID = frozenset({"img", "br", "hr", "wbr"})
_CAPITAL = re.compile(r"(?=[A-Z])")


class Still(Component):
    """The component behind :func:`still`; the browser's half is ``window.dabiao_parts.Still``."""

    _namespace = "dabiao_parts"
    _type = "Still"
    _children_props: list[str] = []  # noqa: RUF012 - read by Dash on the class
    _base_nodes: list[str] = []  # noqa: RUF012
    _prop_names = ["html"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, html: str) -> None:
        super().__init__(html=html)  # type: ignore[no-untyped-call]


def still(*parts: Any) -> Still:
    """Components of ``dash.html`` and links as one piece of HTML. An id within is none that a callback can name."""
    return Still(html=str(markup(list(parts))))


def markup(part: Any) -> Markup:
    """A component, a text, a number or a list of them as HTML; text is escaped unless it is :class:`Markup` already.

    Raises:
        TypeError: it holds a component or an attribute that needs the program in the browser.
    """
    if part is None:
        return Markup("")
    if isinstance(part, list | tuple):
        return Markup("").join(markup(p) for p in part)
    if not isinstance(part, Component):
        return escape(str(part) if isinstance(part, int | float) else part)
    props = dict(part.to_plotly_json()["props"])  # type: ignore[no-untyped-call]
    children = props.pop("children", None)
    name, inside = _element(part)
    opening = Markup("<{}{}{}>").format(name, _attributes(props), Markup(" data-inside") if inside else "")
    return opening if name in _VOID else Markup("{}{}</{}>").format(opening, markup(children), name)


def _element(part: Component) -> tuple[str, bool]:
    """The element's name, and whether it is a link within the program."""
    if part._namespace == html.Div._namespace:
        return part._type.lower(), False
    if part._type == "Link":
        return "a", True
    raise TypeError(f"{part._namespace}.{part._type} does not stand still")


def _attributes(props: Mapping[str, Any]) -> Markup:
    return Markup("").join(_attribute(name, value) for name, value in props.items())


def _attribute(name: str, value: Any) -> Markup:
    if value is None or value is False:
        return Markup("")
    if name == "style":
        declared = ";".join(f"{_CAPITAL.sub('-', key).lower()}:{said}" for key, said in value.items())
        return Markup(' style="{}"').format(declared)
    known = name in _SAME or name.startswith(("aria-", "data-"))
    if not known and name not in _NAMES:
        raise TypeError(f"no attribute of HTML is known for {name}")
    named = _NAMES.get(name, name)
    return Markup(" {}").format(named) if value is True else Markup(' {}="{}"').format(named, value)
