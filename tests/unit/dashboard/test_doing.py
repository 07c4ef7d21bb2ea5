"""Everything that people change at their desks goes through one door, which says what was done or why it was not."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.services import jobs
from dabiao.services.alerts import alert_rows
from dabiao.services.app import App
from dashboard import doing
from dashboard.app import LARGEST_REQUEST, create_app
from tests.factories import settings_of

FILE = "地区,指标,时间,数值,单位,来源,发布日期\n鹰潭市,PM2.5,2025年,二十四,µg/m³,省公报,2026-06-05\n"


@pytest.fixture(scope="module")
def home(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:

    target = tmp_path_factory.mktemp("doing") / "home"
    shutil.copytree(_walked, target)
    return target


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    return create_app(settings_of(home)).server.test_client()


@pytest.fixture
def opened(home: Path) -> Iterator[App]:
    app = bootstrap.open_app(settings_of(home))
    yield app
    app.store.close()


def send(client: FlaskClient, name: str, data: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    """Send a form as the browser does; status and answer."""
    sent = {"Referer": "http://localhost/data?lang=en", "Sec-Fetch-Site": "same-origin", **headers}
    answer = client.post(f"/do/{name}", data=data, headers=sent, content_type="multipart/form-data")
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_file_goes_from_the_browser_into_the_store(client: FlaskClient, opened: App) -> None:
    """Brought, imported, mended: each answer says what was done and where to go."""
    status, said = send(client, "data/bring", {"file": (io.BytesIO(FILE.encode()), "../年报.csv")})
    assert status == 200
    token = said["href"].split("/")[-1].split("?")[0]
    status, said = send(client, "data/import", {"token": token})
    assert (status, said["said"]) == (200, "年报.csv imported: 0 new, 0 revised, 0 unchanged, 1 refused.")
    (held,) = opened.store.rows("SELECT id FROM quarantine WHERE state = 'open'")
    cells = ["鹰潭市", "PM2.5", "2025年", "24", "µg/m³", "省公报", "2026-06-05"]
    form = {f"cell-{held['id']}-{i}": text for i, text in enumerate(cells)}
    status, said = send(client, "data/retry", form)
    assert (status, said["said"]) == (200, "1 row mended and taken (1 new, 0 revised); 0 still to mend.")


@pytest.mark.parametrize("name", sorted(doing.ACTIONS))
def test_every_action_refuses_an_empty_form(client: FlaskClient, name: str) -> None:
    """Nothing given is no error of the program: the answer names what is missing or unknown."""
    if name == "data/discard":
        pytest.skip("forgetting what there is not is no mistake")
    status, said = send(client, name, {})
    assert status == 422
    assert said["said"]


@pytest.mark.parametrize("name", sorted(doing.ACTIONS))
def test_no_action_is_taken_for_another_site(client: FlaskClient, name: str) -> None:
    """The door is shut to another site's page, and opens for no other method."""
    assert send(client, name, {}, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert client.get(f"/do/{name}").status_code in (404, 405, 200)
    assert client.get(f"/do/{name}").mimetype == "text/html"


def test_what_is_unknown_or_too_large_is_said(client: FlaskClient) -> None:
    """An action that there is not, and more than a request may hold."""
    assert send(client, "data/erase", {})[0] == 404
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        + b"x" * LARGEST_REQUEST
    )
    answer = client.post("/do/data/bring", data=form, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, bool(answer.get_json()["said"])) == (413, True)


def test_an_alert_is_acknowledged_put_off_and_taken_back(client: FlaskClient, opened: App) -> None:
    """Each goes into its history with the name that was given."""
    today = opened.today(datetime.now(UTC))
    (first, *_) = alert_rows.alert_rows(opened, today, "en")
    alert = str(first["id"])
    due = (today + timedelta(days=30)).isoformat()
    status, said = send(
        client, "alerts/acknowledge", {"alert": alert, "by": "李华", "note": "约谈", "due": due}
    )
    assert (status, said["said"]) == (200, f"Alert {alert} acknowledged by 李华.")
    assert send(client, "alerts/acknowledge", {"alert": alert, "by": " "})[0] == 422
    assert send(client, "alerts/acknowledge", {"alert": alert, "by": "李华", "due": "soon"})[0] == 422
    assert send(client, "alerts/snooze", {"alert": alert, "by": "李华", "until": due})[0] == 200
    assert send(client, "alerts/reopen", {"alert": alert, "by": "王芳"})[0] == 200
    assert send(client, "alerts/reopen", {"alert": "999", "by": "王芳"})[0] == 422
    changes = [(e["change"], e["actor"]) for e in alert_rows.event_rows(opened, first["id"])]
    assert changes[-3:] == [("acknowledged", "李华"), ("snoozed", "李华"), ("reopened", "王芳")]


def test_a_job_is_paused_by_name(client: FlaskClient, opened: App) -> None:
    """A pause needs a name; a second one and a second resumption change nothing and say so."""
    assert send(client, "jobs/pause", {"job": "derive", "by": ""})[0] == 422
    said = [send(client, "jobs/pause", {"job": "derive", "by": "李华"})[1]["said"] for _ in range(2)]
    (row,) = [r for r in jobs.job_rows(opened, datetime.now(UTC)) if r["name"] == "derive"]
    assert (row["paused_by"], row["next_run"]) == ("李华", None)
    assert said[0] != said[1]
    said = [send(client, "jobs/resume", {"job": "derive"})[1]["said"] for _ in range(2)]
    assert said[0] != said[1]
    assert send(client, "jobs/run", {"job": "rm -rf"})[0] == 422


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_the_list_of_alerts_can_be_taken_away(client: FlaskClient, kind: str) -> None:
    """In the three formats, with the address's filters."""
    found = client.get(f"/export/alerts.{kind}?lang=en&state=cleared")
    assert found.status_code == 200
    if kind == "json":
        assert json.loads(found.data) == []
        assert json.loads(client.get("/export/alerts.json").data)
    assert client.get("/export/alerts.exe").status_code == 404


def test_a_file_comes_back_as_it_was(client: FlaskClient, opened: App) -> None:
    """The very bytes, as an attachment that no browser opens as a page."""
    row = opened.store.row("SELECT * FROM imports ORDER BY id LIMIT 1")
    assert row is not None
    with client.get(f"/export/import/{row['id']}/file") as found:
        assert found.data == (opened.paths.home / row["raw_path"]).read_bytes()
        assert found.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/export/import/999/file").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/data/import/999",
        "/data/import/x",
        "/data/upload/0123456789abcdef",
        "/data/series/0",
        "/jobs/9",
        "/alerts/0",
    ],
)
def test_an_unknown_id_is_a_404(client: FlaskClient, path: str) -> None:
    """A page of nothing is not found, whatever its id looks like."""
    assert client.get(path).status_code == 404
