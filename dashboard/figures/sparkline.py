"""A series, its forecast and the line to reach, small enough for a table row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.figures.common import blank, hidden_axis
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


def sparkline(spark: Spark, theme: Theme, height: int = 44) -> go.Figure:
    """The figure of a :class:`Spark`."""
    tokens = TOKENS[theme]
    figure = blank(theme, height, l=2, r=2, t=3, b=3)
    years = [x for x, _ in spark.observed]
    if spark.forecast and spark.observed:
        last = spark.observed[-1]
        steps = [(last[0], last[1], last[1], last[1]), *spark.forecast]
        ahead = [x for x, *_ in steps]
        figure.add_scatter(
            x=[*ahead, *reversed(ahead)],
            y=[*(s[3] for s in steps), *(s[2] for s in reversed(steps))],
            fill="toself",
            fillcolor=rgba(tokens.accent, 0.2),
            line={"width": 0},
            mode="lines",
        )
        figure.add_scatter(
            x=ahead,
            y=[s[1] for s in steps],
            mode="lines",
            line={"color": tokens.accent, "width": 2, "dash": "dot"},
        )
        years += ahead
    figure.add_scatter(
        x=[x for x, _ in spark.observed],
        y=[y for _, y in spark.observed],
        mode="lines",
        line={"color": tokens.accent, "width": 2},
    )
    if spark.observed:
        figure.add_scatter(
            x=[spark.observed[-1][0]],
            y=[spark.observed[-1][1]],
            mode="markers",
            marker={"color": tokens.accent, "size": 6},
            cliponaxis=False,
        )
    if spark.deadline is not None:
        years.append(spark.deadline)
    if spark.border is not None and years:
        figure.add_scatter(
            x=[min(years), max(years)],
            y=[spark.border, spark.border],
            mode="lines",
            line={"color": tokens.target, "width": 1.5},
        )
    figure.update_traces(hoverinfo="skip")
    figure.update_layout(xaxis=hidden_axis(), yaxis=hidden_axis())
    return figure
