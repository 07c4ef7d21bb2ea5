"""docs/judging.md names every code that a status can come with, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dabiao import i18n
from dabiao.domain.assessment import Caution, Reason
from dabiao.domain.decision import Event

PAGE = (Path(__file__).parents[3] / "docs/judging.md").read_text("utf-8")


def first_column(heading: str, column: int = 0) -> set[str]:
    """The codes in one column of the table under a heading."""
    table = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return {code for line in table for code in re.findall(r"`([a-z_0-9]+)`", line.split("|")[column + 1])}


@pytest.mark.parametrize(
    ("heading", "column", "codes"),
    [("reason", 0, Reason), ("caution", 0, Caution), ("what happens", 1, Event)],
)
def test_every_code_is_documented(heading: str, column: int, codes: type) -> None:
    """One list of codes, the same in the program and on the page."""
    assert first_column(heading, column) == {str(c) for c in codes}


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_word(event: Event) -> None:
    """In both languages."""
    for lang in i18n.LANGS:
        assert i18n.text(f"event.{event}", lang)
