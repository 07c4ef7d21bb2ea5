"""How many targets fall due in which year, with today's place among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.figures.common import blank, hidden_axis
from dashboard.theme import TOKENS, Theme, rgba

LARGEST = 46
SMALLEST = 12


@dataclass(frozen=True, slots=True)
class Due:
    """One year's deadlines. ``label`` stands under the dot, ``detail`` shows on pointing at it."""

    year: int
    count: int
    label: str
    detail: str


def timeline(
    dues: Sequence[Due], today: float, today_label: str, theme: Theme, height: int = 132
) -> go.Figure:
    """Dots on a line of years, as large as their number of targets; years gone by are quiet."""
    tokens = TOKENS[theme]
    figure = blank(theme, height, l=4, r=4, t=4, b=4)
    most = max((d.count for d in dues), default=1)
    years = [d.year for d in dues]
    first, last = min([*years, today]) - 0.7, max([*years, today]) + 0.7
    figure.add_scatter(
        x=[first, last], y=[0, 0], mode="lines", line={"color": tokens.line, "width": 2}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=years,
        y=[0] * len(dues),
        mode="markers",
        marker={
            "size": [SMALLEST + (LARGEST - SMALLEST) * (d.count / most) ** 0.5 for d in dues],
            "color": [rgba(tokens.other, 0.85) if d.year + 0.5 <= today else tokens.accent for d in dues],
            "line": {"color": tokens.surface, "width": 2},
            "opacity": 1,
        },
        customdata=[d.detail for d in dues],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for due in dues:
        figure.add_annotation(
            x=due.year,
            y=-0.62,
            text=due.label,
            showarrow=False,
            yanchor="top",
            font={"size": 12, "color": tokens.soft},
        )
    figure.add_shape(
        type="line",
        x0=today,
        x1=today,
        y0=-0.5,
        y1=0.72,
        line={"color": tokens.ink, "width": 1.5, "dash": "dot"},
    )
    figure.add_annotation(
        x=today,
        y=0.74,
        text=today_label,
        showarrow=False,
        yanchor="bottom",
        font={"size": 12, "color": tokens.ink},
    )
    figure.update_layout(xaxis=hidden_axis(range=[first, last]), yaxis=hidden_axis(range=[-1.25, 1.2]))
    return figure
