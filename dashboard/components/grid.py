"""The full list of targets, to sort and to walk through: a short one whole, a long one in blocks as they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html

from dabiao import i18n
from dabiao.domain.assessment import Status
from dabiao.services.judge.judging import Verdict
from dashboard import present, urls
from dashboard.asked import Asked, Say
from dashboard.components import frame
from dashboard.theme import MARKS

PAGE = 25

WHOLE = 400
"""Rows that are sent at once, so that the browser sorts and prints them all; of a longer list it asks for blocks."""

BLOCK = 100
"""Rows of a block: the largest page."""

ID = "targets-grid"
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
    chinese = say.lang == "zh-CN"

    def column(field: str, **more: Any) -> dict[str, Any]:
        return {"field": field, "headerName": say(f"columns.{field}"), **more}

    return [
        column(
            "status",
            cellRenderer="StatusCell",
            width=158 if chinese else 236,
            comparator={"function": "byStatus"},
        ),
        column("region", minWidth=112, flex=2, tooltipField="region"),
        column("indicator", cellRenderer="TargetLink", minWidth=190, flex=5, tooltipField="indicator"),
        column("goal", minWidth=130, flex=3, tooltipField="goal"),
        column("deadline", width=122),
        column(
            "outlook", minWidth=140, flex=4, comparator={"function": "byAttainment"}, tooltipField="outlook"
        ),
        column(
            "latest",
            cellRenderer="LatestCell",
            minWidth=186 if chinese else 168,
            flex=3,
            comparator={"function": "byLatest"},
        ),
        column("plan", minWidth=110, flex=3, tooltipField="plan"),
        column("units", minWidth=110, flex=3, tooltipField="units"),
    ]


def locale(say: Say) -> dict[str, str]:
    """The grid's own words."""
    return {
        key.removeprefix(_LOCALE): i18n.text(key, say.lang)
        for key in i18n.catalogue()
        if key.startswith(_LOCALE)
    }


def grid(
    verdicts: Sequence[Verdict], plans: Mapping[str, str], asked: Asked, listed: urls.Query | None = None
) -> html.Div:
    """The grid over :func:`rows`; over a list that comes in blocks, also the way to all of it on paper.

    Args:
        listed: the filters that make the list, where they are not those of the address.
    """
    # Keyed by the address: a long list that follows another one must forget the blocks it has.
    made, say = _grid(verdicts, plans, asked), asked.say
    if len(verdicts) <= WHOLE:
        return html.Div(made, key=urls.encode(asked.query))
    whole = frame.button(say("paper.whole"), urls.paper(listed or asked.query), name="paper")
    parts = [
        html.Div([whole], className="tools"),
        frame.on_paper(say("paper.in_blocks", count=len(verdicts), button=say("paper.whole"))),
        made,
    ]
    return html.Div(parts, key=urls.encode(asked.query))


def _grid(verdicts: Sequence[Verdict], plans: Mapping[str, str], asked: Asked) -> dag.AgGrid:
    say = asked.say
    options = {
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
    }
    given: dict[str, Any]
    if len(verdicts) > WHOLE:
        given = {"rowModelType": "infinite"}
        options |= {"cacheBlockSize": BLOCK, "maxBlocksInCache": 4, "infiniteInitialRowCount": PAGE}
    else:
        given = {"rowData": rows(verdicts, plans, asked)}
    return dag.AgGrid(
        id=ID,
        columnDefs=columns(say),
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressHeaderMenuButton": True,
            "suppressMovable": True,
        },
        dashGridOptions=options,
        getRowId="params.data.id",
        className="grid",
        style={"height": None, "width": "100%"},
        **given,
    )


def empty() -> dag.AgGrid:
    """The grid by its id alone, for the check of the callbacks."""
    return dag.AgGrid(id=ID)


def block(
    verdicts: Sequence[Verdict], plans: Mapping[str, str], asked: Asked, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """A block of a long list, in the order that the grid asks for.

    Args:
        verdicts: all of the list, in the order that it has unless a column is chosen.
        wanted: ``startRow``, ``endRow`` and ``sortModel`` as the grid names them; what it never sends is passed over.
    """
    found = list(verdicts)
    for chosen in reversed(wanted.get("sortModel") or []):
        key = _orders(plans, asked).get(chosen.get("colId"))
        if key is not None:
            found = _sorted(found, key, descending=chosen.get("sort") == "desc")
    first = max(0, int(wanted.get("startRow") or 0))
    last = min(int(wanted.get("endRow") or BLOCK), first + BLOCK)
    return {"rowData": rows(found[first:last], plans, asked), "rowCount": len(found)}


Order = Callable[[Verdict], Any]


def _sorted(verdicts: Sequence[Verdict], key: Order, *, descending: bool) -> list[Verdict]:
    """In an order, those that have nothing to be ordered by at the end in either direction."""
    keyed = [(key(v), v) for v in verdicts]
    known = [(k, v) for k, v in keyed if k is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [v for _, v in known] + [v for k, v in keyed if k is None]


def _orders(plans: Mapping[str, str], asked: Asked) -> Mapping[str, Order]:
    """What each column is ordered by."""
    lang, catalogue = asked.lang, asked.app.catalogue
    order = {status: position for position, status in enumerate(Status)}

    def latest(v: Verdict) -> Any:
        point = v.assessment.decided_by or v.assessment.latest
        return point.value if point else None

    return {
        "status": lambda v: order[v.assessment.status],
        "plan": lambda v: plans[v.declared.target.plan],
        "region": lambda v: present.short_region(catalogue, v.declared.target.region, lang),
        "indicator": lambda v: present.indicator(catalogue, v.declared.target.indicator, lang),
        "goal": lambda v: present.goal(v.declared.target, catalogue, lang),
        "deadline": lambda v: v.declared.target.deadline,
        "outlook": lambda v: v.assessment.attainment,
        "latest": latest,
        "units": lambda v: present.units(v.declared, lang) or None,
    }
