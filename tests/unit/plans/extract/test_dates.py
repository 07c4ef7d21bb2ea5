"""The date tables: every spelling and every role has an example, and the plan's own period is found."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.dates import ROLES, RULES, dates, plan_period

SPELLINGS = [
    ("day", "2022年6月30日前", "2022-06-30"),
    ("month", "2022年6月底前", "2022-06"),
    ("month_lost_year_sign", "20226月底前", "2022-06"),
    ("quarter", "2021年1季度", "2021-03"),
    ("quarter", "2021年第四季度", "2021-12"),
    ("half_year", "2023年上半年", "2023-06"),
    ("span", "2022-2025年间", "2025"),
    ("year", "到2025年底", "2025"),
    ("five_year_plan", "“十四五”末期", "2025"),
    ("five_year_plan", "“十五五”期间", "2030"),
]


@pytest.mark.parametrize(("rule", "text", "value"), SPELLINGS)
def test_a_date_rule_reads_its_spelling(rule: str, text: str, value: str) -> None:
    """A year's end is the year, a month's end the month, a quarter its last month."""
    [found] = dates(text)
    assert (found.rule, found.value, found.role) == (rule, value, "deadline")


def test_every_date_rule_has_an_example() -> None:
    """No spelling stands in the table untried."""
    assert {r.name for r in RULES} == {name for name, *_ in SPELLINGS}


ROLE_EXAMPLES = [
    ("compared", "比2020年下降10%", "baseline"),
    ("compared_bare", "较2020年水平", "baseline"),
    ("start", "从2022年起实施", "start"),
    ("named_report", "2020年长江经济带警示片披露的问题", "other"),
    ("according_to", "按照2029年实现碳达峰的总要求", "other"),
    ("printed_day", "时间:2022年9月15日", "other"),
]


@pytest.mark.parametrize(("rule", "text", "role"), ROLE_EXAMPLES)
def test_a_year_that_is_no_deadline(rule: str, text: str, role: str) -> None:
    """A baseline, a start and somebody else's year bind nothing."""
    assert [d.role for d in dates(text)] == [role]


def test_every_role_has_an_example() -> None:
    """No role stands in the table untried."""
    assert {name for name, *_ in ROLES} == {name for name, *_ in ROLE_EXAMPLES}


def test_years_of_other_documents_are_none() -> None:
    """The years of a document named in the text are not this plan's."""
    assert dates("落实《建设规划纲要(2024-2035年)》") == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("某市攻坚战实施方案(2022-2025年)\n到2035年", (2022, 2025)),
        ("2021年全市生态环境保护工作要点\n到2025年", (2021, 2021)),
        ("某市“十四五”生态环境保护规划\n2020年", (2021, 2025)),
        ("落实《规划纲要(2024-2035年)》,制定本方案。到2027年,甲。到2027年,乙。到2025年,丙。", (2025, 2027)),
        ("2025年,甲。2025年,乙。2035年,愿景。", (2025, 2025)),
    ],
)
def test_the_plans_period(text: str, period: tuple[int, int]) -> None:
    """The title's years decide, else the year that most deadlines name; a far vision does not."""
    assert plan_period(text) == period


def test_no_year_no_period() -> None:
    """Without any year there is no period."""
    assert plan_period("加强组织领导。") is None
