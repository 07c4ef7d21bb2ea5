"""Everything is refused unless it is allowed: every address, action and callback, as nobody and as each role."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import dash
import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dabiao import bootstrap
from dabiao.domain.access import EVERYTHING, Principal, Right, Role
from dabiao.services.access import accounts, sessions, tokens
from dabiao.services.app import App
from dabiao.settings import Settings
from dashboard import doing, gate, rights, routes
from dashboard.app import create_app
from dashboard.rights import Open
from tests.conftest import NOW
from tests.factories import settings_of

PASSWORD = "correct horse battery"
MAY: Mapping[Role, frozenset[str]] = {
    Role.VIEWER: frozenset(),
    Role.CLERK: frozenset({"data/bring", "data/import", "data/discard", "data/retry", "data/dismiss"}),
    Role.OFFICER: frozenset({"alerts/acknowledge", "alerts/snooze", "alerts/reopen"}),
    Role.ADMIN: frozenset(doing.ACTIONS),
}
"""Which actions each role may do, written down apart from the table."""

REFUSED = (401, 403)


@pytest.fixture(scope="module")
def app(_initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("rights") / "home"
    shutil.copytree(_initialised, home)
    opened = bootstrap.open_app(settings_of(home))
    for role in Role:
        accounts.add(opened, str(role), PASSWORD, [role], EVERYTHING, NOW, "root")
    yield opened
    opened.store.close()


@pytest.fixture
def bare(_initialised: Path) -> Settings:
    """Of a store without any account."""
    return settings_of(_initialised)


@pytest.fixture(scope="module")
def program(app: App) -> dash.Dash:
    """The web program with every view replaced by one that says that it was reached: what is under test is the gate."""
    made = create_app(app.settings)
    for endpoint in made.server.view_functions:
        made.server.view_functions[endpoint] = lambda **_: ("reached", 299)
    return made


@pytest.fixture(scope="module")
def server(program: dash.Dash) -> flask.Flask:
    return program.server  # type: ignore[no-any-return]


def client_of(app: App, server: flask.Flask, role: Role | None) -> FlaskClient:
    """A browser in which an account of this role, or nobody, is signed in."""
    client: FlaskClient = server.test_client()
    if role is not None:
        secret = sessions.open_session(app, accounts.known(app, str(role)), datetime.now(UTC), "password")
        client.set_cookie("dabiao_session", secret)
    return client


def asked(client: FlaskClient, method: str, path: str, **more: object) -> int:
    headers = {"Sec-Fetch-Site": "same-origin"}
    return int(client.open(path, method=method, headers=headers, **more).status_code)  # type: ignore[arg-type]


def addresses(server: flask.Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with each method that it answers, and a path that it matches."""
    for rule in server.url_map.iter_rules():
        filled = {
            name: {"IntegerConverter": "1", "AnyConverter": "xlsx"}.get(type(converter).__name__, "x")
            for name, converter in rule._converters.items()
        }
        built = rule.build(filled, append_unknown=False)
        assert built is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, built[1]


def test_every_address_is_in_the_table_and_nothing_else(server: flask.Flask) -> None:
    """An address that nobody gave a right is refused to everyone, so none may be forgotten; none stays that is gone."""
    there = {rule.endpoint for rule in server.url_map.iter_rules()}
    assert {e for e in there if gate.need_of(server, e) is None} == set()
    assert set(rights.ENDPOINTS) - there == set()


def test_every_action_and_callback_is_in_its_table(program: dash.Dash) -> None:
    """Those of the server; a callback of the browser asks for nothing."""
    assert set(rights.ACTIONS) == set(doing.ACTIONS)
    asks = {spec["output"] for spec in program._callback_list if not spec.get("clientside_function")}
    assert {o for o in asks if rights.of_callback(o) is None} == set()
    assert {o for o in rights.CALLBACKS if o not in {rights._SUFFIX.sub("", a) for a in asks}} == set()
    assert set(rights.PAGES) <= {route.name for route in routes.ROUTES}


def test_nobody_gets_anything_but_the_way_in(app: App, server: flask.Flask) -> None:
    """Of all addresses only those for signing in, and whether the process lives, answer who is not signed in."""
    client = client_of(app, server, None)
    client.environ_base["REMOTE_ADDR"] = "10.0.0.7"
    reached = set()
    for rule, method, path in addresses(server):
        status = asked(client, method, path)
        if status == 299:
            reached.add(rule.endpoint)
        else:
            assert status in (*REFUSED, 303), (rule, method)
    declared = server.extensions.get("dabiao_needs", {})
    public = {e for e, need in {**rights.ENDPOINTS, **declared}.items() if need is Open.PUBLIC}
    assert reached == public
    assert reached >= {"sign_in", "sign_in_try", "healthz"}
    assert {e for e in reached if not e.startswith("oidc_")} == {
        "sign_in", "sign_in_try", "healthz", "/_favicon.ico",
    }  # fmt: skip
    assert asked(client, "GET", "/assets/style.css") == 299
    assert asked(client, "GET", "/assets/shell.js") == 401


def test_nobody_runs_a_callback_or_an_action(app: App, server: flask.Flask) -> None:
    """Whatever it is."""
    client = client_of(app, server, None)
    for output in [*rights.CALLBACKS, "anything.children"]:
        assert asked(client, "POST", "/_dash-update-component", json={"output": output}) == 401
    for name in [*doing.ACTIONS, "anything"]:
        assert asked(client, "POST", f"/do/{name}") == 401


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_is_its_own(app: App, server: flask.Flask, role: Role) -> None:
    """Every address, action and callback that its rights name, and no other."""
    client = client_of(app, server, role)
    mine = {r for r in Right if accounts_may(role, r)}
    for rule, method, path in addresses(server):
        if rule.endpoint in ("do", "/_dash-update-component"):
            continue
        need = gate.need_of(server, rule.endpoint)
        allowed = isinstance(need, Open) or need in mine
        assert (asked(client, method, path) == 299) is allowed, (rule, method)
    for output, need in rights.CALLBACKS.items():
        status = asked(client, "POST", "/_dash-update-component", json={"output": output})
        assert (status == 299) is (need in mine), output
    done = {name for name in doing.ACTIONS if asked(client, "POST", f"/do/{name}") == 299}
    assert done == MAY[role]


def accounts_may(role: Role, right: Right) -> bool:
    return Principal("x", frozenset({role})).may(right)


@pytest.mark.parametrize("body", ['{"output": "anything.children"}', "{}", "[]", "no json", '{"output": 7}'])
def test_a_callback_that_is_none_is_refused_to_everyone(app: App, server: flask.Flask, body: str) -> None:
    """Also to an administrator: what is not in the table does not exist."""
    client = client_of(app, server, Role.ADMIN)
    assert asked(client, "POST", "/_dash-update-component", data=body, content_type="application/json") == 403


def test_an_address_outside_the_table_is_refused_to_everyone(bare: Settings) -> None:
    """A new address without a right is closed, also at the machine where nobody needs an account."""
    server = create_app(bare).server
    server.url_map.add(Rule("/forgotten", endpoint="forgotten"))
    server.view_functions["forgotten"] = lambda: "open"
    assert server.test_client().get("/forgotten").status_code == 403


def test_a_wall_elsewhere_may_ask_whether_the_service_is_ready(app: App, server: flask.Flask) -> None:
    """Whoever reads may, with no right to operate; the figures for monitoring stay closed."""
    client = client_of(app, server, Role.VIEWER)
    client.environ_base["REMOTE_ADDR"] = "10.0.0.7"
    assert client.get("/readyz").status_code == 299
    assert client.get("/metrics").status_code in REFUSED


def test_a_token_opens_what_it_names(app: App, server: flask.Flask) -> None:
    """It needs no origin; a wrong one is refused, also beside a good cookie."""
    _, secret = tokens.add(app, "admin", "ops", [Right.OPERATE, Right.READ], 1, datetime.now(UTC), "root")
    client = server.test_client()
    client.environ_base["REMOTE_ADDR"] = "10.0.0.7"

    def ask(path: str, method: str = "GET", token: str = secret) -> int:
        sent = {"Authorization": f"Bearer {token}"}
        return int(client.open(path, method=method, headers=sent).status_code)

    assert [ask(p) for p in ("/readyz", "/metrics", "/export/targets.csv")] == [299, 299, 299]
    assert ask("/do/jobs/run", "POST") == 299
    assert ask("/do/data/import", "POST") == 403
    assert ask("/readyz", token=secret + "x") in REFUSED
    assert client_of(app, server, Role.ADMIN).get(
        "/export/quarantine.csv", headers={"Authorization": "Bearer wrong"}
    ).status_code in (401, 303)


def test_health_is_for_this_machine(app: App, server: flask.Flask) -> None:
    """What a proxy passes on comes from elsewhere."""
    client = server.test_client()
    assert client.get("/readyz").status_code == 299
    assert client.get("/readyz", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 401


def test_without_accounts_only_this_machine_needs_none(bare: Settings) -> None:
    """A proxy in front, or a name that is not this machine's, finds the page for signing in."""
    server = create_app(bare).server
    client = server.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 303
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 303
    assert client.get("/", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://localhost"}, 299),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 299),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_what_a_session_changes_needs_a_right_origin(
    app: App, server: flask.Flask, headers: dict[str, str], status: int
) -> None:
    """A request with a session that does not say where it comes from may come from anywhere."""
    client = client_of(app, server, Role.ADMIN)
    assert client.post("/do/jobs/run", headers=headers).status_code == status
    assert client.get("/export/targets.csv").status_code == 299


def test_the_menu_shows_what_may_be_opened(app: App) -> None:
    """A viewer's frame has no page for reviewing plans; an administrator's has."""
    server = create_app(app.settings).server
    layouts = {
        role: json.dumps(client_of(app, server, role).get("/_dash-layout").get_json()) for role in Role
    }
    assert [("/review" in layouts[role]) for role in (Role.VIEWER, Role.CLERK, Role.ADMIN)] == [
        False,
        False,
        True,
    ]


def test_a_page_that_needs_more_is_refused_by_its_status(app: App) -> None:
    """Whether there is anything of the name or not: who may not see the page learns neither."""
    server = create_app(app.settings).server
    paths = (
        "/data/upload/0000000000000000",
        "/data/quarantine",
        "/data/quarantine/1",
        "/review",
        "/review/none",
    )
    expected = {
        Role.VIEWER: (403, 403, 403, 403, 403),
        Role.CLERK: (404, 200, 404, 403, 403),
        Role.OFFICER: (403, 403, 403, 403, 403),
        Role.ADMIN: (404, 200, 404, 200, 404),
    }
    for role, statuses in expected.items():
        client = client_of(app, server, role)
        assert tuple(client.get(path).status_code for path in paths) == statuses, role
        assert client.get("/plans").status_code == 200
