"""The chart of one target as SVG, for paper: observed values, the target, the forecast with its band. Reads in black and white."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 900, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 40, 34
_INK, _QUIET, _GRID, _GOAL, _AHEAD, _BAND = "#111827", "#4B5563", "#D9DEE3", "#B42318", "#1F5F99", "#DCE8F3"
_FONT = "'Noto Sans CJK SC','Microsoft YaHei','SimHei',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A forecast year: its centre and its 80 % interval."""

    year: int
    point: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class TargetChart:
    """What is drawn, words included.

    Attributes:
        observed: ``(year, value)``, in time order.
        goal: border of the values that meet the target.
        deadline: year in which it must hold.
        unit: of the vertical axis.
        words: ``observed``, ``expected``, ``band``, ``goal``.
    """

    observed: Sequence[tuple[int, float]]
    ahead: Sequence[Ahead]
    goal: float | None
    deadline: int | None
    unit: str
    words: tuple[str, str, str, str]


def svg(chart: TargetChart) -> str:
    """The drawing, :data:`WIDTH` by :data:`HEIGHT`."""
    years = [y for y, _ in chart.observed] + [a.year for a in chart.ahead]
    years += [chart.deadline] if chart.deadline else []
    values = [v for _, v in chart.observed] + [x for a in chart.ahead for x in (a.lower, a.upper)]
    values += [] if chart.goal is None else [chart.goal]
    marks = ticks(min(values), max(values))
    at = _Scale(min(years) - 0.4, max(years) + 0.4, marks[0], marks[-1])
    drawn = [*_axes(at, marks, range(min(years), max(years) + 1)), *_band(at, chart), *_goal(at, chart)]
    drawn += [*_lines(at, chart), *_legend(chart)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' font-family="{_FONT}" font-size="17"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="4" y="22" fill="{_QUIET}">{escape(chart.unit)}</text>{"".join(drawn)}</svg>'
    )


def ticks(low: float, high: float) -> list[float]:
    """Round values from below the lowest to above the highest, four to seven of them."""
    span = high - low
    if span <= 1e-9 * max(1.0, abs(low), abs(high)):
        span = max(1.0, abs(high))
    step = 10.0 ** math.floor(math.log10(span / 4))
    step *= next(m for m in (1, 2, 5, 10) if span / (step * m) <= 5)
    first, last = math.floor((low - 0.04 * span) / step), math.ceil((high + 0.04 * span) / step)
    return [round(i * step, 10) for i in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float
    low: float
    high: float

    def x(self, year: float) -> float:
        return round(_LEFT + (year - self.first) / (self.last - self.first) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _axes(at: _Scale, marks: Sequence[float], years: range) -> list[str]:
    made = []
    for value in marks:
        y = at.y(value)
        made.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="{_GRID}"/>')
        made.append(f'<text x="{_LEFT - 8}" y="{y + 6}" text-anchor="end" fill="{_QUIET}">{value:g}</text>')
    every = math.ceil(len(years) / 12)
    made += [
        f'<text x="{at.x(year)}" y="{HEIGHT - 10}" text-anchor="middle" fill="{_QUIET}">{year}</text>'
        for year in years[:: every or 1]
    ]
    return made


def _band(at: _Scale, chart: TargetChart) -> list[str]:
    if not chart.ahead or not chart.observed:
        return []
    year, value = chart.observed[-1]
    upper = [(year, value), *((a.year, a.upper) for a in chart.ahead)]
    lower = [(a.year, a.lower) for a in reversed(chart.ahead)]
    points = " ".join(f"{at.x(x)},{at.y(y)}" for x, y in (*upper, *lower))
    return [f'<polygon points="{points}" fill="{_BAND}" stroke="{_AHEAD}" stroke-width="0.6"/>']


def _goal(at: _Scale, chart: TargetChart) -> list[str]:
    if chart.goal is None:
        return []
    y, end = at.y(chart.goal), at.x(chart.deadline) if chart.deadline else WIDTH - _RIGHT
    made = [
        f'<line x1="{_LEFT}" x2="{end}" y1="{y}" y2="{y}" stroke="{_GOAL}" stroke-width="2" stroke-dasharray="10 5"/>'
    ]
    if chart.deadline:
        made.append(f'<rect x="{end - 6}" y="{y - 6}" width="12" height="12" fill="{_GOAL}"/>')
    return made


def _lines(at: _Scale, chart: TargetChart) -> list[str]:
    made = [_polyline(at, chart.observed, f'stroke="{_INK}" stroke-width="2.5"')]
    made += [f'<circle cx="{at.x(y)}" cy="{at.y(v)}" r="4.5" fill="{_INK}"/>' for y, v in chart.observed]
    if chart.ahead:
        path = [*chart.observed[-1:], *((a.year, a.point) for a in chart.ahead)]
        made.append(_polyline(at, path, f'stroke="{_AHEAD}" stroke-width="2.5" stroke-dasharray="3 4"'))
        made += [
            f'<circle cx="{at.x(a.year)}" cy="{at.y(a.point)}" r="4.5" fill="#fff" stroke="{_AHEAD}" stroke-width="2"/>'
            for a in chart.ahead
        ]
    return made


def _polyline(at: _Scale, points: Sequence[tuple[int, float]], style: str) -> str:
    return f'<polyline points="{" ".join(f"{at.x(x)},{at.y(y)}" for x, y in points)}" fill="none" {style}/>'


def _legend(chart: TargetChart) -> list[str]:
    observed, expected, band, goal = (escape(word) for word in chart.words)
    keys = [(f'<line x1="0" x2="34" y1="-6" y2="-6" stroke="{_INK}" stroke-width="2.5"/>', observed)]
    if chart.goal is not None:
        keys.append(
            (
                f'<line x1="0" x2="34" y1="-6" y2="-6" stroke="{_GOAL}" stroke-width="2" stroke-dasharray="10 5"/>',
                goal,
            )
        )
    if chart.ahead:
        keys.append(
            (
                f'<line x1="0" x2="34" y1="-6" y2="-6" stroke="{_AHEAD}" stroke-width="2.5" stroke-dasharray="3 4"/>',
                expected,
            )
        )
        keys.append(
            (
                f'<rect x="0" y="-14" width="34" height="14" fill="{_BAND}" stroke="{_AHEAD}" stroke-width="0.6"/>',
                band,
            )
        )
    made, x = [], WIDTH - _RIGHT
    for mark, word in reversed(keys):
        x -= _width(word) + 60
        made.append(
            f'<g transform="translate({x},22)">{mark}<text x="40" y="0" fill="{_INK}">{word}</text></g>'
        )
    return made


def _width(text: str) -> int:
    """About how wide a text is at size 17."""
    return sum(17 if ord(ch) > 0x2E80 else 9 for ch in text)
