"""Headings in every style, their chain, and what they say about the text below."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.normal import normalise
from dabiao.plans.extract.outline import MARKERS, outline

BODY = "深入推进相关工作落地见效并长期坚持。"

STYLES = [
    ("chapter", "第一章总则\n"),
    ("section", "第二节目标\n"),
    ("article", "第十条加强管理。"),
    ("han_comma", "三、主要任务\n"),
    ("han_brackets", "(四)强化治理。"),
    ("han_half_bracket", "十)强化宣传。"),
    ("decimal", "2.1工业噪声。"),
    ("digit", "5.推进清洁生产。"),
    ("digit_brackets", "(2)提升水平。"),
    ("digit_half_bracket", "3)提高标准。"),
    ("circled", "①推进治理。"),
    ("lost_number", "、强化防控\n"),
    ("annex", "附件1:指标表\n"),
]


@pytest.mark.parametrize(("name", "heading"), STYLES)
def test_a_style_of_heading_opens_a_clause(name: str, heading: str) -> None:
    """Each style is recognised at the head of a line, and its words are the clause's title."""
    found = outline(normalise(f"前文若干。\n{heading}{BODY}"))
    assert len(found) == 2
    assert found[1].title and found[1].title in heading


def test_every_style_has_an_example() -> None:
    """No style stands in the table untried."""
    assert {m.name for m in MARKERS} == {name for name, _ in STYLES}


def labels(text: str) -> list[str]:
    return [c.label for c in outline(normalise(text))]


def test_the_chain_is_markers_and_the_last_title() -> None:
    """一、总体要求 and below it (三)主要目标 are 一、(三)主要目标."""
    assert labels(f"一、总体要求\n(三)主要目标\n{BODY}")[-1] == "一、(三)主要目标"


def test_a_style_seen_before_closes_what_is_open() -> None:
    """二、 ends 一、(三), and 1. goes below whatever is open."""
    text = f"一、要求\n(一)思想\n{BODY}\n二、任务\n(一)大气\n1.工业源。{BODY}\n2.移动源。{BODY}"
    assert labels(text)[-2:] == ["二、(一)1.工业源", "二、(一)2.移动源"]


def test_headings_inside_a_paragraph_count() -> None:
    """Where line breaks are lost, a marker after a full stop opens a clause."""
    assert labels(f"一、目标。{BODY}(二)任务。{BODY}")[-1].endswith("(二)任务")


def test_a_list_item_has_no_title() -> None:
    """An item that is itself a statement is not a heading: its clause is named by the heading above."""
    assert (
        labels("二、目标\n(一)环境质量方面\n1、全市优良率达到90%以上,力争达到91%;")[-1]
        == "二、(一)环境质量方面"
    )


def test_goals_and_past_are_known_by_their_headings() -> None:
    """规划目标 lists goals, “十三五”成效 tells what was."""
    found = outline(normalise(f"第一节 规划目标\n{BODY}\n第二节 “十三五”成效\n{BODY}"))
    assert [(c.goals, c.past) for c in found] == [(True, False), (False, True)]


def test_a_row_of_a_table_is_no_heading() -> None:
    """The number at the head of a table's row opens nothing."""
    normal = normalise("一、目标\n1优良率(%)80\n")
    assert len(outline(normal, [(5, len(normal.text))])) == 1
