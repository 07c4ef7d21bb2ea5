"""The months of a year beside those of the year before, and what the rest must average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.figures.common import blank, name_unit, value_axis
from dashboard.theme import TOKENS, Theme


@dataclass(frozen=True, slots=True)
class MonthValue:
    """One month: its place from 0, its value, what is said on pointing at it."""

    month: int
    value: float
    detail: str


@dataclass(frozen=True, slots=True)
class YearChart:
    """Everything on the chart, words included.

    Attributes:
        required: the level that the rest must keep, over the months ``rest``; ``None`` where there is none.
    """

    this_year: Sequence[MonthValue]
    last_year: Sequence[MonthValue]
    names: tuple[str, str]
    required: float | None
    required_label: str
    rest: Sequence[int]
    months: Sequence[str]
    unit: str


def year_chart(chart: YearChart, theme: Theme, height: int = 230) -> go.Figure:
    """The figure of a :class:`YearChart`."""
    tokens = TOKENS[theme]
    figure = blank(theme, height, l=44, r=12, t=26, b=26)
    styles = (
        (
            chart.last_year,
            chart.names[1],
            {"color": tokens.other, "width": 1.5, "dash": "dot"},
            "diamond-open",
        ),
        (chart.this_year, chart.names[0], {"color": tokens.accent, "width": 2.5}, "circle"),
    )
    for values, name, line, symbol in styles:
        if values:
            figure.add_scatter(
                x=[v.month for v in values],
                y=[v.value for v in values],
                mode="lines+markers",
                name=name,
                line=line,
                marker={"size": 8, "symbol": symbol, "color": line["color"]},
                customdata=[v.detail for v in values],
                hovertemplate="%{customdata}<extra></extra>",
            )
    if chart.required is not None and chart.rest:
        figure.add_scatter(
            x=[min(chart.rest) - 0.45, max(chart.rest) + 0.45],
            y=[chart.required, chart.required],
            mode="lines",
            line={"color": tokens.target, "width": 2},
            customdata=[chart.required_label] * 2,
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(
        xaxis={
            "range": [-0.5, 11.5],
            "tickvals": list(range(12)),
            "ticktext": list(chart.months),
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": tokens.soft, "size": 12},
        },
        yaxis=value_axis(tokens, 5),
    )
    name_unit(figure, chart.unit, tokens, 4)
    return figure
