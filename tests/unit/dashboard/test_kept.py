"""A kept page is the page that would be made: whatever it hangs on, a change shows in the next answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
from dash import html
from dash._utils import to_json
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.domain.access import AT_THE_MACHINE, Principal, Role, Scope
from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.store import alerts as stored_alerts
from dashboard import gate, kept, routes, urls
from dashboard.app import create_app
from dashboard.asked import Asked, Say
from dashboard.pages.page import Page
from tests.conftest import NOW

LATE = "地区,指标,时间,数值,单位\n吉林市,PM2.5平均浓度,2025,61,µg/m3\n"


@pytest.fixture
def asked(walked_app: App) -> Asked:
    """A request on the day on which the store was judged."""
    today = walked_app.today(NOW)
    return Asked(walked_app, urls.Query(), Say("zh-CN"), "light", NOW, today, today)


@pytest.fixture
def made() -> list[int]:
    """As long as how often a page was made."""
    return []


Shown = Callable[[Asked], str]


@pytest.fixture
def shown(made: list[int]) -> Shown:
    """The title of a page, which says how often it has been made."""

    def make() -> Page:
        made.append(1)
        return Page(str(len(made)), [html.P("x")])

    return lambda asked: kept.page(asked, "test", "/", "", make).title


def test_it_is_made_once(asked: Asked, shown: Shown) -> None:
    """The second to ask gets what the first one got, an hour later too."""
    assert [shown(asked), shown(asked), shown(replace(asked, now=NOW + timedelta(hours=1)))] == [
        "1",
        "1",
        "1",
    ]


def test_an_acknowledgement_is_in_the_next_answer(asked: Asked, shown: Shown) -> None:
    """Also of pages that show no alert: what changes anything that a page shows is in the key."""
    assert shown(asked) == "1"
    alert = next(iter(stored_alerts.listed(asked.app.store)))
    alerting.acknowledge(asked.app, alert.id, "王芳", "已安排", None, NOW)
    assert shown(asked) == "2"


def test_midnight_is_in_the_next_answer(asked: Asked, shown: Shown) -> None:
    """Another today makes another page, also where the day that is shown is the same."""
    assert shown(asked) == "1"
    tomorrow = asked.today + timedelta(days=1)
    assert shown(replace(asked, today=tomorrow)) == "2"
    assert shown(replace(asked, today=tomorrow, as_of=tomorrow)) == "3"


def test_language_and_theme_have_pages_of_their_own(asked: Asked, shown: Shown) -> None:
    """Each is made once, and neither is shown to a reader of the other."""
    others = [asked, replace(asked, say=Say("en")), replace(asked, theme="dark")]
    assert [shown(a) for a in (*others, *others)] == ["1", "2", "3"] * 2


def test_another_reader_has_another_page(asked: Asked, shown: Shown) -> None:
    """What one may see and do is in the key: roles, what a token is limited to, the part of the targets, being signed in."""
    viewer = Principal("王芳", frozenset({Role.VIEWER}))
    scope = Scope(plans=frozenset({"jilin-2024"}))
    readers = [
        AT_THE_MACHINE,
        Principal("李明", frozenset({Role.ADMIN})),
        viewer,
        replace(viewer, scope=scope),
        replace(viewer, roles=frozenset({Role.OFFICER})),
        replace(viewer, roles=frozenset({Role.ADMIN}), limited_to=frozenset()),
    ]

    def seen(reader: Principal) -> str:
        with flask.Flask("test").test_request_context():
            gate.admit(reader)
            return shown(replace(asked, app=replace(asked.app, scope=reader.scope)))

    assert [seen(r) for r in readers] == ["1", "2", "3", "4", "5", "6"]
    assert seen(replace(viewer, name="赵强", session=7)) == "3"  # no kept page shows a name


def test_a_failure_is_not_kept(asked: Asked, shown: Shown) -> None:
    """Who comes after a failure gets the page."""

    def fail() -> Page:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.page(asked, "test", "/", "", fail)
    assert shown(asked) == "1"


def plain(children: Any) -> Any:
    """What a browser reads of components."""
    return json.loads(to_json(children))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", ["/", "/plans", "/plan/jilin-2024", "/regions", "/region/220200", "/units"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_what_is_kept_is_what_is_made(asked: Asked, path: str, lang: Any) -> None:
    """The first and the second answer are the page as the browser would have got it."""
    asked = replace(asked, say=Say(lang))
    fresh = routes.render(path, asked)
    for _ in range(2):
        found = routes.shown(path, "", asked)
        assert found.title == fresh.title
        assert plain(list(found.children)) == plain(fresh.children)


@pytest.fixture
def client(walked_app: App) -> Iterator[FlaskClient]:
    """A client of the application over the bundled data."""
    walked_app.store.close()
    with create_app(walked_app.settings).server.test_client() as found:
        yield found


def page(client: FlaskClient, path: str) -> str:
    """What the page of a path is filled with."""
    wanted = {
        "output": "..main.children...title.data..",
        "outputs": [{"id": "main", "property": "children"}, {"id": "title", "property": "data"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "theme", "property": "data", "value": "light"},
        ],
        "changedPropIds": ["url.pathname"],
        "state": [{"id": "url", "property": "search", "value": "?as_of=2026-11-21&lang=en"}],
    }
    answer = client.post("/_dash-update-component", json=wanted)
    assert answer.status_code == 200
    return answer.text


def test_an_import_is_in_the_next_answer(client: FlaskClient, walked_app: App, tmp_path: Path) -> None:
    """A value that came is on the region's page at once, and the page before it was the same twice."""
    place = "/region/220200"
    before = page(client, place)
    assert page(client, place) == before
    file = tmp_path / "late.csv"
    file.write_text(LATE, "utf-8")
    app = bootstrap.open_app(walked_app.settings)
    found = import_file(app, file, now=NOW)
    app.store.close()
    assert found.accepted == 1
    assert page(client, place) != before
