"""What stands still is the same HTML that the components would make, and nothing in it is taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import dash_ag_grid as dag
import pytest
from dash import dcc, html
from dash._utils import to_json
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from dabiao.services.app import App
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components.attributes import aria, data
from dashboard.components.still import Still, markup, still
from dashboard.pages import overview
from tests.conftest import NOW


class Read(HTMLParser):
    """What a browser makes of a text: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_a_component_is_its_element() -> None:
    """Names, attributes and styles are those of HTML; what is empty or off is left out."""
    part = html.Details(
        [html.Summary("a"), html.Label(2, htmlFor="x"), html.Img(src="b", alt=""), None],
        open=False,
        className="fold",
        tabIndex="0",
        title=None,
        style={"backgroundColor": "red", "width": "3%"},
        **aria(label="c"),
        **data(print="page"),
    )
    read = Read(str(markup(part)))
    assert read.elements == [
        (
            "details",
            {
                "class": "fold",
                "tabindex": "0",
                "style": "background-color:red;width:3%",
                "aria-label": "c",
                "data-print": "page",
            },
        ),
        ("summary", {}),
        ("label", {"for": "x"}),
        ("img", {"src": "b", "alt": ""}),
    ]
    assert read.said == ["a", "2"]
    assert Read(str(markup(html.Details(open=True)))).elements == [("details", {"open": None})]


def test_a_link_within_the_program_is_marked() -> None:
    """The script that follows links takes those of the program, and leaves downloads and other sites alone."""
    inside = Read(str(markup(dcc.Link("a", href="/?x=1&y=2")))).elements
    assert inside == [("a", {"href": "/?x=1&y=2", "data-inside": None})]
    assert Read(str(markup(html.A("a", href="/export", download="")))).elements == [
        ("a", {"href": "/export", "download": ""})
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_words_stay_words(text: str) -> None:
    """Whatever a name says, in an element or in an attribute, it opens none and closes none."""
    read = Read(str(markup(html.P([text], title=text))))
    assert [tag for tag, _ in read.elements] == ["p"]
    assert read.elements[0][1]["title"] == text
    assert "".join(read.said) == text


def test_only_markup_is_taken_as_it_is() -> None:
    """A drawing of ours goes in whole; the same letters as a text do not."""
    assert markup([Markup("<svg></svg>")]) == "<svg></svg>"
    assert markup(["<svg></svg>"]) == "&lt;svg&gt;&lt;/svg&gt;"


@pytest.mark.parametrize("part", [dcc.Graph(), dag.AgGrid(), html.Div(contentEditable="true")])
def test_what_needs_the_program_cannot_stand_still(part: Any) -> None:
    """A chart or a grid would never come alive, so it is refused where the page is made."""
    with pytest.raises(TypeError):
        still(html.Div(part))


def test_it_travels_as_a_component() -> None:
    """The browser finds the other half under the name that the script gives it."""
    sent = to_json(still(html.B("x")))  # type: ignore[no-untyped-call]
    assert '"namespace":"dabiao_parts"' in sent.replace(" ", "")
    assert '"type":"Still"' in sent.replace(" ", "")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_overview_stands_still_but_for_the_list(walked_app: App, lang: str) -> None:
    """Count, cards, tables, matrix and deadlines are one piece of HTML with the links that lead on."""
    today = walked_app.today(NOW)
    asked = Asked(walked_app, urls.Query(), Say(lang), "light", NOW, today, today)  # type: ignore[arg-type]
    count, parts, listed = overview.body(asked)
    assert isinstance(count, Still)
    assert isinstance(parts, Still)
    read = Read(parts.to_plotly_json()["props"]["html"])  # type: ignore[no-untyped-call]
    ids = {attributes.get("id") for _, attributes in read.elements}
    assert {"first", "then", "matrix", "deadlines"} <= ids
    links = [a for tag, a in read.elements if tag == "a"]
    assert all("data-inside" in a for a in links)
    assert sum((a.get("class") or "").startswith("card ") for a in links) == 8
    assert any("deadline=2025" in (a["href"] or "") for a in links)
    assert listed.id == "list"
