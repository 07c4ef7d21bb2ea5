"""``dabiao quarantine``, ``corrections`` and ``series`` as a person uses them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dabiao.cli.commands import app as commands
from dabiao.errors import DabiaoError
from dabiao.services.app import App

BAD = "地区,指标,时间,数值,单位,发布日期\n吉林省,PM2.5,2021年,38,µg/m3,2022-06-01\n吉林,PM2.5,2022年,25,µg/m3,2023-06-01\n"


@pytest.fixture
def run(app: App, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on a prepared home; its standard output, and its exit status."""
    app.store.close()
    monkeypatch.setenv("DABIAO_HOME", str(app.paths.home))
    monkeypatch.setenv("DABIAO_LANG", "en")

    def call(*words: str) -> tuple[str, int]:
        done = CliRunner().invoke(commands, list(words))
        if isinstance(done.exception, DabiaoError):
            return done.stdout, 1
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout, done.exit_code

    return call


def listed(run: Any, *words: str) -> list[dict[str, Any]]:
    out, status = run(*words, "--format", "json")
    assert status == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_refused_exported_mended_dismissed(run: Any, tmp_path: Path) -> None:
    """The whole way of a refused row on the command line, and a second one that is dismissed."""
    (tmp_path / "a.csv").write_text(BAD + "吉林,PM2.5,2023年,24,µg/m3,2024-06-01\n", "utf-8")
    assert run("import", str(tmp_path / "a.csv"), "--source", "公报")[1] == 1
    rows = listed(run, "quarantine", "list", "--open")
    assert [(r["row"], r["state"], r["codes"]) for r in rows] == [
        (3, "open", ["region_ambiguous"]),
        (4, "open", ["region_ambiguous"]),
    ]
    assert {"message", "raw", "columns", "closed_at", "closed_by_file", "note"} <= rows[0].keys()
    out = tmp_path / "m.csv"
    assert run("quarantine", "export", "--out", str(out), "--code", "region_ambiguous") == ("", 0)
    table = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    table[1][5] = "吉林省"
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table[:2])
    assert run("import", str(out))[1] == 0
    assert run("quarantine", "dismiss", str(rows[1]["id"]), "--note", "twice")[1] == 0
    assert [r["state"] for r in listed(run, "quarantine", "list")] == ["mended", "dismissed"]
    assert listed(run, "quarantine", "list", "--state", "dismissed")[0]["note"] == "twice"
    assert listed(run, "quarantine", "list", "--open") == []
    assert run("quarantine", "list", "--state", "gone")[1] == 1


def test_corrections_by_hand(run: Any, app: App, tmp_path: Path) -> None:
    """Listed, checked and applied; a guard that fails ends ``check`` and ``apply`` with 1."""
    (tmp_path / "a.csv").write_text(BAD, "utf-8")
    run("import", str(tmp_path / "a.csv"), "--source", "公报")
    folder = app.paths.home / "corrections"
    folder.mkdir()
    entry = {
        "id": "one", "source": "公报", "region": "220000", "indicator": "pm25", "period": "2021", "expect": "38",
        "value": "35", "reason": "误", "reviewer": "王", "date": "2026-01-01", "evidence": "https://example.cn",
    }  # fmt: skip
    (folder / "a.yaml").write_text(yaml.safe_dump([entry]), "utf-8")
    assert [r["state"] for r in listed(run, "corrections", "list")] == ["pending"]
    assert listed(run, "corrections", "check") == []
    assert [r["state"] for r in listed(run, "corrections", "apply")] == ["applied"]
    (observed,) = listed(run, "observations", "--region", "吉林省", "--indicator", "pm25")
    assert (observed["printed"], observed["series_flags"]) == ("35", [])
    (folder / "a.yaml").write_text(
        yaml.safe_dump([entry | {"id": "two", "expect": "39", "value": "34"}]), "utf-8"
    )
    out, status = run("corrections", "check", "--format", "json")
    assert (status, json.loads(out)[0]["state"], json.loads(out)[0]["found"]) == (1, "source_changed", "35")
    assert run("corrections", "apply")[1] == 1


def test_no_flag_is_an_empty_list(run: Any) -> None:
    """Where nothing is flagged the listing is empty, not absent."""
    assert listed(run, "series", "flags") == []
