"""Who answers: every way of naming has an example, as printed, 牵头 apart from 责任."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.offices import RULES, offices

EXAMPLES = [
    (
        "bracketed_keys",
        "完成改造(牵头单位:省工信厅;责任单位:省发改委、省财政厅)。",
        ("省工信厅",),
        ("省发改委", "省财政厅"),
    ),
    ("bracketed_keys", "完成改造(责任单位:市住建局、城管局等按职责分工)", (), ("市住建局", "城管局")),
    ("unopened_keys", "完成改造。\n牵头单位:区住建局(负责供热)\n", ("区住建局",), ()),
    ("unopened_keys", "完成改造。责任单位:市委办公室、市生态环境局)", (), ("市委办公室", "市生态环境局")),
    ("bracketed_duty", "完成改造。(县住建局牵头,县发改局参与)", ("县住建局",), ("县发改局",)),
    ("bracketed_duty", "完成改造。(区商务局、区发改局负责)", (), ("区商务局", "区发改局")),
    ("closing_sentence", "完成改造。发改局、市住建局按职责分工负责", (), ("发改局", "市住建局")),
    ("closing_sentence", "完成改造。市生态环境分局牵头,市水利局参与", ("市生态环境分局",), ("市水利局",)),
    ("run_on", "达到90%以上市生态环境分局、市发改局按职责分工负责", (), ("市生态环境分局", "市发改局")),
]


@pytest.mark.parametrize(("rule", "text", "lead", "responsible"), EXAMPLES)
def test_a_way_of_naming(rule: str, text: str, lead: tuple[str, ...], responsible: tuple[str, ...]) -> None:
    """Offices are read at the end of a clause, in brackets or on lines of their own, whole and as printed."""
    [found] = offices(text, 0, len(text))
    assert (found.rule, found.lead, found.responsible) == (rule, lead, responsible)


def test_every_way_has_an_example() -> None:
    """No way of naming stands in the table untried."""
    assert {r.name for r in RULES} == {name for name, *_ in EXAMPLES}


def test_offices_never_swallow_the_value_before_them() -> None:
    """With the full stop lost, 以上 belongs to the number, not to the first office."""
    text = "利用率达到90%以上市生态环境分局、市发改局按职责分工负责"
    assert offices(text, 0, len(text))[0].start == text.index("市生态")


def test_a_general_remark_is_no_office() -> None:
    """各县(市)…负责落实,下同,不再列出 names nobody."""
    text = "(牵头单位:省自然资源厅;各市(州)、县(市、区)人民政府负责落实,下同,不再列出)"
    assert offices(text, 0, len(text))[0].lead == ("省自然资源厅",)


def test_glued_offices_are_parted() -> None:
    """A lost 、 between two offices is seen."""
    text = "完成。市自然资源局市财政局、市水利局按职责分工负责"
    assert offices(text, 0, len(text))[0].responsible == ("市自然资源局", "市财政局", "市水利局")
