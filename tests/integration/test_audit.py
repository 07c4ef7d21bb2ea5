"""What is done leaves a row in the chain, and ``dabiao verify`` follows it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dabiao.services.alerts import alerting
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing
from dabiao.services.keep import audit, verifying
from dabiao.services.publish import exporting
from dabiao.store import audit as table


def actions(app: App, beginning: str = "") -> list[tuple[str, str, str]]:
    """Actor, action and subject of each row."""
    return [(r["actor"], r["action"], r["subject"]) for r in table.rows(app.store, action=beginning)]


def dabiao(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The command, as a person runs it."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    environ |= {"DABIAO_HOME": str(home), "DABIAO_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "dabiao.cli", *args], capture_output=True, text=True, env=environ, check=False
    )


def test_what_is_done_is_recorded(walked_app: App, now: datetime) -> None:
    """Imports, decisions, alerts and exports each leave rows that name them; the chain holds."""
    app = walked_app
    files = len(app.store.rows("SELECT id FROM imports"))
    assert len(actions(app, "import.")) == files
    assert ("system", "decision.decided", "target:quanzhou-2022-pm25") in actions(app, "decision.")
    assert actions(app, "alert.raised")
    before = table.head(app.store)
    new = app.paths.home / "泉州2025公报.csv"
    new.write_text(
        "地区,指标,时间,数值,单位,来源,来源级别,发布日期\n泉州市,PM2.5平均浓度,2025年,19.1,µg/m3,泉州公报,官方,2026-06-05\n",
        encoding="utf-8",
    )
    import_file(app, new, now=now)
    assessing.run_assessments(app, app.today(now), now)
    alerting.run_alerts(app, now)
    after = [(r["action"], json.loads(r["details"])) for r in table.rows(app.store, before[0])]
    assert [a for a, _ in after] == ["import.recorded", "decision.settled", "alert.cleared"]
    assert (after[0][1]["file"], after[0][1]["accepted"]) == ("泉州2025公报.csv", 1)
    assert audit.check(app, audit.START)[1] == []
    assert audit.check(app, audit.Anchor(*before))[1] == []


def test_a_dry_run_is_not_recorded(walked_app: App, now: datetime) -> None:
    """What did not happen leaves no row."""
    new = walked_app.paths.home / "x.csv"
    new.write_text(
        "地区,指标,时间,数值,单位,来源\n吉林省,PM2.5平均浓度,2025年,25.1,µg/m3,省公报\n", encoding="utf-8"
    )
    before = table.head(walked_app.store)
    import_file(walked_app, new, now=now, dry_run=True)
    assert table.head(walked_app.store) == before


def test_an_export_is_recorded_once(walked_app: App, now: datetime) -> None:
    """The files that left are named with their digests; the same files written again are no news, others are."""
    day, out = walked_app.today(now), walked_app.paths.exports
    paths = exporting.export_alerts(walked_app, day, now, out, "en")
    exporting.export_alerts(walked_app, day, now + timedelta(hours=1), out, "en")
    (row,) = table.rows(walked_app.store, action="export.")
    assert set(json.loads(row["details"])["files"]) == {p.name for p in paths}
    exporting.export_alerts(walked_app, day, now, out, "zh-CN")
    assert len(actions(walked_app, "export.")) == 2


@pytest.mark.parametrize(
    ("text", "row", "digest"), [("1", 1, None), (" 120 ", 120, None), (f"7:{'a' * 64}", 7, "a" * 64)]
)
def test_a_row_to_begin_with(text: str, row: int, digest: str | None) -> None:
    """A row's number, with its digest where it was noted."""
    assert audit.Anchor.parse(text) == audit.Anchor(row, digest)


def test_verify_says_where_the_chain_breaks(walked_home: Path) -> None:
    """0 and the chain's end where all holds; 1 and the first broken row where one was changed; 1 for a row that is none."""
    done = dabiao(walked_home, "verify", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [f["code"] for f in json.loads(done.stdout)] == ["backup_none"]
    end = done.stderr.rsplit("ends at ", 1)[1].split(".")[0]
    assert dabiao(walked_home, "verify", "--from", end).returncode == 0
    with sqlite3.connect(walked_home / "dabiao.sqlite") as db:
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("UPDATE audit SET actor = 'x' WHERE id = 4")
    db.close()
    done = dabiao(walked_home, "verify", "--format", "json")
    found = {f["code"]: f for f in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["audit_broken"]["severity"] == "error"
    assert "breaks at row 4 (changed)" in found["audit_broken"]["message"]
    refused = dabiao(walked_home, "verify", "--from", "x")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is no row of the audit chain" in refused.stderr


def test_the_daily_check_follows_the_chain(walked_app: App, now: datetime) -> None:
    """An alert changed by other means is a finding of the check, and leaves the store unharmed in every other way."""
    with walked_app.store.write() as db:
        db.execute("UPDATE alerts SET level = 4")
    found = verifying.verify(walked_app, now, everything=False)
    assert {f.code for f in found.findings} == {"audit_differs", "backup_none"}
    assert not found.whole
