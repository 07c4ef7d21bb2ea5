"""Regions against each other on one indicator: the latest value of each with the line that it is to reach, and the course of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dabiao.domain.assessment import Status
from dashboard.figures.common import Figure, hidden_axis, layout, scatter
from dashboard.theme import MARKS, TOKENS, Theme, rgba

ROW = 34
"""Height of a region's row in pixels."""

SYMBOLS = {
    Status.MISSED: "x",
    Status.OFF_TRACK: "diamond",
    Status.AT_RISK: "triangle-up",
    Status.ON_TRACK: "circle",
    Status.MET: "square",
}
"""The nearest that the chart has to a status's shape; its word stands beside it in the table."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One region: its latest value, its target's border (``None`` where it has none) and its status, if it is judged."""

    name: str
    value: float
    shown: str
    border: float | None = None
    status: Status | None = None
    detail: str = ""


def compare(standings: Sequence[Standing], theme: Theme, unit: str) -> Figure:
    """A row a region, the first on top; a dot where it is, a line where it is to be."""
    tokens = TOKENS[theme]
    count = len(standings)
    widest = max((len(s.shown) for s in standings), default=0)
    rows = list(range(count, 0, -1))
    traces, shapes, notes = [], [], []
    for row, s in zip(rows, standings, strict=True):
        colour = MARKS[s.status].colour(theme) if s.status in SYMBOLS and s.status else tokens.other
        if s.border is not None:
            line = {"color": rgba(colour, 0.45), "width": 3}
            traces.append(scatter(x=[s.value, s.border], y=[row, row], mode="lines", line=line))
            border = {"x0": s.border, "x1": s.border, "y0": row - 0.32, "y1": row + 0.32}
            shapes.append({"type": "line", **border, "line": {"color": tokens.target, "width": 2.5}})
        symbol = SYMBOLS.get(s.status, "circle-open") if s.status else "circle-open"
        traces.append({
            "type": "scatter", "x": [s.value], "y": [row], "mode": "markers", "customdata": [s.detail],
            "hovertemplate": "%{customdata}<extra></extra>", "cliponaxis": False,
            "marker": {"symbol": symbol, "size": 11, "color": colour, "line": {"color": colour, "width": 1.5}},
        })  # fmt: skip
        beside = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 8, "y": row, "showarrow": False}
        notes.append({**beside, "text": s.shown, "font": {"size": 13, "color": tokens.ink}})
    ends = [s.value for s in standings] + [s.border for s in standings if s.border is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = 0.06 * (high - low) or 1.0
    drawn = {
        **layout(theme, ROW * count + 46, l=8, r=20 + 8 * widest, t=6, b=34),
        "shapes": shapes,
        "annotations": notes,
        "xaxis": {
            "range": [low - room, high + room], "fixedrange": True, "zeroline": False, "gridcolor": tokens.line,
            "nticks": 6, "tickfont": {"color": tokens.soft}, "title": {"text": unit, "font": {"size": 12}},
        },
        "yaxis": {
            "range": [0.4, count + 0.6], "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True,
            "tickvals": rows, "ticktext": [s.name for s in standings], "tickfont": {"color": tokens.ink},
        },
    }  # fmt: skip
    return {"data": traces, "layout": drawn}


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart of many: a region's course on the axes that all share.

    Attributes:
        borders: the values to reach with their deadlines.
    """

    observed: Sequence[tuple[float, float]]
    forecast: Sequence[tuple[float, float, float, float]] = ()
    borders: Sequence[tuple[float, float]] = ()


def multiple(
    panel: Panel, years: tuple[float, float], values: tuple[float, float], theme: Theme, height: int = 130
) -> Figure:
    """The small chart of a :class:`Panel`; first and last year and the ends of the values are named, nothing else."""
    tokens = TOKENS[theme]
    traces = []
    if panel.forecast and panel.observed:
        last = panel.observed[-1]
        steps = [(last[0], last[1], last[1], last[1]), *panel.forecast]
        ahead = [x for x, *_ in steps]
        traces.append(scatter(
            x=[*ahead, *reversed(ahead)], y=[*(s[3] for s in steps), *(s[2] for s in reversed(steps))], fill="toself",
            fillcolor=rgba(tokens.accent, 0.2), line={"width": 0}, mode="lines",
        ))  # fmt: skip
        traces.append(
            scatter(
                x=ahead,
                y=[s[1] for s in steps],
                mode="lines",
                line={"color": tokens.accent, "width": 2, "dash": "dot"},
            )
        )
    traces.append(scatter(
        x=[x for x, _ in panel.observed], y=[y for _, y in panel.observed], mode="lines+markers",
        line={"color": tokens.accent, "width": 2}, marker={"size": 5, "color": tokens.accent},
    ))  # fmt: skip
    for due, border in panel.borders:
        traces.append(
            scatter(
                x=[years[0], years[1]],
                y=[border, border],
                mode="lines",
                line={"color": tokens.target, "width": 1.5},
            )
        )
        traces.append(
            scatter(
                x=[due],
                y=[border],
                mode="markers",
                marker={"symbol": "diamond", "size": 8, "color": tokens.target},
            )
        )
    quiet = {"color": tokens.soft, "size": 11}
    ends = [values[0], values[1]]
    room = 0.04 * (values[1] - values[0])
    axes = {
        "xaxis": hidden_axis(
            range=[years[0] - 0.4, years[1] + 0.4], visible=True, tickvals=list(years), tickformat="d", tickfont=quiet
        ),
        "yaxis": hidden_axis(
            range=[values[0] - room, values[1] + room], visible=True, tickvals=ends, tickformat=".4~g",
            tickfont=quiet,
        ),
    }  # fmt: skip
    return {"data": traces, "layout": {**layout(theme, height, l=38, r=10, t=8, b=22), **axes}}
