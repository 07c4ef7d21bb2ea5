"""Probabilities as said against how often they came true: a point on the diagonal was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.figures.common import blank
from dashboard.theme import TOKENS, Theme

_SMALLEST, _LARGEST = 7, 22


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin: what was said on average, how often it came, the interval of that share, and how many it holds."""

    said: float
    came: float
    lower: float
    upper: float
    count: int
    detail: str


def reliability(
    dots: Sequence[Dot], across: str, up: str, perfect: str, theme: Theme, height: int = 340
) -> go.Figure:
    """The figure; axes in percent, ``perfect`` names the diagonal."""
    tokens = TOKENS[theme]
    figure = blank(theme, height, l=54, r=14, t=14, b=46)
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": tokens.target, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=0.62,
        y=0.52,
        text=perfect,
        textangle=0,
        showarrow=False,
        xanchor="left",
        yanchor="top",
        font={"size": 12, "color": tokens.target},
    )
    most = max((d.count for d in dots), default=1)
    figure.add_scatter(
        x=[d.said for d in dots],
        y=[d.came for d in dots],
        mode="markers",
        marker={
            "size": [_SMALLEST + (_LARGEST - _SMALLEST) * (d.count / most) ** 0.5 for d in dots],
            "color": tokens.accent,
            "line": {"color": tokens.surface, "width": 1.5},
            "opacity": 1,
        },
        error_y={
            "type": "data",
            "array": [d.upper - d.came for d in dots],
            "arrayminus": [d.came - d.lower for d in dots],
            "color": tokens.other,
            "thickness": 1.3,
            "width": 4,
        },
        customdata=[d.detail for d in dots],
        hovertemplate="%{customdata}<extra></extra>",
    )
    axis = {
        "range": [-0.03, 1.03],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": tokens.line,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": tokens.soft},
    }
    figure.update_layout(
        xaxis={**axis, "title": {"text": across, "font": {"size": 12, "color": tokens.soft}, "standoff": 8}},
        yaxis={**axis, "title": {"text": up, "font": {"size": 12, "color": tokens.soft}, "standoff": 6}},
    )
    return figure
