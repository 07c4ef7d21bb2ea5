"""Who is limited to a part of the targets sees that part, and of the rest no more than of what there is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dabiao import bootstrap
from dabiao.domain.access import Role, Scope
from dabiao.errors import UnknownName
from dabiao.services.access import accounts, sessions, visible
from dabiao.services.alerts import alert_rows, alerting
from dabiao.services.app import App
from dabiao.services.declare.targets import DeclaredTarget, targets_as_of
from dabiao.services.pages import data_views, places, views
from dabiao.services.pages.once import Once
from dabiao.services.record import track_record
from dabiao.store import runs
from dashboard.app import create_app
from tests.conftest import NOW
from tests.factories import settings_of


@pytest.fixture(scope="module")
def app(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("visible") / "home"
    shutil.copytree(_walked, home)
    opened = bootstrap.open_app(settings_of(home))
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def scopes(app: App) -> list[Scope]:
    """A plan, a region with places within it, a unit; and a plan and a region together."""
    every = views.verdicts(app, app.today(NOW), NOW)
    plan = every[0].declared.target.plan
    unit = next(v.declared.units[0].id for v in every if v.declared.units)
    parent = next(
        p for v in every if (p := app.catalogue.regions[v.declared.target.region].parent) is not None
    )
    return [
        Scope(plans=frozenset({plan})),
        Scope(regions=frozenset({parent})),
        Scope(units=frozenset({unit})),
        Scope(plans=frozenset({plan}), units=frozenset({unit})),
    ]


def ids(app: App) -> set[str]:
    return {v.declared.target.id for v in views.verdicts(app, app.today(NOW), NOW)}


def test_a_scope_lets_through_what_is_in_each_of_its_sets(app: App, scopes: list[Scope]) -> None:
    """Held against the filters of the pages, which say the same in other words; some are seen and some are not."""
    day = app.today(NOW)
    for scope in scopes:
        wanted = {"plan": sorted(scope.plans), "region": sorted(scope.regions), "unit": sorted(scope.units)}
        expected = {v.declared.target.id for v in views.overview(app, day, NOW, wanted).verdicts}
        limited = replace(app, scope=scope)
        assert set() < ids(limited) == expected < ids(app)
        seen = views.overview(limited, day, NOW)
        assert (seen.total, sum(seen.counts.values())) == (len(expected), len(expected))
        assert visible.target_ids(limited, ids(app)) == expected


def test_what_is_kept_for_one_reader_is_not_shown_to_another(app: App, scopes: list[Scope]) -> None:
    """One after the other over the same store and day, and back."""
    found = [ids(replace(app, scope=s)) for s in scopes]
    everything = ids(app)
    assert [ids(replace(app, scope=s)) for s in scopes] == found
    assert ids(app) == everything
    hidden = min(everything - found[0])
    day = app.today(NOW)
    assert views.target_view(app, hidden, day, NOW) is not None
    assert views.target_view(replace(app, scope=scopes[0]), hidden, day, NOW) is None
    assert views.find(app, hidden, day, NOW) is not None


def test_alerts_of_hidden_targets_are_not_there(app: App, scopes: list[Scope]) -> None:
    """They are not listed, not shown, and cannot be acknowledged; those about data are for who sees everything."""
    day = app.today(NOW)
    every = alert_rows.alert_rows(app, day, "en", alert_rows.STATES, None)
    assert every
    for scope in scopes:
        limited = replace(app, scope=scope)
        mine = ids(limited)
        listed = {r["id"] for r in alert_rows.alert_rows(limited, day, "en", alert_rows.STATES, None)}
        assert listed == {r["id"] for r in every if r["target_id"] in mine}
        for r in every:
            if r["id"] not in listed:
                with pytest.raises(UnknownName):
                    alert_rows.find(limited, r["id"])
                with pytest.raises(UnknownName):
                    alerting.acknowledge(limited, r["id"], "li.wei", "", None, NOW)


def test_places_without_a_visible_target_are_not_there(app: App, scopes: list[Scope]) -> None:
    """Regions, units and indicators are listed with what is seen of them, and left out without."""
    day = app.today(NOW)
    for scope in scopes:
        limited = replace(app, scope=scope)
        shown = [v.declared for v in views.verdicts(limited, day, NOW)]
        assert {s.id for s in places.regions(limited, day, NOW)} == set(visible.regions(limited))
        assert {s.id for s in places.units(limited, day, NOW)} == {u.id for d in shown for u in d.units}
        assert {s.id for s in places.indicators(limited, day, NOW)} == {d.target.indicator for d in shown}
        gone = next(i for i in app.catalogue.indicators if i not in visible.indicators(limited))
        assert places.indicator_view(limited, gone, day, NOW) is None
        for region in app.catalogue.regions:
            seen = places.region_view(limited, region, day, NOW)
            assert (seen is not None) is (region in visible.regions(limited))


def test_series_and_records_are_those_of_visible_targets(app: App, scopes: list[Scope]) -> None:
    """Of a plan the series that judge its targets; of a region all that lies in it."""
    day = app.today(NOW)
    every = data_views.series(app, day, "", 1)
    for scope in scopes:
        limited = replace(app, scope=scope)
        seen = visible.SeriesSeen(limited)
        listed = data_views.series(limited, day, "", 1)
        assert listed.total < every.total
        assert all(seen(r.region, r.indicator) for r in listed.rows)
        for row in every.rows:
            assert data_views.has_series(limited, row.id) is seen(row.region, row.indicator)
            view = data_views.series_view(limited, row.id, day, 1)
            assert (view is not None) is seen(row.region, row.indicator)
        cases = track_record.cases(limited, day)
        assert all(seen(c.region, c.indicator) for c in cases)
        assert len(cases) < len(track_record.cases(app, day))
    region = scopes[1]
    within = visible.SeriesSeen(replace(app, scope=region))
    assert any(
        within(p.id, i)
        for p in app.catalogue.regions.values()
        if p.parent in region.regions
        for i in app.catalogue.indicators
    )


def test_files_that_others_brought_are_not_there(app: App, scopes: list[Scope]) -> None:
    """A file can hold anything: who is limited sees the imports that were theirs."""
    day = app.today(NOW)
    limited = replace(app, scope=scopes[0], reader="li.wei")
    every = data_views.imports(app, day, 1)
    assert every.total
    assert data_views.imports(limited, day, 1).total == 0
    first = every.rows[0]["id"]
    assert data_views.has_import(app, first)
    assert not data_views.has_import(limited, first)
    assert data_views.raw_file(limited, first) is None
    assert data_views.import_view(limited, first, 1, "en") is None


@pytest.fixture(scope="module")
def browsers(app: App, scopes: list[Scope]) -> dict[str, FlaskClient]:
    """An administrator of everything and one of a single plan."""
    server = create_app(app.settings).server
    found = {}
    for name, scope in (("all", Scope()), ("some", scopes[0])):
        account = accounts.add(app, name, "correct horse battery", [Role.ADMIN], scope, NOW, "root")
        found[name] = server.test_client()
        found[name].set_cookie(
            "dabiao_session", sessions.open_session(app, account, datetime.now(UTC), "password")
        )
    return found


def test_a_hidden_page_is_the_page_of_nothing(
    app: App, scopes: list[Scope], browsers: dict[str, FlaskClient]
) -> None:
    """The same status as for a name that nothing has, for pages and for files; the rest answers as ever."""
    mine = replace(app, scope=scopes[0])
    hidden, shown = min(ids(app) - ids(mine)), min(ids(mine))
    plan = next(p for p in visible.plans(app) if p not in scopes[0].plans)
    indicator = next(i for i in visible.indicators(app) if i not in visible.indicators(mine))
    region = next(r for r in visible.regions(app) if r not in visible.regions(mine))
    unit = next(u for u in visible.units(app) if u not in visible.units(mine))
    kinds = {
        "/target/{}": hidden,
        "/plan/{}": plan,
        "/indicator/{}": indicator,
        "/region/{}": region,
        "/unit/{}": unit,
        "/export/target/{}/values.csv": hidden,
        "/export/target/{}/template.csv": hidden,
        "/export/plan/{}/report.md": plan,
        "/export/plan/{}/targets.csv": plan,
        "/export/import/{}/file": "1",
    }
    for path, name in kinds.items():
        answers = [browsers["some"].get(path.format(n)) for n in (name, "999999")]
        assert [a.status_code for a in answers] == [404, 404], path
        if path.startswith("/export"):
            assert answers[0].data == answers[1].data
    assert browsers["some"].get(f"/target/{shown}").status_code == 200
    assert browsers["all"].get(f"/target/{hidden}").status_code == 200


def page(browser: FlaskClient, path: str) -> str:
    """The content of a page, as its callback gives it."""
    body = {
        "output": "..main.children...title.data..",
        "outputs": [{"id": "main", "property": "children"}, {"id": "title", "property": "data"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "theme", "property": "data", "value": "light"},
        ],
        "changedPropIds": ["url.pathname"],
        "state": [{"id": "url", "property": "search", "value": ""}],
    }
    answer = browser.post("/_dash-update-component", json=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_no_page_or_file_names_a_hidden_target(
    app: App, scopes: list[Scope], browsers: dict[str, FlaskClient]
) -> None:
    """Neither lists nor pages of what is there, nor those of what is not."""
    mine = ids(replace(app, scope=scopes[0]))
    hidden = ids(app) - mine
    some = browsers["some"]

    paths = [
        "/",
        "/plans",
        "/alerts",
        "/regions",
        "/units",
        "/indicators",
        "/wall",
        "/track-record",
        "/data/series",
    ]
    paths += [f"/target/{min(hidden)}x", f"/target/{min(mine)}"]
    answers = {path: page(some, path) for path in paths}
    answers |= {
        p: some.get(p).text for p in ("/export/targets.csv", "/export/alerts.json", "/export/alerts.csv")
    }
    for path, said in answers.items():
        asked_for = path.removeprefix("/target/").removesuffix("x")
        named = {t for t in hidden if f'"{t}"' in said or f"/target/{t}" in said or f"{t}," in said} - {
            asked_for
        }
        assert named == set(), path
    for path in ("/", "/export/targets.csv"):
        assert any(t in answers[path] for t in mine), path


def test_a_limited_reader_sees_how_a_run_went_but_not_its_words(
    app: App, browsers: dict[str, FlaskClient]
) -> None:
    """Log and messages may name files and rows of others: neither page nor API gives them to who is limited."""
    started = runs.start_run(
        app.store, "import", "2026-11-21T01:00:00Z", "manual", "2026-11-21T01:00:01Z", "0.1"
    )
    assert started is not None
    words = "泉州秘密.xlsx"
    runs.finish_run(
        app.store, started, "failed", "2026-11-21T01:00:02Z", {"files": 3}, "error", words, log=words
    )
    paths = ("/api/v1/jobs", "/api/v1/jobs/runs", f"/api/v1/jobs/runs/{started}")
    for who, told in (("all", True), ("some", False)):
        said = [browsers[who].get(path).get_data(as_text=True) for path in paths]
        said += [page(browsers[who], path) for path in ("/jobs", f"/jobs/{started}")]
        assert [(words in text or json.dumps(words)[1:-1] in text) for text in said] == [told] * 5, who
    row = browsers["some"].get(paths[-1]).get_json()
    assert (row["state"], row["counts"], row["log"], row["message"]) == ("failed", {"files": 3}, [], None)


def test_what_is_declared_is_read_once_for_a_scope(
    app: App, scopes: list[Scope], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a second page nor a second account of the scope reads the targets again; another scope, and a plan that is
    loaded anew, do.
    """
    read: list[None] = []

    def counted(*given: Any) -> list[DeclaredTarget]:
        read.append(None)
        return targets_as_of(*given)

    monkeypatch.setattr(visible, "targets_as_of", counted)
    monkeypatch.setattr(visible, "_PARTS", Once(64))
    for reader in ("li.wei", "wang.fang"):
        limited = replace(app, scope=scopes[0], reader=reader)
        visible.SeriesSeen(limited)
        visible.plans(limited)
        visible.target_ids(limited, ["jilin-2024-pm25"])
    assert len(read) == 1
    visible.regions(replace(app, scope=scopes[1]))
    assert len(read) == 2
    with app.store.write() as db:
        db.execute(
            "UPDATE declared_files SET sha256 = 'other' WHERE name = (SELECT min(name) FROM declared_files)"
        )
    visible.units(replace(app, scope=scopes[0]))
    assert len(read) == 3
