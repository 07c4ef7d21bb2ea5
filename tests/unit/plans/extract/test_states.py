"""Targets without a number: every rule has an example, and exhortations are none."""

from __future__ import annotations

import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError
from dabiao.plans.extract import Proposal, extract
from dabiao.plans.extract.states import RULES

EXAMPLES = [
    ("handed_down", "挥发性有机物减排量完成省下达目标任务", Measure.DELEGATED),
    ("own_schedule", "单位能耗达到“十四五”规划时序进度要求", Measure.DELEGATED),
    ("demands_of_above", "重金属排放量下降比例达到省和市的要求", Measure.DELEGATED),
    ("counted_elsewhere", "完成清洁生产审核任务", Measure.DELEGATED),
    ("advanced_level", "单位产品能耗达到国家能耗限额标准先进值", Measure.DELEGATED),
    ("all_covered", "实现城镇污水管网全覆盖", Measure.QUALITATIVE),
    ("basically_removed", "基本消除重污染天气", Measure.QUALITATIVE),
    ("removed", "取缔非法销售烟花爆竹网点", Measure.QUALITATIVE),
    ("kept_away", "城市黑臭水体实现长治久清", Measure.QUALITATIVE),
    ("well_kept", "河湖生态用水得到有效保障", Measure.QUALITATIVE),
    ("class_reached", "环境空气质量全面达到国家二级标准", Measure.QUALITATIVE),
    ("wholly_done", "基本建成美丽海湾", Measure.QUALITATIVE),
    ("wholly_after", "反馈问题按期整改到位", Measure.QUALITATIVE),
    ("done", "完成永春县生活垃圾焚烧处理项目", Measure.QUALITATIVE),
    ("done_by", "其他污染源于2025年底前完成", Measure.QUALITATIVE),
    ("realised", "实现功能区声环境质量自动监测", Measure.QUALITATIVE),
    ("draws_up", "编制岸线保护与利用规划", Measure.QUALITATIVE),
    ("resolves", "2023年解决集中居住区域污水直排问题", Measure.QUALITATIVE),
    ("delineates", "划定地下水型饮用水水源补给区", Measure.QUALITATIVE),
    ("builds", "建设生态环境综合监管平台", Measure.QUALITATIVE),
    ("named_a_model", "将洛阳江打造成美丽河流样板", Measure.QUALITATIVE),
    ("trend", "固体废物产生强度明显下降", Measure.QUALITATIVE),
]


def read(text: str, catalogue: Catalogue) -> list[Proposal]:
    try:
        return extract(f"某市实施方案(2022-2025年)\n一、任务\n{text}。", catalogue)
    except DabiaoError:
        return []


@pytest.mark.parametrize(("rule", "text", "measure"), EXAMPLES)
def test_a_state_rule_reads_its_words(rule: str, text: str, measure: Measure, catalogue: Catalogue) -> None:
    """A finishable state is qualitative, a number in another document delegated; neither has a value."""
    [found] = read(text, catalogue)
    assert (found.rules[0], found.measure, found.value) == (f"state:{rule}", measure, None)
    assert found.quote == text


def test_every_state_rule_has_an_example() -> None:
    """No rule stands in the table untried."""
    assert {r.name for r in RULES} == {name for name, *_ in EXAMPLES}


@pytest.mark.parametrize(
    "text",
    [
        "加强组织领导",
        "推进生态环境治理体系建设",
        "持续推进重点行业清洁生产改造",
        "深入贯彻党的二十大精神",
        "未依法完成调查的地块不得开工",
        "着力打好重污染天气消除攻坚战",
        "鼓励建设绿色工厂",
    ],
)
def test_an_exhortation_is_no_target(text: str, catalogue: Catalogue) -> None:
    """加强, 推进 and 鼓励 name nothing that could be finished."""
    assert read(text, catalogue) == []


def test_a_delegated_list_is_split(catalogue: Catalogue) -> None:
    """Two pollutants handed down in one sentence are two targets."""
    found = read("化学需氧量、氨氮重点工程减排量完成省下达目标任务", catalogue)
    assert [p.indicator for p in found] == ["cod_project_reduction", "nh3n_project_reduction"]


def test_two_states_that_lost_their_comma_are_two(catalogue: Catalogue) -> None:
    """环境空气质量全面达到国家二级标准重污染天气基本消除 states two things."""
    found = read("环境空气质量全面达到国家二级标准重污染天气基本消除", catalogue)
    assert [p.quote for p in found] == ["环境空气质量全面达到国家二级标准", "重污染天气基本消除"]
