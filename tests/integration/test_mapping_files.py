"""Mapping files and ``dabiao import --explain``, from the command line to the store."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dabiao import cli

FILES = Path(__file__).parents[1] / "fixtures/ingest"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    _initialised: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """The command line on a fresh home; gives exit status, standard output and standard error."""
    home = tmp_path / "home"
    shutil.copytree(_initialised, home)

    def in_process(*args: str, lang: str = "en") -> tuple[int, str, str]:
        for name in [n for n in os.environ if n.startswith("DABIAO_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("DABIAO_HOME", str(home))
        monkeypatch.setenv("DABIAO_LANG", lang)
        monkeypatch.setattr(sys, "argv", ["dabiao", *args])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return in_process


def test_explained_without_being_imported(run: Run) -> None:
    """Every column is told with what it was taken for; nothing is stored."""
    code, out, _ = run("import", "--explain", "--format", "json", str(FILES / "附表-多行表头.xlsx"))
    found: dict[str, Any] = json.loads(out)
    assert code == 0
    (sheet,) = found["sheets"]
    assert [(c["column"], c["role"], c["kind"]) for c in sheet["columns"]] == [
        ("A", "ignored", "rank"),
        ("B", "field", "field"),
        ("C", "value", "indicator"),
        ("D", "value", "indicator"),
        ("E", "ignored", "comparison"),
        ("F", "value", "indicator"),
        ("G", "ignored", "comparison"),
    ]
    assert (sheet["heading_rows"], sheet["title"]["period"], sheet["title"]["period_from"]) == (
        2,
        "2024-01/2024-05",
        "title",
    )
    assert found["assumed"]["tier_from"] == "default"
    assert {"row": 4, "printed": "0.012 mg/m3", "value": "12"}.items() <= found["records"][1].items()
    code, out, _ = run("observations", "--region", "德化县", "--format", "json")
    assert json.loads(out) == []


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "不读（排名）"), ("en", "not read (rank)")])
def test_explained_in_words(run: Run, lang: str, said: str) -> None:
    """The same for a person, in both languages; as CSV one row a column."""
    path = str(FILES / "附表-多行表头.xlsx")
    code, out, err = run("import", "--explain", path, lang=lang)
    assert (code, err) == (0, "")
    assert said in out
    _, table, _ = run("import", "--explain", "--format", "csv", path)
    assert table.splitlines()[0] == "file,sheet,column,heading,role,kind,name,unit,by"
    assert len(table.splitlines()) == 8


def test_a_file_that_cannot_be_explained(run: Run) -> None:
    """A refused file ends with 1, and the reason goes to standard error; the others are explained all the same."""
    code, out, err = run(
        "import", "--explain", "--format", "json", str(FILES / "没有表头.csv"), str(FILES / "地区为列.csv")
    )
    assert code == 1
    assert "no heading" in err
    assert [f["file"] for f in json.loads(out)] == ["地区为列.csv"]


def test_a_mapping_given_or_found(run: Run, tmp_path: Path) -> None:
    """Without its mapping the file is refused; with it named, or lying in the folder, it is taken once."""
    path, mapping = FILES / "泉州月报-2024-03.csv", FILES / "泉州月报.yaml"
    assert run("import", str(path))[0] == 1
    code, out, _ = run("import", "--mapping", str(mapping), "--format", "json", str(path))
    first = json.loads(out)
    assert (code, first["accepted"], first["reading"]["mapping"]["name"]) == (0, 4, "泉州月报.yaml")
    folder = tmp_path / "home/mappings"
    folder.mkdir(exist_ok=True)
    shutil.copy(mapping, folder)
    code, out, _ = run("import", "--format", "json", str(path))
    assert (code, json.loads(out)["unchanged"]) == (0, 4)
    code, out, _ = run("observations", "--region", "222400", "--format", "json")
    assert {(o["period"], o["value"]) for o in json.loads(out)} == {("2024-03", 29), ("2024-03", 98.2)}


def test_a_wrong_mapping_file(run: Run, tmp_path: Path) -> None:
    """It refuses the import, naming the mapping's own file and key."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("heading_row: 2\n", "utf-8")
    code, _, err = run("import", "--mapping", str(wrong), str(FILES / "地区为列.csv"))
    assert code == 1
    assert "wrong.yaml is wrong at heading_row" in err
