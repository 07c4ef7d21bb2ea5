"""Liveness, readiness, measures, and the line and id of each request."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from dabiao import logs
from dabiao.errors import StoreUnwritable
from dabiao.services import jobs
from dabiao.services.app import App, stamp
from dabiao.services.keep import backup
from dabiao.services.operate import readiness
from dabiao.store import SCHEMA_VERSION, runs
from dashboard import request_times
from dashboard.app import create_app
from dashboard.request_times import BOUNDS, KINDS, RequestTimes
from tests.conftest import NOW
from tests.factories import settings_of


@pytest.fixture
def client(walked_app: App) -> Iterator[FlaskClient]:
    """A client of the application over the bundled data."""
    walked_app.store.close()
    with create_app(walked_app.settings).server.test_client() as found:
        yield found


def scraped(client: FlaskClient) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample by name and values of its labels, as Prometheus's own parser reads it."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


# -- readiness -------------------------------------------------------------------------------------------------------


def test_ready_says_what_was_looked_at(client: FlaskClient) -> None:
    """All three stand, with the schema and the version that the wall follows."""
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["checks"] == {name: {"ok": True} for name in ("store", "schema", "disk")}
    assert answer.json["schema"] == SCHEMA_VERSION
    assert answer.json["data_version"]


@pytest.mark.parametrize(
    ("version", "code"), [(SCHEMA_VERSION - 1, "migration_needed"), (SCHEMA_VERSION + 1, "store_too_new")]
)
def test_another_schema_is_not_ready(client: FlaskClient, walked_app: App, version: int, code: str) -> None:
    """A store of another program is named as that, with what to do, in the asker's language; alive it is all the same."""
    with sqlite3.connect(walked_app.paths.store) as db:
        db.execute(f"PRAGMA user_version = {version}")
    for lang, word in (("en", "schema"), ("zh-CN", "结构版本")):
        answer = client.get("/readyz", headers={"Accept-Language": lang})
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["code"] == code
        assert word in answer.json["checks"]["schema"]["message"]
        assert answer.json["checks"]["disk"] == {"ok": True}
    assert client.get("/healthz").status_code == 200


def test_a_disk_that_takes_nothing_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store can be read, but no file can be written beside it."""

    def full(folder: Path) -> None:
        raise StoreUnwritable("store_disk_full", path=str(folder), detail="No space left on device")

    monkeypatch.setattr(readiness, "probe", full)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["disk"]["code"] == "store_disk_full"
    assert answer.json["checks"]["store"] == {"ok": True}


def test_the_probe_leaves_nothing(walked_app: App) -> None:
    """What is written to see whether it can be is gone afterwards."""
    before = sorted(walked_app.paths.home.iterdir())
    readiness.probe(walked_app.paths.home)
    assert sorted(walked_app.paths.home.iterdir()) == before


# -- measures --------------------------------------------------------------------------------------------------------


def test_the_measures_are_those_of_the_store(client: FlaskClient, walked_app: App) -> None:
    """Counts agree with what the store says by other ways."""
    found = scraped(client)
    assert found["dabiao_store_up"][()] == 1
    assert found["dabiao_schema_version"][()] == SCHEMA_VERSION
    statuses = walked_app.store.rows(
        "SELECT status, count(*) AS n FROM assessments WHERE id IN (SELECT max(id) FROM assessments GROUP BY target_id) GROUP BY 1"
    )
    for row in statuses:
        counted = sum(n for (_, status), n in found["dabiao_targets"].items() if status == row["status"])
        assert counted == row["n"], row["status"]
    assert found["dabiao_import_rows_total"]["accepted",] == 676
    alerts = walked_app.store.row("SELECT count(*) FROM alerts WHERE state = 'open'")
    assert alerts is not None
    assert sum(found["dabiao_open_alerts"].values()) == alerts[0] > 0
    assert found["dabiao_store_bytes"]["store",] == walked_app.paths.store.stat().st_size
    assert "dabiao_backup_age_seconds" not in found
    assert "dabiao_job_last_good_age_seconds" not in found


def test_a_run_is_good_a_failure_and_a_pause_are_seen(client: FlaskClient, walked_app: App) -> None:
    """The age counts from the last run that was done; the next scrape shows a failure, a pause and a backup."""
    now = datetime.now(UTC).replace(microsecond=0)
    for hours, state in ((2, "done"), (1, "failed")):
        at = stamp(now - timedelta(hours=hours))
        number = runs.start_run(walked_app.store, "import", at, "schedule", at, "0")
        assert number is not None
        runs.finish_run(walked_app.store, number, state, at, {}, "error" if state == "failed" else "", "")
    jobs.pause(walked_app, "forecast", now, "甲")
    backup.back_up(walked_app, now - timedelta(days=1))
    walked_app.store.close()
    found = scraped(client)
    age = found["dabiao_job_last_good_age_seconds"]["import",]
    assert 7200 <= age < 7200 + 600
    assert found["dabiao_job_failed"]["import",] == 1
    assert found["dabiao_job_failed"]["backup",] == 0
    assert found["dabiao_job_paused"] == {(job,): float(job == "forecast") for job in jobs.JOBS}
    assert 86400 <= found["dabiao_backup_age_seconds"][()] < 86400 + 600


def test_no_label_names_a_person_or_a_value(client: FlaskClient, walked_app: App) -> None:
    """Who paused a job, who acknowledged an alert and what a region is called stay in the store."""
    jobs.pause(walked_app, "forecast", NOW, "王小明", "休假")
    walked_app.store.close()
    text = client.get("/metrics").text
    assert "王小明" not in text
    assert "休假" not in text
    names = set(re.findall(r"(\w+)=\"", text))
    assert names <= {"version", "job", "result", "plan", "status", "kind", "level", "file", "le"}


def test_without_a_store_there_are_still_measures(tmp_path: Path) -> None:
    """That the store is down is what must be seen then."""
    with create_app(settings_of(tmp_path / "none")).server.test_client() as bare:
        found = scraped(bare)
    assert found["dabiao_store_up"][()] == 0
    assert "dabiao_targets" not in found


# -- the time of requests --------------------------------------------------------------------------------------------


def test_requests_are_counted_by_what_they_ask_for(client: FlaskClient) -> None:
    """A page, a file and a page that is not there; the request that the process makes to itself is not counted."""
    client.get("/")
    client.get("/nowhere")
    client.get("/export/targets.csv")
    found = scraped(client)
    assert found["dabiao_requests_total"]["page", "2xx"] == 1
    assert found["dabiao_requests_total"]["page", "4xx"] == 1
    assert found["dabiao_requests_total"]["file", "2xx"] == 1
    assert found["dabiao_request_seconds_count"]["page",] == 2


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0.0, 0), (BOUNDS[0], 0), (BOUNDS[0] + 1e-9, 1), (BOUNDS[-1], len(BOUNDS) - 1), (99.0, len(BOUNDS))],
)
def test_a_bucket_holds_its_upper_bound(seconds: float, bucket: int) -> None:
    """As Prometheus counts: at most so many seconds; what is slower than all stands in the last."""
    times = RequestTimes()
    times.add("page", seconds, 200)
    (taken,) = times.taken()
    assert [n for n, count in enumerate(taken.buckets) if count] == [bucket]


@pytest.mark.parametrize(("status", "family"), [(200, "2xx"), (304, "3xx"), (404, "4xx"), (503, "5xx")])
def test_an_answer_counts_in_its_class(status: int, family: str) -> None:
    """The hundreds of the status code."""
    times = RequestTimes()
    times.add("api", 0.1, status)
    (taken,) = times.taken()
    assert {name for name, count in taken.answers.items() if count} == {family}


def test_workers_count_together_and_a_new_one_goes_on() -> None:
    """Each process writes to its own slot of the shared memory; the sum over all never falls when one is replaced."""
    times = RequestTimes()
    for number in (1, 2, 2 + request_times.SLOTS):
        child = os.fork()
        if not child:
            try:
                times.forked(number)
                for _ in range(1000):
                    times.add("page", 0.02, 200)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    (taken,) = times.taken()
    assert sum(taken.buckets) == taken.answers["2xx"] == 3000
    assert taken.seconds == pytest.approx(60)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/target/x", "page"),
        ("/healthzz", "service"),
        ("/_dash-update-component", "callback"),
        ("/_dash-component-suites/a.js", "static"),
        ("/api/v1/targets", "api"),
        ("/do/import", "action"),
        ("/export/targets.csv", "file"),
    ],
)
def test_what_an_address_is_for(path: str, kind: str) -> None:
    """Every address is of one of a few kinds."""
    assert request_times.kind_of(path) == kind
    assert kind in KINDS


# -- lines and ids ---------------------------------------------------------------------------------------------------


@pytest.fixture
def _logged() -> Iterator[None]:
    logs.configure("web")
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logged")
def test_a_request_has_a_line_and_an_id(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """The id comes from the proxy in front or is made here, and goes back; a query never stands in the line."""
    capsys.readouterr()
    given = client.get("/?token=Tr0ub4dor&q=泉州", headers={"X-Request-ID": "edge-7"})
    assert given.headers["X-Request-ID"] == "edge-7"
    made = client.get("/nowhere", headers={"X-Request-ID": "a b"})
    assert re.fullmatch("[0-9a-f]{32}", made.headers["X-Request-ID"])
    err = capsys.readouterr().err
    first, second = (json.loads(line) for line in err.splitlines())
    assert (first["event"], first["method"], first["path"], first["status"]) == ("request", "GET", "/", 200)
    assert first["request_id"] == "edge-7"
    assert first["ms"] > 0
    assert (second["path"], second["status"]) == ("/nowhere", 404)
    assert second["request_id"] == made.headers["X-Request-ID"]
    assert "Tr0ub4dor" not in err
    assert "泉州" not in err


@pytest.mark.usefixtures("_logged")
def test_what_is_asked_all_the_time_is_not_logged(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Probes and scripts would bury the rest."""
    capsys.readouterr()
    client.get("/healthz")
    client.get("/assets/style.css").close()
    assert capsys.readouterr().err == ""
