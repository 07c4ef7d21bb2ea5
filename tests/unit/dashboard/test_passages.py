"""Where quotes stand in a text, also when they repeat, overlap or are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.plans.load import load
from dashboard.components.passage import Quoted, passage
from dashboard.passages import Span, cut, locate, occurrences

TEXT = "一、目标。降至30以下,力争达到28。二、任务。建成5座,力争达到28。三、力争达到28,力争达到28。"


def at(text: str, quotes: list[tuple[str, str]]) -> list[tuple[int, str]]:
    """Each located quote's key and words, with the place checked."""
    found = locate(text, quotes)
    for span in found:
        assert text[span.start : span.end] == quotes[span.key][1]
    return [(s.key, text[: s.start]) for s in found]


def test_a_quote_that_stands_once_is_found() -> None:
    """Its place is its place, whatever the order."""
    assert [s.start for s in locate(TEXT, [("二", "建成5座"), ("一", "降至30以下")])] == [
        TEXT.index("建成5座"),
        TEXT.index("降至30以下"),
    ]


def test_a_repeated_quote_is_taken_after_its_neighbour() -> None:
    """力争达到28 after 建成5座 is the second one, though the first stands earlier."""
    found = locate(TEXT, [("一", "降至30以下"), ("二", "建成5座"), ("二", "力争达到28")])
    assert found[2].start == TEXT.index("力争达到28", TEXT.index("建成5座"))


def test_two_clauses_with_the_same_words_have_two_places() -> None:
    """The same quote of another clause is the next one; of the same clause, the same one."""
    words = "力争达到28"
    found = locate(TEXT, [("一", words), ("一", words), ("二", words), ("三", words)])
    places = occurrences(TEXT, words)
    assert [s.start for s in found] == [places[0], places[0], places[1], places[2]]


def test_a_quote_that_is_not_there_has_no_place() -> None:
    """A missing or empty quote is left out, and the others stay."""
    assert [key for key, _ in at(TEXT, [("一", "没有这句"), ("一", ""), ("一", "降至30以下")])] == [2]


spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: (min(p), max(p))), max_size=8
).map(lambda pairs: [Span(i, a, b) for i, (a, b) in enumerate(pairs)])


@given(st.text(min_size=0, max_size=30), spans)
def test_the_pieces_are_the_text(text: str, given: list[Span]) -> None:
    """However quotes overlap, no character is lost or doubled, and each quote is whole in the pieces that carry it."""
    pieces = cut(text, given)
    assert "".join(p.text for p in pieces) == text
    for span in given:
        carried = "".join(p.text for p in pieces if span.key in p.keys)
        within = 0 <= span.start < span.end <= len(text)
        assert carried == (text[span.start : span.end] if within else "")
        assert (
            sum(span.key in p.begins for p in pieces) == sum(span.key in p.closes for p in pieces) == within
        )


def test_the_shortest_quote_comes_first_where_they_overlap() -> None:
    """A quote inside another is the one that its words lead to; both have their number."""
    pieces = cut("甲乙丙丁", [Span(0, 0, 4), Span(1, 1, 2)])
    assert [(p.text, p.keys) for p in pieces] == [("甲", (0,)), ("乙", (1, 0)), ("丙丁", (0,))]
    quoted = {0: Quoted(1, "/a", "a"), 1: Quoted(2, "/b", "b")}
    parts = passage("甲乙丙丁", [Span(0, 0, 4), Span(1, 1, 2)], quoted, "text").children
    assert isinstance(parts, list)
    shown = [p.to_plotly_json() for p in parts]
    assert [p["type"] for p in shown] == ["Mark", "Mark", "Sup", "Mark", "Sup"]
    links = [p["props"]["children"][-1].href for p in shown if p["type"] == "Mark"]
    assert links == ["/a", "/b", "/a"]
    assert "shared" in shown[1]["props"]["className"]


@pytest.mark.parametrize(
    "plan", ["panshi-2022", "huimin-2022", "yingtan-2021", "quanzhou-2022", "jilin-2024"]
)
def test_every_declared_quote_has_its_place(data: Path, plan: str) -> None:
    """In each plan all quotes are found, in the order in which the file has its targets' clauses."""
    declared = load(data)
    file = next(p for p in declared.plans if p.plan.id == plan)
    found = locate(declared.texts[plan], [(t.clause, t.quote) for t in file.targets])
    assert [s.key for s in found] == list(range(len(file.targets)))
