"""One spelling to read, and the way back to the characters as they stand."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.normal import normalise


def test_full_width_becomes_half_width() -> None:
    """Digits, letters, brackets and commas have one width; Chinese stops and Roman numerals stay."""
    assert normalise("（ＰＭ２．５）３０％，Ⅰ—Ⅲ类。").text == "(PM2.5)30%,Ⅰ-Ⅲ类。"


def test_blanks_go_and_quotes_keep_them() -> None:
    """Spaces and zero-width characters are not read, but a quote has them."""
    normal = normalise("细颗粒物 浓度\u200b 30 微克")
    assert normal.text == "细颗粒物浓度30微克"
    assert normal.quote(0, len(normal.text)) == "细颗粒物 浓度\u200b 30 微克"


def test_a_character_that_becomes_two_leads_back_to_one() -> None:
    """㎡ is read as m2 and quoted as ㎡."""
    normal = normalise("12㎡以上")
    assert normal.text == "12m2以上"
    assert normal.quote(2, 4) == "㎡"


def test_digits_of_other_scripts_are_ours() -> None:
    """A number is always one of the digits that the rules know."""
    assert normalise("٢٥%").text == "25%"


def test_a_line_end_inside_a_sentence_goes() -> None:
    """A page's line end does not cut a sentence; a paragraph's does."""
    text = "到2025年,全市受污染耕地安全利用率达到百分之九十以上,农膜\n回收率达到85%以上,其余各项任务按期完成并通过验收。\n(二)任务"
    assert normalise(text).text.count("\n") == 1


@pytest.mark.parametrize("below", ["二、任务", "(三)措施", "1.工作", "责任单位:市生态环境局", "第五条 水"])
def test_a_heading_begins_a_line(below: str) -> None:
    """What looks like a heading or the offices stays on a line of its own."""
    above = "全市优良天数比例持续提升并稳定保持在全省前列"
    assert "\n" in normalise(f"{above}\n{below}").text


def test_table_cells_are_not_joined() -> None:
    """Tabs and bare numbers are cells, not a sentence that goes on."""
    assert normalise("全市地表水达到或好于三类水体的比例指标\t83\n90").text.count("\n") == 1
