"""Places and indicators: declared ones by their names, others as printed and flagged."""

from __future__ import annotations

import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.plans.extract.naming import Namer, slug
from dabiao.plans.extract.places import Place, plan_place, split_place


@pytest.mark.parametrize(
    ("text", "name", "known"),
    [
        ("磐石市深入打好污染防治攻坚战实施方案\n落实吉林市部署,吉林市,吉林市", "磐石市", True),
        ("关于印发《云溪县水污染防治方案》的通知", "云溪县", False),
        ("2021年全市生态环境工作要点\n鹰潭市鹰潭市全市全市全市", "鹰潭市", True),
        ("深入打好污染防治攻坚战实施方案", None, False),
    ],
)
def test_the_plans_own_place(text: str, name: str | None, known: bool, catalogue: Catalogue) -> None:
    """The title decides, else the declared name that the text uses most; an undeclared one stays as printed."""
    found = plan_place(text, catalogue, None)
    assert (found.name, found.region is not None) == (name, known)


def test_the_place_asked_for_decides(catalogue: Catalogue) -> None:
    """--region by name or code is not argued with."""
    assert plan_place("磐石市实施方案", catalogue, "350500").name == "泉州市"


@pytest.mark.parametrize(
    ("phrase", "place", "rest"),
    [
        ("全市森林覆盖率", "鹰潭市", "森林覆盖率"),
        ("市中心城区(包括月湖区、高新区)空气优良率", "鹰潭市中心城区", "空气优良率"),
        ("贵溪市、余江区、龙虎山景区细颗粒物浓度", "贵溪市、余江区、龙虎山景区", "细颗粒物浓度"),
        ("中心市区及各县(市、区)优良率", "鹰潭市", "优良率"),
        ("声环境功能区夜间达标率", "鹰潭市", "声环境功能区夜间达标率"),
        ("县级及以上城市集中式饮用水水源达标率", "鹰潭市", "县级及以上城市集中式饮用水水源达标率"),
    ],
)
def test_a_place_at_the_head_of_a_phrase(phrase: str, place: str, rest: str, catalogue: Catalogue) -> None:
    """全市 is the plan's own place, a named group is its own region, and 功能区 is no place."""
    region = catalogue.regions["360600"]
    found, taken = split_place(phrase, catalogue, Place(region.zh, region))
    assert (found.name, phrase[taken:]) == (place, rest)


def test_another_provinces_group_is_not_taken(catalogue: Catalogue) -> None:
    """地级及以上城市 of Jilin is not that of a province nobody declared."""
    found, _ = split_place("地级及以上城市优良率", catalogue, Place("江北省", None))
    assert found.region is None
    assert "region_unknown" in found.flags


@pytest.mark.parametrize(
    ("phrase", "unit", "expected", "flags"),
    [
        ("全市森林覆盖率", "%", "forest_coverage", ()),
        ("细颗粒物(PM2.5)浓度", "µg/m3", "pm25", ()),
        ("城市细颗粒物(PM2.5)年均浓度", "µg/m3", "pm25", ()),
        ("全县国省控断面水质优良比例", "%", "surface_water_good_ratio", ("indicator_near",)),
    ],
)
def test_a_declared_indicator_is_found(
    phrase: str, unit: str, expected: str, flags: tuple[str, ...], catalogue: Catalogue
) -> None:
    """The whole phrase, less its scope, as a declared name; else the longest declared name that it ends in, flagged."""
    found = Namer(catalogue).name(phrase, unit, numeric=True)
    assert (found.id, found.flags) == (expected, flags)


def test_a_unit_that_does_not_fit_rules_an_indicator_out(catalogue: Catalogue) -> None:
    """森林覆盖率 in 万亩 is another indicator, under another name than the declared one."""
    found = Namer(catalogue).name("森林覆盖率", "万亩", numeric=True)
    assert found.known is None
    assert found.id not in catalogue.indicators


def test_a_new_indicator_has_a_readable_name() -> None:
    """Its known words in English, else a digest; always a name that indicators.yaml takes."""
    assert slug("城市再生水利用率") == "urban_reclaimed_water_utilization_rate"
    assert slug("某某").startswith("new_")


def test_two_new_indicators_never_share_a_name(catalogue: Catalogue) -> None:
    """Phrases whose known words are the same stay apart."""
    namer = Namer(catalogue)
    first = namer.name("甲类污水处理率", "%", numeric=True)
    second = namer.name("乙类污水处理率", "%", numeric=True)
    assert first.id != second.id
    assert first.id == namer.name("甲类污水处理率", "%", numeric=True).id
