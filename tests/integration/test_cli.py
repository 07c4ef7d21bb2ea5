"""The command line as another program sees it: exit status, standard output alone, field names."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dabiao import cli
from dabiao.cli.output import Format, emit

DAY = "2026-11-21"

TARGET_FIELDS = [
    "id",
    "plan",
    "region",
    "adcode",
    "indicator",
    "indicator_zh",
    "comparator",
    "value",
    "unit",
    "deadline",
    "measure",
    "kind",
    "stretch",
    "baseline_period",
    "baseline_value",
    "quote",
    "clause",
    "lead_units",
    "responsible_units",
]
STATUS_FIELDS = [
    "target_id",
    "as_of",
    "status",
    "provisional",
    "reason",
    "attainment",
    "point",
    "lower80",
    "upper80",
    "latest_period",
    "latest_value",
    "basis",
    "proxy",
    "rules",
]
IMPORT_FIELDS = ["file", "sha256", "accepted", "revised", "unchanged", "refused", "issues"]
ISSUE_FIELDS = ["file", "sheet", "row", "column", "code", "message"]
ALERT_FIELDS = [
    "id",
    "target_id",
    "raised_at",
    "from_status",
    "to_status",
    "severity",
    "attainment",
    "lead_units",
    "acknowledged_by",
    "acknowledged_at",
    "note",
]


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


def environment(home: Path) -> dict[str, str]:
    """The machine's own environment without our settings, and one home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    return {**kept, "DABIAO_HOME": str(home), "DABIAO_LANG": "en", "PYTHONWARNINGS": "error"}


def program(home: Path, *args: str) -> Done:
    """Run ``dabiao`` as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "dabiao.cli", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(home),
        cwd=home.parent,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def home(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One walked home for the commands that only read."""
    copy = tmp_path_factory.mktemp("cli") / "home"
    shutil.copytree(_walked, copy)
    return copy


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The same entry point inside this process: for the many small refusals, which need no process each."""

    def in_process(home: Path, *args: str, **settings: str) -> Done:
        for name in [n for n in os.environ if n.startswith("DABIAO_")]:
            monkeypatch.delenv(name)
        for name, value in {"HOME": str(home), "LANG": "en", **settings}.items():
            monkeypatch.setenv(f"DABIAO_{name}", value)
        monkeypatch.setattr(sys, "argv", ["dabiao", *args])
        monkeypatch.chdir(tmp_path)
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return in_process


# -- the whole way, as programs of their own ---------------------------------------------------------------------


def test_init_twice_then_use(tmp_path: Path) -> None:
    """Init makes everything and says so; a second time it says that nothing changed; both leave standard output empty."""
    home = tmp_path / "home"
    first = program(home, "init")
    assert (first.code, first.out) == (0, ""), first.err
    assert "Declared targets loaded: 347 new" in first.err
    assert re.search(
        r"Bundled observations imported: 5 files, \d+ rows accepted, 0 revised, 0 refused", first.err
    )
    assert (home / "dabiao.sqlite").is_file()
    assert {p.name for p in home.iterdir()} >= {"inbox", "processed", "failed", "raw", "exports", "backups"}
    second = program(home, "init")
    assert (second.code, second.out) == (0, "")
    assert "Nothing has changed" in second.err
    assert "loaded" not in second.err


def test_listings_are_json_alone_with_the_contracts_fields(home: Path) -> None:
    """``targets list`` and ``status`` write JSON alone to standard output, each row with every field of the contract."""
    targets = program(home, "targets", "list", "--as-of", DAY, "--format", "json")
    assert (targets.code, targets.err) == (0, "")
    assert len(targets.json) == 347
    status = program(home, "status", "--as-of", DAY, "--format", "json")
    assert (status.code, status.err) == (0, "")
    assert {r["target_id"] for r in status.json} == {r["id"] for r in targets.json}
    for row in targets.json:
        assert list(row)[: len(TARGET_FIELDS)] == TARGET_FIELDS
    for row in status.json:
        assert list(row)[: len(STATUS_FIELDS)] == STATUS_FIELDS
        assert row["as_of"] == DAY
        for rule in row["rules"]:
            assert list(rule)[:4] == ["rule", "outcome", "figure", "says"]
    pm25 = next(r for r in targets.json if r["id"] == "jilin-2024-pm25")
    assert (pm25["value"], pm25["comparator"], pm25["deadline"], pm25["adcode"]) == (
        27,
        "<=",
        "2027",
        "220000",
    )
    assert type(pm25["value"]) is int
    wetland = next(r for r in targets.json if r["id"] == "jilin-2024-wetland-protection")
    assert wetland["value"] == 45.22
    group = next(r for r in targets.json if r["id"] == "yingtan-2021-pm25-central")
    assert group["adcode"] is None


def test_import_as_a_program(home: Path, tmp_path: Path) -> None:
    """An import with a bad row takes the good one, says the bad one's place and mend in JSON, and ends with 1."""
    own = tmp_path / "own"
    shutil.copytree(home, own)
    file = tmp_path / "2025.csv"
    file.write_text(
        "地区,指标,时间,数值,单位\n吉林省,PM2.5平均浓度,2025年,25.1,µg/m3\n吉林,PM2.5平均浓度,2025年,25.1,µg/m3\n",
        encoding="utf-8",
    )
    done = program(
        own, "import", str(file), "--source", "公报", "--published", "2026-06-05", "--format", "json"
    )
    assert done.code == 1
    result = done.json
    assert list(result)[: len(IMPORT_FIELDS)] == IMPORT_FIELDS
    assert [result[n] for n in ("accepted", "revised", "unchanged", "refused")] == [1, 0, 0, 1]
    (issue,) = result["issues"]
    assert list(issue)[: len(ISSUE_FIELDS)] == ISSUE_FIELDS
    assert (issue["file"], issue["row"], issue["code"]) == ("2025.csv", 3, "region_ambiguous")
    again = program(
        own, "import", str(file), "--source", "公报", "--published", "2026-06-05", "--format", "json"
    )
    assert [again.json[n] for n in ("accepted", "revised", "unchanged", "refused")] == [0, 0, 1, 1]


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    """``dabiao … | head -1`` ends quietly."""
    command = f'"{sys.executable}" -m dabiao.cli observations --format json | head -1'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env=environment(home),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[\n", "")


# -- listings ----------------------------------------------------------------------------------------------------


def test_alerts_and_observations(run: Run, home: Path) -> None:
    """``alerts list`` has the contract's fields; ``observations`` gives every source of a value, as known on the day."""
    alerts = run(home, "alerts", "list", "--format", "json")
    assert alerts.code == 0
    assert {r["target_id"] for r in alerts.json} >= {"quanzhou-2022-pm25"}
    assert all(list(r)[: len(ALERT_FIELDS)] == ALERT_FIELDS for r in alerts.json)
    values = run(
        home,
        "observations",
        "--region",
        "吉林省",
        "--indicator",
        "PM2.5",
        "--as-of",
        "2023-12-31",
        "--format",
        "json",
    )
    assert values.code == 0
    assert {r["region"] for r in values.json} == {"吉林省"}
    assert {r["indicator"] for r in values.json} == {"pm25"}
    assert all(r["known_on"] <= "2023-12-31" for r in values.json)
    assert {r["printed"] for r in values.json if r["period"] == "2021"} == {"26", "26.5"}


def test_csv_has_the_same_fields_as_json(run: Run, home: Path) -> None:
    """CSV has a heading and the fields of the JSON, lists as JSON inside a cell."""
    args = ("targets", "list", "--plan", "quanzhou-2022", "--as-of", DAY, "--format")
    rows = run(home, *args, "json").json
    table = list(csv.DictReader(io.StringIO(run(home, *args, "csv").out)))
    assert len(table) == len(rows)
    assert list(table[0]) == list(rows[0])
    assert [r["quote"] for r in table] == [r["quote"] for r in rows]
    assert [json.loads(r["lead_units"]) for r in table] == [r["lead_units"] for r in rows]


def test_a_table_is_for_people(run: Run, home: Path) -> None:
    """The table has headings and aligned columns; counts by status go to standard error."""
    done = run(home, "status", "--plan", "jilin-2024", "--indicator", "pm25", "--as-of", DAY)
    assert done.code == 0
    heading, row = done.out.splitlines()
    assert heading.split() == ["target", "status", "p", "latest", "value", "reason"]
    assert row.startswith("jilin-2024-pm25  On track")
    assert f"{DAY}  Missed 0" in done.err


def test_a_large_value_keeps_its_digits_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A table shows a figure with all its digits: 4600.5 is not 4600, nor 1.235e+04."""
    emit([{"v": 4600.5}, {"v": 12345.6}, {"v": 27}, {"v": None}], Format.TABLE, [("v", "v")])
    assert capsys.readouterr().out.split() == ["v", "4600.5", "12345.6", "27"]


def test_columns_line_up_in_two_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    """A Chinese character takes two columns, so that the next column begins at one place."""
    emit([{"a": "吉林省", "b": "x"}, {"a": "abcdef", "b": "x"}], Format.TABLE, [("a", "a"), ("b", "b")])
    assert capsys.readouterr().out.splitlines() == ["a       b", "吉林省  x", "abcdef  x"]


def test_filters_agree_with_the_rows(run: Run, home: Path) -> None:
    """Filters combine, a region lets its children in, and one status or measure keeps exactly those."""
    rows = run(home, "targets", "list", "--region", "吉林省", "--deadline", "2025", "--measure", "numeric", "--as-of", DAY,
               "--format", "json").json  # fmt: skip
    assert {r["plan"] for r in rows} == {"panshi-2022", "jilin-2024"}
    assert {(r["deadline"][:4], r["measure"]) for r in rows} == {("2025", "numeric")}
    missed = run(home, "status", "--status", "missed", "--as-of", DAY, "--format", "json").json
    assert {r["target_id"] for r in missed} == {"panshi-2022-pm25", "quanzhou-2022-pm25"}
    unit = run(home, "targets", "list", "--unit", "省水利厅", "--as-of", DAY, "--format", "json").json
    assert unit
    assert all("省水利厅" in (*r["lead_units"], *r["responsible_units"]) for r in unit)


def test_a_summary_counts_every_status(run: Run, home: Path) -> None:
    """The summary names all nine statuses, also those that no target has; they add up to all targets."""
    rows = run(home, "status", "--summary", "--as-of", DAY, "--format", "json").json
    assert len(rows) == 9
    assert sum(r["targets"] for r in rows) == 347


def test_an_empty_listing_is_an_empty_list(run: Run, home: Path) -> None:
    """As of a day before every plan there is nothing, and that is no error."""
    done = run(home, "targets", "list", "--as-of", "2000-01-01", "--format", "json")
    assert (done.code, done.json) == (0, [])
    assert run(home, "status", "--as-of", "2000-01-01", "--format", "csv").out == ""
    assert run(home, "observations", "--as-of", "2000-01-01", "--format", "csv").out.startswith("region,")


def test_explain_in_sentences(run: Run, home: Path) -> None:
    """Explain says the verdict, the quote, the forecast's steps, the rules and every value with its source."""
    said = run(home, "explain", "jilin-2024-pm25", "--as-of", DAY)
    assert said.code == 0
    for part in (
        "到2027年,全省细颗粒物浓度下降到27微克/立方米以下",
        "GB/T 8170",
        "80% interval",
        "not official",
        "26.9",
    ):
        assert part in said.out
    row = run(home, "explain", "jilin-2024-pm25", "--as-of", DAY, "--format", "json").json[0]
    assert list(row)[: len(STATUS_FIELDS)] == STATUS_FIELDS
    assert row["explanation"]


def test_plans_and_settings(run: Run, home: Path) -> None:
    """The shipped plans pass their check; each setting is listed with the value in force."""
    done = run(home, "plans", "check")
    assert done.code == 0
    assert done.out.strip() == "5 plans, 347 targets: 0 errors, 0 warnings"
    plans = run(home, "plans", "list", "--format", "json").json
    assert {p["id"]: p["targets"] for p in plans}["yingtan-2021"] == 44
    rows = {r["name"]: r["value"] for r in run(home, "settings", "--format", "json", PORT="8060").json}
    assert rows["port"] == "8060"


def test_alerts_export_writes_and_prints_the_paths(run: Run, home: Path, tmp_path: Path) -> None:
    """The export stands where it is asked for, opens in a spreadsheet (BOM) and names both missed targets."""
    done = run(home, "alerts", "export", "--out", str(tmp_path / "out"), "--as-of", DAY, "--lang", "zh-CN")
    assert done.code == 0
    paths = [Path(line) for line in done.out.splitlines()]
    assert {p.name for p in paths} == {
        f"alerts-{DAY}.csv",
        f"alerts-{DAY}.xlsx",
        f"alerts-{DAY}.json",
        "alerts-latest.csv",
    }
    content = (tmp_path / f"out/alerts-{DAY}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {r["目标编号"] for r in rows} == {"panshi-2022-pm25", "quanzhou-2022-pm25"}


def test_report_then_status(run: Run, home: Path, tmp_path: Path) -> None:
    """A report recorded on the command line is what the status says from its day on."""
    own = tmp_path / "own"
    shutil.copytree(home, own)
    key = "jilin-2024-heavy-pollution"
    done = run(own, "reports", "add", key, "--state", "done", "--unit", "省生态环境厅", "--on", "2026-11-20")
    assert (done.code, done.out) == (0, "")
    assert f"Report 1 on {key} recorded" in done.err
    row = run(own, "explain", key, "--as-of", DAY, "--format", "json").json[0]
    assert row["status"] == "reported"
    alert = run(own, "alerts", "list", "--format", "json").json[0]["id"]
    assert run(own, "alerts", "ack", str(alert), "--by", "张三").code == 0
    assert run(own, "alerts", "list", "--format", "json").json[0]["acknowledged_by"] == "张三"


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("targets", "list", "--plan", "jilin-2042"), "jilin-2024"),
        (("targets", "list", "--measure", "numerical"), "numeric"),
        (("targets", "list", "--unit", "省水力厅"), "省水利厅"),
        (("targets", "list", "--indicator", "PM2.6"), "PM2.5"),
        (("status", "--status", "ontrack"), "on_track"),
        (("status", "--region", "泉洲市"), "泉州市"),
        (("status", "--region", "吉林"), "吉林省, 吉林市"),
        (("observations", "--region", "某市"), "No region “某市”"),
        (("explain", "jilin-2024-pm2"), "jilin-2024-pm25"),
        (("explain", "jilin-2024-pm25", "--as-of", "2023-12-31"), "as of 2023-12-31"),
        (("status", "--as-of", "31.12.2023"), "“31.12.2023” is not a date"),
        (("status", "--as-of", "2023-02-29"), "2026-11-21"),
        (("reports", "add", "jilin-2024-pm25", "--state", "done", "--unit", "x"), "Import its observations"),
        (("reports", "add", "jilin-2024-heavy-pollution", "--state", "perhaps", "--unit", "x"), "state"),
        (("alerts", "ack", "999999", "--by", "x"), "dabiao alerts list"),
        (("alerts", "export", "--lang", "fr"), "lang"),
        (("jobs", "history", "--job", "imports"), "import"),
        (("import", "no-such-file.csv"), "no-such-file.csv"),
    ],
)
def test_refused_with_one_sentence(run: Run, home: Path, args: tuple[str, ...], said: str) -> None:
    """What cannot be done ends with 1 and one sentence on standard error that names the near names or the mend."""
    done = run(home, *args)
    assert done.code == 1
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "args",
    [
        ("status", "--nothing"),
        ("status", "--format", "xml"),
        ("targets",),
        ("nothing",),
        ("import",),
        ("alerts", "ack", "one", "--by", "x"),
        ("reports", "add", "jilin-2024-heavy-pollution"),
        ("jobs", "history", "--limit", "0"),
    ],
)
def test_wrong_usage_is_2(run: Run, home: Path, args: tuple[str, ...]) -> None:
    """An option or command that there is not, or one that is missing, ends with 2 and nothing is done."""
    done = run(home, *args)
    assert done.code == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "args", [("status",), ("import", "x.csv"), ("jobs", "run", "import"), ("serve",), ("forecast",)]
)
def test_without_a_store_the_command_is_named(run: Run, tmp_path: Path, args: tuple[str, ...]) -> None:
    """Before init every command that needs the store says to run it, and makes nothing."""
    home = tmp_path / "nothing"
    done = run(home, *args)
    assert (done.code, done.out) == (1, "")
    assert "dabiao init" in done.err
    assert not home.exists()


def test_messages_follow_the_language(run: Run, tmp_path: Path) -> None:
    """The same refusal in Chinese when that is the language."""
    done = run(tmp_path / "nothing", "status", LANG="zh-CN")
    assert "请先运行 dabiao init" in done.err


def test_an_unknown_setting_stops_the_start(run: Run, home: Path) -> None:
    """A misspelt setting is said by name, whatever the command."""
    done = run(home, "status", PROT="1")
    assert done.code == 1
    assert "DABIAO_PROT" in done.err


def test_init_where_nothing_can_be_written(run: Run, tmp_path: Path) -> None:
    """A home that is a file is said in one sentence that names the setting."""
    (tmp_path / "file").write_text("x")
    done = run(tmp_path / "file/home", "init")
    assert done.code == 1
    assert "DABIAO_HOME" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_dry_run_stores_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    """``--dry-run`` says what would come of a file and leaves the store as it was."""
    file = tmp_path / "2025.csv"
    file.write_text("地区,指标,时间,数值,单位\n吉林省,PM2.5平均浓度,2025年,25.1,µg/m3\n", encoding="utf-8")
    before = run(home, "observations", "--format", "json").out
    done = run(home, "import", str(file), "--dry-run", "--format", "json")
    assert (done.code, done.json["accepted"], done.json["dry_run"]) == (0, 1, True)
    assert run(home, "observations", "--format", "json").out == before
