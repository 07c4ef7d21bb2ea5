"""Every colour that carries meaning can be told from what it stands on, in both themes (WCAG 2.2: 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dashboard
from dabiao.domain.assessment import Status
from dashboard import theme
from dashboard.theme import MARKS, TOKENS, Theme, contrast, hatch, ink_on, mix

THEMES: tuple[Theme, ...] = ("light", "dark")
TEXT, GRAPHICS = 4.5, 3.0


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: Theme) -> None:
    """Ink, quiet ink and links reach 4.5:1 on every ground that they stand on."""
    tokens = TOKENS[name]
    for ground in (tokens.page, tokens.surface, tokens.raised, mix(tokens.accent, tokens.surface, 0.07)):
        for colour in (tokens.ink, tokens.soft, tokens.accent):
            assert contrast(colour, ground) >= TEXT, (colour, ground)


@pytest.mark.parametrize("name", THEMES)
def test_lines_of_a_chart_can_be_seen(name: Theme) -> None:
    """What a chart draws reaches 3:1 on its ground, the target's label 4.5:1."""
    tokens = TOKENS[name]
    for colour in (tokens.accent, tokens.target, tokens.schedule, tokens.other, tokens.control):
        assert contrast(colour, tokens.surface) >= GRAPHICS, colour
    assert contrast(tokens.target, tokens.surface) >= TEXT


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("status", list(Status))
def test_a_status_can_be_read(status: Status, name: Theme) -> None:
    """A status's word reaches 4.5:1 on its badge, plain or hatched, and its shape 3:1 on the page and on its tile."""
    tokens, mark = TOKENS[name], MARKS[status]
    for ground in (tokens.surface, tokens.page, mix(mark.colour(name), tokens.surface, 0.14)):
        assert contrast(mark.colour(name), ground) >= GRAPHICS
    assert contrast(mark.colour(name), tokens.surface) >= TEXT
    for stripe in hatch(status, name):
        assert contrast(ink_on(status, name), stripe) >= TEXT
    if mark.emphasis == "filled":
        assert contrast(tokens.on_fill, mark.colour(name)) >= TEXT


def test_no_two_statuses_share_a_shape() -> None:
    """Without colour, every status still looks different."""
    assert set(MARKS) == set(Status)
    assert len({m.path for m in MARKS.values()}) == len({m.glyph for m in MARKS.values()}) == len(Status)


def test_red_is_kept_for_what_needs_action() -> None:
    """Only missed and off-track targets are drawn in red and filled."""
    red = {s for s, m in MARKS.items() if m.light == MARKS[Status.MISSED].light}
    assert red == {s for s, m in MARKS.items() if m.emphasis == "filled"} == {Status.MISSED, Status.OFF_TRACK}


def test_the_contrast_formula_is_the_standards() -> None:
    """Black on white is 21:1, and #767676 on white is the well-known first grey above 4.5."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_the_style_sheet_names_no_colour() -> None:
    """Colours stand in one table: the style sheet only refers to it."""
    sheet = (Path(dashboard.__file__).parent / "assets" / "style.css").read_text("utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*})|\brgba?\(|\bhsla?\(", sheet)
    for token in ("--accent", "--s-missed", "--surface"):
        assert f"{token}:" in theme.css()
