"""From the words of a plan to an indicator: a declared one where the names fit, else a proposed name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Indicator, IndicatorType
from dabiao.plans.extract.rules import lower_is_better

_SCOPE = re.compile(
    r"^(?:全(?:省|市|区|县|域)|我(?:省|市|区|县)|各(?:城市|地|县|区)?|城市|城镇|环境|年度|年均|主要)"
)
_SHORTEST = 4
_SPECIFIC = re.compile(r"农村|县级(?!及?以上)|城镇|小流域|近岸|夜间|自然|地下水|新增|第三方")

# fmt: off
GLOSSARY: tuple[tuple[str, str], ...] = (
    ("细颗粒物", "pm25"), ("PM2.5", "pm25"), ("臭氧", "ozone"), ("二氧化碳", "co2"), ("氮氧化物", "nox"), ("挥发性有机物", "voc"),
    ("化学需氧量", "cod"), ("氨氮", "nh3n"), ("重污染", "heavy_pollution"), ("空气", "air"), ("优良", "good"), ("地表水", "surface_water"),
    ("地下水", "groundwater"), ("近岸海域", "nearshore"), ("饮用水", "drinking_water"), ("黑臭水体", "black_odorous_water"), ("水源地", "source"),
    ("水源", "source"), ("水质", "water_quality"), ("断面", "sections"), ("流域", "basin"), ("海湾", "bay"), ("河湖", "rivers_lakes"), ("入河", "river"),
    ("入海", "sea"), ("排污口", "outfalls"), ("排水口", "outfalls"), ("污水", "sewage"), ("再生水", "reclaimed_water"), ("污泥", "sludge"), ("管网", "pipes"),
    ("垃圾", "waste"), ("固体废物", "solid_waste"), ("危险废物", "hazardous_waste"), ("医疗废物", "medical_waste"), ("秸秆", "straw"), ("畜禽粪污", "manure"),
    ("化肥", "fertilizer"), ("农药", "pesticide"), ("农膜", "film"), ("耕地", "farmland"), ("地块", "sites"), ("土壤", "soil"), ("森林", "forest"),
    ("草原", "grassland"), ("湿地", "wetland"), ("绿化", "greening"), ("绿地", "green_space"), ("水土流失", "soil_erosion"), ("水土保持", "soil_conservation"),
    ("能源", "energy"), ("能耗", "energy_use"), ("非化石", "nonfossil"), ("煤炭", "coal"), ("锅炉", "boilers"), ("清洁取暖", "clean_heating"), ("燃煤", "coal"),
    ("新能源", "new_energy"), ("汽车", "vehicles"), ("公交", "buses"), ("柴油", "diesel"), ("机动车", "vehicles"), ("铁路", "rail"), ("货运", "freight"), ("用水", "water_use"),
    ("节水", "water_saving"), ("噪声", "noise"), ("声环境", "acoustic"), ("建筑", "buildings"), ("工业", "industrial"), ("企业", "enterprises"), ("园区", "parks"),
    ("农村", "rural"), ("城市", "urban"), ("城镇", "urban"), ("县级", "county"), ("村庄", "villages"), ("行政村", "villages"), ("乡镇", "townships"), ("生活", "domestic"),
    ("农业", "farm"), ("灌溉", "irrigation"), ("面积", "area"), ("长度", "length"), ("数量", "number"), ("浓度", "concentration"), ("排放", "emissions"),
    ("减排", "reduction"), ("下降", "reduction"), ("降低", "reduction"), ("使用量", "use"), ("总量", "total"), ("强度", "intensity"), ("指数", "index"), ("系数", "coefficient"),
    ("覆盖", "coverage"), ("利用", "utilization"), ("安全", "safe"), ("达标", "compliance"), ("处理", "treatment"), ("治理", "treatment"), ("处置", "disposal"),
    ("收集", "collection"), ("回收", "recovery"), ("消除", "elimination"), ("整治", "remediation"), ("修复", "restoration"), ("改造", "retrofit"), ("建设", "building"),
    ("监测", "monitoring"), ("排查", "survey"), ("清单", "list"), ("方案", "plan"), ("规划", "planning"), ("制度", "system"), ("体系", "system"), ("平台", "platform"), ("台账", "register"),
    ("能力", "capacity"), ("满意度", "satisfaction"), ("美丽", "beautiful"), ("绿色", "green"), ("生态", "eco"), ("环境", "environment"), ("保护", "protection"),
    ("率", "rate"), ("比例", "share"), ("比重", "share"), ("占比", "share"), ("比率", "ratio"), ("天数", "days"), ("水", "water"),
)
# fmt: on
"""Words of which a name for a new indicator is made. A reviewer renames it anyway."""

_WORDS = dict(GLOSSARY)
_SPLIT = re.compile("|".join(sorted((re.escape(w) for w in _WORDS), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Named:
    """An indicator's id and Chinese name, and what is known of it."""

    id: str
    zh: str
    known: Indicator | None
    flags: tuple[str, ...] = ()

    def lower_is_better(self) -> bool:
        return self.known.direction == "lower" if self.known is not None else lower_is_better(self.zh)


class Namer:
    """The catalogue's indicator names, longest first."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        names: list[tuple[str, Indicator]] = []
        for indicator in catalogue.indicators.values():
            for name in (indicator.zh, *indicator.aliases):
                plain = normalise_name(name)
                if len(plain) >= _SHORTEST and re.search(r"[\u4e00-\u9fff]|pm2", plain):
                    names.append((plain, indicator))
        self._names = sorted(names, key=lambda pair: -len(pair[0]))
        self._given: dict[str, tuple[str, str | None]] = {}

    def name(self, phrase: str, unit: str | None, *, numeric: bool, loose: bool = False) -> Named:
        """The indicator of a phrase.

        The whole phrase (less 全市, 城市 …) as a declared name decides; else the longest declared name that it ends in or,
        with ``loose``, contains: that one is flagged ``indicator_near``. A unit that is not the indicator's rules it out.
        """
        plain = normalise_name(phrase)
        shorter = plain
        while True:
            found = self.catalogue.find_indicator(shorter).found
            if found is not None and _fits(found, unit, numeric):
                return Named(found.id, found.zh, found)
            cut = _SCOPE.sub("", shorter, count=1)
            if cut == shorter or len(cut) < _SHORTEST:
                break
            shorter = cut
        for name, indicator in self._names:
            place = plain.find(name) if loose else (len(plain) - len(name) if plain.endswith(name) else -1)
            if place < 0 or not _fits(indicator, unit, numeric):
                continue
            if not numeric and indicator.type is not IndicatorType.QUALITATIVE and not plain.endswith(name):
                continue  # 基本淘汰PM2.5未达标城市的锅炉 is not about PM2.5
            if _SPECIFIC.search(plain[:place]) and not _SPECIFIC.search(name):
                continue
            return Named(indicator.id, indicator.zh, indicator, ("indicator_near",))
        return Named(self._new(phrase, unit if numeric else None), phrase or "—", None, ("indicator_new",))

    def _new(self, phrase: str, unit: str | None) -> str:
        """A name that no other indicator has, declared or proposed."""
        name = slug(phrase)
        if name in self.catalogue.indicators or self._given.get(name, (phrase, unit)) != (phrase, unit):
            name = f"{name}_{hashlib.sha256(f'{phrase} {unit}'.encode()).hexdigest()[:6]}"
        self._given[name] = (phrase, unit)
        return name


def _fits(indicator: Indicator, unit: str | None, numeric: bool) -> bool:
    if not numeric:
        return True
    return indicator.type is not IndicatorType.QUALITATIVE and indicator.unit == unit


def slug(phrase: str) -> str:
    """A name in letters for a new indicator: its known words, else a digest of the phrase."""
    words = [_WORDS[m[0]] for m in _SPLIT.finditer(phrase)]
    kept = list(dict.fromkeys("_".join(words).split("_"))) if words else []
    name = "_".join(kept[:7])
    if len(kept) < 2:
        digest = hashlib.sha256(phrase.encode()).hexdigest()[:6]
        name = f"{name}_{digest}" if name else f"new_{digest}"
    return name
