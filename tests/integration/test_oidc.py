"""Signing in by an identity provider, against one that answers over loopback and can be false."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import flask.testing
import pytest
import requests
from pydantic import SecretStr
from werkzeug.test import TestResponse

from dabiao.domain.access import EVERYTHING, Role
from dabiao.domain.group_roles import parse, roles_of
from dabiao.errors import AccessRefused, ServiceError, SettingsError
from dabiao.services.access import accounts, doors, oidc
from dabiao.services.access.oidc import Person
from dabiao.services.access.oidc_accounts import name_of
from dabiao.services.app import App
from dabiao.settings import Settings, load
from dashboard.app import create_app
from tests.conftest import NOW
from tests.oidc_provider import CLIENT, SECRET, Claims, Keys, Provider, running

DISCOVERY = "/.well-known/openid-configuration"
BACK = "http://localhost/login/oidc/back"
ANNA: Claims = {"sub": "7-a", "preferred_username": "Anna", "groups": ["air", "staff"]}


@pytest.fixture(scope="module")
def _keys() -> Keys:
    """Keys take long to make; every provider here has the same."""
    return Provider("").keys


@pytest.fixture
def provider(_keys: Keys) -> Iterator[Provider]:
    """A provider that knows Anna and says everything rightly."""
    with running(keys=dict(_keys), people={"anna": dict(ANNA)}, redirects={BACK}) as found:
        yield found


@pytest.fixture
def settings(app: App, provider: Provider) -> Settings:
    """A service that signs in by it: the group ``air`` are officers, ``chiefs`` administrators."""
    accounts.add(app, "root", "correct horse battery", {Role.ADMIN}, EVERYTHING, NOW, "test")
    return Settings(
        home=app.paths.home,
        lang="en",
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,  # type: ignore[arg-type]  # as a file or variable has it
        oidc_roles="air=officer; chiefs=admin; staff=viewer",
    )


Client = flask.testing.FlaskClient


@pytest.fixture
def client(settings: Settings) -> Client:
    """A browser at the service."""
    return create_app(settings).server.test_client()


def begin(client: Client, there: str = "/") -> str:
    """The provider's address that the browser is sent to."""
    response = client.get(f"/login/oidc?{urlencode({'next': there})}")
    assert response.status_code == 303, response.text
    return str(response.location)


def at_provider(url: str, person: str = "anna") -> str:
    """Sign in there; the path that the browser is sent back to."""
    with requests.Session() as browser:
        page = browser.get(url, timeout=10)
        assert page.status_code == 200, page.text
        origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        sent = {"asked": urlsplit(url).query, "person": person}
        answer = browser.post(f"{origin}/authorize", sent, allow_redirects=False, timeout=10)
    back = str(answer.headers["Location"])
    assert back.startswith(BACK)
    return back.removeprefix("http://localhost")


def sign_in(client: Client, person: str = "anna", there: str = "/") -> TestResponse:
    """The whole way, up to what the service answers."""
    return client.get(at_provider(begin(client, there), person))


def names(app: App) -> dict[str, list[str]]:
    """Accounts with their roles."""
    return {a["name"]: a["roles"] for a in accounts.listed(app)}


def refused(response: TestResponse, why: str, status: int = 403) -> None:
    """The answer is a page that says why, and nobody is signed in."""
    assert response.status_code == status
    assert why in response.text
    assert not [c for c in response.headers.getlist("Set-Cookie") if c.startswith("dabiao_session=")]


def test_a_first_sign_in_makes_the_account(client: Client, app: App, provider: Provider) -> None:
    """Whoever the provider vouches for gets an account with the roles of the groups, a session, and the page that was asked for."""
    response = sign_in(client, there="/plans?as_of=2026-11-21")
    assert (response.status_code, response.location) == (303, "/plans?as_of=2026-11-21")
    assert names(app)["anna"] == ["officer", "viewer"]
    assert client.get("/account").status_code == 200
    assert client.get("/login/oidc/left").status_code == 200
    entries = [
        json.loads(r["details"])
        for r in app.store.rows("SELECT * FROM audit WHERE action = 'access.signed_in'")
    ]
    assert [e["how"] for e in entries] == ["oidc"]


def test_a_second_sign_in_is_the_same_account(client: Client, app: App, provider: Provider) -> None:
    """The person is known by the provider's id, not by a name; groups are read each time, and lost roles end the sessions."""
    sign_in(client)
    provider.people["anna"] |= {"preferred_username": "anna.renamed", "groups": ["staff"]}
    other = client.application.test_client()
    assert sign_in(other).status_code == 303
    assert names(app) == {"anna": ["viewer"], "root": ["admin"]}
    assert client.get("/account").status_code == 303, "the session with the role that was lost is over"
    assert other.get("/account").status_code == 200


def test_only_the_map_makes_an_admin(client: Client, app: App, provider: Provider) -> None:
    """A group called admin gives nothing; the one that the map says gives all."""
    provider.people["anna"]["groups"] = ["admin", "staff"]
    sign_in(client)
    assert names(app)["anna"] == ["viewer"]
    provider.people["chief"] = {"sub": "8", "preferred_username": "chief", "groups": ["chiefs"]}
    sign_in(client, "chief")
    assert names(app)["chief"] == ["admin"]


def test_without_a_role_nobody_enters(client: Client, app: App, provider: Provider) -> None:
    """Groups that the map does not have make no account; one that is there keeps no session."""
    provider.people["anna"]["groups"] = ["others"]
    refused(sign_in(client), "None of your groups")
    assert names(app) == {"root": ["admin"]}
    provider.people["anna"]["groups"] = ["air"]
    sign_in(client)
    assert client.get("/account").status_code == 200
    provider.people["anna"]["groups"] = []
    refused(client.get(at_provider(begin(client))), "None of your groups")
    assert client.get("/account").status_code == 303


def test_a_disabled_account_stays_out(client: Client, app: App, provider: Provider) -> None:
    """What an administrator disabled here the provider does not enable."""
    sign_in(client)
    accounts.change(app, "anna", NOW, "root", enabled=False)
    refused(sign_in(client), "disabled")


def test_a_name_takes_over_nothing(client: Client, app: App, provider: Provider) -> None:
    """A person called as a local account is at the provider does not become that account."""
    provider.people["anna"]["preferred_username"] = "root"
    refused(sign_in(client), "belongs to another account")
    assert names(app) == {"root": ["admin"]}


def test_what_is_not_in_the_token_is_asked_for(client: Client, app: App, provider: Provider) -> None:
    """A provider may keep groups for its userinfo; that must speak of the same person."""
    provider.in_token = False
    assert sign_in(client).status_code == 303
    assert names(app)["anna"] == ["officer", "viewer"]
    provider.userinfo = {"sub": "someone else"}
    refused(sign_in(client), "(userinfo)")


FALSE: dict[str, tuple[Callable[[Claims], Any], str]] = {
    "another nonce": (lambda c: c.update(nonce="x"), "nonce"),
    "no nonce": (lambda c: c.pop("nonce"), "nonce"),
    "another issuer": (lambda c: c.update(iss="https://evil.example"), "iss"),
    "no issuer": (lambda c: c.pop("iss"), "iss"),
    "another audience": (lambda c: c.update(aud="other"), "aud"),
    "a foreign party among two": (lambda c: c.update(aud=[CLIENT, "other"], azp="other"), "azp"),
    "no audience": (lambda c: c.pop("aud"), "aud"),
    "expired": (lambda c: c.update(exp=c["iat"] - 61), "exp"),
    "no end": (lambda c: c.pop("exp"), "exp"),
    "not yet begun": (lambda c: c.update(nbf=c["iat"] + 3600), "nbf"),
    "issued in an hour": (lambda c: c.update(iat=c["iat"] + 3600), "iat"),
    "no subject": (lambda c: c.pop("sub"), "sub"),
    "an empty subject": (lambda c: c.update(sub=""), "sub"),
    "a number as subject": (lambda c: c.update(sub=7), "sub"),
    "another access token": (lambda c: c.update(at_hash="x"), "at_hash"),
}


def test_a_token_that_says_something_else_is_refused(client: Client, app: App, provider: Provider) -> None:
    """Issuer, audience, nonce, times and subject each have to be right."""
    found = {}
    for name, (spoil, _) in FALSE.items():
        provider.spoil = spoil
        response = sign_in(client)
        refused(response, "did not hold")
        found[name] = response.text.partition("did not hold (")[2].partition(")")[0]
    assert found == {name: why for name, (_, why) in FALSE.items()}
    assert names(app) == {"root": ["admin"]}


def test_clocks_may_differ_a_little(client: Client, provider: Provider) -> None:
    """A provider whose clock is half a minute ahead or behind is believed."""
    provider.spoil = lambda c: c.update(iat=c["iat"] + 30, exp=c["iat"] + 300)
    assert sign_in(client).status_code == 303
    provider.spoil = lambda c: c.update(iat=c["iat"] - 90, exp=c["iat"] - 30)
    assert sign_in(client).status_code == 303


def test_only_two_algorithms_are_taken(client: Client, provider: Provider) -> None:
    """Whatever the provider says it supports: nothing unsigned, nothing signed with the client's secret."""
    for header in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512", "kid": "rsa"}):
        provider.header = header
        refused(sign_in(client), "did not hold")


def test_both_algorithms_are_taken(client: Client, provider: Provider) -> None:
    """ES256 is as good as RS256."""
    provider.header = {"alg": "ES256", "kid": "ec"}
    assert sign_in(client).status_code == 303


METHODS = ["client_secret_basic", "client_secret_post"]


@pytest.mark.parametrize(
    ("offered", "shown_by"),
    [
        (None, "client_secret_basic"),
        (METHODS, "client_secret_basic"),
        (["private_key_jwt", "client_secret_post"], "client_secret_post"),
    ],
)
def test_the_secret_is_shown_as_the_provider_wants_it(
    client: Client, app: App, provider: Provider, offered: list[str] | None, shown_by: str
) -> None:
    """In the header where the provider says nothing or takes both, in the body where it takes that alone; never in both."""
    provider.metadata["token_endpoint_auth_methods_supported"] = offered
    provider.shown_by = shown_by
    assert sign_in(client).status_code == 303
    assert names(app)["anna"] == ["officer", "viewer"]


@pytest.mark.parametrize("shown_by", METHODS)
def test_a_wrong_secret_is_refused_by_the_provider(
    settings: Settings, provider: Provider, shown_by: str
) -> None:
    """The page says what the provider said, and the log and page do not say the secret."""
    provider.metadata["token_endpoint_auth_methods_supported"] = [shown_by]
    provider.shown_by = shown_by
    wrong = settings.model_copy(update={"oidc_client_secret": SecretStr("another secret")})
    answer = sign_in(create_app(wrong).server.test_client())
    refused(answer, "invalid_client")
    assert "another secret" not in answer.text


def test_a_public_client_proves_itself_by_its_verifier(
    settings: Settings, app: App, provider: Provider
) -> None:
    """Without a secret none is sent, also where the provider offers ways to show one; another's verifier is refused."""
    provider.metadata["token_endpoint_auth_methods_supported"] = [*METHODS, "none"]
    provider.shown_by = "none"
    program = create_app(settings.model_copy(update={"oidc_client_secret": SecretStr("")})).server
    client = program.test_client()
    assert sign_in(client).status_code == 303
    assert names(app)["anna"] == ["officer", "viewer"]
    assert client.get("/account").status_code == 200
    one, other = program.test_client(), program.test_client()
    stolen, _ = at_provider(begin(one)), begin(other)
    begun = other.get_cookie("dabiao_oidc", path="/")
    assert begun is not None
    mine = one.get_cookie("dabiao_oidc", path="/")
    assert mine is not None
    _, nonce, _, there = json.loads(base64.urlsafe_b64decode(mine.decoded_value))
    state = parse_qs(urlsplit(stolen).query)["state"][0]
    _, _, verifier, _ = json.loads(base64.urlsafe_b64decode(begun.decoded_value))
    forged = base64.urlsafe_b64encode(json.dumps([state, nonce, verifier, there]).encode()).decode()
    one.set_cookie("dabiao_oidc", forged)
    refused(one.get(stolen), "invalid_grant")


def test_a_key_that_is_not_the_providers(client: Client, provider: Provider) -> None:
    """A token signed by a key of the same name that the provider does not publish is refused."""
    from joserfc.jwk import RSAKey

    published = provider.key_set()
    provider.keys["rsa"] = RSAKey.generate_key(2048, {"kid": "rsa"})
    provider.key_set = lambda: published  # type: ignore[method-assign]
    refused(sign_in(client), "did not hold")


def test_keys_that_were_changed_are_fetched_again(client: Client, provider: Provider) -> None:
    """A provider may change its keys while the service runs."""
    from joserfc.jwk import RSAKey

    assert sign_in(client).status_code == 303
    provider.keys = {"next": RSAKey.generate_key(2048, {"kid": "next"})}
    provider.header = {"alg": "RS256", "kid": "next"}
    provider.keys["rsa"] = provider.keys["next"]
    assert sign_in(client).status_code == 303


def test_a_sign_in_that_was_not_begun_here(client: Client, provider: Provider) -> None:
    """Without the browser's own state, or with another, nothing that comes back is taken."""
    path = at_provider(begin(client))
    stranger = client.application.test_client()
    refused(stranger.get(path), "(state)")
    begin(client)  # a newer one: the older state is no longer this browser's
    refused(client.get(path), "(state)")


def test_a_code_is_good_once(client: Client, provider: Provider) -> None:
    """The way back cannot be gone twice: what the browser kept is gone, and the code is used."""
    path = at_provider(begin(client))
    kept = client.get_cookie("dabiao_oidc")
    assert kept is not None
    assert client.get(path).status_code == 303
    refused(client.get(path), "(state)")
    client.set_cookie("dabiao_oidc", kept.value)
    refused(client.get(path), "(invalid_grant)")


def test_the_verifier_belongs_to_the_browser(client: Client, provider: Provider) -> None:
    """A code that was taken from another browser is worth nothing without its verifier."""
    code = parse_qs(urlsplit(at_provider(begin(client))).query)["code"][0]
    thief = client.application.test_client()
    state = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    refused(thief.get(f"/login/oidc/back?{urlencode({'code': code, 'state': state})}"), "(invalid_grant)")


def test_a_cookie_that_is_none(client: Client, provider: Provider) -> None:
    """Whatever stands in the cookie, the answer is a page."""
    for kept in ("", "x", "bm90IGpzb24=", "W10=", "WzEsMiwzLDRd", "é"):
        client.set_cookie("dabiao_oidc", kept)
        refused(client.get("/login/oidc/back?code=x&state=x"), "(state)")


def test_the_provider_says_no(client: Client, provider: Provider) -> None:
    """An error of the provider is shown as one, and only to the browser that asked."""
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get("/login/oidc/back?error=access_denied&state=wrong"), "(state)")
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get(f"/login/oidc/back?error=%3Cb%3Eno&state={state}"), "(&lt;b&gt;no)")
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get(f"/login/oidc/back?state={state}"), "(code)")


def test_an_answer_from_another_provider(client: Client, provider: Provider) -> None:
    """Where the answer names its issuer it must be this one; where the provider says that it always does, it must name one."""
    assert (
        client.get(f"{at_provider(begin(client))}&{urlencode({'iss': provider.issuer})}").status_code == 303
    )
    refused(client.get(f"{at_provider(begin(client))}&iss=https%3A%2F%2Fevil.example"), "(iss)")


def test_an_issuer_that_must_be_named(client: Client, provider: Provider) -> None:
    """RFC 9207: a provider that says it names itself in every answer must do so."""
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    refused(sign_in(client), "(iss)")


def test_the_service_starts_without_the_provider(settings: Settings, provider: Provider) -> None:
    """Nothing is asked before someone signs in; a provider that is away is a sentence, and the password still works."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = settings.model_copy(update={"oidc_issuer": f"http://127.0.0.1:{taken.getsockname()[1]}"})
        client = create_app(nobody).server.test_client()
        assert "/login/oidc" in client.get("/login").text
        refused(client.get("/login/oidc"), "does not answer", 502)
    sent = {"name": "root", "password": "correct horse battery", "next": "/"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/login", data=sent, headers=headers).status_code == 303
    assert provider.asked == []


def test_a_provider_that_fails_on_the_way(client: Client, provider: Provider) -> None:
    """Whatever of it is down, the answer says so; once it is back, so is the sign-in."""
    provider.in_token = False
    for path in ("/token", "/keys", "/userinfo"):
        provider.failing = {path}
        refused(sign_in(client), "does not answer", 502)
    provider.failing = set()
    assert sign_in(client).status_code == 303


def test_a_provider_that_is_away_is_left_alone(settings: Settings, provider: Provider) -> None:
    """After a failure it is not asked again for five seconds, and what it says is kept for an hour."""
    clock = [0.0]
    known = oidc.Provider(settings, clock=lambda: clock[0])
    provider.failing = {DISCOVERY}
    for _ in range(2):
        with pytest.raises(AccessRefused, match="does not answer"):
            known.begin(BACK)
    assert provider.asked.count(DISCOVERY) == 1
    provider.failing, clock[0] = set(), 4.9
    with pytest.raises(AccessRefused):
        known.begin(BACK)
    clock[0] = 5.0
    known.begin(BACK)
    clock[0] = 3604.9
    known.begin(BACK)
    assert provider.asked.count(DISCOVERY) == 2
    clock[0] = 3605.0
    known.begin(BACK)
    assert provider.asked.count(DISCOVERY) == 3


def test_a_discovery_that_is_none(settings: Settings, provider: Provider) -> None:
    """A provider that calls itself something else, or sends people over an open line, is not used."""
    for metadata in (
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": 7},
    ):
        provider.metadata = metadata
        with pytest.raises(AccessRefused) as wrong:
            oidc.Provider(settings).begin(BACK)
        assert wrong.value.code == "oidc_provider_wrong"


def test_signing_out_shows_the_way_out_there(client: Client, provider: Provider) -> None:
    """The session here ends at once; the provider's own is another click, as a form may not lead to another site."""
    sign_in(client)
    left = client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert (left.status_code, left.location) == (303, "/login/oidc/left")
    page = client.get(left.location).text
    assert f"{provider.issuer}/leave?client_id={CLIENT}&amp;post_logout_redirect_uri=" in page
    assert client.get("/account").status_code == 303
    client.post(
        "/login",
        data={"name": "root", "password": "correct horse battery"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"}).location == "/login"


def test_a_provider_without_a_way_out(client: Client, provider: Provider) -> None:
    """Where the provider has no place for it, the page has no such link."""
    provider.metadata = {"end_session_endpoint": None}
    assert "/leave" not in client.get("/login/oidc/left").text


def test_the_cookie_is_the_servers_alone(client: Client, provider: Provider) -> None:
    """No script reads what the browser keeps, no other site sends it along, it lasts minutes; over HTTPS it is bound to this host."""
    (cookie,) = client.get("/login/oidc").headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= {p.strip() for p in cookie.split(";")}
    provider.redirects.add("https://localhost/login/oidc/back")
    (cookie,) = client.get("/login/oidc", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-dabiao-oidc=")
    assert "Secure" in cookie


def test_where_it_leads_afterwards_is_here(client: Client, provider: Provider) -> None:
    """A link to sign in cannot send a person to another site, neither by the address nor by the cookie."""
    assert sign_in(client, there="https://evil.example/").location == "/"
    assert sign_in(client, there="//evil.example/").location == "/"


def test_the_way_is_shown_only_where_there_is_one(settings: Settings) -> None:
    """Without an issuer there is no link and no address."""
    client = create_app(settings.model_copy(update={"oidc_issuer": ""})).server.test_client()
    assert "/login/oidc" not in client.get("/login").text
    assert client.get("/login/oidc").status_code != 200


def test_without_the_library_nothing_starts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider in the settings without the extra is said at the start; without a provider nobody misses it."""
    monkeypatch.setattr(doors, "find_spec", lambda _name: None)
    with pytest.raises(ServiceError, match=r"dabiao\[oidc\]"):
        doors.check_provider(settings)
    doors.check_provider(settings.model_copy(update={"oidc_issuer": ""}))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DABIAO_OIDC_ISSUER": "http://idp.example", "DABIAO_OIDC_CLIENT_ID": "x"}, "oidc_issuer"),
        ({"DABIAO_OIDC_ISSUER": "https://idp.example"}, "oidc_client_id"),
        ({"DABIAO_OIDC_ROLES": "air=boss"}, "boss"),
        ({"DABIAO_OIDC_ROLES": "officer"}, "officer"),
        ({"DABIAO_OIDC_SCOPES": "profile"}, "openid"),
    ],
)
def test_settings_that_cannot_be(given: dict[str, str], said: str, tmp_path: Path) -> None:
    """An open line, a missing client, a role that there is not: said at the start, not at a sign-in."""
    with pytest.raises(SettingsError) as wrong:
        load(given, tmp_path)
    assert said in str(wrong.value)


def test_groups_as_directories_name_them() -> None:
    """The last = parts group and role; a group may have two roles; a group that is not in the map gives none."""
    given = parse("cn=air,ou=groups=officer; cn=air,ou=groups=clerk ;环保局=viewer;")
    assert given == {"cn=air,ou=groups": {Role.OFFICER, Role.CLERK}, "环保局": {Role.VIEWER}}
    assert roles_of(["环保局", "admin"], given) == {Role.VIEWER}
    assert roles_of([], given) == frozenset()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Anna", "anna"),
        ("王 某", "王-某"),
        ("anna@example.cn", "anna@example.cn"),
        ("CORP\\anna", "corp-anna"),
        ("@anna", "anna"),
    ],
)
def test_names_as_they_are_kept(told: str, name: str) -> None:
    """A name is kept as the provider has it, without what no name here has."""
    assert name_of(Person("x#1", told, ())) == name


def test_a_person_without_a_name_has_one_of_the_id() -> None:
    """Two persons without a usable name are two accounts."""
    one, other = (name_of(Person(f"x#{i}", " / ", ())) for i in (1, 2))
    assert one.startswith("oidc-")
    assert one != other
