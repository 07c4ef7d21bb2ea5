"""JSON with every field of the contract, and a plan file that loads after review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dabiao import i18n
from dabiao.cli.plans import plans_app
from dabiao.domain.catalogue import Catalogue
from dabiao.errors import DabiaoError
from dabiao.plans.extract import CODES, read, to_json, to_plan_yaml
from dabiao.plans.load import Declared, load
from dabiao.plans.schema import PlanFile
from tests.unit.plans.extract.passages import PASSAGES

CONTRACT = [
    "id", "plan", "region", "adcode", "indicator", "indicator_zh", "comparator", "value", "unit", "deadline", "measure",
    "kind", "stretch", "baseline_period", "baseline_value", "quote", "clause", "lead_units", "responsible_units", "start",
    "uncertain",
]  # fmt: skip

PLANS = ["huimin-2022", "jilin-2024", "panshi-2022", "quanzhou-2022", "yingtan-2021"]


def test_json_has_every_field_of_the_contract(shipped: Declared) -> None:
    """All fields of PRODUCT §6 with start and uncertain, in order, never missing, and plain JSON."""
    found = read(shipped.texts["jilin-2024"], shipped.catalogue, plan="jilin-2024").proposals
    for row in map(to_json, found):
        assert list(row)[: len(CONTRACT)] == CONTRACT
    rows = json.loads(json.dumps([to_json(p) for p in found]))
    assert next(r["value"] for r in rows if r["indicator"] == "wetland_protection_rate") == 45.22


def test_every_code_has_a_message() -> None:
    """A reviewer reads each doubt as a sentence in either language."""
    assert all(i18n.has(f"extract.uncertain.{code}") for code in CODES)


@pytest.mark.parametrize("plan", PLANS)
def test_the_plan_file_of_a_shipped_plan_has_the_right_shape(plan: str, shipped: Declared) -> None:
    """What is written is a plan file: the schema takes it as it is."""
    text = shipped.texts[plan]
    content = yaml.safe_load(to_plan_yaml(read(text, shipped.catalogue, plan=plan), text, plan=plan))
    assert PlanFile.model_validate(content).plan.id == plan


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p.name)
def test_the_plan_file_of_a_passage_has_the_right_shape(passage: Any, catalogue: Catalogue) -> None:
    """Undeclared places and new indicators do not break the shape."""
    written = to_plan_yaml(read(passage.text, catalogue, plan="new-plan"), passage.text, plan="new-plan")
    PlanFile.model_validate(yaml.safe_load(written))


def test_a_reviewed_plan_file_is_accepted(tmp_path: Path, data: Path, shipped: Declared) -> None:
    """With its new indicators moved to the list, plans.load finds no error in the file."""
    plan = "yingtan-2021"
    text = shipped.texts[plan]
    written = to_plan_yaml(read(text, shipped.catalogue, plan=plan), text, plan=plan)
    (tmp_path / "plans" / "texts").mkdir(parents=True)
    (tmp_path / "plans" / "texts" / f"{plan}.txt").write_bytes(text.encode())
    (tmp_path / "plans" / f"{plan}.yaml").write_text(written, encoding="utf-8")
    for table in data.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    new = "\n".join(line[4:] for line in written.split("\n") if line.startswith("#   "))
    (tmp_path / "indicators.yaml").write_text(
        (data / "indicators.yaml").read_text("utf-8") + "\n" + new + "\n", encoding="utf-8"
    )
    found = load(tmp_path)
    assert [(f.code, f.params) for f in found.errors] == []
    assert len(found.plans[0].targets) > 40


def test_digits_stay_as_printed_in_the_plan_file(catalogue: Catalogue) -> None:
    """45.20 is written 45.20: the precision binds."""
    text = "磐石市方案(2022-2025年)\n森林覆盖率达到45.20%。"
    assert "value: 45.20\n" in to_plan_yaml(read(text, catalogue), text, plan="plan")


def test_a_plan_file_needs_a_period(catalogue: Catalogue) -> None:
    """Without a first and last year the file is refused, and the mend is named."""
    text = "森林覆盖率达到45%。"
    with pytest.raises(DabiaoError, match="--period"):
        to_plan_yaml(read(text, catalogue), text, plan="plan")


def test_the_command_prints_json_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output carries the JSON and nothing else; the count goes to standard error."""
    monkeypatch.setenv("DABIAO_HOME", str(tmp_path / "home"))
    path = tmp_path / "云溪.txt"
    path.write_text(PASSAGES[0].text, encoding="utf-8")
    result = CliRunner().invoke(plans_app, ["extract", str(path), "--format", "json", "--region", "磐石市"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert {r["region"] for r in rows} >= {"磐石市"}
    assert all(PASSAGES[0].text[r["start"] :].startswith(r["quote"]) for r in rows)


@pytest.mark.parametrize(("form", "begins"), [("yaml", "# "), ("csv", "id,plan,region"), ("table", "at ")])
def test_the_command_prints_the_other_forms(
    form: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """table, csv and yaml are the same proposals."""
    monkeypatch.setenv("DABIAO_HOME", str(tmp_path / "home"))
    path = tmp_path / "plan.txt"
    path.write_text(PASSAGES[0].text, encoding="utf-8")
    result = CliRunner().invoke(plans_app, ["extract", str(path), "--format", form])
    assert result.stdout.startswith(begins)


def test_a_wrong_period_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--period takes years only."""
    monkeypatch.setenv("DABIAO_HOME", str(tmp_path / "home"))
    path = tmp_path / "plan.txt"
    path.write_text(PASSAGES[0].text, encoding="utf-8")
    result = CliRunner().invoke(plans_app, ["extract", str(path), "--period", "soon"])
    assert isinstance(result.exception, DabiaoError)
    assert result.exception.code == "extract_period_wrong"
