"""What if: the months that are left, to be filled in, and what the year then comes to."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, html

from dabiao import i18n
from dabiao.domain.period import Period
from dabiao.errors import DabiaoError
from dabiao.i18n.format import unit, when
from dabiao.services.judge.part_year import PartYear
from dabiao.services.judge.scenario import AS_LAST_YEAR, Supposed, open_months, says
from dabiao.services.judge.scenario import scenario as suppose
from dabiao.services.pages import views
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import urls
from dashboard.asked import Asked, Say

PREFIX = "/target/"
FORECAST = "forecast"
log = logging.getLogger("dashboard")


def month_id(period: Any) -> dict[str, Any]:
    """The id of a month's box, or of all of them."""
    return {"scenario-month": period}


def scenario(view: PartYear, asked: Asked) -> list[Any]:
    """The boxes and the place of the outcome; nothing where no month is open."""
    months = open_months(view)
    indicator = asked.app.catalogue.indicators[view.verdict.declared.target.series.indicator]
    if not months:
        return []
    low, high = (None if b is None else float(b) for b in indicator.bounds)
    shown_unit = unit(indicator.unit, asked.lang).strip()
    boxes = [
        dmc.NumberInput(
            id=month_id(str(p)),
            label=when(str(p), asked.lang),
            suffix=f" {shown_unit}" if shown_unit else "",
            min=low,
            max=high,
            clampBehavior="none",  # what is out of bounds stays to be seen beside the sentence that says so
            decimalScale=2,
            hideControls=True,
            size="sm",
            className="field",
        )
        for p in months
    ]
    return [
        html.P(asked.say("scenario.note"), className="soft small"),
        *controls(asked.say),
        html.Div(boxes, className="fields"),
        html.Div(
            html.Button(asked.say("scenario.run"), id="scenario-run", className="button primary"),
            className="tools",
        ),
        html.Div(html.P(asked.say("scenario.idle"), className="soft"), id="scenario-result", role="status"),
    ]


def controls(say: Say) -> list[Any]:
    """What is done with the months that are left empty."""
    choices = [
        {"value": FORECAST, "label": say("scenario.rest_forecast")},
        {"value": AS_LAST_YEAR, "label": say("scenario.rest_last_year")},
    ]
    return [
        html.Div(
            [
                dmc.Select(
                    id="scenario-rest",
                    label=say("scenario.rest"),
                    data=choices,
                    value=FORECAST,
                    allowDeselect=False,
                    size="sm",
                    className="field",
                ),
                dmc.NumberInput(
                    id="scenario-better",
                    label=say("scenario.better"),
                    value=0,
                    min=-99,
                    max=99,
                    clampBehavior="none",
                    decimalScale=1,
                    hideControls=True,
                    size="sm",
                    className="field",
                ),
            ],
            className="fields words",
        )
    ]


def skeleton(say: Say) -> list[Any]:
    """Everything that the callback names."""
    return [
        *controls(say),
        dmc.NumberInput(id=month_id("2000-01")),
        html.Button(id="scenario-run"),
        html.Div(id="scenario-result"),
    ]


def register(app: Dash, settings: Settings) -> None:
    """The callback of the button."""

    @app.callback(
        Output("scenario-result", "children"),
        Input("scenario-run", "n_clicks"),
        State("scenario-rest", "value"),
        State("scenario-better", "value"),
        State(month_id(ALL), "value"),
        State(month_id(ALL), "id"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def work_out(
        _clicks: int | None,
        rest: str,
        better: Any,
        values: Sequence[Any],
        ids: Sequence[dict[str, str]],
        path: str,
        search: str,
    ) -> Any:
        """The outcome, or why there is none. Nothing is stored."""
        query = urls.parse(search)
        say = Say(asking.request_language(settings, query))
        try:
            typed = {
                Period.parse(box["scenario-month"]): Decimal(str(value))
                for box, value in zip(ids, values, strict=True)
                if value not in (None, "")
            }
            share = Decimal(str(better)) if better not in (None, "") else Decimal(0)
            supposed = Supposed(typed, rest == AS_LAST_YEAR or share != 0, share)
            return outcome(
                asking.read(settings, query), unquote(path.removeprefix(PREFIX).strip("/")), supposed
            )
        except DabiaoError as error:
            text = i18n.text(f"error.{error.code}", say.lang, **error.params)
            return html.P(text, className="refusal", role="alert")
        except Exception:
            log.exception("a scenario failed")
            return html.P(say("scenario.fault"), className="refusal", role="alert")


def outcome(asked: Asked, target_id: str, supposed: Supposed) -> html.Div:
    """What comes of it, marked as a scenario."""
    v = views.find(asked.app, target_id, asked.as_of, asked.now)
    if v is None:
        raise DabiaoError("target_unknown", name=target_id, as_of=asked.as_of.isoformat(), near="—")
    found = suppose(asked.app, v, supposed)
    return html.Div(
        [
            html.Span(asked.say("scenario.mark"), className="chip"),
            html.Ul(
                [html.Li(line) for line in says(asked.app, found, asked.lang)], className="scenario-says"
            ),
        ],
        className="scenario-outcome",
    )
