"""Which numbers are none of the plan's targets: each exclusion has an example, and near ones that are targets stay."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.admitting import excluded, kept
from dabiao.plans.extract.numbers import quantities
from dabiao.plans.extract.rules import EXCLUSIONS
from dabiao.plans.extract.segments import sentences

EXAMPLES = [
    ("scope_threshold", "排查流域面积1000平方公里以上河流"),
    ("scope_threshold", "城市建成区淘汰35蒸吨/小时及以下燃煤锅炉"),
    ("steam_boiler", "不再新建每小时35蒸吨燃煤锅炉"),
    ("duration", "自印发之日2个月内备案"),
    ("slogan", "实现“300米见绿”"),
    ("document_title", "落实《三十条5项措施》"),
    ("existing_state", "全县现有规模养殖场126家"),
    ("existing_state", "截至去年底,处理率达到96%"),
    ("baseline_value", "覆盖率由41.2%提高到42.5%"),
    ("daily_practice", "每天早晚洒水不少于2次"),
    ("walking_distance", "5公里左右乘坐公共交通"),
    ("fine", "处以5万元罚款"),
    ("yearly_step", "每年增加1元"),
]


def first_rule(text: str) -> str | None:
    [sentence] = sentences(text, 0, len(text))
    for q in quantities(text):
        piece = next(p for p in sentence.pieces if p.start <= q.start < p.end)
        found = excluded(text, q, piece, sentence)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_an_exclusion_takes_its_number_away(name: str, text: str) -> None:
    """A size that limits a scope, a duration, a slogan, what was: none is a target."""
    assert first_rule(text) == name


def test_every_exclusion_has_an_example() -> None:
    """No exclusion stands in the table untried."""
    assert {e.name for e in EXCLUSIONS} == {name for name, _ in EXAMPLES}


@pytest.mark.parametrize(
    "text",
    [
        "建成30个以上示范区",
        "60%以上的水利工程要确定生态流量目标",
        "浓度下降到27微克/立方米以下",
        "到2025年,已建成设施正常运行率达到85%以上",
        "重污染天数不超过2天",
    ],
)
def test_what_looks_alike_stays(text: str) -> None:
    """Things to be made, shares of things, and values with 以下 at the end are targets."""
    [sentence] = sentences(text, 0, len(text))
    assert len(kept(text, sentence)) == 1


def test_a_count_that_describes_an_indicator_is_none() -> None:
    """39个小流域考核断面…比例达93%以上 is one target: the share."""
    text = "39个小流域考核断面Ⅰ-Ⅲ类水体比例达93%以上"
    [sentence] = sentences(text, 0, len(text))
    assert [q.unit for q in kept(text, sentence)] == ["%"]
