"""Headings as printed → what a column holds. Each spelling is declared once; one that could be two things is not guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Indicator
from dabiao.errors import ImportRefused
from dabiao.ingest.mapping import EMPTY, Column, letter
from dabiao.ingest.mapping import Mapping as MappingFile
from dabiao.ingest.periods import PeriodError, parse_period, plain
from dabiao.ingest.readers.interface import Cell, Hole, shown
from dabiao.ingest.units import known_unit, unit_of
from dabiao.ingest.words import NEUTRAL, apart, basis_words

FIELDS: dict[str, tuple[str, ...]] = {
    "region": (
        "地区", "地区名称", "区域", "城市", "城市名称", "市县", "县市", "市州", "市(州)", "地市", "设区市", "盟市", "区县", "县区",
        "县(市,区)", "县市区", "行政区", "行政区域", "area", "city", "county", "place", "name_of_region",
    ),
    "adcode": ("行政区划代码", "区划代码", "行政区代码", "地区代码", "地区编码", "区划编码", "region_code"),
    "indicator": ("指标", "指标名称", "监测指标", "项目", "监测项目", "因子", "metric"),
    "period": (
        "时间", "时段", "日期", "期间", "时期", "年月", "统计时间", "统计时段", "统计期", "监测时间", "监测时段", "报告期", "date", "time",
    ),
    "year": ("年", "年份", "年度"),
    "month": ("月", "月份"),
    "quarter": ("季度", "季"),
    "hour": ("小时", "时", "钟点", "整点"),
    "value": ("数值", "值", "指标值", "监测值", "监测结果", "结果", "数据", "values"),
    "unit": ("单位", "计量单位", "数值单位", "units"),
    "tier": ("来源级别", "来源等级", "数据层级"),
    "state": ("数据状态", "状态", "数据版本"),
    "dust": ("沙尘", "剔沙", "是否剔沙", "沙尘口径", "是否剔除沙尘", "是否扣除沙尘"),
    "condition": ("标况实况", "标况/实况", "气体状态", "监测状态"),
    "scope": ("口径", "统计口径", "范围", "统计范围", "断面范围", "断面口径"),
    "standard": ("标准", "执行标准", "评价标准"),
    "source": ("来源", "数据来源", "资料来源", "出处", "source_title"),
    "source_url": ("网址", "来源网址", "来源链接", "链接", "url", "link"),
    "published": ("发布日期", "公布日期", "发布时间", "公布时间", "publication_date", "published_on"),
    "known_on": ("可知日期", "已知日期"),
    "note": ("备注", "说明", "附注", "注", "notes", "remark", "remarks", "comment"),
}  # fmt: skip
"""Field name → spellings beside the name itself. Compared after :func:`dabiao.domain.catalogue.normalise_name`."""

_BY_SPELLING = {
    normalise_name(name).replace("_", ""): field
    for field, names in FIELDS.items()
    for name in (field, *names)
}
_PLACES = frozenset(s for s, name in _BY_SPELLING.items() if name in ("region", "adcode"))
_BRACKET = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$")
_DATED = re.compile(
    r"(?P<period>\d{4}\s*年?\s*(?:\d{1,2}\s*月?\s*[-—–―~～至]\s*\d{1,2}\s*月|\d{1,2}\s*月|第?[一二三四]季度|上半年|前三季度|年度?)?)\s*(?P<rest>\D.+)"
)
_TITLE_PERIOD = re.compile(r"(?:本|当)(?:月|季度?|年|期)(?:值|数|均值|浓度)?")

Kind = Literal[
    "blank", "field", "period", "indicator", "region", "crossed", "rank", "comparison", "numbering", "ignored", "ambiguous", "unknown",
]  # fmt: skip
_NAMED: tuple[Literal["period", "indicator", "region"], ...] = ("period", "indicator", "region")
_VALUES = frozenset(("period", "indicator", "region", "crossed"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column holds.

    Attributes:
        column: 0-based.
        printed: the heading as printed; the rows of a heading of several are joined by " / ".
        kind: ``field`` (``name`` is its field); a value column of one ``period``, ``indicator``, ``region`` or of several of these
            (``crossed``); no values of its own (``rank``, ``comparison``, ``numbering``, ``ignored``); ``ambiguous`` (``among`` are the
            possibilities); or not understood.
        unit: the unit that the heading gives.
        says: field name → what the heading says of the values below it.
        mapped: a mapping file says so.
    """

    column: int
    printed: str
    kind: Kind
    name: str = ""
    indicator: Indicator | None = None
    unit: str | None = None
    among: tuple[str, ...] = ()
    says: Mapping[str, Any] = field(default_factory=dict)
    mapped: bool = False

    @property
    def label(self) -> str:
        """The heading with the column's letter, for messages: ``数值 [D]``."""
        return f"{self.printed} [{letter(self.column)}]" if self.printed else letter(self.column)

    def described(self, role: str) -> dict[str, Any]:
        """What the column was taken for and why, as plain JSON."""
        return {
            "column": letter(self.column),
            "heading": self.printed,
            "role": role,
            "kind": self.kind,
            "name": self.name or None,
            "unit": self.unit,
            "says": {k: str(v) for k, v in self.says.items()},
            "by": "mapping" if self.mapped else "heading",
        }


def read_heading(column: int, cell: Cell | Hole, catalogue: Catalogue) -> Heading:
    """What one heading cell says; ``column`` is its 0-based place."""
    printed = " ".join(shown(cell).split())
    if not printed:
        return Heading(column, "", "blank")
    body, unit, words = split_words(printed)
    texts = tuple(dict.fromkeys((printed, *_bodies(printed), body)))
    for text in texts:
        if name := _BY_SPELLING.get(normalise_name(text).replace("_", "")):
            return Heading(column, printed, "field", name, unit=unit, says=words)
    if is_period(cell) or _TITLE_PERIOD.fullmatch(plain(printed)):
        return Heading(column, printed, "period", says={"period": printed})
    for text in texts:
        looked = catalogue.find_indicator(text)
        if looked.found:
            says = {"indicator": looked.found.id, **(words if text == body else {})}
            return Heading(column, printed, "indicator", looked.found.id, looked.found, unit, says=says)
        if looked.among:
            return Heading(column, printed, "ambiguous", among=tuple(i.zh for i in looked.among))
    if without := apart(body):
        return Heading(column, printed, without)
    if m := _DATED.fullmatch(body):
        parts = [read_heading(column, m[part], catalogue) for part in ("period", "rest")]
        if all(p.kind in ("period", "indicator") for p in parts):
            return replace(_joined(column, printed, parts), unit=unit)
    return _period_or_region(column, printed, body, unit, catalogue)


def _period_or_region(
    column: int, printed: str, body: str, unit: str | None, catalogue: Catalogue
) -> Heading:
    if body != printed and is_period(body):
        return Heading(column, printed, "period", unit=unit, says={"period": body})
    place = catalogue.find_region(body)
    if place.found:
        return Heading(column, printed, "region", place.found.id, unit=unit, says={"region": place.found.id})
    if place.among:
        return Heading(
            column, printed, "region", among=tuple(r.zh for r in place.among), says={"region": body}
        )
    return Heading(column, printed, "unknown", unit=unit)


def read_path(
    column: int, cells: Sequence[Cell | Hole], catalogue: Catalogue, mapping: MappingFile = EMPTY
) -> Heading:
    """What the heading of one column says, from its rows top to bottom; a mapping goes before what is printed."""
    parts: list[Cell | Hole] = []
    for cell in cells:
        if shown(cell) and (not parts or shown(parts[-1]) != shown(cell)):
            parts.append(cell)
    printed = " / ".join(" ".join(shown(p).split()) for p in parts)
    said = mapping.column(column, printed) or mapping.translated(printed)
    if said is not None:
        return _mapped(column, printed or letter(column), said, catalogue, mapping)
    if len(parts) < 2:
        return read_heading(column, parts[0] if parts else None, catalogue)
    whole = read_heading(column, "".join(shown(p) for p in parts), catalogue)
    if whole.kind in ("field", "indicator"):
        return replace(whole, printed=printed)
    return _joined(column, printed, [read_heading(column, p, catalogue) for p in parts])


def _joined(column: int, printed: str, parts: Sequence[Heading]) -> Heading:
    """One meaning out of the rows of a heading; a row that is not understood leaves the column unread."""
    for without in ("rank", "comparison", "numbering", "ambiguous"):
        if found := next((p for p in parts if p.kind == without), None):
            return replace(found, printed=printed)
    values = [p for p in parts if p.kind in _VALUES]
    others = [p for p in parts if p.kind not in _VALUES]
    if not values and parts[-1].kind == "field" and all(_neutral(p) for p in parts[:-1]):
        return replace(parts[-1], printed=printed)
    says: dict[str, Any] = {}
    for part in values:
        if any(says.get(k, v) != v for k, v in part.says.items()):
            return Heading(column, printed, "unknown")
        says.update(part.says)
    for part in others:
        words = basis_words(split_unit(part.printed)[0])
        if not words and not _neutral(part):
            return Heading(column, printed, "unknown")
        says.update(words)
    kinds = {p.kind for p in values}
    if not kinds:
        return Heading(column, printed, "unknown")
    unit = next((u for p in reversed(parts) if (u := p.unit or _bare_unit(p.printed))), None)
    indicator = next((p.indicator for p in values if p.indicator), None)
    kind: Kind = values[0].kind if len(kinds) == 1 else "crossed"
    among = next((p.among for p in values if p.among), ())
    name = values[0].name if len(kinds) == 1 else ""
    return Heading(column, printed, kind, name, indicator, unit, among, says)


def _bare_unit(printed: str) -> str | None:
    """The unit that a row of a heading is: μg/m3 or (μg/m3) below 2024年."""
    bare = printed.strip("()（） ")
    return unit_of(bare) if known_unit(bare) else None


def _neutral(part: Heading) -> bool:
    """Whether a row of a heading says nothing of its own: a unit, 浓度, 数值, 空气质量."""
    text = normalise_name(split_unit(part.printed)[0])
    return not text or text in NEUTRAL or _bare_unit(part.printed) is not None


def _mapped(column: int, printed: str, said: Column, catalogue: Catalogue, mapping: MappingFile) -> Heading:
    if said.ignore:
        return Heading(column, printed, "ignored", mapped=True)
    if said.field is not None and said.field != "value":
        return Heading(column, printed, "field", said.field, mapped=True)
    says: dict[str, Any] = said.model_dump(exclude_none=True, exclude={"field", "ignore", "unit"})
    indicator = None
    if "indicator" in says:
        indicator = catalogue.find_indicator(says["indicator"]).found
        if indicator is None:
            raise _unknown(mapping, printed, "indicator", says["indicator"])
        says["indicator"] = indicator.id
    if "region" in says:
        region = catalogue.find_region(says["region"]).found
        if region is None:
            raise _unknown(mapping, printed, "region", says["region"])
        says["region"] = region.id
    unit = unit_of(said.unit) if said.unit else split_unit(printed)[1]
    if said.field == "value":
        return Heading(column, printed, "field", "value", indicator, unit, says=says, mapped=True)
    kinds: list[Kind] = [k for k in _NAMED if k in says]
    kind: Kind = kinds[0] if len(kinds) == 1 else "crossed"
    return Heading(column, printed, kind, says.get(kind, ""), indicator, unit, says=says, mapped=True)


def _unknown(mapping: MappingFile, printed: str, key: str, text: str) -> ImportRefused:
    return ImportRefused("mapping_name_unknown", file=mapping.name, key=f"columns.{printed}.{key}", text=text)


def split_unit(text: str) -> tuple[str, str | None]:
    """A heading and the unit behind it: ``PM2.5(μg/m3)`` → ``("PM2.5", "µg/m3")``, also ``PM2.5，μg/m3``.

    Brackets that hold no declared unit stay: ``地表水优良水体比例(Ⅰ-Ⅲ类)``.
    """
    m = _BRACKET.search(text)
    if m and known_unit(stated := m[1].removeprefix("单位").lstrip(":： ")):
        return text[: m.start()].strip(), unit_of(stated)
    if known_unit(text):
        return text, None
    for mark in ("，", ",", "、", "：", ":", " "):
        body, _, last = text.rpartition(mark)
        if body and last.strip() and known_unit(last):
            return body.strip(), unit_of(last)
    return text, None


def split_words(text: str) -> tuple[str, str | None, dict[str, str]]:
    """A heading without its last brackets of unit and basis, and what those say: ``PM2.5(剔除沙尘)(μg/m3)``."""
    unit: str | None = None
    words: dict[str, str] = {}
    while True:
        body, found = split_unit(text)
        if found and unit is None:
            text, unit = body, found
            continue
        m = _BRACKET.search(text)
        said = basis_words(m[1]) if m and m.start() else {}
        if m is None or not said or said.keys() & words.keys():
            return text, unit, words
        text, words = text[: m.start()].strip(), {**words, **said}


def _bodies(text: str) -> tuple[str, ...]:
    """A heading without its unit alone: an alias may have brackets of its own."""
    return (split_unit(text)[0],)


@lru_cache(maxsize=8192)
def names_a_place(text: str) -> bool:
    """Whether a text is the heading of a column of places: only such a row may begin another table."""
    return normalise_name(text).replace("_", "") in _PLACES


def is_period(cell: Cell | Hole) -> bool:
    """Whether a cell is a period, if need be with a year from elsewhere."""
    try:
        parse_period(cell, year=2000)
    except PeriodError:
        return False
    return True
