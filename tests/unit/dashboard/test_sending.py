"""How responses travel: what is packed, what a browser may keep, and that it is never sent twice."""

from __future__ import annotations

import gzip
import re

import flask
import pytest
from flask.testing import FlaskClient
from plotly.offline import get_plotlyjs_version

from dabiao.settings import Settings
from dashboard import sending
from dashboard.app import create_app

PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The application over a folder without a store: files need none."""
    return create_app(Settings(home=tmp_path_factory.mktemp("bare"))).server.test_client()


@pytest.fixture(scope="module")
def files(client: FlaskClient) -> list[str]:
    """The addresses of every script and style that the first page names."""
    found: list[str] = re.findall(r'(?:src|href)="(/[^"]+)"', client.get("/").text)
    return found


def test_every_file_of_the_page_may_be_kept_for_good(client: FlaskClient, files: list[str]) -> None:
    """A script or style is named by its content, so a browser never needs to ask for it again."""
    named = [
        f for f in files if "icon" not in f and "/async-" not in f
    ]  # parts of a suite have one address each
    assert len(named) > 5
    for file in named:
        response = client.get(file, headers=PACKED, buffered=True)
        assert response.status_code == 200, file
        assert response.headers["Cache-Control"] == sending.LASTING, file
        assert "Accept-Encoding" in response.vary, file


def test_packed_is_the_same_content(client: FlaskClient, files: list[str]) -> None:
    """Unpacked, a file has the bytes that a client gets who takes no packing."""
    for file in files:
        packed, plain = client.get(file, headers=PACKED, buffered=True), client.get(file, buffered=True)
        assert "Content-Encoding" not in plain.headers
        if len(plain.data) >= sending.SMALLEST:
            assert packed.headers["Content-Encoding"] == "gzip"
            assert int(packed.headers["Content-Length"]) == len(packed.data)
            assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("headers", [{}, PACKED])
def test_a_file_asked_for_again_by_its_tag_is_not_sent(
    client: FlaskClient, files: list[str], headers: dict[str, str]
) -> None:
    """The tag that came with a file answers 304 without a body, packed or not."""
    for file in files:
        tag = client.get(file, headers=headers, buffered=True).headers["ETag"]
        again = client.get(file, headers={**headers, "If-None-Match": tag}, buffered=True)
        assert (again.status_code, again.data) == (304, b""), file


def test_an_address_that_names_no_content_is_not_kept_for_good(client: FlaskClient) -> None:
    """The icon has one address for all versions."""
    for file in ("/assets/icon.svg", "/_dash-component-suites/dash/dcc/dash_core_components.js"):
        kept = client.get(file, buffered=True).headers.get("Cache-Control", "")
        assert "immutable" not in kept


def test_the_charts_script_is_of_the_version_that_makes_the_figures(
    client: FlaskClient, files: list[str]
) -> None:
    """The small bundle of plotly is the one that plotly's package would send whole."""
    (bundle,) = [f for f in files if "plotly" in f]
    first_lines = client.get(bundle, buffered=True).text[:200]
    assert f"(basic - minified) v{get_plotlyjs_version()}" in first_lines
    assert f'<meta name="charts" content="{bundle}">' in client.get("/").text


@pytest.mark.parametrize(
    ("path", "charts", "listed"),
    [("/", "prefetch", "preload"), ("/target/a", "preload", "prefetch"), ("/about", "prefetch", "prefetch")],
)
def test_a_page_fetches_at_once_what_stands_on_it(
    client: FlaskClient, path: str, charts: str, listed: str
) -> None:
    """No page runs a large script that it does not need, and none waits for one that it does."""
    page = client.get(path).text
    assert "plotly" not in " ".join(re.findall(r"<script[^>]*>", page))
    kinds = {
        file.split("?")[0].split("/")[-1]: kind
        for kind, file in re.findall(r'rel="(pre\w+)"[^>]*href="([^"]+)"', page)
    }
    assert kinds == {"plotly-basic.min.js": charts, "async-graph.js": charts, "async-community.js": listed}


def test_pages_are_packed_and_never_kept(client: FlaskClient) -> None:
    """A page is of one reader, one language and one moment."""
    response = client.get("/", headers=PACKED)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "no-store"
    assert {"Accept-Language", "Cookie", "Accept-Encoding"} <= set(response.vary)
    assert gzip.decompress(response.data).startswith(b"<!DOCTYPE html>")


def test_a_missing_file_is_not_kept(client: FlaskClient) -> None:
    """That there is none today says nothing of tomorrow."""
    assert "immutable" not in client.get("/assets/none.js?m=1").headers.get("Cache-Control", "")


def test_every_response_says_how_long_it_took(client: FlaskClient) -> None:
    """Clock and processor, in milliseconds, as browsers read them."""
    said = client.get("/").headers["Server-Timing"]
    assert re.fullmatch(r"app;dur=\d+\.\d, cpu;dur=\d+\.\d", said)


def made() -> flask.Flask:
    """A server with one response of each kind that is left as it is."""
    server = flask.Flask("made")
    sending.register(server)
    server.add_url_rule(
        "/stream", "stream", lambda: flask.Response((b"a" * 600 for _ in range(3)), mimetype="text/csv")
    )
    server.add_url_rule(
        "/small", "small", lambda: flask.Response("a" * (sending.SMALLEST - 1), mimetype="text/plain")
    )
    server.add_url_rule(
        "/border", "border", lambda: flask.Response("a" * sending.SMALLEST, mimetype="text/plain")
    )
    server.add_url_rule("/zip", "zip", lambda: flask.Response(b"a" * 9999, mimetype="application/zip"))
    return server


@pytest.mark.parametrize(
    ("path", "packed"), [("/stream", False), ("/small", False), ("/border", True), ("/zip", False)]
)
def test_what_is_packed(path: str, packed: bool) -> None:
    """Text from a size on; a stream goes out as it is made, and what is packed already stays so."""
    response = made().test_client().get(path, headers=PACKED)
    assert ("Content-Encoding" in response.headers) is packed


@pytest.mark.parametrize("accept", ["gzip;q=0", "identity", "br"])
def test_who_takes_no_gzip_gets_none(accept: str) -> None:
    """A quality of nought is a refusal."""
    response = made().test_client().get("/border", headers={"Accept-Encoding": accept})
    assert "Content-Encoding" not in response.headers
    assert response.data == b"a" * sending.SMALLEST
