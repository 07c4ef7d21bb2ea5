"""Numbers, units, periods and lists as a person of either language writes them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from decimal import Decimal

from dabiao import i18n
from dabiao.domain.period import Period, PeriodKind
from dabiao.domain.rounding import plain, round_gbt8170, to_decimal

COMPARATORS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "=", "~=": "≈"}
_UNITS = {"µg/m3": "µg/m³", "km2": "km²", "m3/万元": "m³/万元"}
_UNITS_EN = {
    "个百分点": "pp",
    "个": "",
    "天": "days",
    "家": "",
    "条": "",
    "处": "",
    "人": "persons",
    "万亩": "×10⁴ mu",
    "元/亩": "yuan/mu",
    "次/年": "times a year",
    "次/半年": "times a half-year",
    "万吨/日": "×10⁴ t/d",
    "名": "",
    "吨": "t",
    "万吨标准煤": "×10⁴ tce",
    "吨标准煤/万元": "tce/10⁴ yuan",
    "万吨": "×10⁴ t",
    "吨/万元": "t/10⁴ yuan",
    "m3/万元": "m³/10⁴ yuan",
}


def number(value: Decimal | float, decimals: int | None = None) -> str:
    """A number with its own decimals, or rounded by GB/T 8170 to ``decimals``."""
    if decimals is None:
        return plain(value)
    return format(round_gbt8170(to_decimal(value), decimals), "f")


def unit(name: str | None, lang: str) -> str:
    """A unit to stand behind a number, with its space where one is due: ``97.8%``, ``27 µg/m³``, ``8万亩``."""
    if name is None:
        return ""
    if name == "%":
        return "%"
    if lang == "en":
        shown = _UNITS_EN.get(name, _UNITS.get(name, name))
        return f" {shown}" if shown else ""
    shown = _UNITS.get(name, name)
    return f" {shown}" if shown[0].isascii() or shown[0] == "µ" else shown


def percent(probability: float) -> str:
    """A probability for a person: whole percent, never 0 % or 100 % for what is not certain."""
    if 0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1:
        return ">99%"
    return f"{round(100 * probability)}%"


def when(text: str | None, lang: str) -> str:
    """A deadline or period (``2025``, ``2022-06``, ``2022-10-04``, ``2026-01/2026-10``) in words."""
    if text is None:
        return i18n.text("when.never", lang)
    period = Period.parse(text)
    month = period.last % 12 + 1
    key = {
        PeriodKind.YEAR: "when.year",
        PeriodKind.MONTH: "when.month",
        PeriodKind.QUARTER: "when.quarter",
        PeriodKind.CUMULATIVE: "when.cumulative",
        PeriodKind.DAY: "when.day",
        PeriodKind.HOUR: "when.hour",
    }[period.kind]
    return i18n.text(
        key,
        lang,
        year=period.year,
        month=month,
        day=period.day,
        hour=period.hour,
        quarter=(month - 1) // 3 + 1,
        month_name=calendar.month_name[month],
    )


def listed(items: Iterable[str], lang: str) -> str:
    """Items joined as the language joins them."""
    return i18n.text("when.list", lang).join(items)


_HAN_THEN_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")
_LATIN_THEN_HAN = re.compile(r"(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")


def spaced(text: str) -> str:
    """A space between Chinese and Latin or digits, as official typesetting has it: ``2027 年 PM2.5 平均浓度``."""
    return _LATIN_THEN_HAN.sub(" ", _HAN_THEN_LATIN.sub(" ", text))
