"""The filters of the overview: what can be chosen, and the row of boxes to choose it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dabiao.domain.assessment import Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Measure
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages.views import FILTERS
from dashboard import present, urls
from dashboard.asked import Say
from dashboard.components.attributes import aria

Option = dict[str, str]


def box_id(name: Any) -> dict[str, Any]:
    """The id of a filter's box, or of all of them."""
    return {"filter": name}


def options(
    everything: Sequence[Verdict], plans: Mapping[str, str], catalogue: Catalogue, say: Say
) -> dict[str, list[Option]]:
    """What each filter offers: only what some target has, places and plans in their declared order."""
    targets = [v.declared.target for v in everything]
    present_regions = {t.region for t in targets}
    for region_id in list(present_regions):
        parent = catalogue.regions[region_id].parent
        while parent is not None:
            present_regions.add(parent)
            parent = catalogue.regions[parent].parent
    indicators = {t.indicator for t in targets}
    units = {u.id for v in everything for u in v.declared.units}
    years = sorted({(t.deadline or "none")[:4] for t in targets})
    lang = say.lang

    def place(region_id: str) -> str:
        return present.short_region(catalogue, region_id, lang)

    return {
        "plan": [_option(p, plans[p]) for p in dict.fromkeys(t.plan for t in targets)],
        "region": [_option(r, place(r)) for r in catalogue.regions if r in present_regions],
        "unit": [
            _option(
                u.id, say("filters.unit_of", unit=u.zh if lang == "zh-CN" else u.en, region=place(u.region))
            )
            for u in catalogue.units.values()
            if u.id in units
        ],
        "indicator": [
            _option(i, present.indicator(catalogue, i, lang)) for i in catalogue.indicators if i in indicators
        ],
        "deadline": [_option(y, say.word("when.never") if y == "none" else y) for y in years],
        "status": [_option(str(s), say.status(s)) for s in Status],
        "measure": [_option(str(m), say.word(f"measure.{m}")) for m in Measure],
    }


def _option(value: str, label: str) -> Option:
    return {"value": value, "label": label}


def bar(offered: Mapping[str, Sequence[Option]], query: urls.Query, say: Say) -> html.Div:
    """The boxes with what the address has chosen. A value that nothing has any more stays in its box, to be taken out."""
    boxes = []
    for name in FILTERS:
        chosen = list(query.filters.get(name, ()))
        known = {o["value"] for o in offered[name]}
        data = [*offered[name], *(_option(value, value) for value in chosen if value not in known)]
        boxes.append(
            dmc.MultiSelect(
                id=box_id(name),
                label=say(f"filters.{name}"),
                placeholder=say("filters.all"),
                data=data,
                value=chosen,
                searchable=True,
                clearable=True,
                hidePickedOptions=False,
                nothingFoundMessage=say("filters.nothing"),
                maxDropdownHeight=320,
                size="sm",
                comboboxProps={"withinPortal": True, "shadow": "md", "keepMounted": False},
                clearButtonProps={"aria-label": say("filters.clear_one"), "tabIndex": 0},
                className="filter",
            )
        )
    return html.Div(boxes, className="filters", role="search", **aria(label=say("filters.heading")))


def clear(query: urls.Query, say: Say) -> dcc.Link:
    """Takes every filter away; the day and the language stay."""
    return dcc.Link(say("filters.clear"), href=urls.overview(query.without_filters()), className="button")
