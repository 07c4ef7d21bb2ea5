"""What every chart shares: no frame, no toolbar, our font, colours from the theme's tokens."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from dashboard.theme import FONT, TOKENS, Theme, Tokens

CONFIG = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "showTips": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
}
"""The one configuration of every chart. Nothing in it may offer to upload."""


Figure = dict[str, Any]
"""A chart of which a page has dozens, as the browser takes it: plotly's own objects check each value, at 10 ms a chart."""


def layout(theme: Theme, height: int, **margin: int) -> dict[str, Any]:
    """The layout of every chart in the house style."""
    tokens = TOKENS[theme]
    return {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, **margin},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": tokens.ink},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": tokens.surface,
            "bordercolor": tokens.control,
            "font": {"family": FONT, "size": 13, "color": tokens.ink},
            "align": "left",
        },
    }


def blank(theme: Theme, height: int, **margin: int) -> go.Figure:
    """An empty figure in the house style."""
    return go.Figure(layout={"template": "none", **layout(theme, height, **margin)})


def scatter(**trace: Any) -> dict[str, Any]:
    """A trace of a small chart; it says nothing when pointed at."""
    return {"type": "scatter", "hoverinfo": "skip", **trace}


def value_axis(tokens: Tokens, nticks: int, **more: Any) -> dict[str, Any]:
    """The axis of the values of a large chart: fine lines across, soft figures."""
    return {
        "gridcolor": tokens.line,
        "zeroline": False,
        "fixedrange": True,
        "nticks": nticks,
        "tickfont": {"color": tokens.soft},
        **more,
    }


def name_unit(figure: go.Figure, unit: str, tokens: Tokens, above: int) -> None:
    """Write the unit over the axis of the values, so many pixels above it."""
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", xshift=-40, y=1, yref="paper", yanchor="bottom", yshift=above, text=unit,
        showarrow=False, font={"size": 12, "color": tokens.soft},
    )  # fmt: skip


def hidden_axis(**more: Any) -> dict[str, Any]:
    """An axis that only scales."""
    return {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False, **more}
