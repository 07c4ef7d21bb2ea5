"""The API over the bundled data: what it answers, how it refuses, and that its document says so."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from dabiao import bootstrap
from dabiao.domain.access import EVERYTHING, Right, Role, Scope
from dabiao.services.access import accounts, tokens
from dabiao.services.alerts import alert_rows
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.pages import views
from dabiao.store import audit, runs
from dashboard import asked
from dashboard.api import rate
from dashboard.api.document import document
from dashboard.api.operation import ROOT, Operation
from dashboard.api.table import OPERATIONS, statuses
from dashboard.app import create_app
from tests.conftest import NOW
from tests.factories import settings_of
from tests.integration.api_cases import CSV, Ask, changed, of_one_request, of_posts, plain

DAY = "2026-11-21"


def operation(name: str) -> Operation:
    return next(o for o in OPERATIONS if o.name == name)


def ask(client: FlaskClient, wanted: Ask) -> TestResponse:
    return client.open(
        wanted.path,
        method=wanted.method,
        query_string=dict(wanted.query),
        headers=dict(wanted.headers),
        data=wanted.data,
    )


def served(home: Path, **environ: str) -> FlaskClient:
    given = {"api_rate_per_minute": "0", "lang": "en", "log_level": "error", **environ}
    return create_app(settings_of(home, **given)).server.test_client(use_cookies=False)


def problem_of(answer: TestResponse) -> dict[str, Any]:
    """The problem document of a refusal, whose shape is always the same."""
    assert answer.mimetype == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.data)
    assert set(found) == {"type", "title", "status", "detail", "instance", "code", "errors"}
    assert found["status"] == answer.status_code
    assert found["title"]
    assert found["detail"]
    return found


@pytest.fixture(scope="module")
def home(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is only read."""
    found = tmp_path_factory.mktemp("api") / "home"
    shutil.copytree(_walked, found)
    app = bootstrap.open_app(settings_of(found))
    record_run(app)
    app.store.close()
    return found


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    """The API at the machine, without accounts and without a limit, to be read."""
    return served(home)


@pytest.fixture
def fresh(walked_home: Path) -> FlaskClient:
    """The same over a store of the test's own."""
    return served(walked_home)


@pytest.fixture
def signed(walked_app: App) -> Callable[..., dict[str, str]]:
    """Make an account with a token; gives the header. From then on the API answers nobody without one."""
    made: list[str] = []

    def sign(*rights: Right, role: Role = Role.ADMIN, scope: Scope = EVERYTHING) -> dict[str, str]:
        if not made:
            accounts.add(walked_app, "root", "long enough, yes", [Role.ADMIN], EVERYTHING, NOW, "")
        made.append(f"person{len(made)}")
        accounts.add(walked_app, made[-1], "long enough, yes", [role], scope, NOW, "")
        wanted = rights or tuple(Right)
        _, secret = tokens.add(walked_app, made[-1], "test", wanted, 700, NOW, "")
        return {"Authorization": f"Bearer {secret}"}

    return sign


# -- the document ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_document_is_valid_openapi(client: FlaskClient, lang: str) -> None:
    """What is served is OpenAPI 3.1, in either language."""
    told = client.get(f"{ROOT}/openapi.json", query_string={"lang": lang}).json
    assert told is not None
    assert told["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(told).validate()


def test_both_languages_have_the_same_names() -> None:
    """A program may read the document in either language: only its sentences differ."""

    def bare(node: Any) -> Any:
        if isinstance(node, dict):
            return {k: bare(v) for k, v in node.items() if k not in ("description", "summary", "title")}
        return [bare(v) for v in node] if isinstance(node, list) else node

    assert bare(document("en")) == bare(document("zh-CN"))
    assert document("en") != document("zh-CN")


def test_every_route_is_in_the_document_and_the_other_way_round(client: FlaskClient) -> None:
    """Nothing under the root is answered that the document does not tell of, and what it tells of is answered."""
    routed = {
        (rule.rule.removeprefix(ROOT).replace("<", "{").replace(">", "}"), method)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(path, m.upper()) for path, by_method in document("en")["paths"].items() for m in by_method}
    assert routed == told


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_page_for_people_loads_nothing(client: FlaskClient, lang: str) -> None:
    """Every operation is on it, in the language asked for; it has no script and names no other host."""
    answer = client.get(f"{ROOT}/docs", query_string={"lang": lang})
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert all(f'id="{o.name}"' in answer.text for o in OPERATIONS)
    assert "<script" not in answer.text
    assert "src=" not in answer.text
    assert 'href="http' not in answer.text


# -- what is answered --------------------------------------------------------------------------------------------------


def test_every_answer_has_the_fields_of_its_model(client: FlaskClient) -> None:
    """No field is missing, none is there that the document does not name, and each has its type."""
    rows = 0
    for o in OPERATIONS:
        if not o.reads or o.answer is None:
            continue
        answer = ask(
            client, changed(plain(o), query={"as_of": DAY} if "as_of" in o.query.model_fields else {})
        )
        assert answer.status_code == 200, (o.name, answer.text)
        found = answer.json["items"] if o.listing else [answer.json]  # type: ignore[index]
        assert found, o.name
        names = {f.alias or n for n, f in o.answer.model_fields.items()}
        for row in found:
            o.answer.model_validate(row, strict=True)
            assert names <= set(row), o.name
            rows += 1
    assert rows > 300


def test_the_status_is_that_of_the_command_line(client: FlaskClient, home: Path) -> None:
    """Rows and order are those of ``dabiao status --format json``."""
    told = client.get(f"{ROOT}/status", query_string={"as_of": DAY, "size": 1000}).json
    app = bootstrap.open_app(settings_of(home))
    found = [status_json(app, v, "en") for v in views.urgent(app, app.today(NOW), NOW, {})]
    app.store.close()
    assert told is not None
    assert told["items"] == json.loads(json.dumps(found))


def test_filters_are_those_of_the_pages(client: FlaskClient) -> None:
    """Ids and names both do; a region has what lies within; values of one filter are alternatives, filters narrow."""

    def ids(**query: Any) -> set[str]:
        told = client.get(f"{ROOT}/targets", query_string={"size": 1000, "as_of": DAY, **query}).json
        assert told is not None
        return {t["id"] for t in told["items"]}

    assert "jilin-2024-pm25" in ids(plan="jilin-2024", indicator="pm25")
    assert ids(region="吉林省") == ids(region="220000") > ids(region="220284")
    assert ids(plan=["jilin-2024", "panshi-2022"]) == ids(plan="jilin-2024") | ids(plan="panshi-2022")
    assert ids(plan="jilin-2024", deadline="2027") < ids(plan="jilin-2024")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"regoin": "220000"}, "request_wrong"),
        ({"region": "nowhere at all"}, "filter_unknown"),
        ({"plan": "jilin-2042"}, "filter_unknown"),
        ({"as_of": "20261121"}, "request_wrong"),
        ({"as_of": "2026-02-30"}, "request_wrong"),
        ({"size": "1001"}, "request_wrong"),
        ({"size": "0"}, "request_wrong"),
        ({"page": "1.5"}, "request_wrong"),
        ({"status": "fine"}, "request_wrong"),
        ({"deadline": "27"}, "request_wrong"),
        ({"lang": "fr"}, "request_wrong"),
    ],
)
def test_what_cannot_be_meant_is_refused(client: FlaskClient, query: dict[str, str], code: str) -> None:
    """A filter spelt wrongly must not pass for none; the refusal names it."""
    answer = client.get(f"{ROOT}/status", query_string=query)
    assert answer.status_code == 422
    told = problem_of(answer)
    assert told["code"] == code
    if code == "request_wrong":
        assert [e["name"].split(".")[0] for e in told["errors"]] == list(query)


def test_pages_together_are_the_list(client: FlaskClient) -> None:
    """Each row is on one page; the links lead from the first to the last and stop there."""
    whole = client.get(f"{ROOT}/targets", query_string={"size": 1000}).json
    assert whole is not None
    found, address, asked_for = (
        [],
        f"{ROOT}/targets?size=100&measure=numeric&measure=qualitative&measure=delegated",
        0,
    )
    while address:
        answer = client.get(address)
        asked_for += 1
        found += answer.json["items"]  # type: ignore[index]
        assert answer.headers["Total-Count"] == str(whole["total"])
        links = dict(reversed(part.split("; rel=")) for part in answer.headers["Link"].split(", "))
        address = links.get('"next"', "").strip("<>")
    assert found == whole["items"]
    assert asked_for == -(-whole["total"] // 100) > 2
    assert '"prev"' in links


def test_csv_is_the_whole_list_for_a_spreadsheet(client: FlaskClient) -> None:
    """By the address or by the header; UTF-8 with BOM; the columns are the fields; a page where one is asked for."""
    whole = client.get(f"{ROOT}/targets", query_string={"size": 1000}).json
    assert whole is not None
    by_header = client.get(f"{ROOT}/targets", headers={"Accept": "text/csv"}).data
    by_address = client.get(f"{ROOT}/targets?format=csv", headers={"Accept": "application/json"}).data
    assert by_header == by_address
    assert by_header.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(by_header.decode("utf-8-sig"), newline="")))
    assert [r["id"] for r in rows] == [t["id"] for t in whole["items"]]
    assert set(rows[0]) == set(whole["items"][0])
    assert json.loads(rows[0]["lead_units"]) == whole["items"][0]["lead_units"]
    page = client.get(f"{ROOT}/targets?format=csv&page=2&size=5").data.decode("utf-8-sig")
    assert [r["id"] for r in csv.DictReader(io.StringIO(page, newline=""))] == [r["id"] for r in rows[5:10]]


def test_an_answer_is_sent_once_until_something_changes(fresh: FlaskClient) -> None:
    """The tag of an answer brings 304; another language or question has another; a change of the store ends it."""
    for path in (f"{ROOT}/status", f"{ROOT}/alerts"):
        first = fresh.get(path)
        tag = first.headers["ETag"]
        assert fresh.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert fresh.get(f"{path}?lang=zh-CN", headers={"If-None-Match": tag}).status_code == 200
        assert fresh.get(f"{path}?page=2", headers={"If-None-Match": tag}).status_code == 200
    tags = [fresh.get(p).headers["ETag"] for p in (f"{ROOT}/status", f"{ROOT}/alerts")]
    assert ask(fresh, plain(operation("acknowledge"))).status_code == 200
    assert ask(fresh, plain(operation("add_import"))).status_code == 201
    for path, tag in zip((f"{ROOT}/status", f"{ROOT}/alerts"), tags, strict=True):
        assert fresh.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_answers_are_packed(client: FlaskClient) -> None:
    """Who accepts gzip gets it."""
    answer = client.get(f"{ROOT}/targets", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


# -- what changes the store --------------------------------------------------------------------------------------------


def test_a_file_is_imported_once(fresh: FlaskClient) -> None:
    """A dry run stores nothing; the file is stored and named; again it changes nothing; a form does as well as a body."""
    before = fresh.get(f"{ROOT}/imports").json["total"]  # type: ignore[index]
    wanted = plain(operation("add_import"))
    dry = ask(fresh, changed(wanted, query={"dry_run": "true"})).json
    assert dry is not None
    assert (dry["dry_run"], dry["accepted"], dry["id"]) == (True, 1, None)
    assert dry["read"]["records"][0]["region"] == "磐石市"
    assert fresh.get(f"{ROOT}/imports").json["total"] == before  # type: ignore[index]
    made = ask(fresh, wanted)
    assert (made.status_code, made.json["accepted"]) == (201, 1)  # type: ignore[index]
    told = fresh.get(made.headers["Location"]).json
    assert told is not None
    assert (told["file"], told["accepted"]) == ("a.csv", 1)
    form = {"file": (io.BytesIO(CSV.format(value=31).encode()), "b.csv")}
    again = fresh.post(f"{ROOT}/imports", data=form)
    assert (again.status_code, again.json["accepted"]) == (200, 0)  # type: ignore[index]
    assert again.headers["Location"] == made.headers["Location"]
    assert fresh.get(f"{ROOT}/imports").json["total"] == before + 1  # type: ignore[index]


def test_a_refused_row_does_not_stop_the_others(fresh: FlaskClient) -> None:
    """What is good goes in, what is not is named with its place."""
    text = CSV.format(value=30) + "不存在的地方,PM2.5,2024,30,μg/m³,试验公报\n"
    answer = ask(fresh, changed(plain(operation("add_import")), data=text))
    told = answer.json
    assert told is not None
    assert (answer.status_code, told["accepted"], told["refused"]) == (201, 1, 1)
    assert told["issues"][0]["row"] == 3


def test_a_file_that_cannot_be_read_is_refused_whole(fresh: FlaskClient) -> None:
    """The refusal says why and nothing is stored."""
    before = fresh.get(f"{ROOT}/imports").json["total"]  # type: ignore[index]
    answer = ask(
        fresh, changed(plain(operation("add_import")), query={"file": "a.xlsx"}, data=b"PK\x03\x04 no")
    )
    assert answer.status_code == 422
    assert problem_of(answer)["code"] not in ("request_wrong", "http_422")
    assert fresh.get(f"{ROOT}/imports").json["total"] == before  # type: ignore[index]


def test_whoever_is_signed_in_acknowledges(walked_app: App, signed: Callable[..., dict[str, str]]) -> None:
    """The name is the account's, whatever the body says; an import is noted under it too."""
    token = signed()
    client = served(walked_app.paths.home)
    told = ask(client, changed(plain(operation("acknowledge")), headers=token)).json
    assert told is not None
    assert told["acknowledged_by"] == "person0"
    assert told["events"][-1]["actor"] == "person0"
    assert ask(client, changed(plain(operation("add_import")), headers=token)).status_code == 201
    noted = [r for r in audit.rows(walked_app.store) if r["action"] == "data.imported"]
    assert [r["actor"] for r in noted] == ["person0"]


def close_alert(app: App, number: int) -> None:
    """Close an alert as its target's recovery does."""
    with app.store.write() as db:
        from dabiao.domain.alert import Change, Event, State
        from dabiao.store import alerts

        found = alerts.by_id(app.store, number)
        assert found is not None
        done = {"state": str(State.CLEARED), "cleared_at": "2026-11-21T03:00:00Z"}
        alerts.happen(
            db, "2026-11-21T03:00:00Z", "system", [Event(Change.CLEARED, number, done)], {number: found}
        )


def record_run(app: App) -> None:
    """A run of a job, so that there is one to show."""
    with app.store.write() as db:
        db.execute(
            """INSERT INTO job_runs (job, scheduled_for, trigger, state, reason, started_at, finished_at, counts, message,
                   program, models, schema, coalesced, attempt, retry_at, log)
               VALUES ('assess', '2026-11-21T02:00:00Z', 'schedule', 'done', '', '2026-11-21T02:00:00Z',
                   '2026-11-21T02:00:09Z', '{}', '', '0', '', 1, 1, 1, NULL, '')"""
        )
        db.execute(
            """INSERT INTO job_attempts (run_id, attempt, started_at, finished_at, state, message)
               SELECT id, 1, started_at, finished_at, state, '' FROM job_runs"""
        )
    assert runs.run_count(app.store) == 1


# -- how it refuses ----------------------------------------------------------------------------------------------------


def test_every_documented_status_is_produced(
    walked_app: App, signed: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each operation answers each status that the document names for it, and none that it does not name."""
    home = walked_app.paths.home
    record_run(walked_app)
    client = served(home)
    seen: dict[str, set[int]] = {o.name: set() for o in OPERATIONS}

    def produce(o: Operation, status: int, wanted: Ask, by: FlaskClient = client) -> None:
        answer = ask(by, wanted)
        assert answer.status_code == status, (o.name, status, answer.text[:300])
        if status >= 400:
            problem_of(answer)
        seen[o.name].add(status)

    for case in of_one_request():
        produce(*case)
    for case in of_posts(operation):
        produce(*case)
    close_alert(walked_app, 1)
    produce(operation("acknowledge"), 409, plain(operation("acknowledge")))

    with monkeypatch.context() as broken:
        broken.setattr(asked, "read", lambda *_: 1 / 0)
        for o in OPERATIONS:
            produce(o, 500, plain(o))
    limited = served(home, api_rate_per_minute="1")
    limited.get(f"{ROOT}/rules")
    for o in OPERATIONS:
        produce(o, 429, plain(o), limited)
    reading, importing = signed(Right.READ), signed(Right.IMPORT)
    for o in OPERATIONS:
        produce(o, 401, plain(o))
        produce(o, 403, changed(plain(o), headers=importing if o.reads else reading))
    walked_app.store.close()
    away = walked_app.paths.store.rename(home / "away.sqlite")
    for o in OPERATIONS:
        produce(o, 503, plain(o))
    away.rename(walked_app.paths.store)

    assert seen == {o.name: set(statuses(o)) for o in OPERATIONS}


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v2/targets",
        "/api/v1/targets/",
        "/api/v1/targets//status",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_is_not_there_is_a_problem_too(client: FlaskClient, path: str, method: str) -> None:
    """Below the API no page answers, whatever the method."""
    assert problem_of(client.open(path, method=method))["code"] == "http_404"


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    """405 and OPTIONS have the methods of the address, and not those of the pages that have any address."""
    answer = client.delete(f"{ROOT}/imports")
    assert answer.status_code == 405
    problem_of(answer)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    told = client.options(f"{ROOT}/alerts/1/acknowledgement")
    assert (told.status_code, told.headers["Allow"]) == (204, "OPTIONS, POST")


def test_another_sites_page_is_refused_in_the_same_shape(client: FlaskClient) -> None:
    """A browser that is sent here by another site changes nothing."""
    wanted = changed(plain(operation("acknowledge")), headers={"Sec-Fetch-Site": "cross-site"})
    answer = ask(client, wanted)
    assert answer.status_code == 403
    problem_of(answer)


def test_refusals_speak_the_readers_language(client: FlaskClient) -> None:
    """Title and sentence follow ``lang``, else the browser's languages; the code does not."""
    zh = problem_of(client.get(f"{ROOT}/targets/none?lang=zh-CN"))
    en = problem_of(client.get(f"{ROOT}/targets/none", headers={"Accept-Language": "en"}))
    assert zh["title"] == "不存在"
    assert en["title"] == "There is nothing here"
    assert zh["code"] == en["code"] == "target_unknown"


def test_a_limited_reader_sees_what_the_scope_lets(
    walked_app: App, signed: Callable[..., dict[str, str]]
) -> None:
    """Lists are narrowed, and what is hidden answers like what is not there."""
    token = signed(role=Role.VIEWER, scope=Scope(plans=frozenset({"panshi-2022"})))
    client = served(walked_app.paths.home)
    for path in ("targets", "status"):
        told = client.get(f"{ROOT}/{path}?size=1000", headers=token).json
        assert told is not None
        assert {row["plan"] for row in told["items"]} == {"panshi-2022"}
    assert client.get(f"{ROOT}/targets/panshi-2022-pm25", headers=token).status_code == 200
    hidden = client.get(f"{ROOT}/targets/jilin-2024-pm25", headers=token)
    nothing = client.get(f"{ROOT}/targets/jilin-2024-pm42", headers=token)
    assert hidden.status_code == nothing.status_code == 404
    assert "jilin" not in problem_of(hidden)["detail"].replace("jilin-2024-pm25", "")
    alerts = client.get(f"{ROOT}/alerts", headers=token).json
    assert alerts is not None
    assert {a["target_id"].split("-")[0] for a in alerts["items"]} <= {"panshi"}
    assert alert_rows.find(walked_app, 2).target_id == "quanzhou-2022-pm25"
    assert client.get(f"{ROOT}/alerts/2", headers=token).status_code == 404
    wanted = changed(
        plain(operation("acknowledge"), alert_id=2),
        headers=signed(scope=Scope(plans=frozenset({"panshi-2022"}))),
    )
    assert ask(client, wanted).status_code == 404
    series = client.get(f"{ROOT}/series?size=1000", headers=token).json
    assert series is not None
    assert 0 < series["total"] < client.get(f"{ROOT}/series?size=1000", headers=signed()).json["total"]  # type: ignore[index]
    assert client.get(f"{ROOT}/imports", headers=token).json["total"] == 0  # type: ignore[index]


# -- how often ---------------------------------------------------------------------------------------------------------


def test_the_allowance_is_one_for_all_workers(walked_home: Path) -> None:
    """What one worker let in counts at the other; whoever must wait is told for how long."""
    workers = [served(walked_home, api_rate_per_minute="3") for _ in range(2)]
    got = [workers[i % 2].get(f"{ROOT}/rules") for i in range(4)]
    assert [a.status_code for a in got] == [200, 200, 200, 429]
    assert got[0].headers["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert got[0].headers["RateLimit"].startswith('"minute";r=2;')
    assert 1 <= int(got[3].headers["Retry-After"]) <= 20
    assert (walked_home / rate.FILE).stat().st_size < 2**18


def test_guessing_tokens_is_counted(walked_app: App, signed: Callable[..., dict[str, str]]) -> None:
    """Whoever is let in nowhere has an allowance too."""
    signed()
    client = served(walked_app.paths.home, api_rate_per_minute="2")
    got = [client.get(f"{ROOT}/rules", headers={"Authorization": f"Bearer dbt_{i}"}) for i in range(3)]
    assert [a.status_code for a in got] == [401, 401, 429]
