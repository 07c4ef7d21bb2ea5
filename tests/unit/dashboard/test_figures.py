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
from dashboard.figures.timeline import Due, picture, timeline
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
    ElementTree.fromstring(timeline([], 2026.4, "today", "nothing"))


def test_the_same_data_draws_the_same_figure() -> None:
    """A figure hangs on its arguments alone."""
    spark = Spark([(2023, 1.0), (2024, 2.0)], [(2025, 2.0, 1.0, 3.0)], 1.5, 2025)
    assert sparkline(spark, "light") == sparkline(spark, "light")
    dues = [Due(2025, 186, "186", "a", "/"), Due(2027, 42, "42", "b", "/")]
    assert timeline(dues, 2026.4, "today", "says") == timeline(dues, 2026.4, "today", "says")


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
    dues = [Due(2025, 186, "186", "a", "/"), Due(2027, 1, "1", "b", "/")]
    circles = ElementTree.fromstring(timeline(dues, 2026.4, "today", "says")).findall(".//circle")
    large, small = (float(circle.attrib["r"]) for circle in circles)
    assert large > small >= 6


@given(
    st.dictionaries(st.integers(2000, 2060), st.integers(1, 10_000), min_size=1, max_size=8),
    st.floats(2000, 2060),
)
def test_years_stand_in_their_order_within_the_line(counts: dict[int, int], today: float) -> None:
    """Every year lies on the line, a later one further to the right, and today on its side of each of them."""
    dues = [Due(year, count, str(count), "a", "/") for year, count in sorted(counts.items())]
    drawn = ElementTree.fromstring(timeline(dues, today, "today", "says"))
    places = [float(circle.attrib["cx"].rstrip("%")) for circle in drawn.findall(".//circle")]
    assert places == sorted(places)
    assert all(0 < place < 100 for place in places)
    now = float(drawn.findall("line")[1].attrib["x1"].rstrip("%"))
    assert all(
        place <= now + 0.01 if year <= today else place >= now - 0.01
        for place, year in zip(places, sorted(counts), strict=True)
    )


def test_a_long_line_is_wide_enough_for_its_words() -> None:
    """Years beside each other keep their words apart, whatever else the line reaches to."""
    near, far = (
        [Due(year, 1, "10000 项", "a", "/") for year in years] for years in ((2025, 2026), (2025, 2026, 2060))
    )
    widths = [
        int(re.findall(r"min-width:(\d+)px", timeline(dues, 2025.4, "today", "says"))[0])
        for dues in (near, far)
    ]
    assert 100 < widths[0] < widths[1]
    assert widths[1] > 35 * 50


def test_a_year_leads_to_its_targets() -> None:
    """A dot is a link with a name that says what it holds; years gone by are quiet, and words stay words."""
    dues = [
        Due(2024, 1, "1", "2024: <b>", "/?deadline=2024&x=1"),
        Due(2027, 1, "1", "2027", "/?deadline=2027"),
    ]
    gone, ahead = ElementTree.fromstring(timeline(dues, 2026.4, "today", "says")).findall("a")
    assert (gone.attrib["href"], gone.findtext("title")) == ("/?deadline=2024&x=1", "2024: <b>")
    fills = [a.find("circle").attrib["style"].split(";")[0] for a in (gone, ahead)]  # type: ignore[union-attr]
    assert fills == ["fill:var(--other)", "fill:var(--accent)"]


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_needs_no_style_sheet(theme: Theme) -> None:
    """Saved, the timeline has its title, its source, its ground and the theme's own colours, and leads nowhere."""
    text = picture([Due(2027, 1, "1", "a", "/")], 2026.4, "today", "Due <2027>", "from here", theme)
    drawn = ElementTree.fromstring(text)
    named = {e.tag.split("}")[1]: e for e in drawn}
    assert named["rect"].attrib["fill"] == TOKENS[theme].surface
    said = [e.text for e in drawn.iter() if e.tag.endswith("}text")]
    assert {"Due <2027>", "from here", "2027", "today"} <= set(said)
    assert "var(--" not in text
    assert "<a " not in text


def test_no_chart_offers_to_upload() -> None:
    """Plotly's share button and toolbar are off in the one place where charts are made."""
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displayModeBar"] is False
    made = frame.chart(target_chart(chart(), "light"), "a", "what it says")
    graph = made.children
    assert graph.config["showSendToCloud"] is False
    assert made.to_plotly_json()["props"]["aria-label"] == "what it says"
