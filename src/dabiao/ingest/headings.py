"""Headings as printed → what a column holds. Each spelling is declared once; one that could be two things is not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dabiao.domain.catalogue import Catalogue, normalise_name
from dabiao.domain.target import Indicator
from dabiao.ingest.periods import PeriodError, parse_period
from dabiao.ingest.readers.interface import Cell, Hole, shown
from dabiao.ingest.values import known_unit, unit_of

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
_BRACKET = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$")

Kind = Literal["blank", "field", "period", "indicator", "ambiguous", "unknown"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column holds.

    Attributes:
        printed: the heading as printed.
        kind: ``field`` (``name`` is its field), ``period`` (a value column of one period, or of a month that needs a year),
            ``indicator`` (a value column of one indicator), ``ambiguous`` (``among`` are the possibilities), or neither.
        unit: the unit that the heading gives in brackets.
    """

    column: int
    printed: str
    kind: Kind
    name: str = ""
    indicator: Indicator | None = None
    unit: str | None = None
    among: tuple[str, ...] = ()


def read_heading(column: int, cell: Cell | Hole, catalogue: Catalogue) -> Heading:
    """What one heading cell says; ``column`` is its 0-based place."""
    printed = " ".join(shown(cell).split())
    if not printed:
        return Heading(column, "", "blank")
    body, unit = split_unit(printed)
    texts = tuple(dict.fromkeys((printed, body)))
    for text in texts:
        if field := _BY_SPELLING.get(normalise_name(text).replace("_", "")):
            return Heading(column, printed, "field", field, unit=unit)
    if _is_period(cell):
        return Heading(column, printed, "period")
    for text in texts:
        looked = catalogue.find_indicator(text)
        if looked.found:
            return Heading(column, printed, "indicator", looked.found.id, looked.found, unit)
        if looked.among:
            return Heading(column, printed, "ambiguous", among=tuple(i.zh for i in looked.among))
    return Heading(column, printed, "unknown")


def split_unit(text: str) -> tuple[str, str | None]:
    """A heading and the unit in its last brackets: ``PM2.5(μg/m3)`` → ``("PM2.5", "µg/m3")``.

    Brackets that hold no declared unit stay: ``地表水优良水体比例(Ⅰ-Ⅲ类)``.
    """
    m = _BRACKET.search(text)
    if m and known_unit(m[1].removeprefix("单位").lstrip(":：")):
        return text[: m.start()].strip(), unit_of(m[1].removeprefix("单位").lstrip(":："))
    return text, None


def _is_period(cell: Cell | Hole) -> bool:
    try:
        parse_period(cell, year=2000)
    except PeriodError:
        return False
    return True
