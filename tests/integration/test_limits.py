"""A limited clerk brings the rows of what the account is limited to; each other row of the file is refused for itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dabiao.domain.access import EVERYTHING, Right, Role, Scope
from dabiao.errors import ImportRefused
from dabiao.services.access import accounts, sessions, tokens
from dabiao.services.app import App
from dabiao.services.intake import importing_large, uploads
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.imported import ImportResult
from dabiao.services.intake.limits import Limits
from dabiao.services.intake.quarantine_files import ID
from dabiao.services.intake.uploads import Options
from dabiao.services.pages import data_views, held_views
from dabiao.store import quarantine as table
from dashboard.app import create_app

HEAD = "地区,指标,时间,数值,单位,来源,发布日期\n"
MINE = "鹰潭市,PM2.5,2025年,24,µg/m³,省公报,2026-06-05\n"
OTHER = "磐石市,PM2.5,2025年,31,µg/m³,省公报,2026-06-05\n"
HERE = Scope(regions=frozenset({"360600"}))


def clerk(app: App, scope: Scope = HERE) -> App:
    return replace(app, scope=scope, reader="li.wei")


def write(app: App, text: str, name: str = "年报.csv") -> Path:
    path = app.paths.home.parent / name
    path.write_text(text, "utf-8")
    return path


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.accepted, result.revised, result.unchanged, result.refused


def values(app: App) -> set[tuple[str, str]]:
    return {
        (r["region"], r["value"])
        for r in app.store.rows("SELECT region, value FROM observed WHERE source = '省公报'")
    }


@pytest.fixture(params=["small", "large"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the file is read row by row or in arrays: both refuse alike."""
    if request.param == "large":
        monkeypatch.setattr(importing_large, "LARGE", 1)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_rows_outside_the_limits_are_refused_one_by_one(app: App, now: datetime) -> None:
    """The others are stored; a dry run says the same, and the refused row says where it stands and what would mend it."""
    path = write(app, HEAD + OTHER + MINE)
    seen = take_file(clerk(app), path, now=now, dry_run=True)
    assert counts(seen) == (1, 0, 0, 1)
    assert values(app) == set()
    result = take_file(clerk(app), path, now=now)
    assert counts(result) == counts(seen)
    assert values(app) == {("360600", "24")}
    for found in (seen, result):
        [issue] = [i for i in found.to_json("en")["issues"] if i["severity"] == "error"]
        assert (issue["file"], issue["row"], issue["code"]) == ("年报.csv", 2, "outside_limits")
        assert issue["column"]
        assert issue["raw"][0] == "磐石市"
        assert "磐石市" in issue["message"]
        assert "administrator" in issue["mend"]


@pytest.mark.usefixtures("way")
def test_nothing_of_a_refused_row_reaches_the_series(app: App, now: datetime) -> None:
    """Neither a series nor a source comes about by a row that was refused."""
    other = "磐石市,PM10,2025年,31,µg/m³,另一公报,2026-06-05\n"
    before = app.store.rows("SELECT count(*) AS n FROM series WHERE region = '220284'")[0]["n"]
    take_file(clerk(app), write(app, HEAD + other + MINE), now=now)
    assert app.store.rows("SELECT count(*) AS n FROM series WHERE region = '220284'")[0]["n"] == before
    assert app.store.rows("SELECT * FROM sources WHERE title = '另一公报'") == []


@pytest.mark.usefixtures("way")
def test_who_is_not_limited_takes_in_what_was_refused(app: App, now: datetime) -> None:
    """The row waits in the quarantine, not mended by the limited clerk, and goes in as it is by one who may."""
    path = write(app, HEAD + OTHER + MINE)
    result, import_id = uploads.take(
        clerk(app), uploads.stage(app, path.name, path.read_bytes(), now), Options(), now, "li.wei"
    )
    assert result.refused == 1
    assert import_id is not None
    view = held_views.held_view(app, import_id, 1, "zh-CN")
    assert view is not None
    [row] = [r for sheet in view.sheets for r in sheet.rows]
    assert "磐石市" in row.says
    _, mended = uploads.retry(clerk(app), {row.id: row.cells}, None, now)
    assert mended == 0
    assert [r["state"] for r in table.by_ids(app.store, [row.id])] == [table.OPEN]
    _, mended = uploads.retry(app, {row.id: row.cells}, None, now)
    assert mended == 1
    assert values(app) == {("360600", "24"), ("220284", "31")}


@pytest.mark.usefixtures("way")
def test_the_same_file_from_another_hand_is_read_again(app: App, now: datetime) -> None:
    """What the limited clerk could not bring comes in with the same bytes from one without limits, and closes the row."""
    path = write(app, HEAD + OTHER + MINE)
    take_file(clerk(app), path, now=now)
    assert counts(take_file(clerk(app), path, now=now)) == (0, 0, 1, 1)
    assert counts(take_file(app, path, now=now)) == (1, 0, 1, 0)
    held = app.store.rows("SELECT state FROM quarantine")
    assert [r["state"] for r in held] == [table.MENDED]


def test_a_clerk_cannot_mend_what_another_brought(app: App, now: datetime) -> None:
    """A table of mended rows names refused rows by number: those of others are numbers that there are not."""
    result = take_file(app, write(app, HEAD + MINE.replace("24", "二十四")), now=now)
    assert result.refused == 1
    number = app.store.rows("SELECT id FROM quarantine")[0]["id"]
    mended = write(app, f"{ID},{HEAD}{number},{MINE}", "mended.csv")
    with pytest.raises(ImportRefused) as refused:
        take_file(clerk(app), mended, now=now)
    assert refused.value.code == "quarantine_id_wrong"
    assert counts(take_file(app, mended, now=now)) == (1, 0, 0, 0)


def test_several_limits_limit_together(walked_app: App) -> None:
    """A unit's clerk brings what its targets are judged by and the days that these come from, in its regions alone."""
    app = walked_app
    unit = next(iter(app.catalogue.units))
    pairs = {("360600", "pm25"), ("360600", "forest_coverage"), ("220284", "pm25")}
    assert {p for p in pairs if Limits(clerk(app))(*p)} == {p for p in pairs if p[0] == "360600"}
    of_unit = Limits(clerk(app, Scope(units=frozenset({unit}))))
    both = Limits(clerk(app, Scope(units=frozenset({unit}), regions=frozenset({"360600"}))))
    every = [(r, i) for r in app.catalogue.regions for i in app.catalogue.indicators]
    mine = {p for p in every if of_unit(*p)}
    assert set() < mine < set(every)
    assert {p for p in every if both(*p)} == {p for p in mine if p[0] == "360600"}
    share = Limits(clerk(app, Scope(plans=frozenset({plan_with(app, "good_day_ratio")}))))
    assert any(share(r, "o3_8h") for r in app.catalogue.regions)


def plan_with(app: App, indicator: str) -> str:
    return str(
        app.store.rows(
            "SELECT plan FROM target_versions WHERE json_extract(content, '$.indicator') = ?", [indicator]
        )[0]["plan"]
    )


@pytest.fixture
def browser(app: App) -> FlaskClient:
    return create_app(app.settings).server.test_client()


def test_page_token_and_dry_run_refuse_alike(app: App, now: datetime, browser: FlaskClient) -> None:
    """The same file by the API with a token and by the page with a session; an account without limits brings it whole."""
    when = datetime.now(UTC)
    account = accounts.add(app, "li.wei", "correct horse battery", [Role.CLERK], HERE, now, "root")
    whole = accounts.add(app, "zhang.san", "correct horse battery", [Role.CLERK], EVERYTHING, now, "root")
    rights = [Right.READ, Right.IMPORT, Right.MEND]
    _, secret = tokens.add(app, "li.wei", "pull", rights, 1, when, "root")
    data = (HEAD + OTHER + MINE).encode()

    def post(**query: str) -> dict[str, object]:
        answer = browser.post(
            "/api/v1/imports",
            query_string={"file": "a.csv", "lang": "en", **query},
            data=data,
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"},
        )
        assert answer.status_code in (200, 201)
        found: dict[str, object] = answer.get_json()
        return found

    dry, wet = post(dry_run="true"), post()
    for said in (dry, wet):
        assert (said["accepted"], said["refused"]) == (1, 1)
        assert "outside_limits" in json.dumps(said["issues"])
    assert values(app) == {("360600", "24")}

    def do(name: str, form: dict[str, object]) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = browser.post(f"/do/{name}", data=form, headers=headers)
        assert answer.status_code == 200, answer.text

    for signed_in, expected in ((account, {"24", "25"}), (whole, {"24", "25", "31"})):
        browser.set_cookie("dabiao_session", sessions.open_session(app, signed_in, when, "password"))
        file = (io.BytesIO(data.replace(b",24,", b",25,")), "b.csv")
        do("data/bring", {"file": file})
        [token] = [p.name for p in uploads.folder(app).iterdir()]
        do("data/import", {"token": token})
        assert {value for _, value in values(app)} == expected
    assert data_views.imports(clerk(app), app.today(when), 1).total == 2
