"""The settings of alerts: each spelling at its border."""

from __future__ import annotations

from pathlib import Path

import pytest

from dabiao.assess.alert_policy import Level, parse_evidence, parse_levels, parse_starts
from dabiao.errors import SettingsError
from tests.factories import settings_of


@pytest.mark.parametrize(("text", "found"), [("2 of 3", (2, 3)), (" 1 of 1 ", (1, 1)), ("3 of 3", (3, 3))])
def test_evidence(text: str, found: tuple[int, int]) -> None:
    """So many of the last so many days."""
    assert parse_evidence(text) == found


@pytest.mark.parametrize(
    "text", ["", "2", "0 of 3", "4 of 3", "2/3", "two of three", "-1 of 3", "2 of 3 days"]
)
def test_evidence_that_is_none(text: str) -> None:
    """No days, more than there are, or another spelling is refused with an example."""
    with pytest.raises(ValueError, match="2 of 3"):
        parse_evidence(text)


def test_levels() -> None:
    """Both names and the months of each level, lowest first; a name may have spaces."""
    assert parse_levels("关注/Attention 0, 约谈 建议/Talk advised 6") == (
        Level("关注", "Attention", 0),
        Level("约谈 建议", "Talk advised", 6),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "关注 0",
        "关注/Attention",
        "关注/Attention 1",
        "关注/Attention 0, 预警/Warning 0",
        "关注/Attention 0, 预警/Warning 3, 通报/Notice 2",
        "关注/Attention 0, 关注/Warning 2",
        "关注/Attention 0, 预警/Attention 2",
        "关注/Attention 0,, 预警/Warning 2",
        "关注/Attention -1",
    ],
)
def test_levels_that_are_none(text: str) -> None:
    """A level that lacks something, a ladder that does not rise from 0 months, or one name twice is refused."""
    with pytest.raises(ValueError, match="level"):
        parse_levels(text)


@pytest.mark.parametrize(
    "text",
    [
        "off_track 1",
        "off_track 1, reopened 1, provisional 2, missed 5",
        "off_track 0, reopened 1, provisional 2, missed 3",
        "off_track 1, off_track 1, provisional 2, missed 3",
        "off_track 1, reopened 1, provisional 2, met 3",
        "off_track one, reopened 1, provisional 2, missed 3",
    ],
)
def test_starts_that_are_none(text: str) -> None:
    """Every kind has a first level, once, and it is one of those that there are."""
    with pytest.raises(ValueError, match="level"):
        parse_starts(text, 4)


def test_the_settings_are_checked_together(tmp_path: Path) -> None:
    """A first level above a ladder that was shortened stops the start, and says so."""
    with pytest.raises(SettingsError, match="levels 1 to 2"):
        settings_of(tmp_path, alert_levels="关注/Attention 0, 预警/Warning 2")
    with pytest.raises(SettingsError, match="2 of 3"):
        settings_of(tmp_path, alert_evidence="3 of 2")
