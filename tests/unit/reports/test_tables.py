"""CSV that leaves: opened by a spreadsheet it shows what was meant and runs nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.reports.tables import BOM, FORMULA_STARTS, csv_bytes

# a lone surrogate is no text that UTF-8 can carry
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
RISKY = st.builds(str.__add__, st.sampled_from(FORMULA_STARTS), TEXT)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(st.one_of(TEXT, RISKY), min_size=1, max_size=5))
def test_no_text_cell_opens_as_a_formula(texts: list[str]) -> None:
    """No cell made from text begins with a sign that a spreadsheet would run, and only an apostrophe was added."""
    headings, cells = read(csv_bytes(texts, [texts]))
    for shown in (headings, cells):
        for given_text, written in zip(texts, shown, strict=True):
            assert not written.startswith(FORMULA_STARTS)
            risky = given_text.startswith(FORMULA_STARTS)
            assert written == (f"'{given_text}" if risky else given_text)


@given(
    st.lists(
        st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=5
    )
)
def test_numbers_stay_numbers(numbers: list[int | float]) -> None:
    """A number, negative ones too, is written alone, without quotes, apostrophe or exponent, and reads back equal."""
    content = csv_bytes(["n"] * len(numbers), [numbers])
    line = content.decode("utf-8-sig").split("\r\n")[1]
    assert not {"'", '"', "e", "E"} & set(line)
    assert [float(cell) for cell in read(content)[1]] == [float(n) for n in numbers]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_decimals_are_kept_as_printed(value: Decimal) -> None:
    """A Decimal keeps its trailing zeros: 27.00 is not 27."""
    assert read(csv_bytes(["v"], [[value]]))[1] == [format(value, "f")]


def test_what_is_no_number_is_empty() -> None:
    """None, NaN and infinity leave an empty cell, never a word that a spreadsheet would sort among the numbers."""
    row = [None, float("nan"), float("inf"), Decimal("NaN"), True, date(2026, 2, 28)]
    assert read(csv_bytes(list("abcdef"), [row]))[1] == ["", "", "", "", "true", "2026-02-28"]


def test_bytes_open_with_bom_and_lines_end_with_crlf() -> None:
    """The file opens with a UTF-8 BOM and every line ends with CRLF, so that Excel shows Chinese as Chinese."""
    assert csv_bytes(["目标", "值"], [["细颗粒物", -1]]) == BOM + "目标,值\r\n细颗粒物,-1\r\n".encode()


def test_a_row_of_another_width_is_refused() -> None:
    """A row that does not fit the headings is a wrong program, not a shifted table."""
    with pytest.raises(ValueError, match="row 2 has 1 cells"):
        csv_bytes(["a", "b"], [[1, 2], [3]])


def test_breaks_and_quotes_come_back_whole() -> None:
    """Commas, quotes and line breaks inside a cell survive the way through the file."""
    text = '他说"好",\r\n然后\n走了'
    assert read(csv_bytes(["t"], [[text]]))[1] == [text]
