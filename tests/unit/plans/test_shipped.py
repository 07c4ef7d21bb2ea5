"""The five plans as shipped: what every target has, and the headline targets to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from dabiao.domain.target import Kind, Measure
from dabiao.plans.load import Declared, load
from dabiao.plans.schema import TargetSpec


@pytest.fixture(scope="module")
def declared(data: Path) -> Declared:
    return load(data)


@pytest.fixture(scope="module")
def targets(declared: Declared) -> dict[str, TargetSpec]:
    return {t.id: t for p in declared.plans for t in p.targets}


# id, region, indicator, comparator, value as printed, unit, deadline, stretch, quote
HEADLINES = [
    ("jilin-2024-pm25", "220000", "pm25", "<=", "27", "µg/m3", "2027", False, "到2027年,全省细颗粒物浓度下降到27微克/立方米以下"),
    ("jilin-2024-forest-coverage", "220000", "forest_coverage", ">=", "45.8", "%", "2027", False,
     "到2027年,全省森林覆盖率、湿地保护率分别达到45.8%和45.22%"),
    ("jilin-2024-wetland-protection", "220000", "wetland_protection_rate", ">=", "45.22", "%", "2027", False,
     "到2027年,全省森林覆盖率、湿地保护率分别达到45.8%和45.22%"),
    ("jilin-2024-surface-water-good", "220000", "surface_water_good_ratio", "~=", "85", "%", "2027", False,
     "到2027年,地表水国考断面优良水体比例保持在85%左右"),
    ("jilin-2024-nev-share", "220000", "nev_share_new_vehicles", ">=", "45", "%", "2027", True,
     "全省新增汽车中新能源汽车占比力争达到45%"),
    ("jilin-2024-green-water-corridors", "220000", "green_water_corridor_length", ">=", "4600", "km", "2025", True,
     "到2025年,全省力争新建和改善提升4600公里绿水长廊"),
    ("quanzhou-2022-pm25", "350500", "pm25", "<", "19.2", "µg/m3", "2025", False,
     "细颗粒物(PM2.5)浓度低于19.2ug/m3"),
    ("quanzhou-2022-good-days", "350500", "good_day_ratio", ">", "97.8", "%", "2025", False,
     "空气质量优良天数比率优于97.8%"),
    ("quanzhou-2022-nearshore", "350500", "nearshore_good_ratio", ">", "93.3", "%", "2025", False,
     "近岸海域水质优良(一、二类)面积比例优于93.3%"),
    ("quanzhou-2022-surface-water", "350500", "surface_water_good_ratio", ">=", "100", "%", "2025", False,
     "地表水国、省控断面Ⅰ-Ⅲ类水体比例达100%"),
    ("quanzhou-2022-small-basins", "350500", "small_basin_good_ratio", ">=", "93", "%", "2025", False,
     "39个小流域考核断面Ⅰ-Ⅲ类水体比例达93%以上"),
    ("yingtan-2021-pm25-central", "yingtan-central", "pm25", "<=", "34", "µg/m3", "2021", False,
     "细颗粒物(PM2.5)平均浓度控制在34μg/m3以内"),
    ("yingtan-2021-pm25-central-stretch", "yingtan-central", "pm25", "<=", "33", "µg/m3", "2021", True,
     "力争达到33μg/m3"),
    ("yingtan-2021-pm25-guixi-yujiang-longhushan", "yingtan-guixi-yujiang-longhushan", "pm25", "<=", "30", "µg/m3",
     "2021", False, "细颗粒物(PM2.5)平均浓度控制在30μg/m3以内"),
    ("yingtan-2021-good-days-central", "yingtan-central", "good_day_ratio", ">=", "90", "%", "2021", False,
     "空气优良率控制在90%以上"),
    ("yingtan-2021-good-days-central-stretch", "yingtan-central", "good_day_ratio", ">=", "91", "%", "2021", True,
     "力争达到91%"),
    ("huimin-2022-pm25", "150103", "pm25", "<=", "34", "µg/m3", "2025", False,
     "细颗粒物(PM2.5)浓度不超过34微克/立方米"),
    ("huimin-2022-good-days", "150103", "good_day_ratio", ">=", "84.9", "%", "2025", False,
     "空气质量优良天数比率达到84.9%以上"),
    ("huimin-2022-heavy-days", "150103", "heavy_pollution_day_ratio", "<=", "0.9", "%", "2025", False,
     "重污染天气比率不高于0.9%"),
    ("huimin-2022-surface-water", "150103", "surface_water_good_ratio", ">=", "60", "%", "2025", False,
     "地表水Ⅲ类及以上水体比例达到60%"),
    ("huimin-2022-pipe-misconnection", "150103", "sewer_misconnections_fixed", ">=", "10", "处", "2022-06", False,
     "2022年6月底前城区内完成10处雨污管网混接改造"),
    ("panshi-2022-pm25", "220284", "pm25", "<=", "30", "µg/m3", "2025", False,
     "城市细颗粒物(PM2.5)浓度降至每立方米30微克以下"),
    ("panshi-2022-good-days", "220284", "good_day_ratio", ">=", "90", "%", "2025", False,
     "环境空气质量优良天数比例达到90%以上"),
    ("panshi-2022-heavy-days", "220284", "heavy_pollution_day_ratio", "<=", "1.3", "%", "2025", False,
     "全市重度及以上污染天数比例控制在1.3%以内"),
    ("panshi-2022-surface-water-good", "220284", "surface_water_good_ratio", ">=", "50", "%", "2025", False,
     "国控考核断面I-类水体比例达到50%以上"),
    ("panshi-2022-rail-freight", "220284", "rail_freight_share", ">=", "0.5", "个百分点", "2025", False,
     "铁路货运量占比提升0.5个百分点"),
    ("panshi-2022-irrigation-coefficient", "220284", "irrigation_water_use_coefficient", ">=", "0.585", None, "2025",
     False, "农田水利用系数0.585以上"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "region", "indicator", "comparator", "value", "unit", "deadline", "stretch", "quote"),
    HEADLINES,
    ids=[h[0] for h in HEADLINES],
)
def test_headline_targets_to_the_letter(
    targets: dict[str, TargetSpec],
    key: str,
    region: str,
    indicator: str,
    comparator: str,
    value: str,
    unit: str | None,
    deadline: str,
    stretch: bool,
    quote: str,
) -> None:
    """The targets that a reader looks up first are those of the plan's text, to the comparator, decimal and character."""
    t = targets[key]
    assert (t.region, t.indicator, t.measure) == (region, indicator, Measure.NUMERIC)
    assert (t.comparator, str(t.value), t.unit) == (comparator, value, unit)
    assert (t.deadline, t.stretch, t.quote) == (deadline, stretch, quote)


def test_every_numeric_target_is_whole(declared: Declared, targets: dict[str, TargetSpec]) -> None:
    """A numeric target has comparator and value, and a unit unless its indicator has none."""
    for t in targets.values():
        if t.measure is Measure.NUMERIC:
            assert t.comparator is not None, t.id
            assert t.value is not None, t.id
            assert t.unit is not None or declared.catalogue.indicators[t.indicator].unit is None, t.id


def test_every_target_has_a_date_or_says_why_not(targets: dict[str, TargetSpec]) -> None:
    """Where a plan gives no date, the file says why; no target is silently timeless."""
    assert all(t.deadline or t.deadline_note for t in targets.values())


def test_texts_are_the_published_ones(declared: Declared) -> None:
    """Every quote stands in its plan's text, character for character."""
    for plan in declared.plans:
        text = declared.texts[plan.plan.id]
        assert all(t.quote in text for t in plan.targets)


def test_a_change_names_its_baseline(targets: dict[str, TargetSpec]) -> None:
    """A numeric change without baseline or way of counting could never be judged."""
    changes = [t for t in targets.values() if t.kind is Kind.CHANGE and t.measure is Measure.NUMERIC]
    assert {t.id for t in changes} >= {"panshi-2022-rail-freight", "quanzhou-2022-fertilizer-use"}
    assert all(t.baseline is not None and t.change in ("relative", "absolute") for t in changes)


def test_a_proxy_says_why_in_both_languages(declared: Declared, targets: dict[str, TargetSpec]) -> None:
    """Another region's series stands in only where the plan file says so and why; it is then marked as a proxy."""
    proxies = {t.id: t.series.region for t in targets.values() if t.series is not None and t.series.proxy}
    assert proxies["huimin-2022-pm25"] == "150100"
    assert proxies["panshi-2022-pm25"] == "220200"
    for t in targets.values():
        if t.series is not None:
            assert t.series.why_zh
            assert t.series.why_en
            assert t.series.region in declared.catalogue.regions
