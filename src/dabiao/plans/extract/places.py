"""The place that a target binds: the plan's own, one named in the phrase, or a group as the plan names it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Region

_OWN = re.compile(
    r"^(?:全|我|本|整个)(?:省|市|区|县|州|盟|旗|自治区|域|镇)(?:内|范围内|各地)?|^辖区内?|^区域内?|^全域"
)
_GROUP = re.compile(
    r"^(?:市|州|县)?(?:中心城区|主城区|中心市区|城市中心城区|城区|市区|县城|市本级)(?!内|建成区|生活|污水|黑臭|绿)"
    r"|^(?:各|每个)?(?:地级及以上城市|县级城市|各市州|各市\(州\)|各县\(市、区\)|各县市区|各区县|各乡镇|各县区|各区\(市\)|各设区市|设区市|重点城市)"
)
_NAME = r"[\u4e00-\u9fff]{1,5}?(?:省|市|县|区|州|旗|盟|景区|新区|开发区|高新区)"
_EVERYWHERE = re.compile(r"^[\u4e00-\u9fff]{2,6}(?:及|和|以及)各(?:县\(市、区\)|县市区|区县|县区|区\(市\))")
_LIST = re.compile(rf"^{_NAME}(?:(?:、|和|及|以及){_NAME})+")
_ONE = re.compile(r"^[\u4e00-\u9fff]{1,4}?(?:市|县|旗)(?![级区场政内民])")
_NOT_A_PLACE = re.compile(
    r"城市|都市|上市|门市|超市|全市|[各省]市|本市|我市|县级|县城|跨县|全县|功能区|园区|小区|社区|矿区|灌区|保护区|控制区|适宜区|国家级|国控|禁燃区"
)
_BRACKETS = re.compile(r"^\((?:包括|含|即)[^()]*\)")
_FULL = re.compile(r"([\u4e00-\u9fff]{2,8}?(?:自治区|自治州|自治县|省|市|县|区|旗|盟))")
_HEAD_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Place:
    """A place as named; ``region`` where the catalogue has it."""

    name: str | None
    region: Region | None
    flags: tuple[str, ...] = ()


def plan_place(text: str, catalogue: Catalogue, asked: str | None) -> Place:
    """The plan's own region: the one asked for, else the declared one that the title or else the text names.

    Among declared names the title's decides, the longest first (磐石市 before 吉林市 in its own text); else the one that
    the text names most. A name that nobody declared is taken from 关于印发《X市…》 or X市人民政府.
    """
    if asked is not None:
        found = catalogue.find_region(asked).found
        return Place(found.zh if found else asked, found, () if found else ("region_unknown",))
    head = text[:_HEAD_LENGTH]
    title = next((line for line in head.split("\n") if re.search(r"方案|计划|规划|要点|意见", line)), "")
    named = {r.zh: r for r in catalogue.regions.values() if r.adcode is not None}
    names = named | {r.short_zh: r for r in named.values() if len(r.short_zh) >= 3}
    in_title = [n for n in names if n in title]
    if in_title:
        best = max(in_title, key=lambda n: (-title.index(n), len(n)))
        return Place(names[best].zh, names[best])
    own = re.match(
        r"(?:.*(?:印发|发布|下达)《?)?([\u4e00-\u9fff]{1,7}?(?:自治区|自治州|省|市|县|区|旗|盟))", title
    )
    if own and len(own[1]) >= 3 and not _NOT_A_PLACE.search(own[1]):
        return Place(own[1], None, ("region_unknown",))
    counts = Counter({n: text.count(n) for n in names})
    bare = {r.short_zh: r for r in named.values()} | {
        re.sub(r"[省市区县]$", "", r.zh): r for r in named.values()
    }
    level = next((w for w in ("省", "市", "区", "县") if text.count(f"全{w}") >= 3), None)
    if counts and max(counts.values()) > 0:
        best = max(
            counts, key=lambda n: (level is not None and n.endswith(level) and counts[n] > 0, counts[n])
        )
        return Place(names[best].zh, names[best], ("region_assumed",))
    said = [n for n in bare if len(n) >= 2 and n in head]
    if said:
        region = bare[max(said, key=len)]
        return Place(region.zh, region, ("region_assumed",))
    return Place(None, None, ("region_unknown",))


def split_place(phrase: str, catalogue: Catalogue, own: Place, *, guess: bool = True) -> tuple[Place, int]:
    """The place that a phrase begins with, and the number of its characters that are the place's.

    Args:
        guess: whether a single undeclared name (某县) may be a place; not where a verb may stand before it.
    """
    match = _EVERYWHERE.match(phrase)
    if match:
        return own, match.end()
    match = _OWN.match(phrase)
    if match:
        rest = _GROUP.match(phrase[match.end() :])
        if rest is None:
            return own, match.end()
        return _named(rest[0], catalogue, own), match.end() + rest.end()
    for pattern in (_LIST, _GROUP, _ONE) if guess else (_GROUP,):
        match = pattern.match(phrase)
        if match is None or (pattern is not _GROUP and _NOT_A_PLACE.search(match[0])):
            continue
        length = match.end()
        brackets = _BRACKETS.match(phrase[length:])
        length += brackets.end() if brackets else 0
        return _named(match[0], catalogue, own), length
    for region in catalogue.regions.values():
        if phrase.startswith(region.zh) and len(region.zh) >= 3:
            return _named(region.zh, catalogue, own), len(region.zh)
    return own, 0


def _within(region: Region, own: Place, catalogue: Catalogue) -> bool:
    """Whether a declared group belongs to the plan's own place: every province has its 地级及以上城市."""
    above = region.parent
    while above is not None and own.region is not None:
        if above == own.region.id:
            return True
        above = catalogue.regions[above].parent if above in catalogue.regions else None
    return False


def _named(name: str, catalogue: Catalogue, own: Place) -> Place:
    if own.name is not None and normalise_name(name) == normalise_name(own.name):
        return own
    candidates = [name, name.replace("和", "、").replace("及", "、")]
    candidates += [f"{own.name}{name}"] if own.name else []
    for candidate in candidates:
        region = catalogue.find_region(candidate).found
        if region is not None and (region.adcode or _within(region, own, catalogue)):
            flags = () if region.adcode else ("region_group",)
            return Place(region.zh, region, flags)
    return Place(name, None, ("region_group", "region_unknown"))
