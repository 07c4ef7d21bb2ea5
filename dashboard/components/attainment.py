"""The probability as a bar, with the two borders between the statuses on it."""

from __future__ import annotations

from dash import html

from dabiao.domain.assessment import Status
from dashboard.asked import Say
from dashboard.components.attributes import aria


def bar(share: float, said: str, status: Status, off_track: float, on_track: float, say: Say) -> html.Div:
    """``share`` as a bar from 0 to 1, ticks at the thresholds, the figure beside it."""
    label = say("attainment.label", attainment=said, off=f"{off_track:.0%}", on=f"{on_track:.0%}")
    return html.Div(
        [
            html.Div(
                [
                    html.Div(className="bar-fill", style={"width": f"{100 * share:.1f}%"}),
                    html.Div(className="bar-tick", style={"left": f"{100 * off_track:.1f}%"}),
                    html.Div(className="bar-tick", style={"left": f"{100 * on_track:.1f}%"}),
                ],
                className="bar",
            ),
            html.Span(said, className="bar-figure"),
        ],
        className=f"attainment is-{status}",
        title=label,
        role="img",
        **aria(label=label),
    )
