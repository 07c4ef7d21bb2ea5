"""One target: what was observed, what is forecast to the deadline, what is to be reached, and where we stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from dashboard.figures.common import blank, name_unit, value_axis
from dashboard.theme import TOKENS, Theme, Tokens, rgba

SYMBOLS = ("square-open", "diamond-open", "triangle-up-open", "cross-thin-open", "x-thin-open", "circle-open")


@dataclass(frozen=True, slots=True)
class Value:
    """One observed value; ``detail`` is what is said on pointing at it."""

    year: float
    value: float
    detail: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """One forecast step."""

    year: float
    point: float
    lower80: float
    upper80: float
    lower95: float
    upper95: float
    detail: str


@dataclass(frozen=True, slots=True)
class TargetChart:
    """Everything on a target's chart, words included.

    Attributes:
        used: the series that is judged, in order; its name says what it is.
        others: values of another basis or source, by name: shown, never joined.
        forecast: from the period after the last used value to the deadline.
        border, border_label, border_short: the line to reach, its name, and what stands at its end.
        schedule, schedule_label: our straight line, which its label calls not official.
        milestones, milestone_label: values to reach on the way that a document issued.
        now, now_label: the day that is shown.
        words: ``band80``, ``band95``, ``forecast``.
    """

    used: Sequence[Value]
    used_name: str
    others: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    forecast: Sequence[Ahead] = ()
    border: float | None = None
    border_label: str = ""
    border_short: str = ""
    schedule: Sequence[tuple[float, float]] = ()
    schedule_label: str = ""
    milestones: Sequence[Value] = ()
    milestone_label: str = ""
    deadline: float | None = None
    now: float | None = None
    now_label: str = ""
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def target_chart(chart: TargetChart, theme: Theme, height: int = 380) -> go.Figure:
    """The figure of a :class:`TargetChart`."""
    tokens = TOKENS[theme]
    figure = blank(theme, height, l=44, r=64, t=30, b=28)
    _fan(figure, chart, tokens)
    _others(figure, chart, tokens)
    _lines(figure, chart, tokens)
    if chart.used:
        figure.add_scatter(
            x=[v.year for v in chart.used],
            y=[v.value for v in chart.used],
            mode="lines+markers",
            name=chart.used_name,
            line={"color": tokens.accent, "width": 2.5},
            marker={"size": 9, "color": tokens.surface, "line": {"color": tokens.accent, "width": 2.5}},
            customdata=[v.detail for v in chart.used],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        )
    _now(figure, chart, tokens)
    first, last = _span(chart)
    figure.update_layout(
        xaxis={
            "range": [first, last],
            **({"dtick": 1} if last - first <= 9 else {"nticks": 9}),
            "tickangle": 0,
            "tickformat": "d",
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": tokens.soft},
        },
        yaxis=value_axis(tokens, 7, range=_heights(chart)),
    )
    name_unit(figure, chart.unit, tokens, 8)
    return figure


def _fan(figure: go.Figure, chart: TargetChart, tokens: Tokens) -> None:
    """Intervals that open at the last observed value, the wide one behind the narrow one."""
    if not chart.forecast or not chart.used:
        return
    start = chart.used[-1]
    years = [start.year, *(s.year for s in chart.forecast)]
    for name, alpha, lower, upper in (
        ("band95", 0.12, [s.lower95 for s in chart.forecast], [s.upper95 for s in chart.forecast]),
        ("band80", 0.2, [s.lower80 for s in chart.forecast], [s.upper80 for s in chart.forecast]),
    ):
        figure.add_scatter(
            x=[*years, *reversed(years)],
            y=[start.value, *upper, *reversed(lower), start.value],
            fill="toself",
            fillcolor=rgba(tokens.accent, alpha),
            line={"width": 0},
            mode="lines",
            name=chart.words[name],
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=years,
        y=[start.value, *(s.point for s in chart.forecast)],
        mode="lines",
        line={"color": tokens.accent, "width": 2.5, "dash": "dash"},
        name=chart.words["forecast"],
        customdata=["", *(s.detail for s in chart.forecast)],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _others(figure: go.Figure, chart: TargetChart, tokens: Tokens) -> None:
    for position, (name, values) in enumerate(chart.others.items()):
        figure.add_scatter(
            x=[v.year for v in values],
            y=[v.value for v in values],
            mode="markers",
            name=name,
            marker={
                "symbol": SYMBOLS[position % len(SYMBOLS)],
                "size": 8,
                "color": tokens.other,
                "opacity": 0.75,
            },
            customdata=[v.detail for v in values],
            hovertemplate="%{customdata}<extra></extra>",
        )


def _lines(figure: go.Figure, chart: TargetChart, tokens: Tokens) -> None:
    if chart.schedule:
        figure.add_scatter(
            x=[x for x, _ in chart.schedule],
            y=[y for _, y in chart.schedule],
            mode="lines",
            name=chart.schedule_label,
            line={"color": tokens.schedule, "width": 1.8, "dash": "dot"},
            hoverinfo="skip",
        )
    if chart.border is None:
        return
    first, last = _span(chart)
    figure.add_scatter(
        x=[first, last],
        y=[chart.border, chart.border],
        mode="lines",
        name=chart.border_label,
        line={"color": tokens.target, "width": 2},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=1, xref="paper", xanchor="left", xshift=5, y=chart.border, text=f"<b>{chart.border_short}</b>",
        showarrow=False, font={"size": 13, "color": tokens.target},
    )  # fmt: skip
    if chart.milestones:
        figure.add_scatter(
            x=[m.year for m in chart.milestones],
            y=[m.value for m in chart.milestones],
            mode="markers",
            name=chart.milestone_label,
            marker={"symbol": "diamond-open", "size": 12, "color": tokens.target, "line": {"width": 2}},
            customdata=[m.detail for m in chart.milestones],
            hovertemplate="%{customdata}<extra></extra>",
        )
    if chart.deadline is not None:
        figure.add_scatter(
            x=[chart.deadline],
            y=[chart.border],
            mode="markers",
            marker={"symbol": "diamond", "size": 11, "color": tokens.target},
            hoverinfo="skip",
        )


def _now(figure: go.Figure, chart: TargetChart, tokens: Tokens) -> None:
    first, last = _span(chart)
    if chart.now is None or not first <= chart.now <= last:
        return
    figure.add_shape(
        type="line", x0=chart.now, x1=chart.now, y0=0, y1=1, yref="paper",
        line={"color": tokens.ink, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    figure.add_annotation(
        x=chart.now, y=1, yref="paper", yanchor="bottom", yshift=2, text=chart.now_label, showarrow=False,
        font={"size": 12, "color": tokens.ink},
    )  # fmt: skip


def _span(chart: TargetChart) -> tuple[float, float]:
    """From before the first thing to see to after the last; the day shown counts if it is near."""
    years = [v.year for v in chart.used] + [v.year for values in chart.others.values() for v in values]
    years += [s.year for s in chart.forecast] + [x for x, _ in chart.schedule]
    years += [m.year for m in chart.milestones]
    years += [chart.deadline] if chart.deadline is not None else []
    if not years:
        years = [chart.now or 2025.0]
    if chart.now is not None and max(years) < chart.now <= max(years) + 2:
        years.append(chart.now)
    return min(years) - 0.4, max(years) + 0.4


def _heights(chart: TargetChart) -> list[float]:
    """The range of values with room above and below; not from zero, since the distance to the line is what counts."""
    heights = [v.value for v in chart.used] + [v.value for values in chart.others.values() for v in values]
    heights += [h for s in chart.forecast for h in (s.lower95, s.upper95)] + [y for _, y in chart.schedule]
    heights += [m.value for m in chart.milestones]
    heights += [chart.border] if chart.border is not None else []
    low, high = min(heights, default=0.0), max(heights, default=1.0)
    room = 0.08 * (high - low) or abs(high) * 0.05 or 1.0
    return [low - room, high + room]
