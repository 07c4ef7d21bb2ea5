"""The number tables: every unit and prefix rule has an example here, and nothing else is read as a number with a unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dabiao.plans.extract.numbers import PREFIXES, UNITS, han_number, quantities

# rule, text, value, unit
EXAMPLES = [
    ("points", "提升0.5个百分点", "0.5", "个百分点"),
    ("percent", "达到45.8%和", "45.8", "%"),
    ("per_mille", "控制在3‰以内", "3", "‰"),
    ("ug_m3", "34微克/立方米", "34", "µg/m3"),
    ("ug_m3", "19.2ug/m3", "19.2", "µg/m3"),
    ("ug_m3", "35微克每立方米", "35", "µg/m3"),
    ("mg_m3", "50毫克/立方米", "50", "mg/m3"),
    ("mg_l", "1.5毫克/升", "1.5", "mg/L"),
    ("decibel", "60分贝以下", "60", "dB"),
    ("10k_km2", "1.35万平方公里", "1.35", "万km2"),
    ("m2_km", "80平方米/公里", "80", "m2/km"),
    ("km2", "1040平方公里", "1040", "km2"),
    ("10k_m2", "80万平方米", "80", "万m2"),
    ("m2", "13.5平方米", "13.5", "m2"),
    ("10k_mu_times", "80万亩次", "80", "万亩次"),
    ("10k_mu", "3000万亩", "3000", "万亩"),
    ("100m_m3", "3.5亿立方米", "3.5", "亿m3"),
    ("10k_m3_day", "2万立方米/日", "2", "万m3/日"),
    ("m3_gdp", "45立方米/万元", "45", "m3/万元"),
    ("10k_m3", "1200万立方米", "1200", "万m3"),
    ("m3", "900立方米", "900", "m3"),
    ("10k_km", "8万公里", "8", "万km"),
    ("km", "420公里", "420", "km"),
    ("cm", "10厘米", "10", "cm"),
    ("mm", "450毫米", "450", "mm"),
    ("steam", "35蒸吨/小时", "35", "蒸吨"),
    ("coal_gdp", "0.42吨标准煤/万元", "0.42", "吨标准煤/万元"),
    ("10k_coal", "320万吨标准煤", "320", "万吨标准煤"),
    ("100m_ton", "1.2亿吨", "1.2", "亿吨"),
    ("10k_ton_day", "24万吨/日", "24", "万吨/日"),
    ("10k_ton_year", "5万吨/年", "5", "万吨/年"),
    ("ton_day", "1500吨/日", "1500", "吨/日"),
    ("ton_year", "900吨/年", "900", "吨/年"),
    ("ton_km2_month", "5吨/月·平方公里", "5", "吨/(km2·月)"),
    ("10k_ton", "1.2万吨", "1.2", "万吨"),
    ("ton", "2600吨", "2600", "吨"),
    ("10k_kwh", "40亿千瓦时", "40", "亿千瓦时"),
    ("10k_kw", "5.7万千瓦", "5.7", "万千瓦"),
    ("kw", "500千瓦", "500", "kW"),
    ("10k_ha", "2.3万公顷", "2.3", "万公顷"),
    ("ha", "2300公顷", "2300", "公顷"),
    ("mu", "1500亩", "1500", "亩"),
    ("100m_yuan", "3.5亿元", "3.5", "亿元"),
    ("yuan_mu", "4元/亩", "4", "元/亩"),
    ("10k_yuan", "2000万元", "2000", "万元"),
    ("yuan", "300元", "300", "元"),
    ("m2_person", "12平方米/人", "12", "m2/人"),
    ("10k_things", "6.5万辆", "6.5", "万辆"),
    ("100m_things", "2亿尾", "2", "亿尾"),
    ("rank", "前3名以内", "3", "名"),
    ("months", "2个月", "2", None),
    ("time", "3年", "3", None),
    ("days", "310天", "310", "天"),
    ("things", "10处", "10", "处"),
    ("score", "达90分以上", "90", "分"),
    ("metre", "500米", "500", "m"),
    ("degree", "22度", "22", None),
    ("lost_classifier", "完成5行政村环境整治", "5", "个"),
    ("per_m3_ug", "每立方米30微克", "30", "µg/m3"),
    ("per_m3_mg", "每立方米50毫克", "50", "mg/m3"),
    ("per_litre_mg", "每升1.5毫克", "1.5", "mg/L"),
    ("per_mu_yuan", "每亩补助4元", "4", "元/亩"),
    ("per_day_10k_ton", "每日24万吨", "24", "万吨/日"),
    ("per_day_ton", "每天500吨", "500", "吨/日"),
    ("per_person_m2", "每人12平方米", "12", "m2/人"),
    ("fraction", "不少于五分之一警力", "20", "%"),
    ("fraction", "百分之三十五以上", "35", "%"),
    ("tenths", "不低于六成。", "60", "%"),
    ("no_unit", "系数0.585以上", "0.585", None),
]


@pytest.mark.parametrize(("rule", "text", "value", "unit"), EXAMPLES)
def test_a_unit_rule_reads_its_spelling(rule: str, text: str, value: str, unit: str | None) -> None:
    """Each unit is read in the way plans print it, before or after the number, and written in the targets' way."""
    [found] = quantities(text)
    assert (found.rule, str(found.value), found.unit) == (rule, value, unit)


def test_every_unit_rule_has_an_example() -> None:
    """A unit that no example shows is a unit that nobody has tried."""
    assert {r.name for r in UNITS} | {r.name for r in PREFIXES} <= {name for name, *_ in EXAMPLES}


def test_digits_stay_as_printed() -> None:
    """45.20 is not 45.2: the printed precision is what binds."""
    assert str(quantities("达到45.20%")[0].value) == "45.20"


def test_thousands_commas_are_no_cut() -> None:
    """1,040 is one number."""
    assert quantities("面积1,040平方公里")[0].value == Decimal(1040)


def test_a_range_keeps_both_ends() -> None:
    """20%-30% is one quantity with a lower and an upper end, flagged."""
    [found] = quantities("提高20%-30%")
    assert (found.low, found.value, found.flags) == (Decimal(20), Decimal(30), ("value_range",))


@pytest.mark.parametrize(
    "text", ["PM2.5浓度", "G331沿线", "“5+1”模式", "第3号", "O3协同", "〔2022〕28号", "1+3+N"]
)
def test_numbers_inside_names_are_none(text: str) -> None:
    """A digit that is part of a name or a document number measures nothing."""
    assert [q for q in quantities(text) if q.unit is not None] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("十二", "12"), ("一百零五", "105"), ("三点五", "3.5"), ("两千", "2000"), ("三万五千", "35000")],
)
def test_chinese_numerals(text: str, value: str) -> None:
    """Chinese numerals are read by their places."""
    assert str(han_number(text)) == value


def test_a_chinese_word_is_no_numeral() -> None:
    """What is not made of numerals alone has no value."""
    assert han_number("若干") is None
