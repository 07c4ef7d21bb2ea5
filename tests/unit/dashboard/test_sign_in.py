"""Signing in and out, one's own account, and what of a person's doing the audit has."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dabiao import bootstrap
from dabiao.domain.access import EVERYTHING, Role
from dabiao.services.access import accounts
from dabiao.services.app import App
from dabiao.store import audit
from dashboard.app import create_app
from dashboard.entrance import local_path
from tests.conftest import NOW
from tests.factories import settings_of

PASSWORD = "correct horse battery"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(_initialised: Path, tmp_path: Path) -> Iterator[App]:
    home = tmp_path / "home"
    shutil.copytree(_initialised, home)
    opened = bootstrap.open_app(settings_of(home))
    accounts.add(opened, "li.wei", PASSWORD, [Role.CLERK], EVERYTHING, NOW, "root")
    yield opened
    opened.store.close()


@pytest.fixture
def client(app: App) -> FlaskClient:
    return create_app(app.settings).server.test_client()


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> TestResponse:
    form = {"name": "Li.Wei", "password": password, **more}
    return client.post("/login", data=form, headers=HERE)


def test_who_signs_in_gets_to_the_page_asked_for(client: FlaskClient) -> None:
    """With its query; before that, the page for signing in carries it along."""
    asked = client.get("/plans?lang=en")
    assert asked.status_code == 303
    page = client.get(asked.headers["Location"])
    there = re.search(r'name="next" value="([^"]*)"', page.text)
    assert there is not None
    answer = sign_in(client, next=there[1])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plans?lang=en")
    assert client.get("/plans?lang=en").status_code == 200
    assert client.get("/login?next=/alerts").headers["Location"] == "/alerts"


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "",
        "/%2fevil.example", "/%5cevil.example", "/\tevil", "/a b", "evil", "/\n/evil.example", "///evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(client: FlaskClient, there: str) -> None:
    """Only a path of this server is gone to after signing in."""
    assert sign_in(client, next=there).headers["Location"] == "/"


@given(st.text(max_size=30))
def test_a_path_to_go_to_begins_with_one_slash(text: str) -> None:
    """Whatever is asked for, where it leads is on this server."""
    found = local_path("/" + text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert "\\" not in found and found.isprintable()


def test_the_cookie_is_for_the_server_alone(app: App, client: FlaskClient) -> None:
    """No script reads it, no other site's form sends it; over a network it goes by HTTPS alone."""
    plain = sign_in(client).headers["Set-Cookie"]
    assert plain.startswith("dabiao_session=") and plain.endswith("; HttpOnly; Path=/; SameSite=Lax")
    accounts.add(app, "root", PASSWORD, [Role.ADMIN], EVERYTHING, NOW, "root")
    network = create_app(app.settings.model_copy(update={"host": "0.0.0.0"})).server.test_client()
    assert "HTTPS" in network.get("/login?lang=en").text
    assert sign_in(network).headers["Set-Cookie"].startswith("__Host-dabiao=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in sign_in(network).headers["Set-Cookie"]


def test_a_proxy_is_believed_only_where_it_is_declared(app: App) -> None:
    """Without the setting its headers say nothing; with it they say who asks, and that it is by HTTPS."""
    sent = {**HERE, "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.7"}
    for proxies, secure, address in ((0, False, "127.0.0.1"), (1, True, "10.0.0.7")):
        settings = app.settings.model_copy(update={"trusted_proxies": proxies})
        client = create_app(settings).server.test_client()
        answer = client.post("/login", data={"name": "li.wei", "password": PASSWORD}, headers=sent)
        assert ("; Secure" in answer.headers["Set-Cookie"]) is secure
        rows = [r["details"] for r in audit.rows(app.store, action="access.signed_in")]
        assert f'"address":"{address}"' in rows[-1].replace(" ", "")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_wrong_name_and_a_wrong_password_look_the_same(client: FlaskClient, lang: str) -> None:
    """Also when there were too many of them; said in the reader's language."""

    def tried(name: str) -> tuple[int, str]:
        form = {"name": name, "password": "wrong wrong wrong"}
        answer = client.post(f"/login?lang={lang}", data=form, headers=HERE)
        said = re.search(r'role="alert">([^<]*)<', answer.text)
        assert said is not None
        seconds = answer.headers.get("Retry-After")
        if seconds is None:
            return answer.status_code, said[1]
        assert 0 < int(seconds) <= 30
        return answer.status_code, said[1].replace(seconds, "…")  # a second may pass between the two

    known, unknown = [[tried(name) for _ in range(6)] for name in ("li.wei", "nobody.here")]
    assert known == unknown
    assert [status for status, _ in known] == [401] * 5 + [429]
    words = {
        "zh-CN": ("用户名或密码不正确。", "登录失败次数过多"),
        "en": ("The name or the password", "Too many failed"),
    }
    assert known[0][1].startswith(words[lang][0])
    assert known[-1][1].startswith(words[lang][1])


def test_who_is_not_known_sends_little(client: FlaskClient) -> None:
    """A name and a password fit into a few bytes; more is not read."""
    assert sign_in(client, next="/" + "x" * 70_000).status_code == 413


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    """A name with signs of HTML stays a name."""
    form = {"name": '"><script>alert(1)</script>', "password": "x", "next": '/"><b>'}
    page = client.post("/login", data=form, headers=HERE).text
    assert "<script" not in page
    assert "<b>" not in page


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    """The cookie is taken back, and is worth nothing to who kept it."""
    sign_in(client)
    kept = client.get_cookie("dabiao_session")
    assert kept is not None
    assert client.post("/logout", headers=HERE).headers["Location"] == "/login"
    assert client.get_cookie("dabiao_session") is None
    client.set_cookie("dabiao_session", kept.value)
    assert client.get("/").status_code == 303


def test_ones_own_password(app: App, client: FlaskClient) -> None:
    """Changed with the one so far, typed twice; the other sessions end, this one goes on."""
    other = create_app(app.settings).server.test_client()
    sign_in(client)
    sign_in(other)

    def change(old: str, new: str, again: str) -> int:
        form = {"old": old, "new": new, "again": again}
        return int(client.post("/account/password", data=form, headers=HERE).status_code)

    assert change("wrong wrong wrong", "another long one", "another long one") == 422
    assert change(PASSWORD, "another long one", "another long two") == 422
    assert change(PASSWORD, "short", "short") == 422
    assert other.get("/account").status_code == 200
    assert change(PASSWORD, "another long one", "another long one") == 200
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert sign_in(other, "another long one").status_code == 303


def test_a_session_is_ended_from_another(app: App, client: FlaskClient) -> None:
    """The account page lists where one is signed in; one of them is ended there."""
    other = create_app(app.settings).server.test_client()
    sign_in(client)
    sign_in(other)
    numbers = re.findall(r"/account/sessions/(\d+)/end", client.get("/account").text)
    assert len(numbers) == 1
    client.post(f"/account/sessions/{numbers[0]}/end", headers=HERE)
    assert other.get("/").status_code == 303
    assert client.get("/").status_code == 200


def test_what_is_done_is_done_in_the_accounts_name(app: App, client: FlaskClient) -> None:
    """Whatever name the form gives; the audit has a row of each thing done and each file taken away."""
    accounts.change(app, "li.wei", NOW, "root", roles=[Role.ADMIN])
    sign_in(client)
    content = "地区,指标,时间,数值,单位,来源,发布日期\n鹰潭市,PM2.5,2025年,二十四,µg/m³,省公报,2026-06-05\n"
    data = {"file": (io.BytesIO(content.encode()), "a.csv"), "by": "someone else"}
    token = (
        client.post("/do/data/bring", data=data, headers=HERE).get_json()["href"].split("/")[-1].split("?")[0]
    )
    for name, form in (
        ("data/import", {"token": token}),
        ("jobs/pause", {"job": "backup", "by": "someone else", "note": "store moves"}),
        ("jobs/resume", {"job": "backup"}),
        ("data/dismiss", {"row": "1", "note": "twice"}),
    ):
        assert client.post(f"/do/{name}", data=form, headers=HERE).status_code == 200, name
    assert client.get("/export/targets.csv").status_code == 200
    assert client.get("/export/target/nothing/values.csv").status_code == 404
    done = [
        (r["action"], r["subject"])
        for r in audit.rows(app.store)
        if r["actor"] == "li.wei" and not r["action"].startswith("access.")
    ]
    assert done == [
        ("data.brought", f"upload:{token}"),
        ("data.imported", "import:1"),
        ("job.paused", "job:backup"),
        ("job.resumed", "job:backup"),
        ("data.dismissed", "quarantine:1"),
        ("export.downloaded", "export:export_targets"),
    ]
    assert not [r for r in audit.rows(app.store) if r["actor"] == "someone else"]
