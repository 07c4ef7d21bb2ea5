"""Charts are pure: the same data draws the same figure, and what must be told apart is drawn apart."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import frame
from dashboard.figures.common import CONFIG
from dashboard.figures.sparkline import HEIGHT, WIDTH, Spark, sparkline
from dashboard.figures.target import Ahead, TargetChart, Value, target_chart
from dashboard.figures.timeline import Due, timeline
from dashboard.theme import TOKENS, Theme

THEMES: tuple[Theme, ...] = ("light", "dark")
WORDS = {"band80": "80 %", "band95": "95 %", "forecast": "Forecast"}


def chart(**changed: object) -> TargetChart:
    """A chart with everything on it."""
    given: dict[str, object] = {
        "used": [Value(2022, 25.0, "a"), Value(2023, 26.5, "b"), Value(2024, 26.9, "c")],
        "used_name": "official (used)",
        "others": {"third party (not used)": [Value(2023, 28.0, "d")]},
        "forecast": [Ahead(2025, 27, 25, 29, 23, 31, "e"), Ahead(2026, 27.2, 24, 30, 22, 33, "f")],
        "border": 27.0,
        "border_label": "Target ≤ 27",
        "border_short": "≤ 27",
        "schedule": [(2023, 26.5), (2026, 27.0)],
        "schedule_label": "Schedule (linear, not official)",
        "deadline": 2026.0,
        "now": 2025.9,
        "now_label": "today",
        "unit": "µg/m³",
        "words": WORDS,
    }
    return TargetChart(**{**given, **changed})  # type: ignore[arg-type]


def named(figure: object) -> dict[str, dict[str, object]]:
    return {t["name"]: t for t in figure.to_plotly_json()["data"] if t.get("name")}  # type: ignore[attr-defined]


def test_observed_is_solid_and_forecast_is_dashed() -> None:
    """A value that was seen and one that is expected can never be taken for each other."""
    traces = named(target_chart(chart(), "light"))
    assert traces["official (used)"]["mode"] == "lines+markers"
    assert "dash" not in traces["official (used)"]["line"]  # type: ignore[operator]
    assert traces["Forecast"]["line"]["dash"] == "dash"  # type: ignore[index]
    assert traces["Schedule (linear, not official)"]["line"]["dash"] == "dot"  # type: ignore[index]
    assert traces["third party (not used)"]["mode"] == "markers"


def test_the_fan_opens_at_the_last_observation() -> None:
    """Forecast and intervals start at the last value that was used."""
    traces = named(target_chart(chart(), "light"))
    for name in ("Forecast", "80 %", "95 %"):
        assert (traces[name]["x"][0], traces[name]["y"][0]) == (2024, 26.9)  # type: ignore[index]


def test_everything_that_is_drawn_lies_in_the_frame() -> None:
    """The axes reach every value, the wide interval and the line to reach."""
    figure = target_chart(chart(border=60.0), "light").to_plotly_json()
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 22
    assert high > 60


@pytest.mark.parametrize("theme", THEMES)
def test_a_chart_takes_its_colours_from_the_theme(theme: Theme) -> None:
    """The line to reach has the theme's target colour, the used series its accent."""
    traces = named(target_chart(chart(), theme))
    assert traces["Target ≤ 27"]["line"]["color"] == TOKENS[theme].target  # type: ignore[index]
    assert traces["official (used)"]["line"]["color"] == TOKENS[theme].accent  # type: ignore[index]


def test_an_empty_chart_is_no_error() -> None:
    """Nothing observed and nothing to reach still draws."""
    target_chart(TargetChart([], "none"), "light")
    sparkline(Spark([]), "dark")
    timeline([], 2026.4, "today", "light")


def test_the_same_data_draws_the_same_figure() -> None:
    """A figure hangs on its arguments alone."""
    spark = Spark([(2023, 1.0), (2024, 2.0)], [(2025, 2.0, 1.0, 3.0)], 1.5, 2025)
    assert sparkline(spark, "light") == sparkline(spark, "light")
    dues = [Due(2025, 186, "2025", "a"), Due(2027, 42, "2027", "b")]
    assert timeline(dues, 2026.4, "today", "dark") == timeline(dues, 2026.4, "today", "dark")


@given(
    observed=st.lists(st.floats(-1e9, 1e9), max_size=6),
    ahead=st.lists(st.floats(-1e9, 1e9), max_size=3),
    border=st.none() | st.floats(-1e9, 1e9),
    theme=st.sampled_from(THEMES),
)
def test_a_sparkline_stays_in_its_picture(
    observed: list[float], ahead: list[float], border: float | None, theme: Theme
) -> None:
    """Whatever the values: well-formed, every place inside, the line to reach in the theme's colour where there is one."""
    course = [(2015.0 + n, value) for n, value in enumerate(observed)]
    steps = [(2021.0 + n, value, value - 1, value + 1) for n, value in enumerate(ahead)]
    svg = ElementTree.fromstring(sparkline(Spark(course, steps, border, 2025), theme))
    lines = list(svg)
    for line in lines:
        places = [float(n) for n in re.findall(r"-?[\d.]+", line.attrib["d"])]
        assert all(0 <= x <= WIDTH for x in places[::2])
        assert all(0 <= y <= HEIGHT for y in places[1::2])
    target = [line for line in lines if line.attrib.get("stroke") == TOKENS[theme].target]
    assert len(target) == (border is not None)
    assert len(lines) - len(target) == (2 if course else 0) + (2 if course and steps else 0)


def test_a_falling_course_falls() -> None:
    """A lower value stands lower in the picture, a later year further to the right."""
    first = sparkline(Spark([(2023, 40.0), (2025, 20.0)]), "light").split('d="M')[1].split('"')[0]
    (left, top), (right, bottom) = (map(float, place.split()) for place in first.split("L"))
    assert left < right
    assert top < bottom


def test_more_targets_make_a_larger_dot() -> None:
    """A year's dot grows with its number of targets, and no year's vanishes."""
    figure = timeline([Due(2025, 186, "a", ""), Due(2027, 1, "b", "")], 2026.4, "today", "light")
    large, small = figure.to_plotly_json()["data"][1]["marker"]["size"]
    assert large > small >= 12


def test_no_chart_offers_to_upload() -> None:
    """Plotly's share button and toolbar are off in the one place where charts are made."""
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displayModeBar"] is False
    made = frame.chart(timeline([], 2026.4, "today", "light"), "a", "what it says")
    graph = made.children
    assert graph.config["showSendToCloud"] is False
    assert made.to_plotly_json()["props"]["aria-label"] == "what it says"
