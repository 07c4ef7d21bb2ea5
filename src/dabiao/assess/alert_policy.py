"""When an alert is raised, cleared, counted and escalated: the rules that the settings declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

STARTS = ("off_track", "reopened", "provisional", "missed")
"""What may have a first level of its own: a missed target is ``provisional`` until an official final value decides."""


@dataclass(frozen=True, slots=True)
class Level:
    """An escalation level, and the months that an alert must have stood to reach it."""

    zh: str
    en: str
    months: int

    def name(self, lang: str) -> str:
        """Its name in a language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of alerts.

    Attributes:
        needed, among: an alert is raised when the status was across the border on so many of the last days looked at.
        border: attainment below which a target is off track.
        sure: attainment below which one day is enough.
        clear: attainment from which an off-track alert is cleared.
        levels: the escalation, lowest first; the first begins at 0 months.
        starts: the first level of each of :data:`STARTS`, from 1.
        reset_months: an alert raised again before so many months have passed goes on counting where it was.
        file_days: days from its acknowledgement after which the alert of a settled miss is filed.
    """

    needed: int
    among: int
    border: float
    sure: float
    clear: float
    levels: tuple[Level, ...]
    starts: Mapping[str, int]
    reset_months: int
    file_days: int

    def level(self, counter: int) -> int:
        """The level that a counter reaches."""
        return sum(1 for level in self.levels if level.months <= counter)


def parse_evidence(text: str) -> tuple[int, int]:
    """``2 of 3``.

    Raises:
        ValueError: another spelling, or more than there are.
    """
    found = re.fullmatch(r"\s*(\d{1,2})\s+of\s+(\d{1,2})\s*", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise ValueError("write how many of the last days, such as: 2 of 3")
    return int(found[1]), int(found[2])


def parse_levels(text: str) -> tuple[Level, ...]:
    """``关注/Attention 0, 预警/Warning 2``: both names of each level, and the months after which it is reached.

    Raises:
        ValueError: a level without both names or without months, no level at 0 months, months that do not rise, one name twice.
    """
    levels = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*([^/,]+?)\s*/\s*([^/,]+?)\s+(\d{1,3})\s*", part)
        if found is None:
            raise ValueError(
                f"{part.strip()!r} is no level: write both names and months, such as: 预警/Warning 2"
            )
        levels.append(Level(found[1], found[2], int(found[3])))
    if levels[0].months != 0 or any(a.months >= b.months for a, b in pairwise(levels)):
        raise ValueError("the first level begins at 0 months, and each after the one before")
    if min(len({v.zh for v in levels}), len({v.en for v in levels})) < len(levels):
        raise ValueError("each level has a name of its own")
    return tuple(levels)


def parse_starts(text: str, levels: int) -> dict[str, int]:
    """``off_track 1, reopened 1, provisional 2, missed 3``: the first level of each kind of alert.

    Args:
        levels: how many there are.

    Raises:
        ValueError: a kind is missing, twice or unknown, or a level that there is not.
    """
    pairs = [part.split() for part in text.split(",")]
    if any(len(p) != 2 or not p[1].isdecimal() for p in pairs) or sorted(p[0] for p in pairs) != sorted(
        STARTS
    ):
        raise ValueError(f"write the number of a level for each of {', '.join(STARTS)}")
    starts = {name: int(number) for name, number in pairs}
    if any(not 1 <= number <= levels for number in starts.values()):
        raise ValueError(f"there are levels 1 to {levels}")
    return starts
