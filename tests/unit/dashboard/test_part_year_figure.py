"""The chart of the year in progress: both years where they are known, and the level that the rest must keep."""

from __future__ import annotations

import pytest

from dashboard.figures.part_year import MonthValue, YearChart, year_chart
from dashboard.theme import TOKENS, Theme


def chart(**more: object) -> YearChart:
    given: dict[str, object] = {
        "this_year": [MonthValue(0, 50.0, "1月：50"), MonthValue(1, 40.0, "2月：40")],
        "last_year": [MonthValue(m, 30.0, f"{m + 1}月：30") for m in range(12)],
        "names": ("2025 年", "2024 年"),
        "required": 27.5,
        "required_label": "后期控制值 27.5 µg/m³",
        "rest": list(range(2, 12)),
        "months": [f"{m}月" for m in range(1, 13)],
        "unit": "µg/m³",
    }
    return YearChart(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_level_spans_the_months_that_are_left(theme: Theme) -> None:
    """It stands over the rest alone, in the colour of what is to be reached."""
    figure = year_chart(chart(), theme)
    last, this, level = figure.data
    assert (last.name, this.name) == ("2024 年", "2025 年")
    assert list(this.x) == [0, 1]
    assert list(level.x) == [1.55, 11.45]
    assert list(level.y) == [27.5, 27.5]
    assert level.line.color == TOKENS[theme].target


@pytest.mark.parametrize(
    ("more", "traces"),
    [({"required": None}, 2), ({"rest": []}, 2), ({"last_year": []}, 2), ({"this_year": []}, 2)],
)
def test_what_is_not_known_is_not_drawn(more: dict[str, object], traces: int) -> None:
    """No line stands for a missing year or level."""
    assert len(year_chart(chart(**more), "light").data) == traces
