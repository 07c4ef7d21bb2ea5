"""The chart of a target on paper."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.reports import picture
from dabiao.reports.chart import HEIGHT, WIDTH, Ahead, TargetChart, svg, ticks

WORDS = ("观测值", "预计值", "80% 区间", "目标 < 27 & …")
finite = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@given(finite, finite)
def test_ticks_enclose_the_values(a: float, b: float) -> None:
    """The lowest tick is no higher than the lowest value, the highest no lower than the highest; there are few of them."""
    low, high = sorted((a, b))
    found = ticks(low, high)
    assert found[0] <= low + 1e-8 * max(1.0, abs(low))
    assert found[-1] >= high - 1e-8 * max(1.0, abs(high))
    assert 2 <= len(found) <= 9
    assert found == sorted(set(found))


@given(
    st.lists(finite, min_size=1, max_size=12),
    st.lists(st.tuples(finite, finite, finite), max_size=4),
    st.none() | finite,
)
def test_every_series_can_be_drawn_inside_its_frame(
    values: list[float], steps: list[tuple[float, float, float]], goal: float | None
) -> None:
    """Whatever the values, the drawing is XML and every point lies on the paper."""
    observed = [(2014 + i, v) for i, v in enumerate(values)]
    ahead = [Ahead(2014 + len(values) + i, sorted(s)[1], min(s), max(s)) for i, s in enumerate(steps)]
    drawn = ElementTree.fromstring(svg(TargetChart(observed, ahead, goal, 2030, "µg/m³", WORDS)))
    for line in drawn.iter("{http://www.w3.org/2000/svg}polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_without_a_browser_there_are_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Chromium, or with one that does not start, gives no pictures and no error."""
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert picture.png_of(["<svg/>"], 10, 10) is None
    monkeypatch.setenv("CHROMIUM", "/bin/false")
    assert picture.png_of(["<svg/>"], 10, 10) is None


@pytest.mark.browser
def test_a_drawing_becomes_a_picture_of_its_size() -> None:
    """A drawing becomes a PNG of the asked size, the same each time; one that is no SVG gives none and no error."""
    drawing = svg(TargetChart([(2020, 30.0), (2021, 29.0)], [], 27.0, 2025, "µg/m³", WORDS))
    found = picture.png_of([drawing, drawing], WIDTH, HEIGHT, 1.0)
    assert found is not None
    assert found[0] == found[1]
    assert found[0][16:24] == WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big")
    assert picture.png_of(["no drawing"], WIDTH, HEIGHT) is None
