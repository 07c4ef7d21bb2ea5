"""The data of an Open SDG site, held to the rules by which sdg-build reads it (docs/exports.md)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dabiao import bootstrap
from dabiao.assess.rules.open_sdg import RATIO, word
from dabiao.cli import commands
from dabiao.errors import StoreUnwritable
from dabiao.reports.sdg import NOT_DISAGGREGATIONS, Page, Value, data_bytes, indicator_id, package
from dabiao.services.app import App
from dabiao.services.pages import views
from dabiao.services.publish.packages import MANIFEST, write_package
from dabiao.services.publish.sdg import export_sdg, sdg_files
from tests.conftest import NOW
from tests.factories import settings_of

DAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Site:
    """A store with values and assessments, read only, and the files made of it."""

    app: App
    files: Mapping[str, bytes]


@pytest.fixture(scope="module")
def site(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The bundled values, assessed, and the site of the day."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(_walked, home)
    app = bootstrap.open_app(settings_of(home))
    yield Site(app, sdg_files(app, DAY, NOW))
    app.store.close()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def pages(files: Mapping[str, bytes], language: str = "") -> dict[str, dict[str, Any]]:
    """Metadata by page id: of the folder that sdg-build globs, or of a language's beside it."""
    start = f"meta/{language}/" if language else "meta/"
    return {
        name.removeprefix(start).removesuffix(".yml"): yaml.safe_load(content)
        for name, content in files.items()
        if name.startswith(start) and "/" not in name.removeprefix(start)
    }


def headline(rows: list[dict[str, str]]) -> dict[int, Decimal]:
    """The rows in which nothing disaggregates, as sdg-build takes them for its progress."""
    return {
        int(r["Year"]): Decimal(r["Value"])
        for r in rows
        if not any(value for name, value in r.items() if name not in NOT_DISAGGREGATIONS)
    }


def test_each_target_has_its_page(site: Site) -> None:
    """Every target declared on the day has one page, found by the patterns of the configuration, in both languages."""
    files = site.files
    found = pages(files)
    verdicts = views.verdicts(site.app, DAY, NOW)
    assert {m["dabiao_target_id"] for m in found.values()} == {v.declared.target.id for v in verdicts}
    assert len(found) == len(verdicts)
    assert all("-" in name for name in found), "the patterns are *-*"
    assert pages(files, "zh-Hans").keys() == found.keys()
    assert {name.split("-")[0] for name in found} == {m["sdg_goal"] for m in found.values()}


def test_a_page_has_what_the_schema_requires(site: Site) -> None:
    """reporting_status always; with data also the title, the type and data_non_statistical false; and the schema knows each field."""
    files = site.files
    schema = yaml.safe_load(files["metadata_schema.yml"])["prose"]["metadata"]["meta"]
    known = {field["name"]: field["field"]["element"] for field in schema}
    for name, meta in pages(files).items():
        has_data = f"data/indicator_{name}.csv" in files
        assert meta["reporting_status"] in {"complete", "notstarted"}
        assert meta["data_non_statistical"] is not has_data
        assert meta["graph_title"]
        assert meta["graph_type"] == "line"
        for field, value in meta.items():
            if not isinstance(value, list):
                assert (known[field] == "checkbox") == isinstance(value, bool)
            assert value is not None


def test_a_data_file_passes_the_checks_of_sdg_build(site: Site) -> None:
    """Year first, Value last and numeric, no cell with space around it, no empty row, no year twice in the headline."""
    files = site.files
    data = {name: content for name, content in files.items() if name.startswith("data/")}
    assert data
    for content in data.values():
        rows = table(content)
        names = list(rows[0])
        assert (names[0], names[-1]) == ("Year", "Value")
        assert all(Decimal(r["Value"]).is_finite() and 1900 < int(r["Year"]) < 2200 for r in rows)
        assert all(value == value.strip() for r in rows for value in r.values())
        free = [r for r in rows if not r.get("Region") and not r.get("Basis")]
        assert len(headline(rows)) == len(free)


def test_the_headline_is_the_series_that_is_judged(site: Site) -> None:
    """What sdg-build takes as headline are the values of the series behind the status, and no other."""
    files = site.files
    seen = 0
    for v in views.verdicts(site.app, DAY, NOW):
        judged = v.evidence.series if v.evidence else None
        t = v.declared.target
        name = f"data/indicator_{indicator_id(t.plan, t.id)}.csv"
        if judged is not None:
            seen += 1
            assert headline(table(files[name])) == {p.period.year: p.value for p in judged.points}
        elif name in files:
            assert headline(table(files[name])) == {}
    assert seen > 10


def test_progress_is_asked_only_where_everything_is_given(site: Site) -> None:
    """sdg-build's own steps, on the files alone, come to the outcome that this service's Open SDG rule has."""
    files = site.files
    asked = {n: m for n, m in pages(files).items() if m["auto_progress_calculation"]}
    assert asked
    for name, meta in asked.items():
        (options,) = meta["progress_calculation_options"]
        values = headline(table(files[f"data/indicator_{name}.csv"]))
        last, first, target = max(values), options["base_year"], options["target"]
        assert first in values, "else sdg-build takes the next year that has a value"
        assert first < last
        sign = {"positive": 1, "negative": -1}[options["direction"]]
        if sign * float(values[last]) >= sign * target:
            assert meta["dabiao_open_sdg"] == "target_achieved"
            continue
        actual = (float(values[last]) / float(values[first])) ** (1 / (last - first)) - 1
        required = (target / float(values[first])) ** (1 / (options["target_year"] - first)) - 1
        assert meta["dabiao_open_sdg"] == word(sign * actual / abs(required), RATIO)
    assert all("progress_status" not in m for m in pages(files).values()), "that word is Open SDG's own"


def test_every_word_of_the_data_files_is_translated(site: Site) -> None:
    """What stands in a data file, headings of disaggregations included, is in the translations of each language."""
    files = site.files
    words = set()
    for name, content in files.items():
        if name.startswith("data/"):
            rows = table(content)
            words |= {h for h in rows[0] if h not in NOT_DISAGGREGATIONS}
            words |= {r.get(c) or "" for r in rows for c in ("Region", "Basis", "Observation status")} - {""}
    assert {"Region", "Basis"} < words
    for language in ("en", "zh-Hans"):
        told = yaml.safe_load(files[f"translations/{language}/data.yml"])
        assert words <= told.keys()
        assert all(told.values())
    assert yaml.safe_load(files["config_data.yml"])["languages"] == ["en", "zh-Hans"]


def test_the_same_day_gives_the_same_bytes_and_a_digest(site: Site, tmp_path: Path) -> None:
    """The same store and day give the same bytes at any moment; the manifest names each file with its digest."""
    assert sdg_files(site.app, DAY, NOW + timedelta(days=2)) == site.files
    small = {name: content for name, content in site.files.items() if name.endswith("pm25.yml")}
    _export(site.app, small, tmp_path)
    listed = json.loads((tmp_path / MANIFEST).read_text("utf-8"))["files"]
    assert listed == {n: hashlib.sha256((tmp_path / n).read_bytes()).hexdigest() for n in small}


def test_an_earlier_day_knows_no_later_plan_or_value(site: Site) -> None:
    """As of an earlier day there are fewer pages, and no value of a year that had not ended."""
    files = sdg_files(site.app, date(2023, 6, 30), NOW)
    assert 0 < len(pages(files)) < len(pages(site.files))
    years = {int(r["Year"]) for n, content in files.items() if n.startswith("data/") for r in table(content)}
    assert max(years, default=0) <= 2022


def _export(app: App, files: Mapping[str, bytes], out: Path) -> None:
    write_package(app, out, files, "sdg", DAY, NOW)


def test_a_page_that_is_not_made_any_more_goes(app: App, tmp_path: Path) -> None:
    """A second export takes back what only the first had made; what somebody changed or brought stays."""
    _export(app, {"meta/a-1.yml": b"a", "meta/b-1.yml": b"b", "meta/c-1.yml": b"c"}, tmp_path)
    (tmp_path / "meta/b-1.yml").write_bytes(b"changed")
    (tmp_path / "meta/own-1.yml").write_bytes(b"own")
    _export(app, {"meta/c-1.yml": b"c2"}, tmp_path)
    left = {p.name: p.read_bytes() for p in (tmp_path / "meta").iterdir()}
    assert left == {"b-1.yml": b"changed", "own-1.yml": b"own", "c-1.yml": b"c2"}


def test_what_is_there_already_is_not_written_again(app: App, tmp_path: Path) -> None:
    """A second export leaves the files alone that stay as they are, and still names them."""
    first = write_package(app, tmp_path, {"a-1.yml": b"a", "b-1.yml": b"b"}, "sdg", DAY, NOW)
    before = {p.name: p.stat().st_ino for p in first}
    second = write_package(app, tmp_path, {"a-1.yml": b"a", "b-1.yml": b"c"}, "sdg", DAY, NOW)
    assert {p.name for p in second} == before.keys()
    assert {p.name for p in second if p.stat().st_ino == before[p.name]} == {"a-1.yml"}
    assert (tmp_path / "b-1.yml").read_bytes() == b"c"


@pytest.mark.parametrize(
    "manifest", ["not json", "[]", '{"files": {"../outside.yml": "%s"}}', '{"files": null}', '{"files": {"gone-1.yml": ""}}']
)  # fmt: skip
def test_a_manifest_that_is_none_removes_nothing(app: App, tmp_path: Path, manifest: str) -> None:
    """A manifest that was damaged, or that names files outside the folder, is not followed."""
    outside = tmp_path / "outside.yml"
    outside.write_bytes(b"mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_text(manifest.replace("%s", hashlib.sha256(b"mine").hexdigest()), "utf-8")
    _export(app, {"meta/a-1.yml": b"a"}, out)
    assert outside.read_bytes() == b"mine"
    assert (out / "meta/a-1.yml").read_bytes() == b"a"


def test_a_folder_that_cannot_be_made_is_a_clear_error(app: App, tmp_path: Path) -> None:
    """Where the folder cannot be written the error names it."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritable) as refused:
        export_sdg(app, DAY, NOW, tmp_path / "file" / "out")
    assert "file" in str(refused.value)


def test_a_value_is_written_with_its_own_digits() -> None:
    """Values keep their decimals, columns in which nothing stands are left out, and text is not guarded for spreadsheets."""
    plain = Value(2024, None, None, "final", "µg/m3", Decimal("27.0"))
    assert data_bytes([plain]).decode() == "Year,Observation status,Units,Value\n2024,final,µg/m3,27.0\n"
    other = Value(2024, "=Place", "a, b", "final", None, Decimal("0.0000001"))
    assert data_bytes([other]).decode().splitlines()[1] == '2024,=Place,"a, b",final,0.0000001'


def test_ids_are_the_targets_own() -> None:
    """A page's goal ends at the first hyphen, so the plan loses its own; a target that is not named by its plan keeps its name."""
    assert indicator_id("jilin-2024", "jilin-2024-pm25-2025") == "jilin2024-pm25-2025"
    assert indicator_id("jilin-2024", "other") == "jilin2024-other"


def test_a_page_without_values_has_no_data_file() -> None:
    """An empty data file would be taken for an indicator with data."""
    files = package([Page("a-b", (), {"reporting_status": "notstarted"}, {})], {})
    assert "data/indicator_a-b.csv" not in files
    assert "meta/a-b.yml" in files


@pytest.mark.parametrize(("form", "one"), [("sdg", "config_data.yml"), ("sdmx", "structures.xml")])
def test_the_command_prints_what_it_wrote(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, one: str
) -> None:
    """``dabiao export`` writes the folder that is named, prints the paths alone, and the audit has the digests."""
    monkeypatch.setenv("DABIAO_HOME", str(site.app.paths.home))
    done = CliRunner().invoke(
        commands.app, ["export", form, "--out", str(tmp_path / "out"), "--as-of", "2021-12-31"]
    )
    assert done.exit_code == 0, done.output
    written = [Path(line) for line in done.stdout.splitlines()]
    assert tmp_path / "out" / one in written
    assert {p for p in (tmp_path / "out").rglob("*") if p.is_file()} == set(written)
    manifest = (tmp_path / "out" / MANIFEST).read_bytes()
    assert {**json.loads(manifest), "form": form, "as_of": "2021-12-31"} == json.loads(manifest)
    (row, *_) = site.app.store.rows(
        "SELECT * FROM audit WHERE action = 'export.written' ORDER BY id DESC LIMIT 1"
    )
    details = json.loads(row["details"])
    assert details["files"] == {MANIFEST: hashlib.sha256(manifest).hexdigest()}
    assert details["folder"] == str(tmp_path / "out")


@pytest.mark.parametrize("wrong", [["export", "sdg"], ["export", "xml", "--out", "x"]])
def test_a_wrong_use_is_said(wrong: list[str]) -> None:
    """Without a folder, or for a form that there is not, the exit status is 2."""
    assert CliRunner().invoke(commands.app, wrong).exit_code == 2
