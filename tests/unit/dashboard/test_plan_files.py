"""What of a plan and of a review can be taken away, and who may have a file written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import flask
import pytest
import yaml
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.plans.schema import PlanFile
from dabiao.services.app import App
from dabiao.services.declare import reviewing
from dabiao.settings import Settings
from dashboard import local, routes, urls
from dashboard.app import LARGEST_REQUEST, create_app
from tests.conftest import NOW

DAY = "as_of=2026-11-21"
TEXT = "泉州市2026年方案\n一、目标\n到2027年,细颗粒物浓度控制在每立方米18微克以下。"


@pytest.fixture
def client(walked_app: App) -> Iterator[FlaskClient]:
    """A client of the application over the bundled data."""
    walked_app.store.close()
    with create_app(walked_app.settings).server.test_client() as found:
        yield found


def rows(content: bytes) -> list[dict[str, str]]:
    """A file's rows as a spreadsheet would see them."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_plan_is_taken_away_as_a_report(client: FlaskClient) -> None:
    """The report is Markdown in the reader's language, as of the day asked for."""
    answer = client.get(f"/export/plan/jilin-2024/report.md?lang=en&{DAY}")
    assert answer.mimetype == "text/markdown"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="jilin-2024-2026-11-21.md"'
    assert answer.text.startswith("# Beautiful Jilin action plan")
    assert "到2027年,全省细颗粒物浓度下降到27微克/立方米以下" in answer.text
    for missing in ("nothing", "jilin-2024/../x"):
        assert client.get(f"/export/plan/{missing}/report.md").status_code == 404
    assert client.get("/export/plan/jilin-2024/report.md?as_of=2023-12-31").status_code == 404


def test_a_plans_targets_come_in_the_order_of_its_text(client: FlaskClient) -> None:
    """The list has the plan's targets alone, filtered as the page is."""
    everything = rows(client.get(f"/export/plan/jilin-2024/targets.csv?lang=en&{DAY}").data)
    assert [r["target_id"] for r in everything][:2] == ["jilin-2024-nonfossil", "jilin-2024-co2-intensity"]
    some = rows(client.get(f"/export/plan/jilin-2024/targets.csv?lang=en&{DAY}&measure=numeric").data)
    assert 0 < len(some) < len(everything)


def test_the_rule_of_a_known_day_is_in_words(client: FlaskClient) -> None:
    """No code of ours stands in a file for people."""
    for lang, words in (("zh-CN", "可知依据"), ("en", "known_rule")):
        found = rows(client.get(f"/export/target/jilin-2024-pm25/values.csv?lang={lang}&{DAY}").data)
        said = {r[words] for r in found}
        assert said
        assert not said & {"published", "period_end", "imported"}


def test_a_review_is_taken_away(client: FlaskClient, walked_app: App) -> None:
    """Nothing accepted is no file; then the plan file has the accepted ones, and the text is that of its digest."""
    app = bootstrap.open_app(walked_app.settings)
    try:
        made = reviewing.create(app, TEXT.encode(), "x.txt", NOW)
        assert client.get(f"/export/review/{made}/plan.yaml").status_code == 404
        reviewing.decide(app, made, 0, "accepted", {}, NOW)
    finally:
        app.store.close()
    answer = client.get(f"/export/review/{made}/plan.yaml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="quanzhou-2026.yaml"'
    assert PlanFile.model_validate(yaml.safe_load(answer.data)).targets[0].indicator == "pm25"
    assert client.get(f"/export/review/{made}/text.txt").data == TEXT.encode()
    assert client.get("/export/review/nothing/text.txt").status_code == 404


def test_too_large_a_request_is_not_read(client: FlaskClient) -> None:
    """A body beyond the limit is refused before anything looks at it."""
    answer = client.post(
        "/_dash-update-component", data=b"x" * (LARGEST_REQUEST + 1), content_type="application/json"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("base", "peer", "headers", "allowed"),
    [
        ("http://127.0.0.1:8050", "127.0.0.1", {}, True),
        ("http://localhost:8050", "::1", {}, True),
        ("http://dabiao.example", "127.0.0.1", {}, False),
        ("http://127.0.0.1:8050", "192.168.1.7", {}, False),
        ("http://127.0.0.1:8050", "127.0.0.1", {"X-Forwarded-For": "10.0.0.1"}, False),
    ],
)
def test_only_a_reader_on_this_machine_has_a_file_written(
    base: str, peer: str, headers: dict[str, str], allowed: bool
) -> None:
    """Not through a proxy, not from another machine, not under another name."""
    server = flask.Flask("x")
    with server.test_request_context("/", base_url=base, environ_base={"REMOTE_ADDR": peer}, headers=headers):
        assert local.may_write(Settings()) is allowed
    assert local.may_write(Settings()) is False


def test_plans_and_reviews_have_their_addresses() -> None:
    """Each address leads to its page, and what is in hand is part of it."""
    for path, name in (
        ("/plans", "plans"),
        ("/plan/jilin-2024", "plan"),
        ("/review", "review"),
        ("/review/abc", "review"),
    ):
        found = routes.find(path)
        assert found is not None
        assert found[0].name == name
    query = urls.parse("?at=12&as_of=2026-11-21&status=met&lang=en")
    assert urls.review("abc", query) == "/review/abc?as_of=2026-11-21&lang=en&at=12"
    assert urls.review(None, query) == "/review?as_of=2026-11-21&lang=en"
    assert urls.plan("p", query.without_filters()) == "/plan/p?as_of=2026-11-21&lang=en"
    assert urls.plan_place("p", "p-x", query) == "/plan/p?as_of=2026-11-21&lang=en&target=p-x#in-p-x"
    assert urls.parse("?at=-1").at is urls.parse("?at=x").at is None


def test_an_unknown_review_is_a_404(client: FlaskClient) -> None:
    """An address of a review that there is none of is not answered as if there were one."""
    assert client.get("/review/nothing").status_code == 404
    assert client.get("/review").status_code == 200
