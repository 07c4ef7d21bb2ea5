"""Values: numbers as offices print them, missing marks, qualifiers, units."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.ingest.readers.interface import HOLE, Hole
from dabiao.ingest.units import converted, same_unit, unit_of
from dabiao.ingest.values import NotAValueError, parse_value

FULL_WIDTH = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")
NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)


@given(
    number=NUMBERS,
    full=st.booleans(),
    thousands=st.booleans(),
    percent=st.booleans(),
    mark=st.sampled_from(["", "*", "①", "[1]", "²"]),
)
def test_one_number_however_printed(
    number: Decimal, full: bool, thousands: bool, percent: bool, mark: str
) -> None:
    """Full width, thousands marks, a percent sign and a footnote mark change nothing of the number, and its decimals stay."""
    text = format(number, ",f" if thousands else "f") + ("%" if percent else "")
    found = parse_value((text.translate(FULL_WIDTH) if full else text) + mark)
    assert found.number == number
    assert found.number is not None
    assert found.number.as_tuple().exponent == number.as_tuple().exponent
    assert found.unit == ("%" if percent else None)
    assert (found.footnote or "") == mark


@given(number=st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: round(x, 4)))
def test_a_float_cell_is_read_as_the_spreadsheet_shows_it(number: float) -> None:
    """A binary float becomes the decimal that a person sees in the cell, not its binary neighbour."""
    assert parse_value(number).number == Decimal(str(number)) or abs(number) < 1e-4


@given(st.text(max_size=30))
def test_any_text_is_a_value_missing_or_refused(text: str) -> None:
    """Whatever stands in a cell is a number, a missing mark or a refusal with a code; never another error, never NaN."""
    with contextlib.suppress(NotAValueError):
        found = parse_value(text)
        assert found.number is None or found.number.is_finite()


@pytest.mark.parametrize(
    "mark",
    [
        "",
        " ",
        "—",
        "——",
        "－",
        "-",
        "/",
        "…",
        "……",
        "NaN",
        "_",
        "断流未监测",
        "断流",
        "缺测",
        "因有效监测天数不足,未进行优良天数比例统计",
        "有效监测天数松原市为30天",
        "...",
        "无有效数据",
        "——①",
        None,
    ],
)
def test_missing_marks_keep_their_word(mark: str | None) -> None:
    """A missing mark is a missing value that keeps its word; it is never 0."""
    found = parse_value(mark)
    assert found.number is None
    assert found.printed == (mark or "").strip()


@pytest.mark.parametrize(
    ("text", "number", "qualifier", "unit"),
    [
        ("98%以上", "98", ">=", "%"),
        ("98以上", "98", ">=", None),
        ("≥98%", "98", ">=", "%"),
        ("不低于98％", "98", ">=", "%"),
        ("45%左右", "45", "~", "%"),
        ("约45%", "45", "~", "%"),
        ("35以下", "35", "<=", None),
        ("35μg/m³以内", "35", "<=", "µg/m3"),
        ("<0.5", "0.5", "<=", None),
        ("19.60μg/m³", "19.60", None, "µg/m3"),
        ("0.012 mg/m3", "0.012", None, "mg/m3"),
        ("3.5个百分点", "3.5", None, "个百分点"),
        ("1 234.5", "1234.5", None, None),
        ("−3.5", "-3.5", None, None),
        ("35微克/立方米", "35", None, "µg/m3"),
        ("1.2万亩", "1.2", None, "万亩"),
        ("1.2万", "1.2", None, "万"),
        ("3亿", "3", None, "亿"),
        ("'35.2", "35.2", None, None),
        ('="35.2"', "35.2", None, None),
        ("97.4%注1", "97.4", None, "%"),
    ],
)
def test_qualifier_and_unit_are_taken_off(
    text: str, number: str, qualifier: str | None, unit: str | None
) -> None:
    """Words beside a number become a qualifier, its unit one spelling; the printed text stays."""
    found = parse_value(text)
    assert (str(found.number), found.qualifier and str(found.qualifier), found.unit, found.printed) == (
        number, qualifier, unit, text,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("61.%", "value_damaged"),
        ("12,5", "value_damaged"),
        ("1,2345", "value_damaged"),
        ("12 34", "value_damaged"),
        ("1.2.3", "value_damaged"),
        ("89.0—98.4", "value_unreadable"),
        ("全部达标", "value_in_words"),
        ("全面消除劣五类", "value_in_words"),
        ("并列第三", "value_is_rank"),
        ("第3名", "value_is_rank"),
        ("下降3.1%", "value_is_change"),
        ("持平", "value_is_change"),
        ("呼和浩特市(77.4%)", "value_with_name"),
        ("呼和浩特市（77.4%）、包头市（77.4%）", "value_with_name"),
        ("#DIV/0!", "cell_error"),
        ("#N/A", "cell_error"),
        ("Err:502", "cell_error"),
        (Hole("value_merged", "20"), "value_merged"),
        ("35(62)", "value_unreadable"),
        ("约45以上", "value_unreadable"),
        (True, "value_unreadable"),
        ("1e99", "value_too_large"),
        ("9" * 40, "value_too_large"),
        (date(2024, 3, 5), "value_is_date"),
        (HOLE, "formula_no_value"),
    ],
)
def test_not_guessed(cell: Any, code: str) -> None:
    """A lost digit, a decimal comma, a range, a date, words: refused by its own code, never read as something near."""
    with pytest.raises(NotAValueError) as refused:
        parse_value(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "spelling",
    ["μg/m3", "µg/m3", "ug/m3", "μg/m³", "微克/立方米", "微克/每立方米", "ＵＧ／Ｍ３", "μg·m-3", "(μg/m3)"],
)
def test_spellings_of_one_unit(spelling: str) -> None:
    """Both micro signs, u, superscripts, full width and Chinese are one unit."""
    assert unit_of(spelling) == "µg/m3"
    assert same_unit(spelling, "µg/m3")


def test_only_declared_conversions() -> None:
    """mg/m3 becomes µg/m3 with its digits kept; nothing else is converted, not even the other way."""
    assert str(converted(Decimal("0.012"), "mg/m3", "µg/m3")) == "12"
    assert str(converted(Decimal("0.0125"), "毫克/立方米", "μg/m³")) == "12.5"
    assert converted(Decimal(12), "µg/m3", "mg/m3") is None
    assert converted(Decimal(12), "个百分点", "%") is None
    assert str(converted(Decimal("1.2"), "亿吨", "万吨")) == "1.2E+4"
    assert converted(Decimal(12000), "亩", "万亩") == Decimal("1.2")
    assert converted(Decimal("1.2"), "万亩", "万亩") == Decimal("1.2")
    assert converted(Decimal("1.2"), "万", "") == 12000
    assert converted(Decimal("1.2"), "万亩", "万吨") is None
