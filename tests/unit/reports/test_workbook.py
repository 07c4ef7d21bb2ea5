"""A table as a workbook of text."""

from __future__ import annotations

import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dabiao.reports.workbook import xlsx_bytes

CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=12
).filter(lambda t: t == t.strip() and "_x" not in t)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_text_comes_back(rows: list[list[str]]) -> None:
    """Markup, quotes, formulas and Chinese are read back as they were written, and nothing but text is."""
    data = xlsx_bytes("dabiao", rows)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    back = sheet.to_python(skip_empty_area=False)
    assert all(isinstance(cell, str) for row in back for cell in row)
    for number, row in enumerate(rows):
        held = [str(c) for c in back[number]] if number < len(back) else []
        expected = [
            t.replace("\r\n", "\n").replace("\uffff", "\ufffd").replace("\ufffe", "\ufffd") for t in row
        ]
        assert held[: len(row)] + [""] * (len(row) - len(held)) == expected


def test_formulas_are_text_and_bytes_are_stable() -> None:
    """A cell that begins with = is a text; the same rows give the same bytes."""
    rows = [["=1+1", "\x00\x0b坏", "2024-03"]]
    assert xlsx_bytes("a", rows) == xlsx_bytes("a", rows)
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("a", rows))).active
    assert sheet is not None
    assert [c.data_type for c in sheet[1]] == ["inlineStr", "inlineStr", "inlineStr"] or [
        c.data_type for c in sheet[1]
    ] == ["s", "s", "s"]
    assert [c.value for c in sheet[1]] == ["=1+1", "\ufffd\ufffd坏", "2024-03"]
    assert {c.number_format for c in sheet[1]} == {"@"}
