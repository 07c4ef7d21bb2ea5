"""What an office declares beside the program's own files: regions, indicators, units and plans."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dabiao.plans.findings import Finding
from dabiao.plans.load import Declared, load
from tests.unit.plans.test_load import INDICATORS, PLAN, REGIONS, TEXT, UNITS, Data

HEAD = REGIONS.splitlines()[0] + "\n"
JINAN = "370000,山东省,Shandong,,,province,,\n370100,济南市,Jinan,济南,370000,prefecture,,泉城\n"


@pytest.fixture
def base(tmp_path: Path) -> Data:
    found = Data(tmp_path / "data")
    found.write("regions.csv", REGIONS)
    found.write("indicators.yaml", INDICATORS)
    found.write("units.csv", UNITS)
    return found


@pytest.fixture
def own(tmp_path: Path) -> Data:
    return Data(tmp_path / "declared")


def loaded(base: Data, own: Data) -> Declared:
    return load(base.root, own.root)


def errors(base: Data, own: Data) -> list[Finding]:
    return list(loaded(base, own).errors)


def test_own_files_add_to_the_programs(base: Data, own: Data) -> None:
    """Each of the four may be there or not; what they add is found by its names, and its files stand among those loaded."""
    assert loaded(base, own) == load(base.root)  # not even the folder
    own.write("regions.csv", HEAD + JINAN)
    own.write("indicators.yaml", INDICATORS.replace("pm25", "pm1").replace("good_day_ratio", "blue_days"))
    own.write(
        "units.csv", "id,region,zh,en,aliases\njinan-ecology,370100,济南市生态环境局,Jinan EPB,市生态环境局\n"
    )
    plan = PLAN.replace("demo-2022", "mine-2022").replace('"220000"', '"370100"')
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    own.write("plans/mine-2022.yaml", plan.replace("SHA", sha).replace("indicator: pm25", "indicator: pm1"))
    own.write("plans/texts/mine-2022.txt", TEXT)
    found = loaded(base, own)
    assert found.errors == ()
    region = found.catalogue.find_region("泉城").found
    assert region is not None
    assert (region.id, region.short_zh, region.parent) == ("370100", "济南", "370000")
    assert found.catalogue.regions["370000"].short_zh == "山东省"  # the full name where none is given
    assert found.catalogue.indicators["pm1"].unit == "µg/m3"
    assert found.catalogue.unit_of("370100", "市生态环境局") is not None
    assert [p.plan.id for p in found.plans] == ["mine-2022"]
    assert {"regions.csv", "declared/regions.csv", "declared/mine-2022.yaml"} <= found.digests.keys()


@pytest.mark.parametrize(
    ("rows", "line", "code", "params"),
    [
        ("220200,吉林,J,,220000,prefecture,,\n", 2, "id_double", {"id": "220200", "file": "regions.csv"}),
        (JINAN + "370100,济南,J,,370000,prefecture,,\n", 4, "id_double", {"file": "declared/regions.csv"}),
        ("370100,济南市,J,,370000,prefecture,,\n", 2, "region_unknown", {"region": "370000"}),
        (JINAN + "sd,全省,All,,370000,group,370100 370200,\n", 4, "region_unknown", {"region": "370200"}),
        (JINAN.replace("泉城", "吉林市"), 3, "alias_double", {"name": "吉林市", "other": "220200"}),
        (JINAN.replace("泉城", "山东省"), 3, "alias_double", {"other": "370000"}),
        (JINAN.replace(",,,province", ",,370100,province"), 2, "region_in_itself", {"id": "370000"}),
        (JINAN + "sd,全省,All,,,group,sd,\n", 4, "region_in_itself", {"way": "sd → sd"}),
        (JINAN + "a,甲,A,,,group,b,\nb,乙,B,,,group,a,\n", 4, "region_in_itself", {"way": "a → b → a"}),
        (JINAN.replace("prefecture", "city"), 3, "shape", {}),
        (JINAN.replace("370100", "37010"), 3, "shape", {}),
    ],
)
def test_a_wrong_region_is_named(
    base: Data, own: Data, rows: str, line: int, code: str, params: dict[str, str]
) -> None:
    """Each fault once, with the file, the line and what it clashes with."""
    own.write("regions.csv", HEAD + rows)
    (found,) = errors(base, own)
    assert (found.file, found.line, found.code) == ("declared/regions.csv", line, code)
    assert params.items() <= found.params.items()


def test_a_file_without_its_columns(base: Data, own: Data) -> None:
    """A heading that lacks a column is one fault, not one a row."""
    own.write("regions.csv", "代码,名称\n370000,山东省\n370100,济南市\n")
    (found,) = errors(base, own)
    assert (found.line, found.code, found.params["lacking"]) == (
        1,
        "columns_lacking",
        "id, zh, en, parent, level",
    )


def test_an_indicators_alias_may_not_mean_another(base: Data, own: Data) -> None:
    """As with regions: a name of two indicators would be refused in every file."""
    entry = (
        INDICATORS.split("- id: good")[0]
        .replace("id: pm25", "id: pm1")
        .replace("PM2.5平均浓度", "PM1平均浓度")
    )
    entry = entry.replace("PM2.5 mean", "PM1 mean") + "  aliases: [优良天数比例]\n"
    own.write("indicators.yaml", entry)
    (found,) = errors(base, own)
    assert (found.file, found.code, found.params["other"]) == (
        "declared/indicators.yaml", "alias_double", "good_day_ratio",
    )  # fmt: skip


def test_a_plan_of_the_same_id(base: Data, own: Data) -> None:
    """A plan that the program has cannot be told again by the office."""
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    for place in (base, own):
        place.write("plans/demo-2022.yaml", PLAN.replace("SHA", sha))
        place.write("plans/texts/demo-2022.txt", TEXT)
    found = errors(base, own)
    assert {f.file for f in found} == {"declared/demo-2022.yaml"}
    assert {f.code for f in found} == {"plan_double", "id_double"}
