"""The full list of targets, to sort and to walk through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag

from dabiao import i18n
from dabiao.domain.assessment import Status
from dabiao.services.judge.judging import Verdict
from dashboard import present, urls
from dashboard.asked import Asked, Say
from dashboard.theme import MARKS

PAGE = 25
_LOCALE = "dashboard.grid."


def rows(verdicts: Sequence[Verdict], plans: Mapping[str, str], asked: Asked) -> list[dict[str, Any]]:
    """One row a target, as it is shown; what sorts differently from its words comes along as a number."""
    lang, catalogue = asked.lang, asked.app.catalogue
    order = list(Status)
    joined = asked.say.word("when.list").join
    found = []
    for v in verdicts:
        a, t = v.assessment, v.declared.target
        point = a.decided_by or a.latest
        found.append(
            {
                "id": t.id,
                "status": present.status_word(a.status, bool(a.provisional), lang),
                "status_order": order.index(a.status),
                "badge": _badge(v),
                "plan": plans[t.plan],
                "region": present.short_region(catalogue, t.region, lang),
                "indicator": present.indicator(catalogue, t.indicator, lang),
                "href": urls.target(t.id, asked.query),
                "goal": present.goal(t, catalogue, lang),
                "deadline": t.deadline or present.DASH,
                "outlook": present.outlook(v, lang),
                "attainment": a.attainment,
                "latest": present.latest(a, catalogue, t, lang),
                "latest_value": float(point.value) if point else None,
                "latest_period": present.latest_period(a, lang),
                "units": joined(present.units(v.declared, lang)) or present.DASH,
            }
        )
    return found


def _badge(v: Verdict) -> str:
    """The classes of a row's badge; the cell's renderer only puts them on."""
    a = v.assessment
    kind = MARKS[a.status].emphasis
    return f"badge badge-{kind} is-{a.status}" + (" provisional" if a.provisional else "")


def columns(say: Say) -> list[dict[str, Any]]:
    """The columns, the narrow ones first given up on a small screen."""

    def column(field: str, **more: Any) -> dict[str, Any]:
        return {"field": field, "headerName": say(f"columns.{field}"), **more}

    return [
        column(
            "status",
            cellRenderer="StatusCell",
            width=158 if say.lang == "zh-CN" else 196,
            comparator={"function": "byStatus"},
        ),
        column("region", minWidth=96, flex=2, tooltipField="region"),
        column("indicator", cellRenderer="TargetLink", minWidth=200, flex=5, tooltipField="indicator"),
        column("goal", minWidth=130, flex=3, tooltipField="goal"),
        column("deadline", width=94),
        column(
            "outlook", minWidth=126, flex=2, comparator={"function": "byAttainment"}, tooltipField="outlook"
        ),
        column(
            "latest", cellRenderer="LatestCell", minWidth=168, flex=3, comparator={"function": "byLatest"}
        ),
        column("plan", minWidth=136, flex=3, tooltipField="plan"),
        column("units", minWidth=130, flex=3, tooltipField="units"),
    ]


def locale(say: Say) -> dict[str, str]:
    """The grid's own words."""
    return {
        key.removeprefix(_LOCALE): i18n.text(key, say.lang)
        for key in i18n.catalogue()
        if key.startswith(_LOCALE)
    }


def grid(found: Sequence[dict[str, Any]], say: Say) -> dag.AgGrid:
    """The grid over :func:`rows`."""
    return dag.AgGrid(
        id="targets-grid",
        rowData=list(found),
        columnDefs=columns(say),
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressHeaderMenuButton": True,
            "suppressMovable": True,
        },
        dashGridOptions={
            "localeText": locale(say),
            "pagination": True,
            "paginationPageSize": PAGE,
            "paginationPageSizeSelector": [PAGE, 50, 100],
            "domLayout": "autoHeight",
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
            "ensureDomOrder": True,
            "tooltipShowDelay": 400,
            "animateRows": False,
            "theme": {"function": "themeQuartz.withPart(colorSchemeVariable)"},
        },
        getRowId="params.data.id",
        className="grid",
        style={"height": None, "width": "100%"},
    )
