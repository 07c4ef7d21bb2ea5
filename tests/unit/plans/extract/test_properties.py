"""What must hold for any text: quotes lead back, nothing crashes, and the width of letters does not matter."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import DabiaoError
from dabiao.plans.extract import Proposal, extract
from dabiao.plans.extract.normal import normalise
from tests.unit.plans.extract.passages import PASSAGES

WORDS = [
    "到2025年,", "2022年6月底前", "“十四五”期间,", "全市", "贵溪市、余江区", "PM2.5浓度", "森林覆盖率", "化肥、农药利用率", "完成", "新增", "达到",
    "控制在", "分别达到", "力争", "不低于", "比2020年下降", "30微克/立方米", "45.8%", "和45.22%", "每立方米30微克", "五分之一", "3个", "420公里", "以上", "以内", "左右",
    "。", ",", ";", "\n", "一、", "(二)", "第三条", "①", "(责任单位:市住建局)", "牵头单位:区发改委", "指标", "2020年", "2025年", "约束性", "\t", "——", "(", ")", "《", "“", "”", "基本消除", "劣Ⅴ类水体", " ",
]  # fmt: skip
plans = st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def proposals(text: str, catalogue: Catalogue) -> list[Proposal]:
    try:
        return extract(text, catalogue)
    except DabiaoError:
        return []


@slow
@example(text="完成30微克/立方米每立方米30微克贵溪市、余江区")
@given(text=st.one_of(plans, st.text(max_size=200)))
def test_any_text_is_read_without_a_crash_and_quotes_lead_back(text: str, catalogue: Catalogue) -> None:
    """Whatever comes, each quote stands in the text at its offset, character for character."""
    for found in proposals(text, catalogue):
        assert found.quote
        assert text[found.start : found.start + len(found.quote)] == found.quote


@slow
@given(text=st.text(max_size=120), data=st.data())
def test_every_stretch_leads_back(text: str, data: st.DataObject) -> None:
    """A stretch of the normal text is one piece of the original, in order."""
    normal = normalise(text)
    size = len(normal.text)
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    low, high = normal.span(start, end)
    assert 0 <= low <= high <= len(text)
    assert normal.quote(start, end) == text[low:high]
    if start < end:
        assert normalise(text[low:high]).text.replace("\n", "") != "" or text[low:high].strip() == ""


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def shape(found: list[Proposal]) -> list[tuple[object, ...]]:
    return [
        (p.start, p.end, p.indicator, p.comparator, p.value, p.unit, p.deadline, p.measure, p.region)
        for p in found
    ]


@slow
@given(text=plans)
def test_the_width_of_letters_does_not_matter(text: str, catalogue: Catalogue) -> None:
    """Full-width digits, letters and brackets give the same proposals at the same places."""
    assert shape(proposals(full_width(text), catalogue)) == shape(proposals(text, catalogue))


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p.name)
def test_passages_in_full_width_read_the_same(passage: object, catalogue: Catalogue) -> None:
    """The invented passages in full width give what they give in half width."""
    text: str = passage.text  # type: ignore[attr-defined]
    assert shape(proposals(full_width(text), catalogue)) == shape(proposals(text, catalogue))


def test_reading_twice_gives_the_same(catalogue: Catalogue) -> None:
    """Nothing of one reading is left for the next."""
    text = PASSAGES[0].text
    assert extract(text, catalogue) == extract(text, catalogue)


@pytest.mark.parametrize("piece", ["1 2 3 4%", "市住建局、", "达到3%,", "(甲", "“", "2025年"])
def test_a_text_without_stops_takes_no_unreasonable_time(piece: str, catalogue: Catalogue) -> None:
    """Ten times the text takes about ten times as long, whatever is repeated; a quadratic reader would hang here."""
    proposals(piece * 4_000, catalogue)
