"""What the server answers, without a browser: language, headers, states, files, refusals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.errors import ServiceError
from dabiao.i18n import Lang
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.settings import Settings
from dashboard import asked, security, server
from dashboard.app import create_app
from dashboard.components.history import stretches
from tests.conftest import NOW

DAY = "as_of=2026-11-21"


@pytest.fixture
def client(walked_app: App) -> Iterator[FlaskClient]:
    """A client of the application over the bundled data."""
    walked_app.store.close()
    with create_app(walked_app.settings).server.test_client() as found:
        yield found


@pytest.mark.parametrize(
    ("named", "cookie", "accept", "expected"),
    [
        ("en", "zh-CN", ["zh-CN"], "en"),
        (None, "en", ["zh-CN"], "en"),
        (None, None, ["fr", "en-GB", "zh"], "en"),
        (None, None, ["zh-TW"], "zh-CN"),
        (None, None, ["fr"], "zh-CN"),
    ],
)
def test_the_language_is_the_nearest_choice(
    named: str | None, cookie: str | None, accept: list[str], expected: Lang
) -> None:
    """The address goes before the last choice, that before the browser's languages, those before the setting."""
    assert asked.language(named, cookie, accept, "zh-CN") == expected


def test_the_first_byte_is_in_the_readers_language(client: FlaskClient) -> None:
    """``lang`` and the title are right before any script runs, and an address's language is remembered."""
    assert client.get("/", headers={"Accept-Language": "en-GB"}).text.startswith(
        '<!DOCTYPE html>\n<html lang="en"'
    )
    chosen = client.get("/?lang=zh-CN", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in chosen.text
    assert "<title>总览 · 达标</title>" in chosen.text
    assert "dabiao_lang=zh-CN" in chosen.headers["Set-Cookie"]


def test_every_answer_says_what_a_browser_may_do(client: FlaskClient) -> None:
    """Pages, data and files all forbid foreign hosts, framing and guessing of types."""
    for path in ("/", "/_dash-layout", "/healthz", f"/export/targets.csv?{DAY}", "/nowhere"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    """No script, style or picture of the page has another host."""
    page = client.get("/").text
    assert "src=" in page
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert 'src="//' not in page


@pytest.mark.parametrize(
    ("method", "site", "origin", "refused"),
    [
        ("POST", "cross-site", None, True),
        ("POST", "same-site", "http://localhost:8050", True),
        ("POST", "same-origin", None, False),
        ("POST", None, "http://evil.example", True),
        ("POST", None, "null", True),
        ("POST", None, "http://localhost:8050", False),
        ("POST", None, None, False),
        ("GET", "cross-site", "http://evil.example", False),
    ],
)
def test_another_sites_page_changes_nothing(
    method: str, site: str | None, origin: str | None, refused: bool
) -> None:
    """An unsafe request that a browser sends for another site's page is refused."""
    assert security.from_elsewhere(method, site, origin, "localhost:8050") is refused


def test_a_cross_site_callback_is_refused(client: FlaskClient) -> None:
    """The check stands before the callbacks too."""
    answer = client.post("/_dash-update-component", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_an_address_without_a_page_is_a_404(client: FlaskClient) -> None:
    """The page that says so has the status that says so."""
    assert client.get("/").status_code == 200
    assert client.get("/target/jilin-2024-pm25").status_code == 200
    assert client.get("/nowhere").status_code == 404


def test_ready_only_with_a_store(client: FlaskClient, tmp_path: Path) -> None:
    """Alive is one question, able to answer another; not ready says what to do."""
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    with create_app(Settings(home=tmp_path / "nothing")).server.test_client() as bare:
        assert bare.get("/").status_code == 200
        answer = bare.get("/readyz")
        assert answer.status_code == 503
        assert "dabiao init" in str(answer.json)
        assert bare.get("/export/targets.csv").status_code == 503


def rows(content: bytes) -> list[dict[str, str]]:
    """A file's rows as a spreadsheet would see them."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_list_is_exported_as_filtered(client: FlaskClient) -> None:
    """The file holds what the filters pass, in the reader's language, and names the day."""
    everything = rows(client.get(f"/export/targets.csv?lang=en&{DAY}").data)
    some = rows(client.get(f"/export/targets.csv?lang=en&{DAY}&plan=jilin-2024&measure=numeric").data)
    assert 0 < len(some) < len(everything)
    assert {r["plan"] for r in some} == {"Beautiful Jilin action plan (2024–2027)"}
    pm25 = next(r for r in some if r["target_id"] == "jilin-2024-pm25")
    assert (pm25["comparator"], pm25["value"], pm25["deadline"], pm25["as_of"]) == (
        "≤",
        "27",
        "2027",
        "2026-11-21",
    )
    assert "目标编号" in rows(client.get(f"/export/targets.csv?lang=zh-CN&{DAY}").data)[0]


def test_no_cell_of_an_export_is_a_formula(client: FlaskClient) -> None:
    """No text cell opens with a sign that a spreadsheet would run."""
    for row in rows(client.get(f"/export/targets.csv?{DAY}").data):
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row.values())


def test_the_values_come_with_their_sources(client: FlaskClient) -> None:
    """Every known value is in the file, used or not; a target that does not exist has none."""
    found = rows(client.get(f"/export/target/jilin-2024-pm25/values.csv?lang=en&{DAY}").data)
    assert {"yes", "no"} == {r["used"] for r in found}
    assert all(r["source"] for r in found)
    assert client.get("/export/target/nothing/values.csv").status_code == 404


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_template_filled_in_is_imported(
    client: FlaskClient, walked_app: App, tmp_path: Path, lang: str
) -> None:
    """The empty file that a target's page offers, with its one value written in, goes through the importer."""
    target = "panshi-2022-good-days"
    content = client.get(f"/export/target/{target}/template.csv?lang={lang}&{DAY}").data.decode("utf-8-sig")
    heading, row = content.splitlines()
    cells = next(csv.reader([row]))
    cells[3], cells[5] = "91.5", "公报"
    filled = tmp_path / "filled.csv"
    filled.write_text(f"{heading}\n{','.join(cells)}\n", "utf-8")
    app = bootstrap.open_app(walked_app.settings)
    try:
        result = import_file(app, filled, now=NOW)
    finally:
        app.store.close()
    assert (result.accepted, result.refused) == (1, 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org", "::"])
def test_no_address_that_others_reach_without_an_admin(walked_app: App, host: str) -> None:
    """While nobody could let others in, the dashboard listens on this machine alone."""
    with pytest.raises(ServiceError) as refused:
        server.check_address(walked_app.settings.model_copy(update={"host": host}))
    assert refused.value.code == "serve_without_admin"


def test_neighbouring_assessments_that_say_the_same_are_one_stretch() -> None:
    """A strip shows changes of the status, not repetitions of it; what was judged later than the day shown stays out."""
    base = {"status": "on_track", "provisional": 0, "reason": "attainment_high", "attainment": 0.7}
    history = [
        {**base, "as_of": "2026-01-01"},
        {**base, "as_of": "2026-02-01"},
        {**base, "status": "missed", "as_of": "2026-03-01"},
        {**base, "status": "met", "as_of": "2026-09-01"},
    ]
    found = stretches(history, date(2026, 4, 1))
    assert [(row["status"], days) for row, days in found] == [("on_track", 59), ("missed", 31)]
    assert stretches(history, date(2025, 1, 1)) == []
