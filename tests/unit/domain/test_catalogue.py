"""Names of regions and indicators."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Indicator, IndicatorType, Region


def region(key: str, zh: str, en: str, short: str, *aliases: str) -> Region:
    return Region(key, zh, en, short, None, "prefecture", aliases=aliases)


def indicator(key: str, zh: str, *aliases: str) -> Indicator:
    return Indicator(
        key, zh, key, "%", IndicatorType.SHARE, "higher", (Decimal(0), None), 1, "annual", aliases
    )


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    regions = [
        region("220000", "吉林省", "Jilin Province", "吉林"),
        region("220200", "吉林市", "Jilin City", "吉林市"),
        region("350500", "泉州市", "Quanzhou", "泉州", "鲤城"),
        region("222400", "延边朝鲜族自治州", "Yanbian Korean Autonomous Prefecture", "延边州"),
    ]
    indicators = [
        indicator("water", "地表水优良水体比例(Ⅰ-Ⅲ类)", "水质优良比例", "达标率"),
        indicator("sources", "饮用水水源达标率", "达标率"),
        indicator("pm25", "PM2.5平均浓度", "PM2.5"),
    ]
    return Catalogue({r.id: r for r in regions}, {i.id: i for i in indicators})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("350500", "350500"), ("泉州市", "350500"), ("泉州", "350500"), (" 泉 州 市", "350500"), ("QUANZHOU", "350500"), ("鲤城", "350500"),
        ("３５０５００", "350500"), ("吉林省", "220000"), ("吉林市", "220200"), ("jilin city", "220200"), ("延边", "222400"), ("延边州", "222400"),
    ],
)  # fmt: skip
def test_a_region_is_found(catalogue: Catalogue, text: str, key: str) -> None:
    """By code, full name, alias, and by its short name where only one region could be meant."""
    found = catalogue.find_region(text).found
    assert found is not None
    assert found.id == key


@pytest.mark.parametrize("text", ["吉林", "Jilin", "jilin"])
def test_a_name_of_two_places_is_not_guessed(catalogue: Catalogue, text: str) -> None:
    """吉林 is a province and a city, even though it is the declared short name of one of them."""
    looked = catalogue.find_region(text)
    assert looked.found is None
    assert {r.id for r in looked.among} == {"220000", "220200"}


def test_near_names_are_offered(catalogue: Catalogue) -> None:
    """A misspelt name is not found, but the name that it is nearest to is named; nonsense has none."""
    looked = catalogue.find_region("泉洲市")
    assert looked.found is None
    assert looked.near[0] == "泉州市"
    assert catalogue.find_region("qqqq").near == ()


@pytest.mark.parametrize(
    "text",
    ["地表水优良水体比例(I~III类)", "地表水优良水体比例（Ⅰ—Ⅲ类）", "地表水优良水体比例 (Ⅰ－Ⅲ类)", "water"],
)
def test_one_indicator_in_many_spellings(catalogue: Catalogue, text: str) -> None:
    """Roman numerals, dashes, brackets and spaces of any width are one spelling."""
    found = catalogue.find_indicator(text).found
    assert found is not None
    assert found.id == "water"


def test_an_alias_of_two_indicators_is_ambiguous(catalogue: Catalogue) -> None:
    """达标率 alone says nothing."""
    assert {i.id for i in catalogue.find_indicator("达标率").among} == {"water", "sources"}


def test_normalise_is_stable() -> None:
    """Normalising twice is normalising once."""
    for text in ("PM₂.₅", "Ⅰ～Ⅲ类", " 泉 州", "ＡＢＣ", "—"):
        assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert normalise_name("PM₂.₅") == "pm2.5"
