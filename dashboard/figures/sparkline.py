"""A series, its forecast and the line to reach, small enough for a table row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.theme import TOKENS, Theme, rgba


@dataclass(frozen=True, slots=True)
class Spark:
    """What a sparkline shows.

    Attributes:
        observed: ``(year, value)`` in order.
        forecast: ``(year, centre, lower, upper)`` in order, the 80 % interval; empty for a decided target.
        border: the value to reach.
        deadline: the year by which.
    """

    observed: Sequence[tuple[float, float]]
    forecast: Sequence[tuple[float, float, float, float]] = ()
    border: float | None = None
    deadline: float | None = None


WIDTH, HEIGHT, EDGE = 120, 44, 5
"""Units of the picture, and how much of it stays empty on each side."""


def sparkline(spark: Spark, theme: Theme) -> str:
    """The picture of a :class:`Spark` as SVG, which a browser draws in a hundredth of the time that a chart takes it."""
    tokens = TOKENS[theme]
    ahead = _ahead(spark)
    years = [x for x, _ in spark.observed] + [x for x, *_ in ahead]
    years += [] if spark.deadline is None else [spark.deadline]
    values = [y for _, y in spark.observed] + [edge for step in ahead for edge in step[2:]]
    values += [] if spark.border is None else [spark.border]
    x, y = _scale(years, EDGE, WIDTH - EDGE), _scale(values, HEIGHT - EDGE, EDGE)
    course = [(x(at), y(value)) for at, value in spark.observed]
    drawn = []
    if ahead:
        upper, lower = [(x(s[0]), y(s[3])) for s in ahead], [(x(s[0]), y(s[2])) for s in reversed(ahead)]
        drawn.append(f'<path d="{_path([*upper, *lower])}Z" fill="{rgba(tokens.accent, 0.2)}"/>')
        drawn.append(_line([(x(s[0]), y(s[1])) for s in ahead], tokens.accent, 2, dash="2 4"))
    if course:
        drawn.append(_line(course, tokens.accent, 2))
        drawn.append(_line([course[-1], course[-1]], tokens.accent, 6))
    if spark.border is not None and years:
        drawn.append(_line([(x(at), y(spark.border)) for at in (min(years), max(years))], tokens.target, 1.5))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f"{''.join(drawn)}</svg>"
    )


def _ahead(spark: Spark) -> Sequence[tuple[float, float, float, float]]:
    """The forecast, from the last value on."""
    if not spark.forecast or not spark.observed:
        return ()
    year, value = spark.observed[-1]
    return ((year, value, value, value), *spark.forecast)


def _scale(known: Sequence[float], first: float, last: float) -> Callable[[float], float]:
    """From values to places of the picture; what never changes stands in the middle."""
    low, high = min(known, default=0.0), max(known, default=0.0)
    if low == high:
        return lambda _: (first + last) / 2
    return lambda value: first + (value - low) / (high - low) * (last - first)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _line(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    """A line as thick as it is however the picture is stretched; one of no length is a dot."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
        f' stroke-linejoin="round" vector-effect="non-scaling-stroke"{dashed}/>'
    )
