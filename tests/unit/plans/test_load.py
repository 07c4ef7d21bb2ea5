"""What is wrong in a declared file is found, with its file and line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dabiao import i18n
from dabiao.plans.findings import Finding
from dabiao.plans.load import Declared, load

REGIONS = """id,zh,en,short_zh,parent,level,members,aliases
220000,吉林省,Jilin Province,吉林省,,province,,
220200,吉林市,Jilin City,吉林市,220000,prefecture,,
"""

INDICATORS = """- id: pm25
  zh: PM2.5平均浓度
  en: PM2.5 mean concentration
  unit: µg/m3
  type: level
  direction: lower
  bounds: [0, 1000]
  decimals: 1
  frequency: annual
- id: good_day_ratio
  zh: 优良天数比例
  en: Share of good days
  unit: "%"
  type: share
  direction: higher
  bounds: [0, 100]
  decimals: 1
  frequency: annual
"""

UNITS = """id,region,zh,en,aliases
jilin-ecology,220000,吉林省生态环境厅,Jilin Ecology and Environment Department,省生态环境厅|生态环境厅
"""

TEXT = "到2025年,浓度降至30微克以下,优良天数比例达到93.0%以上,森林覆盖率稳定在九成左右。\n"

PLAN = """schema: 1
plan:
  id: demo-2022
  title: 示例方案
  title_en: A plan
  short_zh: 示例
  short_en: Demo
  issued: "2022-09-15"
  region: "220000"
  period: {start: 2022, end: 2025}
  text_sha256: SHA
targets:
  - id: demo-2022-pm25
    indicator: pm25
    region: "220000"
    measure: numeric
    kind: level
    comparator: "<="
    value: 30
    unit: µg/m3
    deadline: "2025"
    clause: 一
    quote: 浓度降至30微克以下
  - id: demo-2022-good-days
    indicator: good_day_ratio
    region: "220000"
    measure: numeric
    kind: level
    comparator: ">="
    value: 93.0
    unit: "%"
    deadline: "2025"
    clause: 一
    quote: 优良天数比例达到93.0%以上
"""
PM25_LINE = 13
GOOD_DAYS_LINE = 24


@dataclass
class Data:
    """A small data folder that is right until a test breaks it."""

    root: Path

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def plan(self, old: str = "", new: str = "", count: int = 1) -> Declared:
        """Load with one stretch of the plan file replaced."""
        assert old in PLAN
        sha = hashlib.sha256(TEXT.encode()).hexdigest()
        self.write("plans/demo-2022.yaml", PLAN.replace(old, new, count).replace("SHA", sha))
        return load(self.root)


@pytest.fixture
def small(tmp_path: Path) -> Data:
    found = Data(tmp_path)
    found.write("regions.csv", REGIONS)
    found.write("indicators.yaml", INDICATORS)
    found.write("units.csv", UNITS)
    found.write("plans/texts/demo-2022.txt", TEXT)
    return found


def only(declared: Declared) -> Finding:
    """The one finding there is; its sentence can be said in both languages."""
    assert len(declared.findings) == 1, declared.findings
    finding = declared.findings[0]
    for lang in i18n.LANGS:
        assert i18n.text(f"finding.{finding.code}", lang, **finding.params)
    return finding


def test_the_small_folder_is_right(small: Data) -> None:
    """A complete plan file has no finding: what the other tests find is what they broke."""
    declared = small.plan()
    assert declared.findings == ()
    assert [t.id for t in declared.plans[0].targets] == ["demo-2022-pm25", "demo-2022-good-days"]


def test_shipped_data_has_no_error(data: Path) -> None:
    """The declared files that the program ships pass its own check without error or warning."""
    declared = load(data)
    assert declared.findings == ()
    assert {p.plan.id for p in declared.plans} == {
        "huimin-2022",
        "jilin-2024",
        "panshi-2022",
        "quanzhou-2022",
        "yingtan-2021",
    }


BROKEN = [
    # code, old, new, line, params that must be named
    ("quote_not_in_text", "浓度降至30微克", "浓度下降至30微克", PM25_LINE, {"quote": "浓度下降至30微克以下"}),
    ("quote_without_value", "value: 30", "value: 31", PM25_LINE, {"value": "31"}),
    ("quote_without_value", "value: 93.0", "value: 93", GOOD_DAYS_LINE, {"value": "93"}),
    (
        "id_double",
        "id: demo-2022-good-days",
        "id: demo-2022-pm25",
        GOOD_DAYS_LINE,
        {"file": "demo-2022.yaml"},
    ),
    ("id_prefix", "id: demo-2022-good-days", "id: demo-good-days", GOOD_DAYS_LINE, {"plan": "demo-2022"}),
    (
        "comparator_against_direction",
        'comparator: "<="',
        'comparator: ">="',
        PM25_LINE,
        {"direction": "lower"},
    ),
    (
        "comparator_against_direction",
        'comparator: ">="',
        'comparator: "<"',
        GOOD_DAYS_LINE,
        {"comparator": "<"},
    ),
    ("unit_not_indicators", "unit: µg/m3", "unit: mg/m3", PM25_LINE, {"unit": "mg/m3", "own": "µg/m3"}),
    ("unit_not_indicators", "unit: µg/m3", "unit: null", PM25_LINE, {"unit": "—"}),
    (
        "region_unknown",
        'region: "220000"\n    measure',
        'region: "999999"\n    measure',
        PM25_LINE,
        {"region": "999999"},
    ),
    ("region_unknown", 'region: "220000"\n  period', 'region: "999999"\n  period', 1, {"region": "999999"}),
    ("indicator_unknown", "indicator: pm25", "indicator: pm10", PM25_LINE, {"indicator": "pm10"}),
    (
        "proxy_flag",
        "clause: 一",
        'clause: 一\n    series: {region: "220200", why_zh: 代用, why_en: stands in}',
        PM25_LINE,
        {},
    ),
    (
        "proxy_flag",
        "clause: 一",
        'clause: 一\n    series: {region: "220000", proxy: true, why_zh: 代用, why_en: stands in}',
        PM25_LINE,
        {},
    ),
    (
        "region_unknown",
        "clause: 一",
        'clause: 一\n    series: {region: "9", proxy: true, why_zh: 代用, why_en: stands in}',
        PM25_LINE,
        {"region": "9"},
    ),
    (
        "indicator_unknown",
        "clause: 一",
        'clause: 一\n    series: {region: "220000", indicator: pm10, why_zh: 代用, why_en: stands in}',
        PM25_LINE,
        {"indicator": "pm10"},
    ),
    ("text_changed", "text_sha256: SHA", f"text_sha256: {'a' * 64}", 1, {"text": "demo-2022.txt"}),
    ("plan_id_not_file_name", "id: demo-2022\n", "id: demo\n", 1, {"id": "demo", "name": "demo-2022"}),
    (
        "same_as_unknown",
        "clause: 一",
        "clause: 一\n    same_as: [demo-2022-other]",
        PM25_LINE,
        {"other": "demo-2022-other"},
    ),
]


@pytest.mark.parametrize(
    ("code", "old", "new", "line", "params"), BROKEN, ids=[f"{b[0]}-{i}" for i, b in enumerate(BROKEN)]
)
def test_each_fault_is_found_at_its_line(
    small: Data, code: str, old: str, new: str, line: int, params: dict[str, Any]
) -> None:
    """A fault of a target or of a plan's head is one finding that names the file, the line and the words at fault."""
    declared = small.plan(old, new)
    if code == "plan_id_not_file_name":  # its targets' ids then lack the prefix as well
        found = next(f for f in declared.findings if f.code == code)
    else:
        found = only(declared)
    assert (found.code, found.file, found.line) == (code, "demo-2022.yaml", line)
    assert params.items() <= found.params.items()


def test_a_value_outside_its_bounds_is_found(small: Data) -> None:
    """A share above 100 % is refused, though its quote prints it."""
    small.write("plans/texts/demo-2022.txt", TEXT.replace("93.0", "193.0"))
    declared = small.plan("93.0", "193.0", count=2)
    codes = {f.code: f for f in declared.findings}
    assert codes["value_out_of_bounds"].line == GOOD_DAYS_LINE
    assert codes["value_out_of_bounds"].params["value"] == "193.0"


SHAPES = [
    ("    value: 30\n", "", "numeric_incomplete"),
    ("measure: numeric", "measure: qualitative", "not_numeric"),
    ('comparator: "<="', 'comparator: "~="', "tolerance"),
    ('deadline: "2025"\n', 'tolerance: 1\n    tolerance_note: 惯例\n    deadline: "2025"\n', "tolerance"),
    ('comparator: "<="', 'comparator: "~="\n    tolerance: 1', "tolerance_note"),
    ('    deadline: "2025"\n', "", "deadline_note"),
    ('deadline: "2025"', 'deadline: "2025年"', "YYYY"),
    ('deadline: "2025"', 'deadline: "2025-13"', "month"),
    ('deadline: "2025"', 'deadline: "2025-02-30"', "day"),
    ('deadline: "2025"', "deadline: 2025", "string"),
    ("clause: 一", "clause: 一\n    printed: 类", "read_why"),
    ("kind: level", "kind: change", "baseline"),
    ("clause: 一", "clause: 一\n    deadlin: 2025", "Extra inputs"),
    ("clause: 一", "clause: ''", "at least 1"),
    ("measure: numeric", "measure: number", "Input should be"),
    ('comparator: "<="', "comparator: '=<'", "Input should be"),
    ("id: demo-2022-pm25", "id: demo-2022-PM25", "pattern"),
    ("value: 30", "value: .inf", "finite"),
    ("value: 30", "value: 三十", "decimal"),
    (
        "kind: level",
        "kind: change\n    change: relative\n    baseline: {period: 去年}",
        "not a period",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SHAPES, ids=[f"{s[2]}-{i}" for i, s in enumerate(SHAPES)])
def test_an_incomplete_target_names_itself_and_its_line(small: Data, old: str, new: str, said: str) -> None:
    """A target of the wrong shape is refused with its id, its line and what is missing; nothing is guessed."""
    found = only(small.plan(old, new))
    assert (found.code, found.file, found.line) == ("shape", "demo-2022.yaml", PM25_LINE)
    assert found.params["where"].startswith("demo-2022-")
    assert said in found.params["detail"] or said in found.params["where"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('issued: "2022-09-15"', 'issued: "2022年9月"'),
        ("period: {start: 2022, end: 2025}", "period: {start: 2025, end: 2022}"),
        ("schema: 1", "schema: 2"),
        ("short_zh: 示例", "short_zh: 一二三四五六七八九十十一十二"),
        ("  title: 示例方案\n", ""),
        ("  title_en: A plan", "  title_en: A plan\n  owner: me"),
    ],
)
def test_an_incomplete_head_is_refused(small: Data, old: str, new: str) -> None:
    """A plan's head that is incomplete, of another schema or has an unknown field is refused as a whole."""
    declared = small.plan(old, new)
    found = only(declared)
    assert (found.code, found.file, found.line) == ("shape", "demo-2022.yaml", 1)
    assert declared.plans == ()


def test_broken_yaml_names_its_line(small: Data) -> None:
    """A syntax error stands at the line where YAML gave up."""
    found = only(small.plan("    clause: 一", "    clause: [一"))
    assert found.code == "yaml_broken"
    assert found.file == "demo-2022.yaml"
    assert found.line is not None
    assert found.line > PM25_LINE


@pytest.mark.parametrize("content", ["", "just words", "- a\n- list\n", "schema: 1\nplan: x\ntargets: {}\n"])
def test_a_file_that_is_no_plan_is_a_finding(small: Data, content: str) -> None:
    """An empty file, a list or a text where a plan should be is a finding, never an exception."""
    small.plan()
    small.write("plans/demo-2022.yaml", content)
    declared = load(small.root)
    assert {f.code for f in declared.findings} == {"shape"}
    assert all(f.file == "demo-2022.yaml" and f.line for f in declared.findings)


@pytest.mark.parametrize(
    "name",
    [
        "plans/demo-2022.yaml",
        "plans/texts/demo-2022.txt",
        "indicators.yaml",
        "regions.csv",
        "units.csv",
    ],
)
def test_another_encoding_is_found(small: Data, name: str) -> None:
    """A file saved as GB18030 is refused with the byte at which UTF-8 ends; it is not decoded by guess."""
    small.plan()
    text = (small.root / name).read_text("utf-8")
    small.write(name, text.encode("gb18030"))
    found = [f for f in load(small.root).findings if f.code == "file_not_utf8"]
    assert [f.file for f in found] == [Path(name).name]
    assert found[0].params["position"] >= 0


@pytest.mark.parametrize("name", ["plans/texts/demo-2022.txt", "indicators.yaml", "regions.csv", "units.csv"])
def test_a_missing_file_is_found(small: Data, name: str) -> None:
    """Each file that a plan hangs on is missed by name."""
    small.plan()
    (small.root / name).unlink()
    assert Path(name).name in {f.file for f in load(small.root).findings if f.code == "file_missing"}


def test_a_double_id_across_plans_names_the_other_file(small: Data) -> None:
    """A target id is unique over all plans; the finding names the file that has it already."""
    small.plan()
    second = (small.root / "plans/demo-2022.yaml").read_text().replace("id: demo-2022\n", "id: other-2022\n")
    small.write("plans/other-2022.yaml", second)
    small.write("plans/texts/other-2022.txt", TEXT)
    doubles = [f for f in load(small.root).findings if f.code == "id_double"]
    assert [(f.file, f.line, f.params["file"]) for f in doubles] == [
        ("other-2022.yaml", PM25_LINE, "demo-2022.yaml"),
        ("other-2022.yaml", GOOD_DAYS_LINE, "demo-2022.yaml"),
    ]


def test_one_fault_does_not_hide_another(small: Data) -> None:
    """All faults are collected: a person mends a file once."""
    small.plan()
    raw = (small.root / "plans/demo-2022.yaml").read_text()
    small.write(
        "plans/demo-2022.yaml",
        raw.replace("    value: 30\n", "").replace('deadline: "2025"', 'deadline: "x"'),
    )
    found = load(small.root).findings
    assert [(f.code, f.line) for f in found] == [("shape", PM25_LINE), ("shape", GOOD_DAYS_LINE - 1)]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("  direction: lower\n", "", "pm25: direction"),
        ("direction: lower", "direction: down", "pm25: direction"),
        ("bounds: [0, 1000]", "bounds: [0]", "pm25: bounds"),
        ("frequency: annual", "frequency: annually", "pm25: frequency"),
        ("id: pm25", "id: PM2.5", "PM2.5: id"),
    ],
)
def test_an_incomplete_indicator_is_refused(small: Data, old: str, new: str, where: str) -> None:
    """An indicator without direction, bounds or a known frequency is refused at its line: none of them has a default."""
    small.write("indicators.yaml", INDICATORS.replace(old, new, 1))
    found = [f for f in small.plan().findings if f.file == "indicators.yaml"]
    assert {(f.code, f.line) for f in found} == {("shape", 1)}
    assert found[0].params["where"].startswith(where)


def test_a_double_indicator_or_region_is_found(small: Data) -> None:
    """One id declared twice is an error at the second."""
    small.write("indicators.yaml", INDICATORS + INDICATORS)
    small.write("regions.csv", REGIONS + "220200,吉林市,Jilin City,吉林市,220000,prefecture,,\n")
    found = [(f.file, f.line) for f in small.plan().findings if f.code == "id_double"]
    assert found == [("regions.csv", 4), ("indicators.yaml", 19), ("indicators.yaml", 28)]


@pytest.mark.parametrize("content", ["pm25: {}\n", "words\n", "1\n"])
def test_indicators_that_are_no_list_are_a_finding(small: Data, content: str) -> None:
    """A file of indicators with another shape is said to be wrong itself, not only what then misses its indicators."""
    small.write("indicators.yaml", content)
    assert ("indicators.yaml", "shape") in {(f.file, f.code) for f in small.plan().findings}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("220300,四平市,Siping,四平,999999,prefecture,,", "region_unknown"),
        ("some-group,某组,A group,组,220000,group,220200 999999,", "region_unknown"),
        ("2203,四平市,Siping,四平,220000,prefecture,,", "shape"),
        ("220300,四平市,Siping,四平,220000,town,,", "shape"),
        ("220300,四平市,,四平,220000,prefecture,,", "shape"),
        ("220300,四平市", "shape"),
        ("220300,四平市,Siping,四平,220000,prefecture,,,more", "shape"),
    ],
)
def test_a_wrong_region_is_found(small: Data, row: str, code: str) -> None:
    """A region with an unknown parent or member, a wrong code or level, or a row of the wrong length is refused."""
    small.write("regions.csv", REGIONS + row + "\n")
    found = [f for f in small.plan().findings if f.file == "regions.csv"]
    assert {f.code for f in found} == {code}
    assert code == "region_unknown" or {f.line for f in found} == {4}


@pytest.mark.parametrize(
    ("row", "code", "named"),
    [
        ("other,220000,另一厅,Another department,省生态环境厅", "unit_name_double", "jilin-ecology"),
        ("jilin-ecology,220000,另一厅,Another department,另一厅", "id_double", "jilin-ecology"),
        ("other,999999,另一厅,Another department,另一厅", "region_unknown", "999999"),
        ("other,220000,另一厅,Another department,", "shape", "other: aliases"),
        ("other,220000,另一厅,,另一厅", "shape", "other: en"),
    ],
)
def test_a_wrong_unit_is_found(small: Data, row: str, code: str, named: str) -> None:
    """A unit without alias or English name, of an unknown place, or whose printed name is another's already, is refused."""
    small.write("units.csv", UNITS + row + "\n")
    found = only(small.plan())
    assert (found.code, found.file, found.line) == (code, "units.csv", 3)
    assert named in found.params.values()


def test_one_printed_name_may_be_a_unit_of_each_place(small: Data) -> None:
    """市生态环境局 is printed in many plans and is another unit in each place."""
    small.write("units.csv", UNITS + "jilin-city-ecology,220200,吉林市生态环境局,Bureau,生态环境厅\n")
    assert small.plan().findings == ()


def test_an_undeclared_unit_of_government_is_a_warning(small: Data) -> None:
    """A name that units.csv does not have is said; the target is loaded with the name as printed."""
    declared = small.plan(
        "clause: 一", "clause: 一\n    lead_units: [省生态环境厅, 市局]\n    responsible_units: [某局]"
    )
    assert [(f.code, f.line, f.severity, f.params["name"]) for f in declared.findings] == [
        ("unit_of_government_unknown", PM25_LINE, "warning", "市局"),
        ("unit_of_government_unknown", PM25_LINE, "warning", "某局"),
    ]
    assert declared.plans[0].targets[0].lead_units == ["省生态环境厅", "市局"]


@pytest.mark.parametrize("printed", ["93", "93.0", "45.22", "45.20", "0.50", "1040", "1.3"])
def test_a_value_keeps_its_printed_decimals(small: Data, printed: str) -> None:
    """93, 93.0 and 45.20 are three precisions: a value is compared at the one that the plan prints."""
    small.write("plans/texts/demo-2022.txt", TEXT.replace("93.0", printed))
    small.write("indicators.yaml", INDICATORS.replace("[0, 100]", "[0, null]"))
    declared = small.plan("93.0", printed, count=2)
    value = declared.plans[0].targets[1].value
    assert value == Decimal(printed)
    assert str(value) == printed


@pytest.mark.parametrize(
    ("quote", "value", "states"),
    [
        ("达到３０％以上", "30", True),  # full width
        ("达到1,040平方公里", "1040", True),
        ("达到130%", "30", False),  # part of another number
        ("达到30.5%", "30", False),
        ("达到2.30%", "30", False),
        ("不少于五分之一警力", "20", True),  # a numeral to be read
        ("每半年一次", "1", True),
        ("2022年完成一批", "5", False),
    ],
)
def test_a_quote_states_its_value(small: Data, quote: str, value: str, states: bool) -> None:
    """The value stands in the quote as a whole number of its own, in digits of either width, or in Chinese numerals."""
    small.write("plans/texts/demo-2022.txt", TEXT + quote)
    small.write("indicators.yaml", INDICATORS.replace("[0, 1000]", "[0, null]"))
    declared = small.plan("value: 30\n", f"value: {value}\n")
    raw = (small.root / "plans/demo-2022.yaml").read_text()
    small.write("plans/demo-2022.yaml", raw.replace("quote: 浓度降至30微克以下", f"quote: {quote}"))
    declared = load(small.root)
    assert ("quote_without_value" in {f.code for f in declared.findings}) is not states


def test_a_missing_value_in_a_quote_is_only_a_warning(small: Data) -> None:
    """A person may know better than the reader of numerals: that finding does not keep the plan from being loaded."""
    declared = small.plan("value: 30", "value: 31")
    assert only(declared).severity == "warning"
    assert declared.errors == ()
