"""Mapping files: what they may say, how they are found, and what is said of a wrong one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao import i18n
from dabiao.errors import ImportRefused
from dabiao.ingest.mapping import EMPTY, Mapping, letter, load_mapping, mapping_for
from dabiao.ingest.model import Reading

Read = Callable[..., Reading]


def written(folder: Path, text: str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("columns: [", "mapping_unreadable", None),
        ("- a\n", "mapping_unreadable", None),
        ("colunms: {}\n", "mapping_wrong", "colunms"),
        ("columns: {城市: {field: place}}\n", "mapping_wrong", "columns.城市.field"),
        ("columns: {城市: {}}\n", "mapping_wrong", "columns.城市"),
        ("columns: {城市: {field: region, unit: µg/m3}}\n", "mapping_wrong", "columns.城市"),
        ("columns: {城市: {ignore: true, unit: µg/m3}}\n", "mapping_wrong", "columns.城市"),
        ("heading_rows: [2, 4]\n", "mapping_wrong", "heading_rows"),
        ("heading_rows: [0, 1]\n", "mapping_wrong", "heading_rows"),
        ("match: {}\n", "mapping_wrong", "match"),
        ("constants: {place: 泉州}\n", "mapping_wrong", "constants.place"),
        ("skip_rows: [0]\n", "mapping_wrong", "skip_rows.0"),
    ],
)
def test_a_wrong_mapping_names_file_key_and_mend(
    tmp_path: Path, text: str, code: str, key: str | None
) -> None:
    """The refusal says which file, at which key, what is wrong with it, in both languages."""
    with pytest.raises(ImportRefused) as refused:
        load_mapping(written(tmp_path, text))
    assert refused.value.code == code
    assert refused.value.params["file"] == "a.yaml"
    assert refused.value.params.get("key") == key
    for lang in i18n.LANGS:
        assert i18n.text(f"error.{code}", lang, **refused.value.params)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*Mapping.model_fields, "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(JSON)
def test_whatever_stands_in_a_mapping(tmp_path: Path, content: Any) -> None:
    """A mapping is taken or refused; nothing else is raised, and what is taken survives being kept with the import."""
    with contextlib.suppress(ImportRefused):
        mapping = load_mapping(written(tmp_path, yaml.safe_dump(content, allow_unicode=True)))
        assert Mapping.from_json(mapping.to_json()) == mapping


def test_the_mapping_of_a_file_is_found_by_name_or_source(tmp_path: Path) -> None:
    """One that matches is taken, several are refused, and a broken one for other files stops nothing."""
    written(tmp_path, "match: {file: '泉州*月报*.xls*'}\n", "quanzhou.yaml")
    written(tmp_path, "match: {source: '吉林*公报'}\n", "jilin.yml")
    written(tmp_path, "match: {file: '呼和浩特*'}\nnonsense: 1\n", "hohhot.yaml")
    written(tmp_path, "constants: {unit: '%'}\n", "by-hand.yaml")
    found = mapping_for(tmp_path, "泉州市1月月报.XLSX", None)
    assert found is not None and found.name == "quanzhou.yaml"
    found = mapping_for(tmp_path, "a.csv", "吉林省2024年公报")
    assert found is not None and found.name == "jilin.yml"
    assert mapping_for(tmp_path, "a.csv", None) is None
    assert mapping_for(tmp_path / "none", "a.csv", None) is None
    with pytest.raises(ImportRefused, match=r"hohhot\.yaml is wrong at nonsense"):
        mapping_for(tmp_path, "呼和浩特.csv", None)
    written(tmp_path, "match: {file: '*月报*'}\n", "other.yaml")
    with pytest.raises(ImportRefused, match=r"other\.yaml, quanzhou\.yaml"):
        mapping_for(tmp_path, "泉州市1月月报.xlsx", None)


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters(number: int, name: str) -> None:
    """Columns are named as a spreadsheet names them."""
    assert letter(number) == name


@pytest.fixture
def mapped(read: Read, tmp_path: Path) -> Read:
    def read_it(content: str, mapping: str, name: str = "表.csv") -> Reading:
        return read(content, name, mapping=load_mapping(written(tmp_path, mapping)))

    return read_it


def test_an_ambiguous_heading_is_settled(mapped: Read) -> None:
    """The indicator that 达标率 means is said once for the source; the unit and scope of its column too."""
    text = "地区,时间,达标率\n泉州市,2024,95\n"
    reading = mapped(
        text, "columns: {达标率: {indicator: surface_water_good_ratio, unit: '%', scope: 国考断面}}\n"
    )
    (row,) = reading.rows
    assert (row.indicator, row.basis.scope) == ("surface_water_good_ratio", "国考断面")
    assert (
        mapped(text, "indicators: {达标率: good_day_ratio}\nconstants: {unit: '%'}\n").rows[0].indicator
        == "good_day_ratio"
    )


def test_a_column_goes_before_a_constant(mapped: Read) -> None:
    """A constant stands only where the row says nothing."""
    text = "地区,指标,时间,数值,单位,口径\n泉州市,PM2.5,2024,20,,市区\n吉林市,PM2.5,2024,30,,\n"
    rows = mapped(text, "constants: {unit: µg/m3, scope: 全市, published: 2025-06-05}\n").rows
    assert [r.basis.scope for r in rows] == ["市区", "全市"]
    assert {str(r.published) for r in rows} == {"2025-06-05"}


def test_rows_and_sheets(mapped: Read) -> None:
    """Rows to skip, a last row, and cells that a text file lost when it was unmerged."""
    text = "地区,指标,时间,数值,单位\n泉州市,PM2.5,2023,20,µg/m3\n,PM2.5,2024,21,µg/m3\n合并,x,y,z,\n吉林市,PM2.5,2024,30,µg/m3\n火星,a,b,c,d\n"
    reading = mapped(text, "skip_rows: 4\nlast_row: 5\nfill_down: region\n")
    assert [(r.region, str(r.value)) for r in reading.rows] == [
        ("350500", "20"),
        ("350500", "21"),
        ("220200", "30"),
    ]
    assert (reading.refused, reading.ignored) == (0, 1)


def test_only_the_sheets_that_are_named(read: Read, xlsx: Callable[..., bytes], tmp_path: Path) -> None:
    """A sheet that the mapping does not name is not read, whatever it holds."""
    data = xlsx(
        [["地区", "指标", "时间", "数值", "单位"], ["泉州市", "PM2.5", 2024, 20, "µg/m3"]], title="草稿"
    )
    with pytest.raises(ImportRefused) as refused:
        read(data, "a.xlsx", mapping=load_mapping(written(tmp_path, "sheets: 附表*\n")))
    assert refused.value.code == "layout_unknown"
    assert len(read(data, "a.xlsx", mapping=load_mapping(written(tmp_path, "sheets: ['草*']\n"))).rows) == 1


def test_words_of_its_own(mapped: Read) -> None:
    """Missing words, period words in a cell or a heading, names of regions."""
    text = "地区,本期(μg/m3),上期(μg/m3)\n省会,×缺,31\n"
    mapping = (
        "constants: {indicator: pm25}\nregions: {省会: 吉林市}\nmissing: ×缺\n"
        "columns:\n  本期(μg/m3): {period: 2024-02}\n  $C: {period: 2024-01, dust: 剔除}\n"
    )
    reading = mapped(text, mapping)
    assert [(r.region, str(r.period), r.value is None, r.basis.dust) for r in reading.rows] == [
        ("220200", "2024-02", True, "unknown"),
        ("220200", "2024-01", False, "deducted"),
    ]
    assert reading.issues == ()


def test_a_name_that_is_not_declared(mapped: Read) -> None:
    """An indicator or region that a mapping names must be declared; the key is named."""
    for mapping, key in (
        ("columns: {达标率: {indicator: nothing}}\n", "columns.达标率.indicator"),
        ("columns: {达标率: {region: 火星}}\n", "columns.达标率.region"),
    ):
        with pytest.raises(ImportRefused) as refused:
            mapped("地区,时间,达标率\n泉州市,2024,95\n", mapping)
        assert (refused.value.code, refused.value.params["key"]) == ("mapping_name_unknown", key)


def test_without_a_mapping_nothing_is_said() -> None:
    """The empty mapping reads every sheet, knows no column and leaves no trace."""
    assert EMPTY.reads("任何") and EMPTY.column(0, "地区") is None and EMPTY.to_json() is None
