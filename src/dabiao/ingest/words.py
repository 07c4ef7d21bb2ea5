"""The words by which files say how a value stands: tier, state, dust, gas state, scope. Declared; an unknown one is refused.

Also the words of headings whose columns hold no values of their own: ranks, comparisons, numbering, averages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from dabiao.domain.catalogue import normalise_name

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "tier": {
        "official": ("官方", "政府", "主管部门", "公报"),
        "press": ("媒体", "新闻", "转载", "press/reprint"),
        "third_party": ("第三方", "第三方推算", "third-party", "thirdparty"),
    },
    "state": {
        "final": ("最终", "终值", "定稿", "正式", "正式值", "核定"),
        "flash": ("快报", "初报", "初步", "初步值", "预计"),
        "to_date": ("年内累计", "截至目前", "未完整", "累计至今", "todate"),
    },
    "dust": {
        "deducted": ("剔除", "已剔除", "扣除", "已扣除", "剔除沙尘", "扣除沙尘", "剔沙", "扣沙"),
        "included": ("未剔除", "未扣除", "保留", "未剔除沙尘", "未扣除沙尘", "含沙尘", "未剔沙"),
        "unknown": ("未注明", "不明", "未知"),
    },
    "condition": {
        "standard": ("标况", "标准状态", "参比状态"),
        "actual": ("实况", "实际状态"),
        "unknown": ("未注明", "不明", "未知"),
    },
}

_BY_SPELLING = {
    field: {normalise_name(w): word for word, names in words.items() for w in (word, *names)}
    for field, words in WORDS.items()
}

SECTIONS: dict[str, tuple[str, ...]] = {
    "国、省控断面": ("国省控断面", "国控、省控断面", "国控省控断面"),
    "国考断面": ("国考", "国家考核断面", "国家地表水考核断面", "国考点位"),
    "国控断面": ("国控", "国家控制断面", "国控点位"),
    "省考断面": ("省考",),
    "省控断面": ("省控", "省控点位"),
    "考核评价": ("考核口径",),
}
"""Section lists of water. A title that names one says it of the table's water indicators."""

AREAS: dict[str, tuple[str, ...]] = {
    "市区": ("城区",),
    "中心市区": ("中心城区",),
    "全市": (),
    "设区市": ("设区城市",),
    "功能区达标率": ("功能区达标", "功能区"),
}
"""Areas and definitions. They are read from a column, from a heading's or a name's brackets and from a mapping; in a title
they may mean the document rather than the values."""

_SCOPES = {
    normalise_name(w): scope
    for words in (SECTIONS, AREAS)
    for scope, names in words.items()
    for w in (scope, *names)
}
_IN_TITLE = {
    "dust": (
        (
            re.compile(
                r"(?:未|不|没有)(?:剔除?|扣除?)沙尘?|(?:含|保留)沙尘|(?:剔除?|扣除?)沙尘?(?:天气)?(?:影响)?前"
            ),
            "included",
        ),
        (re.compile(r"(?:剔除?|扣除?)(?:了)?沙(?:尘)?"), "deducted"),
    ),
    "condition": (
        (re.compile(r"标况|标准状态|参比状态"), "standard"),
        (re.compile(r"实况|实际状态"), "actual"),
    ),
}
_SECTION_IN_TITLE = re.compile(
    "|".join(sorted((w for s, ws in SECTIONS.items() for w in (s, *ws)), key=len, reverse=True))
)
_AREA_IN_TITLE = re.compile(
    r"中心市区|中心城区|(?<![省县])市区(?!县)|\d*个?县[(（]市、区[)）]平均|功能区达标"
)

_RANK = re.compile(r"(?:排名|名次|位次|排序|排位)$|^rank(?:ing)?$")
_COMPARISON = re.compile(
    r"同比|环比|[较比](?:上|去)(?:年|月)|[较比]前|[较比]\d{4}年|增减|增幅|降幅|变幅|变化(?:率|幅度|情况)?$|升降|改善(?:率|幅度)|yoy|mom"
)
_EARLIER = re.compile(r"(?:上年|去年)(?:同期|同月)?(?:值|数|均值|浓度)?$|^同期(?:值|数)?$|上月(?:值|数)?$")
_NUMBERING = frozenset(("序号", "编号", "no", "no.", "#", "行号"))
_AVERAGE = re.compile(
    r"^(?:全[市省区县州盟]|各[市县区]|\d+个?县(?:\(市,区\))?|总|算术)?(?:平均(?:值|浓度)?|均值|合计|总计|小计)$|^(?:average|mean|total)$"
)
NEUTRAL = frozenset(
    normalise_name(w)
    for w in (
        "数值", "值", "浓度", "均值", "平均值", "平均浓度", "监测值", "监测结果", "评价结果", "比例", "比率", "指标", "监测指标", "评价指标", "主要指标",
        "空气质量", "环境空气质量", "环境空气", "大气环境", "空气", "主要污染物", "主要污染物浓度", "污染物浓度", "污染物", "六项污染物", "水环境",
        "水环境质量", "地表水", "水质", "基本情况", "value", "mean",
    )
)  # fmt: skip
"""Words that say nothing of their own beside an indicator in a heading of several rows."""


def word_of(field: str, text: str) -> str | None:
    """The declared word of a spelling, ``None`` if there is none."""
    return _BY_SPELLING[field].get(normalise_name(text))


def allowed(field: str) -> str:
    """The words of a field with one Chinese spelling each, for messages."""
    return ", ".join(f"{word} ({names[0]})" for word, names in WORDS[field].items())


def scope_of(text: str) -> str | None:
    """The declared scope of a spelling, ``None`` if there is none."""
    return _SCOPES.get(normalise_name(text))


def basis_words(text: str) -> dict[str, str]:
    """What one bracket of a heading says of the basis: ``剔除沙尘`` → ``{"dust": "deducted"}``; empty if nothing declared."""
    for name in ("dust", "condition", "state"):
        if (word := word_of(name, text)) and word != "unknown":
            return {name: word}
    for name, shapes in _IN_TITLE.items():
        for shape, word in shapes:
            if shape.fullmatch(text):
                return {name: word}
    scope = scope_of(text)
    return {"scope": scope} if scope else {}


def title_words(text: str) -> dict[str, str]:
    """What a title says of the basis of a whole table; a field of which it says two things is left out."""
    found: dict[str, str] = {}
    for name, shapes in _IN_TITLE.items():
        rest, hits = text, set()
        for shape, word in shapes:
            rest, count = shape.subn("", rest)
            hits |= {word} if count else set()
        if len(hits) == 1:
            found[name] = hits.pop()
    sections = {scope_of(m) for m in _SECTION_IN_TITLE.findall(text)} - {None}
    if len(sections) == 1:
        found["scope"] = str(sections.pop())
    return found


def areas_in(text: str) -> list[str]:
    """Words for an area in a title, which say the values' scope only if a person confirms it."""
    return list(dict.fromkeys(_AREA_IN_TITLE.findall(text)))


@lru_cache(maxsize=4096)
def apart(text: str) -> Literal["rank", "comparison", "numbering"] | None:
    """What a column without values of its own holds: ``rank``, ``comparison`` or ``numbering``; ``None`` for any other."""
    normal = normalise_name(text)
    if normal in _NUMBERING:
        return "numbering"
    if _RANK.search(normal):
        return "rank"
    return "comparison" if _COMPARISON.search(normal) or _EARLIER.search(normal) else None


@lru_cache(maxsize=4096)
def is_average(text: str) -> bool:
    """Whether a name stands for the mean or sum of the rows above it and for no declared place."""
    return bool(_AVERAGE.search(normalise_name(text)))
