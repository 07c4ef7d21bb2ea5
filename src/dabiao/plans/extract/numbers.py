"""Numbers with their units, wherever the unit stands: 30微克/立方米, 每立方米30微克, 五分之一, 10处, 24万吨/日, 20%-30%.

Which number is a target is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

UnitKind = Literal["share", "points", "level", "count", "time", "none"]


@dataclass(frozen=True, slots=True)
class UnitRule:
    """A unit as printed after the number (``pattern``) and as written in targets (``unit``)."""

    name: str
    pattern: str
    unit: str | None
    kind: UnitKind
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """A unit of which a part stands before the number: 每立方米 30 微克."""

    name: str
    before: str
    after: str
    unit: str
    kind: UnitKind = "level"


_PER_M3 = r"(?:/|每)?(?:立方米|m3|m³|标准立方米|Nm3)"

# fmt: off
UNITS: tuple[UnitRule, ...] = (
    UnitRule("points", r"个百分点|百分点", "个百分点", "points"),
    UnitRule("percent", r"%", "%", "share"),
    UnitRule("per_mille", r"‰", "‰", "share"),
    UnitRule("ug_m3", rf"(?:微克|[μu]g)(?:/|每){_PER_M3}", "µg/m3", "level"),
    UnitRule("mg_m3", rf"(?:毫克|mg)(?:/|每){_PER_M3}", "mg/m3", "level"),
    UnitRule("mg_l", r"(?:毫克|mg)(?:/|每)(?:升|L|l)", "mg/L", "level"),
    UnitRule("decibel", r"分贝|dB(?:\(A\))?", "dB", "level"),
    UnitRule("10k_km2", r"万(?:平方公里|平方千米|km2)", "万km2", "level"),
    UnitRule("m2_km", r"平方米/公里", "m2/km", "level"),
    UnitRule("km2", r"(?:平方公里|平方千米|km2|km²)", "km2", "level"),
    UnitRule("10k_m2", r"万(?:平方米|m2|㎡)", "万m2", "level"),
    UnitRule("m2_person", r"平方米/人", "m2/人", "level"),
    UnitRule("m2", r"(?:平方米|m2|㎡)", "m2", "level"),
    UnitRule("10k_mu_times", r"万亩次", "万亩次", "level"),
    UnitRule("10k_mu", r"万亩", "万亩", "level"),
    UnitRule("100m_m3", r"亿(?:立方米|方|m3)", "亿m3", "level"),
    UnitRule("10k_m3_day", r"万(?:立方米|m3)/?(?:每)?[日天]", "万m3/日", "level"),
    UnitRule("m3_gdp", r"(?:立方米|m3)/万元", "m3/万元", "level"),
    UnitRule("10k_m3", r"万(?:立方米|m3)", "万m3", "level"),
    UnitRule("m3", r"(?:立方米|m3)", "m3", "level"),
    UnitRule("10k_km", r"万(?:公里|千米)", "万km", "level"),
    UnitRule("km", r"(?:公里|千米|km)(?!/)", "km", "level"),
    UnitRule("cm", r"(?:厘米|cm)", "cm", "level"),
    UnitRule("mm", r"(?:毫米|mm)", "mm", "level"),
    UnitRule("steam", r"蒸吨(?:/(?:小)?时|/h)?", "蒸吨", "level"),
    UnitRule("coal_gdp", r"吨标准?煤/万元", "吨标准煤/万元", "level"),
    UnitRule("10k_coal", r"万吨标准?煤", "万吨标准煤", "level"),
    UnitRule("100m_ton", r"亿吨", "亿吨", "level"),
    UnitRule("10k_ton_day", r"万吨(?:/|每)[日天]", "万吨/日", "level"),
    UnitRule("10k_ton_year", r"万吨(?:/|每)年", "万吨/年", "level"),
    UnitRule("ton_day", r"吨(?:/|每)[日天]", "吨/日", "level"),
    UnitRule("ton_year", r"吨(?:/|每)年", "吨/年", "level"),
    UnitRule("ton_km2_month", r"吨/(?:月·平方公里|平方公里·月|\(?平方公里·月\)?)", "吨/(km2·月)", "level"),
    UnitRule("10k_ton", r"万吨", "万吨", "level"),
    UnitRule("ton", r"吨", "吨", "level"),
    UnitRule("10k_kwh", r"亿千瓦时", "亿千瓦时", "level"),
    UnitRule("10k_kw", r"万千瓦(?!时)", "万千瓦", "level"),
    UnitRule("kw", r"(?:千瓦|兆瓦|MW|GW)(?!时)", "kW", "level"),
    UnitRule("10k_ha", r"万公顷", "万公顷", "level"),
    UnitRule("ha", r"公顷", "公顷", "level"),
    UnitRule("mu", r"亩", "亩", "level"),
    UnitRule("100m_yuan", r"亿元", "亿元", "level"),
    UnitRule("yuan_mu", r"元/亩", "元/亩", "level"),
    UnitRule("10k_yuan", r"万元", "万元", "level"),
    UnitRule("yuan", r"元", "元", "level"),
    UnitRule("10k_things", r"万(辆|户|人|株|棵|台|套|座|个|家|头|只|次|处|口|尾|盏|眼)", None, "count"),
    UnitRule("100m_things", r"亿(尾|株|棵|粒|只)", None, "count"),
    UnitRule("rank", r"名(?:以内)", "名", "level"),
    UnitRule("months", r"个(?:工作日|月|季度|小时|年)", None, "time"),
    UnitRule("time", r"(?:年|月|日|号|时|点|周岁|岁|分钟|秒|小时|季度|世纪|周)", None, "time"),
    UnitRule("days", r"天", "天", "time"),
    UnitRule(
        "things",
        r"(个|家|座|条|处|套|辆|台|户|项|次|人|名|所|件|起|艘|只|株|棵|眼|口|支|片|批|头|宗|组|类|孔|段|组|盏|口井)",
        None,
        "count",
    ),
    UnitRule("score", r"分(?=以上|以下|左右|以内|[,;。)]|$)", "分", "level"),
    UnitRule("metre", r"米", "m", "level"),
    UnitRule("degree", r"(?:°C|度)", None, "time"),
    UnitRule(
        "lost_classifier",
        r"(?=行政村|自然村|建制镇|乡镇|社区|村庄|园区|企业|断面|水源地)",
        "个",
        "count",
    ),
)
# fmt: on
"""Units, tried in this order: the longer spelling before the one that it begins with."""

# fmt: off
PREFIXES: tuple[PrefixRule, ...] = (
    PrefixRule("per_m3_ug", r"每立方米", r"微克", "µg/m3"),
    PrefixRule("per_m3_mg", r"每立方米", r"毫克", "mg/m3"),
    PrefixRule("per_litre_mg", r"每升", r"毫克", "mg/L"),
    PrefixRule("per_mu_yuan", r"每亩(?:每年)?[\u4e00-\u9fff]{0,4}?", r"元", "元/亩"),
    PrefixRule("per_day_10k_ton", r"每[日天]", r"万吨", "万吨/日"),
    PrefixRule("per_day_ton", r"每[日天]", r"吨", "吨/日"),
    PrefixRule("per_person_m2", r"每人", r"平方米", "m2/人"),
)
# fmt: on

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = "零〇一二两三四五六七八九十百千万亿半"
_NUMBER = re.compile(
    rf"(?P<tenths>[一二三四五六七八九])成(?=以上|以下|左右|以内|[,;。的]|$)"
    rf"|(?P<den>[{_HAN}]+)分之(?P<num>[{_HAN}点]+)"
    rf"|(?P<low>{_ARABIC})(?:%|‰)?(?:-|至|到)(?P<high>{_ARABIC})"
    rf"|(?P<arabic>{_ARABIC})"
    rf"|(?P<han>[{_HAN}]+)(?=个|家|座|条|处|项|所|次|套|辆)"
)
_NOT_BEFORE = re.compile(r"[A-Za-z\d.〔第+/*]$")
_NOT_AFTER = re.compile(r"[A-Za-z+〕)]?$|[+〕]")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HUNDREDS = re.compile(r"百分之")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the text with its unit.

    Attributes:
        start: where it begins, with a unit part that stands before the number (每立方米).
        number: where the number itself begins.
        low: the lower end, where the text prints a range.
        flags: codes for ``uncertain``.
        rule: the unit rule that read it.
    """

    start: int
    number: int
    end: int
    value: Decimal
    unit: str | None
    kind: UnitKind
    rule: str
    low: Decimal | None = None
    flags: tuple[str, ...] = ()


def han_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral: 十二 → 12, 一百零五 → 105, 三点五 → 3.5; ``None`` if it is none."""
    whole, point, part = text.partition("点")
    total, section, digit = 0, 0, 0
    for char in whole:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char in "万亿":
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section = digit = 0
        else:
            return None
    if point and not all(c in _DIGITS for c in part):
        return None
    decimals = "".join(str(_DIGITS[c]) for c in part) if point else ""
    return Decimal(f"{total + section + digit}{'.' + decimals if decimals else ''}")


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Every number between two offsets that has a unit, or stands where a number without one may (系数0.585)."""
    stop = len(text) if end is None else end
    found = []
    for match in _NUMBER.finditer(text, start, stop):
        quantity = _read(text, match, start, stop)
        if quantity is not None:
            found.append(quantity)
    return found


def _read(text: str, match: re.Match[str], start: int, stop: int) -> Quantity | None:
    if _NOT_BEFORE.search(text[max(start, match.start() - 1) : match.start()]):
        return None
    after = text[match.end() : min(stop, match.end() + 16)]
    if match["tenths"]:
        tenths = Decimal(10 * _DIGITS[match["tenths"]])
        return Quantity(
            match.start(),
            match.start(),
            match.end(),
            tenths,
            "%",
            "share",
            "tenths",
            None,
            ("value_numeral",),
        )
    if match["den"]:
        return _fraction(match)
    flags: tuple[str, ...]
    low: Decimal | None = None
    if match["han"]:
        value, flags = han_number(match["han"]), ("value_numeral",)
    else:
        low = _decimal(match["low"]) if match["low"] else None
        value = _decimal(match["high"] or match["arabic"])
        flags = ("value_range",) if low is not None else ()
    if value is None:
        return None
    for prefix in PREFIXES:
        before = re.search(f"(?:{prefix.before})$", text[max(start, match.start() - 12) : match.start()])
        tail = re.match(prefix.after, after)
        if before and tail:
            begin = match.start() - len(before[0])
            return Quantity(
                begin,
                match.start(),
                match.end() + tail.end(),
                value,
                prefix.unit,
                prefix.kind,
                prefix.name,
                low,
                flags,
            )
    for unit in UNITS:
        tail = re.match(unit.pattern, after)
        if tail is None:
            continue
        written = unit.unit
        if written is None and unit.kind == "count":
            written = tail[0]
        more = ("unit_restored",) if unit.name == "lost_classifier" else ()
        return Quantity(
            match.start(),
            match.start(),
            match.end() + tail.end(),
            value,
            written,
            unit.kind,
            unit.name,
            low,
            flags + more,
        )
    if _NOT_AFTER.match(after) and after:
        return None
    return Quantity(match.start(), match.start(), match.end(), value, None, "none", "no_unit", low, flags)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _fraction(match: re.Match[str]) -> Quantity | None:
    """五分之一 is 20 %, 百分之九十五 is 95 %."""
    den, num = han_number(match["den"]), han_number(match["num"])
    if not den or num is None:
        return None
    value = num if match["den"] == "百" else (num * 100 / den).quantize(Decimal("0.1")).normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return Quantity(
        match.start(), match.start(), match.end(), value, "%", "share", "fraction", None, ("value_numeral",)
    )
