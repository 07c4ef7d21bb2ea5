"""The words around a number: each row of the table, and the rules of docs/plan-files.md for the comparator."""

from __future__ import annotations

import pytest

from dabiao.domain.target import Comparator
from dabiao.plans.extract.comparing import compare, read_after, read_before
from dabiao.plans.extract.rules import AFTER, LEADS

WORDS = [(lead.name, word, lead.role) for lead in LEADS for word in lead.words]


@pytest.mark.parametrize(("name", "word", "role"), WORDS)
def test_a_word_before_a_number_is_taken_off_its_phrase(name: str, word: str, role: str) -> None:
    """Every word of the table is recognised at the end of a phrase; what is left is the phrase."""
    found = read_before(f"森林盖度{word}")
    assert found.phrase == "森林盖度"
    assert found.roles


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [("about", "左右", "about"), ("or_more", "及以上", "ge"), ("or_less", "以内", "le")],
)
def test_a_word_after_a_number(name: str, text: str, role: str) -> None:
    """以上, 以内 and 左右 stand right behind the number."""
    assert read_after(text)[0] == role
    assert name in {rule for rule, *_ in AFTER}


SENTENCES = [
    ("优良率达到84.9%以上", ">="),
    ("浓度不超过34微克", "<="),
    ("浓度低于19.2微克", "<"),
    ("比率优于97.8%", ">"),
    ("浓度优于35微克", "<"),
    ("增速超过2%", ">"),
    ("比例控制在1.3%以内", "<="),
    ("优良率控制在90%以上", ">="),
    ("浓度控制在33微克", "<="),
    ("比重提高到15%左右", "~="),
    ("覆盖率稳定在56.7%左右", "~="),
    ("利用率稳定在43%", "~="),
    ("利用率保持在95%以上", ">="),
    ("达标率保持100%", ">="),
    ("水质达标基本实现100%", "~="),
    ("浓度降至30微克", "<="),
    ("利用率达到45.8%", ">="),
    ("浓度为30微克", "<="),
    ("占比提升0.5个百分点", ">="),
]


@pytest.mark.parametrize(("text", "comparator"), SENTENCES)
def test_the_comparator_of_a_statement(text: str, comparator: str) -> None:
    """以上 and 不超过 include the value, 优于 and 低于 do not, a bare value is reached from the worse side, 左右 is about."""
    digits = next(i for i, c in enumerate(text) if c.isdigit())
    end = next(i for i in range(digits, len(text)) if not (text[i].isdigit() or text[i] == "."))
    unit = next(u for u in ("个百分点", "微克", "%") if text.startswith(u, end))
    before = read_before(text[:digits])
    after = read_after(text[end + len(unit) :])[0]
    found, _ = compare(
        before,
        after,
        lower="浓度" in text,
        share=unit == "%",
        hundred=text[digits:end] == "100" and unit == "%",
    )
    assert found == Comparator(comparator)


def test_a_baseline_year_is_taken_off_the_phrase() -> None:
    """比2020年各减少 leaves the indicator and keeps the year."""
    found = read_before("化肥、农药使用量比2020年各减少")
    assert (found.phrase, found.baseline) == ("化肥、农药使用量", "2020")
    assert found.has("down")
    assert found.has("each")


def test_a_date_between_indicator_and_number_is_taken_off() -> None:
    """率到2025年达到 leaves the rate."""
    assert read_before("森林覆盖率到2025年达到").phrase == "森林覆盖率"


def test_a_word_that_leads_nothing_leaves_the_phrase_whole() -> None:
    """A bare phrase stays as it is and states nothing."""
    found = read_before("受污染耕地安全利用率")
    assert (found.phrase, found.states) == ("受污染耕地安全利用率", False)
