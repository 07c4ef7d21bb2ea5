"""Operations on targets: what is declared, how it stands, why, and what was forecast."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from dabiao.domain.access import Right
from dabiao.errors import UnknownName
from dabiao.services import filters
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.contract import status_json, target_json
from dabiao.services.contract_data import stored_forecast_json
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import data_views, views
from dabiao.store import declared, forecast_list
from dashboard.api import answers, answers_data, asking
from dashboard.api.operation import Call, Operation, Rows

_ONE = {"target_id": asking.Word}


def _wanted(app: App, query: asking.Targets) -> dict[str, Sequence[str]]:
    """The filters as the views take them; names become ids.

    Raises:
        UnknownName: a value that nothing declared is called.
    """
    plans = {row["id"] for row in declared.plan_rows(app.store)}
    given: dict[str, Sequence[str]] = {
        "plan": [p for name in query.plan if (p := filters.one_of("plan", name, plans))],
        "region": [r for name in query.region if (r := filters.region_id(app, name))],
        "unit": [u for name in query.unit for u in filters.unit_ids(app, name) or ()],
        "indicator": [i for name in query.indicator if (i := filters.indicator_id(app, name))],
        "deadline": query.deadline,
        "measure": [str(m) for m in query.measure],
    }
    if isinstance(query, asking.Statuses):
        given["status"] = [str(s) for s in query.status]
    return {name: values for name, values in given.items() if values}


def targets(call: Call) -> Rows:
    """The declared targets that pass the filters, in the order of the plans."""
    asked = call.asked
    wanted = _wanted(asked.app, call.query)
    everything = views.verdicts(asked.app, asked.as_of, asked.now)
    found = views.passing(everything, wanted, asked.app.catalogue)
    return Rows.of(found, lambda v: target_json(asked.app, v.declared))


def statuses(call: Call) -> Rows:
    """The statuses that pass the filters, the most urgent first."""
    asked = call.asked
    found = views.urgent(asked.app, asked.as_of, asked.now, _wanted(asked.app, call.query))
    return Rows.of(found, lambda v: status_json(asked.app, v, asked.lang))


def _one(call: Call) -> Verdict:
    """The target of the address.

    Raises:
        UnknownName: there is none of that id on that day; near ones are named.
    """
    asked, name = call.asked, call.path["target_id"]
    found = views.find(asked.app, name, asked.as_of, asked.now)
    if found is None:
        known = [v.declared.target.id for v in views.verdicts(asked.app, asked.as_of, asked.now)]
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.3)
        raise UnknownName(
            "target_unknown", name=name, as_of=asked.as_of.isoformat(), near=", ".join(near) or "—"
        )
    return found


def target(call: Call) -> Mapping[str, Any]:
    """One declared target."""
    return target_json(call.asked.app, _one(call).declared)


def target_status(call: Call) -> Mapping[str, Any]:
    """The status of one target."""
    return status_json(call.asked.app, _one(call), call.asked.lang)


def target_rules(call: Call) -> Rows:
    """What each rule says of one target."""
    rows: list[Mapping[str, Any]] = status_json(call.asked.app, _one(call), call.asked.lang)["rules"]
    return Rows.of(rows)


def target_explanation(call: Call) -> Mapping[str, Any]:
    """One status with everything behind it."""
    app, lang, v = call.asked.app, call.asked.lang, _one(call)
    sections = {heading: list(lines) for heading, lines in explanation(app, v, lang)}
    return {**status_json(app, v, lang), "explanation": sections}


def stored_forecasts(call: Call) -> Rows:
    """Stored forecasts, the last made first."""
    app, wanted = call.asked.app, _series_wanted(call)
    if wanted is None:
        return Rows.of([])

    def made(k: forecast_list.Kept) -> Mapping[str, Any]:
        return stored_forecast_json(k.region, k.indicator, k.basis, k.forecast)

    total = forecast_list.count(app.store, wanted)
    if not app.scope.everything:
        seen = visible.SeriesSeen(app)
        every = forecast_list.listed(app.store, wanted, total, 0)
        return Rows.of([k for k in every if seen(k.region, k.indicator)], made)
    return Rows(
        total, lambda offset, limit: [made(k) for k in forecast_list.listed(app.store, wanted, limit, offset)]
    )


def _series_wanted(call: Call) -> dict[str, str] | None:
    """What the series of the forecasts must be; ``None`` where there can be none.

    Raises:
        UnknownName: there is no such series or target.
    """
    app, query = call.asked.app, call.query
    wanted: dict[str, str] = {}
    if query.series is not None:
        found = data_views.series_row(app, query.series, call.asked.today)
        if found is None:
            raise UnknownName("series_unknown", name=query.series)
        wanted = {"region": found.region, "indicator": found.indicator, "basis": str(found.basis)}
    if query.target is not None:
        t = _one(Call(call.asked, {"target_id": query.target}, query)).declared.target
        given = {"region": t.series.region, "indicator": t.series.indicator}
        if any(wanted.get(name, value) != value for name, value in given.items()):
            return None
        wanted |= given
    return wanted


OPERATIONS = (
    Operation(
        "targets", "GET", "/targets", Right.READ, "targets", targets, asking.Targets, answers.Target,
        listing=True,
    ),
    Operation(
        "target", "GET", "/targets/{target_id}", Right.READ, "targets", target, asking.OnDay, answers.Target,
        parts=_ONE, fails=(404,),
    ),
    Operation(
        "target_status", "GET", "/targets/{target_id}/status", Right.READ, "targets", target_status,
        asking.OnDay, answers.Status, parts=_ONE, fails=(404,),
    ),
    Operation(
        "target_rules", "GET", "/targets/{target_id}/rules", Right.READ, "targets", target_rules,
        asking.DayPage, answers.RuleOutcome, parts=_ONE, listing=True, fails=(404,),
    ),
    Operation(
        "target_explanation", "GET", "/targets/{target_id}/explanation", Right.READ, "targets",
        target_explanation, asking.OnDay, answers.Explanation, parts=_ONE, fails=(404,),
    ),
    Operation(
        "statuses", "GET", "/status", Right.READ, "targets", statuses, asking.Statuses, answers.Status,
        listing=True,
    ),
    Operation(
        "forecasts", "GET", "/forecasts", Right.READ, "data", stored_forecasts, asking.Forecasts,
        answers_data.Forecast, listing=True, by_content=True, fails=(404,),
    ),
)  # fmt: skip
