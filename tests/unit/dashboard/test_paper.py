"""A list that comes in blocks stands whole on the pages that are made to be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from dabiao.services.app import App
from dabiao.services.pages import view_extras, views
from dashboard.app import create_app
from tests.conftest import NOW

DAY = date(2026, 11, 21)
AT = f"as_of={DAY}"


@pytest.fixture
def client(walked_app: App) -> Iterator[FlaskClient]:
    """A client of the application over the bundled data."""
    with create_app(walked_app.settings).server.test_client() as found:
        yield found


def rows(page: str) -> list[str]:
    return re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0], re.DOTALL)


def test_every_target_is_on_paper(walked_app: App, client: FlaskClient) -> None:
    """The list has a row a target, the most urgent first, and no script but what opens the print dialogue."""
    page = client.get(f"/print/targets?{AT}").text
    found = rows(page)
    assert len(found) == len(views.urgent(walked_app, DAY, NOW, {}))
    assert "未达标 · 暂定" in found[0]
    assert f"截至 {DAY}，共 {len(found)} 项" in page
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/assets/shell.js">']


def test_the_filters_are_said_in_words(walked_app: App, client: FlaskClient) -> None:
    """Paper has no address: what narrowed the list stands over it, and the way back keeps it."""
    page = client.get(f"/print/targets?lang=en&{AT}&region=350500&status=missed&status=awaiting").text
    assert "Filtered by Region: Quanzhou; Status: Missed, Awaiting" in page
    wanted = {"region": ["350500"], "status": ["missed", "awaiting"]}
    assert len(rows(page)) == len(views.urgent(walked_app, DAY, NOW, wanted))
    assert 'href="/?region=350500&amp;status=missed&amp;status=awaiting' in page
    switch = re.search(r'class="button" lang="zh-CN" href="([^"]*)"', page)
    assert switch is not None
    assert switch[1].count("status=") == 2


def test_a_plan_stands_whole_with_its_text(walked_app: App, client: FlaskClient) -> None:
    """Every target with its number, its clause and its quote, then the text with the same numbers."""
    view = view_extras.plan_view(walked_app, "quanzhou-2022", DAY, NOW)
    assert view is not None
    page = client.get(f"/print/plan/quanzhou-2022?lang=en&{AT}").text
    found = rows(page)
    assert [row.split("</td>")[0] for row in found] == [
        f"<td>{number}" for number in range(1, len(view.verdicts) + 1)
    ]
    assert view.verdicts[-1].declared.target.clause in found[-1]
    numbered = {int(n) for n in re.findall(r"<sup>(\d+)</sup>", page)}
    assert numbered == set(range(1, len(view.verdicts) + 1))
    text = page.split('<div class="plan-text" lang="zh-CN">')[1].split("</div>")[0]
    bare = unescape(re.sub(r"<sup>\d+</sup>|<[^>]*>", "", text))
    assert bare.split() == view.plan["text"].split()


def test_of_a_plan_that_is_not_there_nothing_is_printed(client: FlaskClient) -> None:
    """An unknown plan, and one that had not been issued, are each a 404; nothing of an address is taken for markup."""
    assert client.get("/print/plan/nothing").status_code == 404
    assert client.get("/print/plan/jilin-2024?as_of=2023-12-31").status_code == 404
    assert "<b>" not in client.get("/print/targets?status=%3Cb%3E").text
